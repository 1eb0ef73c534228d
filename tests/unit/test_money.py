"""Money is whole minor units of one currency."""

import operator
from collections.abc import Callable

import pytest

from cashier_app.domain.money import Currency, Money, zero

RUPEE = Currency("INR", 2)
DINAR = Currency("KWD", 3)


@pytest.mark.parametrize("code", ["", "IN", "INRR", "inr", "IN1", "ÄÖÜ", "I R"])
def test_a_currency_code_is_three_capital_letters(code: str) -> None:
    with pytest.raises(ValueError, match="three capital letters"):
        Currency(code, 2)


@pytest.mark.parametrize("decimals", [-1, 5])
def test_a_currency_uses_no_to_four_decimals(decimals: int) -> None:
    with pytest.raises(ValueError, match="0 to 4 decimals"):
        Currency("INR", decimals)


@pytest.mark.parametrize(("decimals", "minor"), [(0, 1), (2, 100), (3, 1000), (4, 10000)])
def test_minor_units_in_one_unit(decimals: int, minor: int) -> None:
    assert Currency("IQD", decimals).minor_per_unit == minor


@pytest.mark.parametrize("minor", [1.0, True, "1", None])
def test_only_a_whole_number_is_money(minor: object) -> None:
    with pytest.raises(TypeError, match="whole number"):
        Money(minor, RUPEE)  # type: ignore[arg-type]


def test_sums_differences_and_signs() -> None:
    assert Money(236000, RUPEE) - Money(20000, RUPEE) == Money(216000, RUPEE)
    assert Money(1, RUPEE) + Money(2, RUPEE) == Money(3, RUPEE)
    assert -Money(5, RUPEE) == Money(-5, RUPEE)


def test_order() -> None:
    small, large = Money(1, RUPEE), Money(2, RUPEE)
    assert small < large
    assert small <= large
    assert small <= Money(1, RUPEE)
    assert large > small
    assert large >= small
    assert large >= Money(2, RUPEE)
    assert not large < small
    assert not small > large


@pytest.mark.parametrize(
    "combine",
    [operator.add, operator.sub, operator.lt, operator.le, operator.gt, operator.ge],
)
def test_two_currencies_are_never_combined(combine: Callable[[Money, Money], object]) -> None:
    with pytest.raises(ValueError, match="two currencies"):
        combine(Money(1, RUPEE), Money(1, DINAR))


def test_the_decimals_belong_to_the_currency() -> None:
    with pytest.raises(ValueError, match="two currencies"):
        Money(1, Currency("IQD", 0)) + Money(1, Currency("IQD", 3))


def test_no_money_is_false() -> None:
    assert not zero(RUPEE)
    assert Money(-1, RUPEE)
    assert Money(1, RUPEE)
