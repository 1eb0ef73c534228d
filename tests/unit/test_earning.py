"""What a sale earns, by examples a shopkeeper can check by hand."""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from msgspec.structs import replace

from cashier_app.domain.basket import Basket
from cashier_app.domain.bill import Bill, Line
from cashier_app.domain.circumstances import Circumstances
from cashier_app.domain.earning import MOST_EARNED, Earned, EarningSale, points_earned
from cashier_app.domain.member import RewardUse, Usage, Used
from cashier_app.domain.money import Currency, Money
from cashier_app.domain.program import Program
from cashier_app.domain.program.conditions import Lines, Part, Rounding, Share, When
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
from cashier_app.domain.program.redemption import Combining
from cashier_app.domain.program.tiers import Tier, Tiers
from cashier_app.domain.reasons import Period

INR, JPY, KWD = Currency("INR", 2), Currency("JPY", 0), Currency("KWD", 3)
SATURDAY = datetime(2026, 11, 21, 10, tzinfo=UTC)
BOOKS, FOOD = Lines(only_categories=("books",)), Lines(only_categories=("food",))
ONE_PER_TEN = PerAmount(points=Points(1), per=Rate(10))
GOLD = Tiers(levels=(Tier(name="Silver"), Tier(name="Gold", multiplier=Factor(2))))


def line(
    amount: int, category: str = "", *, tax: int = 0, quantity: str = "1", discounted: bool = False
) -> Line:
    categories = (category,) if category else ()
    return Line(amount * 100, tax * 100, Decimal(quantity), categories=categories, discounted=discounted)


def earned(
    *rules: AnyEarningRule,
    lines: tuple[Line, ...] = (line(1000),),
    taken: int = 0,
    stored: int = 0,
    tier: str = "",
    before: Usage | None = None,
    uses: dict[str, RewardUse] | None = None,
    scale: int = 0,
    tiers: Tiers | None = None,
    at: datetime = SATURDAY,
    **earning: object,
) -> Earned:
    """Return what rupees on lines earn, `taken` of them redeemed and `stored` of them paid from a balance."""
    program = Program(
        currency=INR,
        point_scale=scale,
        tiers=tiers or Tiers(),
        earning=replace(Earning(rules=rules), **earning),
    )
    basket = Basket(Bill(Money(sum(each.amount for each in lines), INR), lines=lines))
    basket.take_off(taken * 100, range(len(lines)))
    now = Circumstances(at, tier=tier)
    return points_earned(
        program, EarningSale(basket, now, stored * 100, taken > 0, before or Usage(), uses or {})
    )


def points(*rules: AnyEarningRule, **sale: object) -> Decimal:
    how: dict[str, Any] = sale
    return earned(*rules, **how).points


@pytest.mark.parametrize(
    ("currency", "total", "rule", "expected"),
    [
        (INR, 100_000, ONE_PER_TEN, 100),
        (INR, 100_999, ONE_PER_TEN, 100),
        (INR, 99, ONE_PER_TEN, 0),
        (JPY, 1000, ONE_PER_TEN, 100),
        (JPY, 1009, ONE_PER_TEN, 100),
        (KWD, 10_500, PerAmount(points=Points(10), per=Rate("0.5")), 210),
        (KWD, 999, PerAmount(points=Points(1)), 0),
        (INR, 20_000, PercentBack(percent=Percent(5)), 10),
        (JPY, 1999, PercentBack(percent=Percent(1)), 19),
        (INR, 1_000, PerAmount(points=Points(1), per=Rate("0.01")), 1000),
    ],
)
def test_money_earns_points_in_every_currency(
    currency: Currency, total: int, rule: AnyEarningRule, expected: int
) -> None:
    program = Program(currency=currency, earning=Earning(rules=(rule,)))
    sale = EarningSale(Basket(Bill(Money(total, currency))), Circumstances(SATURDAY))
    assert points_earned(program, sale) == Earned(Decimal(expected))


def test_points_have_the_scale_of_the_program() -> None:
    assert str(points(PercentBack(percent=Percent("2.5")), lines=(line(123),), scale=2)) == "3.07"
    assert str(points(ONE_PER_TEN, scale=1)) == "100.0"


@pytest.mark.parametrize(
    ("mode", "expected"),
    [(Rounding.FLOOR, 12), (Rounding.HALF_UP, 13), (Rounding.HALF_EVEN, 12), (Rounding.UP, 13)],
)
def test_the_rules_own_rounding_comes_before_the_programs(mode: Rounding, expected: int) -> None:
    assert points(ONE_PER_TEN, lines=(line(125),), rounding=EarningRounding(mode=mode)) == expected


