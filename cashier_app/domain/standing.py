"""Where a member stands among the tiers, before and after this bill."""

from __future__ import annotations

from datetime import date

from msgspec import Struct

from cashier_app.domain.member import Account, TierStanding
from cashier_app.domain.program import Program


class BillCounts(Struct, frozen=True):
    """What this bill adds towards tiers: minor units by each reading of spend, units of points, one visit."""

    paid: int = 0
    bill: int = 0
    net: int = 0
    points_units: int = 0
    visits: int = 1


def standing(
    program: Program, account: Account, today: date, adds: BillCounts | None = None
) -> TierStanding | None:
    """Return the tier held on a day; with `adds`, the tier once this bill counts too.

    A history counts before a qualifying figure, that before the tier the backend named; a tier the backend named is
    returned as it is, for the till cannot know what led to it.
    """
    raise NotImplementedError
