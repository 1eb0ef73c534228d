"""The figures of the pictures, in rupees, yen and dinars, so that a shopkeeper can check them by hand."""

from datetime import date
from decimal import Decimal

import pytest

from cashier_app.domain.bill import Bill
from cashier_app.domain.choice import (
    TakeAmount,
    TakeMaximum,
    TakeNothing,
    TakePoints,
    TakeReward,
    TakeTogether,
    asks_for_points,
    asks_for_something,
)
from cashier_app.domain.member import Member
from cashier_app.domain.money import Currency, Money
from cashier_app.domain.occasion import Occasion
from cashier_app.domain.program import Program
from cashier_app.domain.quote import best_possible, worth
from cashier_app.domain.reasons import (
    BillCovered,
    CappedAmount,
    CappedPercent,
    EarnsTowards,
    LeftToPay,
    Limit,
    MemberBlocked,
    MoreBill,
    MorePoints,
    NeedsBill,
    NeedsDiscount,
    NeedsPoints,
    NotOffline,
    WholeBalance,
    WholeSteps,
)
from tests.fakes.programs import (
    MEMBER,
    OPEN,
    SATURDAY_TEN,
    account_of,
    coins,
    paying_with_points,
    program_of,
    quoted,
    taking,
)

RUPEE, DINAR, YEN = Currency("INR", 2), Currency("KWD", 3), Currency("JPY", 0)
DEVIKA = Member("m-3", "Devika Shenoy", blocked_since=date(2026, 11, 12))

COINS = coins()
NOTHING_EARNED = coins(earning={})
DINARS = program_of(
    "KWD",
    earning={"rules": [{"kind": "per_amount", "points": 10, "per": 1}]},
    redemption=[{"conversion": {"points": 1000, "value": 1}, "maximum_percent": 20}],
)


def rupees(amount: int) -> Money:
    return Money(amount * 100, RUPEE)


def paise(amount: int) -> Bill:
    return Bill(Money(amount, RUPEE))


# The pictures.
def test_priya_takes_the_most_off_her_bill() -> None:
    answer = quoted(COINS, 2360)
    assert answer.maximum == answer.discount == rupees(200)
    assert answer.points_used == answer.maximum_points == Decimal(200)
    assert answer.to_pay == rupees(2160)
    assert answer.earns == Decimal(21)
    assert answer.balance_after == Decimal(1061)
    assert answer.limit == CappedAmount(rupees(200), under=rupees(2500))
    assert answer.next_step == MoreBill(rupees(140), rupees(50))
    assert answer.refusal is None
    assert answer.choice_refusal is None
    assert answer.minimum == answer.step == rupees(1)
    assert answer.program_version == "7"
    assert answer.rule_id == "points"
    assert answer.taken == (20000,)


def test_the_next_step_holds_when_the_bill_is_really_larger() -> None:
    assert quoted(COINS, 2500).maximum == rupees(250)
    assert quoted(COINS, 2499).maximum == rupees(200)
    assert quoted(COINS, 2500).limit == CappedAmount(rupees(250), under=None)
    assert quoted(COINS, 2500).next_step is None


def test_priya_takes_a_part() -> None:
    answer = quoted(COINS, 2360, choice=taking(COINS, 150))
    assert answer.discount == rupees(150)
    assert answer.points_used == Decimal(150)
    assert answer.to_pay == rupees(2210)
    assert answer.earns == Decimal(22)
    assert answer.balance_after == Decimal(1112)
    assert answer.maximum == rupees(200)


def test_rahul_has_too_few_coins_and_hears_what_this_sale_brings() -> None:
    answer = quoted(COINS, 1150, 80)
    assert answer.refusal == NeedsPoints(needed=Decimal(100), has=Decimal(80))
    assert answer.discount == answer.maximum == answer.minimum == rupees(0)
    assert answer.earns == Decimal(11)
    assert answer.next_step == EarnsTowards(Decimal(11), still_missing=Decimal(9))
    assert answer.limit is None
    assert answer.to_pay == rupees(1150)


