"""What would raise the discount: a little more on the bill, or a few more points."""

from __future__ import annotations

from decimal import Decimal

from cashier_app.domain.allowance import Allowance
from cashier_app.domain.paying import RuleCase
from cashier_app.domain.points import NO_POINTS, from_units, to_units
from cashier_app.domain.program import Program
from cashier_app.domain.reasons import (
    EarnsTowards,
    MoreBill,
    MorePoints,
    NeedsBill,
    NeedsPoints,
    NextStep,
    WholeSteps,
)


def next_step(program: Program, case: RuleCase, earns: Decimal) -> NextStep | None:
    """Return what would raise the most that may be taken off, where anything would.

    Args:
        program: Gives the scale.
        case: The rule on this bill.
        earns: Points this sale earns.
    """
    match case.refusal:
        case NeedsPoints(needed, has):
            if earns > 0 and not program.earning.spendable_at_once:
                return EarnsTowards(earns, max(needed - has - earns, NO_POINTS))
            gains = _with_points(case, to_units(needed, program.point_scale))
            return MorePoints(needed - has, case.money(gains)) if gains else None
        case NeedsBill():
            return _more_bill(case, 1, as_it_is=True)
        case None if case.facts.total > 0:
            return _more_points(program, case) or _more_bill(case, case.allowed[0] + 1)
        case _:
            return None


def _with_points(case: RuleCase, balance: int) -> int:
    """Return the most a larger balance allows: on this bill, or on any before there is one."""
    richer = case.with_balance(balance)
    if case.facts.total > 0:
        return richer.allowed[0]
    best = None if richer.refusal else richer.best_possible()
    return best[0].minor if best else 0


def _more_points(program: Program, case: RuleCase) -> MorePoints | None:
    """Return the points missing to the next larger discount, where only they keep it small."""
    allowance = case.allowance
    if not isinstance(case.limit, WholeSteps):
        return None
    missing = allowance.blocks(case.facts).cost(case.allowed[0] + 1) - allowance.balance
    gains = _with_points(case, allowance.balance + missing) - case.allowed[0] if missing > 0 else 0
    return MorePoints(from_units(missing, program.point_scale), case.money(gains)) if gains > 0 else None


def _more_bill(case: RuleCase, wanted: int, *, as_it_is: bool = False) -> MoreBill | None:
    """Return the nearest larger bill that allows this, as a sum one can say unless wanted `as_it_is`."""
    allowance, facts = case.allowance, case.facts
    grows = allowance.smallest_bill(facts, wanted)
    if not grows:
        return None
    if not (as_it_is or _begins_here(allowance, facts.total + grows)):
        round_sum = _round_up(facts.total + grows) - facts.total
        if allowance.allowed(facts.with_more(round_sum))[0] >= wanted:
            grows = round_sum
    gains = allowance.allowed(facts.with_more(grows))[0] - case.allowed[0]
    return MoreBill(case.money(grows), case.money(gains))


def _begins_here(allowance: Allowance, bill: int) -> bool:
    """Say whether the program itself names this bill: it is said as it is."""
    rule = allowance.rule
    return bill == rule.minimum_bill or any(cap.from_bill == bill for cap in rule.maximum_by_bill)


def _round_up(bill: int) -> int:
    """Return this or the next round amount: a sum a cashier can say, such as 25.000 for 23.751."""
    grain = max(5 * 10 ** (len(str(bill)) - 2), 1) if bill >= 10 else 10
    return -(-bill // grain) * grain
