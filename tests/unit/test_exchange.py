"""Goods for goods: one transaction, one difference, and no points that are not there yet."""

from __future__ import annotations

from decimal import Decimal

import pytest
from msgspec.structs import replace

from cashier_app.backends.contract_kind import CAPABILITIES as CONTRACT
from cashier_app.domain.money import Money
from cashier_app.domain.points import PointName
from cashier_app.domain.sale import OF_RETURNS, EffectKind, Sale
from cashier_app.errors import KnownError
from cashier_app.ports.capabilities import Capabilities
from cashier_app.services.return_view import ReturnRemarkKind, ReturnStep, ReturnView
from cashier_app.wording import Wording
from cashier_app.wording.returns import return_card
from tests.fakes.backend import CAPABILITIES
from tests.fakes.counter import PRIYAS_CODE, Counter
from tests.fakes.shop import RUPEE, ZONE
from tests.fakes.told_points import told_points


@pytest.fixture(autouse=True)
def _told_points(counter: Counter, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(counter.backend, "plan_refund", told_points)


def sell(counter: Counter, bill: str = "2360") -> Sale:
    counter.session.scan(PRIYAS_CODE)
    counter.type(bill)
    counter.press_enter(3)
    counter.session.next_customer()
    counter.drain()
    return counter.journal.recent(1)[0].sale


def exchanging(counter: Counter, new: str) -> ReturnView:
    counter.returns.begin()
    counter.returns.scan("2-0001")
    for key in "E" + new:
        counter.returns.type(key)
    return counter.returns.view


def balance(counter: Counter) -> Decimal:
    return counter.backend.members["m-1"].balance


@pytest.mark.parametrize(("new", "difference"), [("3000", 84000), ("2160", 0), ("400", -176000)])
def test_the_difference_is_paid_or_given_back(new: str, difference: int, counter: Counter) -> None:
    sell(counter)
    before = balance(counter)
    view = exchanging(counter, new)
    assert view.difference == Money(difference, RUPEE)
    counter.returns.confirm()
    counter.returns.confirm()
    done = counter.returns.view
    assert done.step is ReturnStep.DONE
    assert done.sold is not None
    assert done.sold.number == "2-0002"
    assert (done.sold.points_used, done.sold.member_id) == (0, "m-1"), "no points that only come back now"
    counter.drain()
    assert balance(counter) == before + 200 - 21 + done.sold.points_expected
    kinds = [row.effect.kind for row in counter.rows() if row.effect.sale_id == done.sold.sale_id]
    assert kinds == [EffectKind.SALE]


def test_both_or_neither(counter: Counter, monkeypatch: pytest.MonkeyPatch) -> None:
    sell(counter)
    exchanging(counter, "400")
    counter.returns.confirm()
    with monkeypatch.context() as patch:
        patch.setattr(counter.journal, "commit_sale", _no_disk)
        counter.returns.confirm()
    assert "disk" in counter.returns.view.trouble
    assert len(counter.journal.recent(9)) == 1
    assert not [row for row in counter.rows() if row.effect.kind in OF_RETURNS]
    counter.returns.confirm()
    assert counter.returns.view.step is ReturnStep.DONE
    assert len(counter.journal.recent(9)) == 2


def _no_disk(*_: object) -> Sale:
    raise KnownError("The disk is full. Nothing was saved.")


def test_pressed_twice_it_is_one_exchange(counter: Counter) -> None:
    sell(counter)
    view = exchanging(counter, "400")
    assert view.found is not None
    assert view.exchange is not None
    again = counter.workshop.exchanges
    money = Money(40000, RUPEE)
    first = again.commit(view.found, view.back, view.balance, view.exchange.terms, money)
    second = again.commit(view.found, view.back, view.balance, view.exchange.terms, money)
    assert first == second
    assert len(counter.journal.recent(9)) == 2


def test_a_sale_returned_meanwhile_is_shown_again(counter: Counter) -> None:
    sale = sell(counter)
    exchanging(counter, "400")
    counter.returns.confirm()
    counter.workshop.returns.take_back(
        counter.workshop.returns._refunds.returnable(sale.sale_id), Money(100, RUPEE)
    )
    counter.returns.confirm()
    view = counter.returns.view
    assert (view.step, view.changed) == (ReturnStep.EXCHANGE, True)
    assert len(counter.journal.recent(9)) == 1


def test_esc_leads_back_to_the_return_and_nothing_is_bought(counter: Counter) -> None:
    sell(counter)
    exchanging(counter, "400")
    counter.returns.confirm()
    counter.returns.back()
    assert counter.returns.view.step is ReturnStep.EXCHANGE
    counter.returns.back()
    assert (counter.returns.view.step, counter.returns.view.exchange) == (ReturnStep.AMOUNT, None)


def test_without_a_new_bill_nothing_is_confirmed(counter: Counter) -> None:
    sell(counter)
    exchanging(counter, "")
    counter.returns.confirm()
    assert counter.returns.view.step is ReturnStep.EXCHANGE


def test_a_bill_with_lines_may_be_scanned_for_it(counter: Counter) -> None:
    sell(counter)
    exchanging(counter, "")
    counter.returns.scan('{"lines": [{"price": -1}]}')
    remark = counter.returns.view.remark
    assert remark is not None
    assert remark.kind is ReturnRemarkKind.BILL_NOT_READ
    counter.returns.scan('{"lines": [{"name": "Tea", "price": 300}, {"name": "Cup", "price": 100}]}')
    counter.returns.confirm()
    counter.returns.confirm()
    sold = counter.returns.view.sold
    assert sold is not None
    assert [line.label for line in sold.lines] == ["Tea", "Cup"]


def test_offline_the_exchange_waits_behind_the_sale(counter: Counter) -> None:
    sell(counter)
    before = balance(counter)
    counter.backend.down = True
    counter.connection.silent()
    exchanging(counter, "400")
    counter.returns.confirm()
    counter.returns.confirm()
    sold = counter.returns.view.sold
    assert sold is not None
    counter.backend.down = False
    counter.drain()
    assert balance(counter) == before + 200 - 21 + sold.points_expected


@pytest.mark.parametrize(
    ("can", "left", "note"),
    [
        (CONTRACT, 5, "falls below zero"),
        (replace(CAPABILITIES, negative_balance=True), 5, "falls below zero"),
        (replace(CAPABILITIES, negative_balance=False, restores_points=False), 5, "the shop bears"),
        (replace(CAPABILITIES, negative_balance=True), None, "may fall below zero"),
        (replace(CAPABILITIES, negative_balance=False), None, "the shop bears it"),
    ],
)
def test_points_already_spent_are_said_before_confirming(
    can: Capabilities, left: int | None, note: str, counter: Counter
) -> None:
    sell(counter)
    counter.backend.can = replace(can, restores_points=False)
    found = counter.workshop.returns._refunds.returnable(counter.journal.recent(1)[0].sale.sale_id)
    known = None if left is None else Decimal(left)
    view = ReturnView(step=ReturnStep.AMOUNT, found=found, plan=found.plan(None, known), balance=known)
    card = return_card(
        view, found, Wording.of("en_IN", ZONE, PointName("coin", "coins")), counter.clock.now()
    )
    assert any(note in row.sentence.full for row in card.notes)
    if found.floors and known is not None:
        assert found.plan(None, known).taken_back == left
