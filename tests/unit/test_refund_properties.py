"""What holds for every program, sale and series of returns."""

from collections.abc import Callable, Iterator
from datetime import datetime
from decimal import Decimal
from fractions import Fraction

from hypothesis import HealthCheck, Phase, find, given, settings
from hypothesis import strategies as st
from hypothesis.errors import NoSuchExample
from msgspec import Struct
from msgspec.structs import astuple, replace

from cashier_app.domain.basket import Basket
from cashier_app.domain.bill import Bill, Line
from cashier_app.domain.circumstances import Circumstances
from cashier_app.domain.earning import EarningSale, points_earned
from cashier_app.domain.member import Usage, Used
from cashier_app.domain.money import Currency, Money
from cashier_app.domain.points import from_units, to_units
from cashier_app.domain.program import Program
from cashier_app.domain.program.conditions import Lines, Part, Share
from cashier_app.domain.program.earning import (
    AnyEarningRule,
    Basis,
    Earning,
    EarningRounding,
    PerAmount,
    PercentBack,
    PerItem,
    PerSale,
    PointsQuota,
    Redeemed,
    RoundedOn,
    RulesCombine,
)
from cashier_app.domain.program.figures import Amount, Factor, Percent, Points, Rate, Threshold
from cashier_app.domain.program.tiers import Below, GivenBack, Refunds, TakenBack, Tier, Tiers
from cashier_app.domain.refund import (
    NothingReturned,
    RefundPlan,
    Returned,
    ReturnedLine,
    Sold,
    next_return,
    no_returns,
    refund_plan,
)
from cashier_app.domain.rounding import Rounding

AT = datetime(2026, 11, 21, 12, 0)  # noqa: DTZ001 - the shop's own time
EVERYTHING = Returned(everything=True)
Planner = Callable[[Program, Sold, Returned, tuple[Returned, ...]], RefundPlan]

# Small figures meet each other at the edges of the rules; large ones show what overflows.
minor_units = st.one_of(st.integers(0, 50), st.integers(0, 5000), st.integers(0, 10**11))


@st.composite
def earning_rules(draw: st.DrawFn, scale: int) -> AnyEarningRule:
    points = Points(from_units(draw(st.integers(0, 5000)), scale))
    lines = draw(st.sampled_from([Lines(), Lines(only_categories=("a",)), Lines(except_categories=("a",))]))
    least = Amount(draw(st.integers(0, 3000)))
    most = draw(st.none() | st.integers(0, 6000).map(Amount))
    steps = draw(st.booleans())
    match draw(st.sampled_from([PerAmount, PercentBack, PerItem, PerSale])):
        case kind if kind is PerAmount:
            per = Rate(draw(st.integers(1, 200)))
            return PerAmount(
                points=points, per=per, whole_steps=steps, lines=lines, minimum_bill=least, maximum_bill=most
            )
        case kind if kind is PercentBack:
            percent = Percent(draw(st.integers(0, 100)))
            return PercentBack(percent=percent, lines=lines, minimum_bill=least, maximum_bill=most)
        case kind if kind is PerItem:
            return PerItem(points=points, whole_steps=steps, lines=lines, minimum_bill=least)
        case _:
            return PerSale(points=points, lines=lines, minimum_bill=least, maximum_bill=most)


@st.composite
def programs(
    draw: st.DrawFn, used: st.SearchStrategy[GivenBack], earned: st.SearchStrategy[TakenBack]
) -> Program:
    scale = draw(st.integers(0, 4))
    rounding = EarningRounding(
        mode=draw(st.none() | st.sampled_from(Rounding)),
        on=draw(st.sampled_from(RoundedOn)),
        before_multiplier=draw(st.booleans()),
    )
    basis = Basis(
        redemption=draw(st.sampled_from(Redeemed)),
        tax=draw(st.sampled_from(Part)),
        stored_value=draw(st.sampled_from(Share)),
        discounts=draw(st.sampled_from(Part)),
    )
    earning = Earning(
        rules=tuple(draw(st.lists(earning_rules(scale), max_size=3))),
        combine=draw(st.sampled_from(RulesCombine)),
        basis=basis,
        rounding=rounding,
        minimum_bill=Amount(draw(st.integers(0, 2000))),
        maximum=PointsQuota(day=draw(st.none() | st.integers(0, 9000).map(Points))),
    )
    gold = Tier(name="gold", threshold=Threshold(1), multiplier=Factor(Decimal("1.5")))
    return Program(
        currency=Currency("INR", draw(st.sampled_from([0, 2, 3]))),
        point_scale=scale,
        point_rounding=draw(st.sampled_from(Rounding)),
        earning=earning,
        tiers=Tiers(levels=(gold,)),
        refunds=Refunds(
            used=draw(used), earned=draw(earned), rounding=draw(st.none() | st.sampled_from(Rounding))
        ),
    )


