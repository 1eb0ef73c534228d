"""Ratios become whole numbers, and whole numbers parts that add up."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cashier_app.domain.rounding import Rounding, ratio_of, rounded, shared_out


@pytest.mark.parametrize(
    ("numerator", "floor", "half_up", "half_even", "up"),
    [(0, 0, 0, 0, 0), (4, 1, 1, 1, 1), (5, 1, 1, 1, 2), (6, 1, 2, 2, 2), (10, 2, 3, 2, 3), (14, 3, 4, 4, 4)],
)
def test_quarters_become_whole_numbers(
    numerator: int, floor: int, half_up: int, half_even: int, up: int
) -> None:
    assert rounded(numerator, 4, Rounding.FLOOR) == floor
    assert rounded(numerator, 4, Rounding.HALF_UP) == half_up
    assert rounded(numerator, 4, Rounding.HALF_EVEN) == half_even
    assert rounded(numerator, 4, Rounding.UP) == up


@given(st.integers(0, 10**20), st.integers(1, 10**10), st.sampled_from(Rounding))
def test_rounding_is_never_off_by_one(numerator: int, denominator: int, mode: Rounding) -> None:
    whole = rounded(numerator, denominator, mode)
    assert abs(whole * denominator - numerator) < denominator
    if mode in {Rounding.HALF_UP, Rounding.HALF_EVEN}:
        assert 2 * abs(whole * denominator - numerator) <= denominator
    assert rounded(whole * denominator, denominator, mode) == whole


@pytest.mark.parametrize(
    ("amount", "weights", "parts"),
    [
        (100, [1, 1, 1], [34, 33, 33]),
        (100, [1, 2], [33, 67]),
        (5, [0, 3, 0], [0, 5, 0]),
        (5, [0, 0], [0, 0]),
        (5, [], []),
        (0, [1, 2], [0, 0]),
        (2, [1, 1, 1], [1, 1, 0]),
    ],
)
def test_an_amount_is_shared_out(amount: int, weights: list[int], parts: list[int]) -> None:
    assert shared_out(amount, weights) == parts


@given(st.data(), st.lists(st.integers(0, 10**12), max_size=20))
def test_parts_add_up_and_keep_within_their_weights(data: st.DataObject, weights: list[int]) -> None:
    total = sum(weights)
    amount = data.draw(st.integers(0, total))
    parts = shared_out(amount, weights)
    assert sum(parts) == amount
    for part, weight in zip(parts, weights, strict=True):
        assert 0 <= part <= weight
        assert abs(part * total - amount * weight) < max(total, 1)


def test_a_decimal_is_an_exact_ratio() -> None:
    assert ratio_of(Decimal("0.1")) == (1, 10)
    assert ratio_of(Decimal(12)) == (12, 1)
