"""A new version starts over the database of an earlier one, and is killed, cut off or refused by the disk.

Before the last write there must be the earlier version's database, whole, for whoever goes back; after it
this version's. The next start brings everything up to date, sends the whole queue, and nothing is lost or
sent twice.
"""

from __future__ import annotations

import math
import random
import shutil
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import count
from pathlib import Path

import apsw

from cashier_app import data_folder
from cashier_app.demo.server import DemoServer
from cashier_app.errors import KnownError
from cashier_app.storage import backups
from cashier_app.storage.database import SCHEMA_VERSION
from cashier_app.storage.installation import KEY_COPY, KEY_FILE
from cashier_app.storage.opening import open_journal
from tests.faults import old_schema, update_fetching, update_loss, update_process
from tests.faults.failing_disk import DiskError, failing_disk
from tests.faults.kills import PROCESSES, START_SECONDS, DidNotStartError, settled
from tests.faults.ledger_check import Findings, compare, movements
from tests.faults.recorded_disk import FileSystem, after_power_cut, recorded_disk
from tests.faults.table import Budget, Row
from tests.faults.till_process import Orders

AT_ONCE = 2
FILE = data_folder.JOURNAL_FILE
KILLS_EACH = {Budget.SHORT: 4, Budget.FULL: 25}
VERSIONS = {Budget.SHORT: (1, 4, 9, SCHEMA_VERSION - 1), Budget.FULL: tuple(range(1, SCHEMA_VERSION))}
CONTROL_KILLS = 12
FETCH_KILLS = {Budget.SHORT: 8, Budget.FULL: 50}
CUTS_EACH = {Budget.SHORT: 6, Budget.FULL: 25}
EVERY = {Budget.SHORT: 31, Budget.FULL: 5}
QUEUE = 6
COUNTED_AGAIN = frozenset({"day_figure", "day_time", "member_first", "ledger_feed", "ledger_line"})
"""What a journal counts anew when it is opened with other rules; its rows are not those of before."""


@dataclass
class Found:
    """What was found in all runs of one fault."""

    runs: int = 0
    before: int = 0
    after: int = 0
    refused: int = 0
    lost: int = 0
    doubled: int = 0
    phantom: int = 0
    examples: list[str] = field(default_factory=list)

    def note(self, what: str) -> None:
        """Count something lost, and keep the first few in words."""
        self.lost += 1
        if len(self.examples) < 5:
            self.examples.append(what)


def run(budget: Budget) -> list[Row]:
    """Kill, cut and refuse updates from every earlier version, then one that commits half way."""
    return [
        _kill_row(VERSIONS[budget], KILLS_EACH[budget]),
        *(_cut_row(file_system, budget) for file_system in FileSystem),
        *(_error_row(error, budget) for error in DiskError),
        _kill_row((2, 5), CONTROL_KILLS, update_process.HALF_WAY),
        update_loss.row(VERSIONS[budget]),
        update_loss.row((9,), update_loss.OWN_ONLY),
        update_fetching.row(FETCH_KILLS[budget]),
        update_fetching.row(CONTROL_KILLS, update_fetching.REMOVED_FIRST),
    ]


class Before:
    """A folder of an earlier version as it was, to hold what is found against."""

    def __init__(self, folder: Path) -> None:
        database = folder / FILE
        with closing(apsw.Connection(str(database))) as connection:
            found = old_schema.columns_of(connection)
            self.version = int(str(connection.pragma("user_version")))
        self._columns = {table: names for table, names in found.items() if table not in COUNTED_AGAIN}
        self._rows = old_schema.rows_of(database, self._columns)

    def problem_of(self, folder: Path) -> str:
        """Say what is wrong with what an update left behind; empty when either version can start on it."""
        database = folder / FILE
        with closing(apsw.Connection(str(database))) as connection:
            if connection.execute("PRAGMA integrity_check").fetchall() != [("ok",)]:
                return "the database is damaged"
            version = connection.pragma("user_version")
            same = old_schema.columns_of(connection).keys() >= self._columns.keys()
            if version == self.version and not self._is_as_before(connection):
                return "the earlier version finds tables it does not know"
        if version not in {self.version, SCHEMA_VERSION}:
            return f"it is of version {version}"
        if not same or old_schema.rows_of(database, self._columns) != self._rows:
            return "its rows are not those of before"
        for backup in backups.all_of(database):
            if (
                backups.schema_of(backup) == self.version
                and old_schema.rows_of(backup, self._columns) != self._rows
            ):
                return "the backup does not hold the rows of before"
        if version == SCHEMA_VERSION and not backups.all_of(database):
            return "it was changed without a backup"
        return ""

    def _is_as_before(self, connection: apsw.Connection) -> bool:
        now = old_schema.columns_of(connection)
        return {table: names for table, names in now.items() if table not in COUNTED_AGAIN} == self._columns


