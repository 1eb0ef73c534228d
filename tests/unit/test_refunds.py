"""Goods that come back: whole, in parts, and as much as the backend can take."""

from __future__ import annotations

from decimal import Decimal

import pytest
from msgspec.structs import replace

from cashier_app.domain.money import Money
from cashier_app.domain.sale import Effect, EffectKind, EffectState
from cashier_app.errors import KnownError
from cashier_app.services.refunds import Refunds
from tests.fakes.backend import CAPABILITIES
from tests.fakes.counter import PRIYAS_CODE, Counter
from tests.fakes.shop import RUPEE
from tests.fakes.told_points import told_points


@pytest.fixture
def refunds(counter: Counter, monkeypatch: pytest.MonkeyPatch) -> Refunds:
    """Return refunds at a backend that is told points, not goods."""
    monkeypatch.setattr(counter.backend, "plan_refund", told_points)
    return Refunds(counter.journal, counter.backend, counter.workshop.lookup, counter.clock)


def sell(counter: Counter) -> str:
    """Sell for 2,360 with 200 coins used and 21 earned; return the sale's id."""
    counter.session.scan(PRIYAS_CODE)
    counter.type("2360")
    counter.press_enter(3)
    counter.session.next_customer()
    counter.drain()
    return counter.journal.recent(1)[0].sale.sale_id


def balance(counter: Counter) -> Decimal:
    return counter.backend.members["m-1"].balance


def test_a_whole_sale_leaves_no_trace_in_the_balance(counter: Counter, refunds: Refunds) -> None:
    before = balance(counter)
    sale_id = sell(counter)
    assert balance(counter) == before - 200 + 21
    assert refunds.undo(sale_id)
    counter.drain()
    assert balance(counter) == before
    assert not refunds.undo(sale_id)
    restored = counter.journal.effects_of(sale_id)[-1].effect
    assert (restored.kind, restored.original_key[-9:]) == (EffectKind.RESTORE, "capture-1")


def test_parts_come_to_the_whole(counter: Counter, refunds: Refunds) -> None:
    before = balance(counter)
    sale_id = sell(counter)
    plans = [refunds.take_back(sale_id, Money(minor, RUPEE)) for minor in (100000, 33333)]
    assert refunds.undo(sale_id), "the rest"
    assert not refunds.undo(sale_id)
    counter.drain()
    assert balance(counter) == before
    assert [plan.money_back.minor + plan.discount_back.minor for plan in plans] == [100000, 33333]
    keys = [row.effect.key[37:] for row in counter.journal.effects_of(sale_id)][3:]
    assert keys == ["clawback-1", "restore-1", "clawback-2", "restore-2", "clawback-3", "restore-3"]


def test_no_more_comes_back_than_was_sold(counter: Counter, refunds: Refunds) -> None:
    sale_id = sell(counter)
    refunds.take_back(sale_id, Money(200000, RUPEE))
    with pytest.raises(KnownError, match="more than is left"):
        refunds.take_back(sale_id, Money(36001, RUPEE))


def test_a_backend_that_takes_back_whole_sales_only(counter: Counter, refunds: Refunds) -> None:
    counter.backend.can = replace(CAPABILITIES, partial_refund=False)
    sale_id = sell(counter)
    with pytest.raises(KnownError, match="whole sales only"):
        refunds.take_back(sale_id, Money(100, RUPEE))
    assert refunds.take_back(sale_id, Money(236000, RUPEE)).money_back == Money(216000, RUPEE)


def test_points_that_cannot_be_given_back_are_not_promised(counter: Counter, refunds: Refunds) -> None:
    counter.backend.can = replace(CAPABILITIES, restores_points=False)
    before = balance(counter)
    assert refunds.undo(sell(counter))
    counter.drain()
    assert balance(counter) == before - 200


def test_what_a_manager_settled_as_never_booked_is_not_taken_back(counter: Counter, refunds: Refunds) -> None:
    counter.session.scan(PRIYAS_CODE)
    counter.type("2360")
    counter.press_enter(3)
    sale_id = counter.journal.recent(1)[0].sale.sale_id
    told = next(row for row in counter.rows() if row.effect.kind is EffectKind.SALE)
    counter.journal.move(told.effect.key, EffectState.SENDING, answer="", at=counter.clock.now())
    counter.journal.move(told.effect.key, EffectState.DROPPED, answer="by hand", at=counter.clock.now())
    assert refunds.undo(sale_id)
    kinds = [row.effect.kind for row in counter.journal.effects_of(sale_id)]
    assert EffectKind.CLAW_BACK not in kinds
    assert EffectKind.RESTORE in kinds


def test_the_backends_own_reference_goes_with_what_undoes_it(counter: Counter, refunds: Refunds) -> None:
    sale_id = sell(counter)
    sent: list[Effect] = []
    apply = counter.backend.apply
    counter.backend.apply = lambda effect: (sent.append(effect), apply(effect))[1]  # type: ignore[method-assign]
    assert refunds.undo(sale_id)
    counter.drain()
    references = {effect.kind: effect.original_reference for effect in sent}
    assert references == {
        EffectKind.CLAW_BACK: f"sale-{sale_id}-sale-1",
        EffectKind.RESTORE: f"taken-{sale_id}-capture-1",
    }
