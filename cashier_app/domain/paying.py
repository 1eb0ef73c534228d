"""Paying with points: each redemption rule as it stands on this bill, and which of them is used."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from msgspec import Struct

from cashier_app.domain.allowance import NO_TIER_LIMITS, Allowance, quotas_of
from cashier_app.domain.basket import Basket
from cashier_app.domain.bill import Already
from cashier_app.domain.bill_facts import Facts, facts_of
from cashier_app.domain.choice import PointsChoice, TakeAmount, TakeMaximum, TakePoints
from cashier_app.domain.circumstances import Circumstances, unmet
from cashier_app.domain.conversion import depends_on_bill
from cashier_app.domain.member import Usage
from cashier_app.domain.money import MAX_MINOR, Money
from cashier_app.domain.points import from_units, to_units
from cashier_app.domain.program import Program
from cashier_app.domain.program.redemption import RedemptionRule, RulePick
from cashier_app.domain.reasons import (
    BillTooLarge,
    Limit,
    NeedsBill,
    NeedsDiscount,
    NeedsItems,
    NeedsPoints,
    NothingEligible,
    Refusal,
    UsedUp,
    UsedUpOnBill,
)


class RuleOption(Struct, frozen=True):
    """A redemption rule as it stands on this bill.

    Args:
        maximum: The most it takes off, and `points` what that costs.
        limit: What binds the maximum; None where a `refusal` says why it is zero, or without a bill.
    """

    rule: RedemptionRule
    maximum: Money
    points: Decimal
    limit: Limit | None = None
    refusal: Refusal | None = None


class Payer(Struct, frozen=True):
    """Who pays with points, and what that depends on beside the bill.

    Args:
        balance: Spendable units of points.
        usage: What the member redeemed before.
        already: What was redeemed on this bill before.
        barred: Why this member may use none at all, or None.
    """

    program: Program
    now: Circumstances
    balance: int
    usage: Usage
    already: Already
    barred: Refusal | None = None

    def case(self, rule: RedemptionRule, basket: Basket) -> RuleCase:
        """Return a rule applied to a basket as it stands."""
        limits = next(
            (tier.limits for tier in self.program.tiers.levels if tier.name == self.now.tier), NO_TIER_LIMITS
        )
        allowance = Allowance(self.program, rule, limits, self.balance, self.usage, self.already)
        facts = facts_of(allowance.rule, basket, self.already.discount)
        refusal = self.barred or unmet(rule.when, self.now)
        # Before there is a bill, one that holds all that is needed may still come.
        lacking = basket.lacks(rule.needs) if facts.total > 0 else None
        return RuleCase(self, allowance, facts, refusal, lacking)


class RuleCase:
    """One redemption rule on one bill: what it allows, why not more, why nothing.

    Attributes:
        allowed: The largest discount in minor units and the units of points that pay for it.
        refusal: Why nothing may be used, or None.
    """

    def __init__(
        self,
        payer: Payer,
        allowance: Allowance,
        facts: Facts,
        refusal: Refusal | None,
        lacking: NeedsItems | None,
    ) -> None:
        self._payer = payer
        self.allowance = allowance
        self.facts = facts
        self._outside, self._lacking = refusal, lacking
        self._scale = payer.program.point_scale
        self.refusal = refusal or self._member_refusal() or lacking
        self.allowed = (0, 0) if self.refusal else allowance.allowed(facts)
        if self.refusal is None and facts.total > 0 and not self.allowed[0]:
            self.refusal = self._bill_refusal()

    @property
    def limit(self) -> Limit | None:
        """Return what binds the maximum; None where nothing may be used or no bill is known."""
        if self.refusal is not None or self.facts.total < 1:
            return None
        return self.allowance.binding(self.facts)

    def option(self) -> RuleOption:
        """Return the case as an option to show."""
        discount, units = self.allowed
        return RuleOption(
            rule=self.allowance.rule,
            maximum=self.money(discount),
            points=from_units(units, self._scale),
            limit=self.limit,
            refusal=self.refusal,
        )

    def best_possible(self) -> tuple[Money, Money] | None:
        """Return the most that the first bills to allow anything take off, and where they begin.

        None where no bill would allow anything, or where what points are worth depends on the bill.
        """
        allowance, facts = self.allowance, self.facts
        if depends_on_bill(allowance.rule.conversion):
            return None
        starts = allowance.smallest_bill(facts, 1)
        if starts is None:
            return None
        ends = [cap.from_bill - 1 for cap in allowance.rule.maximum_by_bill if cap.from_bill > starts]
        largest = allowance.rule.maximum_bill
        ends.append(MAX_MINOR if largest is None else int(largest))
        most, _ = allowance.allowed(facts.with_more(min(ends)))
        return self.money(most), self.money(starts)

    def with_balance(self, balance: int) -> RuleCase:
        """Return the same rule on the same bill for a member with another balance, in units."""
        return RuleCase(
            self._payer, self.allowance.with_balance(balance), self.facts, self._outside, self._lacking
        )

    def wanted(self, choice: PointsChoice) -> tuple[int, int]:
        """Return the discount a choice gets, never above what it asks for or is allowed, and its units."""
        most, units = self.allowed
        match choice:
            case TakeMaximum():
                return self.allowed
            case TakeAmount(amount):
                most = min(most, amount.minor)
            case TakePoints(points):
                units = min(units, to_units(points, self._scale))
            case _:
                return 0, 0
        got = self.allowance.blocks(self.facts).snapped(most, units)
        return got if got[0] >= self.allowance.least(self.facts)[0] else (0, 0)

    def money(self, minor: int) -> Money:
        """Return minor units as money of the program."""
        return Money(minor, self._payer.program.currency)

    def needs_discount(self) -> NeedsDiscount:
        """Return that less is asked for, or allowed, than the least that may be used at once."""
        least, _ = self.allowance.least(self.facts)
        return NeedsDiscount(self.money(least), self.money(self.allowance.within_limits(self.facts)[0]))

    def _member_refusal(self) -> Refusal | None:
        """Return why this member can use none on any bill, or None."""
        allowance, facts = self.allowance, self.facts
        start = to_units(allowance.rule.start_points, self._scale)
        least, units = allowance.least(facts)
        needed = max(start, allowance.kept + max(units, allowance.blocks(facts).units))
        if allowance.balance < needed:
            return NeedsPoints(from_units(needed, self._scale), from_units(allowance.balance, self._scale))
        for period, quota, used in quotas_of(allowance.rule, self._payer.usage):
            left = quota.points is None or to_units(quota.points - used.points, self._scale) >= units
            left = left and (quota.discount is None or quota.discount - used.discount >= least)
            if not left or (quota.uses is not None and used.uses >= quota.uses):
                return UsedUp(period)
        return None

    def _bill_refusal(self) -> Refusal:
        """Return why nothing may be used on this bill."""
        allowance, facts = self.allowance, self.facts
        if not facts.lines:
            return NothingEligible()
        if allowance.is_too_large(facts):
            return BillTooLarge(self.money(int(allowance.rule.maximum_bill or 0)))
        grows = allowance.smallest_bill(facts, max(allowance.least(facts)[0], 1))
        if grows is None or not facts.left:
            already = self._payer.already
            return UsedUpOnBill() if already.discount or already.points else self.needs_discount()
        counted = allowance.counted(facts)
        reached = allowance.counted(facts.with_more(grows))
        return NeedsBill(self.money(reached), self.money(reached - counted))


def cases_of(payer: Payer, basket: Basket) -> tuple[RuleCase, ...]:
    """Return every redemption rule of the program on a basket as it stands."""
    return tuple(payer.case(rule, basket) for rule in payer.program.redemption)


def the_case(cases: Sequence[RuleCase], rule_id: str, pick: RulePick) -> RuleCase | None:
    """Return the rule that is used: the one named, else the program's pick of those that may be.

    Where none may be used, it is the one that comes nearest: one that a larger bill, another item or more
    points would open, before one that does not hold here and now. None where there is no such rule.
    """
    if rule_id:
        return next((case for case in cases if case.allowance.rule.rule_id == rule_id), None)
    open_to_use = [case for case in cases if case.refusal is None]
    if not open_to_use:
        near = (case for case in cases if isinstance(case.refusal, NeedsBill | NeedsItems | NeedsPoints))
        return next(near, cases[0] if cases else None)
    if pick is RulePick.FIRST:
        return open_to_use[0]
    # Of equal discounts the one that costs fewest points; of those the first.
    return max(open_to_use, key=lambda case: (case.allowed[0], -case.allowed[1]))
