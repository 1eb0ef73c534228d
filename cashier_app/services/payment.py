"""From an accepted offer to a committed sale: hold, take the money, commit."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import timedelta
from typing import TYPE_CHECKING

from msgspec.structs import replace

from cashier_app.domain.choice import TakeMaximum
from cashier_app.domain.money import Money
from cashier_app.domain.offline_policy import (
    OfflineAllowed,
    OfflineAnswer,
    OfflineDenied,
    OfflineRecord,
    WhyNotOffline,
)
from cashier_app.domain.outcome import AlreadyApplied, Applied, Outcome, Refused, RetryLater, Unknown
from cashier_app.domain.sale import Sale
from cashier_app.domain.staff import Right
from cashier_app.errors import KnownError
from cashier_app.ports.clock import Clock
from cashier_app.ports.runner import Runner
from cashier_app.services import till_steps as steps
from cashier_app.services.approval import (
    Approval,
    ApprovalAsked,
    Approvals,
    Matter,
    Reason,
    TypedNames,
    approval_by,
)
from cashier_app.services.bill_offers import account_for, quoted_balance
from cashier_app.services.identification import Identification
from cashier_app.services.offline_offer import asking_manager, needs_manager
from cashier_app.services.pasted_bill import pasted_on_show
from cashier_app.services.service_time import ServiceTime
from cashier_app.services.stage import Stage
from cashier_app.services.ticket import OfflineTerms, Ticket, new_sale_id
from cashier_app.services.till_status import Progress
from cashier_app.services.till_view import (
    Finished,
    Posting,
    Serving,
    ServingUnseen,
    Step,
    Target,
    TillView,
)
from cashier_app.services.voucher_view import voucher_used

if TYPE_CHECKING:
    from cashier_app.services.workshop import OpenWorkshop

logger = logging.getLogger(__name__)

NOT_ALLOWED = "The loyalty system does not allow this. Take a smaller amount or none."
NOT_NOW = "The loyalty system cannot hold the points now. Try again, or take none."
REASONS = (Reason.MEMBER_KNOWN, Reason.MEMBER_ASKS, Reason.GOODWILL)
"""Why points may be used offline above the shop's limit."""
NAME_NEEDED = "Type the manager's name first."
BUG_SENTENCE = "Something went wrong here. Nothing was lost. Press Enter to try again."


