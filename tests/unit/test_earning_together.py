"""What rules, multipliers and maximums earn together, by examples a shopkeeper can check by hand."""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest

from cashier_app.domain.basket import Basket
from cashier_app.domain.bill import Bill, Line
from cashier_app.domain.circumstances import Circumstances
from cashier_app.domain.earning import MOST_EARNED, Earned, EarningSale, points_earned
from cashier_app.domain.member import RewardUse, Usage, Used
from cashier_app.domain.money import Money
from cashier_app.domain.program import Program
from cashier_app.domain.program.conditions import When
from cashier_app.domain.program.earning import (
    Earning,
    EarningRounding,
    Multiplier,
    MultipliersCombine,
    PerAmount,
    PerSale,
    PointsQuota,
    RoundedOn,
    RulesCombine,
)
from cashier_app.domain.program.figures import Amount, Factor, Points, Rate
from cashier_app.domain.program.redemption import Combining
from cashier_app.domain.reasons import Period
from cashier_app.domain.rounding import Rounding
from tests.unit.earning_sales import (
    BOOKS,
    FOOD,
    GOLD,
    INR,
    ONE_PER_TEN,
    SATURDAY,
    earned,
    line,
    points,
)


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


def test_of_equal_rules_a_line_earns_by_the_first() -> None:
    # The book's 1.5 points are of the first rule, the food's of the second: each is rounded by itself.
    on_books = PerAmount(points=Points(1), per=Rate(10), lines=BOOKS)
    how = {"combine": RulesCombine.BEST, "rounding": EarningRounding(on=RoundedOn.RULE)}
    assert points(on_books, ONE_PER_TEN, lines=(line(15, "books"), line(15, "food")), **how) == 2
    assert points(ONE_PER_TEN, on_books, lines=(line(15, "books"), line(15, "food")), **how) == 3


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
    both = {"multipliers": (half, tenth), "multipliers_combine": add}
    assert points(ONE_PER_TEN, **both) == 0
    assert points(ONE_PER_TEN, PerSale(points=Points(5), multiplied=False), **both) == 5
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
