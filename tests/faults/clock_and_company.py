"""Two tills on one folder, and a clock that is set by more than a year while sales wait."""

from __future__ import annotations

import math
import random
import subprocess
import sys
import time
from contextlib import closing, suppress
from pathlib import Path

from cashier_app.domain.sale import EffectKind, EffectState
from cashier_app.errors import KnownError
from cashier_app.storage import retention
from cashier_app.storage.folder_lock import FolderLock
from cashier_app.storage.journal import SqliteJournal
from tests.fakes.backend import Fault
from tests.fakes.committed import commit, row
from tests.fakes.counter import Counter
from tests.fakes.effects import effect, sale, sale_id
from tests.faults.damaged_shop import FILE, TILL, copy_of, holdings
from tests.faults.table import Row

DAY = 24 * 3600.0
YEAR_AND_MORE = 400 * DAY
SALES = 12
LONGEST_REFUSAL_SECONDS = 1.0
_HOLD_THE_FOLDER = """
import sys, time
from pathlib import Path
from cashier_app.storage.folder_lock import FolderLock
lock = FolderLock(Path(sys.argv[1]))
print("held", flush=True)
sys.stdin.read()
"""


def two_tills(source: Path, folder: Path) -> Row:
    """Open a second till over a folder that is in use, kill the first, and read beside a till that sells."""
    began, wrong = time.monotonic(), []
    copy_of(source, folder)
    with closing(SqliteJournal(folder / FILE, TILL)) as journal:
        before = holdings(journal)
    command = [sys.executable, "-c", _HOLD_THE_FOLDER, str(folder)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as first:
        assert first.stdout is not None
        assert first.stdout.readline().strip() == "held"
        asked = time.monotonic()
        try:
            FolderLock(folder).release()
            wrong.append("a second till was let in")
        except KnownError:
            if time.monotonic() - asked > LONGEST_REFUSAL_SECONDS:
                wrong.append("the second till was refused slowly")
        first.kill()
        first.wait()
    with suppress(KnownError):
        FolderLock(folder).release()
        wrong = wrong or []
    with (
        closing(SqliteJournal(folder / FILE, TILL)) as till,
        closing(SqliteJournal(folder / FILE, TILL)) as reader,
    ):
        for count in range(100, 120):
            till.commit_sale(sale(count), [effect(EffectKind.SALE, count)])
            if reader.sale(sale_id(count)) is None:
                wrong.append("a reader beside the till does not see its sale")
        if set(before.sales) - set(holdings(reader).sales):
            wrong.append("sales are gone")
    return Row(
        fault="two tills on one folder",
        runs=2,
        lost=len(wrong),
        seconds=math.ceil(time.monotonic() - began),
        detail="; ".join(wrong) or "second refused at once, lock free after SIGKILL",
    )


def clock_jumps(room: Path, times: int) -> Row:
    """Set the clock while sales wait, are in doubt or have just failed: all are posted once, in order."""
    began = time.monotonic()
    runs = lost = doubled = 0
    for seed in range(times * 4):
        folder = room / f"clock-{seed}"
        folder.mkdir()
        counter = Counter(folder)
        try:
            stuck, twice = _one_clock(counter, random.Random(seed), restart=seed % 2 == 0)
        finally:
            counter.close()
        runs, lost, doubled = runs + 1, lost + stuck, doubled + twice
    return Row(
        fault="clock set by 400 days, forward and back",
        runs=runs,
        lost=lost,
        doubled=doubled,
        seconds=math.ceil(time.monotonic() - began),
        detail=f"{runs * SALES} sales, order by number, none waits longer than before",
    )


def _one_clock(counter: Counter, chance: random.Random, *, restart: bool) -> tuple[int, int]:
    """Return how many sales were stuck, out of order or forgotten, and how many took hold twice."""
    for count in range(1, SALES + 1):
        commit(counter, count)
        if chance.random() < 0.4:
            counter.backend.faults.append(chance.choice([Fault.ANSWER_LOST, Fault.BUSY, Fault.REQUEST_LOST]))
            counter.deliver()
        if chance.random() < 0.4:
            counter.clock.jump(chance.choice([-1, 1]) * YEAR_AND_MORE)
            _forget(counter)
    counter.clock.jump(chance.choice([-1, 1]) * YEAR_AND_MORE)
    if restart:
        counter.restart()
    # No more than the longest wait of the sender may pass on the clock that never jumps.
    began = counter.clock.monotonic()
    counter.drain()
    _forget(counter)
    late = counter.clock.monotonic() - began > 3600
    order = [key for key in counter.backend.order if key.endswith("-sale-1")]
    stuck = sum(row(counter, count).state is not EffectState.POSTED for count in range(1, SALES + 1))
    misplaced = order != sorted(order)
    twice = sum(times > 1 for times in counter.backend.took_hold.values())
    return stuck + misplaced + late, twice


def _forget(counter: Counter) -> None:
    """Let housekeeping do its worst; it must not believe a clock that jumps."""
    database = counter.journal.database
    if retention.clock_is_believed(database, counter.clock.now()):
        retention.compact(database, counter.journal.rollups, counter.clock.now())
