from __future__ import annotations

import json
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as some

from cashier_app.backends.amounts import (
    MAX_POINTS,
    iso_decimals,
    main_text,
    main_units,
    minor_units,
    of_main_text,
    of_main_units,
    of_minor_units,
    points_of,
    whole_points,
)
from cashier_app.domain.money import MAX_MINOR, Currency, Money

JPY, KWD, INR, CLF = Currency("JPY", 0), Currency("KWD", 3), Currency("INR", 2), Currency("CLF", 4)
IQD = Currency("IQD", 0)  # three decimals by ISO, none in shops
RUPEES = Currency("INR", 0)  # a shop that prices in whole rupees
ODD = [JPY, KWD, INR, CLF, IQD, RUPEES]
MONEY = some.builds(Money, some.integers(-MAX_MINOR, MAX_MINOR), some.sampled_from(ODD))


@pytest.mark.parametrize(
    ("money", "text"),
    [
        (Money(1200, JPY), "1200"),
        (Money(1200, KWD), "1.200"),
        (Money(2360, INR), "23.60"),
        (Money(1, CLF), "0.0001"),
        (Money(250, IQD), "250"),
        (Money(-5, INR), "-0.05"),
        (Money(0, KWD), "0.000"),
        (Money(10**15, JPY), "1000000000000000"),
    ],
)
def test_an_amount_in_main_units(money: Money, text: str) -> None:
    assert main_text(money) == text
    assert main_units(money) == Decimal(text)
    assert of_main_text(text, money.currency) == money


@given(MONEY)
def test_main_units_come_back_as_they_went(money: Money) -> None:
    assert of_main_units(main_units(money), money.currency) == money
    assert of_main_text(main_text(money), money.currency) == money
    assert (
        of_main_units(json.loads(main_text(money), parse_float=Decimal) * Decimal(1), money.currency) == money
    )


@given(MONEY, some.integers(0, 4))
def test_minor_units_of_a_vendor_come_back_or_are_refused(money: Money, decimals: int) -> None:
    """What a vendor calls minor units need not be the till's: Iraqi fils, or hundredths of a yen."""
    try:
        told = minor_units(money, decimals)
    except ValueError:
        assert decimals < money.currency.decimals
        assert money.minor % 10 ** (money.currency.decimals - decimals)
        return
    assert Decimal(told).scaleb(-decimals) == main_units(money)
    assert of_minor_units(told, decimals, money.currency) == money


@pytest.mark.parametrize(
    ("currency", "minor", "told"),
    [
        (JPY, 1200, 1200),
        (KWD, 1200, 1200),
        (INR, 2360, 2360),
        (CLF, 12345, 12345),
        (IQD, 250, 250000),
        (RUPEES, 23, 2300),
    ],
)
def test_minor_units_by_iso(currency: Currency, minor: int, told: int) -> None:
    assert minor_units(Money(minor, currency), iso_decimals(currency.code)) == told
    assert of_minor_units(told, iso_decimals(currency.code), currency) == Money(minor, currency)


@pytest.mark.parametrize(
    ("told", "currency", "exact", "floored"),
    [
        (Decimal("0.5"), JPY, None, Money(0, JPY)),
        (Decimal("1.2345"), KWD, None, Money(1234, KWD)),
        (Decimal("23.605"), INR, None, Money(2360, INR)),
        (Decimal("-0.005"), INR, None, Money(-1, INR)),
        (Decimal("1E+3"), JPY, Money(1000, JPY), Money(1000, JPY)),
        (Decimal("1.00000"), INR, Money(100, INR), Money(100, INR)),
        (Decimal("22.99999999999999999999999999999999"), INR, None, None),
        (Decimal("NaN"), INR, None, None),
        (Decimal("-Infinity"), INR, None, None),
        (Decimal("1E+999999"), INR, None, None),
        (Decimal(10**15), INR, None, None),
        (Decimal(10**13), INR, Money(10**15, INR), Money(10**15, INR)),
    ],
)
def test_what_the_till_cannot_hold_is_no_amount(
    told: Decimal, currency: Currency, exact: Money | None, floored: Money | None
) -> None:
    assert of_main_units(told, currency) == exact
    assert of_main_units(told, currency, floor=True) == floored


@pytest.mark.parametrize(
    ("told", "currency", "raised"),
    [
        (Decimal("0.25"), IQD, 1),
        (Decimal("250.000"), IQD, 250),
        (Decimal("-0.25"), IQD, 0),
        (Decimal("1.2341"), KWD, 1235),
    ],
)
def test_what_must_be_reached_is_rounded_up(told: Decimal, currency: Currency, raised: int) -> None:
    assert of_main_units(told, currency, ceiling=True) == Money(raised, currency)
    assert of_minor_units(int(told.scaleb(4)), 4, currency, ceiling=True) == Money(raised, currency)


@pytest.mark.parametrize(
    "text", ["", "1e3", "NaN", "1,5", " 1", "+1", "1.", ".5", "\u0661", "0x1", "1_000", "9" * 21]
)
def test_text_that_is_no_amount(text: str) -> None:
    assert of_main_text(text, INR) is None
    assert points_of(text, 2) is None


@given(some.decimals(-MAX_POINTS, MAX_POINTS, places=4), some.integers(0, 4))
def test_points_are_exact_or_none(points: Decimal, scale: int) -> None:
    read = points_of(points, scale)
    if points == points.quantize(Decimal(1).scaleb(-scale)):
        assert read == points
        assert read is not None
        assert -read.as_tuple().exponent == scale  # type: ignore[operator]
        assert points_of(f"{read:f}", scale) == read
    else:
        assert read is None


def test_points_that_make_no_sense() -> None:
    assert points_of(Decimal("NaN"), 2) is None
    assert points_of(Decimal("1E+30"), 2) is None
    assert points_of(120, 0) == Decimal(120)
    assert points_of("12.50", 1) == Decimal("12.5")
    assert points_of("12.55", 1) is None


def test_whole_points_only() -> None:
    assert whole_points(Decimal("120.00")) == 120
    with pytest.raises(ValueError, match="whole"):
        whole_points(Decimal("0.5"))


@pytest.mark.parametrize(
    ("code", "decimals"), [("JPY", 0), ("KRW", 0), ("INR", 2), ("USD", 2), ("KWD", 3), ("IQD", 3), ("CLF", 4)]
)
def test_iso_decimals(code: str, decimals: int) -> None:
    assert iso_decimals(code) == decimals
