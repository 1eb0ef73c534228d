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
from ui.key_router import Where
from ui.screens.drawer import Drawer
from ui.screens.frame import Frame
from ui.theme.look import Look
from ui.theme.motion import Motion
from ui.widgets.action_row import ActionRow
from ui.widgets.bill_panel import BillPanel
from ui.widgets.enrol_card import EnrolCard
from ui.widgets.enrol_panels import JoinPanel, QuestionPanel, TermsPanel
from ui.widgets.header import Header
from ui.widgets.key_list import KeyList
from ui.widgets.keypad import DELETE, Keypad
from ui.widgets.last_sales import LastSales
from ui.widgets.letter_keys import DELETE as DELETE_LETTER
from ui.widgets.letter_keys import LetterKeys, Typed
from ui.widgets.scan_field import ScanField, ScanFieldContent
from ui.widgets.toast import Toast

_PLAIN = frozenset({EnrolmentField.EMAIL, EnrolmentField.REFERRAL, EnrolmentField.NUMBER})


class EnrolScreen(Drawer):
    """Covers the till as a drawer does, but looks like the till: who, money and keys stay where they are.

    Args:
        enrolling: Takes the new member; shows its views here.
        place: Whose till this is.
    """

    where = Where.ENROL
    ground = "bg"
    keeps_behind_lock = True

    def __init__(
        self,
        enrolling: Enrolling,
        wording: Wording,
        place: EnrolPlace,
        *,
        motion: Motion,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(motion, parent)
        self._enrolling, self._wording, self._place = enrolling, wording, place
        self._moves = False  # it is where the till is: nothing slides
        self._view = EnrolView(closed=True)
        self._till_view: TillView | None = None
        self._said = 0
        self._filling = False
        self._code: tuple[str, PrintedCode] | None = None
        for part in (self.title, self.close_button):
            part.hide()
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
        self.action_row = ActionRow(inside)
        self.last_sales = LastSales(inside)
        self.keypad = Keypad(parent=inside)
        self.keys = KeyList(parent=inside)
        self.header = Header(
            wording, place.store, place.till, place.now, training=place.training, parent=inside
        )
        self.toast = Toast(inside)
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
        self._fill()
        self._filling = False
        if moved and not self.isHidden():
            self._framed().setFocus(Qt.FocusReason.OtherFocusReason)
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
        here = self.window().focusWidget() is self._framed()
        if view.step is EnrolStep.FORM and here and view.field in fields and not self.isHidden():
            at = fields.index(view.field) + (1 if next_one else -1)
            if 0 <= at < len(fields):
                self._enrolling.go_to(fields[at])
                return True
        return super().focusNextPrevChild(next_one)

    def set_wording(self, wording: Wording) -> None:
        """Speak with another voice."""
        self._wording = wording
        self.header.set_wording(wording)
        self._name_keys()
        self._fill()

    def follow(self, before: TillView, view: TillView) -> None:
        """Keep bill, connection, queue and last sales up to date."""
        del before
        self._till_view = view
        self.header.show_view(view)
        self.last_sales.show_view(view, self._wording, self._place.now())
        if self._view.closed:
            self.close_drawer()  # it cleared by itself while the till was locked
        self._fill()

    def set_look(self, look: Look) -> None:
        """Take over new colours and measures."""
        super().set_look(look)
        self._fill()

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

    def first_focus(self) -> QWidget:
        """Return what the keys go to."""
        return self._framed()

    def panel_width(self) -> int:
        """Return the width of the panel, px: the whole window."""
        return self.width()

    def arrange(self) -> None:
        """Put everything where it stands on the till; letter keys cover the money and keys columns."""
        if "toast" not in self.__dict__:
            return  # asked by the base before all is made
        self._panel.setGeometry(self.rect())
        frame = Frame.of(self._look.metrics)
        gap = self._look.metrics.panel_gap
        actions = QRect(frame.actions)
        letters = QRect(frame.bill.topLeft(), frame.keys.bottomRight())
        letters.setBottom(actions.top() - gap - 1)
        if self._types_letters():
            actions.setRight(frame.keys.right())
        places: dict[QWidget, QRect] = {
            self.header: frame.header,
            self.bill: frame.bill,
            self.question: frame.reward,
            self.join: frame.pay,
            self.terms: frame.reward.united(frame.pay),
            self.letters: letters,
            self.action_row: actions,
            self.last_sales: frame.last_sales,
            self.keypad: frame.keys,
            self.keys: frame.keys,
        }
        for part, place in places.items():
            part.setGeometry(place)
        self._arrange_who(frame.who)

    # --- what is shown ------------------------------------------------------------------------------

    def _fill(self) -> None:
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
        enabled = enrol_can_confirm(view)
        if not enabled and self.action_row.primary.hasFocus():
            self._framed().setFocus(Qt.FocusReason.OtherFocusReason)
        self.action_row.show_actions(
            enrol_escape(wording), enrol_primary(view, wording), enabled=enabled, can_go_back=not view.busy
        )
        keypad, letters = self._place.keypad(), self._types_letters()
        if letters:
            self.letters.show_prompt(enrol_prompt(view, wording))
        self.letters.setVisible(letters)
        for part in (self.bill, self.question, self.join):
            part.setVisible(not letters and (part is self.bill or not view.reading))
        self.terms.setVisible(view.reading)
        self.keypad.setVisible(keypad and not letters)
        self.keys.setVisible(not keypad)
        metrics = self._look.metrics
        self.last_sales.setVisible(bool(metrics.last_sales_height) and not letters)
        self.keypad.setEnabled(view.step is not EnrolStep.CONSENT and not view.busy and not view.reading)
        self.keypad.set_corner("+")
        self.keys.set_keys([(words.key, words.sentence) for words in enrol_keys(view, wording)])
        self.arrange()

    def _fill_toast(self) -> None:
        remark = self._view.remark
        if remark is None:
            self.toast.hide()
        elif remark.sequence != self._said:
            self._said = remark.sequence
            words = enrol_remark(self._wording)
            self.toast.show_words(words.sentence.full, short=words.sentence.short)
            announce(self.toast, words.sentence.full, assertive=True)

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

    def _types_letters(self) -> bool:
        return self._place.keypad() and self._view.types_text and not self._view.reading

    def _arrange_who(self, who: QRect) -> None:
        metrics = self._look.metrics
        self.field.setGeometry(who.left(), who.top(), who.width(), metrics.scan_height)
        top = who.top() + metrics.scan_height + metrics.panel_gap
        card = QRect(who.left(), top, who.width(), who.top() + who.height() - top)
        self.card.setGeometry(card)
        inset, high = self._look.px(8), self.toast.sizeHint().height()
        self.toast.setGeometry(
            card.left() + inset, card.bottom() + 1 - inset - high, card.width() - 2 * inset, high
        )

    def _framed(self) -> QWidget:
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