def test_full_steps_and_slices_of_the_amount() -> None:
    steps = PerAmount(points=Points(5), per=Rate(100), whole_steps=True)
    assert points(steps, lines=(line(250),)) == 10
    above = PerAmount(points=Points(1), per=Rate(10), from_amount=Amount(50_000))
    assert points(above) == 50
    assert points(above, lines=(line(500),)) == 0
    below = PerAmount(points=Points(1), per=Rate(10), up_to_amount=Amount(50_000))
    assert points(below) == 50
    assert (
        points(PercentBack(percent=Percent(10), from_amount=Amount(20_000), up_to_amount=Amount(30_000)))
        == 10
    )


def test_bands_add_up_to_progressive_earning() -> None:
    low = PerAmount(points=Points(1), per=Rate(10), up_to_amount=Amount(50_000))
    high = PerAmount(points=Points(2), per=Rate(10), from_amount=Amount(50_000))
    assert points(low, high, lines=(line(400), line(600))) == 50 + 100


@pytest.mark.parametrize(
    ("on", "expected"),
    # 150 and 90 + 90: together three full hundreds; apart one and one; single items of 75 and 90 none.
    [(RoundedOn.BILL, 3), (RoundedOn.RULE, 3), (RoundedOn.LINE, 2), (RoundedOn.ITEM, 0)],
)
def test_full_steps_are_counted_on_what_rounding_is_on(on: RoundedOn, expected: int) -> None:
    steps = PerAmount(points=Points(1), per=Rate(100), whole_steps=True)
    bought = (line(150, quantity="2"), line(180, quantity="2"))
    assert points(steps, lines=bought, rounding=EarningRounding(on=on)) == expected


@pytest.mark.parametrize(
    ("on", "expected"),
    # 1.5 + 2.7 by the first rule and as much by the second.
    [(RoundedOn.BILL, 8), (RoundedOn.RULE, 8), (RoundedOn.LINE, 6), (RoundedOn.ITEM, 6)],
)
def test_rounding_down_on_finer_parts_loses_more(on: RoundedOn, expected: int) -> None:
    bought = (line(15), line(27, quantity="2"))
    assert points(ONE_PER_TEN, ONE_PER_TEN, lines=bought, rounding=EarningRounding(on=on)) == expected


def test_each_rule_is_rounded_by_itself() -> None:
    # 1.6 and 0.8 points: 2.4 together.
    two = PerAmount(points=Points(1), per=Rate(20))
    rounding = EarningRounding(on=RoundedOn.RULE, mode=Rounding.HALF_UP)
    assert points(ONE_PER_TEN, two, lines=(line(16),), rounding=rounding) == 3
    assert points(ONE_PER_TEN, two, lines=(line(16),), rounding=EarningRounding(mode=Rounding.HALF_UP)) == 2


@pytest.mark.parametrize(
    ("mode", "expected"),
    [(Rounding.FLOOR, 8), (Rounding.HALF_UP, 12), (Rounding.HALF_EVEN, 8), (Rounding.UP, 12)],
)
def test_single_items_are_rounded_by_themselves(mode: Rounding, expected: int) -> None:
    # Four items of 25.00 earn 2.5 each.
    rounding = EarningRounding(on=RoundedOn.ITEM, mode=mode)
    assert points(ONE_PER_TEN, lines=(line(100, quantity="4"),), rounding=rounding) == expected


def test_what_is_weighed_is_one_item() -> None:
    rounding = EarningRounding(on=RoundedOn.ITEM)
    assert points(ONE_PER_TEN, lines=(line(25, quantity="2.5"),), rounding=rounding) == 2


@pytest.mark.parametrize(
    ("mode", "expected"), [(Rounding.HALF_UP, 6), (Rounding.HALF_EVEN, 4), (Rounding.UP, 6)]
)
def test_lines_are_rounded_by_themselves(mode: Rounding, expected: int) -> None:
    rounding = EarningRounding(on=RoundedOn.LINE, mode=mode)
    assert points(ONE_PER_TEN, lines=(line(25), line(25)), rounding=rounding) == expected


