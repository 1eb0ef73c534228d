"""Rates and averages: exact, absent without a base, and rounded as the module says."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cashier_app.domain.figures import NO_FIGURES, Figures
from cashier_app.domain.rates import RATE_NAMES, decimals_of, minutes_of, nearest, percent_of, rates_of

COUNTS = st.integers(0, 10**9)


def test_nothing_has_no_rates_rather_than_none_percent() -> None:
    rates = rates_of(NO_FIGURES)
    shares = [name for name in RATE_NAMES if getattr(rates, name) is None]
    assert shares == [
        "attach_rate",
        "redeemed_share",
        "redemption_rate",
        "discount_share",
        "average_bill",
        "average_bill_redeemed",
        "average_bill_others",
        "repeat_rate",
        "offline_share",
    ]
    assert rates.without_member == rates.repeat_sales == 0


def test_the_day_of_the_picture() -> None:
    day = Figures(
        sales=63,
        member_sales=41,
        redeemed_sales=17,
        known_sales=40,
        first_sales=3,
        offline_sales=3,
        bill=15_315_000,
        redeemed_bill=6_000_000,
        discount=315_000,
        paid=15_000_000,
        earned=Decimal(1284),
        used=Decimal(3150),
        taken_back=Decimal(12),
        given_back=Decimal("0.5"),
        waiting_earned=Decimal(4),
        waiting_back=Decimal(2),
        refused_used=Decimal(1),
    )
    rates = rates_of(day)
    assert rates.attach_rate == Fraction(41, 63)
    assert rates.without_member == 22
    assert rates.redeemed_share == Fraction(17, 41)
    assert rates.redemption_rate == Fraction(3150, 1284)
    assert rates.discount_share == Fraction(315, 15000)
    assert rates.average_bill == Fraction(15_315_000, 63)
    assert rates.average_bill_redeemed == Fraction(6_000_000, 17)
    assert rates.average_bill_others == Fraction(9_315_000, 46)
    assert (rates.repeat_sales, rates.repeat_rate) == (37, Fraction(37, 40))
    assert rates.offline_share == Fraction(1, 21)
    assert (rates.reversed_points, rates.waiting_points, rates.refused_points) == (Decimal("12.5"), 6, 1)
    assert percent_of(rates.attach_rate) == 65
    assert str(percent_of(rates.discount_share)) == "2.1"


@given(COUNTS, COUNTS, COUNTS)
def test_averages_of_both_kinds_make_up_all(redeemed_bill: int, other_bill: int, redeemed: int) -> None:
    sales = redeemed + 7
    figures = Figures(
        sales=sales, redeemed_sales=redeemed, bill=redeemed_bill + other_bill, redeemed_bill=redeemed_bill
    )
    rates = rates_of(figures)
    with_points = (rates.average_bill_redeemed or Fraction(0)) * redeemed
    assert rates.average_bill is not None
    assert rates.average_bill_others is not None
    expected = rates.average_bill * sales if redeemed else Fraction(other_bill)
    assert with_points + rates.average_bill_others * 7 == expected


@pytest.mark.parametrize(
    ("part", "whole", "shown"),
    [
        (0, 5, "0"),
        (1, 1_000_000, "0.1"),
        (1, 2000, "0.1"),
        (21, 1000, "2.1"),
        (25, 1000, "2.5"),
        (255, 10_000, "2.6"),
        (994, 10_000, "9.9"),
        (996, 10_000, "10"),
        (41, 63, "65"),
        (22, 31, "71"),
        (5, 8, "63"),
        (999, 1000, "99"),
        (1, 1, "100"),
        (3150, 1284, "245"),
        (1001, 1000, "100"),
    ],
)
def test_percent_is_rounded_but_something_is_never_nothing(part: int, whole: int, shown: str) -> None:
    assert f"{percent_of(Fraction(part, whole)):f}" == shown


@given(st.fractions(0, 20, max_denominator=10**6))
def test_percent_stays_within_what_it_shows(share: Fraction) -> None:
    percent = percent_of(share)
    assert (percent == 0) == (share == 0)
    assert (percent >= 100) == (share >= 1)
    limit = Fraction(1, 10) if share * 100 < 10 else 1
    assert abs(Fraction(percent) - share * 100) <= limit


@given(st.fractions(-(10**9), 10**9, max_denominator=1000))
def test_the_nearest_whole_number(amount: Fraction) -> None:
    exact = Decimal(amount.numerator) / Decimal(amount.denominator)
    assert nearest(amount) == int(exact.quantize(Decimal(1), rounding=ROUND_HALF_UP))


def test_minutes_and_decimals() -> None:
    assert [minutes_of(seconds) for seconds in (0, 1, 89, 90, 1080)] == [0, 1, 1, 2, 18]
    assert str(decimals_of(Fraction(41, 63), 6)) == "0.650794"
    assert str(decimals_of(Fraction(1, 2), 0)) == "1"
