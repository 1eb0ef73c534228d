"""The sender's thread: it starts, is woken, probes, pauses and stops."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest

from cashier_app.domain.sale import EffectKind
from cashier_app.errors import KnownError
from cashier_app.ports.journal import QueueCounts
from cashier_app.services import delivery as rules
from cashier_app.services import moves
from cashier_app.services import sender as thread
from cashier_app.services.moves import SIGN_IN_WAIT_SECONDS
from cashier_app.services.sender import Sender
from tests.fakes.backend import Fault
from tests.fakes.committed import commit
from tests.fakes.counter import Counter
from tests.fakes.delivering import deliver_due
from tests.fakes.effects import effect, sale_id
from tests.fakes.failures import failing

WAIT_SECONDS = 20.0


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
        """Let time pass until this holds; it is looked at again after every change."""
        until = time.monotonic() + WAIT_SECONDS
        with self._changed:
            while not self._changed.wait_for(holds, 0.02):
                assert time.monotonic() < until
                self.counter.clock.advance(1)


@pytest.fixture
def running(counter: Counter, monkeypatch: pytest.MonkeyPatch) -> Iterator[Watched]:
    monkeypatch.setattr(rules, "PROBE_SECONDS", 0.01)
    monkeypatch.setattr(moves, "FIRST_WAIT_SECONDS", 0.01)
    monkeypatch.setattr(thread, "IDLE_SECONDS", 0.01)
    monkeypatch.setattr(thread, "AFTER_TROUBLE_SECONDS", 0.01)
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
        running.until(
            lambda: "met a bug" in caplog.text and running.counter.journal.counts() == QueueCounts(0, 0)
        )
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
    monkeypatch.setattr(counter.journal, "interrupted", failing(KnownError("The sales database is damaged.")))
    watched = Watched(counter)
    with pytest.raises(KnownError):
        watched.sender.start()
    watched.sender.stop()


def test_the_pause_follows_what_is_due(counter: Counter) -> None:
    assert counter.sender._pause() == thread.IDLE_SECONDS
    commit(counter)
    assert counter.sender._pause() == pytest.approx(0.05)
    counter.backend.busy_seconds = 10
    counter.backend.faults.append(Fault.BUSY)
    deliver_due(counter.delivery)
    assert counter.sender._pause() == pytest.approx(10)
    counter.clock.jump(timedelta(days=-400).total_seconds())
    assert counter.sender._pause() == thread.IDLE_SECONDS
    counter.connection.answered(sign_in_needed=True)
    assert counter.sender._pause() == SIGN_IN_WAIT_SECONDS
    counter.connection.silent()
    assert counter.sender._pause() == thread.LEAST_PAUSE_SECONDS
    counter.backend.silent = True
    counter.delivery.probe()
    assert rules.PROBE_SECONDS <= counter.sender._pause() <= 2 * rules.PROBE_SECONDS


def test_the_queue_screen_can_have_everything_sent(counter: Counter) -> None:
    commit(counter)
    counter.backend.busy_seconds = 900
    counter.backend.faults.append(Fault.BUSY)
    deliver_due(counter.delivery)
    assert [one.sale.sale_id for one in counter.workshop.queue.unsent()] == [sale_id(1)]
    counter.workshop.queue.send_all_now()
    assert deliver_due(counter.delivery) == 0, "what the backend asked for holds"
    counter.clock.advance(900)
    assert deliver_due(counter.delivery) == 1
    counter.workshop.queue.look_up_now("key")
    counter.workshop.queue.send_again("key")
    assert counter.sender._wishes == ["key", "key"]


def test_a_long_queue_is_told_of_a_few_times_a_second(running: Watched) -> None:
    told: list[float] = []
    sender = running.sender
    sender._changed = lambda: told.append(running.counter.clock.monotonic())
    for moved in range(100):
        sender._tell_of(moved > 0)
        running.counter.clock.advance(0.01)
    sender._tell_of(0, last=True)
    sender._tell_of(0, last=True)
    assert len(told) <= 1 + 1 / thread.SAID_EVERY_SECONDS + 1
    assert told[0] == pytest.approx(running.counter.clock.monotonic() - 0.99)


def test_the_last_of_a_queue_is_told_of_at_once(running: Watched) -> None:
    for count in range(1, 9):
        commit(running.counter, count)
    running.sender.start()
    # The clock stands still: only the end of the round tells of the last one.
    running.until(lambda: running.counter.journal.counts() == QueueCounts(0, 0))
    assert not running.sender._untold


def test_a_wish_does_not_wait_for_a_long_queue(running: Watched, monkeypatch: pytest.MonkeyPatch) -> None:
    keys = [commit(running.counter, count) for count in range(1, 40)]
    wished: list[int] = []
    real = running.counter.delivery.look_up

    def look_up(key: str) -> None:
        wished.append(len(running.counter.backend.order))
        real(key)

    def at_once(_: int) -> int:
        if len(running.counter.backend.order) == 10 and not wished:
            running.sender.look_up(keys[-1])
        return 1

    monkeypatch.setattr(running.counter.delivery, "look_up", look_up)
    monkeypatch.setattr(running.counter.delivery, "at_once", at_once)
    running.sender.start()
    running.until(lambda: running.counter.journal.counts() == QueueCounts(0, 0))
    assert wished
    assert wished[0] < 15


def test_stopping_ends_every_thread(running: Watched) -> None:
    before = set(threading.enumerate())
    for count in range(1, 30):
        commit(running.counter, count, f"m-{count % 3 + 1}")
    running.sender.start()
    running.until(lambda: len(running.counter.backend.sent) > 5)
    running.sender.stop()
    assert set(threading.enumerate()) <= before
