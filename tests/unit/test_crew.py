"""The sender's hands: several accounts at once, one account strictly in order, nothing left running."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from msgspec.structs import replace

from cashier_app.domain.outcome import Outcome
from cashier_app.domain.sale import Effect, EffectState
from cashier_app.errors import KnownError
from cashier_app.ports.journal import EffectRow, QueueCounts
from cashier_app.services.crew import Crew
from tests.fakes.backend import FakeBackend, Fault
from tests.fakes.committed import commit, row
from tests.fakes.counter import Counter
from tests.fakes.delivering import deliver_due
from tests.fakes.failures import failing
from tests.fakes.shop import PRIYA

WAIT_SECONDS = 20.0
HANDS = 4


class Turnstile:
    """Lets requests into a backend only when a test says so, and counts those that stand before it."""

    def __init__(self, backend: FakeBackend) -> None:
        self._inner: Callable[[Effect], Outcome] = backend.apply
        self._changed = threading.Condition()
        self._one_at_a_time = threading.Lock()
        self._free = 0
        self.waiting: list[str] = []
        self.most = 0

    def apply(self, effect: Effect) -> Outcome:
        with self._changed:
            self.waiting.append(effect.account_key)
            self.most = max(self.most, len(self.waiting))
            self._changed.notify_all()
            assert self._changed.wait_for(lambda: self._free > 0, WAIT_SECONDS)
            self._free -= 1
            self.waiting.remove(effect.account_key)
        with self._one_at_a_time:
            return self._inner(effect)

    def let_in(self, count: int) -> None:
        with self._changed:
            self._free += count
            self._changed.notify_all()

    def until_waiting(self, count: int) -> list[str]:
        with self._changed:
            assert self._changed.wait_for(lambda: len(self.waiting) >= count, WAIT_SECONDS)
            return sorted(self.waiting)


@pytest.fixture
def turnstile(counter: Counter, monkeypatch: pytest.MonkeyPatch) -> Iterator[Turnstile]:
    made = Turnstile(counter.backend)
    monkeypatch.setattr(counter.backend, "apply", made.apply)
    yield made
    made.let_in(1000)


@contextmanager
def crew_of(counter: Counter, *, proven: bool = True, hands: int = HANDS) -> Iterator[Crew]:
    crew = Crew(counter.delivery, hands)
    if proven:
        counter.delivery.pace.worked()
    try:
        yield crew
    finally:
        crew.close()


def work_off(crew: Crew) -> None:
    crew.hand_out()
    while crew.busy:
        crew.collect()
        crew.hand_out()


def queue_of(counter: Counter, members: int, each: int) -> list[str]:
    """Commit sales, member after member in turn."""
    for number in range(1, members + 1):
        counter.backend.add(replace(PRIYA, member_id=f"m-{number}"), 0)
    return [commit(counter, count, f"m-{count % members + 1}") for count in range(members * each)]


def test_four_accounts_are_sent_for_at_once_and_never_one_twice(
    counter: Counter, turnstile: Turnstile
) -> None:
    queue_of(counter, members=5, each=3)
    with crew_of(counter) as crew:
        crew.hand_out()
        assert turnstile.until_waiting(HANDS) == ["m-1", "m-2", "m-3", "m-4"]
        crew.hand_out()
        assert turnstile.most == HANDS
        turnstile.let_in(1000)
        work_off(crew)
    assert turnstile.most == HANDS
    assert counter.journal.counts() == QueueCounts(0, 0)


@pytest.mark.parametrize("hands", [1, 2, 8])
def test_there_are_as_many_hands_as_the_shop_says(counter: Counter, turnstile: Turnstile, hands: int) -> None:
    queue_of(counter, members=9, each=1)
    with crew_of(counter, hands=hands) as crew:
        crew.hand_out()
        assert len(turnstile.until_waiting(hands)) == hands
        turnstile.let_in(1000)
        work_off(crew)
    assert turnstile.most == hands


def test_each_account_keeps_its_order(counter: Counter) -> None:
    keys = queue_of(counter, members=6, each=8)
    counter.backend.faults.extend([None, Fault.ANSWER_LOST, None, Fault.BUSY, Fault.REQUEST_LOST] * 4)
    for _ in range(200):
        with crew_of(counter) as crew:
            work_off(crew)
        counter.clock.advance(30)
        counter.delivery.probe()
        if counter.journal.counts() == QueueCounts(0, 0):
            break
    for member in range(6):
        mine = keys[member::6]
        assert [key for key in counter.backend.order if key in mine] == mine
    assert sorted(counter.backend.order) == sorted(keys)


def test_one_goes_ahead_until_the_backend_has_answered(counter: Counter, turnstile: Turnstile) -> None:
    queue_of(counter, members=6, each=1)
    with crew_of(counter, proven=False) as crew:
        crew.hand_out()
        assert turnstile.until_waiting(1) == ["m-1"]
        crew.hand_out()
        assert turnstile.most == 1
        turnstile.let_in(1)
        crew.collect()
        crew.hand_out()
        assert len(turnstile.until_waiting(HANDS)) == HANDS
        turnstile.let_in(1000)
        work_off(crew)


@pytest.mark.parametrize("fault", [Fault.NOT_REACHED, Fault.SIGN_IN, Fault.ANSWER_LOST])
def test_only_what_was_under_way_meets_an_outage(
    counter: Counter, turnstile: Turnstile, fault: Fault
) -> None:
    queue_of(counter, members=10, each=1)
    counter.backend.faults.extend([fault] * 100)
    with crew_of(counter) as crew:
        crew.hand_out()
        turnstile.until_waiting(HANDS)
        turnstile.let_in(1000)
        work_off(crew)
    assert len(counter.backend.sent) == HANDS
    assert counter.journal.counts() == QueueCounts(10, 0)


def test_an_account_that_is_kept_waiting_holds_only_itself(counter: Counter) -> None:
    queue_of(counter, members=4, each=3)
    counter.backend.faults.append(Fault.BUSY)
    with crew_of(counter, hands=1) as crew:
        work_off(crew)
    assert len(counter.backend.order) == 9
    assert counter.journal.counts() == QueueCounts(3, 0)


def test_the_database_is_looked_at_once_for_many(counter: Counter, monkeypatch: pytest.MonkeyPatch) -> None:
    queue_of(counter, members=40, each=2)
    looks: list[int] = []
    real = counter.journal.due

    def counted(*arguments: object) -> list[EffectRow]:
        looks.append(1)
        return real(*arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(counter.journal, "due", counted)
    with crew_of(counter) as crew:
        work_off(crew)
    assert counter.journal.counts() == QueueCounts(0, 0)
    assert len(looks) <= 12, "80 effects"


def test_what_cannot_be_written_is_told_and_looked_up_later(
    counter: Counter, turnstile: Turnstile, monkeypatch: pytest.MonkeyPatch
) -> None:
    queue_of(counter, members=4, each=1)
    with crew_of(counter) as crew:
        crew.hand_out()
        turnstile.until_waiting(HANDS)
        with monkeypatch.context() as disk:
            disk.setattr(counter.journal, "move", failing(KnownError("The disk is full.")))
            turnstile.let_in(1)
            with pytest.raises(KnownError):
                crew.collect()
        # Nothing is taken for lost that is still under way.
        counter.delivery.take(list(crew._under_way.values()))
        states = sorted(row(counter, count).state for count in range(4))
        assert states == [EffectState.SENDING] * 3 + [EffectState.UNKNOWN]
        turnstile.let_in(1000)
        crew.finish()
        work_off(crew)
    assert counter.journal.counts() == QueueCounts(0, 0)
    assert sorted(counter.backend.order) == sorted(set(counter.backend.order))


def test_closing_starts_nothing_more_and_leaves_no_thread(counter: Counter, turnstile: Turnstile) -> None:
    before = threading.active_count()
    queue_of(counter, members=9, each=3)
    crew = Crew(counter.delivery, HANDS)
    counter.delivery.pace.worked()
    crew.hand_out()
    turnstile.until_waiting(HANDS)
    counter.delivery.end()
    turnstile.let_in(1000)
    crew.close()
    assert threading.active_count() == before
    assert len(counter.backend.sent) == HANDS
    crew.finish()
    crew.hand_out()
    assert not crew.busy


def test_an_ending_till_sends_nothing_again_after_a_look_up(counter: Counter) -> None:
    commit(counter)
    counter.backend.faults.append(Fault.REQUEST_LOST)
    deliver_due(counter.delivery)
    counter.clock.advance(600)
    counter.connection.answered()
    (due,) = counter.delivery.take()
    counter.delivery.end()
    counter.delivery.deliver(due)
    assert row(counter).state is EffectState.UNKNOWN
    assert counter.backend.order == []


def test_an_account_whose_request_hangs_holds_only_itself(
    counter: Counter, monkeypatch: pytest.MonkeyPatch
) -> None:
    keys = queue_of(counter, members=3, each=5)
    answered = threading.Event()
    real = counter.backend.apply
    one_at_a_time = threading.Lock()

    def apply(effect: Effect) -> Outcome:
        if effect.account_key == "m-1":
            assert answered.wait(WAIT_SECONDS)
        with one_at_a_time:
            return real(effect)

    monkeypatch.setattr(counter.backend, "apply", apply)
    with crew_of(counter, hands=2) as crew:
        crew.hand_out()
        while len(counter.backend.order) < 10:
            crew.collect()
            crew.hand_out()
        assert not [key for key in counter.backend.order if key in keys[0::3]]
        answered.set()
        work_off(crew)
    assert counter.journal.counts() == QueueCounts(0, 0)
