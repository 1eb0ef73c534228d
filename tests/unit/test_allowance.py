"""Each limit and each refusal of paying with points, by an example that can be checked by hand."""

from datetime import date, time
from decimal import Decimal
from typing import get_args

import pytest

from cashier_app.domain.basket import Basket
from cashier_app.domain.bill import NOTHING_YET, Already, Bill
from cashier_app.domain.choice import Choice, TakeMaximum, TakeNothing, TakePoints, TakeReward, TakeTogether
from cashier_app.domain.circumstances import Circumstances
from cashier_app.domain.member import NEVER_USED, Account, Member, RewardUse, Usage, Used
from cashier_app.domain.money import Currency, Money
from cashier_app.domain.occasion import Occasion
from cashier_app.domain.paying import Payer, cases_of, the_case
from cashier_app.domain.program import Program
from cashier_app.domain.program.conditions import Weekday
from cashier_app.domain.program.redemption import RulePick
from cashier_app.domain.quote import Quote
from cashier_app.domain.reasons import (
    BillCovered,
    BillTooLarge,
    CappedAmount,
    CappedInPeriod,
    CappedPercent,
    CappedPerItem,
    CappedPoints,
    CappedShareOfBalance,
    ChosenReward,
    KeptPoints,
    LeftToPay,
    Limit,
    LinesCovered,
    MemberBlocked,
    NeedsBill,
    NeedsDiscount,
    NeedsItems,
    NeedsPoints,
    NotForMember,
    NotForTier,
    NothingEligible,
    NotInStore,
    NotNow,
    NotOffline,
    NotPaidWith,
    NotTogether,
    NotYet,
    NoWayToPay,
    OutOfStock,
    Over,
    Period,
    Refusal,
    UnknownChoice,
    UsedUp,
    UsedUpOnBill,
    WholeBalance,
    WholeSteps,
)
from tests.fakes.programs import (
    MEMBER,
    SATURDAY_TEN,
    account_of,
    bill_for,
    line_of,
    paying_with_points,
    program_of,
    quoted,
    rewarding,
)

RUPEE = Currency("INR", 2)
PLAIN = program_of()
BLOCKED = Member("m-3", "Devika", blocked_since=date(2026, 11, 12))
USED = Usage(day=Used(Decimal(30), 3000, 1), month=Used(Decimal(90), 9000, 4))
BASKET = bill_for(
    PLAIN, line_of(PLAIN, 100, "bread", tax=5), line_of(PLAIN, 400, "books", quantity=4, tax=40)
)
BOOKS = {"only_categories": ["books"]}
BLOCKS = {"points": 100, "value": 50, "whole_blocks": True}
TIERS = {
    "levels": [
        {"name": "Silver", "threshold": 1},
        {"name": "Gold", "threshold": 2, "limits": {"maximum_discount": 300, "start_points": 0}},
    ]
}


def rupees(amount: int) -> Money:
    return Money(amount * 100, RUPEE)


def one(bill: object, balance: object = 1240, **rule: object) -> Quote:
    """Return the quote of a program of one rule, one point to the rupee unless it says otherwise."""
    return quoted(paying_with_points("INR", **rule), bill, balance)


def used(**quotas: object) -> dict[str, object]:
    return {"balance": account_of(1240, usage=USED), "quotas": quotas}


