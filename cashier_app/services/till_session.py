"""The one state machine of the till: snapshots out, intents in, one thread.

It only decides which key means what at which step; `Identification` finds the customer, `Deciding` takes the
choice, `Payment` makes the sale, `TillReading` reads the rest, `till_steps` computes the next snapshot.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from msgspec.structs import replace

from cashier_app.domain.choice import TakeMaximum
from cashier_app.ports.clock import Clock
from cashier_app.ports.runner import Runner
from cashier_app.services import till_steps as steps
from cashier_app.services.alternatives import rule_chosen
from cashier_app.services.approval import Approvals
from cashier_app.services.claiming import Claiming
from cashier_app.services.deciding import Deciding
from cashier_app.services.first_view import first_view
from cashier_app.services.identification import Identification
from cashier_app.services.joining_records import JoiningRecords
from cashier_app.services.offline_offer import not_asking, with_name_character
from cashier_app.services.pasted_bill import BillNotRead, looks_like_bill, read_pasted_bill
from cashier_app.services.payment import Payment
from cashier_app.services.stage import Stage
from cashier_app.services.till_reading import TillReading
from cashier_app.services.till_settings import TillSettings
from cashier_app.services.till_view import (
    Choosing,
    Nobody,
    NoticeKind,
    Step,
    Target,
    TillView,
)
from cashier_app.services.vendor_offer import VendorOffers
from cashier_app.services.voucher_entry import VoucherEntry
from cashier_app.services.voucher_view import lost_voucher, not_typing, with_code_character

if TYPE_CHECKING:
    from cashier_app.domain.identifier import Identifier
    from cashier_app.domain.outcome import MemberFound, Remembered
    from cashier_app.domain.staff import StaffMember
    from cashier_app.services.workshop import OpenWorkshop

logger = logging.getLogger(__name__)

_BEFORE_SERVICE = {Step.IDLE, Step.PROBLEM, Step.DONE, Step.CHOOSING, Step.LOOKING_UP}


class TillSession:
    """The sale at the till, from the scan to the next customer. All methods belong to one thread."""

    def __init__(
        self,
        settings: TillSettings,
        workshop: OpenWorkshop,
        runner: Runner,
        clock: Clock,
        approvals: Approvals | None = None,
    ) -> None:
        self._settings = settings
        self._workshop = workshop
        self._runner = runner
        first = first_view(settings, clock.now())
        self._stage = Stage(first, lambda: clock.now().astimezone(settings.zone), lost_voucher)
        self._identification = Identification(self._stage, workshop, runner, clock, settings)
        self._payment = Payment(
            self._stage,
            workshop,
            self._identification,
            runner,
            clock,
            committed=self._sold,
            approvals=approvals,
        )
        self._claiming = Claiming(self._stage, workshop, runner, settings, self._identification)
        self._joining = JoiningRecords(self._stage, workshop, runner)
        self._vouchers = VoucherEntry(self._stage, workshop, runner, settings)
        offers = VendorOffers(self._stage, workshop, runner, self._payment.unreachable)
        self._deciding = Deciding(self._stage, offers, self._payment, settings)
        self._reading = TillReading(
            self._stage, workshop, runner, settings, self._identification, self._payment
        )

    @property
    def view(self) -> TillView:
        """Return the snapshot on show."""
        return self._stage.view

    def subscribe(self, listener: Callable[[TillView], None]) -> None:
        """Call the listener with every new snapshot, and with this one now."""
        self._stage.subscribe(listener)

    def start(self) -> None:
        """Fetch the program and the figures; the till can be used meanwhile."""
        self._reading.start()

    def set_cashier(self, cashier: StaffMember | None) -> None:
        """Take over who is at the till; the sale under way goes on and is theirs from now on."""
        self._stage.show(replace(self.view, cashier=cashier))

    def update_status(self) -> None:
        """Read connection, queue and figures again; calls that come meanwhile lead to one more read."""
        self._reading.update_status()

    # Identification.
    def scan(self, text: str) -> None:
        """Take the text a device read."""
        if looks_like_bill(text):
            self._paste_bill(text)
        elif not (self._claiming.takes_scan(text) or self._vouchers.takes_scan(text)):
            self._identification.scan(text)

    def may_be_text(self, text: str) -> bool:
        """Return whether what was scanned is nobody's code, so that a text field may have it."""
        return self._identification.may_be_text(text)

    def read_picture(self, decode: Callable[[], Sequence[str]]) -> None:
        """Take the code in a picture; `decode` runs elsewhere and may raise `KnownError`."""
        self._identification.read_picture(decode, self.scan)

    def choose(self, index: int) -> None:
        """Take one of several members, counted from 0."""
        if not self._claiming.choose(index):
            self._identification.choose(index)

    def same_person(self) -> None:
        """Ask that the two members to be chosen from be joined: they are one person."""
        self._joining.ask()

    def without_member(self) -> None:
        """Go on without a member."""
        if self.view.step in _BEFORE_SERVICE:
            if self.view.step is Step.DONE:
                self.next_customer()
            self._identification.without_member()

    def change_back(self) -> bool:
        """Serve whoever was served before the last switch; say whether there was one to take back."""
        return self._identification.change_back()

    def undone(self, sale_id: str) -> None:
        """Clear the screen where it still shows this sale, which is undone, and read the figures again."""
        finished = self.view.finished
        if self.view.step is Step.DONE and finished is not None and finished.sale.sale_id == sale_id:
            self.next_customer()
        self.update_status()

    def another_member(self) -> None:
        """Serve the member just scanned, or ask for another scan and keep the bill."""
        if self._identification.accept_switch():
            return
        if self.view.step in {Step.BILL, Step.REWARD} and not self.view.busy:
            self._identification.forget()
            self._stage.show(steps.fresh(self.view, keep_bill=True))

    def refresh_account(self) -> None:
        """Read the member's balance again."""
        self._identification.account.refresh()

    def serve(
        self, identifier: Identifier | None, found: MemberFound | Remembered | None, *, joined: bool
    ) -> None:
        """Serve somebody found elsewhere, who perhaps joined just now; see `enrolling.Serves`."""
        if self.view.step is Step.PAY or self.view.busy:
            return  # a sale being paid keeps its member
        self._identification.serve(identifier, found)
        if joined:
            self._remark_joined(found)

    def joined_after(self, found: MemberFound | Remembered | None, *, joined: bool = True) -> None:
        """Go on with the next customer; see `enrolling.Serves`."""
        self.next_customer()
        if joined:
            self._remark_joined(found)
        else:
            self._stage.remark(NoticeKind.CLAIMED, found.member.first_name if found is not None else "")

    def _remark_joined(self, found: MemberFound | Remembered | None) -> None:
        name = found.member.first_name if found is not None else ""
        self._stage.remark(NoticeKind.WILL_JOIN if found is None else NoticeKind.JOINED, name)

    def look_up(self, identifier: Identifier) -> None:
        """Look this up as if it had been typed."""
        if self.view.step is not Step.PAY and not self.view.busy:
            self._identification.look_up(identifier)

    # Typing.
    def type_character(self, character: str) -> None:
        """Take one typed character: digits go where the ink frame is, others to the scan field."""
        view = self.view
        if view.busy:
            return
        if not (character.isascii() and character.isdigit()):
            if view.target is Target.SCAN:
                self._stage.show(steps.with_character(view, character))
            elif view.target is Target.MANAGER:
                self._stage.show(with_name_character(view, character))
            elif view.target is Target.VOUCHER:
                self._stage.show(with_code_character(view, character))
            return
        if view.target is Target.MEMBERS:
            self.choose(int(character) - 1)
            return
        self._stage.show(steps.with_digit(view, character))
        if self.view.target is Target.SCAN and steps.looks_complete(self.view, self._settings.rules):
            self._take_typed()

    def press_point(self) -> None:
        """Start the decimals."""
        if not self.view.busy:
            self._stage.show(steps.with_point(self.view))

    def delete(self) -> None:
        """Take the last typed character back."""
        if not self.view.busy:
            self._stage.show(steps.without_last(self.view))

    # Choosing what to redeem.
    def take_maximum(self) -> None:
        """Take the most that is allowed and go to the payment."""
        self._deciding.take_maximum()

    def take_nothing(self) -> None:
        """Use no points and go to the payment."""
        self._deciding.take_nothing()

    def start_discount_entry(self) -> None:
        """Let a smaller discount be typed."""
        self._deciding.start_discount_entry()

    def less(self) -> None:
        """Take one step less."""
        self._deciding.nudge(-1)

    def more(self) -> None:
        """Take one step more."""
        self._deciding.nudge(+1)

    def mark_next(self) -> None:
        """Mark the next member or reward."""
        self._deciding.mark(+1)

    def mark_previous(self) -> None:
        """Mark the member or reward before."""
        self._deciding.mark(-1)

    def pick_marked(self) -> None:
        """Take the marked reward instead of points off, or give it back."""
        if self.view.marked_reward:
            self.pick_reward(self.view.marked_reward)

    def pick_reward(self, reward_id: str) -> None:
        """Take a catalogue reward instead of points off, or give it back; or look a voucher up."""
        if not self._vouchers.takes_pick(reward_id):
            self._deciding.pick(reward_id)

    def add_voucher(self) -> None:
        """Let the code of a voucher be typed."""
        self._vouchers.start()

    # Going on and back.
    def confirm(self) -> None:
        """Do what Enter does at this step."""
        view = self.view
        if view.busy:
            return
        if view.here_before is not None:
            self._stage.show(replace(view, here_before=None))
            return
        match view.step:
            case Step.IDLE | Step.PROBLEM:
                self._find_typed()
            case Step.CHOOSING if isinstance(view.person, Choosing):
                self.choose(view.person.marked)
            case Step.BILL | Step.REWARD:
                if not self._vouchers.takes_confirm():
                    self._deciding.go_on()
            case Step.PAY:
                self._payment.finish()
            case Step.DONE:
                self.next_customer()
            case _:
                self._claiming.confirm()

    def back(self) -> None:
        """Do what Esc does at this step: one step back, nothing else lost."""
        view = self.view
        if self._identification.decline_switch():
            return
        if view.step is Step.CLAIM:
            self._claiming.back()
            return
        if view.busy:
            self._stop_waiting()
            return
        if view.here_before is not None:
            self.another_member()  # it is not them: the bill is the next customer's
            return
        match view.step:
            case _ if view.target in {Target.MANAGER, Target.VOUCHER}:
                self._stage.show(not_typing(not_asking(view)))
            case Step.REWARD:
                offer = replace(view, step=Step.BILL, target=Target.BILL)
                self._stage.show(steps.chosen(offer, TakeMaximum(rule_chosen(view.choice))))
            case Step.PAY:
                self._payment.back()
            case Step.IDLE if view.entry:
                self._stage.show(replace(view, entry=""))
            case Step.BILL if view.confirm_bill:
                self._stage.show(replace(view, confirm_bill=False))
            case _:
                self.next_customer()

    def clear_all(self) -> None:
        """Give everything up that is not committed, from any step."""
        self._stop_waiting()
        if self.view.step is Step.PAY and not self.view.busy:
            self._payment.back()
        self.next_customer()

    def _stop_waiting(self) -> None:
        self._vouchers.cancel()
        self._deciding.cancel()
        self._payment.cancel_hold()

    def ask_about_same_member(self, minutes: int | None = None) -> None:
        """Ask about a member served again within so many minutes from now on; None: as the settings say.

        Whoever was served before counts as new.
        """
        self._identification.lately.begin_anew(minutes)

    def next_customer(self) -> None:
        """Clear the screen for the next customer; nothing of the last one stays."""
        if self.view.step is Step.PAY or self.view.busy:
            return
        self._identification.forget()
        self._claiming.forget()
        self._stage.show(steps.fresh(self.view))

    def expire(self) -> None:
        """Clear a screen nobody has touched for as long as the snapshot says."""
        if self.view.step is Step.CLAIM:
            self._claiming.close()
        elif self.view.clears_after is not None:
            self.next_customer()

    def tick(self) -> None:
        """Look at the clock: once a second."""
        self._payment.check_hold()
        self._identification.let_offer_lapse()
        self._deciding.follow_the_clock()

    def _paste_bill(self, text: str) -> None:
        view = self.view
        if view.step is Step.PAY or view.busy:
            self._stage.remark(NoticeKind.SCAN_NOT_USED)
            return
        scale = view.program.point_scale if view.program is not None else 0
        read = read_pasted_bill(text, self._settings.currency, scale)
        if isinstance(read, BillNotRead):
            self._stage.remark(NoticeKind.BILL_NOT_READ, read.path)
            return
        if view.step is Step.DONE:
            self.next_customer()
        self._stage.show(steps.with_pasted(self.view, read))

    def _sold(self) -> None:
        self.update_status()
        if self.view.finished is not None:
            self._claiming.show_codes(self.view.finished.sale)

    def _take_typed(self) -> None:
        if not self._claiming.takes_typed():
            self._identification.typed()

    def _find_typed(self) -> None:
        if self.view.entry:
            self._take_typed()
        elif not steps.empty_bill(self.view) and isinstance(self.view.person, Nobody):
            self._identification.without_member()
