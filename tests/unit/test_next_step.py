"""What would raise the discount: each kind of step by example, and that it is true when it is taken."""

from decimal import Decimal
from typing import get_args

import pytest

from cashier_app.domain.bill import Already, Bill
from cashier_app.domain.member import Usage, Used
from cashier_app.domain.money import Currency, Money
from cashier_app.domain.program import Program
from cashier_app.domain.reasons import EarnsTowards, MoreBill, MorePoints, NextStep
from tests.fakes.programs import account_of, bill_for, line_of, paying_with_points, program_of, quoted

RUPEE = Currency("INR", 2)
ONE_IN_TEN = {"rules": [{"kind": "per_amount", "points": 1, "per": 10}]}
BLOCKS = {"points": 100, "value": 50, "whole_blocks": True}
START_100 = paying_with_points(start_points=100)
EARNING = program_of(
    "INR",
    earning=ONE_IN_TEN,
    redemption=[{"conversion": {"points": 1, "value": 1}, "start_points": 100}],
)


def rupees(amount: int) -> Money:
    return Money(amount * 100, RUPEE)


def money(amount: int, gains: int) -> MoreBill:
    return MoreBill(rupees(amount), rupees(gains))


def points(more: int, gains: int) -> MorePoints:
    return MorePoints(Decimal(more), rupees(gains))


BANDS = [{"from_bill": 500, "maximum": 20}, {"from_bill": 777, "maximum": 30}]
STEPS: list[tuple[Program, object, int, NextStep]] = [
    # The smallest bill, said as the program says it.
    (paying_with_points(minimum_bill=500), 360, 1240, money(140, 500)),
    (paying_with_points(maximum_by_bill=BANDS), 499, 1240, money(1, 20)),
    # The next band, said as the program says it.
    (paying_with_points(maximum_by_bill=BANDS), 600, 1240, money(177, 10)),
    # A larger share: 140 more makes a bill of 2500, a sum one can say.
    (paying_with_points(maximum_percent=10), 2360, 1240, money(140, 14)),
    (paying_with_points(minimum_to_pay=50), 60, 1240, money(5, 5)),
    # Two points short of a block, and of the balance needed.
    (paying_with_points(conversion=BLOCKS), 1000, 298, points(2, 50)),
    (START_100, 1000, 98, points(2, 100)),
    (START_100, 60, 98, points(2, 60)),
    (START_100, 1000, -50, points(150, 100)),
    (paying_with_points(keep_points=20), 1000, 20, points(1, 1)),
    (EARNING, 150, 70, EarnsTowards(Decimal(15), Decimal(15))),
    (EARNING, 400, 70, EarnsTowards(Decimal(40), Decimal(0))),
]


@pytest.mark.parametrize(("program", "bill", "balance", "step"), STEPS)
def test_a_step_by_example(program: Program, bill: object, balance: int, step: NextStep) -> None:
    before = quoted(program, bill, balance)
    assert before.next_step == step
    match step:
        case MoreBill(more, gains):
            assert quoted(program, Bill(before.bill + more), balance).maximum == before.maximum + gains
        case MorePoints(more_points, gains):
            assert quoted(program, bill, balance + more_points).maximum == before.maximum + gains
        case EarnsTowards(earns, missing):
            assert quoted(program, bill, balance + earns + missing).refusal is None


def test_every_step_has_an_example() -> None:
    assert {type(step) for *_, step in STEPS} == set(get_args(NextStep))


@pytest.mark.parametrize(
    ("program", "bill", "balance"),
    [
        # Nothing is missing but a member with more points, or another day.
        (paying_with_points(), 1000, 150),
        (paying_with_points(maximum_discount=20), 1000, 1240),
        (paying_with_points(when={"weekdays": ["monday"]}), 1000, 1240),
        # More points would not help on this bill either.
        (paying_with_points(start_points=100, minimum_bill=500), 360, 98),
        (paying_with_points(conversion=BLOCKS, maximum_points=250), 1000, 298),
        (program_of(), 1000, 1240),
    ],
)
def test_no_step_is_promised_that_brings_nothing(program: Program, bill: object, balance: int) -> None:
    assert quoted(program, bill, balance).next_step is None


def test_more_points_are_not_promised_to_a_member_who_has_had_all_of_today() -> None:
    program = paying_with_points(start_points=100, quotas={"day": {"uses": 1}})
    account = account_of(98, usage=Usage(day=Used(uses=1)))
    assert quoted(program, 1000, account).next_step is None
    assert quoted(program, 1000, 98).next_step == points(2, 100)


def test_before_a_bill_more_points_promise_what_some_bill_would_allow() -> None:
    assert quoted(paying_with_points(start_points=100, maximum_discount=40), 0, 98).next_step == points(2, 40)
    percent = {"points": 10, "percent": 5, "whole_blocks": True}
    assert quoted(paying_with_points(conversion=percent), 0, 8).next_step is None
    assert quoted(paying_with_points(start_points=100, maximum_discount=0), 0, 98).next_step is None


def test_a_larger_bill_is_under_the_cap_on_single_items() -> None:
    half = paying_with_points(per_item=[{"percent": 50}], starting_discount=100)
    assert quoted(half, 180).next_step == money(20, 100)
    assert quoted(half, 200).maximum == rupees(100)
    # On a bill with lines another item comes, of which half may be paid as well.
    two = bill_for(half, line_of(half, 90), line_of(half, 90))
    assert quoted(half, two).next_step == money(20, 100)
    # Of one more item no more than its cap.
    capped = paying_with_points(per_item=[{"maximum": 40}], starting_discount=100)
    two = bill_for(capped, line_of(capped, 90), line_of(capped, 90))
    assert quoted(capped, two).next_step == money(20, 100)
    only = {"lines": {"only_categories": ["books"]}}
    books = paying_with_points(per_item=[{"percent": 50, **only}], starting_discount=100)
    two = bill_for(books, line_of(books, 90, "books"), line_of(books, 10))
    assert quoted(books, two).next_step == money(45, 100)


def test_a_larger_bill_is_taxed_as_the_rest() -> None:
    program = paying_with_points(covers_tax=False, starting_discount=150)
    before = quoted(program, Bill(rupees(118), 1800))
    assert before.next_step == money(59, 150)
    assert quoted(program, Bill(rupees(177), 2700)).maximum == rupees(150)


def test_a_bill_that_must_grow_by_more_than_a_largest_bill_has_no_step() -> None:
    program = paying_with_points(maximum_percent=10, maximum_bill=1000)
    assert quoted(program, 990).next_step == money(10, 1)
    assert quoted(program, 1000).next_step is None


def test_a_bill_is_not_rounded_up_beyond_the_largest() -> None:
    assert quoted(paying_with_points(maximum_percent=10, maximum_bill=970), 960).next_step == money(10, 1)


def test_points_used_before_on_the_bill_are_counted() -> None:
    bill = Bill(rupees(900), already=Already(9000, Decimal(90)))
    assert quoted(paying_with_points(maximum_percent=10), bill).next_step == money(10, 1)
