"""How seldom a failing backend is asked, and how soon one that is back."""

from __future__ import annotations

import random

import pytest

from cashier_app.services.pace import FAILURES_IN_A_ROW, LONGEST_PROBE_WAITS, Pace, backoff
from tests.fakes.clock import FakeClock

FIRST, LONGEST, HALF_AN_HOUR = 1.0, 300.0, 1800.0


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


def new_pace(clock: FakeClock, seed: int = 1) -> Pace:
    return Pace(clock, random.Random(seed))


def fail(pace: Pace, times: int, first: int = 0) -> None:
    for count in range(first, first + times):
        pace.failed(f"key-{count}", FIRST, LONGEST)


@pytest.mark.parametrize("attempts", range(20))
def test_waits_double_up_to_the_longest(attempts: int) -> None:
    drawn = [backoff(attempts, FIRST, LONGEST, random.Random(seed)) for seed in range(300)]
    most = min(LONGEST, 2.0**attempts)
    assert 0.5 <= min(drawn) <= max(drawn) <= most
    assert max(drawn) > most * 0.9
    assert min(drawn) < max(1.0, most * 0.1)


def test_it_takes_a_row_of_failures_to_rest(clock: FakeClock) -> None:
    pace = new_pace(clock)
    fail(pace, FAILURES_IN_A_ROW - 1)
    assert (pace.wait(), pace.storm) == (0.0, False)
    assert not pace.worked()
    fail(pace, FAILURES_IN_A_ROW)
    assert pace.storm
    assert 16 <= pace.wait() <= 32
    assert pace.worked()
    assert pace.wait() == 0.0


def test_one_effect_that_fails_for_ever_stops_no_other(clock: FakeClock) -> None:
    pace = new_pace(clock)
    for _ in range(100):
        pace.failed("poison", FIRST, LONGEST)
    assert pace.wait() == 0.0


@pytest.mark.parametrize("seed", range(50))
def test_no_till_tries_more_often_than_25_times_in_half_an_hour(clock: FakeClock, seed: int) -> None:
    pace = new_pace(clock, seed)
    start, tries = clock.monotonic(), 0
    while clock.monotonic() - start < HALF_AN_HOUR:
        fail(pace, 1, tries)
        tries += 1
        clock.advance(pace.wait())
    assert 12 <= tries <= 25


def test_what_the_backend_asked_for_is_shortened_by_nothing(clock: FakeClock) -> None:
    pace = new_pace(clock)
    pace.asked_to_wait(600)
    pace.asked_to_wait(5)
    pace.rest(10)
    pace.back()
    assert not pace.worked()
    clock.jump(-1_000_000)
    clock.advance(599)
    assert pace.wait() == pytest.approx(1)
    clock.advance(1)
    assert pace.wait() == 0.0


def test_a_rest_ends_with_the_backends_return(clock: FakeClock) -> None:
    pace = new_pace(clock)
    pace.rest(60)
    assert pace.wait() == 60
    pace.back()
    assert pace.wait() == 0


def test_probes_come_later_and_later_but_never_twice_in_a_second(clock: FakeClock) -> None:
    pace = new_pace(clock)
    assert pace.probe_wait() == 0
    waits = []
    for _ in range(50):
        pace.probed(FIRST, answered=False)
        waits.append(pace.probe_wait())
        clock.advance(pace.probe_wait())
    assert min(waits) >= 1
    assert max(waits[:2]) <= 4
    assert 10 < max(waits) <= LONGEST_PROBE_WAITS
    pace.probed(FIRST, answered=True)
    assert pace.probe_wait() == 1
