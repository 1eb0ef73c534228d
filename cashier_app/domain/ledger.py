"""What a backend's own books hold for one sale, as it says when asked."""

from __future__ import annotations

from decimal import Decimal

from msgspec import Struct

from cashier_app.domain.money import Money
from cashier_app.domain.outcome import RetryLater, SignInNeeded, Unknown


class LedgerLine(Struct, frozen=True):
    """One movement.

    Args:
        key: The effect's key, or the backend's own where it moved something by itself.
        kind: The contract's word for it, such as ``reserve``, ``capture`` or ``sale``.
        points: By how much the balance changed; negative when points left it.
        paid: What the customer paid, where the backend's books hold it.
    """

    key: str
    kind: str
    points: Decimal
    paid: Money | None = None


class LedgerRead(Struct, frozen=True):
    """All movements of the sale, in the order they were booked; none when the backend has nothing of it."""

    lines: tuple[LedgerLine, ...]


LedgerAnswer = LedgerRead | RetryLater | SignInNeeded | Unknown
