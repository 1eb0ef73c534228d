"""What a sale earns, to the last unit of points.

The rules give exact points to the lines of the bill (`earning_awards`), the combination decides which of them
each line keeps, multipliers act on what it kept (`multipliers`), the points are rounded, and the maximum cuts
them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from math import lcm

from msgspec import Struct, field

from cashier_app.domain.basket import Basket
from cashier_app.domain.circumstances import Circumstances, unmet
from cashier_app.domain.earning_awards import Award, Awarding, rounded_each
from cashier_app.domain.member import NEVER_USED, RewardUse, Usage
from cashier_app.domain.multipliers import Factors, factors, used_up
from cashier_app.domain.points import NO_POINTS, from_units, to_units
from cashier_app.domain.program import Program
from cashier_app.domain.program.earning import AnyEarningRule, PerSale, PointsQuota, RoundedOn, RulesCombine
from cashier_app.domain.reasons import Period
from cashier_app.domain.rounding import Rounding, rounded

MOST_EARNED = 10**15
"""Most points one sale earns whatever the rules say: far above any program, exact in later arithmetic."""


class EarningSale(Struct, frozen=True):
    """A sale as earning sees it.

    Args:
        basket: The bill, with what points and rewards took off each line (`Basket.taken`).
        now: When, where, and for whom; `tier` is the tier the sale earns by.
        stored_value: Minor units paid from store credit and gift balance.
        redeemed: Whether points or a reward were used.
        before: What the member earned before, in the day, week, month and year of the sale, and ever.
        uses: How often the member earned by each rule and multiplier before, by its name.
    """

    basket: Basket
    now: Circumstances
    stored_value: int = 0
    redeemed: bool = False
    before: Usage = NEVER_USED
    uses: Mapping[str, RewardUse] = field(default_factory=dict)


class Earned(Struct, frozen=True):
    """Points a sale earns; `capped_by` names the while whose maximum cut them, or None."""

    points: Decimal = NO_POINTS
    capped_by: Period | None = None
    capped_on_bill: bool = False


NOTHING = Earned()


def points_earned(program: Program, sale: EarningSale) -> Earned:
    """Return what a sale earns, in points of the program's scale."""
    earning, bill = program.earning, sum(sale.basket.gross)
    if sale.redeemed and program.combining.redeeming_stops_earning:
        return NOTHING
    if not earning.rules or bill <= 0 or bill < earning.minimum_bill:
        return NOTHING
    awarding = Awarding(program, sale.basket, sale.stored_value)
    if not awarding.amounts(earning.basis).at_least(earning.minimum_basis):
        return NOTHING
    applying = _applying(earning.rules, awarding, sale, bill)
    if not applying:
        return NOTHING
    by = factors(program, sale.basket, sale.now, bill, sale.uses)
    awards = [awarding.award(rule, places) for rule, places in applying if rule.on_top]
    rivals = [(rule, places) for rule, places in applying if not rule.on_top]
    awards += _combined(program, awarding, rivals, by)
    earned = _capped(program, _units(program, awards, by), sale.before)
    return earned if earned.points >= earning.minimum_points else NOTHING


Applying = list[tuple[AnyEarningRule, Sequence[int]]]


def _applying(rules: Sequence[AnyEarningRule], awarding: Awarding, sale: EarningSale, bill: int) -> Applying:
    """Return the rules that hold, each with the lines that earn by it."""
    found: Applying = []
    for rule in rules:
        if bill < rule.minimum_bill or (rule.maximum_bill is not None and bill > rule.maximum_bill):
            continue
        if unmet(rule.when, sale.now) is not None or used_up(rule, sale.uses):
            continue
        if sale.basket.lacks(rule.needs) is not None:
            continue
        places = awarding.places(rule)
        if not places or (rule.minimum_quantity and sale.basket.quantity(places) < rule.minimum_quantity):
            continue
        found.append((rule, places))
        if rule.last:
            break
    return found


def _combined(program: Program, awarding: Awarding, rivals: Applying, by: Factors) -> list[Award]:
    """Return what the rules that are not on top give together."""
    if program.earning.combine is RulesCombine.FIRST:
        return _first(awarding, rivals)
    awards = [awarding.award(rule, places) for rule, places in rivals]
    if program.earning.combine is RulesCombine.BEST:
        return _best(awards, by)
    if program.earning.combine is RulesCombine.BEST_RULE:
        return _best_rule(program, awards, by)
    return awards


def _best_rule(program: Program, rivals: list[Award], by: Factors) -> list[Award]:
    """Return the award that gives the whole bill most, the first of equals."""
    return [max(rivals, key=lambda award: _units(program, [award], by))] if rivals else []


def _first(awarding: Awarding, rivals: Applying) -> list[Award]:
    """Return for each line what the first rule gives; a rule works on the lines that no earlier one took."""
    awards = []
    taken: set[int] = set()
    for rule, places in rivals:
        free = [place for place in places if place not in taken] if taken else places
        if free:
            awards.append(awarding.award(rule, free))
            taken.update(free)
    return awards


