"""A bill with its lines, and what is left of it, reckoned once more by hand: nothing of the program's.

Items take their share of a line with them; an amount is taken from every line in step with what is left. What
is left of a line is rounded up to the minor unit, what points paid of it is a share of that, a half kept.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from math import ceil, floor

from tests.fakes.books_by_hand import NOBODY, SaleByHand, coins_for

VOUCHER_OFF = 50_00
"""Minor units."""


def dealt(total: int, weights: Sequence[int]) -> list[int]:
    """Return a total dealt out by weight: whole units, the largest rests first, then by place."""
    exact = [Fraction(total * weight, sum(weights) or 1) for weight in weights]
    parts = [floor(one) for one in exact]
    by_rest = sorted(range(len(parts)), key=lambda place: (parts[place] - exact[place], place))
    for place in by_rest[: total - sum(parts) if any(weights) else 0]:
        parts[place] += 1
    return parts


@dataclass
class LineByHand:
    """One line: what it cost, how many, what points paid of it; minor units."""

    amount: int
    count: int
    off: int
    items: Fraction = Fraction(0)
    share: Fraction = Fraction(1)
    mark: tuple[Fraction, int] = (Fraction(1), 0)

    def __post_init__(self) -> None:
        """Begin with all of it."""
        self.items, self.mark = Fraction(self.count), (Fraction(1), self.amount)

    @property
    def worth(self) -> int:
        """Return what is left of what it cost."""
        share, worth = self.mark
        return ceil(worth * self.share / share) if share else 0

    @property
    def off_left(self) -> int:
        """Return what points paid of what is left."""
        back = Fraction(self.off * (self.amount - self.worth), self.amount)
        return self.off - floor(back + Fraction(1, 2))


@dataclass
class LinesByHand(SaleByHand):
    """A sale whose lines are known."""

    lines: list[LineByHand] = field(default_factory=list)

    @property
    def left(self) -> int:
        """Return what can still come back."""
        return 0 if self.undone else sum(line.worth for line in self.lines)

    @property
    def money_back(self) -> int:
        """Return the money given back so far."""
        off = 0 if self.undone else sum(line.off_left for line in self.lines)
        return (self.bill - self.left) - (self.discount - off)

    @property
    def coins(self) -> int:
        """Return by how much it changed the balance of whose it is."""
        if self.owner == NOBODY or not self.left:
            return 0
        used = dealt(self.used, [line.off for line in self.lines])
        back = sum((n * (1 - line.share) for n, line in zip(used, self.lines, strict=True)), Fraction(0))
        return coins_for(self.bill - self.discount - self.money_back) - (self.used - floor(back))

    def take_items(self, place: int, count: int) -> None:
        """Take some of a line back."""
        line = self.lines[place]
        line.share *= (line.items - count) / line.items
        line.items -= count
        self.returned = self.bill - self.left

    def take_amount(self, amount: int) -> None:
        """Take an amount back, from every line alike."""
        worths = [line.worth for line in self.lines]
        kept = 1 - Fraction(amount, sum(worths))
        for line, worth, part in zip(self.lines, worths, dealt(amount, worths), strict=True):
            line.share *= kept
            line.mark = (line.share, worth - part)
            line.items = line.items if kept else Fraction(0)
        self.returned = self.bill - self.left


class VoucherByHand(SaleByHand):
    """A sale a voucher paid for a part of; points paid nothing."""

    @property
    def discount(self) -> int:
        """Return what the voucher paid."""
        return VOUCHER_OFF
