"""The first manager: a name, then a PIN typed twice. Both wait in memory until the till opens."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from cashier_app.domain.pin import USUAL_DIGITS
from cashier_app.domain.settlement import LONGEST_NAME, one_line
from cashier_app.errors import KnownError
from cashier_app.first_run_opening import NewManager
from cashier_app.ports.credentials import Secret
from cashier_app.services.first_run import Step
from cashier_app.wording.backend_page import trouble_row
from cashier_app.wording.first_run_pages import (
    fields_words,
    manager_name_wanted,
    no_manager_row,
    people_there,
    pin_kept_row,
)
from cashier_app.wording.sentences import Row, Sentence
from ui.asking import Asking
from ui.widgets.new_pin import NewPin
from ui.wizard.desk import WizardDesk
from ui.wizard.page import WizardPage
from ui.wizard.text_field import TextField


class ManagerPage(WizardPage):
    """First the name, then the PIN; where somebody manages the till already there is nothing to do."""

    step = Step.MANAGER

    def __init__(self, desk: WizardDesk, parent: QWidget | None = None) -> None:
        super().__init__(desk, parent)
        self._has_people = False
        self._on_pin = False
        self.name = TextField(self)
        self.pin = NewPin(desk.wording, self)
        self.pin.chosen.connect(self._keep)
        self.pin.changed.connect(self.changed)
        self._asking = Asking(desk.runner, self.changed.emit, desk.failed.emit)
        self.set_wording()

    def open(self) -> None:
        """Look whether somebody is there already."""
        self._show_pin(shown=False)
        if self.desk.manager is not None:
            self.name.edit.setText(self.desk.manager.name)
        self._asking.ask(self.desk.first_run.has_people, self._looked)

    def leave(self) -> None:
        """Forget what was typed of a PIN."""
        self.pin.forget()
        self._show_pin(shown=False)

    def primary(self) -> Sentence:
        """Say what comes next."""
        words = self.next_words()
        if self._on_pin:
            return words.keep if self.pin.is_last() else words.same_again
        return words.next

    def may_go_on(self) -> bool:
        """Wait for the look."""
        return not self._asking.busy

    def note(self) -> Row | None:
        """Say what holds: somebody is there, somebody was named, or nobody."""
        if self._has_people:
            return people_there(self.desk.wording)
        if self._on_pin:
            return None
        if self.desk.manager is not None:
            return pin_kept_row(self.desk.manager.name, self.desk.wording)
        return no_manager_row(self.desk.wording)

    def second(self) -> tuple[Sentence, str] | None:
        """Offer to go on without."""
        if self._has_people or self.desk.manager is not None:
            return None
        return self.next_words().skip_manager, "F8"

    def do_second(self) -> None:
        """Go on without a manager."""
        self.desk.name_manager(None)
        self.answered.emit()

    def go_on(self) -> None:
        """Go from the name to the PIN, and with that."""
        if self._has_people:
            self.answered.emit()
        elif self._on_pin:
            self.pin.go_on()
        else:
            self._take_name()

    def go_back(self) -> bool:
        """Go back from the PIN to the name."""
        was = self._on_pin
        if was:
            self.pin.forget()
            self._show_pin(shown=False)
            self.name.edit.setFocus(Qt.FocusReason.OtherFocusReason)
            self.changed.emit()
        return was

    def choose(self, character: str) -> None:
        """Take a digit of the PIN."""
        if self._on_pin:
            self.pin.type(character)

    def delete(self) -> None:
        """Take the last digit back."""
        if self._on_pin:
            self.pin.delete()

    def first_focus(self) -> QWidget | None:
        """Begin with the name."""
        return None if self._on_pin or self._has_people else self.name.edit

    def set_wording(self) -> None:
        """Speak with another voice."""
        self.name.show_words(fields_words(self.desk.wording).manager, longest=LONGEST_NAME)
        self.pin.set_wording(self.desk.wording)

    def arrange(self) -> None:
        """Name or PIN, never both."""
        wide = min(self.width(), self.look.px(560))
        self.name.setGeometry(0, 0, wide, self.name.high(wide))
        self.pin.setGeometry(0, 0, min(self.width(), self.look.px(760)), self.height())
        self.pin.arrange()

    def _take_name(self) -> None:
        name = one_line(self.name.edit.text())
        if not any(sign.isalnum() for sign in name):
            if self.desk.manager is not None:
                self.desk.name_manager(None)
            self.name.say(manager_name_wanted(self.desk.wording))
            self.name.edit.setFocus(Qt.FocusReason.OtherFocusReason)
            self.arrange()
            return
        if self.desk.manager is not None and self.desk.manager.name == name:
            self.answered.emit()
            return
        self._show_pin(shown=True)
        self.pin.ask(name, USUAL_DIGITS)
        self.changed.emit()

    def _keep(self, typed: str) -> None:
        manager = NewManager(one_line(self.name.edit.text()), Secret(typed))
        try:
            self.desk.first_run.check_manager(manager, self.desk.whole())
        except KnownError as error:
            self.pin.ask(manager.name, USUAL_DIGITS, trouble_row(error.sentence))
            self.changed.emit()
            return
        self.desk.name_manager(manager)
        self.answered.emit()

    def _looked(self, has_people: bool) -> None:  # noqa: FBT001 - an answer
        self._has_people = has_people
        self._show_pin(shown=False)
        self.changed.emit()
        if self.isVisible() and not has_people:
            self.name.edit.setFocus()

    def _show_pin(self, *, shown: bool) -> None:
        self._on_pin = shown
        self.pin.setVisible(shown)
        self.name.setVisible(not shown and not self._has_people)
        if shown:
            self.window().setFocus()
