"""Returns as other shops do them, balances that are too small, and returns that cannot be."""

from decimal import Decimal

import pytest
from msgspec.structs import replace

from cashier_app.domain.bill import Bill, Line
from cashier_app.domain.money import Money
from cashier_app.domain.program import Program
from cashier_app.domain.program.earning import (
    Basis,
    Redeemed,
)
from cashier_app.domain.program.tiers import Below, GivenBack, Refunds, TakenBack
from cashier_app.domain.refund import (
    MoreThanSold,
    NoSuchLine,
    NothingReturned,
    RefundPlan,
    Returned,
    Sold,
    refund_plan,
)
from cashier_app.domain.rounding import Rounding
from tests.unit.refund_samples import (
    EVERYTHING,
    NOON,
    ONE_IN_TEN,
    PROGRAM,
    RUPEES,
    TWO_LINES,
    amount,
    bill,
    figures,
    money,
    on_balance,
    pieces,
    refunds,
    restored,
    rupees,
    series,
    sold,
    taken_back,
)


@pytest.mark.parametrize(
    ("used", "expected"),
    [
        (GivenBack.PROPORTIONAL, [("250", 7500, 2500), ("250", 7500, 2500)]),
        (GivenBack.POINTS_FIRST, [("500", 5000, 5000), ("0", 10000, 0)]),
        (GivenBack.MONEY_FIRST, [("0", 10000, 0), ("500", 5000, 5000)]),
        (GivenBack.WHOLE_RETURN, [("0", 7500, 2500), ("500", 7500, 2500)]),
        (GivenBack.NEVER, [("0", 7500, 2500), ("0", 7500, 2500)]),
    ],
)
def test_what_comes_back_for_the_points_used(used: GivenBack, expected: list[tuple[str, int, int]]) -> None:
    plans = series(refunds(Refunds(used=used)), TWO_LINES, pieces(0), pieces(1))
    assert [figures(plan)[1:] for plan in plans] == expected


def test_points_first_gives_a_third_of_the_points_for_a_third_of_the_goods() -> None:
    sale = sold(bill(Line(1000, quantity=Decimal(3))), points=3, off=(1000,))
    plans = series(refunds(Refunds(used=GivenBack.POINTS_FIRST)), sale, *[pieces(0)] * 3)
    assert restored(plans) == [1, 1, 1]
    assert money(plans) == [(0, 333), (0, 333), (0, 334)]


def test_money_first_changes_over_within_one_return() -> None:
    plans = series(
        refunds(Refunds(used=GivenBack.MONEY_FIRST)), TWO_LINES, amount(140), amount(20), amount(40)
    )
    assert [figures(plan)[1:] for plan in plans] == [("0", 14000, 0), ("100", 1000, 1000), ("400", 0, 4000)]


def test_a_whole_return_waits_for_the_last_piece() -> None:
    plans = series(
        refunds(Refunds(used=GivenBack.WHOLE_RETURN)), TWO_LINES, amount(180), amount(19), EVERYTHING
    )
    assert restored(plans) == [0, 0, 500]


def test_earned_points_may_never_be_taken_back() -> None:
    plans = series(refunds(Refunds(earned=TakenBack.NEVER)), TWO_LINES, pieces(0), pieces(1))
    assert taken_back(plans) == [0, 0]


def test_what_the_returned_goods_would_earn_alone() -> None:
    sale = sold(Bill(rupees(95)))
    assert sale.earned == 9
    # 19.00 alone earn 1; 76.00 left earn 7, so that the whole bill would lose 2.
    assert taken_back(series(PROGRAM, sale, amount(19), amount(76))) == [2, 7]
    of_returned = refunds(Refunds(earned=TakenBack.OF_RETURNED))
    assert taken_back(series(of_returned, sale, amount(19), amount(76))) == [1, 8]


def test_goods_alone_never_lose_more_than_was_earned() -> None:
    of_returned = refunds(Refunds(earned=TakenBack.OF_RETURNED))
    sale = replace(sold(bill(Line(8000), Line(2000))), earned=Decimal(3))
    assert taken_back(series(of_returned, sale, pieces(0), pieces(1))) == [3, 0]


def test_the_first_return_may_take_all_back() -> None:
    program = refunds(Refunds(earned=TakenBack.ALL))
    assert taken_back(series(program, TWO_LINES, pieces(0), pieces(1))) == [15, 0]


@pytest.mark.parametrize(
    ("mode", "expected"),
    [
        (None, [3, 3, 4]),
        (Rounding.UP, [4, 3, 3]),
        (Rounding.HALF_UP, [3, 4, 3]),
    ],
)
def test_earned_points_in_proportion_are_rounded_as_the_program_says(
    mode: Rounding | None, expected: list[int]
) -> None:
    program = refunds(Refunds(earned=TakenBack.PROPORTIONAL, rounding=mode))
    sale = sold(bill(*[Line(3400)] * 3))
    assert sale.earned == 10
    assert taken_back(series(program, sale, pieces(0), pieces(1), pieces(2))) == expected


def test_in_proportion_to_what_was_paid_not_to_what_it_cost() -> None:
    program = refunds(Refunds(earned=TakenBack.PROPORTIONAL))
    sale = sold(bill(Line(10000), Line(10000)), points=50, off=(5000, 0))
    assert sale.earned == 15
    assert taken_back(series(program, sale, pieces(0), pieces(1))) == [5, 10]


