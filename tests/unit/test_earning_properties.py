"""What holds of earning for every program and bill, and that a slow and simple calculation agrees."""

from datetime import UTC, datetime
from decimal import Decimal
from fractions import Fraction
from math import ceil, floor

from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from cashier_app.domain.basket import Basket
from cashier_app.domain.bill import Bill, Line
from cashier_app.domain.circumstances import Circumstances
from cashier_app.domain.earning import Earned, EarningSale, points_earned
from cashier_app.domain.member import Usage, Used
from cashier_app.domain.money import Currency, Money
from cashier_app.domain.program import Program
from cashier_app.domain.program.conditions import ALL_LINES, Lines, Part, Share
from cashier_app.domain.program.earning import (
    AnyEarningRule,
    Basis,
    Earning,
    EarningRounding,
    Multiplier,
    MultipliersCombine,
    PerAmount,
    PercentBack,
    PerItem,
    PerSale,
    PointsQuota,
    Redeemed,
    RoundedOn,
    RulesCombine,
)
from cashier_app.domain.program.figures import Amount, Factor, Percent, Points, Rate
from cashier_app.domain.reasons import Period
from cashier_app.domain.rounding import Rounding

NOW = Circumstances(datetime(2026, 11, 21, 10, tzinfo=UTC))
CATEGORIES = ("books", "food")

selections = st.sampled_from([ALL_LINES, *(Lines(only_categories=(name,)) for name in CATEGORIES)])
bases = st.builds(
    Basis,
    redemption=st.sampled_from(Redeemed),
    tax=st.sampled_from(Part),
    stored_value=st.sampled_from(Share),
    lines=selections,
)
small_points = st.integers(0, 50).map(Points)
maximums = st.one_of(st.none(), small_points)
shared = {
    "lines": selections,
    "basis": st.one_of(st.none(), bases),
    "maximum_points": maximums,
    "on_top": st.booleans(),
    "multiplied": st.booleans(),
}
slices = {
    "from_amount": st.one_of(st.just(Amount(0)), st.integers(0, 3000).map(Amount)),
    "up_to_amount": st.one_of(st.none(), st.integers(0, 3000).map(Amount)),
}
rates = st.sampled_from([Rate("0.3"), Rate(1), Rate(7), Rate(10)])
rules: st.SearchStrategy[AnyEarningRule] = st.one_of(
    st.builds(PerAmount, points=small_points, per=rates, whole_steps=st.booleans(), **slices, **shared),
    st.builds(PercentBack, percent=st.sampled_from([Percent(5), Percent("12.5")]), **slices, **shared),
    st.builds(PerSale, points=small_points, **shared),
    st.builds(PerItem, points=small_points, quantity=rates, whole_steps=st.booleans(), **shared),
)
factors = st.sampled_from(["0", "0.5", "1", "1.25", "2", "3"]).map(Factor)
multipliers = st.builds(Multiplier, factor=factors, lines=selections)
roundings = st.builds(
    EarningRounding,
    mode=st.one_of(st.none(), st.sampled_from(Rounding)),
    on=st.sampled_from(RoundedOn),
    before_multiplier=st.booleans(),
)
earnings = st.builds(
    Earning,
    rules=st.lists(rules, min_size=1, max_size=4).map(tuple),
    combine=st.sampled_from(RulesCombine),
    basis=bases,
    multipliers=st.lists(multipliers, max_size=3).map(tuple),
    multipliers_combine=st.sampled_from(MultipliersCombine),
    rounding=roundings,
)


@st.composite
def programs(draw: st.DrawFn) -> Program:
    decimals, scale = draw(st.sampled_from([0, 2, 3])), draw(st.integers(0, 2))
    return Program(currency=Currency("INR", decimals), point_scale=scale, earning=draw(earnings))


