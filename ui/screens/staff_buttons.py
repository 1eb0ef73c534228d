"""The buttons of the page of the staff, and which of them may be pressed."""

from __future__ import annotations

from collections.abc import Callable
from enum import Enum, auto

from PySide6.QtCore import QRect
from PySide6.QtWidgets import QWidget

from cashier_app.ports.staff import StaffRecord
from cashier_app.wording.staff_page import StaffWords
from ui.theme.look import Look
from ui.widgets.button import ActionButton, ButtonKind

BUTTON = 60


class StaffPage(Enum):
    """What the drawer shows."""

    LIST = auto()
    PERSON = auto()
    FORM = auto()
    PIN = auto()


class StaffButtons:
    """One button below the list and the form, three above what is said about a person."""

    def __init__(self, panel: QWidget) -> None:
        self.add = ActionButton(kind=ButtonKind.SECONDARY, key="A", parent=panel)
        self.new_pin = ActionButton(kind=ButtonKind.SECONDARY, key="1", parent=panel)
        self.reset = ActionButton(kind=ButtonKind.SECONDARY, key="2", parent=panel)
        self.leave = ActionButton(kind=ButtonKind.SECONDARY, key="3", parent=panel)
        self.go_on = ActionButton(kind=ButtonKind.PRIMARY, key="Enter", parent=panel)
        self._of_person = (self.new_pin, self.reset, self.leave)

    def connect(self, **acts: Callable[[], None]) -> None:
        """Say what each of them does, by its name."""
        for name, act in acts.items():
            getattr(self, name).clicked.connect(act)

    def press(self, key: str) -> None:
        """Press the one with this key, if it may be pressed."""
        for button in (self.add, *self._of_person):
            if button.key() == key and button.isVisible() and button.isEnabled():
                button.click()

    def say(self, words: StaffWords, record: StaffRecord | None, *, surely: bool, last: bool) -> None:
        """Write on them.

        Args:
            words: What is written.
            record: The person on show.
            surely: Whether somebody who leaves is asked about once more.
            last: Whether the next step is the one that saves.
        """
        self.add.set_words(words.add.full, words.add.short)
        self.new_pin.set_words(words.new_pin.full)
        self.reset.set_words(words.reset.full, words.reset.short)
        active = record is None or record.member.active
        leaving = words.leave_surely if surely else words.leave if active else words.come_back
        self.leave.set_words(leaving.full, leaving.short)
        self.leave.set_kind(ButtonKind.DANGER if surely else ButtonKind.SECONDARY)
        self.go_on.set_words((words.save if last else words.next).full)

    def show_for(
        self, page: StaffPage, record: StaffRecord | None, *, known: bool, may_change: bool, busy: bool
    ) -> None:
        """Show those of a page: `known` is who works here, `may_change` what whoever is at the till may."""
        self.add.setVisible(page is StaffPage.LIST)
        for button in self._of_person:
            button.setVisible(page is StaffPage.PERSON)
        self.go_on.setVisible(page in {StaffPage.FORM, StaffPage.PIN})
        change = may_change and not busy
        active = record is not None and record.member.active
        self.add.setEnabled(change and known)
        self.new_pin.setEnabled(change and active)
        self.reset.setEnabled(change and active and record is not None and record.failures > 0)
        self.leave.setEnabled(change and record is not None)
        self.go_on.setEnabled(not busy)

    def place(self, inside: QRect, look: Look) -> QRect:
        """Put them where they stand on each page, and return the room between them, px."""
        high, step = look.px(BUTTON), look.px(BUTTON + 8)
        bottom = QRect(inside.left(), inside.bottom() + 1 - high, inside.width(), high)
        self.go_on.setGeometry(bottom)
        self.add.setGeometry(bottom)
        for at, button in enumerate(self._of_person):
            button.setGeometry(inside.left(), inside.top() + at * step, inside.width(), high)
        return inside.adjusted(0, 0, 0, -look.px(BUTTON + 12))

    def below_person(self, inside: QRect, look: Look) -> QRect:
        """Return the room below the buttons about a person, px."""
        top = inside.top() + len(self._of_person) * look.px(BUTTON + 8) + look.px(8)
        return QRect(inside.left(), top, inside.width(), inside.bottom() + 1 - top)
