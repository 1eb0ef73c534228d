"""Power cuts: what was not synced is lost in part, torn at sectors; every committed sale must still be there.

A till's day goes through the real journal on a recorded disk. Power is cut at random points of it, the files
are worked out that a machine would find, and the real journal opens them: it must hold all it held when the
last call returned, or what the call under way would have made of it, and nothing in between. Some of the
tills go on selling and lose power again, also while they recover.
"""

from __future__ import annotations

import logging
import math
import random
import tempfile
import time
from bisect import bisect_right
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from unittest.mock import patch

import apsw
from msgspec import Struct

from cashier_app.errors import KnownError
from cashier_app.storage.database import Database
from cashier_app.storage.installation import COUNT_FILE, KEY_COPY, KEY_FILE
from cashier_app.storage.journal import SqliteJournal
from cashier_app.storage.opening import open_journal
from tests.faults.journal_work import Contents, Work, contents
from tests.faults.recorded_disk import FileSystem, RecordedDisk, Step, after_power_cut, recorded_disk
from tests.faults.table import Budget, Row

DATABASE = "till.sqlite"
SALES = 30
SALES_AFTER_A_CUT = 3
SEEDS = {Budget.SHORT: 20, Budget.FULL: 120}
CONTROL_SEEDS = 6
CUTS, SECOND_CUTS = 8, 4
RESTART_SHARE = 0.03
STARTED_AT = datetime(2026, 11, 20, 9, tzinfo=UTC)
_CHECKPOINT_PAGES = (20, 100, 1000)


def run(budget: Budget) -> list[Row]:
    """Cut the power of this many tills on both file systems, then of tills that sync too little."""
    rows = [_row(file_system, SEEDS[budget]) for file_system in FileSystem]
    with patch("cashier_app.storage.journal.Database", _SyncsTooLittle), _expected_rescues():
        controls = [_row(file_system, CONTROL_SEEDS, control=True) for file_system in FileSystem]
    return rows + controls


@dataclass
class Findings:
    """What was found after the cuts."""

    cuts: int = 0
    sales: int = 0
    lost: int = 0
    half_written: int = 0
    examples: list[str] = field(default_factory=list)

    def note(self, what: str) -> None:
        """Keep the first few faults in words."""
        if len(self.examples) < 5:
            self.examples.append(what)


class Mark(Struct, frozen=True):
    """When a call had returned.

    Args:
        steps: What had been done to the disk by then.
        contents: What the journal then held.
        count: The file with the last receipt number; it is written after each commit and never synced.
    """

    steps: int
    contents: Contents
    count: bytes


class Life(Struct, frozen=True):
    """One life of a till, from its start to a power cut.

    Args:
        found: The files it began with.
        steps: What it did to its disk.
        damaged: Whether the start took the database for damaged, and rescued what it could.
        beside: The installation's key files: written and synced by the program itself, not by SQLite.
    """

    found: dict[str, bytes]
    beside: dict[str, bytes]
    steps: list[Step]
    marks: list[Mark]
    damaged: bool


def cut_often(seed: int, file_system: FileSystem, findings: Findings) -> None:
    """Let one till work and lose power at random points; let one of those go on and lose it again."""
    chance, work = random.Random(seed), Work(seed)
    first = _live({}, {}, work, SALES, chance)
    started = first.marks[0].steps
    # A new database is made once in a till's life, in few steps: one cut goes there each time.
    points = [chance.randint(0, started)] + [chance.randint(0, len(first.steps)) for _ in range(CUTS - 1)]
    lives = [_cut(first, point, file_system, work, chance, findings) for point in points]
    second = chance.choice([life for life in lives if life is not None] or [None])
    if second is not None:
        for _ in range(SECOND_CUTS):
            _cut(second, chance.randint(0, len(second.steps)), file_system, work, chance, findings)


