"""Goods that come back: which points go, which return, and how much money.

All figures are totals over everything returned so far, minus the totals before this return; so any series of
returns adds up to the whole return to the last unit.
"""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

from msgspec import Struct
from msgspec.structs import replace

from cashier_app.domain.basket import Basket
from cashier_app.domain.bill import Bill, Line
from cashier_app.domain.circumstances import Circumstances
from cashier_app.domain.earning import EarningSale, points_earned
from cashier_app.domain.member import NEVER_USED, Usage
from cashier_app.domain.money import Money, zero
from cashier_app.domain.points import NO_POINTS, from_units, to_units
from cashier_app.domain.program import Program
from cashier_app.domain.program.conditions import Rounding
from cashier_app.domain.program.tiers import Below, GivenBack, TakenBack
from cashier_app.domain.rounding import ratio_of, rounded, shared_out

_QUANTITY_DECIMALS = 12
_ALL = Fraction(1)
_NONE = Fraction(0)


class ReturnedLine(Struct, frozen=True):
    """So much of one line comes back: its place on the bill from 0, and a quantity above zero."""

    line: int
    quantity: Decimal


class Returned(Struct, frozen=True):
    """What comes back.

    Args:
        lines: Lines, where they are known.
        amount: What the goods cost on the bill before anything was redeemed, where lines are not known.
            It is taken from what is left of every line alike, after `lines`.
        everything: All that is left of the sale, whatever else is said.
    """

    lines: tuple[ReturnedLine, ...] = ()
    amount: Money | None = None
    everything: bool = False


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


class _Refusal(Struct, frozen=True, tag_field="reason"):
    pass


class MoreThanSold(_Refusal, frozen=True, tag="more_than_sold"):
    """More comes back than is left: of a line its quantity, or of the bill an amount; the others are None."""

    line: int | None = None
    quantity: Decimal | None = None
    amount: Money | None = None


class NothingReturned(_Refusal, frozen=True, tag="nothing_returned"):
    """Nothing is said to come back, no more than nothing of something, or everything came back before."""


class NoSuchLine(_Refusal, frozen=True, tag="no_such_line"):
    """The bill has no line at this place."""

    line: int


RefundRefusal = MoreThanSold | NothingReturned | NoSuchLine


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
    none = zero(sale.bill.currency)
    rests = tuple(_Rest.of(line) for line in sale.bill.each_line())
    after = _Totals()
    before = after
    for each in (*previous, returned):
        left = _left_after(sale, rests, each)
        if not isinstance(left, tuple):
            return RefundPlan(NO_POINTS, NO_POINTS, none, none, NO_POINTS, refused=left)
        rests, before = left, after
        after = _totals(program, sale, rests, before)
    owed = after.taken_back - before.taken_back
    restored = after.restored - before.restored
    taken_back = owed
    if program.refunds.below is Below.FLOOR and balance is not None:
        taken_back = min(owed, max(NO_POINTS, balance + restored))
    return RefundPlan(
        taken_back=taken_back,
        restored=restored,
        money_back=Money(after.money - before.money, sale.bill.currency),
        discount_back=Money(after.discount - before.discount, sale.bill.currency),
        balance_change=restored - taken_back,
        shortfall=owed - taken_back,
    )


class _Rest(Struct, frozen=True):
    """What is left of one line.

    An amount returned without its goods shrinks a line's worth, not its count: each item left is worth less.

    Args:
        items: Quantity that has not come back.
        share: Of the whole line, in worth.
        marked: That share when an amount was last returned, and `marked_worth` its minor units.
    """

    items: Fraction
    share: Fraction
    marked: Fraction
    marked_worth: int

    @classmethod
    def of(cls, line: Line) -> _Rest:
        """Return a line of which nothing came back."""
        return cls(Fraction(*ratio_of(line.quantity)), _ALL, _ALL, line.amount)

    @property
    def worth(self) -> int:
        """Return what is left of the amount, minor units: what came back is rounded down."""
        part = self.marked_worth * self.share / self.marked
        return rounded(part.numerator, part.denominator, Rounding.UP)

    def without_items(self, quantity: Fraction) -> _Rest:
        """Return the rest once some of the items left came back."""
        items = self.items - quantity
        return replace(self, items=items, share=self.share * items / self.items)

    def without_amount(self, amount: int, kept: Fraction) -> _Rest:
        """Return the rest once an amount came back, when this share of what was left of the bill is kept."""
        if not self.share:
            return self
        share = self.share * kept
        return replace(self, share=share, marked=share, marked_worth=self.worth - amount)

    def gone(self) -> _Rest:
        """Return the rest of a line that came back whole."""
        return replace(self, items=_NONE, share=_NONE)


_Rests = tuple[_Rest, ...]


def _left_after(sale: Sold, rests: _Rests, returned: Returned) -> _Rests | RefundRefusal:
    if returned.everything:
        if _all_back(rests):
            return NothingReturned()
        return tuple(rest.gone() for rest in rests)
    amount = returned.amount or zero(sale.bill.currency)
    if not (returned.lines or amount) or amount < zero(sale.bill.currency):
        return NothingReturned()
    left = list(rests)
    for back in returned.lines:
        refused = _refused(left, back)
        if refused is not None:
            return refused
        left[back.line] = left[back.line].without_items(Fraction(*ratio_of(back.quantity)))
    return _without_amount(left, amount) if amount else tuple(left)


