"""The who column: the scan field, one card for whoever is at the till, and the toast over its foot."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import cached_property
from typing import TYPE_CHECKING, TypeVar, assert_never

from PySide6.QtCore import QRect, Qt, QTimer, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QWidget

from cashier_app.domain.identifier import Unrecognised
from cashier_app.domain.outcome import CodeAhead, CodeTooOld, CodeUsed
from cashier_app.services.till_view import (
    Choosing,
    ClaimShown,
    Failed,
    LookingUp,
    Nobody,
    NoCode,
    NotFound,
    Notice,
    NoticeKind,
    Person,
    Serving,
    ServingUnseen,
    SeveralCodes,
    Target,
    TillView,
    WithoutMember,
)
from cashier_app.wording.buttons import scan_field
from cashier_app.wording.find_member import find_actions, scan_field_help
from cashier_app.wording.problems import (
    MessageCardWords,
    idle_card,
    looking_up_card,
    notice_words,
    problem_card,
    unseen_card,
    without_member_card,
)
from cashier_app.wording.sentences import Sentence
from cashier_app.wording.speech import Wording
from ui.accessibility import announce, install_roles
from ui.theme.look import DEFAULT_LOOK, Look, spread_look
from ui.widgets.finders import Finders
from ui.widgets.idle_card import IdleCard
from ui.widgets.offered import Offered
from ui.widgets.scan_field import ScanField, ScanFieldContent
from ui.widgets.who_card import WhoCard

if TYPE_CHECKING:
    from cashier_app.services.receipt_codes import ReceiptCodes
    from ui.widgets.choosing_card import ChoosingCard
    from ui.widgets.lookup_card import LookupCard
    from ui.widgets.member_card import MemberCard
    from ui.widgets.message_card import MessageCard
    from ui.widgets.receipt_card import ReceiptCard
    from ui.widgets.toast import Toast

AnyCard = TypeVar("AnyCard", bound=WhoCard)
FindingCard = TypeVar("FindingCard", "IdleCard", "MessageCard")

_ANSWERED = frozenset({NoticeKind.SWITCH_OFFERED, NoticeKind.SWITCHED})
LOOKUP_SHOWN_AFTER_MS = 150
LOOKUP_SLOW_AFTER_MS = 3000


class WhoColumn(QWidget):
    """Shows who is at the till. It decides nothing: what is pressed goes out as a signal.

    Args:
        wording: The cashier's voice.
        region: ISO 3166 letters by which typed phone numbers are grouped.
        now: The time of day, UTC, for "as of" and the age of a code.
    """

    chosen = Signal(int)  # one of several members, counted from 0
    reward_picked = Signal(str)  # a catalogue reward's id
    camera_requested = Signal()
    without_member_requested = Signal()
    paste_requested = Signal()
    scan_field_pressed = Signal()
    new_member_requested = Signal()
    change_back_requested = Signal()  # the toast's offer to serve who was served before
    claim_print_requested = Signal()
    same_person_pressed = Signal()  # the two on show are one
    switch_accepted = Signal()  # the toast's offer to serve the member just scanned

    def __init__(
        self, wording: Wording, region: str, now: Callable[[], datetime], parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        install_roles()
        self._wording, self._region, self._now = wording, region, now
        self._look = DEFAULT_LOOK
        self._view: TillView | None = None
        self._toasted = 0
        self._remarks = False
        self._new_members = False
        self.finders = Finders()
        self._cards: list[WhoCard] = []
        field_words = scan_field_help(wording)
        self.scan_field = ScanField("", field_words, self)
        self.scan_field.pressed.connect(self.scan_field_pressed)
        self._lookup_due = self._timer(LOOKUP_SHOWN_AFTER_MS, self._show_lookup)
        self._lookup_slow = self._timer(LOOKUP_SLOW_AFTER_MS, self._show_slow_lookup)
        self._show(self.idle)

    # Each card is made when it is first wanted: the first frame needs one of five.

    @cached_property
    def idle(self) -> IdleCard:
        """Return the card that waits for somebody."""
        return self._with_actions(IdleCard(idle_card(self._wording), find_actions(self._wording), self))

    @cached_property
    def lookup(self) -> LookupCard:
        """Return the card of a look-up under way."""
        from ui.widgets.lookup_card import LookupCard

        return self._made(LookupCard(self))

    @cached_property
    def choosing(self) -> ChoosingCard:
        """Return the card of several members."""
        from ui.widgets.choosing_card import ChoosingCard

        made = self._made(ChoosingCard(self))
        made.chosen.connect(self.chosen)
        made.same_person_pressed.connect(self.same_person_pressed)
        return made

    @cached_property
    def member(self) -> MemberCard:
        """Return the card of the member served."""
        from ui.widgets.member_card import MemberCard

        made = self._made(MemberCard(self))
        made.reward_picked.connect(self.reward_picked)
        return made

    @cached_property
    def message(self) -> MessageCard:
        """Return the card that says why nobody is served."""
        from ui.widgets.message_card import MessageCard

        return self._with_actions(MessageCard(find_actions(self._wording), self))

    @cached_property
    def receipt(self) -> ReceiptCard:
        """Return the card of a finished sale that a member may still claim."""
        from ui.widgets.receipt_card import ReceiptCard

        made = self._made(ReceiptCard(self))
        made.print_requested.connect(self.claim_print_requested)
        return made

    @cached_property
    def toast(self) -> Toast:
        """Return the bar over the foot of the column."""
        from ui.widgets.toast import Toast

        made = Toast(self)
        made.set_look(self._look)
        made.acted.connect(self._act_on_toast)
        return made

    def card(self) -> WhoCard:
        """Return the card that is shown."""
        return next(card for card in self._cards if not card.isHidden())

    def take_new_members(self) -> None:
        """Offer to add members, where the backend takes any."""
        self._new_members = True

    def _offer_new_member(self, view: TillView) -> None:
        offered = self._new_members and view.can is not None and view.can.enrolling is not None
        if offered is not self.idle.find_actions.offers_new_member():
            self.idle.find_actions.offer_new_member(offered)
            self.idle.arrange()

    def remark(self, sentence: Sentence, *, life_ms: int = 0) -> None:
        """Say something over the card for so many ms, with 0 as long as `end_remark` is not called."""
        self._remarks = True
        self.toast.show_words(sentence.full, short=sentence.short, life_ms=life_ms)
        self._place_toast()
        announce(self.toast, sentence.full)

    def end_remark(self) -> None:
        """Take back what `remark` said; another toast stays."""
        if self._remarks:
            self._remarks = False
            self.toast.hide()

    def set_wording(self, wording: Wording) -> None:
        """Speak with another voice: the program came, and with it the name of its points."""
        self._wording = wording
        if self._view is not None:
            view, self._view = self._view, None
            self.show_view(view)

    def set_look(self, look: Look) -> None:
        """Take over new colours and measures."""
        self._look = look
        spread_look(self, look)
        self._arrange()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Arrange everything anew."""
        super().resizeEvent(event)
        self._arrange()

    def show_view(self, view: TillView) -> None:
        """Show a snapshot; what did not change is not touched."""
        before, self._view = self._view, view
        self._show_scan_field(view)
        if isinstance(view.person, LookingUp):
            if before is None or before.person != view.person:
                self._start_lookup()
        else:
            self._lookup_due.stop()
            self._lookup_slow.stop()
            self._show_person(view, view.person)
            if before is not None and _identity(before.person) != _identity(view.person):
                self._announce(view.person)
        self._show_notice(view.notice)

    # --- the scan field ---------------------------------------------------------------------------

    def _show_scan_field(self, view: TillView) -> None:
        entry = view.entry
        if entry.removeprefix("+").isdigit():
            from cashier_app.domain.phone import group_typed_digits

            entry = group_typed_digits(entry, self._region)
        words = scan_field(view, self._wording, typed=entry)
        typed = bool(words.shown) and not isinstance(view.person, LookingUp | Choosing)
        framed = view.target in {Target.SCAN, Target.MANAGER, Target.VOUCHER}
        content = ScanFieldContent(words.icon, words.shown or words.hint.full, typed=typed, framed=framed)
        self.scan_field.setAccessibleName(words.spoken)
        self.scan_field.show_content(content)

    # --- the card ---------------------------------------------------------------------------------

    def _show_person(self, view: TillView, person: Person) -> None:
        wording = self._wording
        match person:
            case Nobody():
                self._show(self.idle)
                self._offer_new_member(view)
            case LookingUp():
                self._start_lookup()
            case Choosing():
                from cashier_app.wording.people import choosing_card

                self.choosing.show_members(choosing_card(person, wording))
                self._show(self.choosing)
            case Serving():
                from cashier_app.wording.people import member_card
                from ui.widgets.reward_contents import reward_contents

                words = member_card(person, view, wording, self._now())
                self.member.show_member(words, reward_contents(view, words))
                self._show(self.member)
            case ClaimShown():
                self._show_claim(person)
            case ServingUnseen() | WithoutMember():
                self._show_unknown(view, person)
            case CodeTooOld() | CodeAhead() | CodeUsed() | Unrecognised():
                words_of = problem_card(person, wording, self._now())
                self._show_message(words_of, Offered.WITHOUT_MEMBER if words_of.finder else Offered.ALL)
            case NotFound() | SeveralCodes() | NoCode() | Failed():
                self._show_message(problem_card(person, wording, self._now()), Offered.ALL)
            case _:
                assert_never(person)

    def _show_unknown(self, view: TillView, person: ServingUnseen | WithoutMember) -> None:
        """Show that nobody is known, or how the finished sale may be claimed."""
        if view.receipt is not None and view.receipt.claim:
            self._show_receipt(view.receipt)
        elif isinstance(person, ServingUnseen):
            self._show_message(unseen_card(person, self._wording), Offered.NOTHING)
        else:
            self._show_message(without_member_card(self._wording), Offered.NOTHING)

    def _show_claim(self, shown: ClaimShown) -> None:
        from cashier_app.wording.claims import claim_card, claiming_members

        if shown.several:
            self.choosing.show_members(claiming_members(shown, self._wording, self._now()))
            self._show(self.choosing)
            return
        self._show_message(claim_card(shown, self._wording, self._now()), Offered.NOTHING)

    def _show_receipt(self, codes: ReceiptCodes) -> None:
        from cashier_app.wording.claims import receipt_card

        self.receipt.show_words(receipt_card(codes, self._wording))
        self._show(self.receipt)

    def _show_message(self, words: MessageCardWords, offered: Offered) -> None:
        self.message.show_message(words, offered)
        self._show(self.message)

    def _show(self, card: WhoCard) -> None:
        if card.isVisibleTo(self):
            return
        for other in self._cards:
            other.setVisible(other is card)
        if "toast" in self.__dict__ and not self.toast.isHidden():
            self.toast.raise_()

    def _announce(self, person: Person) -> None:
        blocked = isinstance(person, Serving) and person.member.blocked_since is not None
        card = self.card()
        words = " ".join(filter(None, (card.accessibleName(), card.accessibleDescription())))
        announce(card, words, assertive=blocked)

    # --- looking up -------------------------------------------------------------------------------

    def _start_lookup(self) -> None:
        self._lookup_slow.start()
        # A quick answer changes the card once, not twice.
        if self._shows_lookup():
            self._say_lookup(slow=False)
        elif not self._lookup_due.isActive():
            self._lookup_due.start()

    def _shows_lookup(self) -> bool:
        return "lookup" in self.__dict__ and self.lookup.isVisibleTo(self)

    def _show_lookup(self) -> None:
        self._say_lookup(slow=False)
        self._show(self.lookup)

    def _show_slow_lookup(self) -> None:
        self._say_lookup(slow=True)

    def _say_lookup(self, *, slow: bool) -> None:
        if self._view is not None and isinstance(self._view.person, LookingUp):
            words = looking_up_card(self._view.person, self._wording, slow=slow)
            self.lookup.show_words(words.title.full, words.body.full)

    # --- the toast --------------------------------------------------------------------------------

    def _show_notice(self, notice: Notice | None) -> None:
        if notice is None:
            if "toast" in self.__dict__ and not self._remarks:
                self.toast.hide()
            return
        if notice.sequence == self._toasted:
            return
        self._toasted, self._remarks = notice.sequence, False
        words = notice_words(notice, self._wording)
        # Only what the till can do now is offered: Esc means a step back, never "close".
        answered = notice.kind in _ANSWERED and words.action is not None
        action = words.action.full if words.action is not None and answered else ""
        self.toast.show_words(
            words.sentence.full, short=words.sentence.short, action=action, key=words.key if answered else ""
        )
        self._place_toast()
        announce(self.toast, words.sentence.full, assertive=notice.kind is NoticeKind.SCAN_NOT_USED)

    def _act_on_toast(self) -> None:
        notice = self._view.notice if self._view is not None else None
        back = notice is not None and notice.kind is NoticeKind.SWITCHED
        (self.change_back_requested if back else self.switch_accepted).emit()

    # --- places and signals -----------------------------------------------------------------------

    def _arrange(self) -> None:
        metrics = self._look.metrics
        top = metrics.scan_height + metrics.panel_gap
        self.scan_field.setGeometry(0, 0, self.width(), metrics.scan_height)
        place = QRect(0, top, self.width(), max(1, self.height() - top))
        for card in self._cards:
            card.setGeometry(place)
        if "toast" in self.__dict__:
            self._place_toast()

    def _place_toast(self) -> None:
        inset, height = self._look.px(8), self.toast.sizeHint().height()
        self.toast.setGeometry(
            inset, self.height() - inset - height, max(1, self.width() - 2 * inset), height
        )

    def _made(self, card: AnyCard) -> AnyCard:
        card.hide()
        card.set_look(self._look)
        self._cards.append(card)
        self._arrange()
        # Made late, the card would come last for Tab; it is read after the scan field.
        before: QWidget = self.scan_field
        parts: list[QWidget] = [card, *card.findChildren(QWidget)]
        for part in parts:
            if part.focusPolicy() is not Qt.FocusPolicy.NoFocus:
                QWidget.setTabOrder(before, part)
                before = part
        return card

    def _with_actions(self, card: FindingCard) -> FindingCard:
        self.finders.add(card)
        card.find_actions.camera_requested.connect(self.camera_requested)
        card.find_actions.paste_requested.connect(self.paste_requested)
        card.find_actions.without_member_requested.connect(self.without_member_requested)
        card.find_actions.new_member_requested.connect(self.new_member_requested)
        return self._made(card)

    def _timer(self, milliseconds: int, due: Callable[[], None]) -> QTimer:
        timer = QTimer(self)
        timer.setSingleShot(True)
        timer.setInterval(milliseconds)
        timer.timeout.connect(due)
        return timer


def _identity(person: Person) -> object:
    """Return what must change before somebody else is announced: a new balance is not a new person."""
    if isinstance(person, Serving):
        return person.member.member_id, person.member.blocked_since
    if isinstance(person, Choosing):
        return person.shown, len(person.found)
    return person