def test_a_bill_paid_by_points_alone_goes_by_worth() -> None:
    earns_before = replace(ONE_IN_TEN, basis=Basis(redemption=Redeemed.BEFORE))
    program = Program(currency=RUPEES, earning=earns_before, refunds=Refunds(earned=TakenBack.PROPORTIONAL))
    sale = sold(bill(Line(2500), Line(7500)), program, points=100, off=(2500, 7500))
    assert sale.earned == 10
    assert taken_back(series(program, sale, pieces(0), pieces(1))) == [2, 8]


def test_a_bill_of_nothing_takes_back_at_its_end() -> None:
    program = refunds(Refunds(earned=TakenBack.PROPORTIONAL))
    sale = replace(sold(bill(Line(0), Line(0))), earned=Decimal(8))
    assert taken_back(series(program, sale, pieces(0), pieces(1))) == [0, 8]


# A balance that is too small.
def floored(balance: str | None, below: Below = Below.FLOOR) -> RefundPlan:
    program = refunds(Refunds(below=below))
    left = None if balance is None else Decimal(balance)
    return refund_plan(program, sold(Bill(rupees(100))), amount(50), balance=left)


@pytest.mark.parametrize(
    ("balance", "expected", "missing"),
    [("2", "2", "3"), ("5", "5", "0"), ("0", "0", "5"), ("-4", "0", "5"), (None, "5", "0")],
)
def test_no_more_than_there_is_is_taken_back(balance: str | None, expected: str, missing: str) -> None:
    plan = floored(balance)
    assert (plan.taken_back, plan.shortfall) == (Decimal(expected), Decimal(missing))
    assert plan.balance_change == -plan.taken_back


def test_a_balance_may_fall_below_zero() -> None:
    plan = floored("2", Below.NEGATIVE)
    assert on_balance(plan) == (0, 5, 0, -5)


def test_points_given_back_pay_for_those_taken_back() -> None:
    program = refunds(Refunds(below=Below.FLOOR))
    sale = sold(Bill(rupees(110)), points=4, off=(1000,))
    plan = refund_plan(program, sale, EVERYTHING, balance=Decimal(3))
    assert on_balance(plan) == (4, 7, 3, -3)


def test_points_that_were_not_there_are_not_asked_for_again() -> None:
    program = refunds(Refunds(below=Below.FLOOR))
    sale = sold(Bill(rupees(100)))
    plan = refund_plan(program, sale, amount(50), (amount(50),), balance=Decimal(100))
    assert on_balance(plan) == (0, 5, 0, -5)


# Refusals.
@pytest.mark.parametrize(
    ("returned", "previous", "reason"),
    [
        (Returned(), (), NothingReturned()),
        (amount(0), (), NothingReturned()),
        (amount(-1), (), NothingReturned()),
        (pieces(0, quantity="0"), (), NothingReturned()),
        (pieces(0, quantity="-1"), (), NothingReturned()),
        (pieces(0, quantity="NaN"), (), NothingReturned()),
        (pieces(0, quantity="Infinity"), (), NothingReturned()),
        (pieces(2), (), NoSuchLine(2)),
        (pieces(-1), (), NoSuchLine(-1)),
        (pieces(0, quantity="2.5"), (), MoreThanSold(line=0, quantity=Decimal(2))),
        (pieces(0, 0, 0), (), MoreThanSold(line=0, quantity=Decimal(0))),
        (pieces(0, quantity="2"), (pieces(0),), MoreThanSold(line=0, quantity=Decimal(1))),
        (amount(301), (), MoreThanSold(amount=rupees(300))),
        (Returned(amount=Money(30001, RUPEES)), (), MoreThanSold(amount=rupees(300))),
        (amount(101), (pieces(0, 0),), MoreThanSold(amount=rupees(100))),
        (amount(1), (EVERYTHING,), MoreThanSold(amount=rupees(0))),
        (pieces(1), (EVERYTHING,), MoreThanSold(line=1, quantity=Decimal(0))),
        (pieces(1), (amount(300),), MoreThanSold(line=1, quantity=Decimal(0))),
        (EVERYTHING, (EVERYTHING,), NothingReturned()),
        (pieces(0), (amount(500),), MoreThanSold(amount=rupees(300))),
    ],
)
def test_a_return_that_cannot_be(returned: Returned, previous: tuple[Returned, ...], reason: object) -> None:
    sale = sold(bill(Line(20000, quantity=Decimal(2)), Line(10000)), points=10, off=(0, 1000))
    plan = refund_plan(PROGRAM, sale, returned, previous, balance=Decimal(50))
    assert plan.refused == reason
    assert figures(plan) == ("0", "0", 0, 0)
    assert on_balance(plan) == (0, 0, 0, 0)


def test_a_bill_without_lines_is_one_item() -> None:
    sale = sold(Bill(rupees(100)))
    assert figures(refund_plan(PROGRAM, sale, pieces(0))) == ("10", "0", 10000, 0)
    assert refund_plan(PROGRAM, sale, pieces(1)).refused == NoSuchLine(1)


# A sale that cannot have been is a mistake of ours.
@pytest.mark.parametrize(
    ("taken", "discount", "stored_value"),
    [
        ((100,), 100, 0),
        ((100, 0), 90, 0),
        ((1001, 0), 1001, 0),
        ((-1, 1), 0, 0),
        ((0, 0), 0, 2001),
        ((0, 0), 0, -1),
        ((1000, 0), 1000, 1001),
    ],
)
def test_a_sale_whose_parts_do_not_fit(taken: tuple[int, ...], discount: int, stored_value: int) -> None:
    with pytest.raises(ValueError, match=r"adds up|cannot"):
        Sold(bill(Line(1000), Line(1000)), NOON, taken, discount, stored_value=stored_value)
