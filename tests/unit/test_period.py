"""Periods: neighbours invert each other, and together they cover every day once."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cashier_app.domain.period import (
    MOST_DAYS,
    Period,
    PeriodKind,
    compared_with,
    period_after,
    period_before,
    period_of,
    range_of,
    same_day,
)

DAY = timedelta(days=1)
DAYS = st.dates(date(1995, 1, 1), date(2105, 12, 31))
CALENDAR_KINDS = st.sampled_from([PeriodKind.DAY, PeriodKind.WEEK, PeriodKind.MONTH])


@st.composite
def periods(draw: st.DrawFn) -> Period:
    day = draw(DAYS)
    if draw(st.booleans()):
        return range_of(day, day + draw(st.integers(0, 400)) * DAY)
    return period_of(draw(CALENDAR_KINDS), day, draw(st.integers(0, 6)))


@given(periods())
def test_neighbours_invert_each_other_and_touch(period: Period) -> None:
    after, before = period_after(period), period_before(period)
    assert after is not None
    assert before is not None
    assert period_before(after) == period == period_after(before)
    assert (after.first, before.last) == (period.last + DAY, period.first - DAY)
    assert after.kind is before.kind is period.kind
    if period.kind is not PeriodKind.MONTH:
        assert after.days == before.days == period.days


@given(CALENDAR_KINDS, DAYS, st.integers(0, 6), st.integers(1, 30))
def test_periods_tile_the_calendar(kind: PeriodKind, day: date, first_weekday: int, count: int) -> None:
    period = period_of(kind, day, first_weekday)
    days = list(period.each_day())
    for _ in range(count):
        following = period_after(period)
        assert following is not None
        assert following == period_of(kind, following.first, first_weekday)
        days += following.each_day()
        period = following
    assert days == [days[0] + number * DAY for number in range(len(days))]


@given(periods(), DAYS)
def test_a_period_holds_exactly_its_days(period: Period, day: date) -> None:
    assert period.holds(day) == (day in period.each_day())
    assert len(period.each_day()) == period.days
    assert period.holds(period.first)
    assert period.holds(period.last)
    assert not period.holds(period.last + DAY)


@given(CALENDAR_KINDS, DAYS, st.integers(0, 6))
def test_the_calendar_agrees(kind: PeriodKind, day: date, first_weekday: int) -> None:
    period = period_of(kind, day, first_weekday)
    assert period.holds(day)
    match kind:
        case PeriodKind.DAY:
            assert period.days == 1
        case PeriodKind.WEEK:
            assert (period.days, period.first.weekday()) == (7, first_weekday)
        case _:
            assert period.first.day == 1
            assert (period.last + DAY).day == 1
            assert period.days <= 31


@given(periods())
def test_a_period_is_compared_with_one_before_it(period: Period) -> None:
    beside = compared_with(period)
    assert beside is not None
    if period.kind is PeriodKind.DAY:
        assert beside.first == period.first - 7 * DAY
        assert beside.first.weekday() == period.first.weekday()
    else:
        assert beside == period_before(period)
    assert beside.last < period.first


@given(periods())
def test_days_have_their_places(period: Period) -> None:
    beside = compared_with(period)
    assert beside is not None
    places = [same_day(period, day, beside) for day in period.each_day()]
    found = [day for day in places if day is not None]
    assert found == list(beside.each_day())[: len(found)]
    assert len(found) == min(period.days, beside.days)
    if period.kind is PeriodKind.WEEK:
        assert [day.weekday() for day in found] == [day.weekday() for day in period.each_day()]


def test_months_of_a_leap_year() -> None:
    march = period_of(PeriodKind.MONTH, date(2028, 3, 31))
    february = period_before(march)
    assert february == Period(PeriodKind.MONTH, date(2028, 2, 1), date(2028, 2, 29))
    assert same_day(march, date(2028, 3, 29), february) == date(2028, 2, 29)
    assert same_day(march, date(2028, 3, 30), february) is None
    january = period_after(period_of(PeriodKind.MONTH, date(2027, 12, 5)))
    assert january == period_of(PeriodKind.MONTH, date(2028, 1, 31))


def test_a_range_of_a_day_is_beside_the_day_before() -> None:
    beside = compared_with(range_of(date(2026, 11, 21), date(2026, 11, 21)))
    assert beside == range_of(date(2026, 11, 20), date(2026, 11, 20))
    assert period_of(PeriodKind.RANGE, date(2026, 11, 21)) == range_of(date(2026, 11, 21), date(2026, 11, 21))


def test_the_calendar_ends_without_a_crash() -> None:
    first, last = period_of(PeriodKind.DAY, date.min), period_of(PeriodKind.DAY, date.max)
    assert period_before(first) is None
    assert compared_with(first) is None
    assert period_after(last) is None
    assert period_after(period_of(PeriodKind.MONTH, date.max)) is None
    assert period_before(period_of(PeriodKind.MONTH, date.min)) is None
    assert compared_with(period_of(PeriodKind.MONTH, date.min)) is None
    with pytest.raises(ValueError, match="ordinal"):
        period_of(PeriodKind.WEEK, date.min, 6)


def test_a_range_has_a_beginning_before_its_end_and_a_limit() -> None:
    day = date(2026, 11, 21)
    assert range_of(day, day + (MOST_DAYS - 1) * DAY).days == MOST_DAYS
    for last in (day - DAY, day + MOST_DAYS * DAY):
        with pytest.raises(ValueError, match="1 to 3660 days"):
            range_of(day, last)
