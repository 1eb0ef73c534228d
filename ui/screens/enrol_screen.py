"""A customer joins: the till's own frame over the till, with the sale behind it untouched."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QRect, Qt
from PySide6.QtWidgets import QWidget

from cashier_app.domain.enrolment import EnrolmentField
from cashier_app.scanning.printed_codes import PrintedCode
from cashier_app.services.enrol_view import EnrolStep, EnrolView
from cashier_app.services.till_view import TillView
from cashier_app.wording import Wording
from cashier_app.wording.enrol import (
    enrol_can_confirm,
    enrol_card,
    enrol_escape,
    enrol_hint,
    enrol_join,
    enrol_keys,
    enrol_primary,
    enrol_prompt,
    enrol_question,
    enrol_remark,
    enrol_terms,
    enrol_title,
)
from cashier_app.wording.letter_keys import letter_key_names, pages_beside_latin
from ui.accessibility import announce
from ui.enrolling import Enrolling, EnrolPlace
from ui.key_words import Where
from ui.screens.frame import Frame
from ui.screens.over_till import OverTill
from ui.theme.motion import Motion
from ui.widgets.bill_panel import BillPanel
from ui.widgets.enrol_card import EnrolCard
from ui.widgets.enrol_panels import JoinPanel, QuestionPanel, TermsPanel
from ui.widgets.keypad import DELETE
from ui.widgets.letter_keys import DELETE as DELETE_LETTER
from ui.widgets.letter_keys import LetterKeys, Typed
from ui.widgets.scan_field import ScanField, ScanFieldContent

_PLAIN = frozenset({EnrolmentField.EMAIL, EnrolmentField.REFERRAL, EnrolmentField.NUMBER})


class EnrolScreen(OverTill):
    """The form, the question to the customer, and a code for their own phone.

    Args:
        enrolling: Takes the new member; shows its views here.
        place: Whose till this is.
    """

    where = Where.ENROL

    def __init__(
        self,
        enrolling: Enrolling,
        wording: Wording,
        place: EnrolPlace,
        *,
        motion: Motion,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(wording, place, motion=motion, parent=parent)
        self._enrolling, self._place = enrolling, place
        self._view = EnrolView(closed=True)
        self._filling = False
        self._code: tuple[str, PrintedCode] | None = None
        inside = self._panel
        title = enrol_title(wording)
        self.setAccessibleName(title)
        # Made in the order in which Tab visits them.
        self.field = ScanField(title, enrol_hint(wording).full, inside)
        self.field.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.card = EnrolCard(inside)
        self.bill = BillPanel(inside)
        self.question = QuestionPanel(inside)
        self.join = JoinPanel(inside)
        self.terms = TermsPanel(inside)
        self.letters = LetterKeys(pages_beside_latin(place.locale), inside)
        self.make_frame(place.store)
        self._connect()
        self._name_keys()
        enrolling.subscribe(self.show_view)

    def show_view(self, view: EnrolView) -> None:
        """Show a snapshot."""
        before, self._view = self._view, view
        if view.closed:
            self._code = None
            self.card.forget()
            self.close_drawer()
            return
        there, here = (before.step, before.field, before.reading), (view.step, view.field, view.reading)
        moved = before.closed or there != here
        if moved and view.types_text:
            plain = view.field in _PLAIN
            self.letters.begin(Typed.ADDRESS if plain else Typed.NAME, empty=not view.text_of(view.field))
        # What is hidden loses the focus to any field, which then has not been entered by anybody.
        self._filling = True
        self.fill()
        self._filling = False
        if moved and not self.isHidden():
            self.framed().setFocus(Qt.FocusReason.OtherFocusReason)
        if before.step is not view.step:
            announce(self.question, self.question.accessibleName())
        if view.trouble and before.trouble != view.trouble:
            announce(self.question, view.trouble, assertive=True)

    # --- what the window asks of a drawer -----------------------------------------------------------

    def place_of_keys(self) -> Where:
        """Return what the keys mean now: a text field takes its own."""
        return Where.ENROL_FORM if self._view.types_text and not self._view.reading else Where.ENROL

    def focusNextPrevChild(self, next_one: bool) -> bool:  # noqa: FBT001, N802 - Qt's signature
        """Send Tab from field to field, also to those there is no room for yet, then to the buttons."""
        view = self._view
        fields = (EnrolmentField.PHONE, *view.fields)
        here = self.window().focusWidget() is self.framed()
        if view.step is EnrolStep.FORM and here and view.field in fields and not self.isHidden():
            at = fields.index(view.field) + (1 if next_one else -1)
            if 0 <= at < len(fields):
                self._enrolling.go_to(fields[at])
                return True
        return super().focusNextPrevChild(next_one)

    def set_wording(self, wording: Wording) -> None:
        """Speak with another voice."""
        super().set_wording(wording)
        self._name_keys()

    def follow(self, before: TillView, view: TillView) -> None:
        """Keep bill, connection, queue and last sales up to date."""
        super().follow(before, view)
        if self._view.closed:
            self.close_drawer()  # it cleared by itself while the till was locked

    def go_back(self) -> None:
        """Do what Esc does."""
        self._enrolling.back()

    def open_row(self) -> None:
        """Do what Enter does."""
        self._enrolling.confirm()

    def choose(self, character: str) -> None:
        """Take one typed character."""
        self._enrolling.type(character)

    def delete(self) -> None:
        """Take the last typed character back."""
        self._enrolling.delete()

    def next_row(self) -> None:
        """Read on in the terms."""
        self.terms.read_on(+1)

    def previous_row(self) -> None:
        """Read back in the terms."""
        self.terms.read_on(-1)

    def read_terms(self) -> None:
        """Show all of the terms, or put them away."""
        self._enrolling.read_terms()

    def next_language(self) -> None:
        """Ask in another language."""
        self._enrolling.next_language()

    def take_scan(self, text: str) -> bool:
        """Take a scan: a member's card opens."""
        if self.isHidden():
            return False
        self._enrolling.scan(text)
        return True

    def take_picture(self, _codes: Callable[[], Sequence[str]]) -> bool:
        """Use no picture."""
        if self.isHidden():
            return False
        self._enrolling.scan("")
        return True

    def places(self, frame: Frame) -> dict[QWidget, QRect]:
        """Return where the money panels stand; letter keys cover them and the keys column."""
        letters = QRect(frame.bill.topLeft(), frame.keys.bottomRight())
        letters.setBottom(frame.actions.top() - self._look.metrics.panel_gap - 1)
        return {
            self.bill: frame.bill,
            self.question: frame.reward,
            self.join: frame.pay,
            self.terms: frame.reward.united(frame.pay),
            self.letters: letters,
        }

    def cards(self) -> tuple[QWidget, ...]:
        """Return what stands below the scan field."""
        return (self.card,)

    def covers_keys(self) -> bool:
        """Say whether letter keys are on the screen."""
        return self._place.keypad() and self._view.types_text and not self._view.reading

    # --- what is shown ------------------------------------------------------------------------------

    def fill(self) -> None:
        """Show the snapshot as it stands now."""
        view, wording = self._view, self._wording
        if view.closed:
            return
        grouped = self._grouped(view.phone)
        content = ScanFieldContent("phone" if grouped else "qr-code", grouped or enrol_hint(wording).full)
        self.field.show_content(content)
        if self.field.is_elided() and not grouped:
            self.field.show_content(ScanFieldContent("qr-code", enrol_hint(wording).short))
        self.card.show_words(
            enrol_card(view, wording, grouped=grouped),
            dict(view.typed),
            view.field if view.step is EnrolStep.FORM and not view.reading else None,
            enabled=view.step is not EnrolStep.FOUND and not view.busy,
        )
        if self._till_view is not None:
            self.bill.show_behind(self._till_view, wording)
        asked = view.step is not EnrolStep.FORM and not view.reading
        self.question.show_words(enrol_question(view, wording), framed=asked)
        words = enrol_join(view, wording)
        self.join.show_words(words, self._code_of(words.url))
        if view.reading:
            self.terms.show_words(enrol_terms(view, wording))
        self._fill_keys()
        self._fill_toast()

    def _fill_keys(self) -> None:
        view, wording = self._view, self._wording
        self.show_answers(
            enrol_escape(wording),
            enrol_primary(view, wording),
            enabled=enrol_can_confirm(view),
            can_go_back=not view.busy,
        )
        letters = self.covers_keys()
        if letters:
            self.letters.show_prompt(enrol_prompt(view, wording))
        self.letters.setVisible(letters)
        for part in (self.bill, self.question, self.join):
            part.setVisible(not letters and (part is self.bill or not view.reading))
        self.terms.setVisible(view.reading)
        self.show_keypad(
            enrol_keys(view, wording),
            corner="+",
            enabled=view.step is not EnrolStep.CONSENT and not view.busy and not view.reading,
        )
        self.arrange()

    def _fill_toast(self) -> None:
        remark = self._view.remark
        if remark is None:
            self.toast.hide()
        else:
            self.show_remark(remark.sequence, enrol_remark(self._wording))

    def _code_of(self, url: str) -> PrintedCode | None:
        if not url:
            return None
        if self._code is None or self._code[0] != url:
            from cashier_app.scanning.printed_codes import qr_code  # loaded behind the first frame

            self._code = (url, qr_code(url))
        return self._code[1]

    def _grouped(self, phone: str) -> str:
        if not phone:
            return ""
        from cashier_app.domain.phone import group_typed_digits

        return group_typed_digits(phone, self._place.region)

    def framed(self) -> QWidget:
        """Return the element the keys go to."""
        view = self._view
        if view.reading:
            return self.terms
        if view.step is not EnrolStep.FORM:
            return self.question
        return self.card.edits.get(view.field, self.card.phone)

    # --- what is pressed ----------------------------------------------------------------------------

    def _keypad_pressed(self, key: str) -> None:
        if key == DELETE:
            self._enrolling.delete()
        else:
            self._enrolling.type(key)

    def _entered(self, field: EnrolmentField) -> None:
        if not self._filling and not self.isHidden():
            self._enrolling.go_to(field)

    def _letter_typed(self, character: str) -> None:
        edit = self.card.edits.get(self._view.field)
        if edit is None or edit.isReadOnly():
            return
        if character == DELETE_LETTER:
            edit.backspace()
        else:
            edit.type_text(character)
        self._enrolling.put(self._view.field, edit.text())

    def _left(self) -> None:
        # Another page was opened over it: what was typed about a person does not lie about.
        if not self._view.closed:
            self._enrolling.drop()

    def _name_keys(self) -> None:
        space, delete, shift = letter_key_names(self._wording)
        self.letters.name_keys(space=space, delete=delete, shift=shift)

    def _connect(self) -> None:
        enrolling = self._enrolling
        self.card.put.connect(enrolling.put)
        self.card.entered.connect(self._entered)
        self.question.other_language.connect(enrolling.next_language)
        self.question.terms_wanted.connect(enrolling.read_terms)
        self.action_row.confirmed.connect(enrolling.confirm)
        self.action_row.went_back.connect(enrolling.back)
        self.keypad.pressed_key.connect(self._keypad_pressed)
        self.letters.typed.connect(self._letter_typed)
        self.toast.expired.connect(enrolling.hush)
        self.closed.connect(self._left)
