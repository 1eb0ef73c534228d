"""What holds for every program, account, bill and choice."""

import ast
from collections.abc import Iterator
from datetime import UTC, date, datetime
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from msgspec import Struct
from msgspec.structs import fields, replace

import cashier_app.domain
from cashier_app.domain.member import Account, Member, TierStanding
from cashier_app.domain.money import Currency, Money
from cashier_app.domain.points import PointName, from_units, to_units
from cashier_app.domain.program import (
    Cap,
    Conversion,
    Earning,
    Program,
    Redemption,
    Reward,
    RewardKind,
    check_program,
)
from cashier_app.domain.quote import (
    Choice,
    TakeAmount,
    TakeMaximum,
    TakeNothing,
    TakeReward,
    best_possible,
    quote,
    worth,
)
from cashier_app.domain.reasons import EarnsTowards, MoreBill, MorePoints, NeedsPoints

NOW = datetime(2026, 11, 20, tzinfo=UTC)
TIERS = ["Silver", "Gold"]

# Small figures meet each other at the edges of the rules; large ones show what overflows.
amounts = st.one_of(st.integers(0, 3000), st.integers(0, 10**12))
bills = st.one_of(st.integers(0, 5000), st.integers(0, 10**13))
scales = st.integers(0, 4)


def points(scale: int, *, least: int = 0, most: int = 10**10) -> st.SearchStrategy[Decimal]:
    units = st.one_of(st.integers(least, 3000), st.integers(least, most))
    return units.map(lambda count: from_units(count, scale))


@st.composite
def conversions(draw: st.DrawFn, scale: int) -> Conversion:
    return Conversion(
        points=draw(points(scale, least=1, most=10**6)),
        value=draw(st.one_of(st.integers(1, 200), st.integers(1, 10**6))),
        whole_blocks=draw(st.booleans()),
    )


@st.composite
def redemptions(draw: st.DrawFn, scale: int) -> Redemption:
    froms = sorted(draw(st.sets(amounts, max_size=4)))
    return Redemption(
        conversion=draw(conversions(scale)),
        start_points=draw(st.one_of(st.just(Decimal(0)), points(scale))),
        minimum_bill=draw(st.one_of(st.just(0), amounts)),
        caps=tuple(Cap(at, draw(amounts)) for at in froms),
        maximum_percent=draw(st.one_of(st.none(), st.integers(1, 100))),
        minimum_to_pay=draw(st.one_of(st.just(0), amounts)),
    )


@st.composite
def rewards(draw: st.DrawFn, scale: int) -> tuple[Reward, ...]:
    kinds = draw(st.lists(st.sampled_from(RewardKind), max_size=3))
    return tuple(
        Reward(
            reward_id=f"reward-{place}",
            name="Reward",
            kind=kind,
            cost=draw(points(scale, least=1)),
            value=draw(st.integers(1, 100) if kind is RewardKind.PERCENT_OFF else amounts),
            maximum=draw(st.one_of(st.none(), amounts)),
            minimum_bill=draw(amounts),
        )
        for place, kind in enumerate(kinds)
    )


@st.composite
def programs(draw: st.DrawFn) -> Program:
    scale = draw(scales)
    factors = st.decimals(0, 100, places=2)
    return check_program(
        Program(
            name="Any",
            version="1",
            currency=Currency("KWD", draw(st.integers(0, 4))),
            point_name=PointName("point", "points"),
            point_scale=scale,
            earning=Earning(
                points=draw(points(scale, most=10**6)),
                per=draw(st.integers(1, 10**6)),
                minimum_bill=draw(amounts),
                tier_multipliers=draw(st.dictionaries(st.sampled_from(TIERS), factors)),
            ),
            redemption=draw(redemptions(scale)),
            rewards=draw(rewards(scale)),
        )
    )


@st.composite
def accounts(draw: st.DrawFn) -> Account:
    # A balance may be below zero, or finer than the program's scale.
    units = draw(st.one_of(st.integers(-100, 5000), st.integers(-(10**6), 10**12)))
    tier = draw(st.one_of(st.none(), st.sampled_from(TIERS)))
    return Account(
        balance=from_units(units, draw(scales)),
        as_of=NOW,
        tier=None if tier is None else TierStanding(tier, 1, 2),
    )


members = st.sampled_from([Member("m", "Priya"), Member("m", "Devika", blocked_since=date(2026, 1, 1))])


def choices(program: Program) -> st.SearchStrategy[Choice]:
    amount = st.integers(-10, 10**12).map(lambda minor: TakeAmount(Money(minor, program.currency)))
    names = [reward.reward_id for reward in program.rewards] + ["unheard of"]
    reward = st.sampled_from(names).map(TakeReward)
    return st.one_of(st.just(TakeMaximum()), st.just(TakeNothing()), amount, reward)


def money(program: Program, minor: int) -> Money:
    return Money(minor, program.currency)


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


