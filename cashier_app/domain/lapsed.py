"""Points that expired, as the backend's own books tell it, page by page."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from msgspec import Struct

from cashier_app.domain.outcome import RetryLater, SignInNeeded, Unknown


class LapsedPoints(Struct, frozen=True):
    """Points of one member that expired.

    Args:
        reference: The backend's own name of it, the same whenever it is told.
        points: How many, above zero.
        at: When its books took them, by its own clock, UTC.
    """

    reference: str
    points: Decimal
    at: datetime


class LapsedRead(Struct, frozen=True):
    """One page, in the order it was booked.

    Args:
        after: Where the next page begins; asked for with it, nothing is told twice and nothing left out.
        more: Whether there is a next page already.
    """

    lapsed: tuple[LapsedPoints, ...]
    after: str
    more: bool = False


class PlaceUnknown(Struct, frozen=True):
    """The backend's books do not know where this page begins: they were begun anew."""


LapsedAnswer = LapsedRead | PlaceUnknown | RetryLater | SignInNeeded | Unknown
