"""Each committed effect takes hold exactly once, whatever breaks on the way."""

from __future__ import annotations

import random
from datetime import timedelta

import pytest
from msgspec.structs import replace

from cashier_app.domain.outcome import Reconciled, RetryLater, SignInNeeded
from cashier_app.domain.sale import EffectState
from cashier_app.errors import KnownError
from cashier_app.services import moves as rules
from cashier_app.services.delivery import Delivery
from tests.fakes.backend import Fault
from tests.fakes.committed import commit, earned_once, row
from tests.fakes.counter import Counter
from tests.fakes.delivering import deliver_due
from tests.fakes.failures import failing


# One effect.
def test_what_is_due_is_posted(counter: Counter) -> None:
    commit(counter)
    assert deliver_due(counter.delivery) == 1
    assert row(counter).state is EffectState.POSTED
    assert row(counter).booked is not None
    assert earned_once(counter)
    assert deliver_due(counter.delivery) == 0


@pytest.mark.parametrize(
    ("fault", "state", "answer", "online"),
    [
        (Fault.ANSWER_LOST, EffectState.UNKNOWN, "no answer within the limit", False),
        (Fault.REQUEST_LOST, EffectState.UNKNOWN, "the connection broke", False),
        (Fault.NOT_REACHED, EffectState.WAITING, "no route", False),
        (Fault.BUSY, EffectState.WAITING, "busy", True),
        (Fault.PENDING, EffectState.UNKNOWN, "accepted, not decided yet", True),
        (Fault.REFUSED, EffectState.NEEDS_ATTENTION, "not_allowed", True),
        (Fault.SIGN_IN, EffectState.WAITING, "sign-in needed", True),
    ],
)
def test_each_fault_has_its_state(
    counter: Counter,
    fault: Fault,
    state: EffectState,
    answer: str,
    online: bool,  # noqa: FBT001
) -> None:
    commit(counter)
    counter.backend.faults.append(fault)
    deliver_due(counter.delivery)
    assert (row(counter).state, row(counter).last_answer) == (state, answer)
    assert counter.connection.online is online
    assert counter.connection.sign_in_needed is (fault is Fault.SIGN_IN)


@pytest.mark.parametrize("fault", [one for one in Fault if one not in {Fault.REFUSED, Fault.BUG}])
def test_every_fault_that_passes_ends_posted_once(counter: Counter, fault: Fault) -> None:
    commit(counter)
    counter.backend.faults.extend([fault] * 3)
    counter.drain()
    assert row(counter).state is EffectState.POSTED
    assert earned_once(counter)


def test_what_is_in_doubt_is_looked_up_and_never_sent_blindly(counter: Counter) -> None:
    key = commit(counter)
    counter.backend.faults.append(Fault.ANSWER_LOST)
    counter.drain()
    assert counter.backend.sent == [key]
    assert row(counter).state is EffectState.POSTED


def test_look_ups_without_an_answer_end_with_a_person(counter: Counter) -> None:
    key = commit(counter)
    counter.backend.faults.append(Fault.ANSWER_LOST)
    counter.backend.look_ups_lost = 1000
    for others in range(2, 40):
        commit(counter, others, "m-2")
        counter.deliver()
        counter.deliver()
        assert row(counter, others).state is EffectState.POSTED, "the others go on"
        counter.clock.advance(300)
    assert row(counter).state is EffectState.NEEDS_ATTENTION
    assert counter.backend.sent.count(key) == 1
    counter.backend.look_ups_lost = 0
    counter.delivery.look_up(key)
    assert row(counter).state is EffectState.POSTED
    assert earned_once(counter)


@pytest.mark.parametrize(
    ("answer", "text", "seconds", "online"),
    [
        (SignInNeeded(), "sign-in needed", rules.SIGN_IN_WAIT_SECONDS, True),
        (RetryLater(600, "busy"), "busy", 600, True),
        (RetryLater(600), "try later", 600, True),
        (RetryLater(600, "no route", reached=False), "no route", 600, False),
    ],
)
def test_a_look_up_put_off_is_made_again(
    counter: Counter,
    answer: Reconciled,
    text: str,
    seconds: float,
    online: bool,  # noqa: FBT001
) -> None:
    commit(counter)
    counter.backend.faults.append(Fault.ANSWER_LOST)
    counter.backend.look_up_answers.append(answer)
    deliver_due(counter.delivery)
    counter.clock.advance(5)
    deliver_due(counter.delivery)
    assert (row(counter).state, row(counter).last_answer) == (EffectState.UNKNOWN, text)
    assert row(counter).next_attempt_at == counter.clock.now() + timedelta(seconds=seconds)
    assert counter.connection.online is online
    counter.drain()
    assert earned_once(counter)


