"""Choosing how much to take off, or which reward."""

from __future__ import annotations

from decimal import Decimal

from cashier_app.domain.choice import TakeAmount, TakeMaximum, TakeNothing
from cashier_app.domain.money import Money
from tests.fakes.counter import Counter
from tests.fakes.keys import at_partial, at_reward, choice, discount
from tests.fakes.shop import RUPEE, rupees


def test_keys_of_the_reward_step_move_by_a_step_and_stop_at_the_ends(counter: Counter) -> None:
    at_reward(counter)
    counter.session.more()
    assert choice(counter) == TakeMaximum()
    counter.session.less()
    counter.session.more()
    assert choice(counter) == TakeMaximum()
    counter.type("1")
    for _ in range(3):
        counter.session.less()
    assert choice(counter) == TakeNothing()


def test_an_emptied_discount_is_the_maximum_again(counter: Counter) -> None:
    at_partial(counter)
    for _ in range(3):
        counter.session.delete()
    assert choice(counter) == TakeMaximum()
    assert counter.view.discount_entry is None
    assert discount(counter) == rupees(200)
    counter.session.delete()
    assert choice(counter) == TakeMaximum()


def test_a_discount_takes_decimals(counter: Counter) -> None:
    at_reward(counter)
    counter.type("99.5")
    assert choice(counter) == TakeAmount(Money(9950, RUPEE))
    assert discount(counter) == rupees(99)


def test_a_reward_is_marked_picked_and_given_back(counter: Counter) -> None:
    at_reward(counter)
    counter.session.pick_marked()
    assert choice(counter) == TakeMaximum()
    counter.session.mark_next()
    counter.session.mark_next()
    assert counter.view.marked_reward == "tenth"
    counter.session.mark_next()
    assert counter.view.marked_reward == "coffee"
    counter.session.mark_previous()
    counter.session.pick_marked()
    assert discount(counter) == rupees(236)
    counter.session.pick_marked()
    assert choice(counter) == TakeMaximum()
    counter.session.pick_reward("unheard of")
    assert choice(counter) == TakeMaximum()


def test_a_reward_is_held_and_taken_like_points(counter: Counter) -> None:
    at_reward(counter)
    counter.session.pick_reward("tenth")
    counter.press_enter(2)
    counter.drain()
    sale = counter.journal.recent(1)[0].sale
    assert (sale.points_used, sale.discount) == (Decimal(500), rupees(236))
    assert counter.backend.taken == {sale.sale_id: Decimal(500)}
    assert {row.effect.reward_id for row in counter.rows()} == {"tenth"}