def test_a_fifth_of_a_bill_in_dinars() -> None:
    answer = quoted(DINARS, "23.750", 60000)
    assert answer.discount == Money(4750, DINAR)
    assert answer.points_used == Decimal(4750)
    assert answer.limit == CappedPercent(Decimal(20))
    assert answer.next_step == MoreBill(Money(1250, DINAR), Money(250, DINAR))
    assert quoted(DINARS, 25, 60000).discount == Money(5000, DINAR)


def test_a_fifth_of_a_bill_in_yen() -> None:
    program = paying_with_points("JPY", maximum_percent=20, conversion={"points": 3, "value": 1})
    answer = quoted(program, 1234, 1000)
    # A fifth is 246.8 yen; 246 yen cost 738 points, and 262 stay.
    assert (answer.discount, answer.points_used) == (Money(246, YEN), Decimal(738))
    assert answer.balance_after == Decimal(262)
    # Three points to the yen: 740 points still pay for 246 yen, and two of them are not burnt.
    assert quoted(program, 5000, 740).points_used == Decimal(738)


# Choices.
def test_nothing_is_taken_when_nothing_is_wanted() -> None:
    answer = quoted(COINS, 2360, choice=TakeNothing())
    assert (answer.discount, answer.points_used, answer.earns) == (rupees(0), Decimal(0), Decimal(23))
    assert answer.maximum == rupees(200)
    assert answer.choice_refusal is None


@pytest.mark.parametrize(
    ("wanted", "given", "refused"),
    [(15099, 150, False), (99999900, 200, False), (-100, 0, False), (0, 0, False), (99, 0, True)],
)
def test_a_wish_is_lowered_to_what_is_allowed_and_to_a_step(
    wanted: int, given: int, *, refused: bool
) -> None:
    answer = quoted(COINS, 2360, choice=TakeAmount(Money(wanted, RUPEE)))
    assert answer.discount == rupees(given)
    assert answer.choice_refusal == (NeedsDiscount(rupees(1), rupees(200)) if refused else None)


@pytest.mark.parametrize(
    ("wanted", "used"), [("150", 150), ("150.9", 150), ("999", 200), ("0", 0), ("-5", 0)]
)
def test_so_many_points_are_used_as_are_wanted_and_allowed(wanted: str, used: int) -> None:
    answer = quoted(COINS, 2360, choice=TakePoints(Decimal(wanted)))
    assert (answer.points_used, answer.discount) == (Decimal(used), rupees(used))


def test_what_asks_for_something() -> None:
    assert asks_for_something(TakeMaximum())
    assert asks_for_something(TakePoints(Decimal(1)))
    assert not asks_for_something(TakeAmount(rupees(0)))
    assert not asks_for_something(TakeNothing())
    assert asks_for_points(TakeTogether(points=TakeMaximum()))
    assert not asks_for_points(TakeReward("coffee"))
    assert asks_for_points(TakePoints(Decimal(1)))


# Limits.
def test_the_balance_binds() -> None:
    answer = quoted(COINS, 2360, 150)
    assert answer.discount == rupees(150)
    assert answer.limit == WholeBalance(Decimal(150))


def test_whole_blocks_leave_a_rest() -> None:
    program = paying_with_points(conversion={"points": 100, "value": 50, "whole_blocks": True})
    answer = quoted(program, 2360, 250)
    assert answer.discount == rupees(100)
    assert answer.points_used == Decimal(200)
    assert answer.limit == WholeSteps(rupees(50), left=Decimal(50))
    assert answer.next_step == MorePoints(Decimal(50), rupees(50))
    assert quoted(program, 2360, 200).limit == WholeBalance(Decimal(200))
    assert quoted(program, 2360, 99).refusal == NeedsPoints(Decimal(100), Decimal(99))


def test_a_bill_that_is_no_whole_number_of_blocks_is_not_called_covered() -> None:
    program = paying_with_points(conversion={"points": 100, "value": 50, "whole_blocks": True})
    answer = quoted(program, 240, 1000)
    assert (answer.discount, answer.to_pay) == (rupees(200), rupees(40))
    assert answer.limit == WholeSteps(rupees(50), left=Decimal(600))
    assert answer.next_step == MoreBill(rupees(10), rupees(50))


def test_some_money_must_remain() -> None:
    answer = quoted(paying_with_points(minimum_to_pay=100), 300)
    assert answer.discount == rupees(200)
    assert answer.limit == LeftToPay(rupees(100))


