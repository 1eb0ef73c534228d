"""Which lines a rule looks at, and what is left of them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cashier_app.domain.basket import Basket
from cashier_app.domain.bill import Already, Bill
from cashier_app.domain.program.conditions import ALL_LINES, Lines, Share
from tests.fakes.any_quote import bills, programs
from tests.fakes.programs import bill_for, line_of, money_of, program_of

PROGRAM = program_of()
BILL = bill_for(
    PROGRAM,
    line_of(PROGRAM, 100, "bread", item="b-1", tax=5),
    line_of(PROGRAM, 50, "bread", "organic", item="b-2", discounted=True),
    line_of(PROGRAM, 30, "books", item="k-1"),
    line_of(PROGRAM, 20, item="x-1"),
)


@pytest.mark.parametrize(
    ("wanted", "places"),
    [
        (ALL_LINES, [0, 1, 2, 3]),
        (Lines(only_categories=("bread",)), [0, 1]),
        (Lines(only_items=("k-1", "x-1")), [2, 3]),
        # In one of the categories or one of the items.
        (Lines(only_categories=("books",), only_items=("b-2",)), [1, 2]),
        (Lines(except_categories=("organic",)), [0, 2, 3]),
        (Lines(except_items=("b-1",)), [1, 2, 3]),
        # What is excepted does not count even where another list names it.
        (Lines(only_items=("b-1",), except_categories=("bread",)), []),
        (Lines(discounted=Share.EXCLUDED), [0, 2, 3]),
        (Lines(discounted=Share.ONLY), [1]),
        (Lines(except_items=("nothing",)), [0, 1, 2, 3]),
    ],
)
def test_the_lines_a_rule_looks_at(wanted: Lines, places: list[int]) -> None:
    basket = Basket(BILL)
    assert list(basket.matching(wanted)) == places
    assert list(basket.matching(wanted)) == places


def test_lines_that_do_not_add_up_are_no_bill() -> None:
    with pytest.raises(ValueError, match="add up"):
        Bill(money_of(100, PROGRAM.currency), 0, BILL.lines)
    assert BILL.currency == PROGRAM.currency


def test_a_bill_without_lines_is_one_line_without_a_category() -> None:
    basket = Basket(Bill(money_of(100, PROGRAM.currency), 1500))
    assert (basket.gross, basket.net) == ([10000], [8500])
    assert list(basket.matching(Lines(except_categories=("bread",)))) == [0]
    assert list(basket.matching(Lines(only_categories=("bread",)))) == []


def test_an_amount_is_taken_off_in_proportion_to_what_is_left() -> None:
    basket = Basket(BILL)
    basket.take_off(4000, [2, 3])
    assert basket.taken == [0, 0, 2400, 1600]
    basket.take_off(4000, [2, 3])
    # No more than what is left.
    assert basket.left(range(4)) == [10000, 5000, 0, 0]
    basket.take([100, 200, 0, 0])
    assert basket.taken == [100, 200, 3000, 2000]
    assert basket.before == [0, 0, 0, 0]


def test_an_amount_keeps_within_the_room_of_each_line() -> None:
    basket = Basket(BILL)
    basket.take_off(1000, [0, 1, 3], [100, 5000, 900])
    assert basket.taken == [17, 833, 0, 150]


def test_what_was_redeemed_before_is_taken_off_all_lines() -> None:
    basket = Basket(Bill(BILL.total, BILL.tax, BILL.lines, Already(2000)))
    assert basket.taken == basket.before == [1000, 500, 300, 200]
    more = Basket(Bill(BILL.total, BILL.tax, BILL.lines, Already(99999999)))
    assert more.left(range(4)) == [0, 0, 0, 0]


def test_items_given_are_put_aside() -> None:
    basket = Basket(BILL)
    basket.put_aside(1, 1, 20)
    basket.put_aside(1, 2, 5)
    assert basket.set_aside == {1: (3, 25)}


@given(st.data(), st.integers(0, 10**15))
def test_no_line_is_ever_taken_below_zero(data: st.DataObject, amount: int) -> None:
    program = data.draw(programs(paying=False))
    basket = Basket(data.draw(bills(program)))
    before = sum(basket.taken)
    left = sum(basket.left(range(len(basket.lines))))
    basket.take_off(amount, range(len(basket.lines)))
    assert sum(basket.taken) - before == min(amount, left)
    assert all(0 <= taken <= gross for taken, gross in zip(basket.taken, basket.gross, strict=True))
