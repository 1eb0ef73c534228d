"""When, where and for whom a rule is asked whether it holds."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from msgspec import Struct

from cashier_app.domain.program.conditions import ALWAYS, Weekday, When
from cashier_app.domain.reasons import (
    NotForMember,
    NotForTier,
    NotInStore,
    NotNow,
    NotPaidWith,
    NotYet,
    Over,
    Unmet,
)

_WEEKDAYS = tuple(Weekday)


class Circumstances(Struct, frozen=True):
    """What conditions are compared with.

    Args:
        at: The moment of the sale in the shop's own time.
        store: Name of the store, or empty.
        tier: Name of the tier the member holds, or empty.
        tags: Tags of the member.
        paid_with: How what is left is paid, such as ``card``, or empty where that is not known.
    """

    at: datetime
    store: str = ""
    tier: str = ""
    tags: tuple[str, ...] = ()
    paid_with: str = ""


def unmet(when: When, now: Circumstances) -> Unmet | None:
    """Return the first condition that does not hold, or None."""
    return None if when is ALWAYS else _another_time(when, now.at) or _elsewhere(when, now)


def _another_time(when: When, at: datetime) -> Unmet | None:
    today = _business_day(when, at)
    if when.starts is not None and today < when.starts:
        return NotYet(when.starts)
    if when.ends is not None and today > when.ends:
        return Over(when.ends)
    if when.weekdays and _WEEKDAYS[today.weekday()] not in when.weekdays:
        return NotNow(when.weekdays, when.from_time, when.until_time)
    if not _within(when, at.time()):
        return NotNow(when.weekdays, when.from_time, when.until_time)
    return None


def _elsewhere(when: When, now: Circumstances) -> Unmet | None:
    if when.stores and now.store not in when.stores:
        return NotInStore(when.stores)
    if when.paid_with and now.paid_with not in when.paid_with:
        return NotPaidWith(when.paid_with)
    if when.tiers and now.tier not in when.tiers:
        return NotForTier(when.tiers)
    if when.member_tags and not set(when.member_tags) & set(now.tags):
        return NotForMember()
    if set(when.except_member_tags) & set(now.tags):
        return NotForMember()
    return None


def _within(when: When, clock: time) -> bool:
    start, end = when.from_time or time.min, when.until_time
    if end is None:
        return clock >= start
    return start <= clock < end if start < end else clock >= start or clock < end


def _business_day(when: When, at: datetime) -> date:
    """Return the day a moment belongs to: hours after midnight belong to the evening they continue."""
    start, end = when.from_time, when.until_time
    past_midnight = start is not None and end is not None and end <= start and at.time() < end
    return at.date() - timedelta(days=1) if past_midnight and at.date() > date.min else at.date()
