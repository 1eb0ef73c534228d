"""Returns with round figures, so that a shopkeeper can check them by hand."""

from decimal import Decimal

import pytest
from msgspec.structs import replace

from cashier_app.domain.bill import Bill, Line
from cashier_app.domain.member import RewardUse, Usage, Used
from cashier_app.domain.money import Money
from cashier_app.domain.program import Program
from cashier_app.domain.program.conditions import Lines, Part, Share, When
from cashier_app.domain.program.earning import (
    Basis,
    Earning,
    EarningRounding,
    PerAmount,
    PercentBack,
    PerItem,
    PerSale,
    PointsQuota,
    RoundedOn,
)
from cashier_app.domain.program.figures import Amount, Factor, Percent, Points, Rate, Threshold
from cashier_app.domain.program.redemption import Combining
from cashier_app.domain.program.tiers import GivenBack, Refunds, Tier, Tiers
from cashier_app.domain.refund import (
    NothingReturned,
    Returned,
    ReturnedLine,
    Sold,
    refund_plan,
)
from tests.unit.refund_samples import (
    DINARS,
    EVERYTHING,
    NOON,
    ONE_IN_TEN,
    PROGRAM,
    RUPEES,
    YEN,
    amount,
    bill,
    earning,
    figures,
    money,
    pieces,
    refunds,
    restored,
    rupees,
    series,
    sold,
    taken_back,
)


# What the remaining basket would not have earned.
def test_a_third_of_the_bill_takes_back_its_points() -> None:
    sale = sold(Bill(rupees(100)))
    assert sale.earned == 10
    plan = refund_plan(PROGRAM, sale, amount(30))
    assert figures(plan) == ("3", "0", 3000, 0)
    assert plan.balance_change == -3
    assert plan.refused is None


def test_three_uneven_parts_take_back_ten_points_together() -> None:
    sale = sold(Bill(rupees(100)))
    parts = [Returned(amount=Money(minor, RUPEES)) for minor in (3333, 3333, 3334)]
    plans = series(PROGRAM, sale, *parts)
    # 66.67 left would have earned 6, 33.34 left 3.
    assert taken_back(plans) == [4, 3, 3]
    assert money(plans) == [(3333, 0), (3333, 0), (3334, 0)]


def test_everything_takes_all_back() -> None:
    plan = refund_plan(PROGRAM, sold(Bill(rupees(100))), EVERYTHING)
    assert figures(plan) == ("10", "0", 10000, 0)


def test_everything_after_a_part_is_the_rest() -> None:
    plans = series(PROGRAM, sold(Bill(rupees(100))), amount(25), EVERYTHING)
    assert taken_back(plans) == [3, 7]
    assert money(plans) == [(2500, 0), (7500, 0)]


def test_yen_without_decimals() -> None:
    program = Program(
        currency=YEN, earning=Earning(rules=(PerAmount(points=Points(1), per=Rate(100), whole_steps=True),))
    )
    lines = (Line(500), Line(580))
    sale = sold(Bill(Money(1080, YEN), lines=lines), program)
    assert sale.earned == 10
    plans = series(program, sale, pieces(0), pieces(1))
    assert [figures(plan) for plan in plans] == [("5", "0", 500, 0), ("5", "0", 580, 0)]


def test_dinars_with_three_decimals() -> None:
    program = Program(
        currency=DINARS, point_scale=3, earning=Earning(rules=(PercentBack(percent=Percent(5)),))
    )
    sale = sold(Bill(Money(12345, DINARS)), program)
    assert sale.earned == Decimal("0.617")
    plan = refund_plan(program, sale, Returned(amount=Money(2345, DINARS)))
    # 10.000 left earn 0.500.
    assert figures(plan) == ("0.117", "0", 2345, 0)


def test_the_tier_of_the_day_of_the_sale_counts() -> None:
    tiers = Tiers(
        levels=(Tier(name="silver"), Tier(name="gold", threshold=Threshold(1000), multiplier=Factor(2)))
    )
    program = replace(PROGRAM, tiers=tiers)
    sale = Sold(Bill(rupees(200)), replace(NOON, tier="gold"), (0,))
    sale = earning(sale, program)
    assert sale.earned == 40
    assert taken_back(series(program, sale, amount(50), amount(150))) == [10, 30]