def test_the_whole_bill_may_be_paid() -> None:
    answer = quoted(coins({"start_points": 0, "minimum_bill": 0, "maximum_by_bill": []}), 300)
    assert answer.to_pay == rupees(0)
    assert answer.limit == BillCovered()
    assert answer.earns == 0


def test_all_of_a_bill_is_no_limit() -> None:
    assert quoted(paying_with_points(maximum_percent=100), 300).limit == BillCovered()


def test_all_of_a_bill_without_its_tax_is_a_limit() -> None:
    program = paying_with_points(maximum_percent=100, percent_tax="excluded")
    answer = quoted(program, Bill(rupees(118), 1800))
    assert answer.discount == rupees(100)
    assert answer.limit == CappedPercent(Decimal(100))


def test_a_share_that_is_no_whole_step_is_lowered_to_one() -> None:
    # A fifth of 1234.50 is 246.90; a point pays a paisa, so all of it is given.
    answer = quoted(paying_with_points(maximum_percent=20), "1234.50")
    assert answer.discount == Money(24600, RUPEE)


def test_before_a_bill_is_typed_there_is_nothing_to_refuse() -> None:
    answer = quoted(COINS, 0)
    assert answer.refusal is None
    assert answer.next_step is None
    assert answer.maximum == rupees(0)


# Refusals.
def test_the_bill_is_too_small() -> None:
    answer = quoted(COINS, 360)
    assert answer.refusal == NeedsBill(rupees(500), rupees(140))
    assert answer.next_step == MoreBill(rupees(140), rupees(200))
    assert quoted(COINS, 500).discount == rupees(200)


def test_the_bill_is_too_small_for_one_step_of_its_share() -> None:
    program = paying_with_points(
        maximum_percent=20, conversion={"points": 100, "value": 50, "whole_blocks": True}
    )
    assert quoted(program, 249).refusal == NeedsBill(rupees(250), rupees(1))
    assert quoted(program, 250).discount == rupees(50)


def test_a_blocked_member_neither_earns_nor_redeems() -> None:
    answer = quoted(COINS, 2360, member=DEVIKA)
    assert answer.refusal == MemberBlocked(date(2026, 11, 12))
    assert (answer.maximum, answer.earns) == (rupees(0), Decimal(0))
    assert {option.refusal for option in answer.rewards} == {MemberBlocked(date(2026, 11, 12))}


def test_points_are_not_used_offline_but_the_sale_earns() -> None:
    answer = quoted(COINS, 2360, occasion=Occasion(SATURDAY_TEN, online=False))
    assert answer.refusal == NotOffline()
    assert answer.maximum == rupees(0)
    assert answer.earns == Decimal(23)
    assert answer.rewards[0].refusal == NotOffline()


def test_a_program_that_earns_nothing_says_how_many_points_are_missing() -> None:
    answer = quoted(NOTHING_EARNED, 1150, 80)
    assert answer.next_step == MorePoints(Decimal(20), rupees(100))
    assert quoted(NOTHING_EARNED, 1150, 100).maximum == rupees(100)


def test_missing_points_promise_only_what_this_bill_allows() -> None:
    program = paying_with_points(start_points=1000, maximum_percent=10)
    assert quoted(program, 500, 800).next_step == MorePoints(Decimal(200), rupees(50))
    assert quoted(program, 500, 1000).maximum == rupees(50)


def test_missing_points_promise_nothing_on_a_bill_that_is_too_small_as_well() -> None:
    assert quoted(NOTHING_EARNED, 360, 80).next_step is None


def test_before_a_bill_missing_points_promise_what_some_bill_allows() -> None:
    assert quoted(NOTHING_EARNED, 0, 80).next_step == MorePoints(Decimal(20), rupees(100))


def test_a_band_that_allows_nothing_sends_to_the_next_that_does() -> None:
    bands = [
        {"from_bill": 0, "maximum": 100},
        {"from_bill": 500, "maximum": 0},
        {"from_bill": 1000, "maximum": 200},
    ]
    program = paying_with_points(maximum_by_bill=bands)
    answer = quoted(program, 600)
    assert answer.refusal == NeedsBill(rupees(1000), rupees(400))
    assert answer.next_step == MoreBill(rupees(400), rupees(200))
    assert quoted(program, 499).maximum == rupees(100)


