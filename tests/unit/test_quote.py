"""The figures of the pictures, in rupees, yen and dinars, so that a shopkeeper can check them by hand."""

from datetime import date
from decimal import Decimal

import pytest
from msgspec.structs import replace

from cashier_app.domain.bill import Already, Bill
from cashier_app.domain.choice import (
    All,
    TakeAmount,
    TakeMaximum,
    TakeNothing,
    TakePoints,
    TakeReward,
    TakeTogether,
    asks_for_something,
)
from cashier_app.domain.member import Account, Lapse, Lot, Member, TierStanding
from cashier_app.domain.money import Currency, Money
from cashier_app.domain.program import Program
from cashier_app.domain.quote import Occasion, Quote, best_possible, quote, worth
from cashier_app.domain.reasons import (
    BillCovered,
    CappedAmount,
    CappedPercent,
    ChosenReward,
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
    NotTogether,
    NoWayToPay,
    UnknownChoice,
    UsedUpOnBill,
    WholeBalance,
    WholeSteps,
)
from cashier_app.domain.rewards import RewardOption
from tests.fakes.programs import (
    MEMBER,
    OPEN,
    SATURDAY_TEN,
    account_of,
    bill_for,
    line_of,
    paying_with_points,
    program_of,
    quoted,
    rewarding,
    taking,
)

RUPEE, DINAR, YEN = Currency("INR", 2), Currency("KWD", 3), Currency("JPY", 0)
DEVIKA = Member("m-3", "Devika Shenoy", blocked_since=date(2026, 11, 12))

COIN_FOR_100 = {"rules": [{"kind": "per_amount", "points": 1, "per": 100}]}
COIN_RULE: dict[str, object] = {
    "conversion": {"points": 1, "value": 1},
    "start_points": 100,
    "minimum_bill": 500,
    "maximum_by_bill": [{"from_bill": 500, "maximum": 200}, {"from_bill": 2500, "maximum": 250}],
}
CATALOGUE: list[dict[str, object]] = [
    {"reward_id": "coffee", "name": "Free coffee", "kind": "gift", "cost": 120},
    {"reward_id": "tenth", "name": "10% off", "kind": "percent_off", "cost": 500, "percent": 10},
]


def coins(rule: dict[str, object] | None = None, **document: object) -> Program:
    """Return the program of the pictures with some tables changed."""
    whole = {"version": "7", "earning": COIN_FOR_100, "rewards": CATALOGUE, **document}
    return program_of("INR", redemption=[{**COIN_RULE, **(rule or {})}], **whole)


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


# Several rules.
TWO_RULES = program_of(
    redemption=[
        {"rule_id": "small", "conversion": {"points": 1, "value": 1}, "maximum_discount": 50},
        {"rule_id": "large", "conversion": {"points": 2, "value": 1}, "maximum_discount": 80},
        {"rule_id": "late", "conversion": {"points": 1, "value": 1}, "when": {"weekdays": ["sunday"]}},
    ]
)


def test_the_rule_that_takes_most_off_is_used() -> None:
    answer = quoted(TWO_RULES, 1000, 400)
    assert (answer.rule_id, answer.discount, answer.points_used) == ("large", rupees(80), Decimal(160))
    assert [option.maximum for option in answer.rules] == [rupees(50), rupees(80), rupees(0)]
    first = replace(TWO_RULES, combining=program_of(combining={"rule_pick": "first"}).combining)
    assert quoted(first, 1000, 400).rule_id == "small"


def test_the_rule_that_is_named_is_used() -> None:
    answer = quoted(TWO_RULES, 1000, 400, TakeMaximum("small"))
    assert (answer.rule_id, answer.discount) == ("small", rupees(50))
    late = quoted(TWO_RULES, 1000, 400, TakeMaximum("late"))
    assert late.discount == rupees(0)
    assert late.choice_refusal == late.refusal == late.rules[2].refusal is not None


def test_a_rule_nobody_knows_is_refused_and_the_others_still_stand() -> None:
    answer = quoted(TWO_RULES, 1000, 400, TakePoints(Decimal(10), "unheard-of"))
    assert answer.choice_refusal == UnknownChoice("unheard-of")
    assert (answer.discount, answer.refusal, answer.maximum) == (rupees(0), None, rupees(80))


def test_points_that_pay_for_rewards_only() -> None:
    answer = quoted(rewarding("gift"), 1000, choice=taking(COINS, 5))
    assert answer.refusal == answer.choice_refusal == NoWayToPay()
    assert quoted(rewarding("gift"), 1000, choice=TakeMaximum()).choice_refusal is None


