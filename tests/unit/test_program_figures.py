"""Figures of a document are exact, bounded and plain, whatever stands there."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cashier_app.domain.money import MAX_MINOR
from cashier_app.domain.program.conditions import When
from cashier_app.domain.program.figures import (
    Amount,
    ExactPoints,
    Factor,
    Percent,
    Points,
    Rate,
    Threshold,
    read_figure,
)

KINDS = [Amount, ExactPoints, Points, Rate, Percent, Factor, Threshold]
FIGURES = st.one_of(
    st.integers(),
    st.decimals(),
    st.decimals(min_value=0, max_value=2000, places=3),
    st.text(alphabet="0123456789.-+eE_ ٣", max_size=40),
    st.from_regex(r"[0-9]{1,18}(\.[0-9]{1,14})?", fullmatch=True),
    st.floats(),
    st.booleans(),
    st.none(),
    st.lists(st.integers(), max_size=1),
)


@pytest.mark.parametrize(
    ("kind", "written", "figure"),
    [
        (Amount, "12.50", 1250),
        (Amount, Decimal("12.5"), 1250),
        (Amount, 12, 1200),
        (Amount, "0", 0),
        (Amount, "10000000000000", MAX_MINOR),
        (Amount, Decimal("1E+2"), 10_000),
        (Amount, Decimal("12.500000000000000000000"), 1250),
        (Points, "2.5", Decimal("2.5")),
        (ExactPoints, "0.00000001", Decimal("0.00000001")),
        (Points, Decimal("1E+12"), Decimal(10**12)),
        (Rate, "0.00000001", Decimal("0.00000001")),
        (Percent, 1000, Decimal(1000)),
        (Percent, "0.000001", Decimal("0.000001")),
        (Factor, "1.250", Decimal("1.25")),
        (Threshold, Decimal("-0.0"), Decimal(0)),
    ],
)
def test_a_figure_is_what_is_written(kind: type[Any], written: object, figure: Decimal) -> None:
    read = read_figure(kind, written, 2, 1)
    assert type(read) is kind
    assert read == figure


@pytest.mark.parametrize(
    ("kind", "written"),
    [
        (Amount, "12.505"),
        (Amount, -1),
        (Amount, MAX_MINOR),
        (Amount, True),
        (Amount, 0.5),
        (Amount, None),
        (Amount, ""),
        (Amount, "1,50"),
        (Amount, "١٢"),
        (Amount, "1e3"),
        (Amount, "12\n"),
        (Amount, Decimal("12.5" + "0" * 40 + "1")),
        (Amount, Decimal("1e-999999999")),
        (Points, "1.25"),
        (Points, 10**12 + 1),
        (Points, 10**5000),
        (Points, Decimal("1e999999999")),
        (Points, Decimal("NaN")),
        (Points, Decimal("sNaN")),
        (Points, Decimal("Infinity")),
        (Points, Decimal("1." + "1" * 5000)),
        (Rate, 0),
        (Rate, "0.000000001"),
        (Rate, Decimal("1e13") + 1),
        (Percent, 1001),
        (Percent, "0.0000001"),
        (Factor, -1),
        (Threshold, "0.000000001"),
    ],
    ids=lambda each: each.__name__ if isinstance(each, type) else "",
)
def test_anything_else_is_refused(kind: type[Any], written: object) -> None:
    with pytest.raises(ValueError, match="Expected "):
        read_figure(kind, written, 2, 1)


def outcome(kind: type[Any], written: object, decimals: int, scale: int) -> Amount | Decimal | str:
    try:
        return read_figure(kind, written, decimals, scale)
    except ValueError as error:
        return str(error)


@given(st.sampled_from(KINDS), FIGURES, st.integers(0, 4), st.integers(0, 4))
def test_a_figure_is_plain_and_equal_to_what_is_written(
    kind: type[Any], written: object, decimals: int, scale: int
) -> None:
    figure = outcome(kind, written, decimals, scale)
    if isinstance(figure, str):
        assert figure.startswith("Expected ")
        return
    assert not isinstance(written, bool | float | None)
    exact = Decimal(str(written))
    if isinstance(figure, Amount):
        assert figure == exact * 10**decimals
        return
    assert figure == exact
    sign, digits, exponent = figure.as_tuple()
    assert sign == 0
    assert isinstance(exponent, int)
    assert -8 <= exponent <= 0
    assert exponent == 0 or digits[-1] != 0


@pytest.mark.parametrize(
    ("first", "second"),
    [("1.50", "1.5"), ("1.0", "1"), ("0.00", "0")],
)
def test_the_same_figure_written_otherwise_is_the_same_rule(first: str, second: str) -> None:
    assert repr(read_figure(Factor, first, 2, 0)) == repr(read_figure(Factor, second, 2, 0))


def test_conditions_that_ask_nothing_are_alike() -> None:
    assert When() == When(tiers=(), weekdays=())
    assert len({When(), When()}) == 1