def _best(rivals: list[Award], by: Factors) -> list[Award]:
    """Return for each line the award that gives it most, the first of equals.

    At most one of the awards per sale is taken, and only where it gives more than its lines would without.
    """
    whole = lcm(*(award.bottom for award in rivals))
    for_lines = [award for award in rivals if not isinstance(award.rule, PerSale)]
    best: dict[int, tuple[int, int, int]] = {}
    for number, award in enumerate(for_lines):
        for position, value in enumerate(_values(award, by, whole)):
            place = award.places[position]
            if place not in best or value > best[place][0]:
                best[place] = (value, number, position)
    most, chosen = 0, []
    for award in rivals:
        if isinstance(award.rule, PerSale):
            without = sum(best[place][0] for place in award.covers if place in best)
            gain = _values(award, by, whole)[0] - without
            if gain > most:
                most, chosen = gain, [award]
    covered = {place for award in chosen for place in award.covers}
    kept: dict[int, list[int]] = {}
    for place, (_, number, position) in best.items():
        if place not in covered:
            kept.setdefault(number, []).append(position)
    return chosen + [for_lines[number].only(positions) for number, positions in kept.items()]


def _values(award: Award, by: Factors, whole: int) -> list[int]:
    """Return what an award gives each of its lines once multiplied, over one denominator for all awards."""
    top = award.top * (whole // award.bottom)
    pairs = zip(award.weights, _factors_of(award, by), strict=True)
    return [weight * top * factor for weight, factor in pairs]


def _factors_of(award: Award, by: Factors) -> list[int]:
    return by.at(award.places) if award.rule.multiplied else [by.whole] * len(award.places)


def _units(program: Program, awards: list[Award], by: Factors) -> int:
    """Return all awards multiplied and rounded, in units of points."""
    rounding = program.earning.rounding
    mode, first = rounding.mode or program.point_rounding, rounding.before_multiplier
    if rounding.on is RoundedOn.BILL:
        return _rounded_sum(awards, by, mode, rounded_first=first)
    if rounding.on is RoundedOn.RULE:
        return sum(_rounded_sum([award], by, mode, rounded_first=first) for award in awards)
    return sum(_rounded_lines(award, by, mode, rounded_first=first) for award in awards)


def _rounded_sum(awards: list[Award], by: Factors, mode: Rounding, *, rounded_first: bool) -> int:
    whole = lcm(*(award.bottom for award in awards))
    plain = multiplied = 0
    for award in awards:
        top = award.top * (whole // award.bottom)
        total = sum(award.weights) * top
        plain += total
        if by.of_place and award.rule.multiplied:
            pairs = zip(award.weights, by.at(award.places), strict=True)
            multiplied += top * sum(weight * factor for weight, factor in pairs)
        else:
            multiplied += total * (by.everywhere if award.rule.multiplied else by.whole)
    if rounded_first and plain:
        # Lines may be multiplied differently: what rounding added or took is spread over them in proportion.
        return rounded(multiplied * rounded(plain, whole, mode), plain * by.whole, mode)
    return rounded(multiplied, whole * by.whole, mode)


def _rounded_lines(award: Award, by: Factors, mode: Rounding, *, rounded_first: bool) -> int:
    bottom = award.bottom
    values = [weight * award.top for weight in award.weights]
    if rounded_first:
        values, bottom = award.rounded_lines(mode), 1
    multiplied = [value * factor for value, factor in zip(values, _factors_of(award, by), strict=True)]
    return sum(rounded_each(multiplied, bottom * by.whole, award.items, mode))


def _capped(program: Program, units: int, before: Usage) -> Earned:
    """Return the points within every maximum, naming the tightest that cut them, the first of equals."""
    scale, maximum = program.point_scale, program.earning.maximum
    earned = min(units, MOST_EARNED * 10**scale)
    found: tuple[Period | None, bool] = (None, False)
    for period, room in _rooms(maximum, before):
        most = max(0, to_units(room, scale))
        if most < earned:
            earned, found = most, (period, period is None)
    return Earned(from_units(earned, scale), *found)


def _rooms(maximum: PointsQuota, before: Usage) -> list[tuple[Period | None, Decimal]]:
    """Return what may still be earned on this bill, which no period names, and in each period."""
    limits: list[tuple[Period | None, Decimal | None, Decimal]] = [
        (None, maximum.bill, NO_POINTS),
        (Period.DAY, maximum.day, before.day.earned),
        (Period.WEEK, maximum.week, before.week.earned),
        (Period.MONTH, maximum.month, before.month.earned),
        (Period.YEAR, maximum.year, before.year.earned),
        (Period.EVER, maximum.ever, before.ever.earned),
    ]
    return [(period, most - earned) for period, most, earned in limits if most is not None]