def test_items_earn_by_number() -> None:
    bought = (line(100, "books", quantity="3"), line(50, "food", quantity="2.5"))
    assert points(PerItem(points=Points(2), lines=BOOKS), lines=bought) == 6
    assert points(PerItem(points=Points(10), lines=FOOD), lines=bought) == 25
    pairs = PerItem(points=Points(10), quantity=Rate(2), whole_steps=True)
    assert points(pairs, lines=bought) == 20
    for on in (RoundedOn.LINE, RoundedOn.ITEM):
        assert points(pairs, lines=bought, rounding=EarningRounding(on=on)) == 20
    assert points(pairs, lines=(line(1), line(1)), rounding=EarningRounding(on=RoundedOn.LINE)) == 0


def test_a_bill_without_lines_is_one_item() -> None:
    program = Program(currency=INR, earning=Earning(rules=(PerItem(points=Points(7)),)))
    sale = EarningSale(Basket(Bill(Money(5000, INR))), Circumstances(SATURDAY))
    assert points_earned(program, sale).points == 7


def test_a_sale_earns_by_having_a_matching_line() -> None:
    bonus = PerSale(points=Points(50), lines=BOOKS)
    assert points(bonus, lines=(line(100, "books"), line(10, "books"))) == 50
    assert points(bonus, lines=(line(100, "food"),)) == 0
    assert points(bonus, lines=(line(0, "books"), line(10, "food"))) == 0


def test_nothing_earns_nothing() -> None:
    assert earned() == Earned()
    assert earned(PerSale(points=Points(5)), lines=(line(0),)) == Earned()
    assert points(PerItem(points=Points(5)), lines=(line(10), line(0))) == 5


@pytest.mark.parametrize(
    ("basis", "expected"),
    [
        (Basis(), 80),
        (Basis(redemption=Redeemed.BEFORE), 100),
        (Basis(redemption=Redeemed.BEFORE, tax=Part.EXCLUDED), 90),
        # 800 left of 1000, of which a tenth is tax.
        (Basis(tax=Part.EXCLUDED), 72),
        (Basis(stored_value=Share.EXCLUDED), 70),
        (Basis(redemption=Redeemed.BEFORE, stored_value=Share.EXCLUDED), 90),
        (Basis(stored_value=Share.EXCLUDED, tax=Part.EXCLUDED), 63),
        (Basis(stored_value=Share.ONLY), 10),
    ],
)
def test_the_basis_says_what_earns(basis: Basis, expected: int) -> None:
    bought = (line(500, tax=50), line(500, tax=50))
    assert points(ONE_PER_TEN, lines=bought, taken=200, stored=100, basis=basis) == expected


def test_a_fraction_of_a_minor_unit_is_not_lost_before_the_points() -> None:
    # Left: 1.00 of 3.00 on both lines, two thirds of it net; 0.666... and 0.666... make 1.333... together.
    bought = (Line(300, 100), Line(300, 100), Line(0))
    basket = Basket(Bill(Money(600, INR), lines=bought))
    basket.take_off(400, range(3))
    rule = PerAmount(points=Points(3), basis=Basis(tax=Part.EXCLUDED))
    program = Program(currency=INR, earning=Earning(rules=(rule,)))
    assert points_earned(program, EarningSale(basket, Circumstances(SATURDAY))).points == 4


def test_stored_value_is_borne_by_all_lines_also_those_that_do_not_earn() -> None:
    basis = Basis(stored_value=Share.EXCLUDED, lines=BOOKS)
    bought = (line(300, "books"), line(100, "food"))
    assert points(ONE_PER_TEN, lines=bought, stored=100, basis=basis) == 22
    assert points(ONE_PER_TEN, lines=bought, stored=9999, basis=basis) == 0
    assert points(ONE_PER_TEN, lines=bought, basis=basis) == 30


def test_lines_must_be_in_the_basis_and_in_the_rule() -> None:
    bought = (line(100, "books"), line(100, "books", discounted=True), line(100, "food"))
    basis = Basis(lines=Lines(discounted=Share.EXCLUDED))
    only_books = PerAmount(points=Points(1), per=Rate(10), lines=BOOKS)
    assert points(ONE_PER_TEN, lines=bought, basis=basis) == 20
    assert points(only_books, lines=bought, basis=basis) == 10
    own = PerAmount(points=Points(1), per=Rate(10), lines=BOOKS, basis=Basis())
    assert points(own, lines=bought, basis=basis) == 20


