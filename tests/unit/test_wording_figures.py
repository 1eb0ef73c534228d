"""Amounts, points, times and days as a region writes them."""
# ruff: noqa: RUF001 - the true minus and the marks of other regions are what is tested

import time
from datetime import UTC, date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from babel.localedata import locale_identifiers
from babel.numbers import format_currency
from hypothesis import given
from hypothesis import strategies as st

from cashier_app.domain.amount_entry import AmountEntry
from cashier_app.domain.money import Currency, Money
from cashier_app.wording import CurrencyDisplay, Figures, Hours

INR = Currency("INR", 2)
KWD = Currency("KWD", 3)
JPY = Currency("JPY", 0)
EUR = Currency("EUR", 2)
IQD_IN_SHOPS = Currency("IQD", 0)
INDIA = Figures("en_IN", ZoneInfo("Asia/Kolkata"), hours=Hours.TWENTY_FOUR)
KUWAIT = Figures("en_KW", ZoneInfo("Asia/Kuwait"))
NB = "\N{NO-BREAK SPACE}"


def figures(locale: str) -> Figures:
    return Figures(locale, UTC)


@pytest.mark.parametrize(
    ("locale", "minor", "currency", "expected"),
    [
        ("en_IN", 23600000, INR, "₹2,36,000.00"),
        ("en_IN", 11840000, INR, "₹1,18,400.00"),
        ("en_IN", 0, INR, "₹0.00"),
        ("en_IN", 5, INR, "₹0.05"),
        ("en_IN", -20000, INR, "−₹200.00"),
        ("en_KW", 23750, KWD, f"KWD{NB}23.750"),
        ("ar_KW", 23750, KWD, f"KWD{NB}23.750"),
        ("ar_KW", -23750, KWD, f"−KWD{NB}23.750"),
        ("fa_IR", 123456789, EUR, "€1,234,567.89"),
        ("ja_JP", 1234567, JPY, "￥1,234,567"),
        ("en", 1234567, IQD_IN_SHOPS, f"IQD{NB}1,234,567"),
        ("de_DE", 236050, EUR, f"2.360,50{NB}€"),
        ("de_CH", 236050, Currency("CHF", 2), f"CHF{NB}2’360.50"),
        ("nl_NL", 236050, EUR, "€2.360,50"),
        ("pl_PL", 1236050, Currency("PLN", 2), f"12{NB}360,50{NB}zł"),
        ("pt_BR", 1236050, Currency("BRL", 2), "R$12.360,50"),
        ("xx_YY", 100000, EUR, "€1,000.00"),
    ],
)
def test_money_is_written_as_the_region_does(
    locale: str, minor: int, currency: Currency, expected: str
) -> None:
    assert figures(locale).money(Money(minor, currency)) == expected


def test_digits_are_latin_everywhere() -> None:
    for locale in ("ar_KW", "ar_EG", "fa_IR", "mr_IN", "hi_IN", "ne_NP", "my_MM"):
        region = figures(locale)
        shown = region.money(Money(1234567890, EUR)) + region.points(Decimal("12345.5")) + region.percent(65)
        assert all(character.isascii() for character in shown if character.isdigit()), locale


@given(
    st.sampled_from(["en_IN", "en_US", "en_GB", "de_DE", "ja_JP", "hi_IN", "es_MX", "it_IT", "tr_TR"]),
    st.integers(-(10**13), 10**13),
)
def test_money_agrees_with_babel_but_for_minus_and_spaces(locale: str, minor: int) -> None:
    written = format_currency(Decimal(minor).scaleb(-2), "EUR", locale=locale)
    ours = figures(locale).money(Money(minor, EUR))
    assert ours.replace(NB, "") == written.replace("-", "−").replace(NB, "")


def test_every_locale_there_is_can_write_an_amount_and_a_day() -> None:
    at = datetime(2026, 11, 20, 14, 2, tzinfo=UTC)
    for locale in locale_identifiers():
        region = figures(locale)
        shown = region.money(Money(-123456, EUR))
        assert shown.startswith("−"), locale
        assert "".join(filter(str.isdecimal, shown)) == "123456", locale
        assert region.day(at.date()), locale
        assert region.moment(at, at.replace(year=2027)), locale
        assert region.spoken_money(Money(123456, EUR)), locale


def test_short_money_drops_only_decimals_that_are_zero() -> None:
    assert INDIA.money_short(Money(20000, INR)) == "₹200"
    assert INDIA.money_short(Money(20050, INR)) == "₹200.50"
    assert KUWAIT.money_short(Money(4750, KWD)) == f"KWD{NB}4.750"
    assert KUWAIT.money_short(Money(4000, KWD)) == f"KWD{NB}4"


def test_tight_money_drops_a_letter_code_but_not_a_sign() -> None:
    assert INDIA.money_tight(Money(20000, INR)) == "₹200"
    assert KUWAIT.money_tight(Money(4750, KWD)) == "4.750"
    assert KUWAIT.money_tight(Money(-4750, KWD)) == "−4.750"


def test_signed_amounts_say_their_sign() -> None:
    assert INDIA.signed_money(Money(-20000, INR)) == "−₹200.00"
    assert INDIA.signed_money(Money(2100, INR)) == "+₹21.00"
    assert INDIA.signed_money(Money(0, INR)) == "₹0.00"
    assert INDIA.signed_points(Decimal(21)) == "+21"
    assert INDIA.signed_points(Decimal(-200)) == "−200"
    assert INDIA.signed_points(Decimal(0)) == "0"


