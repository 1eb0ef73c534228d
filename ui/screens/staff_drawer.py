"""The staff: who works here, a new PIN, another try, adding somebody, leaving. For managers."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QRect, Qt
from PySide6.QtWidgets import QAbstractButton, QLineEdit, QWidget

from cashier_app.domain.staff import Role, StaffMember
from cashier_app.ports.credentials import Secret
from cashier_app.ports.runner import Runner
from cashier_app.ports.staff import StaffRecord
from cashier_app.services.approval import signature
from cashier_app.wording import Sentence, Wording
from cashier_app.wording import staff_page as words_of
from cashier_app.wording.sentences import Row
from cashier_app.wording.staff import pages_names
from ui.accessibility import announce
from ui.asking import Asking
from ui.key_words import Where
from ui.screens.drawer import Drawer
from ui.screens.staff_buttons import StaffButtons, StaffPage
from ui.screens.staff_form import NAME, ROLE, adding_fields, role_rows, who_is_added
from ui.staff_setup import StaffSetup
from ui.theme.motion import Motion
from ui.widgets.form_fields import FormFields
from ui.widgets.new_pin import NewPin
from ui.widgets.people_list import PeopleList
from ui.widgets.row_list import RowList

_ROWS = 8
FIRST_MANAGER = "first manager"
"""What stands in the audit log for whoever adds the first one: nobody can have signed in."""


class StaffDrawer(Drawer):
    """Everything that hashes or writes goes through the runner; nothing here waits.

    Args:
        staff: Who works here.
        runner: Takes the blocking calls off this thread.
        acting: Returns who does it, None where nobody signs in.
        changed: Called when somebody was added, left or got a PIN, with their id.
    """

    for_managers = True

    def __init__(
        self,
        staff: StaffSetup,
        wording: Wording,
        *,
        runner: Runner,
        motion: Motion,
        acting: Callable[[], StaffMember | None],
        changed: Callable[[str], None],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(motion, parent)
        self._staff, self._wording, self._acting, self._changed = staff, wording, acting, changed
        self.page = StaffPage.LIST
        self._records: tuple[StaffRecord, ...] | None = None
        self._person = ""
        self._adding: tuple[str, Role] | None = None
        self._surely = False
        self._said: tuple[Row, ...] = ()
        self._asking = Asking(runner, self._show_buttons, self._fail)
        self.close_button.clicked.disconnect()
        self.close_button.clicked.connect(self.go_back)
        inside = self._panel
        self.people = PeopleList(pages_names(wording), inside, most=_ROWS, bare=True)
        self.people.picked.connect(self._open_person)
        self.rows = RowList(inside)
        self.form = FormFields(inside)
        self.form.changed.connect(self._say_role)
        self.pin = NewPin(wording, inside)
        self.pin.chosen.connect(self._keep)
        self.pin.changed.connect(self._show)
        self.buttons = StaffButtons(inside)
        self.buttons.connect(
            add=self.start_adding,
            new_pin=self._start_pin,
            reset=self._reset,
            leave=self._leave,
            go_on=self._next,
        )
        self._show()

    @property
    def where(self) -> Where:  # type: ignore[override]
        """Return what the keys mean: in the form they are typed, elsewhere they choose."""
        return {StaffPage.FORM: Where.STAFF_FORM, StaffPage.PIN: Where.STAFF_PIN}.get(self.page, Where.STAFF)

    # --- what the window asks ---------------------------------------------------------------------

    def set_wording(self, wording: Wording) -> None:
        """Speak with another voice."""
        self._wording = wording
        self.pin.set_wording(wording)
        self._show()

    def open_drawer(self) -> None:
        """Slide in and read who works here."""
        self._said = () if self._records is not None else (words_of.reading_staff(self._wording),)
        self._show_page(StaffPage.LIST)
        super().open_drawer()
        self._read()

    def close_drawer(self) -> None:
        """Go away; digits and names that were typed are forgotten at once."""
        if not self.isHidden():
            self._asking.forget()
            self._forget_typed()
            self._records, self._said = None, ()
            self.page = StaffPage.LIST
            super().close_drawer()

    def go_back(self) -> None:
        """Do what Esc does: a page back, then away. What is being saved cannot be called back."""
        if self._asking.busy and self.page is StaffPage.PIN:
            return
        match self.page:
            case StaffPage.LIST:
                self.close_drawer()
            case StaffPage.PIN if self._adding is None:
                self._show_page(StaffPage.PERSON)
            case _:
                self._show_page(StaffPage.LIST)

    def refuse_scan(self) -> bool:
        """Say that a scan is not used here; return whether that is so."""
        if self.isHidden():
            return False
        self._tell(words_of.scan_not_used_staff(self._wording))
        return True

    def first_focus(self) -> QWidget:
        """Return what a page begins with."""
        match self.page:
            case StaffPage.FORM:
                return next(iter(self.form.stops()), self.close_button)
            case StaffPage.PERSON:
                return self.buttons.new_pin if self.buttons.new_pin.isEnabled() else self.close_button
            case StaffPage.LIST if self._records:
                return self.people.rows[0]
            case StaffPage.LIST if self.buttons.add.isEnabled():
                return self.buttons.add
            case _:
                return self.close_button

    # --- keys -------------------------------------------------------------------------------------

    def choose(self, character: str) -> None:
        """Take a digit of a PIN, the person with this digit, or the button with this key."""
        if self.page is StaffPage.PIN:
            self.pin.type(character)
        elif self.page is StaffPage.LIST and character.isdigit():
            place = self.people.place_of(character)
            if place is not None:
                self._open_person(place)
        else:
            self.buttons.press(character)

    def delete(self) -> None:
        """Take the last digit back."""
        if self.page is StaffPage.PIN:
            self.pin.delete()

    def next_row(self) -> None:
        """Mark the person below."""
        if self.page is StaffPage.LIST:
            self.people.mark_by(+1)

    def previous_row(self) -> None:
        """Mark the person above."""
        if self.page is StaffPage.LIST:
            self.people.mark_by(-1)

    def turn_page(self, direction: int) -> None:
        """Show the people after (+1) or before (-1)."""
        if self.page is StaffPage.LIST:
            self.people.turn(direction)

    def open_row(self) -> None:
        """Do what Enter does: the next field, what is marked, or the next step."""
        focus = self.focusWidget()
        if self.page is StaffPage.PIN:
            self._next()
        elif isinstance(focus, QLineEdit):
            stops = self.form.stops()
            after = stops[stops.index(focus) + 1 :] if focus in stops else []
            if after:
                after[0].setFocus(Qt.FocusReason.TabFocusReason)
            else:
                self._next()
        elif self.page is StaffPage.FORM and focus in self.form.stops():
            self._next()
        elif isinstance(focus, QAbstractButton) and focus.isEnabled():
            focus.click()

    # --- what is done -----------------------------------------------------------------------------

    def start_adding(self) -> None:
        """Ask for a name and a role; the first one is a manager."""
        self.form.show_fields(adding_fields(self._wording, first=self._is_first()))
        self._show_page(StaffPage.FORM)
        self._say_role(ROLE)

    def _say_role(self, field: str) -> None:
        """Say what the role chosen may do."""
        if field == ROLE:
            self._tell(*role_rows(self.form.typed(), self._wording, first=self._is_first()))

    def _start_pin(self) -> None:
        self._adding = None
        self._ask_pin()

    def _ask_pin(self, *said: Row) -> None:
        name = self._adding[0] if self._adding else self._name()
        self._said = ()
        self._show_page(StaffPage.PIN)
        self.pin.ask(name, self._least(), *said)

    def _next(self) -> None:
        """Go on from the form to the PIN, and with that."""
        if self._asking.busy:
            return
        if self.page is StaffPage.FORM:
            self._adding = who_is_added(self.form.typed(), self._wording)
            if self._adding is None:
                self.form.focus(NAME)
                self._tell(words_of.name_wanted(self._wording))
                return
            self._ask_pin()
        elif self.page is StaffPage.PIN:
            self.pin.go_on()

    def _keep(self, typed: str) -> None:
        pin, by, adding, person = Secret(typed), self._by(), self._adding, self._person
        self.pin.tell(words_of.busy_saving(self._wording))
        if adding is not None:
            name, role = adding
            self._asking.ask(
                lambda: self._staff.add(name, role, pin, by).member.staff_id,
                lambda staff_id: self._done(staff_id, name, "added"),
            )
        else:
            self._asking.ask(
                lambda: self._staff.set_pin(person, pin, by),
                lambda _: self._done(person, self._name(), "pin"),
            )

    def _reset(self) -> None:
        person, by = self._person, self._by()
        self._asking.ask(
            lambda: self._staff.reset(person, by), lambda _: self._done(person, self._name(), "reset")
        )

    def _leave(self) -> None:
        record = self._record()
        if record is None:
            return
        if record.member.active and not self._surely:
            self._surely = True
            self._show()
            return
        person, by, active = record.member.staff_id, self._by(), not record.member.active
        self._asking.ask(
            lambda: self._staff.set_active(person, active, by),
            lambda _: self._done(person, self._name(), "back" if active else "left"),
        )

    def _done(self, staff_id: str, name: str, what: str) -> None:
        self._forget_typed()
        self._said = (words_of.was_done(name, what, self._wording),)
        said = self._said
        self._show_page(StaffPage.LIST)
        self._said = said
        self._changed(staff_id)
        if not self.isHidden():
            self._show()
            announce(self.rows, said[0].sentence.full)
            self._read()

    # --- what comes back --------------------------------------------------------------------------

    def _read(self) -> None:
        self._asking.ask(self._staff.records, self._came)

    def _came(self, records: tuple[StaffRecord, ...]) -> None:
        reading = words_of.reading_staff(self._wording)
        self._records = records
        if not records:
            self._said = words_of.nobody_yet(self._wording)
        elif not self._may_change():
            self._said = (words_of.switched_off(self._wording),)
        elif self._said == (reading,):
            self._said = ()
        self._show()
        if self.page is StaffPage.LIST and not self.isHidden():
            self.first_focus().setFocus(Qt.FocusReason.OtherFocusReason)

    def _fail(self, sentence: str) -> None:
        row = words_of.staff_trouble(sentence)
        if self.page is StaffPage.PIN:
            self._ask_pin(row)
        else:
            self._tell(row)

    # --- what is shown ----------------------------------------------------------------------------

    def _show_page(self, page: StaffPage) -> None:
        if page is not StaffPage.PIN:
            self.pin.forget()
        if page is StaffPage.LIST and self.page is not StaffPage.LIST and self._records:
            self._said = ()
        self.page, self._surely = page, False
        self._show()
        if not self.isHidden():
            self.first_focus().setFocus(Qt.FocusReason.OtherFocusReason)

    def _open_person(self, place: int) -> None:
        if self._records is not None and 0 <= place < len(self._records):
            self._person, self._adding = self._records[place].member.staff_id, None
            self._said = ()
            self._show_page(StaffPage.PERSON)

    def _tell(self, *rows: Row) -> None:
        if self.page is StaffPage.PIN:
            self.pin.tell(*rows)
            return
        self._said = rows
        self._show()
        announce(self.rows, rows[0].sentence.full)

    def _show(self) -> None:
        words, page, record = words_of.staff_words(self._wording), self.page, self._record()
        titles = {StaffPage.LIST: words.title, StaffPage.FORM: words.add}
        name = self._adding[0] if self._adding else record.member.name if record else ""
        self.say(titles.get(page, Sentence.of(name)), words.close if page is StaffPage.LIST else words.back)
        people = [words_of.record_words(one, self._wording) for one in self._records or ()]
        self.people.show_people(words.title, people, self.people.marked())
        about = words_of.about_person(record, self._wording) if record and page is StaffPage.PERSON else ()
        self.rows.show_rows((*about, *self._said))
        last = page is StaffPage.PIN and self.pin.is_last()
        self.buttons.say(words, record, surely=self._surely, last=last)
        self._show_buttons()
        self.arrange()

    def _show_buttons(self) -> None:
        page, busy = self.page, self._asking.busy
        shown: dict[QWidget, bool] = {
            self.people: page is StaffPage.LIST and bool(self._records),
            self.rows: page is not StaffPage.PIN,
            self.form: page is StaffPage.FORM,
            self.pin: page is StaffPage.PIN,
        }
        for part, seen in shown.items():
            part.setVisible(seen)
        self.buttons.show_for(
            page, self._record(), known=self._records is not None, may_change=self._may_change(), busy=busy
        )
        self.pin.set_busy(busy)

    def arrange_inside(self, inside: QRect) -> None:
        """Place the page, px."""
        px, body = self._look.px, self.buttons.place(inside, self._look)
        match self.page:
            case StaffPage.LIST:
                high = self.people.rows_high() if self._records else 0
                self.people.setGeometry(body.left(), body.top(), body.width(), min(high, body.height()))
                self._place_rows(body, body.top() + (high + px(12) if high else 0))
            case StaffPage.PERSON:
                self.rows.setGeometry(self.buttons.below_person(inside, self._look))
            case StaffPage.FORM:
                self.form.setGeometry(body.left(), body.top(), body.width(), px(190))
                self._place_rows(body, body.top() + px(198))
            case StaffPage.PIN:
                self.pin.setGeometry(body)
                self.pin.arrange()

    def _place_rows(self, body: QRect, top: int) -> None:
        high = max(self._look.px(24), body.bottom() + 1 - top)
        self.rows.setGeometry(body.left(), top, body.width(), high)

    # --- inside -----------------------------------------------------------------------------------

    def _is_first(self) -> bool:
        return self._records is not None and not self._records

    def _may_change(self) -> bool:
        return self._acting() is not None or self._is_first()

    def _by(self) -> str:
        acting = self._acting()
        return signature(acting) if acting is not None else FIRST_MANAGER

    def _record(self) -> StaffRecord | None:
        return next((one for one in self._records or () if one.member.staff_id == self._person), None)

    def _name(self) -> str:
        record = self._record()
        return record.member.name if record else ""

    def _least(self) -> int:
        record = self._record()
        role = self._adding[1] if self._adding else record.member.role if record else Role.CASHIER
        return self._staff.least_digits(role)

    def _forget_typed(self) -> None:
        self.pin.forget()
        self.form.clear()
        self._adding = None
