"""Goods that come back: how much of each line, and what is left of it."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

from msgspec import Struct
from msgspec.structs import replace

from cashier_app.domain.bill import Line
from cashier_app.domain.money import Currency, Money, zero
from cashier_app.domain.points import from_units
from cashier_app.domain.rounding import Rounding, ratio_of, rounded, shared_out

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


class Rest(Struct, frozen=True):
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
    def of(cls, line: Line) -> Rest:
        """Return a line of which nothing came back."""
        return cls(Fraction(*ratio_of(line.quantity)), _ALL, _ALL, line.amount)

    @property
    def worth(self) -> int:
        """Return what is left of the amount, minor units: what came back is rounded down."""
        part = self.marked_worth * self.share / self.marked
        return rounded(part.numerator, part.denominator, Rounding.UP)

    def without_items(self, quantity: Fraction) -> Rest:
        """Return the rest once some of the items left came back."""
        items = self.items - quantity
        return replace(self, items=items, share=self.share * items / self.items)

    def without_amount(self, amount: int, kept: Fraction) -> Rest:
        """Return the rest once an amount came back, when this share of what was left of the bill is kept."""
        if not self.share:
            return self
        share = self.share * kept
        return replace(self, share=share, marked=share, marked_worth=self.worth - amount)

    def gone(self) -> Rest:
        """Return the rest of a line that came back whole."""
        return replace(self, items=_NONE, share=_NONE)


Rests = tuple[Rest, ...]


def left_after(rests: Rests, returned: Returned, currency: Currency) -> Rests | RefundRefusal:
    """Return what is left of each line once this came back too, or why it cannot come back."""
    if returned.everything:
        if all_back(rests):
            return NothingReturned()
        return tuple(rest.gone() for rest in rests)
    amount = returned.amount or zero(currency)
    if not (returned.lines or amount) or amount < zero(currency):
        return NothingReturned()
    left = list(rests)
    for back in returned.lines:
        refused = _refused(left, back)
        if refused is not None:
            return refused
        left[back.line] = left[back.line].without_items(Fraction(*ratio_of(back.quantity)))
    return _without_amount(left, amount) if amount else tuple(left)


def _refused(left: list[Rest], back: ReturnedLine) -> RefundRefusal | None:
    if not 0 <= back.line < len(left):
        return NoSuchLine(back.line)
    if not (back.quantity.is_finite() and back.quantity > 0):
        return NothingReturned()
    if back.quantity > left[back.line].items:
        return MoreThanSold(line=back.line, quantity=exact_quantity(left[back.line].items))
    return None


def _without_amount(left: list[Rest], amount: Money) -> Rests | RefundRefusal:
    worths = [rest.worth for rest in left]
    total = sum(worths)
    if amount.minor > total:
        return MoreThanSold(amount=Money(total, amount.currency))
    if amount.minor == total:
        return tuple(rest.gone() for rest in left)
    kept = Fraction(total - amount.minor, total)
    parts = shared_out(amount.minor, worths)
    return tuple(rest.without_amount(part, kept) for rest, part in zip(left, parts, strict=True))


def all_back(rests: Rests) -> bool:
    """Return whether nothing is left."""
    return not any(rest.share for rest in rests)


def exact_quantity(exact: Fraction) -> Decimal:
    """Return a quantity as a decimal: exact for counted items, else a trace too much, so never zero."""
    scaled = exact * 10**_QUANTITY_DECIMALS
    return from_units(rounded(scaled.numerator, scaled.denominator, Rounding.UP), _QUANTITY_DECIMALS)
