"""Points are decimals of a set scale; their smallest units are whole."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cashier_app.domain.points import MAX_SCALE, from_units, to_units


@pytest.mark.parametrize(
    ("points", "scale", "units"),
    [
        ("1240", 0, 1240),
        ("12.5", 1, 125),
        ("12.59", 1, 125),
        ("-0.01", 1, -1),
        ("0", 4, 0),
        ("1E+3", 0, 1000),
    ],
)
def test_units_are_rounded_down(points: str, scale: int, units: int) -> None:
    assert to_units(Decimal(points), scale) == units


@given(units=st.integers(-(10**15), 10**15), scale=st.integers(0, MAX_SCALE))
def test_units_come_back_unchanged(units: int, scale: int) -> None:
    assert to_units(from_units(units, scale), scale) == units