LIMITS: list[tuple[Quote, int, Limit]] = [
    (one(1000, 150), 150, WholeBalance(Decimal(150))),
    (one(1000, 150, keep_points=50), 100, KeptPoints(Decimal(50))),
    (one(1000, 250, conversion=BLOCKS), 100, WholeSteps(rupees(50), Decimal(50))),
    (one(1000, maximum_points=120), 120, CappedPoints(Decimal(120))),
    (one(1000, 250, maximum_percent_of_balance=10), 25, CappedShareOfBalance(Decimal(10))),
    (one(1000, maximum_discount=200), 200, CappedAmount(rupees(200))),
    (one(1000, maximum_percent=20), 200, CappedPercent(Decimal(20))),
    (one(BASKET, maximum_percent=20, percent_of="lines", lines=BOOKS), 80, CappedPercent(Decimal(20), True)),
    # A fifth of 500 less 45 of tax.
    (one(BASKET, maximum_percent=20, percent_tax="excluded"), 91, CappedPercent(Decimal(20))),
    (
        one(BASKET, maximum_percent=50, percent_tax="excluded", percent_of="lines", lines=BOOKS),
        180,
        CappedPercent(Decimal(50), True),
    ),
    # 30 of each of five items.
    (one(BASKET, per_item=[{"maximum": 30}]), 150, CappedPerItem(rupees(150))),
    (one(BASKET, per_item=[{"percent": 10}]), 50, CappedPerItem(rupees(50))),
    (one(BASKET, per_item=[{"percent": 10, "lines": BOOKS}, {"maximum": 1}]), 41, CappedPerItem(rupees(41))),
    (
        one(1000, **used(day={"points": 50})),
        20,
        CappedInPeriod(Period.DAY, points=Decimal(50), used_points=Decimal(30)),
    ),
    (
        one(1000, **used(month={"discount": 100})),
        10,
        CappedInPeriod(Period.MONTH, discount=rupees(100), used_discount=rupees(90)),
    ),
    (one(300, minimum_to_pay=100), 200, LeftToPay(rupees(100))),
    (one(BASKET, lines=BOOKS), 400, LinesCovered(rupees(400), rupees(100))),
    # Tax cannot be paid with points.
    (one(BASKET, covers_tax=False), 455, LinesCovered(rupees(455), rupees(45))),
    (one(300), 300, BillCovered()),
    (quoted(rewarding("amount_off", value=40), 300, choice=TakeReward("r")), 0, ChosenReward("Reward")),
]


@pytest.mark.parametrize(("answer", "discount", "limit"), LIMITS)
def test_a_limit_by_example(answer: Quote, discount: int, limit: Limit) -> None:
    assert answer.maximum == rupees(discount)
    assert answer.limit == limit


def test_every_limit_has_an_example() -> None:
    assert {type(limit) for _, _, limit in LIMITS} == set(get_args(Limit))


def refused(
    program: Program,
    choice: Choice | None = None,
    bill: object = 1000,
    balance: object = 1240,
    **more: object,
) -> tuple[Refusal | None, Refusal | None]:
    answer = quoted(program, bill, balance, choice, **more)  # type: ignore[arg-type]
    assert not answer.discount
    return answer.refusal, answer.choice_refusal


def rule(bill: object = 1000, balance: object = 1240, **fields: object) -> Refusal | None:
    return refused(paying_with_points("INR", **fields), None, bill, balance)[0]


def reward(
    account: Account | None = None, occasion: Occasion | None = None, **fields: object
) -> Refusal | None:
    more = {} if occasion is None else {"occasion": occasion}
    return refused(
        program_of("INR", rewards=[{**GIFT, **fields}]),
        TakeReward("r"),
        BASKET,
        account or account_of(1240),
        **more,
    )[1]


GIFT = {"reward_id": "r", "name": "Reward", "kind": "gift", "cost": 5}
DONE = Bill(rupees(1000), already=Already(20000, Decimal(200)))
REFUSALS: list[tuple[Refusal | None, Refusal]] = [
    (rule(400, minimum_bill=500), NeedsBill(rupees(500), rupees(100))),
    (rule(BASKET, minimum_bill=500, minimum_of="lines", lines=BOOKS), NeedsBill(rupees(500), rupees(100))),
    (rule(BASKET, minimum_bill=500, minimum_tax="excluded"), NeedsBill(rupees(500), rupees(45))),
    (rule(1000, maximum_bill=900), BillTooLarge(rupees(900))),
    (rule(1000, 80, start_points=100), NeedsPoints(Decimal(100), Decimal(80))),
    (rule(1000, 80, keep_points=80), NeedsPoints(Decimal(81), Decimal(80))),
    (rule(1000, 80, minimum_points=90), NeedsPoints(Decimal(90), Decimal(80))),
    (rule(1000, -5), NeedsPoints(Decimal(1), Decimal(-5))),
    (rule(1000, starting_discount=50, per_item=[{"maximum": 30}]), NeedsDiscount(rupees(50), rupees(30))),
    (rule(BASKET, lines={"only_items": ["9"]}), NothingEligible()),
    (refused(paying_with_points(), member=BLOCKED)[0], MemberBlocked(date(2026, 11, 12))),
    (refused(paying_with_points(), occasion=Occasion(SATURDAY_TEN, online=False))[0], NotOffline()),
    (rule(when={"starts": "2026-12-01"}), NotYet(date(2026, 12, 1))),
    (rule(when={"ends": "2026-11-01"}), Over(date(2026, 11, 1))),
    (
        rule(when={"weekdays": ["monday"], "from_time": "09:00:00"}),
        NotNow((Weekday.MONDAY,), time(9)),
    ),
    (rule(when={"stores": ["South"]}), NotInStore(("South",))),
    (rule(when={"paid_with": ["card"]}), NotPaidWith(("card",))),
    (rule(when={"tiers": ["Gold"]}), NotForTier(("Gold",))),
    (rule(when={"member_tags": ["staff"]}), NotForMember()),
    (rule(**used(day={"uses": 1})), UsedUp(Period.DAY)),
    (rule(**used(day={"points": 30})), UsedUp(Period.DAY)),
    (rule(**used(month={"discount": 90})), UsedUp(Period.MONTH)),
    (rule(DONE, maximum_discount=200), UsedUpOnBill()),
    (rule(Bill(rupees(100), already=Already(10000))), UsedUpOnBill()),
    (rule(BASKET, needs={"lines": BOOKS, "quantity": 5}), NeedsItems(Decimal(5), Decimal(4))),
    (reward(needs={"lines": BOOKS, "quantity": 5}), NeedsItems(Decimal(5), Decimal(4))),
    (reward(lines=BOOKS, minimum_quantity=5), NeedsItems(Decimal(5), Decimal(4))),
    (reward(occasion=Occasion(SATURDAY_TEN, rewards_given={"r": 2}), stock_per_day=2), OutOfStock()),
    (reward(account_of(1240, reward_uses={"r": RewardUse(1, 1)}), per_member=1), UsedUp(Period.EVER)),
    (
        refused(
            program_of(redemption=[{"conversion": {"points": 1, "value": 1}}], rewards=[GIFT]),
            TakeTogether(points=TakeMaximum(), rewards=("r",)),
        )[1],
        NotTogether(),
    ),
    (refused(rewarding("gift"), TakePoints(Decimal(5)))[1], NoWayToPay()),
    (refused(paying_with_points(), TakeReward("unheard-of"))[1], UnknownChoice("unheard-of")),
]


