"""What one rule earns of a bill, by examples a shopkeeper can check by hand."""

from datetime import date
from decimal import Decimal

import pytest

from cashier_app.domain.basket import Basket
from cashier_app.domain.bill import Bill, Line
from cashier_app.domain.circumstances import Circumstances
from cashier_app.domain.earning import Earned, EarningSale, points_earned
from cashier_app.domain.money import Currency, Money
from cashier_app.domain.program import Program
from cashier_app.domain.program.conditions import Lines, Part, Share, When
from cashier_app.domain.program.earning import (
    AnyEarningRule,
    Basis,
    Earning,
    EarningRounding,
    PerAmount,
    PercentBack,
    PerItem,
    PerSale,
    Redeemed,
    RoundedOn,
)
from cashier_app.domain.program.figures import Amount, Percent, Points, Rate
from cashier_app.domain.rounding import Rounding
from tests.unit.earning_sales import (
    BOOKS,
    FOOD,
    INR,
    JPY,
    KWD,
    ONE_PER_TEN,
    SATURDAY,
    earned,
    line,
    points,
)


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


@pytest.mark.parametrize(("on", "expected"), [(RoundedOn.BILL, 3), (RoundedOn.LINE, 4), (RoundedOn.ITEM, 5)])
def test_a_step_that_was_begun_earns_in_full(on: RoundedOn, expected: int) -> None:
    begun = PerAmount(points=Points(1), per=Rate(100), started_steps=True)
    lines = (line(150, quantity="3"), line(101))
    assert points(begun, lines=lines, rounding=EarningRounding(on=on)) == expected
    assert [points(begun, lines=(line(amount),)) for amount in (1, 99, 100, 101)] == [1, 1, 1, 2]


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
    only = Basis(stored_value=Share.ONLY)
    assert points(ONE_PER_TEN, lines=bought, stored=9999, basis=only) == 40


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


def test_fewer_points_than_the_smallest_number_are_none() -> None:
    assert points(ONE_PER_TEN, minimum_points=Points(100)) == 100
    assert earned(ONE_PER_TEN, minimum_points=Points(101)) == Earned()


def test_the_price_before_the_shops_own_discount_may_earn() -> None:
    bought = (Line(80_00, 8_00, discounted=True, before_discount=100_00), Line(100_00, 10_00))
    assert points(ONE_PER_TEN, lines=bought, basis=Basis(discounts=Part.INCLUDED)) == 20
    assert points(ONE_PER_TEN, lines=bought) == 18
    net = Basis(discounts=Part.INCLUDED, tax=Part.EXCLUDED)
    assert points(ONE_PER_TEN, lines=bought, basis=net) == 18