# Together.
@pytest.mark.parametrize(
    ("program", "bill", "discount"),
    [
        (rewarding("amount_off", value=100), 1000, 100),
        (rewarding("amount_off", value=100), 60, 60),
        (rewarding("percent_off", percent=10), 1000, 100),
        (rewarding("percent_off", percent=10, maximum=30), 1000, 30),
        (rewarding("percent_off", percent=10, maximum=300), 1000, 100),
        (rewarding("gift"), 1000, 0),
    ],
)
def test_a_reward_taken_instead_of_points(program: Program, bill: int, discount: int) -> None:
    answer = quoted(program, bill, choice=TakeReward("r"))
    assert answer.discount == rupees(discount)
    assert answer.points_used == Decimal(500)
    assert answer.reward == program.rewards[0]
    assert answer.limit == ChosenReward("Reward")
    assert answer.to_pay == rupees(bill - discount)


def test_rewards_say_why_they_cannot_be_used() -> None:
    program = rewarding("gift", minimum_bill=1000)
    short = RewardOption(program.rewards[0], rupees(0), NeedsBill(rupees(1000), rupees(400)))
    assert quoted(program, 600).rewards == (short,)
    assert quoted(program, 600, 499).rewards[0].refusal == NeedsPoints(Decimal(500), Decimal(499))
    paisa = Money(1, RUPEE)
    assert quoted(rewarding("amount_off", value=5), 0).rewards[0].refusal == NeedsBill(paisa, paisa)
    # A gift may be fetched without buying anything.
    assert quoted(rewarding("gift"), 0).rewards[0].refusal is None


@pytest.mark.parametrize("reward_id", ["r", "unheard of"])
def test_a_reward_that_cannot_be_used_takes_nothing(reward_id: str) -> None:
    answer = quoted(rewarding("gift"), 600, 499, TakeReward(reward_id))
    assert answer.reward is None
    assert (answer.discount, answer.points_used) == (rupees(0), Decimal(0))
    unknown = UnknownChoice("unheard of")
    assert answer.choice_refusal == (NeedsPoints(Decimal(500), Decimal(499)) if reward_id == "r" else unknown)


BOTH = TakeTogether(points=TakeMaximum(), rewards=("tenth",))


def test_points_pay_what_a_reward_left_where_both_may_be_used() -> None:
    program = coins(combining={"points_with_rewards": True})
    answer = quoted(program, 1000, 620, BOTH)
    # 10 percent off for 500 coins; the 120 coins that are left pay 120 of the 900.
    assert answer.discount == rupees(220)
    assert (answer.points_used, answer.to_pay) == (Decimal(620), rupees(780))
    assert answer.limit == WholeBalance(Decimal(120))


def test_the_order_decides_what_a_share_is_taken_of() -> None:
    program = coins(combining={"points_with_rewards": True, "order": ["points", "rewards"]})
    answer = quoted(program, 1000, 1000, BOTH)
    # 200 with points first, then 10 percent of the 800 left.
    assert (answer.discount, answer.points_used) == (rupees(280), Decimal(700))


def test_points_beside_a_reward_are_refused_but_shown_where_they_cannot_be_together() -> None:
    answer = quoted(COINS, 1000, 620, BOTH)
    assert answer.choice_refusal == NotTogether()
    assert (answer.discount, answer.points_used) == (rupees(100), Decimal(500))
    # What points would take off in place of the reward.
    assert (answer.maximum, answer.maximum_points) == (rupees(200), Decimal(200))
    assert answer.limit == ChosenReward("10% off")
    first = coins(combining={"order": ["points", "rewards"]})
    answer = quoted(first, 1000, 620, BOTH)
    assert (answer.discount, answer.choice_refusal) == (rupees(200), NotTogether())


def test_only_so_many_rewards_go_on_one_bill() -> None:
    two = TakeTogether(rewards=("coffee", "tenth"))
    answer = quoted(COINS, 1000, 5000, two)
    assert ([reward.reward_id for reward in answer.rewards_taken], answer.choice_refusal) == (
        ["coffee"],
        NotTogether(),
    )
    assert len(quoted(coins(combining={"rewards_per_bill": 2}), 1000, 5000, two).rewards_taken) == 2
    none = coins(combining={"rewards_per_bill": 0})
    assert quoted(none, 1000, 5000, two).choice_refusal == UsedUpOnBill()


def test_store_credit_pays_and_takes_nothing_off() -> None:
    program = coins(tender={"store_credit": {}, "gift_balance": {}})
    account = account_of(1240, store_credit=rupees(300), gift_balance=rupees(5000))
    choice = TakeTogether(points=TakeMaximum(), store_credit=rupees(250), gift_balance=All())
    answer = quoted(program, 2360, account, choice)
    assert (answer.discount, answer.tendered.store_credit) == (rupees(200), rupees(250))
    assert (answer.tendered.gift_balance, answer.to_pay) == (rupees(1910), rupees(0))
    assert answer.earns == Decimal(21)
    assert quoted(coins(), 2360, account, choice).choice_refusal == UnknownChoice("store_credit")


