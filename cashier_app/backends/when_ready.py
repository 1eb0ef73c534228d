"""A backend that is opened when it is first needed, and again when it could not be: selling goes on.

A locked key store or a missing token must not close the shop. Until the backend can be opened, look-ups are
unreachable and nothing is sent; sales are committed and wait. A backend that refuses the token is opened
anew, so that a sign-in is noticed while the till runs.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Sequence
from datetime import date, timedelta

from cashier_app.domain.adjustment import Adjustment
from cashier_app.domain.bill import Bill
from cashier_app.domain.enrolment import ConsentText, EnrolmentAnswer, NewMember
from cashier_app.domain.identifier import Identifier
from cashier_app.domain.invitation import InvitationAnswer, InviteAnswer
from cashier_app.domain.lapsed import LapsedAnswer
from cashier_app.domain.ledger import LedgerAnswer
from cashier_app.domain.offers import Offers
from cashier_app.domain.outcome import Lookup, Outcome, Reconciled, RetryLater, SignInNeeded, Unreachable
from cashier_app.domain.probe import Found, Probed, Right, RightProbed
from cashier_app.domain.program import Program
from cashier_app.domain.sale import Effect, SaleReturn
from cashier_app.domain.vouchers import ReferralAnswer, VoucherAnswer
from cashier_app.errors import KnownError
from cashier_app.ports.clock import Clock
from cashier_app.ports.loyalty import BackendRules, Capabilities, HoldsAnswer, LoyaltyBackend

logger = logging.getLogger(__name__)

TRY_AGAIN_SECONDS = 15.0
"""A key store that asks for a password must not ask at every scan."""


class BackendWhenReady:
    """The backend `open_backend` returns, once it does.

    Args:
        open_backend: Blocking; raises `KnownError` while the backend cannot be opened.
        rules: What is known of it all the same.
    """

    def __init__(self, open_backend: Callable[[], LoyaltyBackend], clock: Clock, rules: BackendRules) -> None:
        self._open_backend = open_backend
        self._rules = rules
        self._clock = clock
        self._lock = threading.Lock()
        self._backend: LoyaltyBackend | None = None
        self._retired: LoyaltyBackend | None = None
        self._refused = False
        self._problem = ""
        self._tried_at = float("-inf")

    @property
    def capabilities(self) -> Capabilities:
        """Return what the backend can do, open or not."""
        return self._known().capabilities

    @property
    def clock_ahead(self) -> timedelta | None:
        """Return how far the backend's clock is ahead of ours, once it has answered."""
        return self._backend.clock_ahead if self._backend is not None else None

    def plan(self, effects: Sequence[Effect]) -> tuple[Effect, ...]:
        """Return what the backend is to be told of a sale, open or not."""
        return self._known().plan(effects)

    def plan_refund(self, returned: SaleReturn) -> tuple[Effect, ...]:
        """Return what the backend is to be told of a return, open or not."""
        return self._known().plan_refund(returned)

    def program(self) -> Program:
        """Return the program in force.

        Raises:
            KnownError: It cannot be had, or the backend could not be opened.
        """
        return self._opened().program()

    def find(self, identifier: Identifier) -> Lookup:
        """Find the member this belongs to."""
        backend = self._ready()
        return backend.find(identifier) if backend else Unreachable(self._problem)

    def refresh(self, member_id: str) -> Lookup:
        """Read a known member's account again."""
        backend = self._ready()
        return backend.refresh(member_id) if backend else Unreachable(self._problem)

    def options(self, member_id: str, bill: Bill) -> Offers | Unreachable:
        """Ask what may be redeemed on this bill."""
        backend = self._ready()
        return backend.options(member_id, bill) if backend else Unreachable(self._problem)

    def apply(self, effect: Effect) -> Outcome:
        """Make the effect take hold; without a backend it certainly does not."""
        backend = self._ready()
        if backend is None:
            return RetryLater(reason=self._problem, reached=False)
        outcome = backend.apply(effect)
        self._note(outcome)
        return outcome

    def reconcile(self, effect: Effect) -> Reconciled:
        """Look an effect up."""
        backend = self._ready()
        if backend is None:
            return RetryLater(reason=self._problem, reached=False)
        found = backend.reconcile(effect)
        self._note(found)
        return found

    def ledger(self, sale_id: str) -> LedgerAnswer:
        """Read the backend's books of one sale."""
        backend = self._ready()
        return backend.ledger(sale_id) if backend else RetryLater(reason=self._problem, reached=False)

    def list_holds(self) -> HoldsAnswer:
        """Read which points the backend still holds."""
        backend = self._ready()
        return backend.list_holds() if backend else RetryLater(reason=self._problem, reached=False)

    def lapsed(self, after: str, since: date) -> LapsedAnswer:
        """Read a page of points that expired."""
        backend = self._ready()
        if backend is None:
            return RetryLater(reason=self._problem, reached=False)
        return backend.lapsed(after, since)

    def enrol(self, new: NewMember) -> EnrolmentAnswer:
        """Make a customer a member."""
        backend = self._ready()
        if backend is None:
            return RetryLater(reason=self._problem, reached=False)
        answer = backend.enrol(new)
        self._note(answer)
        return answer

    def link(self, effect: Effect) -> Outcome:
        """Give a sale that was told without a member to one."""
        backend = self._ready()
        if backend is None:
            return RetryLater(reason=self._problem, reached=False)
        outcome = backend.link(effect)
        self._note(outcome)
        return outcome

    def ask_to_merge(self, effect: Effect) -> Outcome:
        """Ask that two records of one person be joined."""
        backend = self._ready()
        if backend is None:
            return RetryLater(reason=self._problem, reached=False)
        outcome = backend.ask_to_merge(effect)
        self._note(outcome)
        return outcome

    def check_voucher(self, code: str, member_id: str, bill: Bill) -> VoucherAnswer:
        """Ask what a voucher gives on a bill."""
        backend = self._ready()
        return backend.check_voucher(code, member_id, bill) if backend else Unreachable(self._problem)

    def check_referral(self, code: str) -> ReferralAnswer:
        """Ask whether a referral code is good."""
        backend = self._ready()
        return backend.check_referral(code) if backend else Unreachable(self._problem)

    def invite(self, consent: ConsentText | None = None) -> InviteAnswer:
        """Have a page made for a customer."""
        backend = self._ready()
        return backend.invite(consent) if backend else Unreachable(self._problem)

    def invitation(self, invitation_id: str) -> InvitationAnswer:
        """Ask what came of such a page."""
        backend = self._ready()
        return backend.invitation(invitation_id) if backend else Unreachable(self._problem)

    def adjust(self, adjustment: Adjustment) -> Outcome:
        """Correct a balance."""
        backend = self._ready()
        return backend.adjust(adjustment) if backend else RetryLater(reason=self._problem, reached=False)

    def reconcile_adjustment(self, adjustment: Adjustment) -> Reconciled:
        """Look a correction up."""
        backend = self._ready()
        if backend is None:
            return RetryLater(reason=self._problem, reached=False)
        return backend.reconcile_adjustment(adjustment)

    def probe(self) -> Probed:
        """Try the backend out; one that cannot be opened has no right that works."""
        backend = self._ready()
        if backend is None:
            return Probed((RightProbed(Right.PROGRAM, Found.UNREACHABLE, self._problem),))
        return backend.probe()

    def is_reachable(self) -> bool:
        """Say whether the backend answers."""
        backend = self._ready()
        return backend is not None and backend.is_reachable()

    def close(self) -> None:
        """Close the backend if it was opened."""
        with self._lock:
            for backend in (self._backend, self._retired):
                if backend is not None:
                    backend.close()

    def _known(self) -> BackendRules:
        return self._backend or self._rules

    def _note(self, outcome: Outcome | Reconciled | EnrolmentAnswer) -> None:
        self._refused = isinstance(outcome, SignInNeeded)

    def _opened(self) -> LoyaltyBackend:
        backend = self._ready()
        if backend is None:
            raise KnownError(self._problem)
        return backend

    def _ready(self) -> LoyaltyBackend | None:
        with self._lock:
            now = self._clock.monotonic()
            wanted = self._backend is None or self._refused
            if wanted and now - self._tried_at >= TRY_AGAIN_SECONDS:
                self._tried_at = now
                try:
                    self._replace(self._open_backend())
                except KnownError as error:
                    self._problem = error.sentence
                    logger.info("the backend cannot be opened: %s", error.sentence)
            return self._backend

    def _replace(self, backend: LoyaltyBackend) -> None:
        # Another thread may still be in a call of the one before; no call lasts until the next is opened.
        if self._retired is not None:
            self._retired.close()
        self._retired, self._backend = self._backend, backend
        self._refused = False
