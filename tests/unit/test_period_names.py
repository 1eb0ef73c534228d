"""What periods are called, what they stand beside, and how their figures are written."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from fractions import Fraction

import pytest

from cashier_app.domain.figures import Figures
from cashier_app.domain.money import Currency
from cashier_app.domain.period import Period, PeriodKind, period_of, range_of
from cashier_app.services.day_stats import DayStats
from cashier_app.wording.day import figure_tiles
from cashier_app.wording.figure_definitions import figure_words
from cashier_app.wording.figure_values import Unit, Value, value_text
from cashier_app.wording.figures import Figures as RegionFigures
from cashier_app.wording.period_names import beside, first_weekday, period_name
from tests.fakes.clock import FakeClock
from tests.fakes.counter import SETTINGS
from tests.fakes.figures import Event, FakeFigures
from tests.unit.wording_shown import WORDING

TODAY = date(2026, 11, 21)
NOW = datetime(2026, 11, 21, 9, 2, tzinfo=UTC)
SOLD = Figures(sales=1)


@pytest.mark.parametrize(
    ("locale", "weekday"), [("en_IN", 6), ("de_DE", 0), ("ar_KW", 5), ("en_GB", 0), ("en_US", 6), ("xx", 0)]
)
def test_a_week_begins_as_it_does_there(locale: str, weekday: int) -> None:
    assert first_weekday(locale) == weekday


@pytest.mark.parametrize(
    ("period", "name"),
    [
        (period_of(PeriodKind.DAY, TODAY), "Saturday 21 November"),
        (period_of(PeriodKind.DAY, date(2025, 11, 21)), "Friday 21 November, 2025"),
        (period_of(PeriodKind.WEEK, TODAY, 6), "15 Nov to 21 Nov"),
        (period_of(PeriodKind.WEEK, date(2026, 1, 1), 0), "29 Dec 2025 to 4 Jan"),
        (period_of(PeriodKind.MONTH, TODAY), "November 2026"),
        (range_of(date(2026, 11, 1), date(2026, 11, 15)), "1 Nov to 15 Nov"),
        (range_of(TODAY, TODAY), "Saturday 21 November"),
    ],
)
def test_periods_have_names(period: Period, name: str) -> None:
    assert period_name(period, WORDING, TODAY).full == name


@pytest.mark.parametrize(
    ("locale", "name"),
    [
        ("en_US", "Saturday November 21"),
        ("de_DE", "Samstag 21. November"),
        ("hi_IN", "शनिवार 21 नवंबर"),
        ("ar_KW", "السبت 21 نوفمبر"),
    ],
)
def test_a_day_in_full_is_written_as_the_region_does(locale: str, name: str) -> None:
    assert RegionFigures(locale, UTC).full_day(TODAY) == name
    assert "2026" in RegionFigures(locale, UTC).full_day(TODAY, date(2027, 1, 1))


@pytest.mark.parametrize(
    ("period", "sold", "full", "short"),
    [
        (
            period_of(PeriodKind.DAY, TODAY),
            date(2026, 11, 14),
            "Until 14:32, beside Sat 14 Nov, both up to 14:00",
            "Until 14:32, beside Sat 14 Nov",
        ),
        (
            period_of(PeriodKind.WEEK, TODAY, 6),
            date(2026, 11, 9),
            "Until 14:32, beside 8 Nov to 14 Nov, both up to 14:00",
            "Until 14:32, beside 8 Nov to 14 Nov",
        ),
        (
            period_of(PeriodKind.MONTH, TODAY),
            date(2026, 10, 9),
            "Until 14:32, beside 1 Oct to 21 Oct, both up to 14:00",
            "Until 14:32, beside 1 Oct to 21 Oct",
        ),
        (period_of(PeriodKind.DAY, date(2026, 11, 20)), date(2026, 11, 13), "Beside Fri 13 Nov", None),
        (period_of(PeriodKind.MONTH, date(2026, 10, 9)), date(2026, 9, 3), "Beside September 2026", None),
        (
            range_of(date(2026, 11, 6), date(2026, 11, 10)),
            date(2026, 11, 3),
            "Beside 1 Nov to 5 Nov",
            None,
        ),
        (period_of(PeriodKind.DAY, TODAY), TODAY, "Until 14:32, nothing to compare with yet", None),
        (period_of(PeriodKind.DAY, date(2026, 11, 20)), TODAY, "Nothing to compare with", None),
    ],
)
def test_what_a_period_stands_beside(period: Period, sold: date, full: str, short: str | None) -> None:
    source = FakeFigures([Event(sold, 9, SOLD)])
    report = DayStats(source, FakeClock(NOW), SETTINGS).report(period)
    words = beside(report, WORDING)
    assert (words.full, words.short) == (full, short or full)


def test_a_month_longer_than_the_one_before_says_no_hour() -> None:
    source = FakeFigures([Event(date(2026, 2, 3), 9, SOLD)])
    clock = FakeClock(datetime(2026, 3, 31, 9, 2, tzinfo=UTC))
    report = DayStats(source, clock, SETTINGS).report(period_of(PeriodKind.MONTH, date(2026, 3, 31)))
    assert beside(report, WORDING).full == "Until 14:32, beside February 2026"


@pytest.mark.parametrize(
    ("value", "unit", "written"),
    [
        (None, Unit.SHARE, "–"),  # noqa: RUF001 - a dash is meant
        (1284, Unit.COUNT, "1,284"),
        (Fraction(315_000), Unit.MONEY, "₹3,150.00"),
        (Fraction(100_001, 2), Unit.MONEY, "₹500.01"),
        (Decimal("12.5"), Unit.POINTS, "12.5"),
        (Fraction(41, 63), Unit.SHARE, "65%"),
        (Fraction(21, 1000), Unit.SHARE, "2.1%"),
        (114, Unit.TENTHS, "11.4 s"),
        (240, Unit.TENTHS, "24.0 s"),
        (0, Unit.SECONDS, "0 min"),
        (1080, Unit.SECONDS, "18 min"),
        (7500, Unit.SECONDS, "2 h 05 min"),
    ],
)
def test_figures_are_written(value: Value, unit: Unit, written: str) -> None:
    assert value_text(value, unit, Currency("INR", 2), WORDING) == written


def test_a_tile_says_both_sides_while_an_hour_is_not_over() -> None:
    today = [Event(TODAY, 13, Figures(earned=Decimal(1150))), Event(TODAY, 14, Figures(earned=Decimal(134)))]
    before = [Event(date(2026, 11, 14), hour, Figures(earned=Decimal(1178))) for hour in (13, 14)]
    period = period_of(PeriodKind.DAY, TODAY)
    for events, said in (([*today, *before], "1,150 from 1,178"), ([today[0], *before], "from 1,178")):
        report = DayStats(FakeFigures(events), FakeClock(NOW), SETTINGS).report(period)
        tile = next(one for one in figure_tiles(report, WORDING) if one.name == "earned")
        assert tile.before is not None
        assert (tile.before.full, tile.icon) == (said, "arrow-down")


def test_a_definition_in_full() -> None:
    assert figure_words("attach_rate", WORDING).full == (
        "Of all sales, how many were made with a member: sales with a member ÷ sales."
    )
    earned = "Coins booked for sales, those claimed later with the sale, on its day."
    assert figure_words("earned", WORDING).full == earned
