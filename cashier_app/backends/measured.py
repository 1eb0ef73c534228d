"""A backend whose answers are timed: what a sale or a customer waits for, and nothing else."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, timedelta
from typing import TypeVar

from cashier_app.domain.adjustment import Adjustment
from cashier_app.domain.bill import Bill
from cashier_app.domain.enrolment import ConsentText, EnrolmentAnswer, NewMember
from cashier_app.domain.identifier import Identifier
from cashier_app.domain.invitation import InvitationAnswer, InviteAnswer
from cashier_app.domain.lapsed import LapsedAnswer
from cashier_app.domain.ledger import LedgerAnswer
from cashier_app.domain.offers import Offers
from cashier_app.domain.outcome import Lookup, Outcome, Reconciled, RetryLater, Unknown, Unreachable
from cashier_app.domain.probe import Probed
from cashier_app.domain.program import Program
from cashier_app.domain.sale import Effect, SaleReturn
from cashier_app.domain.vouchers import ReferralAnswer, VoucherAnswer
from cashier_app.ports.clock import Clock
from cashier_app.ports.loyalty import Capabilities, HoldsAnswer, LoyaltyBackend
from cashier_app.services.answer_times import AnswerTimes

Answer = TypeVar("Answer")
Asked = TypeVar("Asked")


class MeasuredBackend:
    """The same backend; look-ups, offers, writes and their look-ups are timed.

    Probes, the program, and the reading of whole books are not: nobody stands and waits for those.
    """

    def __init__(self, backend: LoyaltyBackend, times: AnswerTimes, clock: Clock) -> None:
        self._backend = backend
        self._times = times
        self._clock = clock

    @property
    def capabilities(self) -> Capabilities:
        """Return what the backend can do."""
        return self._backend.capabilities

    @property
    def clock_ahead(self) -> timedelta | None:
        """Return how far the backend's clock is ahead of ours."""
        return self._backend.clock_ahead

    def plan(self, effects: Sequence[Effect]) -> tuple[Effect, ...]:
        """Return what the backend is to be told of a sale."""
        return self._backend.plan(effects)

    def plan_refund(self, returned: SaleReturn) -> tuple[Effect, ...]:
        """Return what the backend is to be told of a return."""
        return self._backend.plan_refund(returned)

    def program(self) -> Program:
        """Return the program in force; not timed."""
        return self._backend.program()

    def find(self, identifier: Identifier) -> Lookup:
        """Find the member this belongs to."""
        return self._timed(self._backend.find, identifier)

    def refresh(self, member_id: str) -> Lookup:
        """Read a known member's account again."""
        return self._timed(self._backend.refresh, member_id)

    def options(self, member_id: str, bill: Bill) -> Offers | Unreachable:
        """Ask what this member may redeem on this bill."""
        started = self._clock.monotonic()
        answer = self._backend.options(member_id, bill)
        self._note(started, answer)
        return answer

    def apply(self, effect: Effect) -> Outcome:
        """Make the effect take hold."""
        return self._timed(self._backend.apply, effect)

    def reconcile(self, effect: Effect) -> Reconciled:
        """Look an effect up by its key."""
        return self._timed(self._backend.reconcile, effect)

    def ledger(self, sale_id: str) -> LedgerAnswer:
        """Read what the backend's own books hold for a sale; not timed."""
        return self._backend.ledger(sale_id)

    def list_holds(self) -> HoldsAnswer:
        """Read which points the backend still holds; not timed."""
        return self._backend.list_holds()

    def lapsed(self, after: str, since: date) -> LapsedAnswer:
        """Read a page of points that expired; not timed."""
        return self._backend.lapsed(after, since)

    def enrol(self, new: NewMember) -> EnrolmentAnswer:
        """Make a customer a member."""
        return self._timed(self._backend.enrol, new)

    def link(self, effect: Effect) -> Outcome:
        """Give a sale that was told without a member to one."""
        return self._timed(self._backend.link, effect)

    def ask_to_merge(self, effect: Effect) -> Outcome:
        """Ask that two records of one person be joined."""
        return self._timed(self._backend.ask_to_merge, effect)

    def check_voucher(self, code: str, member_id: str, bill: Bill) -> VoucherAnswer:
        """Ask what a voucher gives on a bill."""
        started = self._clock.monotonic()
        answer = self._backend.check_voucher(code, member_id, bill)
        self._note(started, answer)
        return answer

    def check_referral(self, code: str) -> ReferralAnswer:
        """Ask whether a referral code is good."""
        return self._timed(self._backend.check_referral, code)

    def invite(self, consent: ConsentText | None = None) -> InviteAnswer:
        """Have a page made for a customer."""
        started = self._clock.monotonic()
        answer = self._backend.invite(consent)
        self._note(started, answer)
        return answer

    def invitation(self, invitation_id: str) -> InvitationAnswer:
        """Ask what came of such a page; not timed: nobody but the customer keeps it waiting."""
        return self._backend.invitation(invitation_id)

    def adjust(self, adjustment: Adjustment) -> Outcome:
        """Correct a balance."""
        return self._timed(self._backend.adjust, adjustment)

    def reconcile_adjustment(self, adjustment: Adjustment) -> Reconciled:
        """Look a correction up by its key."""
        return self._timed(self._backend.reconcile_adjustment, adjustment)

    def probe(self) -> Probed:
        """Try every right the till needs; not timed."""
        return self._backend.probe()

    def is_reachable(self) -> bool:
        """Say whether the backend answers at all; not timed."""
        return self._backend.is_reachable()

    def close(self) -> None:
        """Close the backend."""
        self._backend.close()

    def _timed(self, ask: Callable[[Asked], Answer], asked: Asked) -> Answer:
        started = self._clock.monotonic()
        answer = ask(asked)
        self._note(started, answer)
        return answer

    def _note(self, started: float, answer: object) -> None:
        self._times.note(self._clock.monotonic() - started, answered=_is_answered(answer))


def _is_answered(answer: object) -> bool:
    match answer:
        case Unreachable() | Unknown() | RetryLater(reached=False):
            return False
        case _:
            return True
