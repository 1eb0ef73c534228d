"""The figures of the pictures, and each limit, refusal and next step by example."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from msgspec.structs import replace

from cashier_app.domain.member import Account, Member, TierStanding
from cashier_app.domain.money import Money
from cashier_app.domain.program import Cap, Conversion, Program, Redemption, Reward, RewardKind
from cashier_app.domain.quote import (
    Choice,
    Quote,
    RewardOption,
    TakeAmount,
    TakeMaximum,
    TakeNothing,
    TakeReward,
    best_possible,
    points_earned,
    quote,
    worth,
)
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
    NeedsPoints,
    NotOffline,
    WholeBalance,
    WholeSteps,
)
from tests.fakes.shop import COINS, DEVIKA, DINAR, DINARS, PRIYA, RUPEE, rupees

NOW = datetime(2026, 11, 20, 9, 2, 41, tzinfo=UTC)
ONE = Conversion(Decimal(1), 100)


def account(balance: object, tier: str = "") -> Account:
    standing = TierStanding(tier, 1, 2) if tier else None
    return Account(Decimal(str(balance)), NOW, tier=standing)


def fils(amount: int) -> Money:
    return Money(amount, DINAR)


def offer(
    bill: int,
    balance: object = 1240,
    choice: Choice | None = None,
    *,
    program: Program = COINS,
    member: Member = PRIYA,
    online: bool = True,
) -> Quote:
    money = Money(bill * program.currency.minor_per_unit, program.currency)
    return quote(program, member, account(balance), money, choice or TakeMaximum(), online=online)


def limited(**rules: object) -> Program:
    redemption = Redemption(**{"conversion": ONE, **rules})  # type: ignore[arg-type]
    return replace(COINS, redemption=redemption, rewards=())


# The pictures.
def test_priya_takes_the_most_off_her_bill() -> None:
    answer = offer(2360)
    assert answer.maximum == answer.discount == rupees(200)
    assert answer.points_used == answer.maximum_points == Decimal(200)
    assert answer.to_pay == rupees(2160)
    assert answer.earns == Decimal(21)
    assert answer.balance_after == Decimal(1061)
    assert answer.limit == CappedAmount(rupees(200), under=rupees(2500))
    assert answer.next_step == MoreBill(rupees(140), rupees(50))
    assert answer.refusal is None
    assert answer.minimum == answer.step == rupees(1)
    assert answer.program_version == "7"


def test_the_next_step_holds_when_the_bill_is_really_larger() -> None:
    assert offer(2500).maximum == rupees(250)
    assert offer(2499).maximum == rupees(200)
    assert offer(2500).limit == CappedAmount(rupees(250), under=None)
    assert offer(2500).next_step is None


def test_priya_takes_a_part() -> None:
    answer = offer(2360, choice=TakeAmount(rupees(150)))
    assert answer.discount == rupees(150)
    assert answer.points_used == Decimal(150)
    assert answer.to_pay == rupees(2210)
    assert answer.earns == Decimal(22)
    assert answer.balance_after == Decimal(1112)
    assert answer.maximum == rupees(200)


def test_rahul_has_too_few_coins_and_hears_what_this_sale_brings() -> None:
    answer = offer(1150, 80)
    assert answer.refusal == NeedsPoints(needed=Decimal(100), has=Decimal(80))
    assert answer.discount == answer.maximum == answer.minimum == rupees(0)
    assert answer.earns == Decimal(11)
    assert answer.next_step == EarnsTowards(Decimal(11), still_missing=Decimal(9))
    assert answer.limit is None
    assert answer.to_pay == rupees(1150)


def test_a_fifth_of_a_bill_in_dinars() -> None:
    answer = quote(DINARS, PRIYA, account(60000), fils(23750), TakeMaximum())
    assert answer.discount == fils(4750)
    assert answer.points_used == Decimal(4750)
    assert answer.limit == CappedPercent(20)
    assert answer.next_step == MoreBill(fils(1250), fils(250))
    assert quote(DINARS, PRIYA, account(60000), fils(25000), TakeMaximum()).discount == fils(5000)


# Choices.
def test_nothing_is_taken_when_nothing_is_wanted() -> None:
    answer = offer(2360, choice=TakeNothing())
    assert (answer.discount, answer.points_used, answer.earns) == (rupees(0), Decimal(0), Decimal(23))
    assert answer.maximum == rupees(200)


@pytest.mark.parametrize(("wanted", "given"), [(15099, 150), (99999900, 200), (-100, 0), (99, 0)])
def test_a_wish_is_lowered_to_what_is_allowed_and_to_a_step(wanted: int, given: int) -> None:
    assert offer(2360, choice=TakeAmount(Money(wanted, RUPEE))).discount == rupees(given)


# Limits.
def test_the_balance_binds() -> None:
    answer = offer(2360, 150)
    assert answer.discount == rupees(150)
    assert answer.limit == WholeBalance(Decimal(150))


def test_whole_blocks_leave_a_rest() -> None:
    program = limited(conversion=Conversion(Decimal(100), 5000, whole_blocks=True))
    answer = offer(2360, 250, program=program)
    assert answer.discount == rupees(100)
    assert answer.points_used == Decimal(200)
    assert answer.limit == WholeSteps(rupees(50), left=Decimal(50))
    assert offer(2360, 200, program=program).limit == WholeBalance(Decimal(200))
    assert offer(2360, 99, program=program).refusal == NeedsPoints(Decimal(100), Decimal(99))


def test_some_money_must_remain() -> None:
    answer = offer(300, program=limited(minimum_to_pay=10000))
    assert answer.discount == rupees(200)
    assert answer.limit == LeftToPay(rupees(100))


def test_the_whole_bill_may_be_paid() -> None:
    answer = offer(300, program=limited())
    assert answer.to_pay == rupees(0)
    assert answer.limit == BillCovered()
    assert answer.earns == 0


def test_all_of_a_bill_is_no_limit() -> None:
    assert offer(300, program=limited(maximum_percent=100)).limit == BillCovered()


def test_a_share_that_is_no_whole_step_is_lowered_to_one() -> None:
    answer = quote(limited(maximum_percent=20), PRIYA, account(1240), Money(123450, RUPEE), TakeMaximum())
    assert answer.discount == rupees(246)


def test_before_a_bill_is_typed_there_is_nothing_to_refuse() -> None:
    answer = offer(0)
    assert answer.refusal is None
    assert answer.next_step is None
    assert answer.maximum == rupees(0)


# Refusals.
def test_the_bill_is_too_small() -> None:
    answer = offer(360)
    assert answer.refusal == NeedsBill(rupees(500), rupees(140))
    assert answer.next_step == MoreBill(rupees(140), rupees(200))
    assert offer(500).discount == rupees(200)


def test_the_bill_is_too_small_for_one_step_of_its_share() -> None:
    program = limited(maximum_percent=20, conversion=Conversion(Decimal(100), 5000, whole_blocks=True))
    answer = offer(249, program=program)
    assert answer.refusal == NeedsBill(rupees(250), rupees(1))
    assert offer(250, program=program).discount == rupees(50)


def test_a_blocked_member_neither_earns_nor_redeems() -> None:
    answer = offer(2360, member=DEVIKA)
    assert answer.refusal == MemberBlocked(date(2026, 11, 12))
    assert (answer.maximum, answer.earns) == (rupees(0), Decimal(0))
    assert {option.refusal for option in answer.rewards} == {MemberBlocked(date(2026, 11, 12))}


def test_points_are_not_used_offline_but_the_sale_earns() -> None:
    answer = offer(2360, online=False)
    assert answer.refusal == NotOffline()
    assert answer.maximum == rupees(0)
    assert answer.earns == Decimal(23)
    assert answer.rewards[0].refusal == NotOffline()


def test_a_program_that_earns_nothing_says_how_many_points_are_missing() -> None:
    program = replace(COINS, earning=replace(COINS.earning, points=Decimal(0)))
    answer = offer(1150, 80, program=program)
    assert answer.next_step == MorePoints(Decimal(20), rupees(100))
    assert offer(1150, 100, program=program).maximum == rupees(100)


def test_missing_points_promise_only_what_this_bill_allows() -> None:
    program = replace(limited(start_points=Decimal(1000), maximum_percent=10), earning=COINS.earning)
    program = replace(program, earning=replace(program.earning, points=Decimal(0)))
    answer = offer(500, 800, program=program)
    assert answer.next_step == MorePoints(Decimal(200), rupees(50))
    assert offer(500, 1000, program=program).maximum == rupees(50)


def test_missing_points_promise_nothing_on_a_bill_that_is_too_small_as_well() -> None:
    program = replace(COINS, earning=replace(COINS.earning, points=Decimal(0)))
    assert offer(360, 80, program=program).next_step is None


def test_a_band_that_allows_nothing_sends_to_the_next_that_does() -> None:
    program = limited(caps=(Cap(0, 10000), Cap(50000, 0), Cap(100000, 20000)))
    answer = offer(600, program=program)
    assert answer.refusal == NeedsBill(rupees(1000), rupees(400))
    assert answer.next_step == MoreBill(rupees(400), rupees(200))
    assert offer(499, program=program).maximum == rupees(100)


def test_a_program_that_allows_nothing_says_so() -> None:
    answer = offer(600, program=limited(caps=(Cap(0, 0),)))
    assert answer.maximum == rupees(0)
    assert answer.refusal is None
    assert answer.limit == CappedAmount(rupees(0))


def test_a_program_that_allows_nothing_says_so_below_its_minimum_bill_too() -> None:
    answer = offer(600, program=limited(caps=(Cap(0, 0),), minimum_bill=100000))
    assert (answer.refusal, answer.limit) == (None, CappedAmount(rupees(0)))


def test_below_the_first_band_nothing_is_allowed() -> None:
    answer = offer(100, program=limited(caps=(Cap(50000, 20000),)))
    assert answer.refusal == NeedsBill(rupees(500), rupees(400))


# Next steps.
@pytest.mark.parametrize(
    ("program", "bill", "limit", "more", "gains"),
    [
        (limited(minimum_to_pay=100), 700, LeftToPay(rupees(1)), 100, 100),
        (limited(), 2360, BillCovered(), 140, 200),
        (limited(maximum_percent=10), 2360, CappedPercent(10), 640, 100),
    ],
)
def test_the_next_round_bill_gives_at_least_a_step(
    program: Program, bill: int, limit: Limit, more: int, gains: int
) -> None:
    answer = quote(program, PRIYA, account(1240), Money(bill, RUPEE), TakeMaximum())
    assert answer.limit == limit
    assert answer.next_step == MoreBill(Money(more, RUPEE), Money(gains, RUPEE))


def test_the_smallest_bills_are_rounded_up_too() -> None:
    program = limited(conversion=Conversion(Decimal(1), 1))
    answer = quote(program, PRIYA, account(1240), Money(7, RUPEE), TakeMaximum())
    assert answer.next_step == MoreBill(Money(3, RUPEE), Money(3, RUPEE))


def test_no_larger_bill_helps_a_member_without_more_points() -> None:
    assert offer(2360, 150).next_step is None


def test_the_next_bill_reaches_a_whole_block() -> None:
    program = limited(maximum_percent=1, conversion=Conversion(Decimal(100), 10000, whole_blocks=True))
    assert offer(10000, program=program).maximum == rupees(100)
    assert offer(10000, program=program).next_step == MoreBill(rupees(10000), rupees(100))


def test_no_larger_bill_helps_where_another_limit_binds_next() -> None:
    program = limited(maximum_percent=10, caps=(Cap(0, 10000),))
    answer = offer(1009, program=program)
    assert answer.limit == CappedAmount(rupees(100))
    assert offer(1000, program=program).limit == CappedAmount(rupees(100))
    assert answer.next_step is None


# Earning.
@pytest.mark.parametrize(
    ("bill", "paid", "tier", "earned"),
    [
        (2160, 2160, "", "21"),
        (99, 99, "", "0"),
        (100, 0, "", "0"),
        (100, 100, "Gold", "1"),
        (200, 200, "Gold", "3"),
        (200, 200, "Silver", "2"),
        (200, 200, "Nobody", "0"),
        (20, 20, "", "0"),
    ],
)
def test_what_a_sale_earns(bill: int, paid: int, tier: str, earned: str) -> None:
    factors = {"Gold": Decimal("1.5"), "Nobody": Decimal(0)}
    earning = replace(COINS.earning, tier_multipliers=factors, minimum_bill=5000)
    program = replace(COINS, earning=earning)
    points = points_earned(program, account(0, tier), rupees(bill), rupees(paid))
    assert points == Decimal(earned)


def test_points_with_decimals_are_rounded_down_to_their_scale() -> None:
    program = replace(COINS, point_scale=2)
    assert points_earned(program, account(0), rupees(2), rupees(2)) == Decimal("0.02")
    assert points_earned(program, account(0), rupees(2), Money(199, RUPEE)) == Decimal("0.01")


# Before a bill.
def test_what_the_balance_is_worth() -> None:
    assert worth(COINS, Decimal(1240)) == rupees(1240)
    assert best_possible(COINS, account(1240)) == (rupees(200), rupees(500))
    assert best_possible(COINS, account(150)) == (rupees(150), rupees(500))
    assert best_possible(limited(minimum_bill=30000), account(150)) == (rupees(150), rupees(300))


# Catalogue rewards.
def reward(kind: RewardKind, value: int = 0, **rules: object) -> Program:
    one = Reward("r", "Reward", kind, Decimal(500), value, **rules)  # type: ignore[arg-type]
    return replace(COINS, rewards=(one,))


@pytest.mark.parametrize(
    ("program", "bill", "discount"),
    [
        (reward(RewardKind.AMOUNT_OFF, 10000), 1000, 100),
        (reward(RewardKind.AMOUNT_OFF, 10000), 60, 60),
        (reward(RewardKind.PERCENT_OFF, 10), 1000, 100),
        (reward(RewardKind.PERCENT_OFF, 10, maximum=3000), 1000, 30),
        (reward(RewardKind.PERCENT_OFF, 10, maximum=30000), 1000, 100),
        (reward(RewardKind.GIFT), 1000, 0),
    ],
)
def test_a_reward_taken_instead_of_points(program: Program, bill: int, discount: int) -> None:
    answer = offer(bill, choice=TakeReward("r"), program=program)
    assert answer.discount == rupees(discount)
    assert answer.points_used == Decimal(500)
    assert answer.reward == program.rewards[0]
    assert answer.limit == ChosenReward("Reward")
    assert answer.to_pay == rupees(bill - discount)


def test_rewards_say_why_they_cannot_be_used() -> None:
    program = reward(RewardKind.GIFT, minimum_bill=100000)
    gift = program.rewards[0]
    assert offer(600, program=program).rewards == (
        RewardOption(gift, rupees(0), NeedsBill(rupees(1000), rupees(400))),
    )
    assert offer(600, 499, program=program).rewards[0].refusal == NeedsPoints(Decimal(500), Decimal(499))
    assert offer(0, program=reward(RewardKind.GIFT)).rewards[0].refusal == NeedsBill(
        Money(1, RUPEE), Money(1, RUPEE)
    )


@pytest.mark.parametrize("reward_id", ["r", "unheard of"])
def test_a_reward_that_cannot_be_used_takes_nothing(reward_id: str) -> None:
    answer = offer(600, 499, choice=TakeReward(reward_id), program=reward(RewardKind.GIFT))
    assert answer.reward is None
    assert (answer.discount, answer.points_used) == (rupees(0), Decimal(0))
