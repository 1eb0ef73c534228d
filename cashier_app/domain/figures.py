"""What is counted of loyalty: figures that add up over hours, days, tills and cashiers.

Every figure here is additive, so that a week is the sum of its days and a store the sum of its tills. What is
not (rates, averages, medians) is worked out from them when it is shown. `docs/figures.md` defines each.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from enum import StrEnum
from itertools import accumulate
from operator import add, sub
from typing import Any

import msgspec
from msgspec import Struct, field

from cashier_app.domain.points import NO_POINTS


class Figures(Struct, frozen=True):
    """Counts, minor units of one currency, and points. Gross rows: nothing is netted.

    Sales count on the day and hour they were finished, returns on those they were taken in, both in the
    shop's time zone; what a backend says later counts where the cashier's act does.

    Args:
        sales: Finished sales, `member_sales` of them with a member, `redeemed_sales` with points or a reward
            used.
        known_sales: Those with a member the till knew by id when it sold.
        first_sales: Of these, the first of their member at this till; in this store, where tills share a
            ledger.
        offline_sales: Sales finished while the backend could not be asked.
        timed_sales: Sales whose time from scan to done is known.
        bill: Before any discount; `redeemed_bill` that of sales with redemption.
        discount: Taken off for points and rewards.
        paid: Revenue of these sales: bill less discount.
        enrolled: New members made at this till.
        earned: Points the backend booked for sales; `waiting_earned` not told to it yet, `refused_earned`
            those that need attention, or were settled as not booked.
        used: Points taken for discounts, with `waiting_used` and `refused_used` alike.
        taken_back: Earned points taken back for returned goods, as far as the till knows them.
        given_back: Used points given back for them.
        waiting_back: Of both, what is not posted yet; `refused_back` what needs attention or was dropped.
        lapsed: Points that expired, where the backend tells.
        returns: Acts of taking goods back; `returned_bill`, `returned_discount` and `returned_paid` are their
            worth.
        voids: Sales undone on the day they were made.
        overrides: Limits a person with the right to lifted.
        corrections: Effects settled by hand.
        discrepancies: Discounts no points paid for, `discrepancy` their worth.
    """

    sales: int = 0
    member_sales: int = 0
    redeemed_sales: int = 0
    known_sales: int = 0
    first_sales: int = 0
    offline_sales: int = 0
    timed_sales: int = 0
    bill: int = 0
    redeemed_bill: int = 0
    discount: int = 0
    paid: int = 0
    enrolled: int = 0
    earned: Decimal = NO_POINTS
    waiting_earned: Decimal = NO_POINTS
    refused_earned: Decimal = NO_POINTS
    used: Decimal = NO_POINTS
    waiting_used: Decimal = NO_POINTS
    refused_used: Decimal = NO_POINTS
    taken_back: Decimal = NO_POINTS
    given_back: Decimal = NO_POINTS
    waiting_back: Decimal = NO_POINTS
    refused_back: Decimal = NO_POINTS
    lapsed: Decimal = NO_POINTS
    returns: int = 0
    returned_bill: int = 0
    returned_discount: int = 0
    returned_paid: int = 0
    voids: int = 0
    overrides: int = 0
    corrections: int = 0
    discrepancies: int = 0
    discrepancy: int = 0

    def __add__(self, other: Figures) -> Figures:
        return figures_of(map(add, _values(self), _values(other)))

    def __sub__(self, other: Figures) -> Figures:
        return figures_of(map(sub, _values(self), _values(other)))


NO_FIGURES = Figures()

FIGURE_NAMES: tuple[str, ...] = Figures.__struct_fields__
POINT_FIGURES: frozenset[str] = frozenset(
    name for name in FIGURE_NAMES if isinstance(getattr(NO_FIGURES, name), Decimal)
)
"""Those in points; all others are whole numbers."""
MONEY_FIGURES: frozenset[str] = frozenset(
    {
        *("bill", "redeemed_bill", "discount", "paid"),
        *("returned_bill", "returned_discount", "returned_paid", "discrepancy"),
    }
)
"""Those in minor units of the currency."""


def figures_of(values: Iterable[Any]) -> Figures:
    """Return figures from their values in the order of `FIGURE_NAMES`."""
    return Figures(*values)


def _values(figures: Figures) -> tuple[Any, ...]:
    return msgspec.structs.astuple(figures)


class Split(StrEnum):
    """By what figures are split up; the parts of each add up to the whole."""

    HOUR = "hour"
    STAFF = "staff"
    TILL = "till"
    TIER = "tier"
    WAY = "way"


class Times(Struct, frozen=True):
    """How long sales took from scan to done, in tenths of a second, by nearest rank; None without any."""

    median: int | None = None
    ninety_fifth: int | None = None


def times_of(sales: Mapping[int, int]) -> Times:
    """Return the times of sales, given how many took how many tenths of a second: nearest rank, exact."""
    total = sum(sales.values())
    if total <= 0:
        return Times()
    ordered = sorted(sales)
    up_to = list(accumulate(map(sales.__getitem__, ordered)))
    return Times(
        ordered[bisect_left(up_to, -(-total // 2))], ordered[bisect_left(up_to, -(-total * 95 // 100))]
    )


class PeriodFigures(Struct, frozen=True):
    """All that is counted of a period.

    Args:
        first: First business day.
        last: Last business day, itself counted.
        currency: Whose minor units these are.
        other_currencies: Currencies sold in besides during the period; asked for by themselves.
        by_day: Days with nothing are left out.
        by: Parts of each split. Hours are ``"0"`` to ``"23"`` in the shop's time; an empty name is nobody,
            no tier or no member.
        times_by_staff: For each cashier.
        offline_seconds: While the backend could not be asked; None where that is not known.
    """

    first: date
    last: date
    currency: str
    total: Figures = NO_FIGURES
    by_day: Mapping[date, Figures] = field(default_factory=dict)
    by: Mapping[Split, Mapping[str, Figures]] = field(default_factory=dict)
    times: Times = Times()
    times_by_staff: Mapping[str, Times] = field(default_factory=dict)
    other_currencies: tuple[str, ...] = ()
    offline_seconds: int | None = None
