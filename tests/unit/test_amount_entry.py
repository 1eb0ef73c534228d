"""Typing an amount, digit by digit."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cashier_app.domain.amount_entry import MAX_UNIT_DIGITS, AmountEntry
from cashier_app.domain.money import Currency, Money

RUPEE, DINAR, YEN = Currency("INR", 2), Currency("KWD", 3), Currency("JPY", 0)


def typed(keys: str, currency: Currency = RUPEE) -> AmountEntry:
    entry = AmountEntry(currency)
    for key in keys:
        entry = (
            entry.without_last()
            if key == "<"
            else entry.with_point()
            if key == "."
            else entry.with_digit(key)
        )
    return entry


@pytest.mark.parametrize(
    ("keys", "minor"),
    [
        ("", 0),
        ("2360", 236000),
        ("0002360", 236000),
        ("2360.", 236000),
        ("2360.5", 236050),
        ("2360.05", 236005),
        ("2360.059", 236005),
        (".5", 50),
        ("..5", 50),
        ("1.2.3", 123),
        ("0", 0),
        ("2360<", 23600),
        ("1.25<<", 100),
        ("1.25<<<", 100),
        ("1.25<<<<", 0),
        ("<", 0),
    ],
)
def test_the_amount_follows_the_keys(keys: str, minor: int) -> None:
    assert typed(keys).money == Money(minor, RUPEE)


def test_three_decimals_and_none() -> None:
    assert typed("23.75", DINAR).money == Money(23750, DINAR)
    assert typed("1200.50", YEN).money == Money(120050, YEN)
    assert typed("12.", YEN).decimals is None


def test_empty_is_what_nothing_was_typed_into() -> None:
    assert typed("").is_empty
    assert typed("5<").is_empty
    assert not typed(".").is_empty
    assert typed(".<").is_empty


def test_more_digits_than_any_bill_are_ignored() -> None:
    assert typed("9" * 40).units == "9" * MAX_UNIT_DIGITS


@pytest.mark.parametrize("digit", ["", "12", "x", "٣", "²", "-"])
def test_only_one_ascii_digit_is_a_digit(digit: str) -> None:
    with pytest.raises(ValueError, match="one ASCII digit"):
        AmountEntry(RUPEE).with_digit(digit)


@given(keys=st.text("0123456789.<", max_size=40), currency=st.sampled_from([RUPEE, DINAR, YEN]))
def test_any_keys_make_an_amount_and_backspace_ends_at_nothing(keys: str, currency: Currency) -> None:
    entry = typed(keys, currency)
    assert entry.money.minor >= 0
    for _ in range(len(keys) + 1):
        entry = entry.without_last()
    assert entry.is_empty
    assert entry.money == Money(0, currency)
