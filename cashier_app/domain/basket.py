"""A bill made ready for rules: which lines a rule looks at, and what is left of them."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from cashier_app.domain.bill import Bill
from cashier_app.domain.program.conditions import ALL_LINES, Lines, Needs, Share
from cashier_app.domain.reasons import NeedsItems
from cashier_app.domain.rounding import shared_out


class Basket:
    """The lines of one bill as parallel lists, one entry for each line, all amounts in minor units.

    Attributes:
        gross: Amounts with tax.
        net: Amounts without tax.
        discounts: What the shop's own discounts took off each line before.
        taken: What was taken off each line so far; always between zero and its amount.
        before: What of it was taken off before, outside this quote.
        set_aside: Single items a reward was given on, by line: how many, and what is left to pay of them.
    """

    def __init__(self, bill: Bill) -> None:
        self.lines = bill.each_line()
        self.gross = [line.amount for line in self.lines]
        self.net = [line.amount - line.tax for line in self.lines]
        self.discounts = [max((line.before_discount or 0) - line.amount, 0) for line in self.lines]
        self.taken = [0] * len(self.lines)
        self._everything = range(len(self.lines))
        self._matching: dict[Lines, Sequence[int]] = {ALL_LINES: self._everything}
        if bill.already.discount:
            self.take_off(bill.already.discount, self._everything)
        self.before = self.taken.copy()
        self.set_aside: dict[int, tuple[int, int]] = {}

    def matching(self, wanted: Lines) -> Sequence[int]:
        """Return the places of the lines a rule looks at, in order."""
        found = self._matching.get(wanted)
        if found is None:
            found = self._matching[wanted] = self._search(wanted)
        return found

    def quantity(self, places: Sequence[int]) -> Decimal:
        """Return the number of items on these lines."""
        return sum((self.lines[place].quantity for place in places), Decimal(0))

    def lacks(self, needs: Needs | None) -> NeedsItems | None:
        """Return that the bill holds too few of other items, or None."""
        if needs is None:
            return None
        has = self.quantity(self.matching(needs.lines))
        return NeedsItems(needs.quantity, has) if has < needs.quantity else None

    def left(self, places: Sequence[int]) -> list[int]:
        """Return what is left to pay of these lines, tax included."""
        gross, taken = self.gross, self.taken
        return [gross[place] - taken[place] for place in places]

    def take_off(self, amount: int, places: Sequence[int], room: Sequence[int] | None = None) -> None:
        """Take an amount off these lines, in proportion to what may be taken off each: `room`, or all of it.

        Each line keeps within its room: that is the weight, and the amount is no more than all of them.
        """
        room = self.left(places) if room is None else room
        for place, part in zip(places, shared_out(min(amount, sum(room)), room), strict=True):
            self.taken[place] += part

    def take(self, parts: Sequence[int]) -> None:
        """Take an amount off each line; one part for each, none more than what is left of it."""
        self.taken = [taken + part for taken, part in zip(self.taken, parts, strict=True)]

    def put_aside(self, place: int, items: int, left: int) -> None:
        """Note that a reward was given on single items of a line, of which this is left to pay."""
        had, had_left = self.set_aside.get(place, (0, 0))
        self.set_aside[place] = had + items, had_left + left

    def _search(self, wanted: Lines) -> Sequence[int]:
        only_categories, only_items = frozenset(wanted.only_categories), frozenset(wanted.only_items)
        but_categories, but_items = frozenset(wanted.except_categories), frozenset(wanted.except_items)
        chosen = bool(only_categories or only_items)
        found = []
        for place, line in enumerate(self.lines):
            if wanted.discounted is not Share.INCLUDED and line.discounted is not (
                wanted.discounted is Share.ONLY
            ):
                continue
            if chosen and line.item not in only_items and only_categories.isdisjoint(line.categories):
                continue
            if line.item in but_items or not but_categories.isdisjoint(line.categories):
                continue
            found.append(place)
        return found if len(found) < len(self.lines) else self._everything