@st.composite
def lines(draw: st.DrawFn) -> Line:
    amount = draw(minor_units)
    quantity = draw(st.one_of(st.integers(1, 7).map(Decimal), st.decimals("0.001", "50", places=3)))
    categories = draw(st.sampled_from([(), ("a",)]))
    before = draw(st.none() | st.integers(0, 9000))
    tax = draw(st.integers(0, amount))
    return Line(amount, tax, quantity, categories=categories, before_discount=before)


@st.composite
def sales(draw: st.DrawFn, program: Program) -> Sold:
    listed = tuple(draw(st.lists(lines(), max_size=5)))
    amount = draw(minor_units)
    total = sum(line.amount for line in listed) if listed else amount
    tax = sum(line.tax for line in listed) if listed else draw(st.integers(0, amount))
    bill = Bill(Money(total, program.currency), tax, listed)
    taken = tuple(
        draw(st.one_of(st.just(0), st.integers(0, line.amount), st.just(line.amount)))
        for line in bill.each_line()
    )
    used = from_units(draw(st.one_of(st.integers(0, 30), st.integers(0, 10**9))), program.point_scale)
    sale = Sold(
        bill=bill,
        now=Circumstances(AT, tier=draw(st.sampled_from(["", "gold"]))),
        taken=taken,
        discount=sum(taken),
        points_used=used,
        stored_value=draw(st.integers(0, total - sum(taken))),
        before=Usage(day=Used(earned=Decimal(draw(st.integers(0, 100))))),
        redeemed=bool(used),
    )
    basket = Basket(bill)
    basket.taken = list(taken)
    whole = EarningSale(basket, sale.now, sale.stored_value, sale.redeemed, sale.before)
    by_rules = to_units(points_earned(program, whole).points, program.point_scale)
    by_book = draw(st.one_of(st.just(by_rules), st.just(by_rules), st.integers(0, 5000)))
    return replace(sale, earned=from_units(by_book, program.point_scale))


@st.composite
def returns(draw: st.DrawFn, sale: Sold) -> Returned:
    """Return something that often fits; what does not is left out by `fitting`."""
    places = st.integers(0, len(sale.bill.each_line()) - 1)
    back: list[ReturnedLine] = []
    for place in draw(st.lists(places, max_size=3)):
        whole = sale.bill.each_line()[place].quantity
        part = st.integers(1, to_units(whole, 3)).map(lambda units: from_units(units, 3))
        back.append(ReturnedLine(place, draw(st.one_of(part, st.just(whole)))))
    amounts = st.one_of(st.integers(1, 20), st.integers(1, max(1, sale.bill.total.minor)))
    by_amount = draw(st.booleans()) or not back
    return Returned(tuple(back), Money(draw(amounts), sale.bill.currency) if by_amount else None)


class Case(Struct, frozen=True):
    """A sale and what comes back of it, one after the other, in the end everything."""

    program: Program
    sale: Sold
    all_returned: tuple[Returned, ...]


def fitting(program: Program, sale: Sold, wanted: list[Returned]) -> tuple[Returned, ...]:
    done: tuple[Returned, ...] = ()
    for returned in (*wanted, EVERYTHING):
        if refund_plan(program, sale, returned, done).refused is None:
            done = (*done, returned)
    return done


any_used = st.sampled_from(GivenBack)
any_earned = st.sampled_from(TakenBack)


@st.composite
def cases(
    draw: st.DrawFn,
    used: st.SearchStrategy[GivenBack] = any_used,
    earned: st.SearchStrategy[TakenBack] = any_earned,
) -> Case:
    program = draw(programs(used, earned))
    sale = draw(sales(program))
    return Case(program, sale, fitting(program, sale, draw(st.lists(returns(sale), max_size=6))))


def plans_of(case: Case, planner: Planner = refund_plan) -> list[RefundPlan]:
    return [
        planner(case.program, case.sale, returned, case.all_returned[:place])
        for place, returned in enumerate(case.all_returned)
    ]