def _refused(left: list[_Rest], back: ReturnedLine) -> RefundRefusal | None:
    if not 0 <= back.line < len(left):
        return NoSuchLine(back.line)
    if not (back.quantity.is_finite() and back.quantity > 0):
        return NothingReturned()
    if back.quantity > left[back.line].items:
        return MoreThanSold(line=back.line, quantity=_quantity(left[back.line].items))
    return None


def _without_amount(left: list[_Rest], amount: Money) -> _Rests | RefundRefusal:
    worths = [rest.worth for rest in left]
    total = sum(worths)
    if amount.minor > total:
        return MoreThanSold(amount=Money(total, amount.currency))
    if amount.minor == total:
        return tuple(rest.gone() for rest in left)
    kept = Fraction(total - amount.minor, total)
    parts = shared_out(amount.minor, worths)
    return tuple(rest.without_amount(part, kept) for rest, part in zip(left, parts, strict=True))


def _all_back(rests: _Rests) -> bool:
    return not any(rest.share for rest in rests)


class _Totals(Struct, frozen=True):
    """What all returns so far come to: points, and money in minor units."""

    taken_back: Decimal = NO_POINTS
    restored: Decimal = NO_POINTS
    money: int = 0
    discount: int = 0


def _totals(program: Program, sale: Sold, rests: _Rests, before: _Totals) -> _Totals:
    lines = sale.bill.each_line()
    worths = [rest.worth for rest in rests]
    kept = [_kept(off, line.amount, left) for off, line, left in zip(sale.taken, lines, worths, strict=True)]
    worth_back = sale.bill.total.minor - sum(worths)
    discount_back = _discount_back(program.refunds.used, sale, worth_back, sale.discount - sum(kept))
    return _Totals(
        # A smaller basket may earn more, such as below a maximum bill: what was taken back stays so.
        taken_back=max(before.taken_back, _taken_back(program, sale, rests, kept)),
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


def _restored(program: Program, sale: Sold, rests: _Rests) -> Decimal:
    """Return the used points given back so far.

    Points that took nothing off, such as for a gift, come back only with everything.
    """
    used = program.refunds.used
    if used is GivenBack.NEVER:
        return NO_POINTS
    if _all_back(rests):
        return sale.points_used
    if used is GivenBack.WHOLE_RETURN or not sale.discount:
        return NO_POINTS
    units = to_units(sale.points_used, program.point_scale)
    if used is GivenBack.PROPORTIONAL:
        back = _back(shared_out(units, sale.taken), rests)
    else:
        # The exact worth, not minor units: each of three items worth 3.33 and one third restores a third.
        worth = _back([line.amount for line in sale.bill.each_line()], rests)
        first = used is GivenBack.POINTS_FIRST
        paid_for = min(worth, Fraction(sale.discount)) if first else max(_NONE, worth - sale.paid)
        back = units * paid_for / sale.discount
    return from_units(int(back), program.point_scale)


def _back(weights: list[int], rests: _Rests) -> Fraction:
    """Return how much of the lines' weights came back."""
    return sum((weight * (_ALL - rest.share) for weight, rest in zip(weights, rests, strict=True)), _NONE)


def _taken_back(program: Program, sale: Sold, rests: _Rests, kept: list[int]) -> Decimal:
    """Return the earned points to be taken back so far, at most those earned."""
    how = program.refunds.earned
    if how is TakenBack.NEVER:
        return NO_POINTS
    if _all_back(rests):
        return sale.earned
    if how is TakenBack.PROPORTIONAL:
        return _share_of_earned(program, sale, rests)
    remaining = points_earned(program, _remaining(sale, rests, kept)).points
    return max(NO_POINTS, sale.earned - remaining)


def _share_of_earned(program: Program, sale: Sold, rests: _Rests) -> Decimal:
    """Return points in proportion to what was paid for the goods; where points paid all, to their worth."""
    amounts = [line.amount for line in sale.bill.each_line()]
    paid = [amount - off for amount, off in zip(amounts, sale.taken, strict=True)]
    weights = paid if any(paid) else amounts
    units = to_units(sale.earned, program.point_scale)
    back = units * _back(weights, rests) / max(1, sum(weights))
    mode = program.refunds.rounding or program.point_rounding
    return from_units(rounded(back.numerator, back.denominator, mode), program.point_scale)


def _remaining(sale: Sold, rests: _Rests, kept: list[int]) -> EarningSale:
    """Return the sale as if only what is left of it had been sold."""
    lines, taken = [], []
    for line, rest, off in zip(sale.bill.each_line(), rests, kept, strict=True):
        if rest.share:
            left = rest.worth
            quantity = _quantity(Fraction(*ratio_of(line.quantity)) * rest.share)
            tax = _kept(line.tax, line.amount, left)
            lines.append(replace(line, amount=left, tax=tax, quantity=quantity))
            taken.append(off)
    total = sum(line.amount for line in lines)
    basket = Basket(Bill(Money(total, sale.bill.currency), sum(line.tax for line in lines), tuple(lines)))
    basket.taken = taken
    return EarningSale(
        basket=basket,
        now=sale.now,
        stored_value=_kept(sale.stored_value, sale.paid, total - sum(taken)),
        redeemed=sale.redeemed,
        before=sale.before,
    )


def _quantity(exact: Fraction) -> Decimal:
    """Return a quantity as a decimal: exact for counted items, else a trace too much, so never zero."""
    scaled = exact * 10**_QUANTITY_DECIMALS
    return from_units(rounded(scaled.numerator, scaled.denominator, Rounding.UP), _QUANTITY_DECIMALS)
