"""Figures add up, and times are exact by nearest rank."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import astuple

from cashier_app.domain.figures import FIGURE_NAMES, NO_FIGURES, POINT_FIGURES, Figures, Times, times_of

some_figures = st.builds(
    Figures,
    **{
        name: st.integers(-50, 10**6).map(Decimal) if name in POINT_FIGURES else st.integers(-50, 10**6)
        for name in FIGURE_NAMES
    },
)


@given(some_figures, some_figures)
def test_each_figure_is_added_and_taken_off_by_itself(one: Figures, other: Figures) -> None:
    assert astuple(one + other) == tuple(a + b for a, b in zip(astuple(one), astuple(other), strict=True))
    assert one + other - other == one
    assert one - one == NO_FIGURES
    assert one + NO_FIGURES == one


@given(st.dictionaries(st.integers(0, 3000), st.integers(1, 40), max_size=30))
def test_times_are_those_of_the_sale_in_that_place(sales: dict[int, int]) -> None:
    each = sorted(tenths for tenths, count in sales.items() for _ in range(count))
    if not each:
        assert times_of(sales) == Times()
        return
    at_least = {
        share: next(t for t in each if sum(x <= t for x in each) * 100 >= share * len(each))
        for share in (50, 95)
    }
    assert times_of(sales) == Times(at_least[50], at_least[95])


@pytest.mark.parametrize(
    ("sales", "times"),
    [
        ({}, Times()),
        ({7: 1}, Times(7, 7)),
        ({10: 1, 20: 1}, Times(10, 20)),
        ({10: 95, 900: 5}, Times(10, 10)),
        ({10: 94, 900: 6}, Times(10, 900)),
        ({5: 0, 9: 1}, Times(9, 9)),
    ],
)
def test_times_of_few_sales(sales: dict[int, int], times: Times) -> None:
    assert times_of(sales) == times
