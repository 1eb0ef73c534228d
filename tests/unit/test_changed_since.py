"""What was shown of a sale and does not hold any more is not done: it is shown again."""

from __future__ import annotations

import threading
from collections.abc import Callable
from decimal import Decimal

import pytest
from msgspec.structs import replace

from cashier_app.backends.plain_backend import PointsRules
from cashier_app.domain.identifier import PhoneNumber
from cashier_app.domain.money import Money
from cashier_app.domain.refund import RefundPlan, Returned
from cashier_app.domain.sale import OF_RETURNS, Effect, EffectKind, Sale, effect_key
from cashier_app.ports.journal import CHANGED_SINCE, ChangedSinceError, seen_of
from cashier_app.services.exchanging import Exchanged
from cashier_app.services.returnable import Returnable
from cashier_app.services.undoable import Movable, NotUndoable, Undoable
from tests.fakes.counter import PRIYAS_CODE, RAHULS_PHONE, Counter
from tests.fakes.shop import RUPEE


@pytest.fixture
def sold(counter: Counter, monkeypatch: pytest.MonkeyPatch) -> Sale:
    """Sell something with points used, to a backend that moves points; all of it posted."""
    monkeypatch.setattr(counter.backend, "plan_refund", PointsRules().plan_refund)
    counter.session.scan(PRIYAS_CODE)
    counter.type("2360")
    counter.press_enter(3)
    counter.drain()
    counter.session.next_customer()
    return counter.journal.recent(1)[0].sale


def returned_kinds(counter: Counter, sale: Sale) -> list[str]:
    return [
        row.effect.key[37:]
        for row in counter.journal.effects_of(sale.sale_id)
        if row.effect.kind in OF_RETURNS
    ]


def part(counter: Counter, sale: Sale, rupees: int) -> RefundPlan | Returnable:
    returns = counter.workshop.returns
    found = returns.open(sale)
    assert isinstance(found, Returnable)
    return returns.take_back(found, Money(rupees * 100, RUPEE))


def test_a_return_shown_before_another_one_is_shown_again(counter: Counter, sold: Sale) -> None:
    returns = counter.workshop.returns
    shown = returns.open(sold)
    assert isinstance(shown, Returnable)
    hundred = Money(100_00, RUPEE)
    assert isinstance(returns.take_back(shown, hundred), RefundPlan)
    # It comes to the same money, and is another return all the same.
    again = returns.take_back(shown, hundred)
    assert isinstance(again, Returnable)
    assert again.left == sold.bill - hundred
    assert {key[-1] for key in returned_kinds(counter, sold)} == {"1"}


def between(counter: Counter, monkeypatch: pytest.MonkeyPatch, act: Callable[[], object]) -> None:
    """Have something happen after a return was reckoned and before it is written down; once."""
    left = [act]
    journal = counter.journal
    queue, note, commit = journal.queue_refund, journal.note_return, journal.commit_sale

    def first(go: Callable[..., object]) -> Callable[..., object]:
        def gone(*args: object, **named: object) -> object:
            if left:
                left.pop()()
            return go(*args, **named)

        return gone

    monkeypatch.setattr(journal, "queue_refund", first(queue))
    monkeypatch.setattr(journal, "note_return", first(note))
    monkeypatch.setattr(journal, "commit_sale", first(commit))


def test_a_void_that_a_return_overtakes_is_none(
    counter: Counter, sold: Sale, monkeypatch: pytest.MonkeyPatch
) -> None:
    undoing = counter.workshop.undoing
    shown = undoing.look_at(sold.sale_id)
    assert isinstance(shown, Undoable)
    # So little that it gives no points back: its keys are others than those of the void.
    between(counter, monkeypatch, lambda: part(counter, sold, 20))
    answer = undoing.void(shown)
    assert isinstance(answer, NotUndoable)
    assert all(key.endswith("-1") for key in returned_kinds(counter, sold))
    counter.drain()
    assert counter.backend.members["m-1"].balance != Decimal(1240), "only a part came back"


