"""Each committed effect takes hold exactly once, whatever breaks on the way."""

from __future__ import annotations

import logging
import random
import threading
from collections.abc import Callable, Iterator
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from msgspec.structs import replace

from cashier_app.domain.outcome import NotApplied, Reconciled, RefusedBecause, RetryLater, SignInNeeded
from cashier_app.domain.sale import EffectKind, EffectState
from cashier_app.errors import KnownError
from cashier_app.ports.journal import EffectRow, QueueCounts
from cashier_app.services import delivery as rules
from cashier_app.services.delivery import Delivery, Sender
from tests.fakes.backend import HOLD, Fault
from tests.fakes.counter import Counter
from tests.fakes.effects import effect, sale, sale_id

WAIT_SECONDS = 20.0


@pytest.fixture
def counter(tmp_path: Path) -> Iterator[Counter]:
    opened = Counter(tmp_path)
    yield opened
    opened.close()


def commit(counter: Counter, count: int = 1, member_id: str = "m-1") -> str:
    """Commit the n-th sale and return the key of its one effect."""
    one = effect(EffectKind.SALE, count, member_id=member_id)
    counter.journal.commit_sale(sale(count, member_id=member_id), [one])
    return one.key


def row(counter: Counter, count: int = 1, kind: EffectKind = EffectKind.SALE) -> EffectRow:
    return next(one for one in counter.journal.effects_of(sale_id(count)) if one.effect.kind is kind)


def earned_once(counter: Counter, count: int = 1) -> bool:
    return counter.backend.took_hold[sale_id(count), EffectKind.SALE] == 1


# One effect.
def test_what_is_due_is_posted(counter: Counter) -> None:
    commit(counter)
    assert counter.delivery.deliver_due() == 1
    assert row(counter).state is EffectState.POSTED
    assert row(counter).booked is not None
    assert earned_once(counter)
    assert counter.delivery.deliver_due() == 0


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
    counter.delivery.deliver_due()
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
    counter.drain()
    assert row(counter).state is EffectState.NEEDS_ATTENTION
    assert counter.backend.sent == [key]
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
    counter.delivery.deliver_due()
    counter.clock.advance(5)
    counter.delivery.deliver_due()
    assert (row(counter).state, row(counter).last_answer) == (EffectState.UNKNOWN, text)
    assert row(counter).next_attempt_at == counter.clock.now() + timedelta(seconds=seconds)
    assert counter.connection.online is online
    counter.drain()
    assert earned_once(counter)


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
    counter.delivery.deliver_due()
    counter.clock.advance(early)
    assert counter.delivery.deliver_due() == 0
    counter.clock.advance(late)
    assert counter.delivery.deliver_due() == 1


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
        counter.delivery.deliver_due()
        counter.clock.advance(1)
    assert len(counter.backend.sent) <= 25


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


# Wishes.
@pytest.mark.parametrize("fault", [Fault.BUSY, Fault.ANSWER_LOST])
def test_a_wish_overrules_the_waiting_time(counter: Counter, fault: Fault) -> None:
    key = commit(counter)
    counter.backend.busy_seconds = 900
    counter.backend.faults.append(fault)
    counter.delivery.deliver_due()
    counter.delivery.look_up(key)
    assert row(counter).state is EffectState.POSTED


def test_even_a_wish_overtakes_nothing_of_the_same_account(counter: Counter) -> None:
    first, second = commit(counter, 1), commit(counter, 2)
    counter.backend.busy_seconds = 900
    counter.backend.faults.append(Fault.BUSY)
    counter.delivery.deliver_due()
    counter.delivery.look_up(second)
    assert counter.backend.sent == [first]
    assert row(counter, 2).state is EffectState.WAITING


def test_a_wish_for_an_unknown_key_is_no_harm(counter: Counter) -> None:
    counter.delivery.look_up("nothing is called this")
    assert counter.backend.sent == []