def test_an_outage_hands_nothing_to_a_person_for_half_a_day(counter: Counter) -> None:
    commit(counter)
    counter.backend.faults.append(Fault.ANSWER_LOST)
    counter.backend.look_ups_lost = 1000
    for _ in range(11):
        for _ in range(12):
            counter.deliver()
            counter.clock.advance(300)
        assert row(counter).state is EffectState.UNKNOWN
    assert row(counter).attempts > rules.LOOK_UPS_BEFORE_ATTENTION
    for _ in range(24):
        counter.deliver()
        counter.clock.advance(300)
    assert row(counter).state is EffectState.NEEDS_ATTENTION


def test_what_is_not_decided_yet_is_asked_about_again(counter: Counter) -> None:
    commit(counter)
    counter.backend.polls = rules.LOOK_UPS_BEFORE_ATTENTION + 3
    counter.backend.faults.append(Fault.PENDING)
    counter.drain()
    assert row(counter).state is EffectState.POSTED
    assert earned_once(counter)


@pytest.mark.parametrize(("seconds", "early", "late"), [(60, 59, 61), (0, 0.4, 5)])
def test_nothing_is_sent_before_it_may_be(counter: Counter, seconds: int, early: float, late: float) -> None:
    commit(counter)
    counter.backend.busy_seconds = seconds
    counter.backend.faults.append(Fault.BUSY)
    deliver_due(counter.delivery)
    counter.clock.advance(early)
    assert deliver_due(counter.delivery) == 0
    counter.clock.advance(late)
    assert deliver_due(counter.delivery) == 1


def test_waits_double_up_to_five_minutes(counter: Counter) -> None:
    commit(counter)
    waits = []
    for attempts in range(20):
        most = min(300.0, 2.0**attempts)
        one = replace(row(counter), attempts=attempts)
        drawn = [counter.delivery._wait(one) for _ in range(200)]
        assert all(0.5 <= wait <= most for wait in drawn)
        waits.append(max(drawn))
    assert waits[-1] > 200


def test_an_outage_of_half_an_hour_costs_few_requests(counter: Counter) -> None:
    commit(counter)
    counter.backend.faults.extend([Fault.BUSY] * 10_000)
    for _ in range(1800):
        deliver_due(counter.delivery)
        counter.clock.advance(1)
    assert len(counter.backend.sent) <= 25


def test_without_a_chance_given_waits_are_random(counter: Counter) -> None:
    plain = Delivery(counter.backend, counter.journal, counter.clock, counter.connection)
    assert isinstance(plain._chance, random.Random)


# Bugs and full disks.
@pytest.mark.expects_log("met a bug")
def test_an_effect_that_meets_a_bug_is_set_aside_and_the_rest_goes_on(counter: Counter) -> None:
    commit(counter, 1)
    commit(counter, 2, "m-2")
    counter.backend.faults.append(Fault.BUG)
    assert deliver_due(counter.delivery) == 2
    assert row(counter, 1).state is EffectState.UNKNOWN
    assert row(counter, 2).state is EffectState.POSTED
    counter.drain()
    assert earned_once(counter)


@pytest.mark.expects_log("met a bug")
def test_a_bug_that_stays_ends_with_a_person(counter: Counter, monkeypatch: pytest.MonkeyPatch) -> None:
    commit(counter)
    counter.backend.faults.append(Fault.BUG)
    monkeypatch.setattr(counter.backend, "reconcile", failing(ZeroDivisionError()))
    counter.drain()
    assert row(counter).state is EffectState.NEEDS_ATTENTION


def test_an_outcome_that_could_not_be_written_is_looked_up(
    counter: Counter, monkeypatch: pytest.MonkeyPatch
) -> None:
    key = commit(counter)
    real = counter.journal.move

    def full(key: str, state: EffectState, **more: object) -> bool:
        if state is EffectState.POSTED:
            raise KnownError("The disk is full.")
        return real(key, state, **more)  # type: ignore[arg-type]

    monkeypatch.setattr(counter.journal, "move", full)
    with pytest.raises(KnownError):
        deliver_due(counter.delivery)
    assert row(counter).state is EffectState.SENDING
    monkeypatch.setattr(counter.journal, "move", real)
    counter.drain()
    assert row(counter).state is EffectState.POSTED
    assert counter.backend.sent == [key]
    assert earned_once(counter)
