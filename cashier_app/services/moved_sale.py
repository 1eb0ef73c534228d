"""A sale as it is rung up anew for the member whose it was."""

from __future__ import annotations

from datetime import datetime, tzinfo
from typing import TYPE_CHECKING

from msgspec.structs import replace

from cashier_app.domain.counting import utc_offset_of
from cashier_app.domain.sale import Sale, short_name

if TYPE_CHECKING:
    from cashier_app.services.undoable import Movable


def moved_sale(shown: Movable, now: datetime, zone: tzinfo, staff_id: str) -> Sale:
    """Return the new sale, without its number.

    Args:
        shown: What was shown of it.
        now: When it is rung up, UTC.
        zone: The shop's.
        staff_id: Who does it; empty where nobody signs in.
    """
    before, offer, member = shown.undone.sale, shown.quote, shown.member
    return Sale(
        sale_id=shown.sale_id,
        number="",
        member_id=member.member_id if member else "",
        display_name=short_name(member.name) if member else "",
        way=shown.way,
        bill=before.bill,
        discount=offer.discount,
        paid=offer.to_pay,
        points_used=offer.points_used,
        points_expected=offer.earns,
        at=now,
        program_version=offer.program_version,
        staff_id=staff_id,
        tier=offer.tier.name if offer.tier and member else "",
        utc_offset=utc_offset_of(now, zone),
        moved_from=before.sale_id,
        lines=tuple(replace(line, taken=0) for line in before.lines),
    )
