"""A backend that is timed answers as it did, and counts what somebody waits for."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from cashier_app.backends.measured import MeasuredBackend
from cashier_app.domain.identifier import PhoneNumber
from cashier_app.domain.outcome import AlreadyApplied, Applied, MemberFound, Unreachable
from cashier_app.domain.sale import EffectKind
from cashier_app.ports.loyalty import LoyaltyBackend
from cashier_app.services.answer_times import AnswerTimes
from cashier_app.services.latency import UNANSWERED, bucket_of
from tests.fakes.backend import CAPABILITIES, FakeBackend, Fault
from tests.fakes.clock import FakeClock
from tests.fakes.counter import PRIYAS_PHONE, new_backend
from tests.fakes.effects import effect

PRIYA = PhoneNumber(f"+91{PRIYAS_PHONE}")


class Slow(FakeBackend):
    """A backend whose answers take a tenth of a second, whatever becomes of them."""

    def __getattribute__(self, name: str) -> object:
        found = super().__getattribute__(name)
        if name in {"find", "refresh", "apply", "reconcile", "ledger", "is_reachable", "program", "probe"}:
            return _delayed(self, found)
        return found


def _delayed(backend: FakeBackend, ask: Callable[..., object]) -> Callable[..., object]:
    def asked(*what: object) -> object:
        backend.clock.advance(0.1)
        return ask(*what)

    return asked


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock(datetime(2026, 11, 20, 23, 45, tzinfo=UTC))


@pytest.fixture
def slow(clock: FakeClock) -> Slow:
    made = new_backend(clock)
    backend = Slow(clock, made.the_program)
    backend.members = made.members
    return backend


@pytest.fixture
def times(clock: FakeClock) -> AnswerTimes:
    return AnswerTimes(clock, ZoneInfo("Asia/Kolkata"))


def counted(times: AnswerTimes) -> dict[int, int]:
    return {where.bucket: count for where, count in times.take().items()}


def test_what_somebody_waits_for_is_counted(slow: Slow, times: AnswerTimes, clock: FakeClock) -> None:
    backend: LoyaltyBackend = MeasuredBackend(slow, times, clock)
    sold = effect(EffectKind.SALE)
    assert isinstance(backend.find(PRIYA), MemberFound)
    assert isinstance(backend.refresh("m-1"), MemberFound)
    assert isinstance(backend.apply(sold), Applied)
    assert isinstance(backend.reconcile(sold), AlreadyApplied)
    assert counted(times) == {bucket_of(0.1): 4}


def test_what_nobody_waits_for_is_not(slow: Slow, times: AnswerTimes, clock: FakeClock) -> None:
    backend = MeasuredBackend(slow, times, clock)
    backend.program()
    backend.probe()
    backend.is_reachable()
    backend.ledger("x")
    assert counted(times) == {}


def test_silence_is_counted_apart(slow: Slow, times: AnswerTimes, clock: FakeClock) -> None:
    slow.silent = True
    backend = MeasuredBackend(slow, times, clock)
    assert isinstance(backend.find(PRIYA), Unreachable)
    backend.apply(effect(EffectKind.SALE))
    slow.silent = False
    slow.faults.extend([Fault.ANSWER_LOST, Fault.BUSY])
    backend.apply(effect(EffectKind.SALE, 2))
    backend.apply(effect(EffectKind.SALE, 3))
    assert counted(times) == {UNANSWERED: 3, bucket_of(0.1): 1}, "to be busy is an answer"


def test_a_bug_is_not_timed(slow: Slow, times: AnswerTimes, clock: FakeClock) -> None:
    slow.faults.append(Fault.BUG)
    with pytest.raises(ZeroDivisionError):
        MeasuredBackend(slow, times, clock).apply(effect(EffectKind.SALE))
    assert counted(times) == {}


def test_it_counts_on_the_shops_day(slow: Slow, times: AnswerTimes, clock: FakeClock) -> None:
    MeasuredBackend(slow, times, clock).find(PRIYA)
    ((where, _),) = times.take().items()
    assert (where.day, where.hour) == (date(2026, 11, 21), 5)


def test_what_could_not_be_written_is_counted_with_the_next(times: AnswerTimes) -> None:
    times.note(0.2, answered=True)
    taken = times.take()
    times.note(0.2, answered=True)
    times.give_back(taken)
    assert counted(times) == {bucket_of(0.2): 2}


def test_everything_else_is_the_backends_own(slow: Slow, times: AnswerTimes, clock: FakeClock) -> None:
    backend = MeasuredBackend(slow, times, clock)
    assert backend.capabilities is CAPABILITIES
    assert backend.clock_ahead == slow.clock_ahead
    assert backend.plan([effect(EffectKind.SALE)]) == (effect(EffectKind.SALE),)
    with pytest.raises(NotImplementedError):
        backend.list_holds()
    with pytest.raises(NotImplementedError):
        backend.lapsed("", date(2026, 11, 20))
    backend.close()
    assert slow.closed
