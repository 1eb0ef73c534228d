"""What an act hangs on, as it is kept."""

from __future__ import annotations

from cashier_app.domain.money import zero
from cashier_app.domain.points import NO_POINTS
from cashier_app.domain.sale import Effect, Sale

QUEUED = "act queued"
"""What the audit log says of each effect that was queued beside a sale, or after it."""


class KeptAct(Sale, frozen=True):
    """What an act hangs on, as it is kept: the facts of another till's sale, or an id and a time.

    Args:
        note: What it is, in the words of the audit log.
        till: This till's number: whose figures it counts in.
    """

    note: str = ""
    till: str = ""


def nothing_sold(act_id: str, first: Effect) -> Sale:
    """Return what stands for a sale where an act is about none."""
    nothing = zero(first.bill.currency)
    return Sale(
        sale_id=act_id,
        number="",
        member_id=first.member_id,
        display_name="",
        way=None,
        bill=nothing,
        discount=nothing,
        paid=nothing,
        points_used=NO_POINTS,
        points_expected=NO_POINTS,
        at=first.at,
        program_version=first.program_version,
        staff_id=first.staff_id,
        utc_offset=first.utc_offset,
    )
