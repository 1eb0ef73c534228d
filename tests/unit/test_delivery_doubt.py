"""What is sent again, looked up or handed to a person, by what the backend declares it can do."""

from __future__ import annotations

from datetime import timedelta

import pytest
from msgspec.structs import replace

from cashier_app.domain.outcome import NotApplied, Reconciled
from cashier_app.domain.sale import Effect, EffectKind, EffectState
from cashier_app.ports.loyalty import Idempotency
from cashier_app.services.doubt import CANNOT_BE_LOOKED_UP, KEY_LIFE_MARGIN, Doubts
from tests.fakes.backend import CAPABILITIES, Fault
from tests.fakes.committed import commit, earned_once, row
from tests.fakes.counter import Counter
from tests.fakes.delivering import deliver_due
from tests.fakes.effects import effect, sale_id

LIFE = timedelta(minutes=30)
LAG = timedelta(seconds=20)
NO_KEYS = replace(CAPABILITIES, idempotency=Idempotency.READ_BACK, search_lag=LAG)
SHORT_KEYS = replace(CAPABILITIES, key_life=LIFE, search_lag=LAG)
BLIND = replace(CAPABILITIES, key_life=LIFE, search_lag=None)


def lose_an_answer(counter: Counter) -> str:
    key = commit(counter)
    counter.backend.faults.append(Fault.ANSWER_LOST)
    deliver_due(counter.delivery)
    return key


def not_found(counter: Counter, times: int) -> None:
    answers: list[Reconciled] = [NotApplied()] * times
    counter.backend.look_up_answers.extend(answers)


def pass_time(counter: Counter, seconds: float) -> None:
    """Let time pass in quarters of seconds while the sender works."""
    for _ in range(int(seconds * 4)):
        counter.clock.advance(0.25)
        counter.deliver()


# No keys: a search must have had its time.
def test_nothing_is_sent_again_before_a_search_can_be_believed(counter: Counter) -> None:
    counter.backend.can = NO_KEYS
    key = lose_an_answer(counter)
    not_found(counter, 1000)
    pass_time(counter, LAG.total_seconds() - 0.5)
    assert counter.backend.sent == [key]
    counter.backend.look_up_answers.clear()
    counter.drain()
    assert counter.backend.sent == [key]
    assert earned_once(counter)


def test_what_a_believed_search_does_not_find_is_sent_again(counter: Counter) -> None:
    counter.backend.can = NO_KEYS
    key = commit(counter)
    counter.backend.faults.append(Fault.REQUEST_LOST)
    deliver_due(counter.delivery)
    pass_time(counter, LAG.total_seconds() + 1)
    assert counter.backend.sent == [key, key]
    assert earned_once(counter)


@pytest.mark.parametrize("set_by", [timedelta(days=400), timedelta(days=-400), timedelta(minutes=1)])
def test_setting_the_clock_makes_no_search_older(counter: Counter, set_by: timedelta) -> None:
    counter.backend.can = NO_KEYS
    key = lose_an_answer(counter)
    not_found(counter, 1000)
    counter.clock.jump(set_by.total_seconds())
    pass_time(counter, LAG.total_seconds() - 1)
    assert counter.backend.sent == [key]


def test_after_a_restart_the_search_gets_its_time_anew(counter: Counter) -> None:
    counter.backend.can = NO_KEYS
    key = lose_an_answer(counter)
    not_found(counter, 1000)
    counter.clock.advance(LAG.total_seconds() - 1)
    counter.restart()
    pass_time(counter, LAG.total_seconds() - 1)
    assert counter.backend.sent == [key]


def test_a_wish_does_not_shorten_it(counter: Counter) -> None:
    counter.backend.can = NO_KEYS
    key = lose_an_answer(counter)
    not_found(counter, 3)
    counter.delivery.look_up(key)
    counter.journal.move(key, EffectState.NEEDS_ATTENTION, answer="x", at=counter.clock.now())
    counter.delivery.look_up(key)
    assert counter.backend.sent == [key]
    assert row(counter).state is EffectState.NEEDS_ATTENTION


def test_a_hold_not_found_yet_is_not_forgotten(counter: Counter) -> None:
    counter.backend.can = replace(CAPABILITIES, search_lag=LAG)
    held = effect(EffectKind.RESERVE)
    counter.journal.open_draft(sale_id(1), held)
    counter.backend.apply(held)
    not_found(counter, 1)
    counter.restart()
    counter.deliver()
    assert row(counter, 1, EffectKind.RESERVE).state is EffectState.UNKNOWN
    counter.drain()
    assert counter.backend.open_holds() == []


