"""A correction of a balance by hand."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from msgspec import Struct


class Adjustment(Struct, frozen=True):
    """Points given to or taken from a member, outside any sale.

    Args:
        key: Made once, sent with every attempt: a UUIDv7.
        points: Above zero to give, below to take; never zero.
        reason: For the backend's books, at most 200 characters; no phone numbers.
        by: Who decided it, as typed.
        at: When, UTC.
    """

    key: str
    member_id: str
    points: Decimal
    reason: str
    by: str
    at: datetime

    def __post_init__(self) -> None:
        if not self.points:
            raise ValueError("an adjustment moves points")
