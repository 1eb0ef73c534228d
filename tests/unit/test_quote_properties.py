"""What holds for every program, account, bill and choice; each limit is reckoned again here, by hand."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from msgspec import Struct
from msgspec.structs import fields, replace

import cashier_app.domain
from cashier_app.domain.allowance import Allowance
from cashier_app.domain.bill import Bill
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
from cashier_app.domain.occasion import Occasion
from cashier_app.domain.paying import RuleCase
from cashier_app.domain.points import from_units, to_units
from cashier_app.domain.program import Program
from cashier_app.domain.program.conditions import ALL_LINES
from cashier_app.domain.program.redemption import RedemptionRule, RulePick
from cashier_app.domain.quote import Quote, best_possible, worth
from cashier_app.domain.reasons import EarnsTowards, MoreBill, MorePoints, NeedsBill, NeedsPoints
from tests.fakes.any_quote import NOW, Case, accounts, bills, cases, minors, points_choices, programs, totals
from tests.fakes.limits_by_hand import ask, check_limits, points_held, untouched

PRIYA = Member("m", "Priya")
OPEN = Occasion(NOW, "North")

# A whole program takes minutes to shrink; the first that fails is printed as it is.
whole = settings(max_examples=250, phases=(Phase.explicit, Phase.generate), report_multiple_bugs=False)
more = settings(whole, max_examples=500)
# A planted fault ends the hunt once it is found; by which example changes with every constant in the code.
hunt = settings(whole, max_examples=8000)


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
    redeemed = answer.points_used or answer.rewards_taken or bill.already.points or bill.already.discount
    assert case.program.combining.points_with_stored_value or not (redeemed and paid.minor)
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
    assert answer.points_used <= max(points_held(case), Decimal(0))
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
    # A bill of which only the total is known holds nothing in particular.
    rules = tuple(replace(rule, lines=ALL_LINES, needs=None) for rule in program.redemption)
    program = replace(program, redemption=rules)
    account = replace(data.draw(accounts(program)), tier=None)
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
@hunt
@given(st.data(), programs())
def answers(data: st.DataObject, program: Program) -> None:
    check_answer(paying_case(data, program))


@hunt
@given(st.data(), programs())
def promises(data: st.DataObject, program: Program) -> None:
    check_promise(amount_only(data, program))


@hunt
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
