"""What each earning rule gives on the lines of a bill, before multipliers and before the points are rounded.

All of it is exact: whole numbers over one denominator. An amount is a fraction of a minor unit only where
stored value, or the tax of a line that was partly redeemed, is left out of it.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from functools import cached_property
from math import gcd, lcm

from msgspec import Struct
from msgspec.structs import replace

from cashier_app.domain.basket import Basket
from cashier_app.domain.points import to_units
from cashier_app.domain.program import Program
from cashier_app.domain.program.conditions import Part, Share
from cashier_app.domain.program.earning import (
    AnyEarningRule,
    Basis,
    PerAmount,
    PercentBack,
    PerItem,
    PerSale,
    Redeemed,
    RoundedOn,
)
from cashier_app.domain.rounding import Rounding, ratio_of, rounded, shared_out


class BasisAmounts(Struct, frozen=True):
    """What earns of each line: `parts[place] / whole` minor units, zero for a line outside the basis."""

    parts: list[int]
    whole: int

    def at_least(self, minimum: int) -> bool:
        """Return whether all of it reaches an amount in minor units."""
        return sum(self.parts) >= minimum * self.whole


class Award(Struct, frozen=True):
    """What one rule gives: exactly `weights[i] * top / bottom` units of points on the line `places[i]`.

    Args:
        covers: The lines that earn by this rule.
        places: The same; of points per sale the one place after the last line, for they belong to the bill.
        items: Single items of each line where each is rounded by itself; empty where lines are whole.
    """

    rule: AnyEarningRule
    covers: Sequence[int]
    places: Sequence[int]
    weights: Sequence[int]
    top: int
    bottom: int
    items: Sequence[int] = ()

    def only(self, kept: Sequence[int]) -> Award:
        """Return what it gives on some of its lines, named by their position in it."""
        return replace(
            self,
            places=[self.places[position] for position in kept],
            weights=[self.weights[position] for position in kept],
            items=[self.items[position] for position in kept] if self.items else (),
        )

    def rounded_lines(self, mode: Rounding) -> list[int]:
        """Return the units of each line, each line or each single item of it rounded."""
        return rounded_each([weight * self.top for weight in self.weights], self.bottom, self.items, mode)


def rounded_each(values: Sequence[int], bottom: int, items: Sequence[int], mode: Rounding) -> list[int]:
    """Return each of `values / bottom` rounded, or as many times its rounded part as it has single items."""
    if items:
        pairs = zip(values, items, strict=True)
        if mode is Rounding.FLOOR:
            return [count * (value // (bottom * count)) for value, count in pairs]
        if mode is Rounding.HALF_UP:
            return [count * ((2 * value + bottom * count) // (2 * bottom * count)) for value, count in pairs]
        return [count * rounded(value, bottom * count, mode) for value, count in pairs]
    if mode is Rounding.FLOOR:
        return [value // bottom for value in values]
    if mode is Rounding.HALF_UP:
        return [(2 * value + bottom) // (2 * bottom) for value in values]
    return [rounded(value, bottom, mode) for value in values]


class Awarding:
    """What the rules of a program give on one bill; each basis is worked out once."""

    def __init__(self, program: Program, basket: Basket, stored_value: int) -> None:
        self._program, self._basket, self._stored_value = program, basket, stored_value
        self._points_scale = 10**program.point_scale
        self._mode = program.earning.rounding.mode or program.point_rounding
        self._on = program.earning.rounding.on
        self._bases: dict[Basis, BasisAmounts] = {}

    def amounts(self, basis: Basis) -> BasisAmounts:
        """Return what earns by a basis."""
        found = self._bases.get(basis)
        if found is None:
            found = self._bases[basis] = basis_amounts(self._basket, basis, self._stored_value)
        return found

    def places(self, rule: AnyEarningRule) -> Sequence[int]:
        """Return the lines that earn by a rule: those it looks at of which the basis leaves something."""
        parts = self._parts(rule).parts
        return [place for place in self._basket.matching(rule.lines) if parts[place] > 0]

    def award(self, rule: AnyEarningRule, places: Sequence[int]) -> Award:
        """Return what a rule gives on lines, at most its own maximum."""
        if isinstance(rule, PerSale):
            award = Award(rule, places, (len(self._basket.lines),), (1,), *self._units(rule.points))
        elif isinstance(rule, PerItem):
            award = self._by_quantity(rule, places)
        else:
            award = self._by_amount(rule, places)
        return award if rule.maximum_points is None else self._capped(award, rule.maximum_points)

    def _by_quantity(self, rule: PerItem, places: Sequence[int]) -> Award:
        counts, whole = self._quantities
        top, bottom = ratio_of(rule.quantity)
        # A single item cannot be cut into steps of several items: its line is.
        stepped_on = RoundedOn.LINE if self._on is RoundedOn.ITEM else self._on
        weights = [counts[place] for place in places]
        return self._steps(rule, places, weights, (bottom, whole * top), rule.points, stepped_on)

    def _by_amount(self, rule: PerAmount | PercentBack, places: Sequence[int]) -> Award:
        amounts = self._parts(rule)
        weights = [amounts.parts[place] for place in places]
        total = sum(weights)
        upper = total if rule.up_to_amount is None else min(total, rule.up_to_amount * amounts.whole)
        earning = max(0, upper - rule.from_amount * amounts.whole)
        per, points = (rule.per, rule.points) if isinstance(rule, PerAmount) else (Decimal(100), rule.percent)
        top, bottom = ratio_of(per)
        step = top * self._program.currency.minor_per_unit * amounts.whole
        ratio = (bottom, step) if earning == total else (bottom * earning, step * total)
        return self._steps(rule, places, weights, ratio, points, self._on)

    def _steps(
        self,
        rule: PerAmount | PercentBack | PerItem,
        places: Sequence[int],
        weights: Sequence[int],
        ratio: tuple[int, int],
        points: Decimal,
        stepped_on: RoundedOn,
    ) -> Award:
        """Return `points` for each step; there are `weight * ratio` of them on a line."""
        top, bottom = ratio
        units, whole = self._units(points)
        items = self._items(places)
        counting = _counting(rule)
        if counting is None:
            return Award(rule, places, places, weights, top * units, bottom * whole, items)
        if stepped_on in {RoundedOn.LINE, RoundedOn.ITEM}:
            counted = items if stepped_on is RoundedOn.ITEM else ()
            steps = rounded_each([weight * top for weight in weights], bottom, counted, counting)
            return Award(rule, places, places, steps, units, whole, counted)
        total = sum(weights)
        counted_steps = rounded(total * top, bottom, counting)
        return Award(rule, places, places, weights, counted_steps * units, (total or 1) * whole, items)

    def _capped(self, award: Award, maximum: Decimal) -> Award:
        """Return an award of no more than `maximum`, its lines keeping their proportions."""
        most = to_units(maximum, self._program.point_scale)
        if self._on in {RoundedOn.LINE, RoundedOn.ITEM}:
            # Rounded up, the lines of an award below its maximum may still exceed it.
            if sum(award.rounded_lines(self._mode)) <= most:
                return award
            return replace(award, weights=shared_out(most, award.weights), top=1, bottom=1, items=())
        total = sum(award.weights)
        if total * award.top <= most * award.bottom:
            return award
        return replace(award, top=most, bottom=total)

    def _parts(self, rule: AnyEarningRule) -> BasisAmounts:
        return self.amounts(self._program.earning.basis if rule.basis is None else rule.basis)

    def _units(self, points: Decimal) -> tuple[int, int]:
        top, bottom = ratio_of(points)
        return top * self._points_scale, bottom

    def _items(self, places: Sequence[int]) -> Sequence[int]:
        """Return the single items of each line; what is weighed or measured is one item."""
        if self._on is not RoundedOn.ITEM:
            return ()
        single = self._single_items
        return [single[place] for place in places]

    @cached_property
    def _single_items(self) -> list[int]:
        counts, whole = self._quantities
        return [(count // whole or 1) if count % whole == 0 else 1 for count in counts]

    @cached_property
    def _quantities(self) -> tuple[list[int], int]:
        ratios = [ratio_of(line.quantity) for line in self._basket.lines]
        whole = lcm(*(bottom for _, bottom in ratios))
        return [top * (whole // bottom) for top, bottom in ratios], whole


def _counting(rule: PerAmount | PercentBack | PerItem) -> Rounding | None:
    """Return how steps are counted: the full ones, those begun too, or None where parts of steps earn."""
    if isinstance(rule, PerAmount) and rule.started_steps:
        return Rounding.UP
    return None if isinstance(rule, PercentBack) or not rule.whole_steps else Rounding.FLOOR


def basis_amounts(basket: Basket, basis: Basis, stored_value: int) -> BasisAmounts:
    """Return what earns of each line by a basis.

    Stored value is in minor units. Where it does not earn, each line bears its exact share, in proportion
    to what is left to pay of each line of the whole bill.
    """
    left = basket.left(range(len(basket.lines)))
    parts = basket.gross if basis.redemption is Redeemed.BEFORE else left
    if basis.discounts is Part.INCLUDED:
        parts = [part + off for part, off in zip(parts, basket.discounts, strict=True)]
    whole = 1
    to_pay = sum(left)
    stored = min(stored_value, to_pay)
    if basis.stored_value is Share.ONLY:
        parts, whole = [stored * rest for rest in left], max(to_pay, 1)
    elif basis.stored_value is Share.EXCLUDED and stored > 0:
        parts = [part * to_pay - stored * rest for part, rest in zip(parts, left, strict=True)]
        whole = to_pay
    if basis.tax is Part.EXCLUDED:
        parts, whole = _without_tax(basket, parts, whole)
    chosen = basket.matching(basis.lines)
    if len(chosen) < len(parts):
        outside = parts
        parts = [0] * len(outside)
        for place in chosen:
            parts[place] = outside[place]
    return BasisAmounts(parts, whole)


def _without_tax(basket: Basket, parts: list[int], whole: int) -> tuple[list[int], int]:
    """Return the share of net in gross of each part."""
    if parts == basket.gross:
        return basket.net, whole
    ratios = []
    for part, net, gross in zip(parts, basket.net, basket.gross, strict=True):
        shared = gcd(part * net, gross) or 1
        ratios.append((part * net // shared, gross // shared or 1))
    common = lcm(*(bottom for _, bottom in ratios))
    return [top * (common // bottom) for top, bottom in ratios], whole * common