def _cut(
    life: Life, point: int, file_system: FileSystem, work: Work, chance: random.Random, findings: Findings
) -> Life | None:
    """Cut the power after so many steps, open what is left and compare; return the life after it."""
    found = after_power_cut(life.found, life.steps[:point], file_system, chance)
    returned = bisect_right([mark.steps for mark in life.marks], point)
    done = life.marks[max(returned - 1, 0)].contents
    beside = dict(life.beside)
    if returned:
        last = life.marks[returned - 1].count
        beside[COUNT_FILE] = chance.choice(
            (chance.choice(life.marks[:returned]).count, last, b"", bytes(len(last)))
        )
    findings.cuts += 1
    findings.sales += done.committed
    try:
        after = _live(found, beside, work, SALES_AFTER_A_CUT, chance)
    except (KnownError, apsw.Error, AssertionError) as error:
        findings.lost += done.committed
        findings.half_written += 1
        findings.note(f"step {point} of {len(life.steps)}: {error!r}")
        return None
    now = after.marks[0].contents
    if after.damaged:
        findings.lost += max(done.committed - now.committed, 1)
        findings.note(f"step {point} of {len(life.steps)}: taken for damaged, {now.committed} sales rescued")
        return None
    if any(mark.contents.is_in(now) for mark in life.marks[max(returned - 1, 0) : returned + 1]):
        return after
    earlier = [mark.contents for mark in life.marks if mark.contents.is_in(now)]
    if earlier:
        findings.lost += max(done.committed - earlier[0].committed, 1)
        findings.note(f"step {point} of {len(life.steps)}: back at {earlier[0].committed} sales")
    else:
        findings.half_written += 1
        findings.note(f"step {point} of {len(life.steps)}: half-written")
    return None


def _live(
    found: dict[str, bytes], beside: dict[str, bytes], work: Work, sales: int, chance: random.Random
) -> Life:
    marks: list[Mark] = []
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        for name, content in {**found, **beside}.items():
            (folder / name).write_bytes(content)
        stack.enter_context(_checkpoints(chance.choice(_CHECKPOINT_PAGES)))
        disk = stack.enter_context(recorded_disk(found))
        journal = open_journal(folder / DATABASE, "2", STARTED_AT)
        try:
            _check_whole(journal)
            damaged = journal.recovery is not None
            marks.append(_mark(disk, journal, folder))
            for call in work.calls(sales):
                call(journal)
                marks.append(_mark(disk, journal, folder))
                if chance.random() < RESTART_SHARE:
                    journal.close()
                    journal = open_journal(folder / DATABASE, "2", STARTED_AT)
        finally:
            journal.close()
        keys = {name: (folder / name).read_bytes() for name in (KEY_FILE, KEY_COPY)}
    return Life(found, keys, disk.steps, marks, damaged)


def _mark(disk: RecordedDisk, journal: SqliteJournal, folder: Path) -> Mark:
    return Mark(len(disk.steps), contents(journal), (folder / COUNT_FILE).read_bytes())


def _check_whole(journal: SqliteJournal) -> None:
    assert journal.first_broken_audit_row() is None, "the audit chain is broken"
    with journal._database.reading() as connection:
        verdict = connection.execute("PRAGMA integrity_check").fetchall()
    assert verdict == [("ok",)], verdict
    assert journal.figures_apart() == [], "figures are not what their rows come to"


@contextmanager
def _checkpoints(pages: int) -> Iterator[None]:
    """Move SQLite's log into the database after so many pages, so that days of all kinds are cut."""

    def hook(connection: apsw.Connection) -> None:
        connection.wal_autocheckpoint(pages)

    apsw.connection_hooks.append(hook)
    try:
        yield
    finally:
        apsw.connection_hooks.remove(hook)


@contextmanager
def _expected_rescues() -> Iterator[None]:
    """Keep quiet about rescues: a till that syncs too little needs them."""
    rescues = logging.getLogger("cashier_app.storage.rescue")
    before = rescues.level
    rescues.setLevel(logging.ERROR)
    try:
        yield
    finally:
        rescues.setLevel(before)


class _SyncsTooLittle(Database):
    """Planted fault: `synchronous=NORMAL`, which syncs the log only now and then."""

    def _set_up(self, connection: apsw.Connection) -> None:
        super()._set_up(connection)
        connection.execute("PRAGMA synchronous=NORMAL")


def _row(file_system: FileSystem, seeds: int, *, control: bool = False) -> Row:
    findings, started = Findings(), time.monotonic()
    for seed in range(seeds):
        cut_often(seed, file_system, findings)
    fault = f"power cut, {file_system.value}"
    counts = (
        f"{seeds} tills, {findings.sales:,} committed sales looked for, {findings.half_written} half-written"
    )
    return Row(
        fault=f"{fault}, synchronous=NORMAL" if control else fault,
        runs=findings.cuts,
        lost=findings.lost,
        phantom=findings.half_written,
        seconds=math.ceil(time.monotonic() - started),
        detail="; ".join([counts, *findings.examples[: 0 if control else 5]]),
        control=control,
        caught=findings.lost > 0 if control else None,
    )
