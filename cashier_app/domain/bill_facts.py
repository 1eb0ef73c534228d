"""What a redemption rule looks at on a bill, as whole minor units."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from msgspec import Struct
from msgspec.structs import replace

from cashier_app.domain.basket import Basket
from cashier_app.domain.program.conditions import ALL_LINES
from cashier_app.domain.program.redemption import PerItemCap, RedemptionRule

NO_CAP = PerItemCap()


class CappedLine(Struct, frozen=True):
    """A line under a cap on its single items, in minor units.

    Args:
        cap: The cap.
        gross: What the line costs.
        payable: What is left of it that points may pay where no cap is.
        quantity: Items.
        before: Taken off it before, outside this quote.
    """

    cap: PerItemCap
    gross: int = 0
    payable: int = 0
    quantity: Decimal = Decimal(1)
    before: int = 0

    def room(self, more: int = 0, more_payable: int = 0) -> int:
        """Return what points may pay of it once it costs more; a share of a price is rounded down."""
        room, cap = self.payable + more_payable, self.cap
        if cap.maximum is not None:
            quantity, whole = self.quantity.as_integer_ratio()
            room = min(room, max(cap.maximum * quantity // whole - self.before, 0))
        if cap.percent is not None:
            percent, whole = cap.percent.as_integer_ratio()
            room = min(room, max((self.gross + more) * percent // (100 * whole) - self.before, 0))
        return room


class Facts(Struct, frozen=True):
    """What a rule looks at on one bill, in minor units.

    Args:
        total: The whole bill before redemption; `net` the same without tax.
        lines: The lines points may pay for, before redemption; `lines_net` the same without tax.
        left: What is left to pay of the whole bill; `lines_left` of those lines.
        payable: What points may pay of those lines: all that is left of them, or that without tax.
        per_item: The same within the caps on single items.
        quantity: Items on those lines.
        already: Taken off this bill before, outside this quote.
        growing: The line by which the bill grows: the only one of a bill, or one to come.
    """

    total: int
    net: int
    lines: int
    lines_net: int
    left: int
    lines_left: int
    payable: int
    per_item: int
    quantity: Decimal
    already: int
    growing: CappedLine

    def with_more(self, more: int) -> Facts:
        """Return the facts of a bill larger by this, all of it open to points, taxed as the rest is.

        To be asked of the facts of a real bill only.
        """
        more_net = more * self.net // self.total if self.total else more
        more_payable = more_net if self.payable < self.lines_left else more
        return replace(
            self,
            total=self.total + more,
            net=self.net + more_net,
            lines=self.lines + more,
            lines_net=self.lines_net + more_net,
            left=self.left + more,
            lines_left=self.lines_left + more,
            payable=self.payable + more_payable,
            per_item=self.per_item - self.growing.room() + self.growing.room(more, more_payable),
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
    payable = lines_left if rule.covers_tax else sum(_payable(rule, basket, places))
    capped = _capped_lines(rule, basket, places) if rule.per_item else []
    return Facts(
        total=total,
        net=net,
        lines=lines,
        lines_net=lines_net,
        left=left,
        lines_left=lines_left,
        payable=payable,
        per_item=sum(line.room() for line in capped) if capped else payable,
        quantity=basket.quantity(places),
        already=already,
        growing=_growing(rule, basket, capped),
    )


def room_of(rule: RedemptionRule, basket: Basket) -> list[int]:
    """Return what points may pay of each line the rule looks at, in minor units."""
    places = basket.matching(rule.lines)
    if not rule.per_item:
        return _payable(rule, basket, places)
    return [line.room() for line in _capped_lines(rule, basket, places)]


def _payable(rule: RedemptionRule, basket: Basket, places: Sequence[int]) -> list[int]:
    """Return what is left of each line, where points may not pay tax without it, rounded down."""
    left = basket.left(places)
    if rule.covers_tax:
        return left
    return [
        part * basket.net[place] // basket.gross[place] if part else 0
        for place, part in zip(places, left, strict=True)
    ]


def _capped_lines(rule: RedemptionRule, basket: Basket, places: Sequence[int]) -> list[CappedLine]:
    cap_of: dict[int, PerItemCap] = {}
    for cap in reversed(rule.per_item):
        cap_of.update(dict.fromkeys(basket.matching(cap.lines), cap))
    return [
        CappedLine(
            cap_of.get(place, NO_CAP),
            basket.gross[place],
            payable,
            basket.lines[place].quantity,
            basket.before[place],
        )
        for place, payable in zip(places, _payable(rule, basket, places), strict=True)
    ]


def _growing(rule: RedemptionRule, basket: Basket, capped: Sequence[CappedLine]) -> CappedLine:
    """Return the line by which a bill grows; one to come is under a cap that is for all lines."""
    if capped and len(basket.lines) == 1 and basket.lines[0].quantity == 1:
        return capped[0]
    every = [cap for cap in rule.per_item if cap.lines == ALL_LINES]
    return CappedLine(every[0] if every else NO_CAP)
