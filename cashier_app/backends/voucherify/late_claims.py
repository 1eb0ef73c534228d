"""Sales told late, once a member claimed them: whose an order is, so that no second one gets it.

Telling an order again changes it, its customer included: it is looked at before.
"""

from __future__ import annotations

from msgspec.structs import replace

from cashier_app.backends.voucherify.cards import Cards, KnownCard
from cashier_app.backends.voucherify.orders import Orders
from cashier_app.domain.outcome import (
    AlreadyApplied,
    MemberFound,
    NotApplied,
    Outcome,
    Reconciled,
    Refused,
    RefusedBecause,
    RetryLater,
    Unknown,
    Unreachable,
)
from cashier_app.domain.sale import Effect


class LateClaims:
    """Safe from any thread; one deadline a call, given by the caller."""

    def __init__(self, orders: Orders, cards: Cards) -> None:
        self._orders, self._cards = orders, cards

    def whose(self, effect: Effect, seconds: float) -> Reconciled:
        """Look a sale up that somebody may have claimed, and whose card it is by now."""
        found, holder = self._orders.claimed(effect, seconds)
        if not isinstance(found, AlreadyApplied):
            return found
        match self._cards.by_customer(holder, seconds):
            case MemberFound(member):
                return AlreadyApplied(replace(found.booked, member_id=member.member_id))
            case Unreachable(reason):
                return RetryLater(reason=reason)
        return Unknown("nobody, or more than one card, is the customer's")

    def before(self, card: KnownCard, effect: Effect, seconds: float) -> Outcome | None:
        """Return what keeps a sale from being told for whoever claims it; None where nothing does."""
        found, holder = self._orders.claimed(effect, seconds)
        match found:
            case NotApplied():
                return None
            case AlreadyApplied() if holder != card.holder:
                return Refused(RefusedBecause.ALREADY_LINKED, "the order is another customer's")
            case Unknown(reason):
                return RetryLater(reason=reason)
        return found
