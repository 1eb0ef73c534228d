"""The quiet thread behind a till's health: one errand's trouble is not another's, and it ends when told."""

from __future__ import annotations

import threading

import pytest

from cashier_app.errors import KnownError
from cashier_app.services import health_errands
from cashier_app.services.figures_check import StoppedError
from cashier_app.services.health_errands import HealthErrands


def test_trouble_of_one_is_not_anothers() -> None:
    done = []

    def troubled(_stop: threading.Event) -> None:
        done.append("troubled")
        raise KnownError("The disk is full.")

    HealthErrands((troubled, lambda _stop: done.append("other"))).run_all()
    assert done == ["troubled", "other"]


@pytest.mark.expects_log("an errand met a bug")
def test_neither_is_a_bug() -> None:
    done = []

    def bug(_stop: threading.Event) -> None:
        raise ZeroDivisionError

    HealthErrands((bug, lambda _stop: done.append("other"))).run_all()
    assert done == ["other"]


def test_what_was_stopped_ends_the_round() -> None:
    done = []

    def stopped(_stop: threading.Event) -> None:
        raise StoppedError("Stopped.")

    HealthErrands((stopped, lambda _stop: done.append("other"))).run_all()
    assert done == []


def test_it_waits_goes_round_and_ends_in_the_middle_of_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(health_errands, "FIRST_AFTER_SECONDS", 0.0)
    monkeypatch.setattr(health_errands, "ROUND_SECONDS", 0.0)
    rounds: list[int] = []
    third = threading.Event()

    def counting(stop: threading.Event) -> None:
        rounds.append(len(rounds))
        if len(rounds) == 3:
            third.set()
            stop.wait(60)

    errands = HealthErrands((counting, lambda _stop: rounds.append(-1)))
    errands.start()
    assert third.wait(10)
    errands.stop()
    assert rounds[-1] != -1, "nothing more was begun"
    assert not any(thread.name == "health errands" for thread in threading.enumerate())


def test_one_that_was_never_started_stops_too() -> None:
    HealthErrands(()).stop()
