"""What everybody who talks to the backend has seen of it."""

from __future__ import annotations

import pytest

from cashier_app.domain.outcome import (
    AlreadyApplied,
    Applied,
    Booked,
    NotApplied,
    Outcome,
    Pending,
    Reconciled,
    Refused,
    RefusedBecause,
    RetryLater,
    SignInNeeded,
    Unknown,
)
from cashier_app.services.connection import ConnectionWatch
from tests.fakes.clock import START, FakeClock


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
def watch(clock: FakeClock) -> ConnectionWatch:
    return ConnectionWatch(clock)


@pytest.mark.parametrize(
    ("outcome", "online", "sign_in"),
    [
        (Applied(Booked("r")), True, False),
        (AlreadyApplied(Booked("r")), True, False),
        (NotApplied(), True, False),
        (Pending(), True, False),
        (Refused(RefusedBecause.OTHER), True, False),
        (RetryLater(60), True, False),
        (RetryLater(reached=False), False, False),
        (SignInNeeded(), True, True),
        (Unknown(), False, False),
    ],
)
def test_what_an_outcome_says_about_the_connection(
    watch: ConnectionWatch,
    outcome: Outcome | Reconciled,
    online: bool,  # noqa: FBT001
    sign_in: bool,  # noqa: FBT001
) -> None:
    watch.heard(outcome)
    assert (watch.online, watch.sign_in_needed) == (online, sign_in)


def test_an_outage_is_counted_from_its_first_silence(watch: ConnectionWatch, clock: FakeClock) -> None:
    watch.silent()
    clock.advance(60)
    watch.silent()
    since = [watch.offline_since]
    watch.answered()
    since.append(watch.offline_since)
    assert since == [START, None]


def test_silence_says_nothing_about_credentials(watch: ConnectionWatch) -> None:
    watch.answered(sign_in_needed=True)
    watch.silent()
    assert watch.sign_in_needed


def test_only_changes_are_told(watch: ConnectionWatch) -> None:
    told: list[bool] = []
    watch.subscribe(lambda: told.append(watch.online))
    for step in (watch.answered, watch.silent, watch.silent, watch.answered, watch.answered):
        step()
    assert told == [False, True]
