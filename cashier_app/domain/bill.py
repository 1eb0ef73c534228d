"""The bill: its total, and its lines where the other till tells them."""

from __future__ import annotations

from decimal import Decimal

from msgspec import Struct

from cashier_app.domain.money import Currency, Money
from cashier_app.domain.points import NO_POINTS

MAX_LINES = 1000


class Line(Struct, frozen=True):
    """One line of a bill.

    Args:
        amount: What the customer pays for the whole line before redemption: minor units, tax included.
        tax: The tax in it, minor units.
        quantity: Items, or kilograms and the like; above zero.
        item: Item number, or empty.
        categories: All the categories it belongs to.
        discounted: Whether it is already sold below its price.
        before_discount: What it would cost without the shop's own discounts, minor units, tax included; None
            where that is not known or the same.
    """

    amount: int
    tax: int = 0
    quantity: Decimal = Decimal(1)
    item: str = ""
    categories: tuple[str, ...] = ()
    discounted: bool = False
    before_discount: int | None = None


class Already(Struct, frozen=True):
    """What was redeemed on this bill before, outside this quote: minor units and points."""

    discount: int = 0
    points: Decimal = NO_POINTS


NOTHING_YET = Already()


class Bill(Struct, frozen=True):
    """A bill before anything is redeemed.

    A bill without lines counts as one line of one item without a category: whatever a rule says of lines that
    must be in a category, such a bill is not; whatever it excepts, such a bill does not hold.

    Args:
        total: What is to be paid, tax included; the sum of the lines where there are any.
        tax: The tax in it, minor units.
        lines: None where only the total is known.
        already: Redeemed on this bill before.
    """

    total: Money
    tax: int = 0
    lines: tuple[Line, ...] = ()
    already: Already = NOTHING_YET

    def __post_init__(self) -> None:
        if self.lines and sum(line.amount for line in self.lines) != self.total.minor:
            raise ValueError("the lines of a bill add up to its total")

    @property
    def currency(self) -> Currency:
        """Return the currency of the bill."""
        return self.total.currency

    def each_line(self) -> tuple[Line, ...]:
        """Return the lines, or the one that stands for a bill without lines."""
        return self.lines or (Line(self.total.minor, self.tax),)


def bill_of(total: Money) -> Bill:
    """Return a bill of which only the total is known."""
    return Bill(total)
