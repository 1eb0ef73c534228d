"""Points that lapse: what may be spent today, which go first, and when new ones lapse."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from cashier_app.domain.member import Account, Lapse, Lot
from cashier_app.domain.program import Program


def spendable(account: Account, today: date) -> Decimal:
    """Return the points that may be used on a day: the balance, or of its lots those that have not lapsed."""
    raise NotImplementedError


def spent_oldest_first(
    account: Account, points: Decimal, today: date
) -> tuple[tuple[Lot, ...], tuple[Lot, ...]]:
    """Return the lots that pay for these points, the soonest to lapse first, and the lots that remain."""
    raise NotImplementedError


def soonest_lapse(account: Account, today: date) -> Lapse | None:
    """Return the points lost next if nothing is used: of the lots, or as the backend said."""
    raise NotImplementedError


def earned_lot(program: Program, points: Decimal, today: date) -> Lot:
    """Return points earned today with their first and last day."""
    raise NotImplementedError
