"""What somebody at the till did besides selling and taking back, and what is counted of it."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from enum import StrEnum

from msgspec import Struct

from cashier_app.domain.points import NO_POINTS


class ActKind(StrEnum):
    """What was done, in the words of the audit log."""

    ENROLLED = "enrolled"
    OVERRIDE = "limit lifted"
    LAPSED = "points lapsed"


class Act(Struct, frozen=True):
    """One such act. It is counted once for its key.

    Not for points used offline with a manager's word: that word stands in the sale's effect and is counted
    with the sale.

    Args:
        key: Made once; the subject of the row in the audit log.
        at: When, UTC.
        utc_offset: Minutes the shop's clock was ahead of UTC then.
        currency: ISO 4217 letters of the shop's own: in whose figures it counts.
        till: The till's number.
        staff_id: Who did it: for an override who lifted the limit; empty where nobody signs in.
        tier: The member's, where there is one.
        way: How the member was identified; empty for no member.
        points: What lapsed; zero for other acts.
        note: For people, such as which limit and why; plain text.
    """

    key: str
    kind: ActKind
    at: datetime
    utc_offset: int
    currency: str
    till: str
    staff_id: str = ""
    tier: str = ""
    way: str = ""
    points: Decimal = NO_POINTS
    note: str = ""
