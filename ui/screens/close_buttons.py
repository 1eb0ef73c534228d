"""The buttons below the close of the day: those of each stage, and Enter at the right."""

from __future__ import annotations

from collections.abc import Callable
from enum import Enum

from PySide6.QtCore import QRect
from PySide6.QtWidgets import QWidget

from cashier_app.wording.close_page import ClosePageWords
from ui.theme.look import Look
from ui.widgets.button import ActionButton, ButtonKind

GAP = 8


class Stage(Enum):
    """What is on show."""

    BEFORE = "before"
    CLOSED = "closed"
    LIST = "list"
    EARLIER = "earlier"


class CloseButtons:
    """Five with letters, and the one that Enter presses."""

    def __init__(self, panel: QWidget) -> None:
        self.older = ActionButton(kind=ButtonKind.SECONDARY, key="O", parent=panel)
        self.earlier = ActionButton(kind=ButtonKind.SECONDARY, key="L", parent=panel)
        self.export = ActionButton(kind=ButtonKind.SECONDARY, key="E", parent=panel)
        self.save = ActionButton(kind=ButtonKind.SECONDARY, key="S", parent=panel)
        self.print_it = ActionButton(kind=ButtonKind.SECONDARY, key="P", parent=panel)
        self.primary = ActionButton(kind=ButtonKind.PRIMARY, key="Enter", parent=panel)
        self._letters = (self.older, self.earlier, self.export, self.save, self.print_it)

    def connect(self, **acts: Callable[[], None]) -> None:
        """Say what each of them does, by its name."""
        for name, act in acts.items():
            getattr(self, name).clicked.connect(act)

    def press(self, letter: str) -> None:
        """Press the one with this letter, if it may be pressed."""
        button = next((one for one in self._letters if one.key() == letter), None)
        if button is not None and button.isVisible() and button.isEnabled():
            button.click()

    def say(self, words: ClosePageWords, stage: Stage) -> None:
        """Write on them."""
        for button, label in (
            (self.older, words.older),
            (self.earlier, words.earlier),
            (self.export, words.export),
            (self.save, words.save),
            (self.print_it, words.print_it),
            (self.primary, words.close_day if stage is Stage.BEFORE else words.done),
        ):
            button.set_words(label.full, label.short)

    def show_for(self, stage: Stage) -> None:
        """Show those of a stage."""
        listing = stage is Stage.LIST
        for button in (self.print_it, self.save, self.export):
            button.setVisible(stage in {Stage.CLOSED, Stage.EARLIER})
        self.earlier.setVisible(not listing)
        self.older.setVisible(listing)
        self.primary.setVisible(not listing)

    def place(self, inside: QRect, look: Look) -> int:
        """Put them in one line at the bottom, Enter at the right; return where it begins, px."""
        px, gap, high = look.px, look.px(GAP), row_high(look)
        top = inside.bottom() + 1 - high
        width = max(px(200), self.primary.sizeHint().width())
        self.primary.setGeometry(inside.right() + 1 - width, top, width, high)
        shown = [button for button in self._letters if not button.isHidden()]
        room = inside.width() - width - gap * len(shown)
        for place, button in enumerate(shown):
            each = min(px(190), room // max(1, len(shown)))
            button.setGeometry(inside.left() + place * (each + gap), top, each, high)
        return top


def row_high(look: Look) -> int:
    """Return how high a line of buttons or a field is, px."""
    return look.px(52 if look.metrics.compact else 60)