def test_a_return_that_a_void_overtakes_is_none(
    counter: Counter, sold: Sale, monkeypatch: pytest.MonkeyPatch
) -> None:
    undoing, returns = counter.workshop.undoing, counter.workshop.returns
    shown, found = undoing.look_at(sold.sale_id), returns.open(sold)
    assert isinstance(shown, Undoable)
    assert isinstance(found, Returnable)
    between(counter, monkeypatch, lambda: undoing.void(shown))
    answer = returns.take_back(found, Money(20_00, RUPEE))
    assert isinstance(answer, Returnable)
    assert not answer.left.minor
    counter.drain()
    assert counter.backend.members["m-1"].balance == Decimal(1240)


def test_a_move_that_a_return_overtakes_is_none(
    counter: Counter, sold: Sale, monkeypatch: pytest.MonkeyPatch
) -> None:
    undoing = counter.workshop.undoing
    shown = undoing.look_at(sold.sale_id)
    assert isinstance(shown, Undoable)
    other = undoing.look_for_member(shown, PhoneNumber(f"+91{RAHULS_PHONE}"))
    assert isinstance(other, Movable)
    between(counter, monkeypatch, lambda: part(counter, sold, 20))
    assert isinstance(undoing.move(other), NotUndoable)
    assert counter.journal.sale(other.sale_id) is None


def test_an_exchange_that_a_return_overtakes_is_shown_again(
    counter: Counter, sold: Sale, monkeypatch: pytest.MonkeyPatch
) -> None:
    exchanges, returns = counter.workshop.exchanges, counter.workshop.returns
    found = returns.open(sold)
    assert isinstance(found, Returnable)
    terms = exchanges.terms(found)
    back, bill = Returned(amount=Money(100_00, RUPEE)), Money(300_00, RUPEE)
    between(counter, monkeypatch, lambda: part(counter, sold, 20))
    again = exchanges.commit(found, back, None, terms, bill)
    assert isinstance(again, Returnable)
    assert counter.journal.sale(terms.sale_id) is None
    assert isinstance(exchanges.commit(again, back, None, terms, bill), Exchanged)


def test_posting_the_sale_meanwhile_stands_in_nobodys_way(
    counter: Counter, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(counter.backend, "plan_refund", PointsRules().plan_refund)
    counter.session.scan(PRIYAS_CODE)
    counter.type("2360")
    counter.press_enter(3)
    sale = counter.journal.recent(1)[0].sale
    between(counter, monkeypatch, counter.deliver)
    shown = counter.workshop.undoing.look_at(sale.sale_id)
    assert isinstance(shown, Undoable)
    assert counter.workshop.undoing.void(shown) == sale
    counter.drain()
    assert counter.backend.members["m-1"].balance == Decimal(1240)


def test_the_journal_keeps_one_return_of_each_count(counter: Counter, sold: Sale) -> None:
    def told(kind: EffectKind) -> Effect:
        (sale,) = [row.effect for row in counter.rows() if row.effect.kind is EffectKind.SALE]
        return replace(sale, key=effect_key(sold.sale_id, kind), kind=kind)

    seen = seen_of(counter.journal.effects_of(sold.sale_id))
    assert counter.journal.queue_refund([told(EffectKind.CLAW_BACK)], seen)
    assert not counter.journal.queue_refund([told(EffectKind.RESTORE)])
    second = replace(told(EffectKind.RESTORE), key=effect_key(sold.sale_id, EffectKind.RESTORE, 2))
    assert not counter.journal.queue_refund([second], seen)
    assert counter.journal.queue_refund([second], seen_of(counter.journal.effects_of(sold.sale_id)))


def test_two_workers_at_once_take_back_once(counter: Counter, sold: Sale) -> None:
    returns, undoing = counter.workshop.returns, counter.workshop.undoing
    found, shown = returns.open(sold), undoing.look_at(sold.sale_id)
    assert isinstance(found, Returnable)
    assert isinstance(shown, Undoable)
    together = threading.Barrier(4)
    answers: list[object] = []

    def do(act: Callable[[], object]) -> None:
        together.wait()
        answers.append(act())

    acts = [lambda: returns.take_back(found, None)] * 3 + [lambda: undoing.void(shown)]
    threads = [threading.Thread(target=do, args=(act,)) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len([one for one in answers if isinstance(one, RefundPlan | Sale)]) == 1
    counter.drain()
    assert counter.backend.members["m-1"].balance == Decimal(1240)


def test_what_changed_since_is_said_in_one_sentence() -> None:
    assert ChangedSinceError().sentence == CHANGED_SINCE
