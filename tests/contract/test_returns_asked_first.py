"""Two tills hold one receipt at the same moment: who is second hears it before any money is given."""

from __future__ import annotations

import pytest

from cashier_app.demo.faults import FaultPlan
from cashier_app.domain.refund import RefundPlan
from cashier_app.domain.sale import EffectState
from cashier_app.errors import KnownError
from cashier_app.services.asked_first import NOT_ASKED, NOT_SAID
from cashier_app.services.searched_sales import AlreadyReturned
from cashier_app.services.undoable import Undoable

__all__ = ["shop"]  # fixtures
from tests.contract.three_tills import Shop, at_once, shop, taking_back, won


@pytest.mark.parametrize("holders", [(1, 2), (0, 1), (0, 1, 2)])
def test_at_the_same_moment_one_gives_money(shop: Shop, holders: tuple[int, ...]) -> None:
    came = at_once(*(taking_back(shop.tills[one], shop) for one in holders))
    assert len(won(came)) == 1, came
    shop.all_is_whole()


def test_one_returns_and_one_undoes(shop: Shop) -> None:
    shown = shop.home.undoing.look_at(shop.sale.sale_id)
    assert isinstance(shown, Undoable)
    came = at_once(lambda: shop.home.undoing.void(shown), taking_back(shop.tills[1], shop))
    assert len(won(came)) == 1, came
    shop.all_is_whole()


def test_other_parts_of_it_at_two_tills(shop: Shop) -> None:
    """What a second till returns would bear the keys of the first: it is refused, also for another part."""
    came = at_once(taking_back(shop.tills[1], shop, 300), taking_back(shop.tills[2], shop, 400))
    assert len(won(came)) == 1, came
    first = shop.tills[1] if isinstance(came[0], RefundPlan) else shop.tills[2]
    first.returning.finished(shop.sale.sale_id)
    assert isinstance(first.returning.take_back(first.found(shop.receipt), None), RefundPlan)
    shop.all_is_whole()


def test_the_answer_is_lost(shop: Shop) -> None:
    shop.server.faults.stage(FaultPlan(lose_answers=1))
    assert isinstance(taking_back(shop.tills[1], shop)(), RefundPlan)
    shop.all_is_whole()


def test_nobody_answers_and_enter_asks_again(shop: Shop) -> None:
    till = shop.tills[1]
    press_enter = taking_back(till, shop)
    with till.deaf(shop.server):
        with pytest.raises(KnownError, match=NOT_SAID):
            press_enter()
        assert shop.given_back() == 0
    till.delivery.probe()
    assert isinstance(press_enter(), RefundPlan)
    shop.all_is_whole()
    till.returning.finished(shop.sale.sale_id)
    assert isinstance(till.returning.find(shop.receipt), AlreadyReturned)


def test_offline_before_it_was_asked_nothing_is_left_of_it(shop: Shop) -> None:
    till = shop.tills[1]
    press_enter = taking_back(till, shop)
    till.deaf_before_sending = True
    with pytest.raises(KnownError, match=NOT_ASKED):
        press_enter()
    till.deaf_before_sending = False
    assert [row.state for row in till.journal.effects_of(shop.sale.sale_id)] == [EffectState.DROPPED]
    till.delivery.probe()
    assert till.journal.counts().waiting == 0
    assert isinstance(shop.tills[2].returning.take_back(shop.tills[2].found(shop.receipt), None), RefundPlan)
    shop.all_is_whole()


def test_offline_before_it_was_asked_it_is_asked_anew_later(shop: Shop) -> None:
    till = shop.tills[1]
    press_enter = taking_back(till, shop)
    till.deaf_before_sending = True
    with pytest.raises(KnownError, match=NOT_ASKED):
        press_enter()
    till.deaf_before_sending = False
    till.delivery.probe()
    assert isinstance(taking_back(till, shop)(), RefundPlan)
    shop.all_is_whole()
    keys = [row.effect.key[-1] for row in till.journal.effects_of(shop.sale.sale_id)]
    assert keys == ["1", "2"], "a key is never remade"


def test_the_power_goes_while_it_is_asked(shop: Shop) -> None:
    till = shop.tills[1]
    with till.deaf(shop.server), pytest.raises(KnownError):
        taking_back(till, shop)()
    till.restart()
    till.delivery.probe()
    till.drain()
    shop.all_is_whole()


def test_a_till_that_asks_afterwards_gives_the_money_twice(shop: Shop) -> None:
    """The control: this is what asking first keeps from happening."""
    for till in shop.tills:
        till.returning._asked_first = None
    found = [till.found(shop.receipt) for till in shop.tills[1:]]
    for till, one in zip(shop.tills[1:], found, strict=True):
        assert isinstance(till.returning.take_back(one, None), RefundPlan)
    with pytest.raises(AssertionError):
        shop.all_is_whole()
