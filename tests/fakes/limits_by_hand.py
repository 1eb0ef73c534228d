"""The limits of paying with points, reckoned by hand: what no answer of the engine may exceed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

from msgspec.structs import asdict, replace

from cashier_app.domain.bill import Line
from cashier_app.domain.choice import TakeNothing
from cashier_app.domain.points import from_units, to_units
from cashier_app.domain.program.conditions import ALL_LINES, Lines, Part, Share, When
from cashier_app.domain.program.redemption import RedemptionRule, ShareOf
from cashier_app.domain.quote import Quote, quote
from tests.fakes.any_quote import NOW, Case


def ask(case: Case) -> Quote:
    return quote(case.program, case.member, case.account, case.bill, case.choice, case.occasion)


def part_of(amount: int, percent: Decimal) -> int:
    share = Fraction(percent) * amount
    return (share / 100).__floor__()


def looked_at(line: Line, wanted: Lines) -> bool:
    if wanted.discounted is Share.ONLY and not line.discounted:
        return False
    if wanted.discounted is Share.EXCLUDED and line.discounted:
        return False
    if line.item in wanted.except_items or set(line.categories) & set(wanted.except_categories):
        return False
    if not wanted.only_categories and not wanted.only_items:
        return True
    return line.item in wanted.only_items or bool(set(line.categories) & set(wanted.only_categories))


def holds(when: When, case: Case, tier: str) -> bool:
    """Say whether conditions hold at ten on a Saturday, in November 2026."""
    today = NOW.date()
    start, end, clock = when.from_time, when.until_time, NOW.time()
    if start and end and end <= start:
        in_hours = clock >= start or clock < end
        today -= timedelta(days=clock < end)
    else:
        in_hours = (start is None or clock >= start) and (
            end is None or clock < end or end.isoformat() == "00:00:00"
        )
    day = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")[today.weekday()]
    return (
        in_hours
        and (when.starts is None or when.starts <= today)
        and (when.ends is None or today <= when.ends)
        and (not when.weekdays or day in when.weekdays)
        and (not when.stores or case.occasion.store in when.stores)
        and (not when.paid_with or case.occasion.paid_with in when.paid_with)
        and (not when.tiers or tier in when.tiers)
        and (not when.member_tags or bool(set(when.member_tags) & set(case.account.tags)))
        and not set(when.except_member_tags) & set(case.account.tags)
    )


def rule_used(case: Case, answer: Quote) -> RedemptionRule:
    rule = next(rule for rule in case.program.redemption if rule.rule_id == answer.rule_id)
    tier = answer.tier.name if answer.tier else ""
    for level in case.program.tiers.levels:
        if level.name == tier:
            limits = {name: value for name, value in asdict(level.limits).items() if value is not None}
            rule = replace(rule, **limits)
    return rule


def points_held(case: Case) -> Decimal:
    """Return the points that may be spent, with those of this sale where they may be spent at once."""
    held = case.account.balance
    today = NOW.date()
    if case.account.lots and held >= 0:
        usable = [
            lot.points
            for lot in case.account.lots
            if (lot.last_day or date.max) >= today and (lot.first_day or today) <= today
        ]
        held = min(held, sum(usable, Decimal(0)))
    scale = case.program.point_scale
    if case.program.earning.spendable_at_once and not case.program.combining.redeeming_stops_earning:
        held = from_units(to_units(held, scale), scale) + untouched(case).earns
    return held


def untouched(case: Case) -> Quote:
    return ask(replace(case, choice=TakeNothing()))


def most_off_each_line(case: Case, rule: RedemptionRule, before: Sequence[int]) -> list[int]:
    """Return what points may take off each line of the bill beside what was taken off before."""
    most = []
    for line, had in zip(case.bill.each_line(), before, strict=True):
        if not looked_at(line, rule.lines):
            most.append(0)
            continue
        room = line.amount - had
        if not rule.covers_tax and line.amount:
            room = (Fraction(room) * (line.amount - line.tax) / line.amount).__floor__()
        cap = next((cap for cap in rule.per_item if looked_at(line, cap.lines)), None)
        if cap is not None and cap.maximum is not None:
            room = min(room, max((Fraction(line.quantity) * cap.maximum).__floor__() - had, 0))
        if cap is not None and cap.percent is not None:
            room = min(room, max(part_of(line.amount, cap.percent) - had, 0))
        most.append(room)
    return most


def counted(case: Case, rule: RedemptionRule, of: ShareOf, tax: Part) -> int:
    wanted = ALL_LINES if of is ShareOf.BILL else rule.lines
    chosen = [line for line in case.bill.each_line() if looked_at(line, wanted)]
    return sum(line.amount - (line.tax if tax is Part.EXCLUDED else 0) for line in chosen)


def items_on(case: Case, wanted: Lines) -> Decimal:
    chosen = (line.quantity for line in case.bill.each_line() if looked_at(line, wanted))
    return sum(chosen, Decimal(0))


def check_limits(case: Case, answer: Quote) -> None:
    """Compare a discount that only points gave with every limit of the rule."""
    rule, used, off = rule_used(case, answer), answer.points_used, answer.discount.minor
    already, held = case.bill.already, points_held(case)
    assert case.member.blocked_since is None
    assert case.occasion.online
    assert holds(rule.when, case, answer.tier.name if answer.tier else "")
    assert held >= rule.start_points
    assert used <= held - rule.keep_points
    assert used >= rule.minimum_points
    assert off >= rule.starting_discount
    assert not rule.needs or items_on(case, rule.needs.lines) >= rule.needs.quantity
    assert rule.maximum_points is None or used + already.points <= rule.maximum_points
    share = rule.maximum_percent_of_balance
    assert share is None or Fraction(used) * 100 <= Fraction(held) * Fraction(share)
    assert rule.maximum_discount is None or off + already.discount <= rule.maximum_discount
    bands = [cap.maximum for cap in rule.maximum_by_bill if cap.from_bill <= case.bill.total.minor]
    assert not rule.maximum_by_bill or off + already.discount <= bands[-1]
    if rule.maximum_percent is not None and (rule.maximum_percent < 100 or rule.percent_tax is Part.EXCLUDED):
        base = counted(case, rule, rule.percent_of, rule.percent_tax)
        assert off + already.discount <= part_of(base, rule.maximum_percent)
    bill = counted(case, rule, rule.minimum_of, rule.minimum_tax)
    assert bill >= rule.minimum_bill
    assert rule.maximum_bill is None or bill <= rule.maximum_bill
    before = untouched(case).taken
    most = most_off_each_line(case, rule, before)
    for taken, had, room in zip(answer.taken, before, most, strict=True):
        assert 0 <= taken - had <= room
    assert case.bill.total.minor - sum(before) - off >= rule.minimum_to_pay
    assert not rule.discount_step or off % rule.discount_step == 0
    check_quotas(case, rule, used, off)
    check_price(case, rule, used, off, before)


def check_quotas(case: Case, rule: RedemptionRule, used: Decimal, off: int) -> None:
    for name in ("day", "week", "month", "year", "ever"):
        quota, had = getattr(rule.quotas, name), getattr(case.account.usage, name)
        if quota is None:
            continue
        assert quota.points is None or had.points + used <= quota.points
        assert quota.discount is None or had.discount + off <= quota.discount
        assert quota.uses is None or had.uses < quota.uses


def check_price(case: Case, rule: RedemptionRule, used: Decimal, off: int, before: Sequence[int]) -> None:
    """Points used are exactly what pays for the discount: no dust, no gift, whole blocks where asked for."""
    scale, conversion = case.program.point_scale, rule.conversion
    assert used == from_units(to_units(used, scale), scale)
    if conversion.percent is not None:
        lines = zip(case.bill.each_line(), before, strict=True)
        base = sum(line.amount - had for line, had in lines if looked_at(line, rule.lines))
        value = Fraction(conversion.percent) * base / 100
    else:
        assert conversion.value is not None
        value = Fraction(conversion.value) * 10**case.program.currency.decimals
        if conversion.each_item:
            items = items_on(case, rule.lines)
            most = conversion.maximum_quantity
            value *= Fraction(items if most is None else min(items, most))
    blocks = Fraction(used) / Fraction(conversion.points)
    if conversion.whole_blocks:
        assert blocks.denominator == 1
        one_fewer = blocks - 1
    else:
        one_fewer = blocks - Fraction(1, 10**scale) / Fraction(conversion.points)
    assert (blocks * value).__floor__() == off
    assert (one_fewer * value).__floor__() < off
    assert not rule.discount_step or blocks * value == off
