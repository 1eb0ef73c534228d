"""SIGKILL at every file and network system call of one sale, one return, one migration and one backup.

Random kills rarely hit the few microseconds between a word too early and the write it speaks of. Here the
till is killed as it enters each call that changes something; after each kill it is started again, left alone
until it has sent everything, and compared with the server's ledger.
"""

from __future__ import annotations

import math
import os
import tempfile
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from multiprocessing.connection import Connection
from pathlib import Path

import apsw
from msgspec import Struct

from cashier_app import data_folder
from cashier_app.demo.faults import FaultPlan
from cashier_app.demo.server import DemoServer
from cashier_app.storage import backups
from cashier_app.storage.database import SCHEMA_VERSION
from tests.faults import old_schema, scenario_process
from tests.faults.kills import PROCESSES, START_SECONDS, good_tokens, settled
from tests.faults.ledger_check import Findings, compare, movements
from tests.faults.scenario_process import Scenario
from tests.faults.table import Budget, Row
from tests.faults.till_process import SAID_BEFORE_SAVED, Orders
from tests.faults.tracing import KILLED, NO_STRACE, CannotTraceError, Point, break_at, can_trace, points_of

AT_ONCE = 2
SAMPLE = 12
AFTER_DONE = 30
FAULT = "SIGKILL at each system call"


class Killed(Struct, frozen=True):
    """What was found after one kill; `reached` is false where the till had ended before."""

    point: Point
    reached: bool
    findings: Findings


def run(budget: Budget) -> list[Row]:
    """Kill at each call of each scenario, or at some of them; then find a till that says done too early."""
    if not can_trace():
        return [Row(fault=FAULT, runs=0, detail=NO_STRACE)]
    try:
        rows = [_row(scenario, budget) for scenario in Scenario]
        return [*rows, _control()]
    except CannotTraceError as error:
        return [Row(fault=FAULT, runs=0, detail=str(error))]


def list_points(scenario: Scenario, bug: str = "") -> list[Point]:
    """Return the calls of an undisturbed run."""
    found: list[Point] = []
    with _stage(scenario, bug) as stage, stage.process() as (pid, parent):
        found += points_of(pid, lambda: os.kill(pid, scenario_process.GO))
        stage.listen(parent)
    return found


def break_each(
    scenario: Scenario, points: Sequence[Point], bug: str = "", fault: str = KILLED
) -> list[Killed]:
    """Kill one till at each of these points, or let the call fail, two tills at a time."""
    with ThreadPoolExecutor(AT_ONCE) as workers:
        return list(workers.map(lambda point: _kill(scenario, point, bug, fault), points))


def _kill(scenario: Scenario, point: Point, bug: str, fault: str = KILLED) -> Killed:
    with _stage(scenario, bug) as stage:
        with stage.process() as (pid, parent):
            break_at(pid, point, fault, lambda: os.kill(pid, scenario_process.GO))
            ended = stage.listen(parent)
            if fault != KILLED and not ended:
                stage.findings.broken.append("the till crashed")
        stage.server.faults.clear()
        stage.findings.unsettled = settled(stage.orders_after)
        compare(stage.server, stage.orders.folder, stage.before, stage.findings)
        _check_files(scenario, stage.orders.folder, stage.findings)
        return Killed(point, not ended, stage.findings)


class _Stage:
    """A server, a prepared folder, and what a till says that works in it."""

    def __init__(self, server: DemoServer, folder: Path, scenario: Scenario, bug: str) -> None:
        self.server = server
        self.scenario = scenario
        self.findings = Findings()
        tokens = good_tokens(server)
        self.orders = Orders(folder, server.base_url, server.token.reveal(), 1, tokens, bug)
        self.orders_after = Orders(folder, server.base_url, server.token.reveal(), 1, tokens)
        self.before = {sale for _, sale in movements(server)}

    @contextmanager
    def process(self) -> Iterator[tuple[int, Connection]]:
        """Yield a process that waits for its signal, and the end of its pipe; it is gone afterwards."""
        parent, child = PROCESSES.Pipe(duplex=False)
        arguments = (self.orders, self.scenario, child)
        process = PROCESSES.Process(target=scenario_process.play, args=arguments, daemon=True)
        process.start()
        child.close()
        try:
            if not parent.poll(START_SECONDS):
                raise TimeoutError("the till did not start")
            kind, pid = parent.recv()
            assert kind == "ready"
            if self.scenario is Scenario.REFUND:
                self.server.faults.stage(FaultPlan(lose_answers=1))
            yield int(pid), parent
        finally:
            process.kill()
            process.join()
            parent.close()

    def listen(self, parent: Connection) -> bool:
        """Note what the till said; return whether it came to its end."""
        ended = False
        try:
            while parent.poll(START_SECONDS):
                kind, text = parent.recv()
                said = {"done": self.findings.said_done, "refused": self.findings.refused}
                said["in doubt"] = self.findings.in_doubt
                said.get(kind, set()).add(text)
                ended = ended or kind == "end"
        except (EOFError, OSError):
            pass
        return ended


