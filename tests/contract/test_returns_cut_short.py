"""A till that asked for a return dies, or its cashier goes on, before anybody was told: it is not lost."""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace

import pytest

from cashier_app.domain.money import Money
from cashier_app.domain.refund import RefundPlan
from cashier_app.domain.sale import EffectState, ReturnReason, Sale
from cashier_app.errors import KnownError
from cashier_app.services.asked_first import REFUSED
from cashier_app.services.last_act import LastActs
from cashier_app.services.returnable import Returnable
from cashier_app.services.searched_sales import AlreadyReturned
from cashier_app.services.undo_session import UndoSession
from cashier_app.services.undo_view import UndoStep
from cashier_app.services.undoable import NotUndoable, Undoable
from cashier_app.services.untold_returns import UntoldReturns
from tests.contract.three_tills import RAVI, Shop, exchanging, moving, shop, sold_by, taking_back
from tests.fakes.returning_till import ReturningTill
from tests.fakes.runner import Immediate
from tests.fakes.shop import RUPEE

__all__ = ["shop"]  # fixtures


class PowerCut(BaseException):
    """The till is gone at this moment."""


def dies(till: ReturningTill, press_enter: Callable[[], object], monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a till die between the loyalty system's answer and the screen, and start it again."""

    def cut(*_: object) -> None:
        raise PowerCut

    with monkeypatch.context() as patched:
        patched.setattr(UntoldReturns, "show", cut)
        with pytest.raises(PowerCut):
            press_enter()
    till.restart()
    till.delivery.probe()
    till.drain()


def back_to_it(till: ReturningTill, shop: Shop) -> Returnable:
    """Return what the receipt leads to: the return that was asked for, and nothing else."""
    found = till.returning.find(shop.receipt)
    assert isinstance(found, Returnable)
    assert found.untold is not None
    return found


@pytest.mark.parametrize("rupees", [None, 300])
@pytest.mark.parametrize("place", [0, 1])
def test_what_was_booked_and_not_said_is_said_then(
    shop: Shop, monkeypatch: pytest.MonkeyPatch, place: int, rupees: int | None
) -> None:
    till = shop.tills[place]
    dies(till, taking_back(till, shop, rupees), monkeypatch)
    found = back_to_it(till, shop)
    assert found.untold is not None
    assert not found.untold.shown
    plan = till.returning.take_back(found, None)
    assert isinstance(plan, RefundPlan)
    assert plan.money_back.minor == till.returned_paid()
    again = back_to_it(till, shop)
    assert again.untold is not None
    assert again.untold.shown, "until the cashier is done with it"
    till.returning.finished(shop.sale.sale_id)
    then = till.returning.find(shop.receipt)
    if rupees is None:
        assert isinstance(then, AlreadyReturned)
        shop.all_is_whole()
    else:
        assert isinstance(then, Returnable)
        assert then.untold is None
        assert (then.returned, then.left.minor) == (Money(30_000, RUPEE), 70_000)


def test_without_the_note_the_money_would_never_be_given(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    """The control: this is what the note keeps from happening."""
    monkeypatch.setattr(UntoldReturns, "note", lambda *_: None)
    till = shop.tills[1]
    dies(till, taking_back(till, shop), monkeypatch)
    assert isinstance(till.returning.find(shop.receipt), AlreadyReturned)


def test_it_stands_first_among_the_sales_to_choose_from(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    till = shop.home
    till.sell_to(RAVI, 200)
    dies(till, taking_back(till, shop), monkeypatch)
    till.sell_to(RAVI, 300)
    listed = till.returning.today()
    assert [one.untold for one in listed] == [True, False, False]
    assert listed[0].line.sale.sale_id == shop.sale.sale_id
    found = till.returning.open(listed[0].line.sale)
    assert isinstance(found, Returnable)
    assert found.untold is not None
    till.returning.take_back(found, None)
    till.returning.finished(shop.sale.sale_id)
    assert not any(one.untold for one in till.returning.today())


def test_a_sale_of_another_till_is_listed_as_well(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    till = shop.tills[1]
    dies(till, taking_back(till, shop), monkeypatch)
    (only,) = till.returning.today()
    found = till.returning.open(only.line.sale)
    assert isinstance(found, Returnable)
    assert isinstance(till.returning.take_back(found, None), RefundPlan)
    shop.all_is_whole()


def test_refused_meanwhile_it_is_said_and_gone(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    till, other = shop.tills[1], shop.tills[2]
    press_enter = taking_back(till, shop)
    till.deaf_before_sending = True
    monkeypatch.setattr(till.asked_first, "settle", lambda _: (_ for _ in ()).throw(PowerCut))
    with pytest.raises(PowerCut):
        press_enter()
    assert isinstance(taking_back(other, shop)(), RefundPlan)
    till.deaf_before_sending = False
    till.restart()
    till.delivery.probe()
    till.drain()
    with pytest.raises(KnownError, match=REFUSED):
        till.returning.take_back(back_to_it(till, shop), None)
    assert till.returning.today() == ()
    shop.all_is_whole()


def test_a_cashier_who_left_comes_back_to_the_same_return(shop: Shop) -> None:
    till = shop.tills[1]
    with till.deaf(shop.server), pytest.raises(KnownError):
        taking_back(till, shop)()
    till.delivery.probe()
    till.drain()
    assert isinstance(till.returning.take_back(back_to_it(till, shop), None), RefundPlan)
    rows = till.journal.effects_of(shop.sale.sale_id)
    assert [row.state for row in rows] == [EffectState.POSTED]
    shop.all_is_whole()


def test_a_void_that_was_not_said_is_said_by_the_same_key(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    till = shop.home
    shown = till.undoing.look_at(shop.sale.sale_id)
    assert isinstance(shown, Undoable)
    dies(till, lambda: till.undoing.void(shown), monkeypatch)
    again = till.undoing.look_at_last()
    assert isinstance(again, Undoable)
    assert again.found.untold is not None
    assert till.undoing.void(again) == shop.sale
    till.undoing.finished(shop.sale.sale_id)
    assert isinstance(till.undoing.look_at_last(), NotUndoable)
    shop.all_is_whole()


def test_a_move_cut_short_goes_on_to_the_other_member(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    till = shop.home
    dies(till, moving(till, shop), monkeypatch)
    assert sold_by(shop) == []
    again = till.undoing.look_at_last()
    assert isinstance(again, Undoable)
    assert again.found.untold is not None
    assert again.found.untold.effect.reason is ReturnReason.MOVED
    moved = moving(till, shop)()
    assert isinstance(moved, Sale)
    till.drain()
    assert [sale.sale_id for sale in sold_by(shop)] == [moved.sale_id]
    assert shop.points() == shop.before
    assert isinstance(till.undoing.look_at(shop.sale.sale_id), NotUndoable)


def test_an_exchange_cut_short_before_the_sale_gives_the_money_back(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    till = shop.home
    dies(till, exchanging(till, shop), monkeypatch)
    assert sold_by(shop) == []
    assert isinstance(till.returning.take_back(back_to_it(till, shop), None), RefundPlan)
    till.returning.finished(shop.sale.sale_id)
    shop.all_is_whole()


def test_an_exchange_cut_short_after_the_sale_gives_nothing_back(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    till = shop.home

    def cut(*_: object) -> None:
        raise PowerCut

    monkeypatch.setattr(UntoldReturns, "forget", cut)
    with pytest.raises(PowerCut):
        exchanging(till, shop)()
    till.restart()
    assert len(sold_by(shop)) == 1
    assert isinstance(till.returning.find(shop.receipt), AlreadyReturned)
    assert not any(one.untold for one in till.returning.today())


def test_a_note_that_cannot_be_read_is_none(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    till = shop.tills[1]
    dies(till, taking_back(till, shop), monkeypatch)
    for text in ("", "[", '{"a": 1}', '[{"key": 7}]'):
        till.journal.remember("returns asked first", text)
        assert till.asked_first.untold(shop.sale.sale_id) is None
        assert till.returning.today() == ()


class Screen:
    """What of the till session undoing needs."""

    def undone(self, sale_id: str) -> None:
        """Nothing of it is on show."""


def undo_session(till: ReturningTill) -> UndoSession:
    workshop = SimpleNamespace(undoing=till.undoing, sender=SimpleNamespace(wake=lambda: None))
    return UndoSession(lambda: workshop, Immediate(), till.settings, Screen(), LastActs())  # type: ignore[arg-type, return-value]


def test_f9_leads_a_move_cut_short_to_the_other_member(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    till = shop.home
    dies(till, moving(till, shop), monkeypatch)
    session = undo_session(till)
    session.begin_last()
    assert session.view.step is UndoStep.WHOM
    session.scan("LC1:RAVI5N8C2H6ZD4KP")
    assert session.view.step is UndoStep.MOVE
    session.confirm()
    assert session.view.step is UndoStep.CLOSED
    assert [sale.moved_from for sale in sold_by(shop)] == [shop.sale.sale_id]
    assert till.asked_first.untold_sales() == ()


def test_f9_says_a_void_cut_short_and_then_forgets_it(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    till = shop.home
    shown = till.undoing.look_at(shop.sale.sale_id)
    assert isinstance(shown, Undoable)
    dies(till, lambda: till.undoing.void(shown), monkeypatch)
    session = undo_session(till)
    session.begin_last()
    assert session.view.step is UndoStep.SALE
    session.confirm()
    assert session.view.done is not None
    assert session.view.done.sale == shop.sale
    assert till.asked_first.untold_sales() == ()
    session.begin_last()
    assert session.view.step is UndoStep.CANNOT


def test_goods_that_came_back_are_no_void(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    till = shop.home
    dies(till, taking_back(till, shop), monkeypatch)
    session = undo_session(till)
    session.begin_last()
    assert session.view.step is UndoStep.CANNOT
