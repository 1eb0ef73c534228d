"""A day, week, month or range of business days, its neighbours, and what it is compared with."""

from __future__ import annotations

from calendar import monthrange
from datetime import date, timedelta
from enum import StrEnum

from msgspec import Struct

MOST_DAYS = 3660
"""The longest range: ten years."""
_DAY = timedelta(days=1)


class PeriodKind(StrEnum):
    """How long a period is."""

    DAY = "day"
    WEEK = "week"
    MONTH = "month"
    RANGE = "range"


class Period(Struct, frozen=True):
    """Whole business days, the first and the last of them counted.

    Raises:
        ValueError: It ends before it begins, or is longer than `MOST_DAYS`.
    """

    kind: PeriodKind
    first: date
    last: date

    def __post_init__(self) -> None:
        if not 1 <= self.days <= MOST_DAYS:
            raise ValueError(f"a period has 1 to {MOST_DAYS} days")

    @property
    def days(self) -> int:
        """Return how many days it has."""
        return (self.last - self.first).days + 1

    def holds(self, day: date) -> bool:
        """Say whether a day is one of its days."""
        return self.first <= day <= self.last

    def each_day(self) -> tuple[date, ...]:
        """Return its days in order."""
        return tuple(self.first + count * _DAY for count in range(self.days))


def period_of(kind: PeriodKind, day: date, first_weekday: int = 0) -> Period:
    """Return the day, week or month that holds a day; a range is that day alone.

    A week begins with `first_weekday`, 0 for Monday to 6 for Sunday.

    Raises:
        ValueError: The calendar has no such week.
    """
    match kind:
        case PeriodKind.WEEK:
            return _whole(kind, day.toordinal() - (day.weekday() - first_weekday) % 7, 7)
        case PeriodKind.MONTH:
            return _month(day.year, day.month)
        case _:
            return Period(kind, day, day)


def range_of(first: date, last: date) -> Period:
    """Return the days from one to another, both counted.

    Raises:
        ValueError: The last is before the first, or they are further apart than `MOST_DAYS`.
    """
    return Period(PeriodKind.RANGE, first, last)


def period_before(period: Period) -> Period | None:
    """Return the neighbour before, as long as this one; None where the calendar ends."""
    return _neighbour(period, -1)


def period_after(period: Period) -> Period | None:
    """Return the neighbour after; None where the calendar ends. The neighbour before that is this one."""
    return _neighbour(period, 1)


def compared_with(period: Period) -> Period | None:
    """Return what a period is compared with: the same weekday a week before, or the neighbour before."""
    if period.kind is PeriodKind.DAY:
        try:
            return _whole(period.kind, period.first.toordinal() - 7, 1)
        except ValueError:
            return None
    return period_before(period)


def same_day(period: Period, day: date, other: Period) -> date | None:
    """Return the day of another period with the place `day` has in this one; None when that is too short."""
    there = other.first.toordinal() + (day - period.first).days
    return date.fromordinal(there) if there <= other.last.toordinal() else None


def _neighbour(period: Period, step: int) -> Period | None:
    try:
        if period.kind is PeriodKind.MONTH:
            years, month = divmod(period.first.month - 1 + step, 12)
            return _month(period.first.year + years, month + 1)
        return _whole(period.kind, period.first.toordinal() + step * period.days, period.days)
    except (ValueError, OverflowError):
        return None


def _whole(kind: PeriodKind, first: int, days: int) -> Period:
    return Period(kind, date.fromordinal(first), date.fromordinal(first + days - 1))


def _month(year: int, month: int) -> Period:
    first = date(year, month, 1)
    return Period(PeriodKind.MONTH, first, first.replace(day=monthrange(year, month)[1]))
