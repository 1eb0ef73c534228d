"""What rewards of the catalogue take off, line by line, and why they cannot be used."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal

import pytest

from cashier_app.domain.basket import Basket
from cashier_app.domain.bill import Bill, Line
from cashier_app.domain.choice import TakeTogether
from cashier_app.domain.circumstances import Circumstances
from cashier_app.domain.member import RewardUse
from cashier_app.domain.program import Program
from cashier_app.domain.reasons import (
    MemberBlocked,
    NeedsBill,
    NeedsItems,
    NeedsPoints,
    NotForTier,
    NothingEligible,
    NotOffline,
    OutOfStock,
    Period,
    Refusal,
    UsedUp,
    UsedUpOnBill,
)
from cashier_app.domain.rewards import Catalogue
from tests.fakes.programs import SATURDAY_TEN, bill_for, line_of, money_of, program_of, quoted, rewarding

PLAIN = program_of()
NOW = Circumstances(SATURDAY_TEN)
BREAD, BOOK = line_of(PLAIN, 100, "bread"), line_of(PLAIN, 300, "books", quantity=3, tax=30)
BOOKS = {"only_categories": ["books"]}
BLOCKED, OFFLINE = MemberBlocked(date(2026, 11, 12)), NotOffline()


def taken_off(program: Program, *lines: Line) -> list[int]:
    """Return what the reward takes off each line, in minor units."""
    option, off = Catalogue(program, NOW, {}, {}).option(
        program.rewards[0], Basket(bill_for(program, *lines)), 10**9
    )
    assert option.refusal is None
    assert option.discount.minor == sum(off.parts)
    return list(off.parts)


@pytest.mark.parametrize(
    ("program", "parts"),
    [
        (rewarding("amount_off", value=40), [1000, 3000]),
        (rewarding("amount_off", value=40, lines=BOOKS), [0, 4000]),
        (rewarding("amount_off", value=5000, lines=BOOKS), [0, 30000]),
        (rewarding("percent_off", percent=10), [1000, 3000]),
        (rewarding("percent_off", percent=10, maximum=20, lines=BOOKS), [0, 2000]),
        # Books cost 270 without tax.
        (rewarding("percent_off", percent=10, tax="excluded", lines=BOOKS), [0, 2700]),
        (rewarding("item_off"), [10000, 0]),
        (rewarding("item_off", pick="dearest"), [10000, 0]),
        (rewarding("item_off", quantity=2), [10000, 10000]),
        (rewarding("item_off", quantity=9), [10000, 30000]),
        (rewarding("item_off", lines=BOOKS), [0, 10000]),
        (rewarding("item_off", lines=BOOKS, quantity=2, percent=50), [0, 10000]),
        (rewarding("item_off", quantity=2, maximum=150), [10000, 5000]),
        (rewarding("gift"), []),
    ],
)
def test_what_a_reward_takes_off_each_line(program: Program, parts: list[int]) -> None:
    assert taken_off(program, BREAD, BOOK) == parts


def test_single_items_are_picked_by_their_price() -> None:
    dear, cheap = line_of(PLAIN, 90), line_of(PLAIN, 100, quantity=3)
    weighed, free = line_of(PLAIN, 45, quantity="0.355"), line_of(PLAIN, 0)
    assert taken_off(rewarding("item_off"), dear, cheap, weighed, free) == [0, 3333, 0, 0]
    assert taken_off(rewarding("item_off", pick="dearest"), dear, cheap, weighed, free) == [9000, 0, 0, 0]
    # Three for 100.00: two cost 33.33 and one 33.34.
    assert taken_off(rewarding("item_off", quantity=3), dear, cheap, weighed, free) == [0, 10000, 0, 0]
    assert taken_off(rewarding("item_off", pick="dearest", quantity=2), cheap, weighed) == [3334, 4500]


@pytest.mark.parametrize(
    ("rounding", "amount"), [("floor", 12), ("half_up", 13), ("half_even", 12), ("up", 13)]
)
def test_a_share_is_rounded_as_the_reward_says(rounding: str, amount: int) -> None:
    line = line_of(PLAIN, "1.25")
    assert taken_off(rewarding("percent_off", percent=10, rounding=rounding), line) == [amount]
    assert taken_off(rewarding("item_off", percent=10, rounding=rounding), line) == [amount]


def test_a_second_free_item_is_free_as_well() -> None:
    program = program_of(
        rewards=[{"reward_id": "r", "name": "Free tea", "kind": "item_off", "cost": 10, "per_bill": 3}],
        combining={"rewards_per_bill": 3},
    )
    bill = bill_for(program, line_of(program, 200, quantity=2))
    answer = quoted(program, bill, 100, TakeTogether(rewards=("r", "r")))
    assert (answer.discount.minor, answer.to_pay.minor) == (20000, 0)
    # There is no third.
    answer = quoted(program, bill, 100, TakeTogether(rewards=("r", "r", "r")))
    assert (answer.points_used, answer.choice_refusal) == (Decimal(20), NothingEligible())


def test_two_items_at_half_price_are_two_items() -> None:
    program = program_of(
        rewards=[
            {"reward_id": "r", "name": "Half", "kind": "item_off", "cost": 1, "per_bill": 3, "percent": 50}
        ],
        combining={"rewards_per_bill": 3},
    )
    bill = bill_for(program, line_of(program, 200, quantity=2), line_of(program, 500))
    answer = quoted(program, bill, 100, TakeTogether(rewards=("r", "r", "r")))
    assert answer.taken == (10000, 25000)


def refused(
    program: Program,
    *lines: Line,
    had: RewardUse | None = None,
    given: int = 0,
    balance: int = 500,
    taken: int = 0,
    **barred: Refusal,
) -> Refusal | None:
    uses: Mapping[str, RewardUse] = {} if had is None else {"r": had}
    catalogue = Catalogue(program, NOW, uses, {"r": given}, barred.get("barred"), barred.get("offline"))
    bill = bill_for(program, *lines) if lines else Bill(money_of(0, program.currency))
    option, off = catalogue.option(program.rewards[0], Basket(bill), balance, ["r"] * taken)
    assert option.refusal is None or (not option.discount and not off.parts)
    return option.refusal


def needs_bill(minimum: object, missing: object) -> NeedsBill:
    return NeedsBill(money_of(minimum, PLAIN.currency), money_of(missing, PLAIN.currency))


def test_why_a_reward_cannot_be_used() -> None:
    gift = rewarding("gift")
    assert refused(gift, BREAD) is None
    assert refused(gift, BREAD, barred=BLOCKED, offline=OFFLINE) == BLOCKED
    assert refused(gift, BREAD, offline=OFFLINE) == OFFLINE
    assert refused(gift, BREAD, balance=499) == NeedsPoints(Decimal(500), Decimal(499))
    assert refused(rewarding("gift", when={"tiers": ["Gold"]}), BREAD) == NotForTier(("Gold",))
    assert refused(gift, BREAD, taken=1) == UsedUpOnBill()
    twice = rewarding("gift", per_bill=9, per_member=2, per_day=2, stock_per_day=2)
    assert refused(twice, BREAD, had=RewardUse(0, 2)) == UsedUp(Period.EVER)
    assert refused(twice, BREAD, had=RewardUse(1, 1), taken=1) == UsedUp(Period.EVER)
    assert refused(rewarding("gift", per_day=1), BREAD, had=RewardUse(1, 9)) == UsedUp(Period.DAY)
    assert refused(twice, BREAD, given=2) == OutOfStock()
    assert refused(twice, BREAD, given=1) is None


def test_why_a_reward_cannot_be_used_on_this_bill() -> None:
    assert refused(rewarding("gift", minimum_bill=150), BREAD) == needs_bill(150, 50)
    net = rewarding("gift", minimum_bill=300, minimum_tax="excluded")
    assert refused(net, BOOK) == needs_bill(300, 30)
    assert refused(net, BOOK, BREAD) is None
    assert refused(rewarding("gift", lines=BOOKS, minimum_quantity=4), BOOK) == NeedsItems(
        Decimal(4), Decimal(3)
    )
    assert refused(rewarding("gift", lines=BOOKS), BREAD) == NothingEligible()
    assert refused(rewarding("gift", lines=BOOKS), BOOK) is None
    assert refused(rewarding("percent_off", percent=10, lines=BOOKS), BREAD) == NothingEligible()
    assert refused(rewarding("amount_off", value=150, whole_value_only=True), BREAD) == needs_bill(150, 50)
    assert refused(rewarding("amount_off", value=100, whole_value_only=True), BREAD) is None
    assert refused(rewarding("amount_off", value=5)) == needs_bill("0.01", "0.01")


@pytest.mark.parametrize(
    "program",
    [
        rewarding("percent_off", percent=10, rounding="floor"),
        rewarding("percent_off", percent=100, maximum=0),
        rewarding("item_off", maximum=0),
        rewarding("item_off", percent=10),
    ],
)
def test_no_points_are_burnt_on_a_reward_that_takes_nothing_off(program: Program) -> None:
    assert refused(program, line_of(program, "0.04")) == NothingEligible()
