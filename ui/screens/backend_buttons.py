"""The buttons below the page of the loyalty system, and which of them may be pressed."""

from __future__ import annotations

from collections.abc import Callable
from enum import Enum, auto

from PySide6.QtCore import QRect
from PySide6.QtWidgets import QWidget

from cashier_app.wording.backend_page import PageWords
from ui.theme.look import Look
from ui.widgets.button import ActionButton, ButtonKind

BUTTON = 52


class BackendPage(Enum):
    """What the drawer shows."""

    OVERVIEW = auto()
    KINDS = auto()
    FORM = auto()
    UNLOCK = auto()


class BackendButtons:
    """Six buttons; at most three are shown at once."""

    def __init__(self, panel: QWidget) -> None:
        self._panel = panel
        self.check = self._button("T")
        self.another = self._button("A")
        self.change = self._button("C")
        self.test = self._button("")
        self.save = self._button("", ButtonKind.PRIMARY)
        self.open_up = self._button("Enter", ButtonKind.PRIMARY)
        self._pages = {
            BackendPage.OVERVIEW: (self.check, self.another, self.change),
            BackendPage.KINDS: (),
            BackendPage.FORM: (self.test, self.save),
            BackendPage.UNLOCK: (self.open_up,),
        }

    def connect(self, **acts: Callable[[], None]) -> None:
        """Say what each of them does, by its name."""
        for name, act in acts.items():
            getattr(self, name).clicked.connect(act)

    def say(self, words: PageWords) -> None:
        """Write on them."""
        for button, said in (
            (self.check, words.check),
            (self.another, words.another),
            (self.change, words.change),
            (self.test, words.test),
            (self.save, words.save),
            (self.open_up, words.unlock),
        ):
            button.set_words(said.full, said.short)

    def press(self, letter: str) -> None:
        """Press the one with this letter, if it may be pressed."""
        for button in (self.check, self.another, self.change):
            if button.key() == letter and button.isVisible() and button.isEnabled():
                button.click()

    def show_for(self, page: BackendPage, *, known: bool, busy: bool, tried: bool) -> None:
        """Show those of a page: `known` is what is set up, `tried` that what was typed works."""
        for its_page, buttons in self._pages.items():
            for button in buttons:
                button.setVisible(its_page is page)
        for button in (self.check, self.another, self.change):
            button.setEnabled(known and not busy)
        self.test.setEnabled(not busy)
        self.open_up.setEnabled(not busy)
        self.save.setEnabled(tried and not busy)

    def place(self, inside: QRect, look: Look) -> None:
        """Put them at the bottom, px."""
        high, gap = look.px(BUTTON), look.px(12)
        for buttons in self._pages.values():
            at = inside.left()
            for button in buttons:
                wide = max(look.px(150), button.sizeHint().width())
                button.setGeometry(at, inside.bottom() + 1 - high, wide, high)
                at += wide + gap

    def _button(self, key: str, kind: ButtonKind = ButtonKind.SECONDARY) -> ActionButton:
        return ActionButton(kind=kind, key=key, parent=self._panel)
