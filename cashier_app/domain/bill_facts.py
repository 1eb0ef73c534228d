"""What a redemption rule looks at on a bill, as whole minor units."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import Struct
from msgspec.structs import replace

from cashier_app.domain.basket import Basket
from cashier_app.domain.program.redemption import PerItemCap, RedemptionRule

NO_CAP = PerItemCap()


class Facts(Struct, frozen=True):
    """What a rule looks at on one bill, in minor units.

    Args:
        total: The whole bill before redemption; `net` the same without tax.
        lines: The lines points may pay for, before redemption; `lines_net` the same without tax.
        left: What is left to pay of the whole bill; `lines_left` of those lines.
        payable: What points may pay of those lines: all that is left of them, or that without tax.
        per_item: What the cap on each item allows, added up; None without such a cap.
        already: Taken off this bill before, outside this quote.
    """

    total: int
    net: int
    lines: int
    lines_net: int
    left: int
    lines_left: int
    payable: int
    per_item: int | None
    already: int

    def with_more(self, more: int) -> Facts:
        """Return the facts of a bill larger by this, all of it open to points, taxed as the rest is."""
        more_net = more * self.net // self.total if self.total else more
        taxed = self.payable < self.lines_left
        return replace(
            self,
            total=self.total + more,
            net=self.net + more_net,
            lines=self.lines + more,
            lines_net=self.lines_net + more_net,
            left=self.left + more,
            lines_left=self.lines_left + more,
            payable=self.payable + (more_net if taxed else more),
        )


def facts_of(rule: RedemptionRule, basket: Basket, already: int) -> Facts:
    """Return what a rule looks at on a basket as it stands; `already` was taken off outside this quote."""
    places = basket.matching(rule.lines)
    every = range(len(basket.lines))
    total, net, left = sum(basket.gross), sum(basket.net), sum(basket.left(every))
    if len(places) == len(every):
        lines, lines_net, lines_left = total, net, left
    else:
        lines = sum(basket.gross[place] for place in places)
        lines_net = sum(basket.net[place] for place in places)
        lines_left = sum(basket.left(places))
    return Facts(
        total=total,
        net=net,
        lines=lines,
        lines_net=lines_net,
        left=left,
        lines_left=lines_left,
        payable=lines_left if rule.covers_tax else _without_tax(basket, places),
        per_item=_per_item(rule.per_item, basket, places) if rule.per_item else None,
        already=already,
    )


def _without_tax(basket: Basket, places: Sequence[int]) -> int:
    """Return what is left of these lines without tax, each line rounded down."""
    return sum(
        left * basket.net[place] // basket.gross[place]
        for place, left in zip(places, basket.left(places), strict=True)
        if basket.gross[place]
    )


def _per_item(caps: Sequence[PerItemCap], basket: Basket, places: Sequence[int]) -> int:
    """Return what the caps allow of each line, a share of its price rounded down, added up."""
    total = 0
    cap_of: dict[int, PerItemCap] = {}
    for cap in reversed(caps):
        cap_of.update(dict.fromkeys(basket.matching(cap.lines), cap))
    for place, left in zip(places, basket.left(places), strict=True):
        allowed, cap = left, cap_of.get(place, NO_CAP)
        if cap.maximum is not None:
            quantity, whole = basket.lines[place].quantity.as_integer_ratio()
            allowed = min(allowed, cap.maximum * quantity // whole)
        if cap.percent is not None:
            percent, whole = cap.percent.as_integer_ratio()
            allowed = min(allowed, basket.gross[place] * percent // (100 * whole))
        total += allowed
    return total