def test_a_promotion_of_the_day_of_the_sale_counts() -> None:
    today = When(starts=NOON.at.date(), ends=NOON.at.date(), stores=("North",))
    program = replace(
        PROGRAM, earning=Earning(rules=(PerAmount(points=Points(3), per=Rate(10), when=today),))
    )
    sale = earning(Sold(Bill(rupees(100)), replace(NOON, store="North"), (0,)), program)
    assert sale.earned == 30
    assert refund_plan(program, sale, amount(50)).taken_back == 15


def test_below_the_minimum_bill_all_points_go() -> None:
    program = replace(PROGRAM, earning=replace(ONE_IN_TEN, minimum_bill=Amount(5000)))
    sale = sold(Bill(rupees(60)), program)
    assert sale.earned == 6
    assert taken_back(series(program, sale, amount(10), amount(1), amount(49))) == [1, 5, 0]


def test_points_a_sale_go_with_its_last_piece() -> None:
    program = replace(PROGRAM, earning=Earning(rules=(PerSale(points=Points(5)),)))
    sale = sold(bill(Line(1000), Line(2000)), program)
    assert taken_back(series(program, sale, pieces(0), pieces(1))) == [0, 5]


def test_points_rounded_on_each_line_stay_with_the_line() -> None:
    program = replace(PROGRAM, earning=replace(ONE_IN_TEN, rounding=EarningRounding(on=RoundedOn.LINE)))
    # 15.00 and 19.00 earn one point each; together they would have earned 3.
    sale = sold(bill(Line(1500), Line(1900)), program)
    assert sale.earned == 2
    assert taken_back(series(program, sale, pieces(1), pieces(0))) == [1, 1]


def test_points_an_item_go_with_the_item() -> None:
    program = replace(PROGRAM, earning=Earning(rules=(PerItem(points=Points(4)),)))
    sale = sold(bill(Line(9000, quantity=Decimal(3)), Line(500)), program)
    assert sale.earned == 16
    assert taken_back(series(program, sale, pieces(0), pieces(0, 1), pieces(0))) == [4, 8, 4]


def test_half_the_amount_takes_half_the_points_of_each_item() -> None:
    program = replace(PROGRAM, earning=Earning(rules=(PerItem(points=Points(4)),)))
    sale = sold(bill(Line(9000, quantity=Decimal(3))), program)
    assert taken_back(series(program, sale, amount(45), amount(45))) == [6, 6]


def test_only_lines_that_earned_take_points_back() -> None:
    only_books = Lines(only_categories=("books",))
    program = replace(
        PROGRAM, earning=Earning(rules=(PerAmount(points=Points(1), per=Rate(10), lines=only_books),))
    )
    sale = sold(bill(Line(5000, categories=("books",)), Line(5000)), program)
    assert taken_back(series(program, sale, pieces(1), pieces(0))) == [0, 5]


def test_tax_goes_back_with_its_line() -> None:
    program = replace(PROGRAM, earning=replace(ONE_IN_TEN, basis=Basis(tax=Part.EXCLUDED)))
    sale = sold(bill(Line(24000, tax=4000, quantity=Decimal(2))), program)
    assert sale.earned == 20
    assert taken_back(series(program, sale, pieces(0), pieces(0))) == [10, 10]


def test_stored_value_shrinks_with_what_was_paid() -> None:
    program = replace(PROGRAM, earning=replace(ONE_IN_TEN, basis=Basis(stored_value=Share.EXCLUDED)))
    sale = earning(Sold(Bill(rupees(100)), NOON, (0,), stored_value=4000), program)
    assert sale.earned == 6
    plans = series(program, sale, amount(50), amount(50))
    assert taken_back(plans) == [3, 3]
    assert money(plans) == [(5000, 0), (5000, 0)]


def test_the_discounts_of_the_shop_go_back_with_their_line() -> None:
    program = replace(PROGRAM, earning=replace(ONE_IN_TEN, basis=Basis(discounts=Part.INCLUDED)))
    cheaper = Line(8000, quantity=Decimal(2), discounted=True, before_discount=12000)
    sale = sold(bill(cheaper, Line(5000)), program)
    assert sale.earned == 17
    assert taken_back(series(program, sale, pieces(0), pieces(0), pieces(1))) == [6, 6, 5]