def test_currency_codes_can_be_asked_for() -> None:
    coded = Figures("en_IN", UTC, currency_display=CurrencyDisplay.CODE)
    assert coded.money(Money(236000, INR)) == f"INR{NB}2,360.00"
    assert coded.money_tight(Money(236000, INR)) == "2,360"


@pytest.mark.parametrize(
    ("points", "expected"),
    [
        ("1240", "1,240"),
        ("10864250", "1,08,64,250"),
        ("0.50", "0.50"),
        ("0.500", "0.5"),
        ("12.40", "12.40"),
        ("12.00", "12"),
        ("1E3", "1,000"),
        ("-1240.25", "−1,240.25"),
    ],
)
def test_points_have_only_the_decimals_they_need(points: str, expected: str) -> None:
    assert INDIA.points(Decimal(points)) == expected


def test_percent_and_counts() -> None:
    assert INDIA.percent(65) == "65%"
    assert figures("de_DE").percent(65) == f"65{NB}%"
    assert INDIA.count(123456) == "1,23,456"
    assert INDIA.count(-3) == "−3"


def test_time_is_told_in_the_shops_zone() -> None:
    at = datetime(2026, 11, 20, 9, 2, 41, tzinfo=UTC)
    assert INDIA.time(at) == "14:32"
    assert INDIA.time_with_seconds(at) == "14:32:41"


def test_the_region_decides_between_12_and_24_hours() -> None:
    at = datetime(2026, 11, 20, 14, 2, 41, tzinfo=UTC)
    assert figures("de_DE").time(at) == "14:02"
    assert figures("en_US").time(at) == "2:02\N{NARROW NO-BREAK SPACE}PM"
    assert figures("en_US").time_with_seconds(at) == "2:02:41\N{NARROW NO-BREAK SPACE}PM"
    assert Figures("de_DE", UTC, hours=Hours.TWELVE).time(at) == "2:02 PM"


def test_a_moment_of_another_day_says_the_day() -> None:
    now = datetime(2026, 11, 20, 9, 2, tzinfo=UTC)
    assert INDIA.moment(datetime(2026, 11, 20, 8, 32, tzinfo=UTC), now) == "14:02"
    assert INDIA.moment(datetime(2026, 11, 19, 8, 32, tzinfo=UTC), now) == "19 Nov 14:02"
    assert INDIA.moment(datetime(2025, 11, 19, 8, 32, tzinfo=UTC), now) == "19 Nov 2025 14:02"
    # 23:30 on the day before in the shop's zone, though the same day in UTC.
    assert INDIA.moment(
        datetime(2026, 11, 20, 18, 0, tzinfo=UTC), datetime(2026, 11, 20, 19, 0, tzinfo=UTC)
    ) == ("20 Nov 23:30")


def test_days() -> None:
    friday = date(2026, 11, 27)
    assert INDIA.day(friday) == "Fri 27 Nov"
    assert KUWAIT.day(friday) == "Fri 27 Nov"
    assert figures("en_US").day(friday) == "Fri Nov 27"
    assert figures("ar_KW").day(friday) == "الجمعة 27 نوفمبر"
    assert INDIA.short_day(date(2026, 11, 19)) == "19 Nov"
    assert INDIA.short_day(date(2025, 11, 19), date(2026, 11, 20)) == "19 Nov 2025"


@pytest.mark.parametrize(
    ("entry", "typed", "dim"),
    [
        (AmountEntry(INR), "₹0", ".00"),
        (AmountEntry(INR, "2360"), "₹2,360", ".00"),
        (AmountEntry(INR, "2360", ""), "₹2,360.", "00"),
        (AmountEntry(INR, "2360", "5"), "₹2,360.5", "0"),
        (AmountEntry(INR, "", "05"), "₹0.05", ""),
        (AmountEntry(JPY, "2360"), "JP¥2,360", ""),
        (AmountEntry(KWD, "23", "750"), f"KWD{NB}23.750", ""),
    ],
)
def test_untyped_decimals_are_apart(entry: AmountEntry, typed: str, dim: str) -> None:
    assert INDIA.typed_amount(entry) == (typed, dim)


def test_a_typed_discount_has_its_minus() -> None:
    assert INDIA.typed_amount(AmountEntry(INR, "150"), minus=True) == ("−₹150", ".00")


def test_a_currency_written_last_is_not_the_caret_s_business() -> None:
    assert figures("de_DE").typed_amount(AmountEntry(EUR, "2360")) == ("2.360", f",00{NB}€")


@given(st.integers(0, 10**12), st.sampled_from([INR, KWD, JPY]))
def test_typed_and_dim_together_are_the_amount(units: int, currency: Currency) -> None:
    entry = AmountEntry(currency, str(units).lstrip("0")[:10])
    typed, dim = INDIA.typed_amount(entry)
    assert typed + dim == INDIA.money(entry.money)


def test_spoken_money_uses_the_name_of_the_currency() -> None:
    assert INDIA.spoken_money(Money(216000, INR)) == "2,160 rupees"
    assert INDIA.spoken_money(Money(100, INR)) == "1 rupee"
    assert INDIA.spoken_money(Money(216050, INR)) == "2,160.50 rupees"
    assert KUWAIT.spoken_money(Money(4750, KWD)) == "4.750 dinars"
    assert figures("de_DE").spoken_money(Money(216000, EUR)) == "2.160 Euro"


def test_money_costs_less_than_a_keystroke_can_notice() -> None:
    amount = Money(123456700, INR)
    INDIA.money(amount)
    best = min(_microseconds_each(amount) for _ in range(5))
    assert best < 30


def _microseconds_each(amount: Money) -> float:
    started = time.perf_counter()
    for _ in range(500):
        INDIA.money(amount)
    return (time.perf_counter() - started) / 500 * 1e6
