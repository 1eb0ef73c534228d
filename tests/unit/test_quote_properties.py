"""What holds for every program, account, bill and choice; each limit is reckoned again here, by hand."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator, Sequence
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from msgspec import Struct
from msgspec.structs import asdict, fields, replace

import cashier_app.domain
from cashier_app.domain.allowance import Allowance
from cashier_app.domain.bill import Bill, Line
from cashier_app.domain.bill_facts import Facts
from cashier_app.domain.choice import (
    PointsChoice,
    TakeAmount,
    TakeMaximum,
    TakeNothing,
    TakePoints,
    TakeReward,
    TakeTogether,
)
from cashier_app.domain.conversion import Blocks, depends_on_bill
from cashier_app.domain.member import Account, Member
from cashier_app.domain.money import Money
from cashier_app.domain.paying import RuleCase
from cashier_app.domain.points import from_units, to_units
from cashier_app.domain.program import Program
from cashier_app.domain.program.conditions import ALL_LINES, Lines, Part, Share, When
from cashier_app.domain.program.redemption import RedemptionRule, RulePick, ShareOf
from cashier_app.domain.quote import Occasion, Quote, best_possible, quote, worth
from cashier_app.domain.reasons import EarnsTowards, MoreBill, MorePoints, NeedsBill, NeedsPoints
from tests.fakes.any_quote import NOW, Case, accounts, bills, cases, minors, points_choices, programs, totals

PRIYA = Member("m", "Priya")
OPEN = Occasion(NOW, "North")

# A whole program takes minutes to shrink; the first that fails is printed as it is.
whole = settings(max_examples=400, phases=(Phase.explicit, Phase.generate), report_multiple_bugs=False)
more = settings(whole, max_examples=800)


def ask(case: Case) -> Quote:
    return quote(case.program, case.member, case.account, case.bill, case.choice, case.occasion)


# The limits of a rule, reckoned without the engine.
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
    held = max(case.account.balance, Decimal(0))
    today = NOW.date()
    if case.account.lots:
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


# What every answer must be.
def check_answer(case: Case) -> None:
    answer = ask(case)
    check_sums(case, answer)
    check_reasons(case, answer)
    if answer.points_used and not answer.rewards_taken:
        check_limits(case, answer)
    # The same question has the same answer, and no figure in it is a float.
    assert ask(case) == answer
    assert not [value for value in values_in(answer) if isinstance(value, float)]


def check_sums(case: Case, answer: Quote) -> None:
    bill, before = case.bill, untouched(case).taken
    assert len(answer.taken) == len(bill.each_line())
    for line, had, taken in zip(bill.each_line(), before, answer.taken, strict=True):
        assert 0 <= had <= taken <= line.amount
    assert sum(before) == min(bill.already.discount, bill.total.minor)
    assert sum(answer.taken) == answer.discount.minor + sum(before)
    paid = answer.tendered
    assert paid.store_credit.minor >= 0
    assert paid.gift_balance.minor >= 0
    assert answer.to_pay.minor == bill.total.minor - sum(answer.taken) - paid.minor
    assert answer.to_pay.minor >= 0
    for held, used in (
        (case.account.store_credit, paid.store_credit),
        (case.account.gift_balance, paid.gift_balance),
    ):
        assert used.minor <= max(held.minor if held else 0, 0)
    for figure in (answer.maximum, answer.minimum, answer.step, answer.discount):
        assert figure.minor >= 0
        assert figure.currency == case.program.currency
    assert answer.minimum <= answer.maximum
    assert answer.maximum.minor <= bill.total.minor - sum(before)
    assert answer.points_used >= 0
    assert answer.points_used <= points_held(case)
    assert answer.earns >= 0
    assert not (case.member.blocked_since and (answer.earns or answer.points_used))
    assert answer.balance_after - answer.earns + answer.points_used <= case.account.balance
    if case.account.balance >= 0:
        assert answer.balance_after >= 0
    assert sum((lot.points for lot in answer.lots_used), Decimal(0)) <= answer.points_used


def check_reasons(case: Case, answer: Quote) -> None:
    # Nothing is left unsaid, and nothing said that contradicts it.
    if answer.refusal is not None:
        assert not answer.maximum
    if case.bill.total and not answer.maximum:
        assert answer.refusal is not None
    if answer.maximum and not answer.rewards_taken:
        assert answer.limit is not None
    for option in answer.rules:
        assert (option.refusal is None) or (option.limit is None and not option.maximum)
        assert option.limit is None or option.maximum or not case.bill.total
    for reward in answer.rewards:
        assert reward.refusal is None or not reward.discount
    wanted = case.choice
    together = wanted if isinstance(wanted, TakeTogether) else None
    if isinstance(wanted, TakeReward) and not answer.rewards_taken:
        assert answer.choice_refusal is not None
    if together is not None and len(answer.rewards_taken) < len(together.rewards):
        assert answer.choice_refusal is not None
    check_wish(together.points if together else wanted, answer)


def check_wish(wish: object, answer: Quote) -> None:
    """A choice never gets more than asked; one that gets nothing hears why."""
    if answer.rewards_taken:
        return
    match wish:
        case TakeAmount(amount):
            assert answer.discount.minor <= max(amount.minor, 0)
            assert answer.discount or amount.minor <= 0 or answer.choice_refusal or not answer.bill
        case TakePoints(points):
            assert answer.points_used <= max(points, Decimal(0))
            assert answer.points_used or points <= 0 or answer.choice_refusal or not answer.bill
        case TakeNothing():
            assert not answer.discount
        case TakeMaximum(rule_id) if answer.choice_refusal is None:
            assert answer.discount == answer.maximum
            assert rule_id in {"", answer.rule_id}


def values_in(value: object) -> Iterator[object]:
    yield value
    if isinstance(value, Struct):
        for field in fields(value):
            yield from values_in(getattr(value, field.name))
    elif isinstance(value, tuple | list):
        for part in value:
            yield from values_in(part)
    elif isinstance(value, dict):
        yield from values_in(list(value.items()))


@more
@given(cases())
def test_every_question_gets_an_honest_answer(case: Case) -> None:
    check_answer(case)


def paying_case(data: st.DataObject, program: Program) -> Case:
    """Return a case in which nothing but points, and the rules, decide what is taken off."""
    case = simple(data.draw, program)
    return replace(case, choice=data.draw(points_choices(program)))


@more
@given(st.data(), programs())
def test_what_points_take_off_is_within_every_limit(data: st.DataObject, program: Program) -> None:
    check_answer(paying_case(data, program))


def simple(draw: Callable[[Any], Any], program: Program, bill: Bill | None = None) -> Case:
    """Return a case with nothing chosen but the most, of a member who may use points."""
    account = draw(accounts(program))
    return Case(program, PRIYA, account, bill or draw(bills(program)), TakeMaximum(), OPEN)


def check_snapping(case: Case, wish: PointsChoice) -> None:
    most = ask(case)
    if not most.maximum:
        return
    amount = replace(case, choice=TakeAmount(most.maximum, most.rule_id))
    assert ask(amount).discount == most.maximum
    points = replace(case, choice=TakePoints(most.maximum_points, most.rule_id))
    assert ask(points).discount == most.maximum
    # What a wish got, asked for again in money or in points, is the same; a step more is another.
    got = ask(replace(case, choice=wish))
    again = replace(case, choice=TakeAmount(got.discount, got.rule_id))
    assert ask(again).discount == got.discount
    again = replace(case, choice=TakePoints(got.points_used, got.rule_id))
    assert (ask(again).discount, ask(again).points_used) == (got.discount, got.points_used)


@whole
@given(st.data(), programs())
def test_what_was_given_can_be_asked_for_again(data: st.DataObject, program: Program) -> None:
    case = simple(data.draw, program)
    check_snapping(case, data.draw(points_choices(program)))


@whole
@given(st.data(), programs(), st.integers(0, 10**9))
def test_more_points_never_give_less(data: st.DataObject, program: Program, more: int) -> None:
    combining = replace(program.combining, rule_pick=RulePick.BEST)
    case = simple(data.draw, replace(program, combining=combining))
    case = replace(case, account=replace(case.account, lots=()))
    richer = replace(case.account, balance=case.account.balance + from_units(more, program.point_scale))
    assert ask(replace(case, account=richer)).maximum >= ask(case).maximum


def may_fall(rule: RedemptionRule) -> bool:
    """Say whether a larger bill may allow less: by its size, or because a block takes off a larger share."""
    by_size = bool(rule.maximum_by_bill) or rule.maximum_bill is not None
    return by_size or rule.conversion.percent is not None


def amount_only(data: st.DataObject, program: Program) -> Case:
    bill = Bill(Money(data.draw(totals), program.currency))
    case = simple(data.draw, program, bill)
    # What this sale earns may carry the member into another tier, or be spent at once: another question.
    earning = replace(program.earning, spendable_at_once=False)
    return replace(case, program=replace(program, earning=earning))


@whole
@given(st.data(), programs(), minors)
def test_a_larger_bill_never_gives_less_unless_a_rule_says_so(
    data: st.DataObject, program: Program, more: int
) -> None:
    rules = tuple(rule for rule in program.redemption if not may_fall(rule))
    program = replace(program, redemption=rules)
    combining = replace(program.combining, rule_pick=RulePick.BEST)
    case = amount_only(data, replace(program, combining=combining))
    larger = replace(case, bill=Bill(Money(case.bill.total.minor + more, program.currency)))
    assert ask(larger).maximum >= ask(case).maximum


def check_promise(case: Case) -> None:
    """What would raise the most does raise it, by exactly so much."""
    before = ask(case)
    case = replace(case, choice=TakeMaximum(before.rule_id))
    match before.next_step:
        case MoreBill(more, gains):
            assert more.minor > 0
            assert gains.minor > 0
            larger = replace(case, bill=replace(case.bill, total=case.bill.total + more))
            assert ask(larger).maximum == before.maximum + gains
        case MorePoints(more_points, gains):
            assert more_points > 0
            assert gains.minor > 0
            account = replace(case.account, balance=before_points(case) + more_points, lots=())
            after = replace(case, account=account)
            if case.bill.total:
                assert ask(after).maximum == before.maximum + gains
            else:
                only = replace(case.program, redemption=(the_rule(case.program, before.rule_id),))
                best = best_possible(only, PRIYA, account, OPEN)
                assert best is not None
                assert best[0] == gains
        case EarnsTowards(earns, still_missing):
            assert isinstance(before.refusal, NeedsPoints)
            assert earns == before.earns > 0
            assert still_missing == max(before.refusal.needed - before.refusal.has - earns, Decimal(0))
    if isinstance(before.refusal, NeedsBill):
        assert isinstance(before.next_step, MoreBill)
        assert before.refusal.missing.minor > 0
        missing = before.refusal.missing
        assert missing == before.next_step.more
        larger = replace(case, bill=replace(case.bill, total=case.bill.total + missing))
        assert ask(larger).refusal is None


def before_points(case: Case) -> Decimal:
    """Return the spendable balance without fractions of the scale."""
    scale = case.program.point_scale
    return from_units(to_units(points_held(case), scale), scale)


def the_rule(program: Program, rule_id: str) -> RedemptionRule:
    return next(rule for rule in program.redemption if rule.rule_id == rule_id)


@more
@given(st.data(), programs())
def test_the_next_step_brings_what_it_promises(data: st.DataObject, program: Program) -> None:
    check_promise(amount_only(data, program))


@whole
@given(st.data(), programs())
def test_the_best_possible_is_really_possible(data: st.DataObject, program: Program) -> None:
    account = data.draw(accounts(program))
    account = replace(account, tier=None)
    best = best_possible(program, PRIYA, account, OPEN)
    if best is None:
        return
    most, begins = best
    assert most.minor > 0
    case = Case(program, PRIYA, account, Bill(begins), TakeMaximum(), OPEN)
    if not program.earning.spendable_at_once:
        assert ask(case).maximum.minor > 0
        assert any(option.maximum.minor > 0 for option in ask(case).rules)


@whole
@given(programs(), st.integers(-(10**6), 10**14))
def test_what_points_are_worth_is_what_they_pay_without_limits(program: Program, units: int) -> None:
    points = from_units(units, program.point_scale)
    fixed = [rule for rule in program.redemption if not depends_on_bill(rule.conversion)]
    answer = worth(program, points)
    assert (answer is None) == (not fixed)
    if answer is not None:
        assert answer.minor >= 0
        plain = RedemptionRule(conversion=fixed[0].conversion, discount_step=fixed[0].discount_step)
        bare = Program(currency=program.currency, point_scale=program.point_scale, redemption=(plain,))
        bill = Bill(Money(max(answer.minor, 1) + 1, program.currency))
        case = Case(bare, PRIYA, Account(points, NOW), bill, TakeMaximum(), OPEN)
        assert ask(case).maximum == answer


# An engine with a fault is found out.
@more
@given(st.data(), programs())
def answers(data: st.DataObject, program: Program) -> None:
    check_answer(paying_case(data, program))


@more
@given(st.data(), programs())
def promises(data: st.DataObject, program: Program) -> None:
    check_promise(amount_only(data, program))


@more
@given(st.data(), programs())
def snaps(data: st.DataObject, program: Program) -> None:
    case = simple(data.draw, program)
    check_snapping(case, data.draw(points_choices(program)))


real_ceiling, real_snapped, real_wanted = Allowance.ceiling, Blocks.snapped, RuleCase.wanted
real_with_more, real_blocks = Facts.with_more, Allowance.blocks


def no_cap_on_a_second_rule(self: Allowance, facts: Facts) -> int:
    if self.rule.rule_id == "rule-0" or facts.total < 1 or self.counted(facts) < self.rule.minimum_bill:
        return real_ceiling(self, facts)
    return facts.payable


def one_block_too_many(self: Blocks, minor: int, units: int) -> tuple[int, int]:
    discount, cost = real_snapped(self, minor, units)
    return (discount, cost + self.units) if discount and cost + self.units <= units else (discount, cost)


def a_step_too_few(self: Blocks, minor: int, units: int) -> tuple[int, int]:
    return real_snapped(self, minor - 1, units)


def the_whole_balance(self: RuleCase, choice: PointsChoice) -> tuple[int, int]:
    minor, units = real_wanted(self, choice)
    return minor, max(units, self.allowance.balance - self.allowance.kept) if minor else 0


def above_the_wish(self: RuleCase, choice: PointsChoice) -> tuple[int, int]:
    return self.allowed if real_wanted(self, choice)[0] else (0, 0)


def one_minor_unit_too_many(self: Allowance, facts: Facts) -> int:
    return real_ceiling(self, facts) + 1


def a_bill_that_grows_faster(self: Facts, more: int) -> Facts:
    return real_with_more(self, 2 * more)


@pytest.mark.parametrize(
    ("where", "name", "fault", "found_by"),
    [
        (Allowance, "ceiling", no_cap_on_a_second_rule, answers),
        (Blocks, "snapped", one_block_too_many, answers),
        (RuleCase, "wanted", the_whole_balance, answers),
        (RuleCase, "wanted", above_the_wish, answers),
        (Blocks, "snapped", a_step_too_few, snaps),
        (Allowance, "ceiling", one_minor_unit_too_many, answers),
        (Facts, "with_more", a_bill_that_grows_faster, promises),
    ],
)
def test_a_planted_fault_is_found(
    monkeypatch: pytest.MonkeyPatch, where: type, name: str, fault: object, found_by: Callable[[], None]
) -> None:
    monkeypatch.setattr(where, name, fault)
    with pytest.raises(AssertionError):
        found_by()


# No float anywhere near money.
DOMAIN = sorted(Path(next(iter(cashier_app.domain.__path__))).rglob("*.py"))


def floats_in(source: str) -> list[int]:
    """Return the lines on which a float is written, made, or may come out of a division."""
    # Where a module reckons in fractions, a division stays one; the types say so, and mypy reads them.
    exact = "from fractions import Fraction" in source
    found = []
    for node in ast.walk(ast.parse(source)):
        number = isinstance(node, ast.Constant) and isinstance(node.value, float | complex)
        named = isinstance(node, ast.Name) and node.id in {"float", "complex", "round"}
        divided = isinstance(node, ast.BinOp | ast.AugAssign) and isinstance(node.op, ast.Div)
        if number or named or (divided and not exact):
            found.append(node.lineno)  # type: ignore[attr-defined]
    return found


@pytest.mark.parametrize("path", DOMAIN, ids=lambda path: path.stem)
def test_no_float_is_anywhere_near_money(path: Path) -> None:
    assert not floats_in(path.read_text(encoding="utf-8")), path.name


@pytest.mark.parametrize(
    "source", ["price = 0.1", "share = left / whole", "left /= 2", "float(text)", "round(left, 2)", "1j"]
)
def test_a_float_is_found(source: str) -> None:
    assert floats_in(source) == [1]
