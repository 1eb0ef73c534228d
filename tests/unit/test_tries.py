"""How often a PIN may be tried: waits that no clock and no restart shortens."""

from __future__ import annotations

from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from cashier_app.domain.tries import Go, LockedOut, Tries, Wait, next_try, wait_after
from tests.fakes.clock import START, FakeClock


def up(clock: FakeClock) -> timedelta:
    """Return how long the computer has been running."""
    return timedelta(seconds=clock.monotonic())


def test_waits_double_from_half_a_minute_to_an_hour() -> None:
    waits = [wait_after(count) for count in range(4, 14)]
    assert waits == [0, 30, 60, 120, 240, 480, 960, 1920, 3600, 3600]
    assert wait_after(10**9) == 3600


def test_the_first_five_wait_for_nothing_and_the_tenth_is_the_last() -> None:
    clock, tries, waited = FakeClock(), None, []
    for _ in range(10):
        verdict = next_try(tries, clock.now(), up(clock))
        seconds = 0
        if isinstance(verdict, Wait):
            seconds = verdict.seconds
            clock.advance(seconds - 0.5)
            assert isinstance(next_try(tries, clock.now(), up(clock)), Wait)
            clock.advance(0.5)
            verdict = next_try(tries, clock.now(), up(clock))
        assert isinstance(verdict, Go)
        tries = verdict.tries
        waited.append(seconds)
    assert waited == [0, 0, 0, 0, 0, 30, 60, 120, 240, 480]
    clock.advance(10**7)
    assert next_try(tries, clock.now(), up(clock)) == LockedOut()
    assert isinstance(next_try(tries, clock.now(), up(clock), None), Go)


def test_a_clock_set_back_begins_the_wait_again_and_no_more() -> None:
    before = Tries(5, START, timedelta(seconds=1000))
    back = next_try(before, START - timedelta(days=400), timedelta(seconds=1010))
    assert back == Wait(30, Tries(5, START - timedelta(days=400), timedelta(seconds=1010)))
    assert isinstance(back, Wait)
    later = START - timedelta(days=400) + timedelta(seconds=30)
    assert isinstance(next_try(back.tries, later, timedelta(seconds=1040)), Go)


def test_a_computer_started_anew_begins_the_wait_again() -> None:
    before = Tries(6, START, timedelta(seconds=90_000))
    started = next_try(before, START + timedelta(days=1), timedelta(seconds=12))
    assert started == Wait(60, Tries(6, START + timedelta(days=1), timedelta(seconds=12)))


def test_before_the_first_wait_no_clock_matters() -> None:
    before = Tries(3, START, timedelta(seconds=90_000))
    assert isinstance(next_try(before, START - timedelta(days=1), timedelta(seconds=1)), Go)


@given(
    st.integers(5, 9),
    st.lists(
        st.tuples(st.sampled_from(["pass", "jump", "start"]), st.floats(-1e6, 1e6), st.floats(0, 700)),
        max_size=12,
    ),
)
def test_no_clock_and_no_restart_ever_shortens_a_wait(
    failures: int, events: list[tuple[str, float, float]]
) -> None:
    truth, wall, mono = 0.0, 0.0, 5000.0
    tries = Tries(failures, START, timedelta(seconds=mono))
    for kind, jump, seconds in events:
        truth, wall, mono = truth + seconds, wall + seconds, mono + seconds
        if kind == "jump":
            wall += jump
        elif kind == "start":
            mono = seconds  # the computer has been up for as long at most as really went by
            truth, wall = truth + seconds, wall + seconds
        verdict = next_try(tries, START + timedelta(seconds=wall), timedelta(seconds=mono))
        if isinstance(verdict, Wait):
            tries = verdict.tries
            assert 0 < verdict.seconds <= wait_after(failures)
        else:
            assert truth >= wait_after(failures) - 1e-5
            break