def test_how_often_a_rule_was_used_is_what_it_was_at_the_sale() -> None:
    welcome = PerAmount(name="welcome", points=Points(1), per=Rate(1), per_member=1)
    program = replace(PROGRAM, earning=Earning(rules=(welcome,)))
    first = sold(Bill(rupees(100)), program)
    later = earning(replace(first, uses={"welcome": RewardUse(day=1, ever=1)}), program)
    assert (int(first.earned), int(later.earned)) == (100, 0)
    assert taken_back(series(program, first, amount(40), amount(60))) == [40, 60]
    booked = replace(later, earned=Decimal(100))
    assert taken_back(series(program, booked, amount(40), amount(60))) == [100, 0]


def test_what_points_paid_earned_nothing_and_takes_nothing_back() -> None:
    sale = sold(bill(Line(10000), Line(10000)), points=100, off=(10000, 0))
    assert sale.earned == 10
    plans = series(PROGRAM, sale, pieces(0), pieces(1))
    assert [figures(plan) for plan in plans] == [("0", "100", 0, 10000), ("10", "0", 10000, 0)]


def test_what_was_earned_before_is_what_it_was_at_the_sale() -> None:
    program = replace(PROGRAM, earning=replace(ONE_IN_TEN, maximum=PointsQuota(day=Points(12))))
    sale = replace(sold(Bill(rupees(100))), before=Usage(day=Used(earned=Decimal(5))))
    sale = earning(sale, program)
    assert sale.earned == 7
    # 80.00 left would still have earned the 7 that were open that day.
    assert taken_back(series(program, sale, amount(20), amount(20), amount(60))) == [0, 1, 6]
    # The book gave 10, of which the rules leave 7 on 80.00.
    booked = replace(sale, earned=Decimal(10))
    assert taken_back(series(program, booked, amount(20), amount(20), amount(60))) == [3, 1, 6]


def test_a_sale_that_redeemed_stays_one() -> None:
    program = replace(PROGRAM, combining=Combining(redeeming_stops_earning=True))
    sale = sold(bill(Line(10000), Line(10000)), program, points=100, off=(1000, 0))
    assert sale.earned == 0
    booked = replace(sale, earned=Decimal(19))
    assert taken_back(series(program, booked, pieces(0), pieces(1))) == [19, 0]


# What was really earned is the book's truth.
@pytest.mark.parametrize(("earned", "expected"), [("4", [0, 4]), ("0", [0, 0]), ("15", [10, 5])])
def test_never_more_than_was_really_earned(earned: str, expected: list[int]) -> None:
    sale = replace(sold(Bill(rupees(100))), earned=Decimal(earned))
    assert taken_back(series(PROGRAM, sale, amount(50), amount(50))) == expected


def test_a_rest_that_would_earn_more_takes_nothing_back() -> None:
    small = PerAmount(points=Points(1), per=Rate(10), maximum_bill=Amount(10000))
    program = replace(PROGRAM, earning=Earning(rules=(small,)))
    sale = sold(Bill(rupees(150)), program)
    assert sale.earned == 0
    assert taken_back(series(program, sale, amount(60), amount(90))) == [0, 0]


def test_what_was_taken_back_is_not_handed_out_again() -> None:
    bonus = PerSale(points=Points(10), maximum_bill=Amount(5000))
    program = replace(PROGRAM, earning=Earning(rules=(*ONE_IN_TEN.rules, bonus)))
    sale = sold(Bill(rupees(100)), program)
    assert sale.earned == 10
    # 80.00 left earn 8; 40.00 left would earn 4 and the bonus.
    assert taken_back(series(program, sale, amount(20), amount(40), amount(40))) == [2, 0, 8]


# Points used come back in step with the discount.
def test_each_line_gives_back_what_was_taken_off_it() -> None:
    sale = sold(bill(Line(10000), Line(20000)), points=300, off=(1000, 2000))
    plans = series(PROGRAM, sale, pieces(0), pieces(1))
    # 270.00 paid earn 27, the 180.00 left 18.
    assert [figures(plan) for plan in plans] == [("9", "100", 9000, 1000), ("18", "200", 18000, 2000)]
    assert [plan.balance_change for plan in plans] == [91, 182]


