"""Holds, releases and captures, also over a restart."""

from __future__ import annotations

from decimal import Decimal

import pytest

from cashier_app.domain.outcome import NotApplied, RefusedBecause
from cashier_app.domain.sale import EffectKind, EffectState
from tests.fakes.backend import HOLD
from tests.fakes.committed import commit, earned_once, row
from tests.fakes.counter import Counter
from tests.fakes.delivering import deliver_due
from tests.fakes.effects import effect, sale, sale_id


def test_the_hold_of_a_customer_who_left_is_released_once_at_the_next_start(counter: Counter) -> None:
    held = effect(EffectKind.RESERVE)
    counter.journal.open_draft(sale_id(1), held)
    counter.backend.apply(held)
    counter.restart()
    counter.delivery.recover()
    counter.drain()
    assert counter.backend.open_holds() == []
    assert counter.backend.took_hold[sale_id(1), EffectKind.RELEASE] == 1
    assert counter.journal.drafts() == []


def test_what_was_being_sent_when_the_program_ended_is_looked_up(counter: Counter) -> None:
    key = commit(counter)
    counter.journal.move(key, EffectState.SENDING, answer="", at=counter.clock.now())
    counter.backend.apply(effect(EffectKind.SALE))
    counter.restart()
    counter.drain()
    assert counter.backend.sent == [key], "found by its key, not sent again"
    assert earned_once(counter)


def test_a_hold_is_never_asked_for_twice(counter: Counter) -> None:
    counter.journal.open_draft(sale_id(1), effect(EffectKind.RESERVE))
    counter.restart()
    counter.drain()
    assert counter.backend.sent == []
    assert [one.state for one in counter.rows()] == [EffectState.DROPPED, EffectState.DROPPED]


def test_a_release_in_doubt_without_a_hold_is_dropped(counter: Counter) -> None:
    release = effect(EffectKind.RELEASE)
    counter.journal.open_draft(sale_id(1), effect(EffectKind.RESERVE))
    counter.journal.reservation_made(sale_id(1), None, "refused")
    counter.journal.abandon_draft(sale_id(1), release, "x")
    counter.journal.move(release.key, EffectState.SENDING, answer="", at=counter.clock.now())
    counter.restart()
    counter.drain()
    assert row(counter, 1, EffectKind.RELEASE).state is EffectState.DROPPED


def test_a_capture_whose_hold_ended_is_never_lost(counter: Counter) -> None:
    held = effect(EffectKind.RESERVE)
    counter.journal.open_draft(sale_id(1), held)
    counter.backend.apply(held)
    counter.journal.reservation_made(sale_id(1), counter.backend.booked[held.key], "held")
    counter.journal.commit_sale(sale(1), [effect(EffectKind.CAPTURE), effect(EffectKind.SALE)])
    counter.clock.advance(HOLD.total_seconds())
    counter.backend.members["m-1"].balance = Decimal(0)
    counter.drain()
    assert row(counter, 1, EffectKind.CAPTURE).state is EffectState.NEEDS_ATTENTION
    assert row(counter, 1, EffectKind.CAPTURE).last_answer == RefusedBecause.RESERVATION_GONE.value
    assert row(counter).state is EffectState.POSTED


def test_only_a_look_up_says_that_nothing_was_applied(counter: Counter) -> None:
    commit(counter)
    with pytest.raises(ValueError, match="only a look-up"):
        counter.delivery._record(row(counter), NotApplied())


def test_a_hold_under_way_is_left_to_the_checkout(counter: Counter) -> None:
    counter.journal.open_draft(sale_id(1), effect(EffectKind.RESERVE))
    deliver_due(counter.delivery)
    assert row(counter, 1, EffectKind.RESERVE).state is EffectState.SENDING
