"""A start for adapters: what a backend need not be able to do, so that an adapter states only what it can."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from cashier_app.domain.adjustment import Adjustment
from cashier_app.domain.bill import Bill
from cashier_app.domain.enrolment import EnrolmentAnswer, NewMember
from cashier_app.domain.ledger import LedgerAnswer
from cashier_app.domain.offers import Offers
from cashier_app.domain.outcome import Outcome, Reconciled, Unreachable
from cashier_app.domain.points import NO_POINTS
from cashier_app.domain.sale import Effect, EffectKind, SaleReturn
from cashier_app.ports.loyalty import HoldsAnswer


class PlainRules:
    """Plans of a backend that takes what the till wants as it is, and works out returns by itself."""

    def plan(self, effects: Sequence[Effect]) -> tuple[Effect, ...]:
        """Return the till's effects as they are."""
        return tuple(effects)

    def plan_refund(self, returned: SaleReturn) -> tuple[Effect, ...]:
        """Return one effect that tells what came back."""
        return (returned.effect(EffectKind.REFUND, NO_POINTS, EffectKind.SALE),)


class PlainBackend(PlainRules):
    """What may be asked only where `Capabilities` says so: here it says no, and asking is a bug."""

    @property
    def clock_ahead(self) -> timedelta | None:
        """Return nothing: this backend does not say what time it is."""
        return None

    def options(self, member_id: str, bill: Bill) -> Offers | Unreachable:
        """Raise: this backend does not quote."""
        raise NotImplementedError("this backend does not quote")

    def ledger(self, sale_id: str) -> LedgerAnswer:
        """Raise: the books of this backend cannot be read."""
        raise NotImplementedError("the books of this backend cannot be read")

    def list_holds(self) -> HoldsAnswer:
        """Raise: this backend lists no holds."""
        raise NotImplementedError("this backend lists no holds")

    def enrol(self, new: NewMember) -> EnrolmentAnswer:
        """Raise: this backend takes no new members."""
        raise NotImplementedError("this backend takes no new members")

    def adjust(self, adjustment: Adjustment) -> Outcome:
        """Raise: balances of this backend cannot be corrected."""
        raise NotImplementedError("balances of this backend cannot be corrected")

    def reconcile_adjustment(self, adjustment: Adjustment) -> Reconciled:
        """Raise: balances of this backend cannot be corrected."""
        raise NotImplementedError("balances of this backend cannot be corrected")
