"""A discount the customer had and no points paid for: what it cost the shop, and why."""

from __future__ import annotations

from datetime import datetime

from msgspec import Struct

from cashier_app.domain.money import Money


class Discrepancy(Struct, frozen=True):
    """One loss. The sale stands, the customer is never charged again.

    Args:
        key: The effect that was not booked.
        number: The sale's number, for people.
        loss: The discount given.
        because: Why, in the words of the log.
        at: When it was found out, UTC.
    """

    key: str
    sale_id: str
    number: str
    member_id: str
    loss: Money
    because: str
    at: datetime
