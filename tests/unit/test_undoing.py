"""A sale undone, or given to another member: the books as if it had never been, and exactly once."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from msgspec.structs import replace

from cashier_app.domain.money import Money
from cashier_app.domain.sale import EffectKind, EffectState, ReturnReason, Sale
from cashier_app.domain.voiding import WhyNotVoid
from cashier_app.errors import KnownError
from cashier_app.services.undoable import NotUndoable, Undoable
from tests.fakes.backend import CAPABILITIES, Fault
from tests.fakes.counter import PRIYAS_CODE, RAHULS_CODE, Counter
from tests.fakes.shop import RUPEE
from tests.unit.undone_sales import (
    RAHULS,
    balance,
    looked,
    points_only,
    returns,
    sell,
    sell_to_nobody,
    undoing,
    why,
)

__all__ = ["points_only"]  # fixtures


def test_what_is_shown_and_what_comes_of_it(counter: Counter) -> None:
    before = balance(counter)
    sale = sell(counter)
    found = looked(counter, sale)
    plan = found.plan()
    assert (plan.restored, plan.taken_back, plan.money_back) == (200, 21, Money(216000, RUPEE))
    assert undoing(counter).balance(found) == before - 200 + 21
    assert undoing(counter).void(found, "meera") == sale
    assert why(counter, sale) is WhyNotVoid.UNDONE
    counter.drain()
    assert balance(counter) == before
    assert {(one.reason, one.staff_id) for one in returns(counter, sale)} == {(ReturnReason.VOID, "meera")}


def test_however_often_it_is_pressed_it_is_undone_once(counter: Counter) -> None:
    before = balance(counter)
    sale = sell(counter)
    found = looked(counter, sale)
    assert undoing(counter).void(found) == sale
    for _ in range(3):
        again = undoing(counter).void(found)
        assert isinstance(again, NotUndoable)
    counter.drain()
    assert balance(counter) == before
    assert len(returns(counter, sale)) == 2
    figures = counter.journal.day_figures(counter.clock.now().date())
    assert figures.sales == 1


def waiting(counter: Counter) -> None:
    counter.backend.silent = True


def in_doubt(counter: Counter) -> None:
    counter.backend.faults.extend([None, Fault.ANSWER_LOST, Fault.ANSWER_LOST])
    counter.backend.look_ups_lost = 2


@pytest.mark.parametrize("trouble", [waiting, in_doubt])
def test_a_sale_on_its_way_is_undone_behind_it(counter: Counter, trouble: Callable[[Counter], None]) -> None:
    before = balance(counter)
    counter.session.scan(PRIYAS_CODE)
    counter.type("2360")
    counter.press_enter(2)
    trouble(counter)
    counter.press_enter()
    counter.deliver()
    sale = counter.journal.recent(1)[0].sale
    found = looked(counter, sale)
    assert found.moves
    assert undoing(counter).void(found) == sale
    counter.backend.silent = False
    counter.drain()
    assert balance(counter) == before
    order = [key.split("-", 5)[5] for key in counter.backend.order]
    assert order.index("sale-1") < order.index("clawback-1")


def test_a_sale_of_somebody_never_met_is_undone_in_their_name(counter: Counter) -> None:
    before = balance(counter, RAHULS)
    counter.backend.silent = True
    sale = sell(counter, RAHULS_CODE, post=False)
    assert (sale.member_id, sale.way is None) == ("", False)
    assert isinstance(undoing(counter).void(looked(counter, sale)), Sale)
    counter.backend.silent = False
    counter.drain()
    assert balance(counter, RAHULS) == before
    assert counter.journal.counts().needs_attention == 0


def test_once_it_is_posted_only_the_backend_knows_whose_it_was(counter: Counter) -> None:
    counter.backend.silent = True
    sale = sell(counter, RAHULS_CODE, post=False)
    counter.backend.silent = False
    counter.drain()
    assert why(counter, sale) is WhyNotVoid.WHOSE


def test_a_sale_without_a_member_is_noted_and_counted_and_told_nobody(counter: Counter) -> None:
    sale = sell_to_nobody(counter)
    found = looked(counter, sale)
    assert not found.moves
    assert undoing(counter).void(found, "meera") == sale
    assert why(counter, sale) is WhyNotVoid.UNDONE
    (noted,) = counter.journal.effects_of(sale.sale_id)
    assert (noted.state, noted.effect.reason, noted.effect.points) == (
        EffectState.POSTED,
        ReturnReason.VOID,
        0,
    )
    assert counter.backend.sent == []


def test_what_came_back_in_part_is_a_return(counter: Counter) -> None:
    sale = sell(counter)
    returned = counter.workshop.returns.open(sale)
    counter.workshop.returns.take_back(returned, Money(10000, RUPEE))  # type: ignore[arg-type]
    assert why(counter, sale) is WhyNotVoid.RETURNED


def test_a_return_between_looking_and_pressing_wins(counter: Counter) -> None:
    before = balance(counter)
    sale = sell(counter)
    found = looked(counter, sale)
    counter.workshop.returns.take_back(found.found, None)
    answer = undoing(counter).void(found)
    assert isinstance(answer, NotUndoable)
    assert answer.why is WhyNotVoid.RETURNED
    counter.drain()
    assert balance(counter) == before


def test_yesterday_is_a_return(counter: Counter) -> None:
    sale = sell(counter)
    found = looked(counter, sale)
    counter.clock.advance(24 * 3600)
    assert why(counter, sale) is WhyNotVoid.OTHER_DAY
    assert isinstance(undoing(counter).void(found), NotUndoable)
    assert returns(counter, sale) == []


def test_a_closed_day_does_not_change(counter: Counter, monkeypatch: pytest.MonkeyPatch) -> None:
    sale = sell(counter)
    monkeypatch.setattr(counter.journal, "closed_until", lambda: sale.at + timedelta(minutes=1))
    assert why(counter, sale) is WhyNotVoid.DAY_CLOSED


def test_other_figures_are_shown_again(counter: Counter) -> None:
    sale = sell(counter, post=False)
    found = looked(counter, sale)
    key = next(row.effect.key for row in counter.rows() if row.effect.kind is EffectKind.SALE)
    counter.journal.move(key, EffectState.SENDING, answer="", at=counter.clock.now())
    counter.journal.move(key, EffectState.DROPPED, answer="by hand", at=counter.clock.now())
    again = undoing(counter).void(found)
    assert isinstance(again, Undoable)
    assert again.plan().taken_back == 0
    assert returns(counter, sale) == []


def test_points_a_backend_cannot_give_back_are_said(counter: Counter) -> None:
    counter.backend.can = replace(CAPABILITIES, restores_points=False)
    found = looked(counter, sell(counter))
    assert (found.used, found.plan().restored) == (200, 0)


def test_no_such_sale(counter: Counter) -> None:
    with pytest.raises(KnownError, match="no such sale"):
        undoing(counter).look_at("01935f1c-7a40-7000-8000-000000000000")