# The clock.
@pytest.mark.parametrize("days", [-400, 400, -0.1])
def test_setting_the_clock_stops_no_sale(counter: Counter, days: float) -> None:
    commit(counter)
    counter.backend.faults.append(Fault.BUSY)
    counter.delivery.deliver_due()
    counter.clock.jump(days * 86400)
    assert counter.delivery.deliver_due() == 1
    assert row(counter).state is EffectState.POSTED


def test_a_clock_set_while_the_program_was_off_stops_no_sale(counter: Counter) -> None:
    commit(counter)
    counter.clock.jump(-400 * 86400)
    counter.restart()
    assert counter.deliver() == 1


def test_sales_keep_their_order_whatever_the_clock_says(counter: Counter) -> None:
    first = commit(counter, 1)
    counter.clock.jump(-400 * 86400)
    second = effect(EffectKind.SALE, 2, at=counter.clock.now())
    counter.journal.commit_sale(sale(2, at=counter.clock.now()), [second])
    counter.drain()
    assert counter.backend.order == [first, second.key]


def test_a_sale_made_while_the_clock_was_wrong_does_not_wait_for_that_time(counter: Counter) -> None:
    counter.clock.jump(400 * 86400)
    late = effect(EffectKind.SALE, 1, at=counter.clock.now())
    counter.journal.commit_sale(sale(1, at=counter.clock.now()), [late])
    counter.clock.jump(-400 * 86400)
    assert counter.delivery.deliver_due() == 1


def test_a_clock_set_while_the_disk_was_full_is_minded_later(
    counter: Counter, monkeypatch: pytest.MonkeyPatch
) -> None:
    commit(counter)
    counter.backend.faults.append(Fault.BUSY)
    counter.delivery.deliver_due()
    counter.clock.jump(-400 * 86400)

    def full() -> None:
        raise KnownError("The disk is full.")

    with monkeypatch.context() as disk:
        disk.setattr(counter.journal, "make_due", full)
        with pytest.raises(KnownError):
            counter.delivery.deliver_due()
    assert counter.delivery.deliver_due() == 1


# The order.
def test_effects_of_one_account_keep_their_order(counter: Counter) -> None:
    keys = [commit(counter, count) for count in range(1, 6)]
    counter.backend.faults.extend([Fault.ANSWER_LOST, None, Fault.BUSY, Fault.PENDING, Fault.REQUEST_LOST])
    counter.drain()
    assert counter.backend.order == keys


def test_one_account_in_trouble_holds_up_no_other(counter: Counter) -> None:
    commit(counter, 1)
    commit(counter, 2, "m-2")
    counter.backend.busy_seconds = 900
    counter.backend.faults.append(Fault.BUSY)
    counter.delivery.deliver_due()
    assert row(counter, 2).state is EffectState.POSTED


def test_sending_stops_when_asked_to(counter: Counter) -> None:
    commit(counter)
    assert counter.delivery.deliver_due(lambda: True) == 0
    assert counter.backend.sent == []


@pytest.mark.parametrize("fault", [Fault.NOT_REACHED, Fault.SIGN_IN])
def test_the_rest_is_not_sent_into_the_void(counter: Counter, fault: Fault) -> None:
    for count, member in enumerate(["m-1", "m-2", "m-3"], start=1):
        commit(counter, count, member)
    counter.backend.faults.append(fault)
    assert counter.delivery.deliver_due() == 1
    assert len(counter.backend.sent) == 1


# The connection.
def test_the_queue_goes_at_once_when_the_backend_is_back(counter: Counter) -> None:
    commit(counter)
    counter.backend.silent = True
    for _ in range(12):
        counter.delivery.deliver_due()
        counter.clock.advance(300)
    online = [counter.connection.online]
    counter.delivery.probe()
    online.append(counter.connection.online)
    counter.backend.silent = False
    counter.delivery.probe()
    online.append(counter.connection.online)
    assert online == [False, False, True]
    assert counter.delivery.deliver_due() == 1


def test_being_reachable_is_not_being_signed_in(counter: Counter) -> None:
    commit(counter)
    counter.backend.faults.append(Fault.SIGN_IN)
    counter.delivery.deliver_due()
    counter.connection.silent()
    counter.delivery.probe()
    needed = [counter.connection.sign_in_needed]
    counter.delivery.deliver_due()
    needed.append(counter.connection.sign_in_needed)
    assert counter.connection.online
    assert needed == [True, False]