# Already redeemed, and lines.
def test_what_was_redeemed_before_counts() -> None:
    bill = Bill(rupees(2360), already=Already(15000, Decimal(150)))
    answer = quoted(COINS, bill)
    assert (answer.discount, answer.to_pay, answer.taken) == (rupees(50), rupees(2160), (20000,))
    done = Bill(rupees(2360), already=Already(20000, Decimal(200)))
    assert quoted(COINS, replace(done, total=rupees(2600))).discount == rupees(50)
    assert quoted(paying_with_points(maximum_points=200), done).refusal == UsedUpOnBill()


def test_points_pay_only_the_lines_they_may() -> None:
    program = paying_with_points(lines={"except_categories": ["tobacco"]})
    bill = bill_for(program, line_of(program, 100, "tobacco"), line_of(program, 60), line_of(program, 40))
    answer = quoted(program, bill, 50)
    assert answer.taken == (0, 3000, 2000)


# What comes after.
def test_the_points_of_this_sale_may_be_spent_on_it() -> None:
    at_once = {**COIN_FOR_100, "spendable_at_once": True, "basis": {"redemption": "before"}}
    program = coins(earning=at_once)
    answer = quoted(program, 2000, 95)
    assert (answer.discount, answer.earns, answer.balance_after) == (rupees(115), Decimal(20), Decimal(0))
    # 90 and the 5 of this sale: five more are missing, and this sale brings none beyond those.
    short = quoted(program, 500, 90)
    assert short.refusal == NeedsPoints(Decimal(100), Decimal(95))
    assert short.next_step == MorePoints(Decimal(5), rupees(100))


def test_where_redeeming_stops_earning_nothing_can_be_spent_at_once() -> None:
    at_once = {**COIN_FOR_100, "spendable_at_once": True, "basis": {"redemption": "before"}}
    answer = quoted(coins(earning=at_once, combining={"redeeming_stops_earning": True}), 2000, 150)
    assert (answer.discount, answer.earns, answer.balance_after) == (rupees(150), Decimal(0), Decimal(0))


def test_the_nearest_reward_out_of_reach() -> None:
    answer = quoted(COINS, 1000, 115, TakeNothing())
    assert answer.next_reward is not None
    assert (answer.next_reward.reward.reward_id, answer.next_reward.missing) == ("coffee", Decimal(5))
    assert answer.next_reward.missing_after == Decimal(0)
    assert quoted(COINS, 1000, 5000).next_reward is None


def test_a_tier_reached_by_this_sale_earns_at_once_where_the_program_says_so() -> None:
    def earned(by: str, *, counts: bool) -> Quote:
        levels = [{"name": "Silver"}, {"name": "Gold", "threshold": 10, "multiplier": 2}]
        program = coins(tiers={"levels": levels, "by": by, "counts_this_bill": counts})
        return quoted(program, 1000, replace(account_of(50), qualifying=Decimal(5)))

    later, now = earned("points", counts=False), earned("points", counts=True)
    assert (later.earns, now.earns) == (Decimal(10), Decimal(20))
    assert later.tier is not None
    assert later.tier_after is not None
    assert (later.tier.name, later.tier_after.name) == ("Silver", "Gold")
    assert earned("spend", counts=True).earns == Decimal(20)


def test_a_blocked_member_keeps_the_tier() -> None:
    account = replace(account_of(50), tier=TierStanding("Gold", 2, 2))
    answer = quoted(COINS, 1000, account, member=DEVIKA)
    assert answer.tier == answer.tier_after == account.tier


def test_lots_pay_the_soonest_to_lapse_first() -> None:
    soon, later = date(2026, 11, 30), date(2027, 3, 31)
    lots = (Lot(Decimal(150), later), Lot(Decimal(80), soon), Lot(Decimal(40), date(2026, 11, 20)))
    account = Account(Decimal(270), SATURDAY_TEN, lots=lots)
    answer = quote(COINS, MEMBER, account, Bill(rupees(2360)), taking(COINS, 100), OPEN)
    assert answer.lots_used == (Lot(Decimal(80), soon), Lot(Decimal(20), later))
    assert answer.lapses == Lapse(Decimal(130), later)
    # Forty points lapsed yesterday: 230 are left, 100 pay, and 22 are earned.
    assert answer.balance_after == Decimal(152)
