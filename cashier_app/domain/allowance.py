"""How much of a bill one redemption rule lets points pay, and what binds it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from decimal import Decimal
from functools import partial
from typing import TypeAlias

from msgspec.structs import asdict, replace

from cashier_app.domain.bill import Already
from cashier_app.domain.bill_facts import Facts
from cashier_app.domain.conversion import Blocks, blocks_of, depends_on_bill
from cashier_app.domain.member import Usage, Used
from cashier_app.domain.money import MAX_MINOR, Money
from cashier_app.domain.points import from_units, to_units
from cashier_app.domain.program import Program
from cashier_app.domain.program.conditions import Part
from cashier_app.domain.program.redemption import Quota, Quotas, RedemptionRule, ShareOf
from cashier_app.domain.program.tiers import TierLimits
from cashier_app.domain.reasons import (
    BillCovered,
    CappedAmount,
    CappedInPeriod,
    CappedPercent,
    CappedPerItem,
    CappedPoints,
    CappedShareOfBalance,
    KeptPoints,
    LeftToPay,
    Limit,
    LinesCovered,
    Period,
    WholeBalance,
    WholeSteps,
)

_Reason: TypeAlias = Callable[[], Limit]
"""Makes the reason; only the one that binds is ever made."""

NO_TIER_LIMITS = TierLimits()
NO_QUOTAS = Quotas()


class Allowance:
    """One redemption rule applied to one member.

    Every method takes the facts of a bill, so that the same rule can be asked about a larger one. Amounts are
    minor units, points whole units of the program's scale. A pair is a
    discount and the units that pay for it.

    Args:
        program: Gives scale and currency.
        rule: The rule.
        limits: Those of the member's tier, in place of the rule's.
        balance: Spendable units.
        usage: What the member redeemed before.
        already: What was redeemed on this bill before.
    """

    def __init__(
        self,
        program: Program,
        rule: RedemptionRule,
        limits: TierLimits,
        balance: int,
        usage: Usage,
        already: Already,
    ) -> None:
        self._program = program
        self._currency = program.currency
        self.rule = rule = _for_tier(rule, limits)
        self.balance = balance
        self.kept = self._units(rule.keep_points)
        self._limits, self._usage, self._already = limits, usage, already
        self._fixed = None if depends_on_bill(rule.conversion) else blocks_of(program, rule)
        self._units_left = list(self._limits_in_points(self._units(already.points)))
        self._fewest = min(limit for limit, _ in self._units_left)

    def blocks(self, facts: Facts) -> Blocks:
        """Return the blocks points are used in; some conversions depend on the bill."""
        return self._fixed or blocks_of(self._program, self.rule, facts.lines_left, facts.quantity)

    def with_balance(self, balance: int) -> Allowance:
        """Return the same rule for a member with another balance, in units."""
        return Allowance(self._program, self.rule, self._limits, balance, self._usage, self._already)

    def least(self, facts: Facts) -> tuple[int, int]:
        """Return the smallest discount that may be given."""
        return self.blocks(facts).least(self.rule.starting_discount, self._units(self.rule.minimum_points))

    def allowed(self, facts: Facts) -> tuple[int, int]:
        """Return the largest discount; nothing where it would be less than the least that may be given."""
        discount, units = self.within_limits(facts)
        return (discount, units) if discount >= self.least(facts)[0] > 0 else (0, 0)

    def within_limits(self, facts: Facts) -> tuple[int, int]:
        """Return the largest discount within every limit, be it less than the least that may be given."""
        return self.blocks(facts).snapped(self.ceiling(facts), self._fewest)

    def ceiling(self, facts: Facts) -> int:
        """Return the amount that everything but points limits the discount to."""
        if facts.total < 1 or not self.fits(facts):
            return 0
        return min(limit for limit, _ in self._limits_in_money(facts))

    def fits(self, facts: Facts) -> bool:
        """Say whether the bill is neither too small nor too large for the rule."""
        return self.counted(facts) >= self.rule.minimum_bill and not self.is_too_large(facts)

    def is_too_large(self, facts: Facts) -> bool:
        """Say whether the bill is above the largest the rule is for."""
        most = self.rule.maximum_bill
        return most is not None and self.counted(facts) > most

    def counted(self, facts: Facts) -> int:
        """Return the amount that the minimum bill is compared with."""
        net = self.rule.minimum_tax is Part.EXCLUDED
        if self.rule.minimum_of is ShareOf.BILL:
            return facts.net if net else facts.total
        return facts.lines_net if net else facts.lines

    def binding(self, facts: Facts) -> Limit:
        """Return what keeps the discount from being larger; of equals, balance before program before bill."""
        blocks = self.blocks(facts)
        limits = [(blocks.worth(units), reason) for units, reason in self._units_left]
        limits += self._limits_in_money(facts)
        _, reason = min(limits, key=lambda entry: entry[0])
        limit = reason()
        discount, units = self.within_limits(facts)
        some_stay = isinstance(limit, WholeBalance) and units < self.balance
        # Less than a step is left to pay: the bill is not covered.
        some_is_left = isinstance(limit, BillCovered) and discount < facts.payable
        if some_stay or some_is_left:
            return WholeSteps(self._money(blocks.step), self._points(self.balance - units))
        return limit

    def smallest_bill(self, facts: Facts, wanted: int) -> int | None:
        """Return by how much the bill must grow to allow at least this discount; None where it never does."""
        starts = [cap.from_bill - facts.total for cap in self.rule.maximum_by_bill]
        if self.rule.maximum_bill is not None:
            # Beyond it nothing is allowed; that is a band of its own.
            starts.append(self._first_too_large(facts))
        starts = sorted({0, *(start for start in starts if start > 0)})
        for start, end in zip(starts, [*starts[1:], MAX_MINOR], strict=True):
            # Within a band a larger bill never allows less, so the middle tells which half to look at.
            if self.allowed(facts.with_more(end - 1))[0] < wanted:
                continue
            low, high = start, end - 1
            while low < high:
                middle = (low + high) // 2
                if self.allowed(facts.with_more(middle))[0] < wanted:
                    low = middle + 1
                else:
                    high = middle
            return low
        return None

    def _first_too_large(self, facts: Facts) -> int:
        """Return by how much the bill must grow to be above the largest the rule is for."""
        low, high = 0, MAX_MINOR
        while low < high:
            middle = (low + high) // 2
            if self.is_too_large(facts.with_more(middle)):
                high = middle
            else:
                low = middle + 1
        return low

    def _limits_in_points(self, already: int) -> Iterator[tuple[int, _Reason]]:
        rule = self.rule
        if self.kept:
            yield max(self.balance - self.kept, 0), lambda: KeptPoints(self._points(self.kept))
        yield max(self.balance, 0), lambda: WholeBalance(self._points(self.balance))
        most = rule.maximum_points
        if most is not None:
            yield max(self._units(most) - already, 0), lambda: CappedPoints(most)
        share = rule.maximum_percent_of_balance
        if share is not None:
            percent, whole = share.as_integer_ratio()
            of_balance = max(self.balance, 0) * percent // (100 * whole)
            yield of_balance, lambda: CappedShareOfBalance(share)
        for period, quota, used in quotas_of(rule, self._usage):
            if quota.points is not None:
                left = max(self._units(quota.points) - self._units(used.points), 0)
                yield left, partial(_points_quota, period, quota, used)

    def _limits_in_money(self, facts: Facts) -> Iterator[tuple[int, _Reason]]:
        rule, already = self.rule, facts.already
        for period, quota, used in quotas_of(rule, self._usage):
            if quota.discount is not None:
                left = max(quota.discount - used.discount, 0)
                yield left, partial(self._money_quota, period, quota, used)
        most = rule.maximum_discount
        if most is not None:
            yield max(most - already, 0), lambda: CappedAmount(self._money(most))
        if rule.maximum_by_bill:
            maximum, above = self._band(facts)
            under = None if above is None else self._money(above)
            yield max(maximum - already, 0), lambda: CappedAmount(self._money(maximum), under)
        share = rule.maximum_percent
        if share is not None and (share < 100 or rule.percent_tax is Part.EXCLUDED):
            of_lines = rule.percent_of is ShareOf.LINES
            yield max(self._share(facts, share) - already, 0), lambda: CappedPercent(share, of_lines)
        if facts.per_item < facts.payable:
            yield facts.per_item, lambda: CappedPerItem(self._money(facts.per_item))
        if rule.minimum_to_pay:
            yield (
                max(facts.left - rule.minimum_to_pay, 0),
                lambda: LeftToPay(self._money(rule.minimum_to_pay)),
            )
        if facts.payable < facts.left:
            rest = facts.left - facts.payable
            yield facts.payable, lambda: LinesCovered(self._money(facts.payable), self._money(rest))
        else:
            yield facts.payable, BillCovered

    def _band(self, facts: Facts) -> tuple[int, int | None]:
        """Return the maximum of the band this bill is in, and where the next begins."""
        maximum = 0
        for cap in self.rule.maximum_by_bill:
            if cap.from_bill > facts.total:
                return maximum, cap.from_bill
            maximum = cap.maximum
        return maximum, None

    def _share(self, facts: Facts, share: Decimal) -> int:
        rule = self.rule
        net = rule.percent_tax is Part.EXCLUDED
        if rule.percent_of is ShareOf.BILL:
            amount = facts.net if net else facts.total
        else:
            amount = facts.lines_net if net else facts.lines
        percent, whole = share.as_integer_ratio()
        return amount * percent // (100 * whole)

    def _money_quota(self, period: Period, quota: Quota, used: Used) -> Limit:
        return CappedInPeriod(
            period,
            discount=self._money(quota.discount or 0),
            used_discount=self._money(used.discount),
        )

    def _units(self, points: Decimal) -> int:
        return to_units(points, self._program.point_scale)

    def _points(self, units: int) -> Decimal:
        return from_units(units, self._program.point_scale)

    def _money(self, minor: int) -> Money:
        return Money(int(minor), self._currency)


def quotas_of(rule: RedemptionRule, usage: Usage) -> Iterator[tuple[Period, Quota, Used]]:
    """Return the limits of a rule over a while, with what the member used of each."""
    if rule.quotas == NO_QUOTAS:
        return
    for period in Period:
        quota: Quota | None = getattr(rule.quotas, period.value)
        if quota is not None:
            used: Used = getattr(usage, period.value)
            yield period, quota, used


def _points_quota(period: Period, quota: Quota, used: Used) -> Limit:
    return CappedInPeriod(period, points=quota.points, used_points=used.points)


def _for_tier(rule: RedemptionRule, limits: TierLimits) -> RedemptionRule:
    if limits == NO_TIER_LIMITS:
        return rule
    given = {name: value for name, value in asdict(limits).items() if value is not None}
    return replace(rule, **given)
