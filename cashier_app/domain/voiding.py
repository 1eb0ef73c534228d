"""Whether a sale may still be undone as if it had never been, or is a return by now."""

from __future__ import annotations

from datetime import datetime, tzinfo
from enum import StrEnum

from msgspec import Struct

from cashier_app.domain.counting import business_hour, till_of
from cashier_app.domain.sale import ReturnReason, Sale, SaleState


class WhyNotVoid(StrEnum):
    """Why a sale cannot be undone any more, the first that holds."""

    NOT_COMMITTED = "not committed"
    OTHER_TILL = "other till"
    UNDONE = "undone"
    RETURNED = "returned"
    OTHER_DAY = "other day"
    DAY_CLOSED = "day closed"
    WHOSE = "whose"
    OTHER_SYSTEM = "other system"


class VoidFacts(Struct, frozen=True):
    """What decides whether a sale may be undone.

    Args:
        sale: As it was recorded.
        state: What its row says it is.
        returned: Why each part of it that came back did; none for a sale nothing of which did.
        till: Where it is to be undone.
        now: When, UTC.
        zone: The shop's: where a business day begins.
        closed_until: When the day was closed last at this till, UTC; None where it never was.
        nameable: Whether the loyalty system can be told whose points it is about.
        here_known: Whether it is in the books of the loyalty system in use.
    """

    sale: Sale
    state: SaleState
    returned: tuple[ReturnReason, ...]
    till: str
    now: datetime
    zone: tzinfo
    closed_until: datetime | None
    nameable: bool = True
    here_known: bool = True


def why_not_void(facts: VoidFacts) -> WhyNotVoid | None:
    """Return why a sale cannot be undone, or None where it can.

    It can on the business day it was made, at the till that made it, as long as nothing of it came back and
    the day was not closed since: figures that were signed do not change.
    """
    sale = facts.sale
    if facts.state is SaleState.ACT or till_of(sale) != facts.till:
        return WhyNotVoid.OTHER_TILL
    if facts.state is not SaleState.COMMITTED:
        return WhyNotVoid.NOT_COMMITTED
    if facts.returned:
        parts = ReturnReason.RETURN in facts.returned
        return WhyNotVoid.RETURNED if parts else WhyNotVoid.UNDONE
    made_on, _ = business_hour(sale.at, sale.utc_offset, facts.zone)
    # By the clock of the sale, so that the hour in which clocks are put back makes no new day.
    today, _ = business_hour(facts.now, sale.utc_offset, facts.zone)
    if made_on != today:
        return WhyNotVoid.OTHER_DAY
    if facts.closed_until is not None and sale.at <= facts.closed_until:
        return WhyNotVoid.DAY_CLOSED
    if not facts.here_known:
        return WhyNotVoid.OTHER_SYSTEM
    return None if facts.nameable else WhyNotVoid.WHOSE