def figures(plan: RefundPlan) -> tuple[Decimal, ...]:
    assert plan.refused is None
    money, discount = Decimal(plan.money_back.minor), Decimal(plan.discount_back.minor)
    return plan.taken_back, plan.restored, money, discount


def added_up(plans: list[RefundPlan]) -> tuple[Decimal, ...]:
    return tuple(sum(column, Decimal(0)) for column in zip(*map(figures, plans), strict=True))


def adds_up(case: Case, planner: Planner = refund_plan) -> bool:
    at_once = planner(case.program, case.sale, EVERYTHING, ())
    return added_up(plans_of(case, planner)) == figures(at_once)


@given(cases())
def test_any_series_of_returns_adds_up_to_the_whole(case: Case) -> None:
    assert adds_up(case)


@given(cases())
def test_the_whole_return_undoes_the_sale(case: Case) -> None:
    sale, rules = case.sale, case.program.refunds
    taken_back, restored, money, discount = figures(refund_plan(case.program, sale, EVERYTHING))
    assert taken_back == (0 if rules.earned is TakenBack.NEVER else sale.earned)
    assert restored == (0 if rules.used is GivenBack.NEVER else sale.points_used)
    assert (int(money), int(discount)) == (sale.paid, sale.discount)


undone = st.sampled_from([used for used in GivenBack if used is not GivenBack.NEVER])
asked_back = st.sampled_from([earned for earned in TakenBack if earned is not TakenBack.NEVER])


@given(cases(undone, asked_back), st.integers(0, 10**12), st.integers(0, 4))
def test_earning_then_returning_all_leaves_the_balance_as_it_was(case: Case, units: int, scale: int) -> None:
    balance = before = case.sale.points_used + from_units(units, scale)
    balance += case.sale.earned - case.sale.points_used
    for plan in plans_of(case):
        assert plan.balance_change == plan.restored - plan.taken_back
        balance += plan.balance_change
    assert balance == before


@given(cases())
def test_nothing_is_negative_and_no_total_is_above_the_sale(case: Case) -> None:
    sale, plans = case.sale, plans_of(case)
    limits = (sale.earned, sale.points_used, Decimal(sale.paid), Decimal(sale.discount))
    for place, plan in enumerate(plans):
        assert all(figure >= 0 for figure in figures(plan))
        totals = added_up(plans[: place + 1])
        assert all(total <= limit for total, limit in zip(totals, limits, strict=True))


@given(cases())
def test_money_and_discount_together_are_what_the_goods_cost(case: Case) -> None:
    for returned, plan in zip(case.all_returned, plans_of(case), strict=True):
        if returned.amount is not None and not returned.lines:
            assert plan.money_back + plan.discount_back == returned.amount
    policies = [replace(case.program, refunds=Refunds(used=used)) for used in GivenBack]
    costs = {
        tuple(plan.money_back + plan.discount_back for plan in plans_of(replace(case, program=program)))
        for program in policies
    }
    assert len(costs) == 1


@given(cases(), st.data())
def test_items_come_back_in_any_order_and_grouping(case: Case, data: st.DataObject) -> None:
    """What is back says what all returns came to; only the way there may differ."""
    items = [item for returned in case.all_returned for item in returned.lines]
    alone = tuple(Returned((item,)) for item in items)
    kept = tuple(each for each in fitting(case.program, case.sale, list(alone)) if not each.everything)
    if not kept:
        return
    shuffled = tuple(data.draw(st.permutations(kept)))
    together = Returned(tuple(item for each in kept for item in each.lines))
    restored_and_money = {
        added_up(plans_of(replace(case, all_returned=all_returned)))[1:]
        for all_returned in (kept, shuffled, (together,))
    }
    assert len(restored_and_money) == 1


@given(cases(earned=st.just(TakenBack.RECALCULATED)))
def test_the_points_that_stay_are_at_most_what_the_rest_would_earn(case: Case) -> None:
    """Where items alone came back at once, the member keeps what the remaining basket earns, no more."""
    sale = case.sale
    places = {item.line for returned in case.all_returned for item in returned.lines}
    kept = [line for place, line in enumerate(sale.bill.each_line()) if place not in places]
    if not places or not kept:
        return
    basket = Basket(Bill(Money(sum(line.amount for line in kept), sale.bill.currency), lines=tuple(kept)))
    basket.taken = [off for place, off in enumerate(sale.taken) if place not in places]
    sale = replace(sale, stored_value=0)
    whole = [ReturnedLine(place, sale.bill.each_line()[place].quantity) for place in sorted(places)]
    plan = refund_plan(case.program, sale, Returned(tuple(whole)))
    rest = EarningSale(basket, sale.now, 0, sale.redeemed, sale.before)
    earns = points_earned(case.program, rest).points
    assert sale.earned - plan.taken_back == min(sale.earned, earns)


