"""A look-up whose answer is timed for the till's health, against the same look-up untimed.

Both in turn, through the same adapter to the same server over loopback, while housekeeping writes what was
counted into a database as it does in a till.
"""

from __future__ import annotations

import threading
import time
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from zoneinfo import ZoneInfo

from cashier_app.backends.contract import ContractBackend
from cashier_app.backends.measured import MeasuredBackend
from cashier_app.demo.server import DemoServer
from cashier_app.domain.identifier import PhoneNumber
from cashier_app.domain.outcome import MemberFound
from cashier_app.ports.clock import SystemClock
from cashier_app.ports.loyalty import LoyaltyBackend
from cashier_app.services.answer_times import AnswerTimes
from cashier_app.services.connection import ConnectionWatch
from cashier_app.services.health_recorder import HealthRecorder
from cashier_app.storage.health_rows import SqliteHealth
from cashier_app.storage.journal import SqliteJournal
from tests.benchmarks.goal import Goal

AT_MOST = 1.05
SAMPLES = 1500
WARM_UP = 100
WRITES_EVERY_SECONDS = 0.25
"""Two hundred and forty times as often as a till."""

PRIYA = PhoneNumber("+919845012210")
ZONE = ZoneInfo("Asia/Kolkata")


def measure() -> list[Goal]:
    """Return the median look-up that is timed as a multiple of one that is not."""
    clock = SystemClock()
    times = AnswerTimes(clock, ZONE)
    with TemporaryDirectory() as folder, DemoServer() as server:
        journal = SqliteJournal(Path(folder) / "till.sqlite", "2")
        bare: LoyaltyBackend = ContractBackend(server.base_url, server.token)
        stop = threading.Event()
        recorder = HealthRecorder(
            SqliteHealth(journal.database), times, ConnectionWatch(clock), clock, ZONE, lambda: None
        )
        writer = threading.Thread(target=_keep_writing, args=(recorder, stop))
        writer.start()
        try:
            timed, plain = _interleaved(MeasuredBackend(bare, times, clock), bare)
        finally:
            stop.set()
            writer.join()
            bare.close()
            journal.close()
    factor = median(timed) / median(plain)
    detail = (
        f"{median(timed) * 1000:.3f} ms timed, {median(plain) * 1000:.3f} ms bare, medians of {SAMPLES}, "
        f"written down every {WRITES_EVERY_SECONDS} s meanwhile; counting alone {_noting(times):.1f} us"
    )
    return [Goal("look-up timed / bare", factor, AT_MOST, detail)]


def _keep_writing(recorder: HealthRecorder, stop: threading.Event) -> None:
    while not stop.wait(WRITES_EVERY_SECONDS):
        recorder.write()


def _interleaved(timed: LoyaltyBackend, bare: LoyaltyBackend) -> tuple[list[float], list[float]]:
    assert isinstance(bare.find(PRIYA), MemberFound)
    with_times: list[float] = []
    without: list[float] = []
    for count in range(SAMPLES + WARM_UP):
        for values, backend in ((with_times, timed), (without, bare)):
            started = time.perf_counter()
            backend.find(PRIYA)
            if count >= WARM_UP:
                values.append(time.perf_counter() - started)
    return with_times, without


def _noting(times: AnswerTimes) -> float:
    """Return microseconds one answer costs to count."""
    rounds = []
    for _ in range(10):
        started = time.perf_counter()
        for _ in range(2000):
            times.note(0.12, answered=True)
        rounds.append((time.perf_counter() - started) / 2000 * 1e6)
    times.take()
    return median(rounds)


if __name__ == "__main__":
    for goal in measure():
        print(goal)