# Kills.
def _kill_row(versions: Sequence[int], each: int, bug: str = "") -> Row:
    found, started = Found(), time.monotonic()
    with ThreadPoolExecutor(AT_ONCE) as workers:
        list(workers.map(lambda version: _kill_each(version, each, bug, found), versions))
    fault = f"SIGKILL during an update from each of {len(versions)} versions"
    counts = f"{found.before} found as before, {found.after} brought up to date"
    return Row(
        fault=f"{bug}, {fault}" if bug else fault,
        runs=found.runs,
        lost=found.lost,
        doubled=found.doubled,
        phantom=found.phantom,
        seconds=math.ceil(time.monotonic() - started),
        detail="; ".join([counts, *([] if bug else found.examples)]),
        control=bool(bug),
        caught=found.lost > 0 if bug else None,
    )


def _kill_each(version: int, each: int, bug: str, found: Found) -> None:
    with _old_till(version) as (server, folder):
        steps = int(_open_in_a_process(folder, None, bug).get("steps", "0"))
    points = sorted({1 + number * steps // each for number in range(each)})
    for point in points:
        with _old_till(version) as (server, folder):
            _kill_once(server, folder, point, bug, found)


def _kill_once(server: DemoServer, folder: Path, point: int, bug: str, found: Found) -> None:
    standing = {sale for _, sale in movements(server)}
    before, findings = Before(folder), Findings()
    findings.said_done = {
        str(row[0]) for row in old_schema.rows_of(folder / FILE, {"sale": ("sale_id",)})["sale"]
    }
    said = _open_in_a_process(folder, point, bug)
    found.runs += 1
    if said and not bug:
        found.note(f"step {point} of version {before.version} was not reached: {said}")
    problem = before.problem_of(folder)
    with closing(apsw.Connection(str(folder / FILE))) as connection:
        is_new = connection.pragma("user_version") == SCHEMA_VERSION
    found.before += not is_new
    found.after += is_new
    if problem:
        found.note(f"version {before.version}, step {point}: {problem}")
        return
    orders = Orders(folder, server.base_url, server.token.reveal(), 1, ())
    try:
        findings.unsettled = settled(orders)
    except DidNotStartError as error:
        found.note(f"version {before.version}, step {point}: the new version does not start: {error}")
        return
    compare(server, folder, standing, findings)
    found.doubled += len(findings.doubled)
    found.phantom += len(findings.phantom)
    if not findings.clean:
        found.note(f"version {before.version}, step {point}: {findings}")


def _open_in_a_process(folder: Path, deadly: int | None, bug: str) -> dict[str, str]:
    """Open the folder's journal in a process; return what it said, nothing if it died."""
    parent, child = PROCESSES.Pipe(duplex=False)
    arguments = (folder, deadly, bug, child)
    process = PROCESSES.Process(target=update_process.open_once, args=arguments, daemon=True)
    process.start()
    child.close()
    said: dict[str, str] = {}
    try:
        while "steps" not in said and parent.poll(START_SECONDS):
            kind, text = parent.recv()
            said[kind] = text
    except (EOFError, OSError):
        pass
    finally:
        process.join(START_SECONDS)
        process.kill()
        process.join()
        parent.close()
    return said


@contextmanager
def _old_till(version: int) -> Iterator[tuple[DemoServer, Path]]:
    with tempfile.TemporaryDirectory() as name, DemoServer() as server:
        folder = Path(name) / "till"
        old_schema.write(folder, server, version, QUEUE)
        yield server, folder


# Power cuts.
def _cut_row(file_system: FileSystem, budget: Budget) -> Row:
    found, started = Found(), time.monotonic()
    for version in VERSIONS[budget]:
        _cut_often(version, file_system, CUTS_EACH[budget], found)
    return _row(f"power cut during an update, {file_system.value}", found, started)


def _cut_often(version: int, file_system: FileSystem, cuts: int, found: Found) -> None:
    chance = random.Random(version)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name) / "till"
        old_schema.write_for(["m-1", "m-2"], folder, version)
        before, disk_before = Before(folder), {FILE: (folder / FILE).read_bytes()}
        keys = {name: (folder / name).read_bytes() for name in (KEY_FILE, KEY_COPY)}
        with recorded_disk(disk_before) as disk:
            _open(folder)
        steps = list(disk.steps)
        kept = list((folder / backups.FOLDER).iterdir())
        for number in range(cuts):
            point = len(steps) * number // cuts
            left = after_power_cut(disk_before, steps[:point], file_system, chance)
            after = Path(name) / f"cut-{number}"
            after.mkdir()
            for file, content in {**left, **keys}.items():
                (after / file).write_bytes(content)
            # The backup is synced before it takes its name, and nothing is changed before it has it.
            (after / backups.FOLDER).mkdir()
            for backup in kept:
                shutil.copy(backup, after / backups.FOLDER)
            _judge(before, after, f"version {version}, step {point} of {len(steps)}", found)


# A failing disk.
def _error_row(error: DiskError, budget: Budget) -> Row:
    found, started = Found(), time.monotonic()
    for version in VERSIONS[budget][::3]:
        for stays in (False, True):
            _fail_each(version, error, EVERY[budget], found, stays=stays)
    return _row(f"{error.value} at each disk step of an update", found, started)


def _fail_each(version: int, error: DiskError, every: int, found: Found, *, stays: bool) -> None:
    for point in count(1, every):
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name) / "till"
            old_schema.write_for(["m-1", "m-2"], folder, version)
            before = Before(folder)
            where = f"version {version}, step {point}{' on' * stays}"
            with failing_disk() as disk:
                disk.fail_at(point, error, stays=stays)
                sentence = _open(folder, before_closing=disk.mend)
                reached = disk.failed > 0
                disk.mend()
            found.refused += bool(sentence)
            if sentence and not (sentence.endswith(".") and "sqlite" not in sentence.lower()):
                found.note(f"{where}: {sentence}")
            _judge(before, folder, where, found)
        if not reached:
            return