@st.composite
def bought(draw: st.DrawFn) -> tuple[Line, ...]:
    lines = []
    for _ in range(draw(st.integers(1, 4))):
        amount = draw(st.integers(0, 5000))
        tax = draw(st.integers(0, amount))
        quantity = draw(st.sampled_from(["1", "2", "3", "0.5", "1.25"]))
        categories = draw(st.sampled_from([(), ("books",), ("food",), CATEGORIES]))
        lines.append(Line(amount, tax, Decimal(quantity), categories=categories))
    return tuple(lines)


def sold(program: Program, lines: tuple[Line, ...], taken: int = 0, stored: int = 0) -> EarningSale:
    basket = Basket(Bill(Money(sum(line.amount for line in lines), program.currency), lines=lines))
    basket.take_off(taken, range(len(lines)))
    return EarningSale(basket, NOW, stored, taken > 0)


amounts = st.integers(0, 4000)


@given(program=programs(), lines=bought(), taken=amounts, stored=amounts)
def test_points_are_of_the_scale_never_negative_and_the_same_again(
    program: Program, lines: tuple[Line, ...], taken: int, stored: int
) -> None:
    sale = sold(program, lines, taken, stored)
    earned = points_earned(program, sale)
    assert earned.points >= 0
    assert earned.points.as_tuple().exponent == -program.point_scale or earned == Earned()
    assert (
        points_earned(program, sale) == earned == points_earned(program, sold(program, lines, taken, stored))
    )


@given(program=programs(), lines=bought(), taken=amounts, place=st.integers(0, 2), factor=factors)
def test_a_larger_factor_never_earns_less(
    program: Program, lines: tuple[Line, ...], taken: int, place: int, factor: Factor
) -> None:
    acting = list(program.earning.multipliers)
    if place < len(acting):
        larger = Factor(max(factor, acting[place].factor))
        acting[place] = replace(acting[place], factor=larger)
    else:
        acting.append(Multiplier(factor=Factor(max(factor, Factor(1)))))
    raised = replace(program, earning=replace(program.earning, multipliers=tuple(acting)))
    sale = sold(program, lines, taken)
    assert points_earned(raised, sale).points >= points_earned(program, sale).points


limits = st.one_of(st.none(), st.integers(0, 60).map(Points))
before = st.integers(0, 60).map(Decimal)


@given(program=programs(), lines=bought(), bill=limits, day=limits, ever=limits, had=before)
def test_no_more_is_earned_than_the_maximum_and_what_cut_is_named(
    program: Program,
    lines: tuple[Line, ...],
    bill: Points | None,
    day: Points | None,
    ever: Points | None,
    had: Decimal,
) -> None:
    quota = PointsQuota(bill=bill, day=day, ever=ever)
    capped = replace(program, earning=replace(program.earning, maximum=quota))
    usage = Usage(day=Used(earned=had), ever=Used(earned=had))
    sale = replace(sold(program, lines), before=usage)
    free, earned = points_earned(program, sale).points, points_earned(capped, sale)
    rooms = {None: bill, Period.DAY: day and day - had, Period.EVER: ever and ever - had}
    known = {period: max(Decimal(0), room) for period, room in rooms.items() if room is not None}
    assert earned.points == min([free, *known.values()])
    if earned.points < free:
        assert known[earned.capped_by] == earned.points
        assert earned.capped_on_bill is (earned.capped_by is None)
    else:
        assert earned == Earned(free)


@given(program=programs(), lines=bought(), mode=st.sampled_from(Rounding), maximum=small_points)
def test_the_maximum_of_a_rule_holds_without_multipliers(
    program: Program, lines: tuple[Line, ...], mode: Rounding, maximum: Points
) -> None:
    rule = replace(program.earning.rules[0], maximum_points=maximum)
    rounding = replace(program.earning.rounding, mode=mode)
    earning = replace(program.earning, rules=(rule,), multipliers=(), rounding=rounding)
    assert points_earned(replace(program, earning=earning), sold(program, lines)).points <= maximum


