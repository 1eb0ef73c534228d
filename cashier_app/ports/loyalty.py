"""What the till asks of a loyalty backend: all that services know of any vendor."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Protocol

from msgspec import Struct

from cashier_app.domain.adjustment import Adjustment
from cashier_app.domain.bill import Bill
from cashier_app.domain.enrolment import ConsentText, EnrolmentAnswer, NewMember
from cashier_app.domain.identifier import Identifier
from cashier_app.domain.invitation import InvitationAnswer, InviteAnswer
from cashier_app.domain.lapsed import LapsedAnswer
from cashier_app.domain.ledger import LedgerAnswer
from cashier_app.domain.offers import Offers
from cashier_app.domain.outcome import (
    Lookup,
    Outcome,
    Reconciled,
    RetryLater,
    SignInNeeded,
    Unknown,
    Unreachable,
)
from cashier_app.domain.probe import Probed
from cashier_app.domain.program import Program
from cashier_app.domain.sale import Effect, SaleReturn
from cashier_app.domain.vouchers import ReferralAnswer, VoucherAnswer
from cashier_app.ports.capabilities import Capabilities, Idempotency, Quoting, Reserving

__all__ = [
    "BackendRules",
    "Capabilities",
    "HoldsAnswer",
    "HoldsRead",
    "Idempotency",
    "LoyaltyBackend",
    "OpenHold",
    "Quoting",
    "Reserving",
]


class OpenHold(Struct, frozen=True):
    """Points the backend still holds.

    Args:
        key: The key of the effect that asked for it, as the backend gives it back.
        reference: The backend's own reference of the hold.
        since: When it was made by the backend's clock, UTC.
    """

    key: str
    member_id: str
    reference: str
    since: datetime


class HoldsRead(Struct, frozen=True):
    """The holds a backend still keeps for any till of this shop."""

    holds: tuple[OpenHold, ...]


HoldsAnswer = HoldsRead | RetryLater | SignInNeeded | Unknown


class BackendRules(Protocol):
    """What is known of a backend before anybody has spoken to it: pure, costs nothing, needs no secret."""

    @property
    def capabilities(self) -> Capabilities:
        """Return what this backend can do; never changes."""

    def plan(self, effects: Sequence[Effect]) -> tuple[Effect, ...]:
        """Return what this backend is to be told of a sale that is being committed, in order.

        Asked with `CAPTURE`, `SALE` where points are held; `REDEEM`, `SALE` where they are not; `RESERVE`,
        `CAPTURE`, `SALE` where points were used offline and can be held later; `SALE` where none are used.
        Each effect returned is at most one write at the backend, with a key of its own from `effect_key`, so
        that the till may die between any two. Nothing returned means that nothing is to be told.
        """

    def plan_refund(self, returned: SaleReturn) -> tuple[Effect, ...]:
        """Return what this backend is to be told of goods that came back, in order; see `SaleReturn.effect`.

        One write each, as with `plan`. Keys carry the return's `count`. Nothing where `Capabilities` says
        that only a whole sale can be returned, and this is not one.
        """


class LoyaltyBackend(BackendRules, Protocol):
    """One loyalty backend. Plain blocking calls, each with one total deadline; safe from any thread.

    No method raises for what the network or the backend does: that is an outcome. A bug raises. What
    `Capabilities` does not allow to be asked raises `NotImplementedError`, as `PlainBackend` does.
    """

    @property
    def clock_ahead(self) -> timedelta | None:
        """Return how far the backend's clock is ahead of ours by its last answer; None where it does not say.

        Codes that change are judged by its clock: the till's may be wrong by hours.
        """

    def program(self) -> Program:
        """Return the program in force.

        Raises:
            KnownError: It cannot be had or makes no sense; the sentence says which.
        """

    def find(self, identifier: Identifier) -> Lookup:
        """Find the member this belongs to, with the account. At most 3 s.

        What `Capabilities.finds_by` does not name is answered `NoSuchMember`.
        """

    def refresh(self, member_id: str) -> Lookup:
        """Read a known member's account again. At most 3 s."""

    def options(self, member_id: str, bill: Bill) -> Offers | Unreachable:
        """Ask what this member may redeem on this bill, changing nothing. At most 3 s.

        Only where `Capabilities.quoting` says that the backend quotes; elsewhere asking is a bug. A backend
        that offers nothing here answers `Offers` without rules and rewards.
        """

    def apply(self, effect: Effect) -> Outcome:
        """Make the effect take hold. At most 8 s.

        `Applied` and `AlreadyApplied` only for the right status, content type, schema and echoed key;
        `RetryLater` only when it certainly did not take hold; whatever is in doubt is `Unknown`.
        A kind this backend never plans is a bug, and so are those of `OF_MEMBERS`, which have methods of
        their own. A `SALE` that names no member, which only `Capabilities.tells_anonymous` allows, earns
        nothing until it is linked. One that is `claimed`, and somebody else's already by the same key, is
        `Refused` with `ALREADY_LINKED`, where `Capabilities.knows_claims` says so.
        """

    def reconcile(self, effect: Effect) -> Reconciled:
        """Look an effect up by its key, changing nothing. At most 8 s.

        `LINK` and `MERGE` as well, where they may be asked. An `ENROL` in doubt is not looked up: `enrol`
        is asked again. A `SALE` that names nobody is found whoever it was told for, where
        `Capabilities.knows_claims` says so; `Booked.member_id` then says who that is.
        """

    def ledger(self, sale_id: str) -> LedgerAnswer:
        """Read what the backend's own books hold for a sale, changing nothing. At most 8 s.

        Only where `Capabilities.reads_ledger` says so; elsewhere asking is a bug.
        """

    def list_holds(self) -> HoldsAnswer:
        """Read which points the backend still holds, changing nothing. At most 8 s.

        Only where `Capabilities.lists_holds` says so; elsewhere asking is a bug.
        """

    def lapsed(self, after: str, since: date) -> LapsedAnswer:
        """Read a page of points that expired, changing nothing. At most 8 s.

        Args:
            after: Where the last page ended; empty for the beginning.
            since: With an empty `after`: nothing that expired before this day, UTC, is wanted.

        Only where `Capabilities.tells_lapsed` says so; elsewhere asking is a bug.
        """

    def enrol(self, new: NewMember) -> EnrolmentAnswer:
        """Make a customer a member. At most 8 s.

        A phone number that is a member's already makes nobody: the answer is `AlreadyMember`. The same
        `NewMember` sent again never makes a second one, and its referral counts once: where the backend knows
        no keys, the adapter looks for the member first. Consent and referral are told where `Enrolling`
        names them. Only where `Capabilities.enrolling` says so; elsewhere asking is a bug.
        """

    def link(self, effect: Effect) -> Outcome:
        """Give a sale that was told without a member to one, who earns by the rules of its day. At most 8 s.

        Answers as `apply` does. `Refused` with `ALREADY_LINKED` where it is somebody's, with `UNKNOWN_SALE`
        where the backend has no such sale: not yet, perhaps, where another till tells it.
        Only where `Capabilities.links_sales` says so; elsewhere asking is a bug.

        Args:
            effect: Of kind `LINK`: `sale_id` of the sale, `member_id` or `identified_by` of the member.
        """

    def ask_to_merge(self, effect: Effect) -> Outcome:
        """Ask that two records of one person be joined. At most 8 s. Answers as `apply` does.

        Applied means that the backend has the request, not that the records are one.
        Only where `Capabilities.merges` says so; elsewhere asking is a bug.

        Args:
            effect: Of kind `MERGE`: `other_member_id` is to go into `member_id`.
        """

    def check_voucher(self, code: str, member_id: str, bill: Bill) -> VoucherAnswer:
        """Ask what a voucher gives this member on this bill, changing nothing. At most 3 s.

        Only where `Capabilities.vouchers` says so; elsewhere asking is a bug.

        Args:
            code: As scanned or typed, at most `MAX_CODE` characters.
            member_id: Empty where nobody is served.
            bill: Before anything is redeemed.
        """

    def check_referral(self, code: str) -> ReferralAnswer:
        """Ask whether a referral code is good, changing nothing. At most 3 s.

        Only where `Capabilities.referrals` says so; elsewhere asking is a bug.
        """

    def invite(self, consent: ConsentText | None = None) -> InviteAnswer:
        """Have a page made on which one customer types their particulars. At most 3 s.

        Only where `Capabilities.invites` says so; elsewhere asking is a bug.

        Args:
            consent: What the page asks the customer to agree to; None for the backend's own.
        """

    def invitation(self, invitation_id: str) -> InvitationAnswer:
        """Ask what came of such a page, changing nothing. At most 3 s. Where `invite` may be asked."""

    def adjust(self, adjustment: Adjustment) -> Outcome:
        """Correct a balance. At most 8 s. Answers as `apply` does.

        Only where `Capabilities.adjusts` says so; elsewhere asking is a bug.
        """

    def reconcile_adjustment(self, adjustment: Adjustment) -> Reconciled:
        """Look a correction up by its key, changing nothing. At most 8 s. Where `adjust` may be asked."""

    def probe(self) -> Probed:
        """Try every right the till needs with one harmless read each. At most 20 s."""

    def is_reachable(self) -> bool:
        """Say whether the backend answers at all, with one harmless request. At most 3 s."""

    def close(self) -> None:
        """Let go of connections; further calls are bugs."""