@given(cases(), st.integers(-100, 5000))
def test_a_floored_balance_never_falls_below_zero(case: Case, units: int) -> None:
    floor = replace(case.program.refunds, below=Below.FLOOR)
    program = replace(case.program, refunds=floor)
    balance = from_units(units, program.point_scale)
    for place, returned in enumerate(case.all_returned):
        previous = case.all_returned[:place]
        free = refund_plan(case.program, case.sale, returned, previous, balance)
        plan = refund_plan(program, case.sale, returned, previous, balance)
        assert free.shortfall == 0
        assert plan.taken_back + plan.shortfall == free.taken_back
        assert plan.shortfall >= 0
        assert balance + plan.balance_change >= min(balance, Decimal(0))
        assert plan.shortfall == 0 or balance + plan.balance_change <= 0
        balance += plan.balance_change


@given(cases(), st.none() | st.integers(0, 5000).map(Decimal))
def test_a_series_told_step_by_step_is_the_same(case: Case, balance: Decimal | None) -> None:
    so_far = no_returns(case.sale)
    for place, returned in enumerate(case.all_returned):
        plan, so_far = next_return(case.program, case.sale, so_far, returned, balance)
        previous = case.all_returned[:place]
        assert plan == refund_plan(case.program, case.sale, returned, previous, balance)
        refused, unchanged = next_return(case.program, case.sale, so_far, Returned())
        assert refused.refused == NothingReturned()
        assert unchanged is so_far


def leaves(value: object) -> Iterator[object]:
    if isinstance(value, Struct):
        for part in astuple(value):
            yield from leaves(part)
    else:
        yield value


@given(cases())
def test_the_same_return_has_the_same_answer_and_no_float_in_it(case: Case) -> None:
    first, second = plans_of(case), plans_of(case)
    assert first == second
    assert [repr(plan) for plan in first] == [repr(plan) for plan in second]
    kinds = {type(leaf) for plan in first for leaf in leaves(plan)}
    assert kinds <= {Decimal, int, str, type(None)}


@given(cases())
def test_points_have_no_more_decimals_than_the_program(case: Case) -> None:
    for plan in plans_of(case):
        for points in (plan.taken_back, plan.restored, plan.balance_change):
            assert from_units(to_units(points, case.program.point_scale), case.program.point_scale) == points


# The controls: a plan that rounds each return by itself must be caught.
def each_by_itself(
    program: Program, sale: Sold, returned: Returned, previous: tuple[Returned, ...]
) -> RefundPlan:
    """Give each return its own rounded share of everything, forgetting the returns before it."""
    plan = refund_plan(program, sale, returned, previous)
    worth = plan.money_back.minor + plan.discount_back.minor
    share = Fraction(worth, max(1, sale.bill.total.minor))

    def part(points: Decimal) -> Decimal:
        return from_units(int(to_units(points, program.point_scale) * share), program.point_scale)

    discount = int(sale.discount * share)
    return replace(
        plan,
        taken_back=part(sale.earned),
        restored=part(sale.points_used),
        money_back=Money(worth - discount, sale.bill.currency),
        discount_back=Money(discount, sale.bill.currency),
    )


def only(place: int, planner: Planner) -> Planner:
    """Return the right plan with one figure by another planner."""
    name = ("taken_back", "restored", "money_back", "discount_back")[place]

    def mixed(program: Program, sale: Sold, returned: Returned, previous: tuple[Returned, ...]) -> RefundPlan:
        wrong = planner(program, sale, returned, previous)
        return replace(refund_plan(program, sale, returned, previous), **{name: getattr(wrong, name)})

    return mixed


def caught(planner: Planner) -> bool:
    quick = settings(
        max_examples=500,
        deadline=None,
        database=None,
        derandomize=True,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    try:
        find(cases(), lambda case: not adds_up(case, planner), settings=quick)
    except NoSuchExample:
        return False
    return True


def test_rounding_each_return_by_itself_is_caught() -> None:
    assert all(caught(only(place, each_by_itself)) for place in range(4))