@pytest.mark.parametrize(("found", "expected"), REFUSALS)
def test_a_refusal_by_example(found: Refusal | None, expected: Refusal) -> None:
    assert found == expected


def test_every_refusal_has_an_example() -> None:
    assert {type(refusal) for _, refusal in REFUSALS} == set(get_args(Refusal))


def test_nothing_wanted_is_nothing_given() -> None:
    program = paying_with_points()
    payer = Payer(program, Circumstances(SATURDAY_TEN), 1240, NEVER_USED, NOTHING_YET)
    case = the_case(cases_of(payer, Basket(BASKET)), "", RulePick.BEST)
    assert case is not None
    assert (case.wanted(TakeMaximum()), case.wanted(TakeNothing())) == ((50000, 500), (0, 0))
    assert the_case([], "", RulePick.BEST) is None


def test_a_tier_has_limits_of_its_own() -> None:
    program = program_of(
        "INR",
        redemption=[{"conversion": {"points": 1, "value": 1}, "maximum_discount": 100, "start_points": 2000}],
        tiers=TIERS,
    )
    assert quoted(program, 1000, account_of(1240, "Gold")).discount == rupees(300)
    assert quoted(program, 1000, account_of(1240, "Silver")).discount == rupees(0)
    assert quoted(program, 1000, account_of(2240, "Silver")).discount == rupees(100)


def test_points_keep_within_the_cap_of_each_line() -> None:
    # The cheap line takes no more than its cap, though the dear one leaves room in sum.
    program = paying_with_points(per_item=[{"maximum": 10}])
    bill = bill_for(program, line_of(program, 1000), line_of(program, 10), line_of(program, 4))
    answer = quoted(program, bill)
    assert answer.taken == (1000, 1000, 400)
    assert answer.limit == CappedPerItem(rupees(24))


def test_what_was_redeemed_before_counts_against_the_cap_of_a_line() -> None:
    program = paying_with_points(per_item=[{"percent": 50}])
    bill = Bill(rupees(100), already=Already(2000))
    assert quoted(program, bill).discount == rupees(30)
    assert quoted(paying_with_points(per_item=[{"maximum": 50}]), bill).discount == rupees(30)


def test_points_pay_no_tax_of_any_line() -> None:
    program = paying_with_points(covers_tax=False)
    bill = bill_for(program, line_of(program, 100, tax=50), line_of(program, 100), line_of(program, 0))
    assert quoted(program, bill, 150).taken == (5000, 10000, 0)


def test_a_named_member_is_asked_for_nothing_before_a_bill() -> None:
    answer = quoted(paying_with_points(minimum_bill=500), 0, member=MEMBER)
    assert (answer.refusal, answer.limit) == (None, None)