def _judge(before: Before, folder: Path, where: str, found: Found) -> None:
    """Look at what was left, then start again and look once more."""
    found.runs += 1
    try:
        problem = before.problem_of(folder)
        with closing(apsw.Connection(str(folder / FILE))) as connection:
            is_new = connection.pragma("user_version") == SCHEMA_VERSION
        found.before += not is_new
        found.after += is_new
        problem = problem or _open(folder) or before.problem_of(folder)
    except (apsw.Error, KnownError) as error:
        problem = repr(error)
    if problem:
        found.note(f"{where}: {problem}")


def _open(folder: Path, before_closing: Callable[[], None] = lambda: None) -> str:
    """Start on a folder and stop again; return the sentence of a refusal, or what is wrong then."""
    try:
        with closing(open_journal(folder / FILE, update_process.TILL, datetime.now(UTC))) as journal:
            before_closing()
            if journal.recovery is not None:
                return "It was taken for damaged."
            broken = journal.first_broken_audit_row()
            return "" if broken is None else f"The audit log breaks at {broken}."
    except KnownError as error:
        return error.sentence


def _row(fault: str, found: Found, started: float) -> Row:
    counts = [f"{found.before} found as before, {found.after} brought up to date"]
    if found.refused:
        counts.append(f"{found.refused} refused in a sentence")
    return Row(
        fault=fault,
        runs=found.runs,
        lost=found.lost,
        seconds=math.ceil(time.monotonic() - started),
        detail="; ".join([*counts, *found.examples]),
    )