def test_minimums_look_at_the_whole_bill_before_redemption() -> None:
    atleast = PerAmount(points=Points(1), per=Rate(10), minimum_bill=Amount(100_000))
    assert points(atleast, taken=500) == 50
    assert points(atleast, lines=(line(999),)) == 0
    atmost = PerAmount(points=Points(1), per=Rate(10), maximum_bill=Amount(100_000))
    assert points(atmost) == 100
    assert points(atmost, lines=(line(1001),)) == 0
    assert points(ONE_PER_TEN, minimum_bill=Amount(100_000), taken=500) == 50
    assert points(ONE_PER_TEN, minimum_bill=Amount(100_001)) == 0
    assert points(ONE_PER_TEN, minimum_basis=Amount(50_000), taken=500) == 50
    assert points(ONE_PER_TEN, minimum_basis=Amount(50_001), taken=500) == 0


def test_a_rule_needs_its_items_and_its_time() -> None:
    three = PerSale(points=Points(5), minimum_quantity=3, lines=BOOKS)
    assert points(three, lines=(line(10, "books", quantity="2"), line(10, "food", quantity="2"))) == 0
    assert points(three, lines=(line(10, "books", quantity="2"), line(10, "books"))) == 5
    over = PerSale(points=Points(5), when=When(ends=date(2026, 11, 20)))
    assert points(over) == 0


def test_the_best_rule_alone_earns_for_the_whole_bill() -> None:
    on_books = PerAmount(points=Points(3), per=Rate(10), lines=BOOKS)
    extra = PerSale(points=Points(1), on_top=True)
    only = {"lines": (line(100, "books"), line(100, "food")), "combine": RulesCombine.BEST_RULE}
    assert points(ONE_PER_TEN, on_books, extra, **only) == 30 + 1
    assert points(extra, **only) == 1


def test_a_last_rule_ends_the_list() -> None:
    last = PerSale(points=Points(5), last=True, minimum_bill=Amount(100_000))
    assert points(last, ONE_PER_TEN) == 5
    assert points(last, ONE_PER_TEN, lines=(line(500),)) == 50
    three = (
        Multiplier(factor=Factor(3), last=True, maximum_bill=Amount(50_000)),
        Multiplier(factor=Factor(2)),
    )
    assert points(ONE_PER_TEN, multipliers=three) == 200
    assert points(ONE_PER_TEN, multipliers=three, lines=(line(500),)) == 150


@pytest.mark.parametrize(
    ("limits", "had", "expected"),
    [
        ({"per_day": 1}, RewardUse(day=0, ever=5), 7),
        ({"per_day": 1}, RewardUse(day=1, ever=5), 0),
        ({"per_member": 5}, RewardUse(day=0, ever=5), 0),
        ({"per_member": 6}, RewardUse(day=3, ever=5), 7),
        ({"per_day": 1, "per_member": 5}, RewardUse(day=0, ever=5), 0),
        ({}, RewardUse(day=9, ever=9), 7),
    ],
)
def test_a_rule_or_multiplier_may_be_had_so_often(
    limits: dict[str, Any], had: RewardUse, expected: int
) -> None:
    welcome = PerSale(name="welcome", points=Points(7), **limits)
    assert points(welcome, uses={"welcome": had}) == expected
    assert points(welcome, uses={"other": had}) == 7
    eightfold = Multiplier(name="welcome", factor=Factor(8), **limits)
    assert points(PerSale(points=Points(1)), multipliers=(eightfold,), uses={"welcome": had}) == 1 + expected


def test_fewer_points_than_the_smallest_number_are_none() -> None:
    assert points(ONE_PER_TEN, minimum_points=Points(100)) == 100
    assert earned(ONE_PER_TEN, minimum_points=Points(101)) == Earned()


def test_the_price_before_the_shops_own_discount_may_earn() -> None:
    bought = (Line(80_00, 8_00, discounted=True, before_discount=100_00), Line(100_00, 10_00))
    assert points(ONE_PER_TEN, lines=bought, basis=Basis(discounts=Part.INCLUDED)) == 20
    assert points(ONE_PER_TEN, lines=bought) == 18
    net = Basis(discounts=Part.INCLUDED, tax=Part.EXCLUDED)
    assert points(ONE_PER_TEN, lines=bought, basis=net) == 18


def test_redeeming_may_stop_earning() -> None:
    program = Program(
        currency=INR,
        earning=Earning(rules=(ONE_PER_TEN,)),
        combining=Combining(redeeming_stops_earning=True),
    )
    basket, now = Basket(Bill(Money(100_000, INR))), Circumstances(SATURDAY)
    assert points_earned(program, EarningSale(basket, now, redeemed=True)) == Earned()
    assert points_earned(program, EarningSale(basket, now)).points == 100


