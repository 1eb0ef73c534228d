"""What points are multiplied by on each line of a bill."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import lcm, prod

from msgspec import Struct

from cashier_app.domain.basket import Basket
from cashier_app.domain.circumstances import Circumstances, unmet
from cashier_app.domain.member import RewardUse
from cashier_app.domain.program import Program
from cashier_app.domain.program.conditions import ALL_LINES
from cashier_app.domain.program.earning import EarningRule, Multiplier, MultipliersCombine
from cashier_app.domain.rounding import ratio_of

Ratio = tuple[int, int]


class Factors(Struct, frozen=True):
    """Factors over one denominator.

    Args:
        everywhere: The factor of a line that `of_place` does not name, and of what belongs to the bill.
        of_place: The factor of each line and, after the last, of the bill; empty where all are the same.
    """

    everywhere: int
    whole: int
    of_place: Sequence[int] = ()

    def at(self, places: Sequence[int]) -> list[int]:
        """Return the factor of each of these places."""
        if not self.of_place:
            return [self.everywhere] * len(places)
        return [self.of_place[place] for place in places]


def used_up(rule: EarningRule | Multiplier, uses: Mapping[str, RewardUse]) -> bool:
    """Say whether the member has had a rule or multiplier as often as it may be had."""
    had = uses.get(rule.name)
    if had is None:
        return False
    by_day = rule.per_day is not None and had.day >= rule.per_day
    return by_day or (rule.per_member is not None and had.ever >= rule.per_member)


def factors(
    program: Program, basket: Basket, now: Circumstances, bill: int, uses: Mapping[str, RewardUse]
) -> Factors:
    """Return what the points of each line are multiplied by; `bill` is before redemption, minor units.

    A multiplier that names lines acts on their points only, so never on points that belong to the bill.
    """
    holding = _holding(program, basket, now, bill, uses)
    everywhere = [ratio_of(each.factor) for each in holding if each.lines == ALL_LINES]
    # A tier of factor one does not multiply: as the highest it would undo a smaller factor.
    everywhere += [
        ratio_of(tier.multiplier)
        for tier in program.tiers.levels
        if tier.name == now.tier and tier.multiplier != 1
    ]
    for_lines = [each for each in holding if each.lines != ALL_LINES]
    combine = program.earning.multipliers_combine
    if not for_lines:
        return Factors(*_combined(everywhere, combine))
    return _line_by_line(basket, everywhere, for_lines, combine)


def _holding(
    program: Program, basket: Basket, now: Circumstances, bill: int, uses: Mapping[str, RewardUse]
) -> list[Multiplier]:
    found = []
    for each in program.earning.multipliers:
        fits = each.minimum_bill <= bill and (each.maximum_bill is None or bill <= each.maximum_bill)
        fits = fits and basket.lacks(each.needs) is None
        if fits and unmet(each.when, now) is None and not used_up(each, uses):
            found.append(each)
            if each.last:
                break
    return found


def _line_by_line(
    basket: Basket, everywhere: list[Ratio], for_lines: list[Multiplier], combine: MultipliersCombine
) -> Factors:
    ratios = [ratio_of(each.factor) for each in for_lines]
    acting = [0] * (len(basket.lines) + 1)
    for bit, each in enumerate(for_lines):
        for place in basket.matching(each.lines):
            acting[place] |= 1 << bit
    together = {
        bits: _combined(everywhere + [ratio for bit, ratio in enumerate(ratios) if bits >> bit & 1], combine)
        for bits in {*acting}
    }
    whole = lcm(*(bottom for _, bottom in together.values()))
    tops = {bits: top * (whole // bottom) for bits, (top, bottom) in together.items()}
    return Factors(tops[0], whole, [tops[bits] for bits in acting])


def _combined(acting: list[Ratio], combine: MultipliersCombine) -> Ratio:
    """Return one factor, one where none acts and never below zero."""
    if not acting:
        return 1, 1
    whole = lcm(*(bottom for _, bottom in acting))
    tops = [top * (whole // bottom) for top, bottom in acting]
    match combine:
        case MultipliersCombine.MULTIPLY:
            return prod(top for top, _ in acting), prod(bottom for _, bottom in acting)
        case MultipliersCombine.HIGHEST:
            return max(tops), whole
        case _:
            return max(0, whole + sum(top - whole for top in tops)), whole
