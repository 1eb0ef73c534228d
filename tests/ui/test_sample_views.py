"""The sample views say what the pictures say."""

from __future__ import annotations

from decimal import Decimal

import pytest

from cashier_app.domain.money import Money
from tests.ui import sample_views


@pytest.mark.parametrize("name", sorted(sample_views.STATES))
def test_every_state_can_be_made_twice_alike(name: str) -> None:
    assert sample_views.STATES[name]() == sample_views.STATES[name]()


@pytest.mark.parametrize(
    ("name", "discount", "to_pay", "earns", "after"),
    [
        ("offer", 20000, 216000, 21, 1061),
        ("partial", 15000, 221000, 22, 1112),
        ("refused", 0, 115000, 11, 91),
        ("blocked", 0, 98000, 0, 860),
        ("offline", 0, 236000, 23, 1263),
        ("long-values", 12345600, 975308700, 97530, 10838324),
        ("arabic-three-decimals", 4750, 19000, 190, 13842),
    ],
)
def test_the_figures_are_those_of_the_pictures(
    name: str, discount: int, to_pay: int, earns: int, after: int
) -> None:
    answer = sample_views.STATES[name]().quote
    assert answer is not None
    currency = answer.bill.currency
    assert (answer.discount, answer.to_pay) == (Money(discount, currency), Money(to_pay, currency))
    assert (answer.earns, answer.balance_after) == (Decimal(earns), Decimal(after))
