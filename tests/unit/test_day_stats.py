"""A report says what the events say: worked out here once more, event by event."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import astuple, replace

from cashier_app.domain.figures import FIGURE_NAMES, NO_FIGURES, Figures, Split, Times
from cashier_app.domain.money import Currency
from cashier_app.domain.period import Period, PeriodKind, compared_with, period_of, range_of
from cashier_app.ports.figures import EVERYTHING, Scope
from cashier_app.services.day_stats import DayReport, DayStats, Part
from tests.fakes.clock import FakeClock
from tests.fakes.counter import SETTINGS
from tests.fakes.figures import Event, FakeFigures, times_of

TODAY = date(2026, 11, 21)
NOON = datetime(2026, 11, 21, 9, 2, 41, tzinfo=UTC)
"""14:32:41 in the shop."""
DAY = timedelta(days=1)

POINTS = st.integers(0, 10**7).map(lambda units: Decimal(units).scaleb(-4))
FIGURES = st.fixed_dictionaries(
    {
        name: POINTS if isinstance(getattr(NO_FIGURES, name), Decimal) else st.integers(0, 9)
        for name in FIGURE_NAMES
    }
).map(lambda values: Figures(**values))
EVENTS = st.lists(
    st.builds(
        Event,
        day=st.integers(-80, 3).map(lambda days: TODAY + days * DAY),
        hour=st.integers(0, 23),
        figures=FIGURES,
        staff=st.sampled_from(["", "asha", "meera"]),
        till=st.sampled_from(["2", "3"]),
        tier=st.sampled_from(["", "Gold"]),
        way=st.sampled_from(["", "phone"]),
        currency=st.sampled_from(["INR", "EUR"]),
        tenths=st.none() | st.integers(1, 900),
    ),
    max_size=12,
)
PERIODS = st.one_of(
    st.builds(
        period_of,
        st.sampled_from([PeriodKind.DAY, PeriodKind.WEEK, PeriodKind.MONTH]),
        st.integers(-40, 0).map(lambda days: TODAY + days * DAY),
        st.integers(0, 6),
    ),
    st.builds(
        lambda first, days: range_of(TODAY - first * DAY, TODAY - first * DAY + days * DAY),
        st.integers(0, 40),
        st.integers(0, 45),
    ),
)


def report(
    events: list[Event], period: Period, scope: Scope = EVERYTHING, currency: str = "", now: datetime = NOON
) -> DayReport:
    return DayStats(FakeFigures(events), FakeClock(now), SETTINGS).report(period, scope, currency)


def added(events: list[Event], wanted: Callable[[Event], bool]) -> Figures:
    """Add up by hand, figure by figure."""
    sums: list[int | Decimal] = [getattr(NO_FIGURES, name) for name in FIGURE_NAMES]
    for event in events:
        if wanted(event):
            for place, value in enumerate(astuple(event.figures)):
                sums[place] += value
    return Figures(*sums)


@given(EVENTS, PERIODS, st.sampled_from(["", "2", "3"]), st.sampled_from(["", "EUR"]))
def test_a_report_is_what_happened(events: list[Event], period: Period, till: str, currency: str) -> None:
    found = report(events, period, Scope(till=till), currency)
    counted = [one for one in events if one.currency == (currency or "INR") and till in {"", one.till}]

    def within(one: Event) -> bool:
        return period.first <= one.day <= period.last

    assert found.figures == added(counted, within)
    assert [day.day for day in found.days] == list(period.each_day())
    for day in found.days:
        assert day.figures == added(counted, lambda one, on=day.day: one.day == on)
    for hour in found.hours:
        assert hour.figures == added(counted, lambda one, at=hour.hour: within(one) and one.hour == at)
    assert sum((hour.figures for hour in found.hours), NO_FIGURES) == found.figures
    splits: list[tuple[tuple[Part, ...], Split]] = [
        (found.staff, Split.STAFF),
        (found.tills, Split.TILL),
        (found.tiers, Split.TIER),
        (found.ways, Split.WAY),
    ]
    for parts, split in splits:
        for part in parts:
            expected = added(counted, lambda one, s=split, k=part.key: within(one) and one.part(s) == k)
            assert part.figures == expected
        assert sum((part.figures for part in parts), NO_FIGURES) == found.figures
    for part in found.staff:
        assert part.times == times_of(one for one in counted if within(one) and one.staff == part.key)
    assert found.times == times_of(one for one in counted if within(one))
    figures, rates = found.figures, found.rates
    assert rates.attach_rate == (Fraction(figures.member_sales, figures.sales) if figures.sales else None)


def test_what_stands_on_a_later_day_is_not_compared() -> None:
    tomorrow = Event(TODAY + DAY, 0, Figures(discrepancies=1))
    week = period_of(PeriodKind.WEEK, TODAY, 0)
    assert tomorrow.day <= week.last
    comparison = report([tomorrow], week).comparison
    assert comparison is not None
    assert comparison.now == Figures()


@given(EVENTS, PERIODS, st.integers(0, 23))
def test_both_sides_of_a_comparison_are_counted_alike(events: list[Event], period: Period, hour: int) -> None:
    now = datetime(2026, 11, 21, hour, 32, tzinfo=SETTINGS.zone).astimezone(UTC)
    found = report(events, period, now=now)
    beside, comparison = compared_with(period), found.comparison
    counted = [one for one in events if one.currency == "INR"]
    assert beside is not None
    assert comparison is not None
    assert comparison.period == beside
    unfinished = period.holds(TODAY)
    ends = beside.first + (TODAY - period.first) if unfinished else beside.last
    is_cut = unfinished and ends <= beside.last
    assert comparison.until_hour == (hour if is_cut else None)
    assert comparison.last == min(ends, beside.last)

    def is_now(one: Event) -> bool:
        if not period.first <= one.day <= period.last:
            return False
        return not (is_cut and (one.day > TODAY or (one.day == TODAY and one.hour >= hour)))

    def is_then(one: Event) -> bool:
        if not beside.first <= one.day <= comparison.last:
            return False
        return not (is_cut and one.day == comparison.last and one.hour >= hour)

    assert comparison.now == added(counted, is_now)
    assert comparison.then == added(counted, is_then)
    assert comparison.then_times == times_of(
        one for one in counted if beside.first <= one.day <= comparison.last
    )
    assert comparison.facts.total == added(counted, lambda one: beside.first <= one.day <= beside.last)
    for row in found.hours:
        earlier = added(
            counted, lambda one, at=row.hour: beside.first <= one.day <= beside.last and one.hour == at
        )
        assert row.earlier == earlier
    for day in found.days:
        there = beside.first + (day.day - period.first)
        assert day.earlier_day == (there if there <= beside.last else None)
        if day.earlier_day is not None:
            assert day.earlier == added(counted, lambda one, on=there: one.day == on)


def sold(day: date, hour: int, **more: object) -> Event:
    """Return one sale with a member."""
    return replace(Event(day, hour, Figures(sales=1, member_sales=1, bill=100, paid=100)), **more)


def test_an_empty_day_looks_right() -> None:
    found = report([], period_of(PeriodKind.DAY, TODAY))
    assert found.is_empty
    assert found.is_unfinished
    assert found.hours == found.staff == found.tills == found.tiers == found.ways == ()
    assert len(found.days) == 1
    assert found.rates.attach_rate is None
    assert found.times == Times()
    assert found.offline_minutes is None
    assert found.comparison is not None
    assert found.comparison.is_empty
    assert found.comparison.now_rates.attach_rate is found.comparison.then_rates.attach_rate is None


def test_one_sale() -> None:
    found = report([sold(TODAY, 14, tenths=114, staff="meera")], period_of(PeriodKind.DAY, TODAY))
    assert [(hour.hour, hour.rates.attach_rate) for hour in found.hours] == [(14, 1)]
    assert found.days[0].rates.attach_rate == 1
    assert found.times == Times(114, 114)
    assert found.staff[0].rates.average_bill == 100
    assert found.comparison is not None
    assert found.comparison.now == NO_FIGURES, "the hour is not over"


def test_a_year_of_zeros() -> None:
    found = report([], range_of(TODAY - 364 * DAY, TODAY))
    assert len(found.days) == 365
    assert {day.figures for day in found.days} == {NO_FIGURES}
    assert found.is_empty


def test_the_hours_of_last_saturday_stand_beside_those_to_come() -> None:
    events = [sold(TODAY, 9), sold(TODAY - 7 * DAY, 9), sold(TODAY - 7 * DAY, 20)]
    found = report(events, period_of(PeriodKind.DAY, TODAY))
    assert [hour.hour for hour in found.hours] == list(range(9, 21))
    assert [hour.earlier.sales for hour in found.hours if hour.earlier is not None][::11] == [1, 1]
    assert found.comparison is not None
    assert (found.comparison.now.sales, found.comparison.then.sales) == (1, 1)
    assert found.comparison.facts.total.sales == 2


def test_a_month_longer_than_the_one_before_is_beside_all_of_that() -> None:
    last_of_march = datetime(2026, 3, 31, 9, tzinfo=UTC)
    events = [sold(date(2026, 2, 28), 23), sold(date(2026, 3, 31), 14)]
    found = report(events, period_of(PeriodKind.MONTH, date(2026, 3, 31)), now=last_of_march)
    assert found.comparison is not None
    assert found.comparison.until_hour is None
    assert (found.comparison.now.sales, found.comparison.then.sales) == (1, 1)
    assert [day.earlier_day for day in found.days][-4:] == [date(2026, 2, 28), None, None, None]


def test_what_is_to_come_is_compared_with_nothing() -> None:
    found = report([sold(TODAY, 9)], period_of(PeriodKind.DAY, TODAY + DAY))
    assert found.comparison is None
    assert not found.is_unfinished
    assert found.hours == ()
    assert report([], period_of(PeriodKind.DAY, date.min)).comparison is None


def test_parts_are_sorted_by_sales_with_nobody_last_and_named() -> None:
    events = [sold(TODAY, 9, staff=name) for name in ("", "", "", "b", "a", "c", "c")]
    stats = DayStats(FakeFigures(events, {"a": "Asha", "c": "Chitra"}), FakeClock(NOON), SETTINGS)
    found = stats.report(period_of(PeriodKind.DAY, TODAY))
    assert [(part.key, part.name) for part in found.staff] == [
        ("c", "Chitra"),
        ("a", "Asha"),
        ("b", "b"),
        ("", ""),
    ]


def test_the_shops_day_is_the_shops() -> None:
    late = datetime(2026, 11, 20, 19, 0, tzinfo=UTC)
    assert DayStats(FakeFigures(), FakeClock(late), SETTINGS).today() == TODAY
    west = replace(SETTINGS, zone=ZoneInfo("America/Los_Angeles"))
    assert DayStats(FakeFigures(), FakeClock(late), west).today() == date(2026, 11, 20)


@pytest.mark.parametrize(("code", "decimals"), [("INR", 2), ("KWD", 3), ("JPY", 0), ("EUR", 2)])
def test_another_currency_has_its_own_decimals(code: str, decimals: int) -> None:
    assert report([], period_of(PeriodKind.DAY, TODAY), currency=code).currency == Currency(code, decimals)


def test_a_shop_s_own_decimals_are_kept() -> None:
    shop = replace(SETTINGS, currency=Currency("INR", 0))
    found = DayStats(FakeFigures(), FakeClock(NOON), shop).report(period_of(PeriodKind.DAY, TODAY))
    assert found.currency.decimals == 0


def test_minutes_offline_and_the_source() -> None:
    source = FakeFigures(offline_seconds=1080, stores=("A", "B"))
    stats = DayStats(source, FakeClock(NOON), SETTINGS)
    assert stats.report(period_of(PeriodKind.DAY, TODAY)).offline_minutes == 18
    assert stats.stores() == ("A", "B")
    assert len(source.asked) == 2, "a day is read in two questions"
    stats.report(range_of(TODAY - 364 * DAY, TODAY))
    assert [last - first for first, last, _, _ in source.asked[2:]] == [
        364 * DAY,
        364 * DAY,
        0 * DAY,
        0 * DAY,
    ]
    stats.close()
    assert source.closed
