"""What a backend refuses waits for a person, who may have it looked up or sent again."""

from __future__ import annotations

from typing import Any

import pytest
from msgspec.structs import replace

from cashier_app.domain.sale import EffectState
from cashier_app.domain.settlement import Settlement, Truth
from cashier_app.ports.journal import QueueCounts
from tests.fakes.backend import Fault
from tests.fakes.committed import commit, earned_once, row
from tests.fakes.counter import Counter
from tests.fakes.delivering import deliver_due


# Refusals.
def test_a_refused_effect_waits_for_a_person_and_the_rest_goes_on(counter: Counter) -> None:
    commit(counter, 1)
    commit(counter, 2)
    commit(counter, 3, "m-2")
    counter.backend.faults.append(Fault.REFUSED)
    counter.drain()
    assert row(counter, 1).state is EffectState.NEEDS_ATTENTION
    assert row(counter, 2).state is row(counter, 3).state is EffectState.POSTED
    assert counter.journal.counts() == QueueCounts(0, 1)


def test_a_person_may_have_a_refused_effect_sent_again_with_its_key(counter: Counter) -> None:
    key = commit(counter)
    counter.backend.faults.append(Fault.REFUSED)
    counter.drain()
    counter.delivery.look_up(key)
    assert counter.backend.sent == [key, key]
    assert row(counter).state is EffectState.POSTED


@pytest.mark.parametrize("lost", [0, 1])
def test_looking_up_what_cannot_be_answered_changes_nothing(counter: Counter, lost: int) -> None:
    key = commit(counter)
    counter.backend.faults.append(Fault.REFUSED)
    counter.drain()
    counter.backend.silent = not lost
    counter.backend.look_ups_lost = lost
    counter.delivery.look_up(key)
    assert row(counter).state is EffectState.NEEDS_ATTENTION
    assert not counter.connection.online


def test_an_effect_settled_by_the_backend_itself_is_found(counter: Counter) -> None:
    key = commit(counter)
    counter.backend.faults.append(Fault.REFUSED)
    counter.drain()
    counter.backend.apply(row(counter).effect)
    counter.delivery.look_up(key)
    assert row(counter).state is EffectState.POSTED
    assert earned_once(counter)


@pytest.mark.parametrize("booked", [True, False])
@pytest.mark.parametrize("blind", [True, False])
def test_what_a_person_settles_while_it_is_looked_up_stays_settled(
    counter: Counter, monkeypatch: pytest.MonkeyPatch, *, blind: bool, booked: bool
) -> None:
    if blind:
        counter.backend.can = replace(counter.backend.can, search_lag=None)
    key = commit(counter)
    counter.backend.faults.append(Fault.REFUSED)
    counter.drain()
    if booked:
        counter.backend.apply(row(counter).effect)
    before = list(counter.backend.sent)
    move, word = (
        counter.journal.move,
        Settlement(key, Truth.NOT_BOOKED, "Meera", "asked", counter.clock.now()),
    )

    def settled_first(*moved: Any, **named: Any) -> bool:  # noqa: ANN401
        monkeypatch.undo()
        assert counter.journal.settle_by_hand(word)
        return move(*moved, **named)

    monkeypatch.setattr(counter.journal, "move", settled_first)
    counter.delivery.look_up(key)
    assert row(counter).state is EffectState.DROPPED
    assert counter.backend.sent == before


# Wishes.
@pytest.mark.parametrize("fault", [Fault.BUSY, Fault.ANSWER_LOST])
def test_a_wish_overrules_the_waiting_time(counter: Counter, fault: Fault) -> None:
    key = commit(counter)
    counter.backend.busy_seconds = 900
    counter.backend.faults.append(fault)
    deliver_due(counter.delivery)
    counter.delivery.look_up(key)
    assert row(counter).state is EffectState.POSTED


def test_even_a_wish_overtakes_nothing_of_the_same_account(counter: Counter) -> None:
    first, second = commit(counter, 1), commit(counter, 2)
    counter.backend.busy_seconds = 900
    counter.backend.faults.append(Fault.BUSY)
    deliver_due(counter.delivery)
    counter.delivery.look_up(second)
    assert counter.backend.sent == [first]
    assert row(counter, 2).state is EffectState.WAITING


def test_a_wish_for_an_unknown_key_is_no_harm(counter: Counter) -> None:
    counter.delivery.look_up("nothing is called this")
    assert counter.backend.sent == []
