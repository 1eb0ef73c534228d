"""What a sale earns, to the last unit of points."""

from __future__ import annotations

from decimal import Decimal

from msgspec import Struct

from cashier_app.domain.basket import Basket
from cashier_app.domain.circumstances import Circumstances
from cashier_app.domain.member import NEVER_USED, Usage
from cashier_app.domain.points import NO_POINTS
from cashier_app.domain.program import Program
from cashier_app.domain.reasons import Period


class EarningSale(Struct, frozen=True):
    """A sale as earning sees it.

    Args:
        basket: The bill, with what points and rewards took off each line (`Basket.taken`).
        now: When, where, and for whom; `tier` is the tier the sale earns by.
        stored_value: Minor units paid from store credit and gift balance.
        redeemed: Whether points or a reward were used.
        before: What the member earned before, in the day, week, month and year of the sale, and ever.
    """

    basket: Basket
    now: Circumstances
    stored_value: int = 0
    redeemed: bool = False
    before: Usage = NEVER_USED


class Earned(Struct, frozen=True):
    """Points a sale earns; `capped_by` names the while whose maximum cut them, or None."""

    points: Decimal = NO_POINTS
    capped_by: Period | None = None
    capped_on_bill: bool = False


def points_earned(program: Program, sale: EarningSale) -> Earned:
    """Return what a sale earns, in points of the program's scale."""
    raise NotImplementedError