@contextmanager
def _stage(scenario: Scenario, bug: str) -> Iterator[_Stage]:
    with tempfile.TemporaryDirectory() as name, DemoServer() as server:
        folder = Path(name) / "till"
        stage = _Stage(server, folder, scenario, bug)
        if scenario is Scenario.MIGRATION:
            stage.findings.said_done |= old_schema.write(folder, server)
        elif scenario is not Scenario.SALE:
            stage.findings.said_done |= _sell_first(stage)
        yield stage


def _sell_first(stage: _Stage) -> set[str]:
    """Let the folder hold one sale with points, posted; return its id."""
    first = _Stage(stage.server, stage.orders.folder, Scenario.SALE, "")
    with first.process() as (pid, parent):
        os.kill(pid, scenario_process.GO)
        if not first.listen(parent):
            raise RuntimeError("the first sale could not be made")
    return first.findings.said_done


def _check_files(scenario: Scenario, folder: Path, findings: Findings) -> None:
    database = folder / data_folder.JOURNAL_FILE
    with closing(apsw.Connection(str(database))) as connection:
        if connection.execute("PRAGMA integrity_check").fetchall() != [("ok",)]:
            findings.broken.append("the database is damaged")
        if connection.execute("PRAGMA user_version").fetchone() != (SCHEMA_VERSION,):
            findings.broken.append("the database was not brought up to date")
    for backup in backups.all_of(database):
        with closing(apsw.Connection(str(backup), flags=apsw.SQLITE_OPEN_READONLY)) as connection:
            whole = connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
            sales = connection.execute("SELECT count(*) FROM sale WHERE state = 'committed'").fetchone()
        if not whole or sales != (len(findings.said_done),):
            findings.broken.append(f"a backup of the {scenario.value} is not whole")


def sample(points: Sequence[Point], budget: Budget) -> list[Point]:
    if budget is Budget.FULL or len(points) <= SAMPLE:
        return list(points)
    return [points[number * len(points) // SAMPLE] for number in range(SAMPLE)]


def _row(scenario: Scenario, budget: Budget) -> Row:
    started = time.monotonic()
    points = list_points(scenario)
    killed = break_each(scenario, sample(points, budget))
    reached = [one for one in killed if one.reached]
    bad = [one for one in killed if not one.findings.clean]
    faults = [f"{one.point.call} #{one.point.number}: {one.findings}" for one in bad[:3]]
    count = f"{len(reached)} of {len(points)} calls of a {scenario.value}"
    return Row(
        fault=f"{FAULT} of a {scenario.value}",
        runs=len(reached),
        lost=sum(
            len(one.findings.lost) + one.findings.unsettled + len(one.findings.broken) for one in killed
        ),
        doubled=sum(len(one.findings.doubled) for one in killed),
        phantom=sum(len(one.findings.phantom) for one in killed),
        seconds=math.ceil(time.monotonic() - started),
        detail="; ".join([count, *faults]),
    )


def _control() -> Row:
    """Plant a word said before its write: only kills between the two can tell."""
    started = time.monotonic()
    points = list_points(Scenario.SALE, SAID_BEFORE_SAVED)
    said = next(number for number, point in enumerate(points) if "done" in point.shown)
    killed = break_each(Scenario.SALE, points[said + 1 : said + 1 + AFTER_DONE], SAID_BEFORE_SAVED)
    return Row(
        fault=f"{SAID_BEFORE_SAVED}, {FAULT}",
        runs=len(killed),
        lost=sum(len(one.findings.lost) for one in killed),
        seconds=math.ceil(time.monotonic() - started),
        control=True,
        caught=any(one.findings.lost for one in killed),
    )