@given(program=programs(), lines=bought(), cut=st.integers(0, 4))
def test_rounded_down_a_bill_split_in_two_earns_no_more_than_whole(
    program: Program, lines: tuple[Line, ...], cut: int
) -> None:
    # Other kinds of rules start anew on each bill: a bonus per sale, a lower slice, the first so many points.
    per = PerAmount(points=Points(3), per=Rate(7))
    down = EarningRounding(mode=Rounding.FLOOR, on=program.earning.rounding.on)
    earning = replace(program.earning, rules=(per, replace(per, whole_steps=True)), rounding=down)
    shop = replace(program, earning=earning)
    halves = [half for half in (lines[:cut], lines[cut:]) if half]
    apart = sum(points_earned(shop, sold(shop, half)).points for half in halves)
    assert apart <= points_earned(shop, sold(shop, lines)).points


@given(program=programs(), lines=bought(), taken=amounts, stored=amounts)
def test_rounding_on_finer_parts_never_gives_more_when_rounding_down(
    program: Program, lines: tuple[Line, ...], taken: int, stored: int
) -> None:
    plain = tuple(
        replace(
            rule,
            maximum_points=None,
            **({} if isinstance(rule, PercentBack | PerSale) else {"whole_steps": False}),
        )
        for rule in program.earning.rules
    )
    found = []
    for on in RoundedOn:
        rounding = EarningRounding(mode=Rounding.FLOOR, on=on)
        earning = replace(program.earning, rules=plain, rounding=rounding, combine=RulesCombine.SUM)
        found.append(
            points_earned(replace(program, earning=earning), sold(program, lines, taken, stored)).points
        )
    assert found == sorted(found, reverse=True)


def rounded_slowly(value: Fraction, mode: Rounding) -> int:
    match mode:
        case Rounding.FLOOR:
            return floor(value)
        case Rounding.UP:
            return ceil(value)
        case Rounding.HALF_EVEN:
            return round(value)
        case Rounding.HALF_UP:
            return floor(value + Fraction(1, 2))


@given(
    lines=bought(),
    taken=amounts,
    stored=amounts,
    basis=bases,
    wanted=selections,
    doubled=selections,
    mode=st.sampled_from(Rounding),
)
def test_a_slow_and_simple_calculation_agrees(
    lines: tuple[Line, ...],
    taken: int,
    stored: int,
    basis: Basis,
    wanted: Lines,
    doubled: Lines,
    mode: Rounding,
) -> None:
    rule = PerAmount(points=Points(3), per=Rate(7), lines=wanted)
    acting = (Multiplier(factor=Factor(2), lines=doubled), Multiplier(factor=Factor("1.5")))
    earning = Earning(rules=(rule,), basis=basis, multipliers=acting, rounding=EarningRounding(mode=mode))
    program = Program(currency=Currency("INR", 2), point_scale=1, earning=earning)
    sale = sold(program, lines, taken, stored)
    exact, to_pay = Fraction(0), sum(line.amount for line in lines) - sum(sale.basket.taken)
    for line, off in zip(lines, sale.basket.taken, strict=True):
        bears = Fraction(min(stored, to_pay) * (line.amount - off), to_pay or 1)
        amount = Fraction(line.amount - off if basis.redemption is Redeemed.AFTER else line.amount)
        if basis.stored_value is not Share.INCLUDED:
            amount = bears if basis.stored_value is Share.ONLY else amount - bears
        if basis.tax is Part.EXCLUDED:
            amount *= Fraction(line.amount - line.tax, line.amount or 1)
        if in_selection(line, wanted) and in_selection(line, basis.lines):
            exact += amount / 100 * 3 / 7 * Fraction(3, 2) * (2 if in_selection(line, doubled) else 1)
    assert points_earned(program, sale).points == Decimal(rounded_slowly(exact * 10, mode)).scaleb(-1)


def in_selection(line: Line, wanted: Lines) -> bool:
    return wanted == ALL_LINES or wanted.only_categories[0] in line.categories