# Holds and releases.
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


# Bugs and full disks.
@pytest.mark.expects_log("met a bug")
def test_an_effect_that_meets_a_bug_is_set_aside_and_the_rest_goes_on(counter: Counter) -> None:
    commit(counter, 1)
    commit(counter, 2, "m-2")
    counter.backend.faults.append(Fault.BUG)
    assert counter.delivery.deliver_due() == 2
    assert row(counter, 1).state is EffectState.UNKNOWN
    assert row(counter, 2).state is EffectState.POSTED
    counter.drain()
    assert earned_once(counter)


@pytest.mark.expects_log("met a bug")
def test_a_bug_that_stays_ends_with_a_person(counter: Counter, monkeypatch: pytest.MonkeyPatch) -> None:
    commit(counter)
    counter.backend.faults.append(Fault.BUG)

    def broken(_: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(counter.backend, "reconcile", broken)
    counter.drain()
    assert row(counter).state is EffectState.NEEDS_ATTENTION


def test_an_outcome_that_could_not_be_written_is_looked_up(
    counter: Counter, monkeypatch: pytest.MonkeyPatch
) -> None:
    key = commit(counter)
    real = counter.journal.move

    def full(key: str, state: EffectState, **more: object) -> None:
        if state is EffectState.POSTED:
            raise KnownError("The disk is full.")
        real(key, state, **more)  # type: ignore[arg-type]

    monkeypatch.setattr(counter.journal, "move", full)
    with pytest.raises(KnownError):
        counter.delivery.deliver_due()
    assert row(counter).state is EffectState.SENDING
    monkeypatch.setattr(counter.journal, "move", real)
    counter.drain()
    assert row(counter).state is EffectState.POSTED
    assert counter.backend.sent == [key]
    assert earned_once(counter)


def test_a_hold_under_way_is_left_to_the_checkout(counter: Counter) -> None:
    counter.journal.open_draft(sale_id(1), effect(EffectKind.RESERVE))
    counter.delivery.deliver_due()
    assert row(counter, 1, EffectKind.RESERVE).state is EffectState.SENDING


# The sender's thread.
class Watched:
    """A running sender, and a way to wait for what it does."""

    def __init__(self, counter: Counter) -> None:
        self._changed = threading.Condition()
        self.counter = counter
        self.sender = Sender(
            counter.delivery, counter.journal, counter.clock, counter.connection, self._notice
        )

    def _notice(self) -> None:
        with self._changed:
            self._changed.notify_all()

    def until(self, holds: Callable[[], bool]) -> None:
        """Wait until this holds; it is looked at again after every change."""
        with self._changed:
            assert self._changed.wait_for(holds, WAIT_SECONDS)


@pytest.fixture
def running(counter: Counter, monkeypatch: pytest.MonkeyPatch) -> Iterator[Watched]:
    monkeypatch.setattr(rules, "PROBE_SECONDS", 0.01)
    monkeypatch.setattr(rules, "FIRST_WAIT_SECONDS", 0.01)
    monkeypatch.setattr(rules, "IDLE_SECONDS", 0.01)
    watched = Watched(counter)
    yield watched
    watched.sender.stop()


def test_a_started_sender_empties_the_queue(running: Watched) -> None:
    for count in range(1, 4):
        commit(running.counter, count)
    running.sender.start()
    running.until(lambda: running.counter.journal.counts() == QueueCounts(0, 0))
    assert len(running.counter.backend.order) == 3


def test_a_woken_sender_posts_what_was_committed(running: Watched) -> None:
    running.sender.start()
    commit(running.counter)
    running.sender.wake()
    running.until(lambda: running.counter.journal.counts() == QueueCounts(0, 0))


def test_a_sender_probes_until_the_backend_is_back(running: Watched) -> None:
    commit(running.counter)
    running.counter.backend.silent = True
    running.sender.start()
    running.until(lambda: not running.counter.connection.online)
    running.counter.backend.silent = False
    running.until(lambda: running.counter.journal.counts() == QueueCounts(0, 0))


def test_a_wish_is_done_in_the_senders_thread(running: Watched) -> None:
    key = commit(running.counter)
    running.counter.backend.faults.append(Fault.REFUSED)
    running.sender.start()
    running.until(lambda: running.counter.journal.counts() == QueueCounts(0, 1))
    running.sender.look_up(key)
    running.until(lambda: running.counter.journal.counts() == QueueCounts(0, 0))


def test_a_sender_survives_whatever_a_round_meets(
    running: Watched, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    errors: list[Exception] = [KnownError("The disk is full."), ZeroDivisionError("a bug")]
    real = running.counter.journal.next_due_at

    def failing() -> object:
        if errors:
            raise errors.pop(0)
        return real()

    monkeypatch.setattr(running.counter.journal, "next_due_at", failing)
    with caplog.at_level(logging.WARNING):
        running.sender.start()
        commit(running.counter)
        running.sender.wake()
        running.until(lambda: not errors and running.counter.journal.counts() == QueueCounts(0, 0))
    assert "the sender goes on: The disk is full." in caplog.text
    assert "the sender met a bug" in caplog.text


def test_a_refused_sign_in_is_not_hammered(running: Watched) -> None:
    for count, member in enumerate(["m-1", "m-2", "m-3"], start=1):
        commit(running.counter, count, member)
    running.counter.backend.faults.extend([Fault.SIGN_IN] * 100)
    running.sender.start()
    running.until(lambda: running.counter.connection.sign_in_needed)
    running.sender.stop()
    assert len(running.counter.backend.sent) == 1


def test_what_an_earlier_process_left_is_settled_before_anybody_sells(counter: Counter) -> None:
    counter.journal.open_draft(sale_id(1), effect(EffectKind.RESERVE))
    watched = Watched(counter)
    watched.sender.start()
    try:
        assert counter.journal.drafts() == []
    finally:
        watched.sender.stop()


def test_a_sender_that_cannot_settle_does_not_start(
    counter: Counter, monkeypatch: pytest.MonkeyPatch
) -> None:
    def damaged() -> list[EffectRow]:
        raise KnownError("The sales database is damaged.")

    monkeypatch.setattr(counter.journal, "interrupted", damaged)
    watched = Watched(counter)
    with pytest.raises(KnownError):
        watched.sender.start()
    watched.sender.stop()


def test_the_pause_follows_what_is_due(counter: Counter) -> None:
    assert counter.sender._pause() == rules.IDLE_SECONDS
    commit(counter)
    assert counter.sender._pause() == pytest.approx(0.05)
    counter.backend.busy_seconds = 10
    counter.backend.faults.append(Fault.BUSY)
    counter.delivery.deliver_due()
    assert counter.sender._pause() == pytest.approx(10)
    counter.clock.jump(timedelta(days=-400).total_seconds())
    assert counter.sender._pause() == rules.IDLE_SECONDS
    counter.connection.answered(sign_in_needed=True)
    assert counter.sender._pause() == rules.SIGN_IN_WAIT_SECONDS
    counter.connection.silent()
    assert counter.sender._pause() == rules.PROBE_SECONDS


def test_the_queue_screen_can_have_everything_sent(counter: Counter) -> None:
    commit(counter)
    counter.backend.busy_seconds = 900
    counter.backend.faults.append(Fault.BUSY)
    counter.delivery.deliver_due()
    assert [one.sale.sale_id for one in counter.workshop.queue.unsent()] == [sale_id(1)]
    counter.workshop.queue.send_all_now()
    assert counter.delivery.deliver_due() == 1
    counter.workshop.queue.look_up_now("key")
    counter.workshop.queue.send_again("key")
    assert counter.sender._wishes == ["key", "key"]


def test_without_a_chance_given_waits_are_random(counter: Counter) -> None:
    plain = Delivery(counter.backend, counter.journal, counter.clock, counter.connection)
    assert isinstance(plain._chance, random.Random)