def test_all_rules_add_up_or_each_line_takes_the_first_or_the_best() -> None:
    on_books = PerAmount(points=Points(1), per=Rate(20), lines=BOOKS)
    twice = PerAmount(points=Points(2), per=Rate(10), on_top=True, lines=FOOD)
    bought = (line(100, "books"), line(100, "food"))
    rules = (on_books, ONE_PER_TEN, twice)
    assert points(*rules, lines=bought) == 5 + 20 + 20
    assert points(*rules, lines=bought, combine=RulesCombine.FIRST) == 5 + 10 + 20
    assert points(*rules, lines=bought, combine=RulesCombine.BEST) == 10 + 10 + 20


def test_the_first_rule_takes_its_lines_and_points_per_sale_take_theirs() -> None:
    bonus = PerSale(points=Points(3), lines=BOOKS)
    bought = (line(100, "books"), line(100, "food"))
    assert points(bonus, ONE_PER_TEN, lines=bought, combine=RulesCombine.FIRST) == 3 + 10
    assert points(ONE_PER_TEN, bonus, lines=bought, combine=RulesCombine.FIRST) == 20


def test_the_best_points_per_sale_count_where_their_lines_would_earn_less() -> None:
    bought = (line(100, "books"), line(100, "food"))
    small, large = PerSale(points=Points(9), lines=BOOKS), PerSale(points=Points(30), lines=BOOKS)
    assert points(ONE_PER_TEN, small, lines=bought, combine=RulesCombine.BEST) == 20
    assert points(ONE_PER_TEN, small, large, lines=bought, combine=RulesCombine.BEST) == 30 + 10
    assert points(small, large, small, lines=bought, combine=RulesCombine.BEST) == 30


def test_the_best_rule_is_chosen_after_its_multiplier() -> None:
    plain = PerAmount(points=Points(3), per=Rate(20), multiplied=False)
    rules, doubled = (plain, ONE_PER_TEN), (Multiplier(factor=Factor(2), lines=BOOKS),)
    bought = (line(100, "books", quantity="2"), line(100, "food"))
    for on in RoundedOn:
        best = {"combine": RulesCombine.BEST, "rounding": EarningRounding(on=on)}
        assert points(*rules, lines=bought, multipliers=doubled, **best) == 20 + 15


def test_factors_of_tier_and_promotion_combine() -> None:
    promotion = (Multiplier(factor=Factor(3)),)
    for combine, expected in [
        (MultipliersCombine.MULTIPLY, 600),
        (MultipliersCombine.HIGHEST, 300),
        (MultipliersCombine.ADD, 400),
    ]:
        gold = {"tier": "Gold", "tiers": GOLD, "multipliers_combine": combine}
        assert points(ONE_PER_TEN, multipliers=promotion, **gold) == expected
        assert points(ONE_PER_TEN, **gold) == 200
        assert points(ONE_PER_TEN, **gold | {"tier": "Silver"}) == 100
        assert points(ONE_PER_TEN, **gold | {"tier": ""}) == 100


def test_a_factor_below_one_takes_away_and_never_more_than_all() -> None:
    half, tenth = Multiplier(factor=Factor("0.5")), Multiplier(factor=Factor("0.1"))
    add, highest = MultipliersCombine.ADD, MultipliersCombine.HIGHEST
    assert points(ONE_PER_TEN, multipliers=(half,), multipliers_combine=add) == 50
    assert points(ONE_PER_TEN, multipliers=(half, tenth), multipliers_combine=add) == 0
    silver = {"tier": "Silver", "tiers": GOLD, "multipliers_combine": highest}
    assert points(ONE_PER_TEN, multipliers=(half, tenth), **silver) == 50


def test_a_multiplier_holds_for_its_lines_days_and_bills() -> None:
    bought = (line(100, "books"), line(100, "food"))
    on_books = Multiplier(factor=Factor(2), lines=BOOKS)
    assert points(ONE_PER_TEN, lines=bought, multipliers=(on_books,)) == 20 + 10
    bonus = PerSale(points=Points(5), lines=BOOKS)
    assert points(bonus, lines=bought, multipliers=(on_books,)) == 5
    assert points(bonus, lines=bought, multipliers=(on_books, Multiplier(factor=Factor(3)))) == 15
    dear = Multiplier(factor=Factor(2), minimum_bill=Amount(20_001))
    assert points(ONE_PER_TEN, lines=bought, multipliers=(dear,)) == 20
    later = Multiplier(factor=Factor(2), when=When(starts=date(2026, 11, 22)))
    assert points(ONE_PER_TEN, lines=bought, multipliers=(later,)) == 20
    assert (
        points(ONE_PER_TEN, lines=bought, multipliers=(later,), at=datetime(2026, 11, 22, tzinfo=UTC)) == 40
    )


