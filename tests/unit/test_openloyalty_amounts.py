from __future__ import annotations

from decimal import Decimal

import pytest

from cashier_app.backends.openloyalty.values import StrangeAnswerError, money_of
from cashier_app.domain.money import Currency, Money

IQD, KWD, INR = Currency("IQD", 0), Currency("KWD", 3), Currency("INR", 2)


@pytest.mark.parametrize(
    ("told", "currency", "down", "up"),
    [
        ("250.750", IQD, 250, 251),
        ("12.3451", KWD, 12345, 12346),
        ("23.60", INR, 2360, 2360),
        ("-0.005", INR, -1, 0),
    ],
)
def test_money_in_the_main_unit(told: str, currency: Currency, down: int, up: int) -> None:
    assert money_of(Decimal(told), currency) == Money(down, currency)
    assert money_of(Decimal(told), currency, ceiling=True) == Money(up, currency)


@pytest.mark.parametrize("told", ["NaN", "Infinity", "1E+12", "1E+999999", "1." + "9" * 27])
def test_money_nobody_has(told: str) -> None:
    with pytest.raises(StrangeAnswerError):
        money_of(Decimal(told), INR)


def test_more_than_the_till_counts() -> None:
    with pytest.raises(StrangeAnswerError, match="amount"):
        money_of(Decimal(999_999_999_999), Currency("CLF", 4))
