"""Several rules, rewards, points and stored money on one bill, and what comes after it."""

from datetime import date
from decimal import Decimal

import pytest
from msgspec.structs import replace

from cashier_app.documents.problems import ProgramError
from cashier_app.domain.bill import Already, Bill
from cashier_app.domain.choice import (
    All,
    TakeMaximum,
    TakeNothing,
    TakePoints,
    TakeReward,
    TakeTogether,
)
from cashier_app.domain.member import Account, Lapse, Lot, Member, TierStanding
from cashier_app.domain.money import Currency, Money
from cashier_app.domain.program import Program
from cashier_app.domain.quote import Quote, quote
from cashier_app.domain.reasons import (
    ChosenReward,
    EarnsTowards,
    MorePoints,
    NeedsBill,
    NeedsPoints,
    NotTogether,
    NoWayToPay,
    UnknownChoice,
    UsedUpOnBill,
    WholeBalance,
)
from cashier_app.domain.rewards import RewardOption
from tests.fakes.programs import (
    COIN_FOR_100,
    MEMBER,
    OPEN,
    SATURDAY_TEN,
    account_of,
    bill_for,
    coins,
    line_of,
    paying_with_points,
    program_of,
    quoted,
    rewarding,
    taking,
)

RUPEE = Currency("INR", 2)
DEVIKA = Member("m-3", "Devika Shenoy", blocked_since=date(2026, 11, 12))
COINS = coins()


def rupees(amount: int) -> Money:
    return Money(amount * 100, RUPEE)


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


def test_where_redeeming_stops_earning_a_free_reward_and_what_was_redeemed_before_stop_it() -> None:
    program = coins(combining={"redeeming_stops_earning": True})
    free = replace(program, rewards=rewarding("gift", cost=0).rewards)
    assert quoted(free, 1000, 0, TakeNothing()).earns == 10
    assert quoted(free, 1000, 0, TakeReward("r")).earns == 0
    for before in (Already(rupees(10).minor), Already(0, Decimal(10))):
        bill = replace(bill_for(program, line_of(program, 1000)), already=before)
        assert quoted(program, bill, 0, TakeNothing()).earns == 0


def test_points_spent_at_once_cannot_be_lost_to_store_credit() -> None:
    basis = {"redemption": "before", "stored_value": "excluded"}
    with pytest.raises(ProgramError, match="stored_value"):
        coins(earning={**COIN_FOR_100, "spendable_at_once": True, "basis": basis})


def test_a_member_below_zero_hears_what_is_missing_from_there() -> None:
    answer = quoted(COINS, 1000, -30)
    assert answer.refusal == NeedsPoints(Decimal(100), Decimal(-30))
    assert answer.next_step == EarnsTowards(Decimal(10), still_missing=Decimal(120))
    assert answer.next_reward is not None
    assert (answer.next_reward.missing, answer.next_reward.missing_after) == (Decimal(150), Decimal(140))
    # What costs nothing may be had.
    assert quoted(rewarding("gift", cost=0), 1000, -30, TakeReward("r")).reward is not None


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


def test_once_every_lot_is_used_nothing_lapses_any_more() -> None:
    lot = Lot(Decimal(100), last_day=date(2026, 11, 30))
    told = replace(account_of(100), lots=(lot,), lapses=Lapse(Decimal(100), date(2026, 11, 30)))
    program = program_of("INR", redemption=[{"conversion": {"value": 1}}])
    assert quoted(program, 100, told).lapses is None
    assert quoted(program, 40, told).lapses == Lapse(Decimal(60), date(2026, 11, 30))