def test_a_rule_may_be_left_out_of_multipliers() -> None:
    fixed = PerSale(points=Points(5), multiplied=False)
    assert points(ONE_PER_TEN, fixed, multipliers=(Multiplier(factor=Factor(2)),)) == 205


@pytest.mark.parametrize(
    ("on", "expected", "not_before"),
    [(RoundedOn.BILL, 6, 7), (RoundedOn.RULE, 6, 7), (RoundedOn.LINE, 4, 6), (RoundedOn.ITEM, 0, 4)],
)
def test_points_may_be_rounded_before_they_are_multiplied(
    on: RoundedOn, expected: int, not_before: int
) -> None:
    # 1.7 and 1.8 points, doubled: 3.4 and 3.6. Single items have 0.85 and 0.9 points, doubled 1.7 and 1.8.
    bought, doubled = (line(17, quantity="2"), line(18, quantity="2")), (Multiplier(factor=Factor(2)),)
    for before, result in ((True, expected), (False, not_before)):
        rounding = EarningRounding(on=on, before_multiplier=before)
        assert points(ONE_PER_TEN, lines=bought, multipliers=doubled, rounding=rounding) == result


def test_rounding_first_spreads_over_lines_that_are_multiplied_differently() -> None:
    # 12.5 points become 12; half of them tripled and half not are 6 + 18.
    bought = (Line(6250, categories=("books",)), Line(6250))
    threefold = (Multiplier(factor=Factor(3), lines=BOOKS),)
    first = EarningRounding(before_multiplier=True)
    assert points(ONE_PER_TEN, lines=bought, multipliers=threefold, rounding=first) == 24
    assert points(ONE_PER_TEN, lines=bought, multipliers=threefold) == 25
    assert points(PerAmount(points=Points(0)), lines=bought, rounding=first) == 0


@pytest.mark.parametrize("on", list(RoundedOn))
def test_a_rule_gives_no_more_than_its_maximum_before_multipliers(on: RoundedOn) -> None:
    most = PerAmount(points=Points(1), per=Rate(10), maximum_points=Points(10))
    rounding = EarningRounding(on=on, mode=Rounding.UP)
    bought = (line(32), line(32, quantity="2"), line(32))
    doubled = (Multiplier(factor=Factor(2)),)
    assert points(most, lines=bought, rounding=rounding) == 10
    assert points(most, lines=(line(90),), rounding=rounding) == 9
    assert points(most, lines=(line(400),), rounding=rounding, multipliers=doubled) == 20


QUOTA = PointsQuota(
    bill=Points(90), day=Points(80), week=Points(300), month=Points(400), year=Points(500), ever=Points(600)
)


@pytest.mark.parametrize(
    ("before", "expected"),
    [
        (Usage(), Earned(Decimal(80), Period.DAY)),
        (Usage(day=Used(earned=Decimal(80))), Earned(Decimal(0), Period.DAY)),
        (Usage(day=Used(earned=Decimal(95))), Earned(Decimal(0), Period.DAY)),
        (Usage(week=Used(earned=Decimal(250))), Earned(Decimal(50), Period.WEEK)),
        (Usage(month=Used(earned=Decimal(350))), Earned(Decimal(50), Period.MONTH)),
        (Usage(year=Used(earned=Decimal(450))), Earned(Decimal(50), Period.YEAR)),
        (Usage(ever=Used(earned=Decimal(550))), Earned(Decimal(50), Period.EVER)),
    ],
)
def test_the_tightest_maximum_cuts_and_is_named(before: Usage, expected: Earned) -> None:
    assert earned(ONE_PER_TEN, maximum=QUOTA, before=before) == expected


def test_a_maximum_names_itself_only_where_it_cuts() -> None:
    assert earned(ONE_PER_TEN, maximum=QUOTA, lines=(line(800),)) == Earned(Decimal(80))
    on_bill = PointsQuota(bill=Points(99), day=Points(99))
    assert earned(ONE_PER_TEN, maximum=on_bill) == Earned(Decimal(99), capped_on_bill=True)


def test_no_rule_earns_without_end() -> None:
    huge = PerAmount(points=Points(10**12), per=Rate("0.00000001"))
    assert earned(huge, scale=4) == Earned(Decimal(MOST_EARNED))
