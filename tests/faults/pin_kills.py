"""SIGKILL at every system call of wrong PINs: nobody gains a try by pulling a plug.

Somebody tries two wrong PINs and then the right one, and is killed as they enter each call that changes
something. They say so before a PIN is looked at: whatever they said must be counted in what the next start
finds, but for tries a right PIN has forgotten. A till that counts after the check must be caught.
"""

from __future__ import annotations

import math
import os
import shutil
import tempfile
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from multiprocessing.connection import Connection
from pathlib import Path

from cashier_app.ports.clock import SystemClock
from tests.fakes.staff_book import open_shop, staffed
from tests.faults import pin_process, scenario_process
from tests.faults.kills import PROCESSES, START_SECONDS
from tests.faults.pin_process import WHO
from tests.faults.table import Budget, Row
from tests.faults.tracing import KILLED, NO_STRACE, CannotTraceError, Point, break_at, can_trace, points_of

AT_ONCE = 2
SAMPLE = 14
FAULT = "SIGKILL at each system call of a PIN"
Heard = list[tuple[str, str]]


def run(budget: Budget) -> list[Row]:
    """Kill at each call, or at some of them; then find a till that counts after the check."""
    if not can_trace():
        return [Row(fault=FAULT, runs=0, detail=NO_STRACE)]
    try:
        return [_row(budget), _control(budget)]
    except CannotTraceError as error:
        return [Row(fault=FAULT, runs=0, detail=str(error))]


def _row(budget: Budget) -> Row:
    started = time.monotonic()
    with tempfile.TemporaryDirectory() as name:
        points = _list_points(Path(name), planted=False)
        gained = _kill_each(Path(name), _sample(points, budget), planted=False)
    return Row(
        fault=FAULT,
        runs=len(gained),
        lost=sum(gained),
        seconds=math.ceil(time.monotonic() - started),
        detail=f"{len(gained)} of {len(points)} calls; lost = tries nobody counted",
    )


def _control(budget: Budget) -> Row:
    started = time.monotonic()
    with tempfile.TemporaryDirectory() as name:
        points = _list_points(Path(name), planted=True)
        looks = [number for number, point in enumerate(points) if "looks" in point.shown]
        behind = [points[number + 1] for number in looks if number + 1 < len(points)]
        gained = _kill_each(Path(name), behind, planted=True)
    return Row(
        fault=f"counted after the check, {FAULT}",
        runs=len(gained),
        lost=sum(gained),
        seconds=math.ceil(time.monotonic() - started),
        control=True,
        caught=any(gained),
    )


def _sample(points: Sequence[Point], budget: Budget) -> list[Point]:
    if budget is Budget.FULL or len(points) <= SAMPLE:
        return list(points)
    return [points[number * len(points) // SAMPLE] for number in range(SAMPLE)]


def _list_points(folder: Path, *, planted: bool) -> list[Point]:
    if not (folder / "first").exists():
        (folder / "first").mkdir()
        staffed(folder / "first", SystemClock()).journal.close()
    till = folder / "undisturbed"
    shutil.copytree(folder / "first", till, dirs_exist_ok=True)
    found: list[Point] = []
    with _process(till, planted=planted) as (pid, parent):
        found += points_of(pid, lambda: os.kill(pid, scenario_process.GO))
        assert ("end", "") in _listen(parent)
    return found


def _kill_each(folder: Path, points: Sequence[Point], *, planted: bool) -> list[int]:
    """Return how many tries nobody counted, for each kill."""

    def kill(number: int) -> int:
        till = folder / f"killed-{planted}-{number}"
        shutil.copytree(folder / "first", till)
        with _process(till, planted=planted) as (pid, parent):
            break_at(pid, points[number], KILLED, lambda: os.kill(pid, scenario_process.GO))
            return _not_counted(till, _listen(parent))

    with ThreadPoolExecutor(AT_ONCE) as workers:
        return list(workers.map(kill, range(len(points))))


def _not_counted(till: Path, heard: Heard) -> int:
    shop = open_shop(till, SystemClock())
    try:
        tries = shop.book.tries(f"staff:{WHO}")
    finally:
        shop.journal.close()
    looks = sum(kind == "looks" for kind, _ in heard)
    if looks > pin_process.WRONG_TRIES:
        return 0  # the right PIN was looked at: what was counted may be forgotten
    return max(0, looks - (tries.failures if tries else 0))


@contextmanager
def _process(till: Path, *, planted: bool) -> Iterator[tuple[int, Connection]]:
    parent, child = PROCESSES.Pipe(duplex=False)
    process = PROCESSES.Process(target=pin_process.try_pins, args=(till, planted, child), daemon=True)
    process.start()
    child.close()
    try:
        if not parent.poll(START_SECONDS):
            raise TimeoutError("the process did not start")
        kind, pid = parent.recv()
        assert kind == "ready"
        yield int(pid), parent
    finally:
        process.kill()
        process.join()
        parent.close()


def _listen(parent: Connection) -> Heard:
    heard: Heard = []
    try:
        while parent.poll(START_SECONDS):
            heard.append(parent.recv())
            if heard[-1][0] == "end":
                break
    except (EOFError, OSError):
        pass
    return heard