@pytest.mark.parametrize("minimum_bill", [0, 1000])
def test_a_program_that_allows_nothing_says_so(minimum_bill: int) -> None:
    bands = [{"from_bill": 0, "maximum": 0}]
    answer = quoted(paying_with_points(maximum_by_bill=bands, minimum_bill=minimum_bill), 600)
    assert answer.maximum == rupees(0)
    assert answer.refusal == NeedsDiscount(minimum=rupees(1), allowed=rupees(0))


def test_below_the_first_band_nothing_is_allowed() -> None:
    answer = quoted(paying_with_points(maximum_by_bill=[{"from_bill": 500, "maximum": 200}]), 100)
    assert answer.refusal == NeedsBill(rupees(500), rupees(400))


# Next steps.
@pytest.mark.parametrize(
    ("program", "bill", "limit", "more", "gains"),
    [
        (paying_with_points(minimum_to_pay=1), 700, LeftToPay(rupees(1)), 100, 100),
        (paying_with_points(), 2300, BillCovered(), 200, 200),
        (paying_with_points(), 2360, WholeSteps(rupees(1), Decimal(1217)), 140, 200),
        (paying_with_points(maximum_percent=10), 2360, CappedPercent(Decimal(10)), 640, 100),
    ],
)
def test_the_next_round_bill_gives_at_least_a_step(
    program: Program, bill: int, limit: Limit, more: int, gains: int
) -> None:
    answer = quoted(program, paise(bill))
    assert answer.limit == limit
    assert answer.next_step == MoreBill(Money(more, RUPEE), Money(gains, RUPEE))


def test_the_smallest_bills_are_rounded_up_too() -> None:
    program = paying_with_points(conversion={"points": 1, "value": "0.01"})
    assert quoted(program, paise(7)).next_step == MoreBill(Money(3, RUPEE), Money(3, RUPEE))


def test_no_larger_bill_helps_a_member_without_more_points() -> None:
    assert quoted(COINS, 2360, 150).next_step is None


def test_the_next_bill_reaches_a_whole_block() -> None:
    program = paying_with_points(
        maximum_percent=1, conversion={"points": 100, "value": 100, "whole_blocks": True}
    )
    assert quoted(program, 10000).maximum == rupees(100)
    assert quoted(program, 10000).next_step == MoreBill(rupees(10000), rupees(100))


def test_no_larger_bill_helps_where_another_limit_binds_next() -> None:
    program = paying_with_points(maximum_percent=10, maximum_by_bill=[{"from_bill": 0, "maximum": 100}])
    answer = quoted(program, 1009)
    assert answer.limit == CappedAmount(rupees(100))
    assert quoted(program, 1000).limit == CappedAmount(rupees(100))
    assert answer.next_step is None


# Before a bill.
FIVE_PERCENT = paying_with_points(conversion={"points": 100, "percent": 5, "whole_blocks": True})
EACH_ITEM = paying_with_points(
    conversion={"points": 100, "value": 5, "each_item": True, "whole_blocks": True}
)


def test_what_the_balance_is_worth() -> None:
    assert worth(COINS, Decimal(1240)) == rupees(1240)
    assert worth(program_of(), Decimal(1240)) is None
    assert worth(FIVE_PERCENT, Decimal(1240)) is None
    assert worth(EACH_ITEM, Decimal(1240)) is None


def test_the_best_possible_before_a_bill() -> None:
    def best(program: Program, balance: int) -> tuple[Money, Money] | None:
        return best_possible(program, MEMBER, account_of(balance), OPEN)

    assert best(COINS, 1240) == (rupees(200), rupees(500))
    assert best(COINS, 150) == (rupees(150), rupees(500))
    assert best(paying_with_points(minimum_bill=300), 150) == (rupees(150), rupees(300))
    assert best(COINS, 99) is None
    assert best(program_of(), 1240) is None
    assert best(paying_with_points(maximum_discount=0), 1240) is None
    assert best(paying_with_points(maximum_bill=400), 1240) == (rupees(400), Money(100, RUPEE))
    assert best(FIVE_PERCENT, 1240) is None
    assert best(EACH_ITEM, 1240) is None