# Keys that live for half an hour.
@pytest.mark.parametrize(
    ("age", "believed"),
    [
        (LIFE - KEY_LIFE_MARGIN - timedelta(seconds=1), True),
        (LIFE - timedelta(seconds=1), False),
        (LIFE + timedelta(seconds=1), False),
        (timedelta(seconds=-1), False),
    ],
)
def test_a_key_protects_only_while_it_lives(
    counter: Counter,
    age: timedelta,
    believed: bool,  # noqa: FBT001
) -> None:
    counter.backend.can = SHORT_KEYS
    lose_an_answer(counter)
    since = row(counter).in_doubt_since
    assert since == counter.clock.now()
    doubts = Doubts(counter.backend, counter.clock)
    assert doubts.may_repeat(replace(row(counter), in_doubt_since=counter.clock.now() - age)) is believed
    assert doubts.until_believed(row(counter)) == LAG.total_seconds()


def test_a_clock_that_was_set_says_nothing_about_age(counter: Counter) -> None:
    counter.backend.can = BLIND
    key = lose_an_answer(counter)
    counter.clock.jump(-120)
    counter.clock.advance(121)
    counter.drain()
    assert counter.backend.sent == [key]
    assert row(counter).state is EffectState.NEEDS_ATTENTION


def test_past_its_keys_life_what_waits_after_a_doubt_is_looked_up_first(counter: Counter) -> None:
    """Lost, not found by a search that lags, sent again, told to wait: only then does the key run out."""
    counter.backend.can = SHORT_KEYS
    key = lose_an_answer(counter)
    not_found(counter, 1)
    counter.backend.faults.append(Fault.BUSY)
    pass_time(counter, 2)
    assert row(counter).state is EffectState.WAITING
    counter.clock.advance(LIFE.total_seconds())
    counter.backend.sent.clear()
    counter.drain()
    assert counter.backend.sent == []
    assert (row(counter).state, row(counter).effect.key) == (EffectState.POSTED, key)


def test_what_never_arrived_is_sent_however_old_it_is(counter: Counter) -> None:
    counter.backend.can = BLIND
    commit(counter)
    counter.backend.faults.append(Fault.NOT_REACHED)
    counter.deliver()
    counter.clock.advance(3 * 86400)
    counter.drain()
    assert row(counter).state is EffectState.POSTED


# Nothing can be looked up.
def test_where_nothing_can_be_looked_up_a_living_key_is_sent_again(
    counter: Counter, monkeypatch: pytest.MonkeyPatch
) -> None:
    counter.backend.can = BLIND
    monkeypatch.setattr(counter.backend, "reconcile", lambda _: pytest.fail("it cannot"))
    key = lose_an_answer(counter)
    counter.drain()
    assert counter.backend.sent == [key, key]
    assert earned_once(counter)


def test_where_nothing_can_be_looked_up_a_dead_key_goes_to_a_person(counter: Counter) -> None:
    counter.backend.can = BLIND
    key = lose_an_answer(counter)
    counter.clock.advance(LIFE.total_seconds())
    counter.drain()
    assert (row(counter).state, row(counter).last_answer) == (
        EffectState.NEEDS_ATTENTION,
        CANNOT_BE_LOOKED_UP,
    )
    counter.delivery.look_up(key)
    assert counter.backend.sent == [key], "not even at a wish"


def test_where_nothing_can_be_looked_up_a_refusal_may_still_be_sent_again(counter: Counter) -> None:
    counter.backend.can = BLIND
    key = commit(counter)
    counter.backend.faults.append(Fault.REFUSED)
    counter.drain()
    counter.clock.advance(LIFE.total_seconds())
    counter.delivery.look_up(key)
    assert row(counter).state is EffectState.POSTED


def test_where_nothing_can_be_looked_up_a_hold_is_left_to_end(counter: Counter) -> None:
    counter.backend.can = BLIND
    counter.journal.open_draft(sale_id(1), effect(EffectKind.RESERVE))
    counter.restart()
    counter.drain()
    assert {one.state for one in counter.rows()} == {EffectState.DROPPED}


# What may be known only by when it was done is looked up with the time of the first doubtful attempt.
def test_a_look_up_says_since_when_the_effect_is_in_doubt(
    counter: Counter, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[Effect] = []
    plain = counter.backend.reconcile
    monkeypatch.setattr(counter.backend, "reconcile", lambda one: (seen.append(one), plain(one))[1])
    committed = counter.clock.now()
    commit(counter)
    commit(counter, 2, "m-2")
    counter.clock.advance(60)
    counter.backend.faults.append(Fault.ANSWER_LOST)
    deliver_due(counter.delivery)
    counter.drain()
    assert [one.in_doubt_since for one in seen] == [row(counter).in_doubt_since]
    assert seen[0].in_doubt_since == committed + timedelta(seconds=60)
    other = row(counter, 2).booked
    assert other is not None
    assert seen[0].others == (other.reference,), "what is another's is told as well"