@given(st.data(), programs(), accounts(), bills, members, st.booleans())
def test_every_bill_gets_an_honest_answer(
    data: st.DataObject,
    program: Program,
    account: Account,
    bill: int,
    member: Member,
    online: bool,  # noqa: FBT001
) -> None:
    choice = data.draw(choices(program))
    answer = quote(program, member, account, money(program, bill), choice, online=online)

    # Nothing is given that may not be.
    assert 0 <= answer.discount.minor <= bill
    assert answer.to_pay == answer.bill - answer.discount
    assert answer.maximum.minor <= bill
    redemption = program.redemption
    bands = [cap.maximum for cap in redemption.caps if cap.from_bill <= bill]
    if answer.maximum:
        assert answer.maximum <= worth(program, account.balance)
        assert account.balance >= redemption.start_points
        assert bill >= redemption.minimum_bill
        assert bill - answer.maximum.minor >= redemption.minimum_to_pay
        assert not redemption.caps or answer.maximum.minor <= bands[-1]
        percent = redemption.maximum_percent
        assert percent is None or answer.maximum.minor * 100 <= bill * percent
        assert online
        assert member.blocked_since is None
    if answer.reward is None:
        assert answer.discount <= answer.maximum
        assert answer.points_used <= max(account.balance, Decimal(0))
        # Points used are exactly what pays for the discount: no dust, no gift.
        conversion = redemption.conversion
        assert Fraction(answer.points_used) * conversion.value == answer.discount.minor * Fraction(
            conversion.points
        )
        assert answer.points_used == answer.points_used.quantize(from_units(1, program.point_scale))
        assert (
            not conversion.whole_blocks
            or to_units(answer.points_used, program.point_scale)
            % to_units(conversion.points, program.point_scale)
            == 0
        )
    else:
        assert answer.points_used == answer.reward.cost <= account.balance

    # Nothing is left unsaid.
    if bill and not answer.maximum:
        assert answer.refusal is not None or answer.limit is not None
    if answer.refusal is not None:
        assert not answer.maximum
    assert answer.balance_after == account.balance - answer.points_used + answer.earns
    assert answer.earns >= 0
    assert not (member.blocked_since and answer.earns)

    # The same question has the same answer, and no figure in it is a float.
    assert quote(program, member, account, money(program, bill), choice, online=online) == answer
    assert not [value for value in values_in(answer) if isinstance(value, float)]


@given(programs(), accounts(), bills, st.integers(0, 10**12))
def test_more_points_never_give_less(program: Program, account: Account, bill: int, more: int) -> None:
    richer = replace(account, balance=account.balance + from_units(more, program.point_scale))
    poor = quote(program, Member("m", "P"), account, money(program, bill), TakeMaximum())
    rich = quote(program, Member("m", "P"), richer, money(program, bill), TakeMaximum())
    assert rich.maximum >= poor.maximum


@given(programs(), accounts(), bills)
def test_a_larger_bill_brings_what_was_promised(program: Program, account: Account, bill: int) -> None:
    before = quote(program, Member("m", "P"), account, money(program, bill), TakeMaximum())
    assume(isinstance(before.next_step, MoreBill))
    assert isinstance(before.next_step, MoreBill)
    promise = before.next_step
    assert promise.more.minor > 0
    assert promise.gains.minor > 0
    after = quote(program, Member("m", "P"), account, before.bill + promise.more, TakeMaximum())
    assert after.maximum == before.maximum + promise.gains


@given(programs(), accounts(), bills)
def test_more_points_bring_what_was_promised(program: Program, account: Account, bill: int) -> None:
    before = quote(program, Member("m", "P"), account, money(program, bill), TakeMaximum())
    assume(isinstance(before.next_step, MorePoints))
    assert isinstance(before.next_step, MorePoints)
    promise = before.next_step
    richer = replace(account, balance=account.balance + promise.more)
    if bill:
        assert quote(program, Member("m", "P"), richer, before.bill, TakeMaximum()).maximum == promise.gains
    else:
        assert worth(program, richer.balance) == promise.gains


@given(programs(), accounts(), bills)
def test_what_a_sale_earns_towards_is_what_it_earns(program: Program, account: Account, bill: int) -> None:
    answer = quote(program, Member("m", "P"), account, money(program, bill), TakeMaximum())
    assume(isinstance(answer.next_step, EarnsTowards))
    assert isinstance(answer.next_step, EarnsTowards)
    assert isinstance(answer.refusal, NeedsPoints)
    assert answer.next_step.earns == answer.earns
    missing = answer.refusal.needed - answer.refusal.has - answer.earns
    assert answer.next_step.still_missing == max(missing, Decimal(0))


@given(programs(), accounts())
def test_the_best_possible_is_really_possible(program: Program, account: Account) -> None:
    most, begins = best_possible(program, account)
    assert begins.minor >= program.redemption.minimum_bill
    only_band = replace(program, redemption=replace(program.redemption, caps=program.redemption.caps[:1]))
    answer = quote(only_band, Member("m", "P"), account, money(program, 10**15), TakeMaximum())
    if account.balance >= program.redemption.start_points:
        assert answer.maximum == most
    assert most.minor >= 0


DOMAIN = sorted(Path(next(iter(cashier_app.domain.__path__))).glob("*.py"))


@pytest.mark.parametrize("path", DOMAIN, ids=lambda path: path.stem)
def test_no_float_is_anywhere_near_money(path: Path) -> None:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        where = f"{path.name}:{getattr(node, 'lineno', 0)}"
        assert not (isinstance(node, ast.Constant) and isinstance(node.value, float)), where
        assert not (isinstance(node, ast.Name) and node.id == "float"), where
        divides = isinstance(node, ast.BinOp | ast.AugAssign) and isinstance(node.op, ast.Div)
        # Dividing an exact fraction stays exact.
        assert not divides or _is_fraction(node), where


def _is_fraction(node: ast.AST) -> bool:
    names = {part.id for part in ast.walk(node) if isinstance(part, ast.Name)}
    return "Fraction" in names
