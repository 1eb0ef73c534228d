"""Exchanges and moves race with a return at another till: money is given once, points for goods sold only."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from cashier_app.domain.refund import RefundPlan
from cashier_app.domain.sale import EffectKind, EffectState, ReturnReason, Sale
from cashier_app.errors import KnownError
from cashier_app.services.asked_first import REFUSED
from cashier_app.services.exchanging import Exchanged
from tests.contract.three_tills import (
    RAVI,
    Shop,
    at_once,
    exchanging,
    moving,
    shop,
    sold_by,
    taking_back,
    won,
)
from tests.fakes.returning_till import ReturningTill

__all__ = ["shop"]  # fixtures


def drained(shop: Shop) -> None:
    for till in shop.tills:
        till.drain()
        assert till.journal.figures_apart() == []
        assert till.journal.counts().needs_attention == 0


def test_an_exchange_and_a_return_elsewhere_give_the_money_once(shop: Shop) -> None:
    came = at_once(exchanging(shop.home, shop), taking_back(shop.tills[1], shop))
    assert len(won(came)) == 1, came
    drained(shop)
    assert shop.given_back() == shop.sale.paid.minor
    earned = sum(int(sale.points_expected) for sale in sold_by(shop))
    assert len(sold_by(shop)) == isinstance(came[0], Exchanged)
    assert shop.points() == shop.before + earned


def test_two_tills_exchange_one_sale_once(shop: Shop) -> None:
    came = at_once(exchanging(shop.tills[1], shop), exchanging(shop.tills[2], shop))
    assert len(won(came)) == 1, came
    drained(shop)
    assert (shop.given_back(), len(sold_by(shop))) == (shop.sale.paid.minor, 1)


def test_a_sale_that_came_back_elsewhere_earns_the_other_member_nothing(shop: Shop) -> None:
    before = shop.points(RAVI)
    came = at_once(moving(shop.home, shop), taking_back(shop.tills[1], shop))
    assert len(won(came)) == 1, came
    drained(shop)
    moved = [sale for sale in sold_by(shop) if sale.moved_from]
    assert len(moved) == isinstance(came[0], Sale)
    assert shop.points() == shop.before
    assert shop.points(RAVI) == before + sum(int(sale.points_expected) for sale in moved)


def first_there(shop: Shop) -> None:
    """Let the goods come back at another till after the home till has looked and before it asks."""
    assert isinstance(taking_back(shop.tills[1], shop)(), RefundPlan)


@pytest.mark.parametrize("act", [exchanging, moving])
def test_who_is_second_sells_nothing(
    shop: Shop, act: Callable[[ReturningTill, Shop], Callable[[], object]], monkeypatch: pytest.MonkeyPatch
) -> None:
    press_enter = act(shop.home, shop)
    first_there(shop)
    monkeypatch.setattr(shop.home.returning, "returned_there", lambda _: False)
    monkeypatch.setattr(shop.home.undoing, "_returned_there", lambda _: False)
    with pytest.raises(KnownError, match=REFUSED):
        press_enter()
    assert sold_by(shop) == []
    drained(shop)
    assert (shop.points(), shop.given_back()) == (shop.before, shop.sale.paid.minor)


@pytest.mark.parametrize("act", [exchanging, moving])
def test_not_asked_first_it_would_go_wrong(
    shop: Shop, act: Callable[[ReturningTill, Shop], Callable[[], object]], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The control: this is what asking first keeps from happening."""
    press_enter = act(shop.home, shop)
    first_there(shop)
    monkeypatch.setattr(shop.home.returning, "returned_there", lambda _: False)
    monkeypatch.setattr(shop.home.undoing, "_returned_there", lambda _: False)
    monkeypatch.setattr(shop.home.returning, "_asked_first", None)
    monkeypatch.setattr(shop.home.undoing, "_asked_first", None)
    press_enter()
    assert len(sold_by(shop)) == 1
    with pytest.raises(AssertionError):
        drained(shop)


def test_while_offline_an_exchange_is_one_transaction(shop: Shop) -> None:
    press_enter = exchanging(shop.home, shop)
    for _ in range(3):
        shop.home.connection.silent()
    assert isinstance(press_enter(), Exchanged)
    asked = [row.effect.asked_first for row in shop.home.journal.effects_of(shop.sale.sale_id)]
    assert not any(asked)
    assert shop.home.asked_first.untold_sales() == ()


@pytest.mark.parametrize("act", [exchanging, moving])
def test_nobody_answers_and_enter_goes_on_with_the_same(
    shop: Shop, act: Callable[[ReturningTill, Shop], Callable[[], object]]
) -> None:
    till = shop.home
    press_enter = act(till, shop)
    with till.deaf(shop.server), pytest.raises(KnownError, match="has not said yet"):
        press_enter()
    assert sold_by(shop) == []
    till.delivery.probe()
    assert isinstance(press_enter(), Exchanged | Sale)
    assert isinstance(press_enter(), Exchanged | Sale), "once, however often"
    drained(shop)
    assert len(sold_by(shop)) == 1
    rows = till.journal.effects_of(shop.sale.sale_id)
    assert [row.state for row in rows if row.effect.asked_first] == [EffectState.POSTED]
    assert till.asked_first.untold_sales() == ()


def test_a_move_is_audited_on_both_sides(shop: Shop) -> None:
    moved = moving(shop.home, shop)()
    assert isinstance(moved, Sale)
    assert moved.moved_from == shop.sale.sale_id
    refund = next(
        row.effect
        for row in shop.home.journal.effects_of(shop.sale.sale_id)
        if row.effect.kind is EffectKind.REFUND
    )
    assert refund.reason is ReturnReason.MOVED
