"""Goods that come back: which points go, which return, and how much money.

All figures are totals over everything returned so far, minus the totals before this return; so any series of
returns adds up to the whole return to the last unit.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction

from msgspec import Struct, field
from msgspec.structs import replace

from cashier_app.domain.basket import Basket
from cashier_app.domain.bill import Bill, Line
from cashier_app.domain.circumstances import Circumstances
from cashier_app.domain.earning import EarningSale, points_earned
from cashier_app.domain.member import NEVER_USED, RewardUse, Usage
from cashier_app.domain.money import Money, zero
from cashier_app.domain.points import NO_POINTS, from_units, to_units
from cashier_app.domain.program import Program
from cashier_app.domain.program.tiers import Below, GivenBack, TakenBack
from cashier_app.domain.returned import (
    MoreThanSold,
    NoSuchLine,
    NothingReturned,
    RefundRefusal,
    Rest,
    Rests,
    Returned,
    ReturnedLine,
    all_back,
    exact_quantity,
    left_after,
)
from cashier_app.domain.rounding import Rounding, ratio_of, rounded, shared_out

__all__ = [
    "MoreThanSold",
    "NoSuchLine",
    "NothingReturned",
    "RefundPlan",
    "RefundRefusal",
    "Returned",
    "ReturnedLine",
    "ReturnsSoFar",
    "Sold",
    "bill_left",
    "next_return",
    "no_returns",
    "refund_plan",
]

_ALL = Fraction(1)
_NONE = Fraction(0)


class Sold(Struct, frozen=True):
    """The sale as it was; amounts in minor units.

    Args:
        bill: What was sold.
        now: When, where, and for whom it was; `tier` is the tier it earned by.
        taken: Taken off each of `Bill.each_line` by points and rewards, also before the quote.
        discount: Their sum.
        points_used: Points it took.
        earned: Points it really earned, by the book.
        stored_value: Paid from store credit and gift balance.
        before: What the member had earned before it.
        redeemed: Whether points or a reward were used.
        uses: How often the member had earned by each rule and multiplier before it, by its name.
    """

    bill: Bill
    now: Circumstances
    taken: tuple[int, ...]
    discount: int = 0
    points_used: Decimal = NO_POINTS
    earned: Decimal = NO_POINTS
    stored_value: int = 0
    before: Usage = NEVER_USED
    redeemed: bool = False
    uses: Mapping[str, RewardUse] = field(default_factory=dict)

    def __post_init__(self) -> None:
        lines = self.bill.each_line()
        if len(self.taken) != len(lines) or sum(self.taken) != self.discount:
            raise ValueError("what was taken off the lines adds up to the discount")
        if not all(0 <= off <= line.amount for off, line in zip(self.taken, lines, strict=True)):
            raise ValueError("a line cannot lose more than its amount")
        if not 0 <= self.stored_value <= self.paid:
            raise ValueError("stored value cannot pay more than there was to pay")

    @property
    def paid(self) -> int:
        """Return what the customer paid in money or tenders, minor units."""
        return self.bill.total.minor - self.discount


class RefundPlan(Struct, frozen=True):
    """What one return does.

    Args:
        taken_back: Earned points taken back, never more than the balance under ``floor``.
        restored: Used points given back.
        money_back: What the customer gets back in money or tenders.
        discount_back: The part of the returned goods that points and rewards had paid; with `money_back` it
            makes what the goods cost on the bill. Which points are given for it, `restored` says.
        balance_change: `restored` less `taken_back`.
        shortfall: Points that should have been taken back but were not there. It is not asked for again.
        refused: Why nothing is done, or None.
    """

    taken_back: Decimal
    restored: Decimal
    money_back: Money
    discount_back: Money
    balance_change: Decimal
    shortfall: Decimal = NO_POINTS
    refused: RefundRefusal | None = None


class _Totals(Struct, frozen=True):
    """What all returns so far come to: points, and money in minor units."""

    taken_back: Decimal = NO_POINTS
    restored: Decimal = NO_POINTS
    money: int = 0
    discount: int = 0


class ReturnsSoFar(Struct, frozen=True):
    """What came back of a sale, and what it came to."""

    rests: Rests
    totals: _Totals = _Totals()


def no_returns(sale: Sold) -> ReturnsSoFar:
    """Return the sale before anything came back."""
    return ReturnsSoFar(tuple(Rest.of(line) for line in sale.bill.each_line()))


def refund_plan(
    program: Program,
    sale: Sold,
    returned: Returned,
    previous: tuple[Returned, ...] = (),
    balance: Decimal | None = None,
) -> RefundPlan:
    """Return what a return does to points and money, by the rules and circumstances of the sale.

    Args:
        program: The program the sale was made by.
        sale: The sale.
        returned: What comes back now.
        previous: What came back before, oldest first; one that does not fit the sale refuses this one too.
        balance: Points the member has now; without it no balance can be floored.
    """
    so_far = no_returns(sale)
    for each in previous:
        plan, so_far = next_return(program, sale, so_far, each)
        if plan.refused is not None:
            return plan
    return next_return(program, sale, so_far, returned, balance)[0]


def next_return(
    program: Program, sale: Sold, so_far: ReturnsSoFar, returned: Returned, balance: Decimal | None = None
) -> tuple[RefundPlan, ReturnsSoFar]:
    """Return what one more return does, and what came back with it; a refused one changes nothing.

    For a whole series: each return is worked out once, where `refund_plan` starts from the sale each time.
    """
    currency, before = sale.bill.currency, so_far.totals
    rests = left_after(so_far.rests, returned, currency)
    if not isinstance(rests, tuple):
        none = zero(currency)
        return RefundPlan(NO_POINTS, NO_POINTS, none, none, NO_POINTS, refused=rests), so_far
    after = _totals(program, sale, rests, before)
    owed = after.taken_back - before.taken_back
    restored = after.restored - before.restored
    taken_back = owed
    if program.refunds.below is Below.FLOOR and balance is not None:
        taken_back = min(owed, max(NO_POINTS, balance + restored))
    plan = RefundPlan(
        taken_back=taken_back,
        restored=restored,
        money_back=Money(after.money - before.money, currency),
        discount_back=Money(after.discount - before.discount, currency),
        balance_change=restored - taken_back,
        shortfall=owed - taken_back,
    )
    return plan, ReturnsSoFar(rests, after)


def bill_left(sale: Sold, so_far: ReturnsSoFar) -> Bill:
    """Return the bill of what did not come back, as if only that had been sold."""
    wholes = [_whole(line, off) for line, off in zip(sale.bill.each_line(), sale.taken, strict=True)]
    parts = [_left(whole, rest) for whole, rest in zip(wholes, so_far.rests, strict=True)]
    return _bill_of(sale, parts)


def _totals(program: Program, sale: Sold, rests: Rests, before: _Totals) -> _Totals:
    wholes = [_whole(line, off) for line, off in zip(sale.bill.each_line(), sale.taken, strict=True)]
    parts = [_left(whole, rest) for whole, rest in zip(wholes, rests, strict=True)]
    worth_back = sale.bill.total.minor - sum(part.amount for part in parts)
    off_back = sale.discount - sum(part.off for part in parts)
    discount_back = _discount_back(program.refunds.used, sale, worth_back, off_back)
    back = [whole.without(part) for whole, part in zip(wholes, parts, strict=True)]
    return _Totals(
        # A smaller basket may earn more, such as below a maximum bill: what was taken back stays so.
        taken_back=max(before.taken_back, _taken_back(program, sale, parts, back)),
        restored=_restored(program, sale, rests),
        money=worth_back - discount_back,
        discount=discount_back,
    )


def _kept(part: int, amount: int, left: int) -> int:
    """Return how much of a part of an amount stays with what is left of it.

    As `left` falls, neither what is kept of the part nor what is kept of the rest of the amount ever rises.
    """
    return part - rounded(part * (amount - left), max(1, amount), Rounding.HALF_UP)


def _discount_back(used: GivenBack, sale: Sold, worth_back: int, in_proportion: int) -> int:
    if used is GivenBack.POINTS_FIRST:
        return min(worth_back, sale.discount)
    if used is GivenBack.MONEY_FIRST:
        return max(0, worth_back - sale.paid)
    return in_proportion


def _restored(program: Program, sale: Sold, rests: Rests) -> Decimal:
    """Return the used points given back so far.

    Points that took nothing off, such as for a gift, come back only with everything.
    """
    used = program.refunds.used
    if used is GivenBack.NEVER:
        return NO_POINTS
    if all_back(rests):
        return sale.points_used
    if used is GivenBack.WHOLE_RETURN or not sale.discount:
        return NO_POINTS
    units = to_units(sale.points_used, program.point_scale)
    shares = [_ALL - rest.share for rest in rests]
    if used is GivenBack.PROPORTIONAL:
        back = _weighed(shared_out(units, sale.taken), shares)
    else:
        # The exact worth, not minor units: each of three items worth 3.33 and one third restores a third.
        worth = _weighed([line.amount for line in sale.bill.each_line()], shares)
        first = used is GivenBack.POINTS_FIRST
        paid_for = min(worth, Fraction(sale.discount)) if first else max(_NONE, worth - sale.paid)
        back = units * paid_for / sale.discount
    return from_units(int(back), program.point_scale)


def _weighed(weights: list[int], shares: list[Fraction]) -> Fraction:
    return sum((weight * share for weight, share in zip(weights, shares, strict=True)), _NONE)


def _taken_back(program: Program, sale: Sold, left: list[_Part], back: list[_Part]) -> Decimal:
    """Return the earned points to be taken back so far, below zero where the rest earns more."""
    how = program.refunds.earned
    if how is TakenBack.NEVER:
        return NO_POINTS
    if how is TakenBack.ALL or not any(part.share for part in left):
        return sale.earned
    if how is TakenBack.PROPORTIONAL:
        return _share_of_earned(program, sale, [part.share for part in back])
    if how is TakenBack.OF_RETURNED:
        return min(sale.earned, points_earned(program, _alone(sale, back)).points)
    return sale.earned - points_earned(program, _alone(sale, left)).points


def _share_of_earned(program: Program, sale: Sold, shares: list[Fraction]) -> Decimal:
    """Return points in proportion to what was paid for the goods; where points paid all, to their worth."""
    amounts = [line.amount for line in sale.bill.each_line()]
    paid = [amount - off for amount, off in zip(amounts, sale.taken, strict=True)]
    weights = paid if any(paid) else amounts
    units = to_units(sale.earned, program.point_scale)
    back = units * _weighed(weights, shares) / max(1, sum(weights))
    mode = program.refunds.rounding or program.point_rounding
    return from_units(rounded(back.numerator, back.denominator, mode), program.point_scale)


class _Part(Struct, frozen=True):
    """A part of one line: minor units, and its share of the whole line.

    Args:
        off: What points and rewards took off it.
        before: What the shop's own discounts took off it before.
    """

    amount: int
    tax: int
    off: int
    before: int
    share: Fraction

    def without(self, other: _Part) -> _Part:
        """Return what is left of this part without a part of it."""
        return _Part(
            self.amount - other.amount,
            self.tax - other.tax,
            self.off - other.off,
            self.before - other.before,
            self.share - other.share,
        )


def _whole(line: Line, off: int) -> _Part:
    before = 0 if line.before_discount is None else max(0, line.before_discount - line.amount)
    return _Part(line.amount, line.tax, off, before, _ALL)


def _left(whole: _Part, rest: Rest) -> _Part:
    before = whole.before * rest.share
    return _Part(
        amount=rest.worth,
        tax=_kept(whole.tax, whole.amount, rest.worth),
        off=_kept(whole.off, whole.amount, rest.worth),
        before=rounded(before.numerator, before.denominator, Rounding.UP),
        share=rest.share,
    )


def _bill_of(sale: Sold, parts: list[_Part]) -> Bill:
    """Return the bill as if only these parts of its lines had been sold."""
    some = [(line, part) for line, part in zip(sale.bill.each_line(), parts, strict=True) if part.share]
    lines = tuple(
        replace(
            line,
            amount=part.amount,
            tax=part.tax,
            quantity=exact_quantity(Fraction(*ratio_of(line.quantity)) * part.share),
            before_discount=part.amount + part.before,
        )
        for line, part in some
    )
    total = sum(part.amount for part in parts)
    return Bill(Money(total, sale.bill.currency), sum(line.tax for line in lines), lines)


def _alone(sale: Sold, parts: list[_Part]) -> EarningSale:
    """Return the sale as if only these parts of its lines had been sold."""
    bill = _bill_of(sale, parts)
    basket, total = Basket(bill), bill.total.minor
    basket.take([part.off for part in parts if part.share])
    return EarningSale(
        basket=basket,
        now=sale.now,
        stored_value=_kept(sale.stored_value, sale.paid, total - sum(basket.taken)),
        redeemed=sale.redeemed,
        before=sale.before,
        uses=sale.uses,
    )
