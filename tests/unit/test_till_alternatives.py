"""Other rules and rewards at the till, and rules that hold only at some hours."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import pytest

from cashier_app.domain.choice import (
    TakeAmount,
    TakeMaximum,
    TakeNothing,
    TakePoints,
    TakeReward,
    TakeTogether,
)
from cashier_app.domain.reasons import NoWayToPay
from cashier_app.services.alternatives import alternatives, rule_chosen
from cashier_app.services.till_steps import usable_rewards
from cashier_app.services.till_view import Step, TillView
from tests.fakes.counter import PRIYAS_CODE, Counter
from tests.fakes.keys import at_reward, choice, discount, step
from tests.fakes.shop import COINS, altered, gift, rupees

ONE_EACH = {"conversion": {"points": 1, "value": 1}, "maximum_discount": 200}
TWO_EACH = {"conversion": {"points": 1, "value": 2}, "maximum_discount": 150, "rule_id": "double"}
FROM_FOUR = {
    "conversion": {"points": 1, "value": 1},
    "maximum_discount": 300,
    "rule_id": "evening",
    "when": {"from_time": "16:00", "until_time": "18:00"},
}
RULES = altered(COINS, redemption=[ONE_EACH, TWO_EACH, FROM_FOUR], rewards=[gift("double", "A gift", 10)])
CATALOGUE = altered(COINS, redemption=[])


@pytest.fixture
def rules(tmp_path: Path) -> Iterator[Counter]:
    """Return a till whose program has three rules, and a reward of the same id as one of them."""
    opened = Counter(tmp_path, program=RULES).open_for_business()
    yield opened
    opened.close()


@pytest.fixture
def catalogue(tmp_path: Path) -> Iterator[Counter]:
    """Return a till whose points pay for rewards only."""
    opened = Counter(tmp_path, program=CATALOGUE).open_for_business()
    yield opened
    opened.close()


def usable(counter: Counter) -> list[str]:
    return [one.key for one in usable_rewards(counter.view)]


def test_another_rule_is_marked_picked_and_given_back(rules: Counter) -> None:
    at_reward(rules)
    assert discount(rules) == rupees(200)
    assert [one.key for one in alternatives(rules.view)] == ["rule:double", "rule:evening", "double"]
    assert usable(rules) == ["rule:double", "double"]
    rules.session.mark_next()
    rules.session.pick_marked()
    assert (choice(rules), discount(rules)) == (TakeMaximum("double"), rupees(150))
    assert usable(rules) == ["rule:double", "double"], "the rule chosen stays among them, to be given back"
    rules.session.pick_marked()
    assert (choice(rules), discount(rules)) == (TakeMaximum(), rupees(200))


def test_a_rule_and_a_reward_of_one_name_are_two_things(rules: Counter) -> None:
    at_reward(rules)
    rules.session.pick_reward("double")
    assert choice(rules) == TakeReward("double")
    rules.session.pick_reward("rule:double")
    assert choice(rules) == TakeMaximum("double")


def test_what_is_typed_or_stepped_stays_with_the_rule_chosen(rules: Counter) -> None:
    at_reward(rules)
    rules.session.pick_reward("rule:double")
    rules.type("99")
    assert (choice(rules), discount(rules)) == (TakeAmount(rupees(99), "double"), rupees(98))
    for _ in range(2):
        rules.session.delete()
    assert choice(rules) == TakeMaximum("double")
    rules.session.less()
    assert choice(rules) == TakeAmount(rupees(148), "double")
    rules.session.more()
    assert choice(rules) == TakeMaximum("double")
    rules.session.back()
    assert (step(rules), choice(rules)) == (Step.BILL, TakeMaximum("double"))
    rules.session.take_maximum()
    rules.press_enter()
    rules.drain()
    sale = rules.journal.recent(1)[0].sale
    assert (sale.points_used, sale.discount) == (Decimal(75), rupees(150))


def test_what_is_locked_is_not_picked(rules: Counter) -> None:
    at_reward(rules)
    rules.session.pick_reward("rule:evening")
    rules.session.pick_reward("rule:unheard-of")
    assert choice(rules) == TakeMaximum()


def test_which_rule_a_choice_names() -> None:
    assert rule_chosen(TakePoints(Decimal(5), "double")) == "double"
    assert rule_chosen(TakeTogether(points=TakeMaximum("double"))) == "double"
    assert rule_chosen(TakeTogether(rewards=("coffee",))) == ""
    assert rule_chosen(TakeNothing()) == ""


def test_nobody_has_alternatives(rules: Counter) -> None:
    assert alternatives(rules.view) == ()


# Hours.
def test_a_rule_that_begins_while_the_bill_is_on_show_is_offered_without_a_key(rules: Counter) -> None:
    at_reward(rules)
    rules.clock.advance(87 * 60)
    rules.session.tick()
    assert discount(rules) == rupees(200), "15:59"
    rules.clock.advance(60)
    rules.session.tick()
    assert discount(rules) == rupees(300), "16:00"
    rules.clock.advance(2 * 3600)
    rules.session.tick()
    assert discount(rules) == rupees(200), "18:00"


def test_a_minute_that_changes_nothing_is_no_news(rules: Counter) -> None:
    at_reward(rules)
    news: list[TillView] = []
    rules.session.subscribe(news.append)
    for _ in range(3):
        rules.clock.advance(60)
        rules.session.tick()
    assert len(news) == 1


def test_hours_never_change_an_accepted_offer(rules: Counter) -> None:
    at_reward(rules)
    rules.press_enter()
    assert step(rules) is Step.PAY
    rules.clock.advance(88 * 60)
    rules.session.tick()
    assert discount(rules) == rupees(200)


def test_the_shop_its_day_and_its_hour_are_the_tills_own(rules: Counter) -> None:
    occasion = rules.view.occasion
    assert (occasion.store, occasion.at.isoformat()) == ("Marigold Stores", "2026-11-20T14:32:00+05:30")


# Rewards only.
def test_where_points_pay_for_rewards_only_a_sale_needs_no_more_keys(catalogue: Counter) -> None:
    catalogue.session.scan(PRIYAS_CODE)
    catalogue.type("2360")
    assert catalogue.view.quote is not None
    assert catalogue.view.quote.refusal == NoWayToPay()
    assert usable(catalogue) == ["coffee", "tenth"]
    catalogue.session.take_maximum()
    assert step(catalogue) is Step.BILL, "there is no maximum to take"
    catalogue.press_enter()
    assert step(catalogue) is Step.REWARD
    catalogue.session.less()
    catalogue.session.mark_next()
    catalogue.session.pick_marked()
    assert choice(catalogue) == TakeReward("coffee")
    catalogue.press_enter(2)
    catalogue.drain()
    sale = catalogue.journal.recent(1)[0].sale
    assert (sale.points_used, sale.discount) == (Decimal(120), rupees(0))


def test_without_a_reward_the_sale_goes_on(catalogue: Counter) -> None:
    catalogue.session.scan(PRIYAS_CODE)
    catalogue.type("2360")
    catalogue.press_enter(3)
    catalogue.drain()
    assert catalogue.journal.recent(1)[0].sale.points_used == 0