def test_a_hundred_points_over_three_equal_lines_by_largest_remainder() -> None:
    sale = sold(bill(*[Line(5000)] * 3), points=100, off=(1000, 1000, 1000))
    assert restored(series(PROGRAM, sale, pieces(2), pieces(0), pieces(1))) == [33, 34, 33]
    assert restored(series(PROGRAM, sale, pieces(0, 2), pieces(1))) == [67, 33]


def test_three_of_one_line_share_ten_rupees_and_ten_points() -> None:
    sale = sold(bill(Line(1000, quantity=Decimal(3))), points=10, off=(300,))
    plans = series(PROGRAM, sale, pieces(0), pieces(0), pieces(0))
    assert restored(plans) == [3, 3, 4]
    assert money(plans) == [(233, 100), (233, 100), (234, 100)]


def test_weighed_goods() -> None:
    sale = sold(bill(Line(15000, quantity=Decimal("1.5"))), points=30, off=(3000,))
    plans = series(PROGRAM, sale, pieces(0, quantity="0.5"), pieces(0, quantity="1"))
    assert [figures(plan) for plan in plans] == [("4", "10", 4000, 1000), ("8", "20", 8000, 2000)]


def test_an_amount_gives_back_its_share_of_points() -> None:
    sale = sold(Bill(rupees(200)), points=50, off=(5000,))
    plans = series(PROGRAM, sale, amount(100), amount(60), amount(40))
    assert [figures(plan) for plan in plans] == [
        ("8", "25", 7500, 2500),
        ("4", "15", 4500, 1500),
        ("3", "10", 3000, 1000),
    ]


def test_an_amount_is_a_share_of_every_line() -> None:
    sale = sold(bill(*[Line(999)] * 3), points=10, off=(100, 100, 100))
    half = Returned(amount=Money(1498, RUPEES))
    plans = series(PROGRAM, sale, half, pieces(0, 1), pieces(2))
    assert sum(restored(plans)) == 10
    # 5.00, 4.99 and 4.99 of the lines came back as an amount.
    assert [sum(both) for both in money(plans)] == [1498, 499 + 500, 500]


def test_a_piece_after_an_amount_is_worth_what_is_left_of_it() -> None:
    sale = sold(bill(Line(10000, quantity=Decimal(2)), Line(10000)))
    plans = series(PROGRAM, sale, pieces(1), amount(20), pieces(0), pieces(0))
    assert [plan.money_back for plan in plans] == [rupees(100), rupees(20), rupees(40), rupees(40)]
    assert taken_back(plans) == [10, 2, 4, 4]


def test_lines_and_an_amount_at_once() -> None:
    sale = sold(bill(Line(10000), Line(10000)))
    both = Returned(lines=(ReturnedLine(0, Decimal(1)),), amount=rupees(30))
    assert figures(refund_plan(PROGRAM, sale, both)) == ("13", "0", 13000, 0)


def test_all_the_money_by_amount_is_everything() -> None:
    sale = sold(bill(Line(10000), Line(0)), points=5)
    plan = refund_plan(PROGRAM, sale, amount(100))
    assert figures(plan) == ("10", "5", 10000, 0)
    assert refund_plan(PROGRAM, sale, EVERYTHING, (amount(100),)).refused == NothingReturned()


def test_a_free_line_that_is_kept_leaves_the_return_open() -> None:
    sale = sold(bill(Line(10000), Line(0)), points=5)
    assert restored(series(PROGRAM, sale, pieces(0), pieces(1))) == [0, 5]


def test_points_for_a_gift_come_back_with_everything_only() -> None:
    sale = sold(bill(Line(10000), Line(10000)), points=80)
    for used in (GivenBack.PROPORTIONAL, GivenBack.POINTS_FIRST, GivenBack.MONEY_FIRST):
        program = refunds(Refunds(used=used))
        plans = series(program, sale, pieces(0), pieces(1))
        assert [figures(plan) for plan in plans] == [("10", "0", 10000, 0), ("10", "80", 10000, 0)]