class Payment:
    """Owns the ticket of the sale under way, from the accepted offer until it is committed or given back."""

    def __init__(
        self,
        stage: Stage,
        workshop: OpenWorkshop,
        identification: Identification,
        runner: Runner,
        clock: Clock,
        committed: Callable[[], None],
        approvals: Approvals | None = None,
    ) -> None:
        self._stage = stage
        self._workshop = workshop
        self._identification = identification
        self._runner = runner
        self._clock = clock
        self._committed = committed
        self._service_time = ServiceTime(stage, clock)
        self._approvals = approvals or TypedNames()
        self._ticket: Ticket | None = None
        self._holding = ""
        self._hold_ends = float("inf")
        self._held_at = float("-inf")

    def begin(self) -> None:
        """Accept the offer on show: the sale id is born, points are held, and the money may be taken."""
        self._identification.decline_switch()
        view = self._stage.view
        person = view.person
        member = person.member if isinstance(person, Serving) else None
        ticket = Ticket(
            sale_id=new_sale_id(),
            member=member,
            identifier=self._identification.identifier if isinstance(person, ServingUnseen) else None,
            way=person.way if isinstance(person, Serving | ServingUnseen) else None,
            bill=view.bill.money,
            quote=view.quote,
            balance=quoted_balance(view),
            staff_id=view.cashier.staff_id if view.cashier else "",
            began=self._service_time.began,
            pasted=pasted_on_show(view),
            program_version=view.program.version if view.program else "",
            claim_days=view.program.claim_days if view.program else 0,
            voucher=voucher_used(view),
        )
        if ticket.points <= 0:
            self._ticket = ticket
            self._show_pay(ticket)
            return
        if isinstance(person, Serving) and not person.fresh:
            self._begin_offline(view, ticket, person)
            return
        self._holding = ticket.sale_id
        self._stage.show(replace(view, busy=True, trouble="", clears_after=None))
        self._runner.run(
            lambda: self._workshop().checkout.hold(ticket),
            lambda outcome: self._held(ticket, outcome),
            lambda error: self._not_held(ticket, error),
        )

    def back(self) -> None:
        """Give the hold back and return to the offer; the release is written down, not waited for."""
        ticket, self._ticket = self._ticket, None
        self._stage.show(self._offer())
        if ticket is not None and ticket.points > 0 and ticket.offline is None:
            self._give_back(ticket, "the cashier went back")

    def cancel_hold(self) -> None:
        """Go back to the offer while the hold is still being asked for; should it come, it is given back."""
        if self._holding:
            self._holding = ""
            self._stage.show(self._offer())

    def finish(self) -> None:
        """Commit the paid sale: one sale, however often this is pressed and whatever fails in between."""
        self.check_hold()
        view, ticket = self._stage.view, self._ticket
        if ticket is None or view.busy or view.step is not Step.PAY:
            return
        if view.hold_over:
            self._ticket = None
            self._give_back(ticket, "the hold ran out")
            self.begin()
            return
        self._stage.show(replace(view, busy=True, trouble=""))
        read_ago = self._clock.monotonic() - self._held_at
        self._runner.run(
            lambda: self._workshop().checkout.finish(ticket, read_ago),
            lambda answer: self._finished(ticket, answer),
            self._not_committed,
        )

    def check_hold(self) -> None:
        """Notice a hold that ran out while the customer was paying."""
        view = self._stage.view
        over = view.held_until is not None and self._clock.monotonic() >= self._hold_ends
        if view.step is Step.PAY and over and not view.hold_over and not view.busy:
            self._stage.show(replace(view, hold_over=True))

    def progress(self, progress: Progress) -> bool:
        """Show how far the backend has got with the finished sale; say whether it has just got it all."""
        view = self._stage.view
        finished = view.finished
        if finished is None or finished.sale.sale_id != progress.sale_id:
            return False
        posted = progress.posting is Posting.POSTED
        again = Finished(
            sale=finished.sale,
            posting=progress.posting,
            earned=progress.earned if posted and progress.earned is not None else finished.earned,
            balance=progress.balance if posted else None,
            posted_at=finished.posted_at or (self._clock.now() if posted else None),
        )
        clears = steps.finished_clears_after(progress.posting)
        self._stage.show(replace(view, finished=again, clears_after=clears))
        return posted and finished.posting is not Posting.POSTED

    def _begin_offline(self, view: TillView, ticket: Ticket, person: Serving) -> None:
        """Use points without a hold: within the shop's policy, a manager's word where it asks for one."""
        if not needs_manager(view):
            self._use_offline(view, ticket, person, None)
        elif self._approvals.asks_pin:
            self._ask_for_pin(view, ticket, person)
        else:
            approval = approval_by(view.entry) if view.target is Target.MANAGER else None
            if approval is None:
                named = view.target is Target.MANAGER
                self._stage.show(replace(view, trouble=NAME_NEEDED) if named else asking_manager(view))
                return
            self._use_offline(view, ticket, person, approval)

    def _ask_for_pin(self, view: TillView, ticket: Ticket, person: Serving) -> None:
        limit = Money(view.offline_policy.manager_over, view.bill.currency)
        amount = ticket.quote.discount if ticket.quote else None
        asked = ApprovalAsked(
            Right.APPROVE, Matter.OFFLINE_POINTS, ticket.sale_id, amount, limit, reasons=REASONS
        )

        def answered(approval: Approval | None) -> None:
            now = self._stage.view
            # The offer may have changed while the PIN was typed: what was allowed is what was shown.
            if approval is not None and not now.busy and now.quote == ticket.quote and now.person == person:
                self._use_offline(now, ticket, person, approval)

        self._approvals.ask(asked, answered)

    def _use_offline(
        self, view: TillView, ticket: Ticket, person: Serving, approval: Approval | None
    ) -> None:
        terms = OfflineTerms(person.proof, person.account.as_of)
        if approval is not None:
            over = view.offline_policy.manager_over
            because = approval.reason.value if approval.reason else ""
            terms = replace(terms, approved_by=approval.by, approved_because=because, approved_over=over)
        ticket = replace(ticket, offline=terms)
        self._holding = ticket.sale_id
        self._stage.show(replace(view, busy=True, trouble="", clears_after=None))
        self._runner.run(
            lambda: self._workshop().checkout.accept_offline(ticket),
            lambda checked: self._judged(ticket, *checked),
            lambda error: self._not_held(ticket, error),
        )

    def _judged(self, ticket: Ticket, answer: OfflineAnswer, record: OfflineRecord) -> None:
        if self._holding != ticket.sale_id:
            return
        self._holding = ""
        discount = ticket.quote.discount.minor if ticket.quote else 0
        if isinstance(answer, OfflineAllowed) and discount <= answer.most:
            self._ticket = ticket
            self._show_pay(ticket)
            return
        view = replace(self._offer(), step=Step.BILL, target=Target.BILL, entry="")
        if isinstance(view.person, Serving):
            view = replace(view, person=replace(view.person, record=record))
        self._stage.show(steps.requoted(replace(view, choice=TakeMaximum(), discount_entry=None)))
        if answer == OfflineDenied(WhyNotOffline.ONLINE_AGAIN):
            self._identification.account.refresh()

    def _held(self, ticket: Ticket, outcome: Outcome) -> None:
        cancelled = self._holding != ticket.sale_id
        if not cancelled:
            self._holding = ""
        match outcome:
            case Applied(booked) | AlreadyApplied(booked):
                held = replace(ticket, reservation=booked.reference, held_until=booked.expires_at)
                if cancelled:
                    self._give_back(held, "the cashier went back before the hold was there")
                else:
                    self._ticket = held
                    self._held_at = self._clock.monotonic()
                    # Time left is measured, not read off a clock that somebody may set meanwhile.
                    left = held.held_until - self._clock.now() if held.held_until else timedelta.max
                    self._hold_ends = self._clock.monotonic() + left.total_seconds()
                    self._show_pay(held)
            case _ if cancelled:
                pass
            case Refused():
                self._refused(outcome)
            case Unknown() | RetryLater(reached=False):
                self.unreachable()
            case _:
                self._stage.show(replace(self._offer(), trouble=NOT_NOW))

    def _offer(self) -> TillView:
        """Return the screen before the hold was asked for: the offer, with nothing held."""
        view = replace(self._stage.view, busy=False, held_until=None, hold_over=False, trouble="")
        view = replace(view, offline_accepted=False)
        return steps.requoted(_at_choice(view) if view.step is Step.PAY else view)

    def _refused(self, refused: Refused) -> None:
        """The balance is not what the offer was made on: show old and new, never change it silently."""
        view = self._offer()
        person = view.person
        if isinstance(person, Serving) and refused.account is not None:
            was = account_for(view, person).balance
            view = replace(view, person=replace(person, account=refused.account, fresh=True), offers=None)
            if refused.account.balance != was:
                offer = replace(view, balance_was=was, choice=TakeMaximum(), discount_entry=None)
                self._stage.show(_at_choice(steps.requoted(offer)))
                return
        self._stage.show(steps.requoted(replace(view, trouble=refused.detail or NOT_ALLOWED)))

    def unreachable(self) -> None:
        """Without an answer nobody holds the points: the sale can go on without them."""
        view = replace(self._offer(), step=Step.BILL, target=Target.BILL)
        if isinstance(view.person, Serving):
            view = replace(view, person=replace(view.person, fresh=False))
        self._stage.show(steps.requoted(replace(view, choice=TakeMaximum(), discount_entry=None)))
        self._identification.account.recall()

    def _show_pay(self, ticket: Ticket) -> None:
        view = self._stage.view
        self._stage.show(
            replace(
                view,
                step=Step.PAY,
                target=Target.NOTHING,
                entry="",
                offline_accepted=ticket.offline is not None,
                busy=False,
                trouble="",
                held_until=ticket.held_until,
                hold_over=False,
                balance_was=None,
                confirm_bill=False,
                clears_after=None,
                notice=None,
            )
        )

    def _give_back(self, ticket: Ticket, reason: str) -> None:
        def written(_: None) -> None:
            self._wake_sender()

        self._runner.run(
            lambda: self._workshop().checkout.give_back(ticket, reason), written, self._not_given_back
        )

    def _finished(self, ticket: Ticket, answer: Sale | Refused) -> None:
        if isinstance(answer, Sale):
            self._done(ticket, answer)
        else:
            self._ticket = None
            self._refused(answer)

    def _done(self, ticket: Ticket, sale: Sale) -> None:
        self._ticket = None
        self._identification.sold(sale.at)
        self._identification.forget()
        view = self._stage.view
        told = ticket.way is not None or (view.can is not None and view.can.tells_anonymous)
        posting = Posting.POSTING if told else Posting.NOTHING_TO_POST
        finished = Finished(sale=sale, posting=posting, earned=sale.points_expected)
        self._stage.show(
            replace(
                view,
                step=Step.DONE,
                target=Target.SCAN,
                busy=False,
                entry="",
                finished=finished,
                held_until=None,
                trouble="",
                clears_after=steps.finished_clears_after(posting),
            )
        )
        self._wake_sender()
        self._committed()

    def _wake_sender(self) -> None:
        # Something was just written through the workshop, so it is open: this waits for nothing.
        self._workshop().sender.wake()

    def _not_held(self, ticket: Ticket, error: BaseException) -> None:
        sentence = _sentence(error)
        # The cashier may have gone back meanwhile, and even serve somebody else.
        if self._holding == ticket.sale_id:
            self._holding = ""
            self._stage.show(replace(self._offer(), trouble=sentence))

    def _not_committed(self, error: BaseException) -> None:
        self._stage.show(replace(self._stage.view, busy=False, trouble=_sentence(error)))

    def _not_given_back(self, error: BaseException) -> None:
        # The hold ends by itself at the backend; nobody at the till can do anything about it.
        logger.info("a hold could not be given back: %s", error.__class__.__name__)


def _at_choice(view: TillView) -> TillView:
    """Return the screen where a discount is chosen, or the bill where there is nothing to choose."""
    if steps.can_redeem(view):
        return replace(view, step=Step.REWARD, target=Target.DISCOUNT)
    return replace(view, step=Step.BILL, target=Target.BILL)


def _sentence(error: BaseException) -> str:
    if isinstance(error, KnownError):
        return error.sentence
    logger.error("a step of the payment met a bug", exc_info=error)
    return BUG_SENTENCE
