"""What else must be on the bill, and how it is paid, for a rule to hold."""

from __future__ import annotations

from decimal import Decimal

import pytest
from msgspec.structs import replace

from cashier_app.domain.choice import TakeAmount, TakeNothing, TakeReward
from cashier_app.domain.member import Account
from cashier_app.domain.money import Money
from cashier_app.domain.program import Program
from cashier_app.domain.quote import Quote
from cashier_app.domain.reasons import CappedAmount, NeedsItems, NeedsPoints, NotPaidWith
from tests.fakes.programs import (
    ONE_EACH,
    OPEN,
    account_of,
    bill_for,
    line_of,
    paying_with_points,
    program_of,
    quoted,
    rewarding,
)

ONE_FOR_ONE = {"kind": "per_amount", "points": 1, "per": 1}
DESSERT = {"lines": {"only_categories": ["dessert"]}}


def on(program: Program, *categories: str, balance: object = 0, quantity: object = 1) -> Quote:
    """Return the quote for 100 of a main dish, and a line for nothing of each category."""
    lines = [line_of(program, 0, category, quantity=quantity) for category in categories]
    return quoted(program, bill_for(program, line_of(program, 100, "main"), *lines), balance, TakeNothing())


def test_a_dessert_doubles_the_points_of_the_whole_bill() -> None:
    multiplier = {"factor": 2, "needs": DESSERT}
    program = program_of(earning={"rules": [ONE_FOR_ONE], "multipliers": [multiplier]})
    assert on(program).earns == 100
    assert on(program, "drink").earns == 100
    # What it costs does not matter, nor what is left to pay of it.
    assert on(program, "dessert").earns == 200


def test_a_multiplier_that_needs_something_acts_on_its_own_lines() -> None:
    multiplier = {"factor": 2, "needs": DESSERT, "lines": {"only_categories": ["main"]}}
    program = program_of(earning={"rules": [ONE_FOR_ONE], "multipliers": [multiplier]})
    bill = bill_for(program, line_of(program, 100, "main"), line_of(program, 30, "dessert"))
    assert quoted(program, bill, 0, TakeNothing()).earns == 230


def test_a_rule_that_lacks_something_does_not_hold_and_ends_nothing() -> None:
    first = {"kind": "per_sale", "points": 50, "needs": DESSERT, "last": True}
    program = program_of(earning={"rules": [first, ONE_FOR_ONE]})
    assert on(program).earns == 100
    assert on(program, "dessert").earns == 50


@pytest.mark.parametrize(("quantity", "earns"), [("0.4", 0), ("0.5", 10), (3, 10)])
def test_the_quantity_counts_whatever_it_is_measured_in(quantity: object, earns: int) -> None:
    needs = {**DESSERT, "quantity": "0.5"}
    program = program_of(earning={"rules": [{"kind": "per_sale", "points": 10, "needs": needs}]})
    assert on(program, "dessert", quantity=quantity).earns == earns


def test_items_of_several_lines_are_counted_together() -> None:
    needs = {"lines": {"only_categories": ["dessert", "drink"]}, "quantity": 2}
    program = program_of(earning={"rules": [{"kind": "per_sale", "points": 10, "needs": needs}]})
    assert on(program, "dessert").earns == 0
    assert on(program, "dessert", "drink").earns == 10


def test_points_may_pay_only_beside_what_is_needed() -> None:
    program = paying_with_points(needs=DESSERT)
    refused = on(program, balance=50)
    assert (refused.refusal, refused.maximum.minor) == (NeedsItems(Decimal(1), Decimal(0)), 0)
    assert refused.next_step is None
    assert on(program, "dessert", balance=50).maximum.minor == 50_00


def test_points_that_are_missing_are_told_before_items_that_are() -> None:
    program = paying_with_points(needs=DESSERT, start_points=100)
    assert on(program, balance=50).refusal == NeedsPoints(Decimal(100), Decimal(50))


def test_a_wish_for_points_is_refused_for_what_the_bill_lacks() -> None:
    program = paying_with_points(needs=DESSERT)
    bill = bill_for(program, line_of(program, 100, "main"))
    refused = quoted(program, bill, 50, TakeAmount(Money(1000, program.currency)))
    assert refused.choice_refusal == NeedsItems(Decimal(1), Decimal(0))


def test_before_there_is_a_bill_nothing_is_lacking() -> None:
    assert quoted(paying_with_points(needs=DESSERT), 0, 50).refusal is None


def test_of_rules_that_do_not_hold_the_one_another_item_opens_is_named() -> None:
    card = {"rule_id": "card", "conversion": ONE_EACH, "when": {"paid_with": ["card"]}}
    sweet = {"rule_id": "sweet", "conversion": ONE_EACH, "needs": DESSERT}
    assert on(program_of(redemption=[card, sweet]), balance=50).rule_id == "sweet"


def test_a_reward_may_need_something_else_than_it_takes_money_off() -> None:
    program = rewarding("item_off", needs=DESSERT, lines={"only_categories": ["drink"]})
    alone = bill_for(program, line_of(program, 100, "main"), line_of(program, 30, "drink"))
    assert quoted(program, alone, 600, TakeReward("r")).choice_refusal == NeedsItems(Decimal(1), Decimal(0))
    whole = bill_for(program, *alone.lines, line_of(program, 0, "dessert"))
    assert quoted(program, whole, 600, TakeReward("r")).discount.minor == 30_00


def test_a_bill_of_which_only_the_total_is_known_holds_one_item() -> None:
    one: dict[str, object] = {"lines": {}}
    two: dict[str, object] = {"lines": {}, "quantity": 2}
    assert quoted(paying_with_points(needs=one), 100, 50).maximum.minor == 50_00
    assert quoted(paying_with_points(needs=two), 100, 50).refusal == NeedsItems(Decimal(2), Decimal(1))


def test_a_rule_holds_for_the_payments_it_names() -> None:
    rule = {"kind": "per_sale", "points": 5, "when": {"paid_with": ["card", "voucher"]}}
    program = program_of(
        earning={"rules": [rule]}, redemption=[{"conversion": ONE_EACH, "when": rule["when"]}]
    )

    def paid(how: str) -> Quote:
        return quoted(program, 10, 3, TakeNothing(), occasion=replace(OPEN, paid_with=how))

    assert [paid(how).earns for how in ("card", "voucher", "cash", "Card", "")] == [5, 5, 0, 0, 0]
    assert paid("cash").refusal == NotPaidWith(("card", "voucher"))
    assert paid("card").refusal is None


def test_what_is_used_on_the_bill_does_not_take_away_what_is_needed() -> None:
    program = program_of(
        earning={"rules": [{"kind": "per_sale", "points": 7, "needs": DESSERT}]},
        redemption=[{"conversion": ONE_EACH, "needs": DESSERT, "maximum_discount": 90}],
    )
    bill = bill_for(program, line_of(program, 90, "main"), line_of(program, 10, "dessert"))
    account: Account = account_of(95)
    answer = quoted(program, bill, account)
    assert answer.discount.minor == 90_00
    assert answer.earns == 7
    assert answer.limit == CappedAmount(Money(90_00, program.currency))
