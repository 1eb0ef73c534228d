"""A start for adapters: what a backend need not be able to do, so that an adapter states only what it can."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from datetime import date, timedelta
from typing import Protocol

from msgspec.structs import replace

from cashier_app.domain.adjustment import Adjustment
from cashier_app.domain.bill import Bill
from cashier_app.domain.enrolment import ConsentText, EnrolmentAnswer, NewMember
from cashier_app.domain.invitation import InvitationAnswer, InviteAnswer
from cashier_app.domain.lapsed import LapsedAnswer
from cashier_app.domain.ledger import LedgerAnswer
from cashier_app.domain.offers import Offers
from cashier_app.domain.outcome import Outcome, Reconciled, Unreachable
from cashier_app.domain.points import NO_POINTS
from cashier_app.domain.probe import Found, Probed
from cashier_app.domain.sale import TAKES_POINTS, Effect, EffectKind, SaleReturn
from cashier_app.domain.vouchers import ReferralAnswer, VoucherAnswer
from cashier_app.ports.loyalty import HoldsAnswer


class PlainRules:
    """Plans of a backend that takes what the till wants as it is, and works out returns by itself."""

    def plan(self, effects: Sequence[Effect]) -> tuple[Effect, ...]:
        """Return the till's effects as they are."""
        return tuple(effects)

    def plan_refund(self, returned: SaleReturn) -> tuple[Effect, ...]:
        """Return one effect that tells what came back."""
        told = returned.effect(EffectKind.REFUND, NO_POINTS, EffectKind.SALE)
        return (replace(told, taken_back=returned.taken_back, restored=returned.restored),)


class PointsRules(PlainRules):
    """Plans of a backend that only moves points: the till works out what a return takes back and gives."""

    def plan_refund(self, returned: SaleReturn) -> tuple[Effect, ...]:
        """Return two corrections: earned points taken, then used points given; none of no points."""
        took = next((one.kind for one in returned.effects if one.kind in TAKES_POINTS), EffectKind.REDEEM)
        back = returned.effect(EffectKind.CLAW_BACK, returned.taken_back, EffectKind.SALE)
        given = returned.effect(EffectKind.RESTORE, returned.restored, took)
        return tuple(effect for effect in (back, given) if effect.points > 0)


class TellsTime(Protocol):
    """Whose answers carry the backend's time, such as `HttpClient`."""

    @property
    def clock_ahead(self) -> timedelta | None:
        """Return how far the backend's clock is ahead of ours; None before it said."""


class PlainBackend(PlainRules, ABC):
    """What may be asked only where `Capabilities` says so: here it says no, and asking is a bug."""

    clocks: Sequence[TellsTime] = ()
    """What the adapter speaks to the backend by; to be set by an adapter whose backend says the time."""

    @property
    def clock_ahead(self) -> timedelta | None:
        """Return how far the backend's clock is ahead of ours, by the first of `clocks` that was told."""
        told = (clock.clock_ahead for clock in self.clocks)
        return next((ahead for ahead in told if ahead is not None), None)

    @abstractmethod
    def probe(self) -> Probed:
        """Try every right the till needs with one harmless read each. At most 20 s."""

    def is_reachable(self) -> bool:
        """Say whether anything was answered when the rights were tried.

        Where that takes more than one short request, an adapter has a way of its own.
        """
        return any(one.found not in {Found.UNREACHABLE, Found.STRANGE} for one in self.probe().rights)

    def options(self, member_id: str, bill: Bill) -> Offers | Unreachable:
        """Raise: this backend does not quote."""
        raise NotImplementedError("this backend does not quote")

    def ledger(self, sale_id: str) -> LedgerAnswer:
        """Raise: the books of this backend cannot be read."""
        raise NotImplementedError("the books of this backend cannot be read")

    def list_holds(self) -> HoldsAnswer:
        """Raise: this backend lists no holds."""
        raise NotImplementedError("this backend lists no holds")

    def lapsed(self, after: str, since: date) -> LapsedAnswer:
        """Raise: this backend does not tell which points expired."""
        raise NotImplementedError("this backend does not tell which points expired")

    def enrol(self, new: NewMember) -> EnrolmentAnswer:
        """Raise: this backend takes no new members."""
        raise NotImplementedError("this backend takes no new members")

    def link(self, effect: Effect) -> Outcome:
        """Raise: sales cannot be given to a member afterwards."""
        raise NotImplementedError("this backend links no sales")

    def ask_to_merge(self, effect: Effect) -> Outcome:
        """Raise: this backend takes no requests to join records."""
        raise NotImplementedError("this backend takes no requests to join records")

    def check_voucher(self, code: str, member_id: str, bill: Bill) -> VoucherAnswer:
        """Raise: this backend has no vouchers."""
        raise NotImplementedError("this backend has no vouchers")

    def check_referral(self, code: str) -> ReferralAnswer:
        """Raise: this backend checks no referral codes."""
        raise NotImplementedError("this backend checks no referral codes")

    def invite(self, consent: ConsentText | None = None) -> InviteAnswer:
        """Raise: this backend makes no pages for customers."""
        raise NotImplementedError("this backend makes no pages for customers")

    def invitation(self, invitation_id: str) -> InvitationAnswer:
        """Raise: this backend makes no pages for customers."""
        raise NotImplementedError("this backend makes no pages for customers")

    def adjust(self, adjustment: Adjustment) -> Outcome:
        """Raise: balances of this backend cannot be corrected."""
        raise NotImplementedError("balances of this backend cannot be corrected")

    def reconcile_adjustment(self, adjustment: Adjustment) -> Reconciled:
        """Raise: balances of this backend cannot be corrected."""
        raise NotImplementedError("balances of this backend cannot be corrected")
