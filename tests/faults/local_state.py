"""The till's own files damaged in every way we know: each sale is read, rescued or told to be lost.

A run is a damaged folder that a till is started over. What it holds afterwards is compared with what was
there: a committed sale that is neither readable nor reported is lost, a sale nobody made is a phantom, and an
effect that may have taken hold and would be sent again unasked is doubled. The till must go on selling.
"""

from __future__ import annotations

import logging
import math
import os
import random
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from unittest.mock import patch

from msgspec import Struct

from cashier_app.storage import merging
from cashier_app.storage.journal import SqliteJournal
from cashier_app.storage.seals import SEAL_BYTES, Seals
from tests.faults import damaged_shop, file_damage
from tests.faults.clock_and_company import clock_jumps, two_tills
from tests.faults.damaged_shop import FILE, TILL, Holdings, Outcome
from tests.faults.file_damage import Ruin
from tests.faults.table import Budget, Row

FLIPS = {Budget.SHORT: 60, Budget.FULL: 300}
MOST_CONTROL_FLIPS = 400
TIMES_EACH = {Budget.SHORT: 2, Budget.FULL: 10}
MOST_RENAMES = 12


class Shops(Struct, frozen=True):
    """Folders to damage copies of, and what is in them."""

    backed_up: Path
    never_backed_up: Path
    killed: Path
    room: Path
    truth: Holdings


@dataclass
class Findings:
    """What was found over damaged folders."""

    runs: int = 0
    lost: int = 0
    doubled: int = 0
    phantom: int = 0
    missed: int = 0
    kinds: Counter[str] = field(default_factory=Counter)
    examples: list[str] = field(default_factory=list)

    def add(self, truth: Holdings, outcome: Outcome, *, may_refuse: bool = False) -> None:
        """Judge one start; a refusal is right only where the file is not ours to touch."""
        self.runs += 1
        lost = damaged_shop.lost_sales(truth, outcome)
        doubled = damaged_shop.doubled_effects(truth, outcome)
        phantom = damaged_shop.phantom_sales(truth, outcome)
        untold = outcome.recovery is None and outcome.held is not None and outcome.held.differs(truth)
        problem = outcome.problem or ("" if may_refuse else outcome.refused)
        self.missed += bool(untold)
        self.lost += len(lost) + bool(problem)
        self.doubled += len(doubled)
        self.phantom += len(phantom)
        self.kinds[_kind(outcome)] += 1
        if lost or doubled or phantom or untold or problem:
            self.examples.append(f"{lost[:2]} {doubled[:2]} {phantom[:2]} {problem}")

    def row(self, fault: str, began: float, detail: str = "") -> Row:
        """Return the row of the table."""
        return Row(
            fault=fault,
            runs=self.runs,
            lost=self.lost + self.missed,
            doubled=self.doubled,
            phantom=self.phantom,
            seconds=math.ceil(time.monotonic() - began),
            detail="; ".join(filter(None, (detail, *self.examples[:2]))),
        )


@contextmanager
def _expected_damage() -> Iterator[None]:
    """Keep quiet about damage: it is what this suite makes."""
    storage = logging.getLogger("cashier_app.storage")
    before = storage.level
    storage.setLevel(logging.ERROR)
    try:
        yield
    finally:
        storage.setLevel(before)


def run(budget: Budget) -> list[Row]:
    """Damage folders, refuse what is not ours, die while rescuing, set the clock; then plant bugs."""
    with _expected_damage(), shops() as there:
        rows = [_flips(there, FLIPS[budget]), *_kinds(there, TIMES_EACH[budget])]
        rows += [_read_only(there), _killed_while_rescuing(there, TIMES_EACH[budget])]
        rows += [two_tills(there.backed_up, there.room / "two"), clock_jumps(there.room, TIMES_EACH[budget])]
        return [*rows, *_controls(there)]


@contextmanager
def shops() -> Iterator[Shops]:
    """Yield the folders to damage copies of."""
    with tempfile.TemporaryDirectory() as name:
        room = Path(name)
        backed_up, never = room / "backed-up", room / "never-backed-up"
        for folder in (backed_up, never):
            folder.mkdir()
        damaged_shop.new_folder(backed_up, killed=room / "killed")
        damaged_shop.new_folder(never, backup=False)
        with closing(SqliteJournal(backed_up / FILE, TILL)) as journal:
            truth = damaged_shop.holdings(journal)
        yield Shops(backed_up, never, room / "killed", room, truth)


def damaged(there: Shops, source: Path, ruin: Ruin, seed: int) -> Outcome:
    """Start a till over a damaged copy of a folder."""
    folder = damaged_shop.copy_of(source, there.room / "damaged")
    ruin(folder, random.Random(seed))
    return damaged_shop.start(folder)


def flipped(there: Shops, flips: int, seed: int = 1, *, until_missed: bool = False) -> Findings:
    """Flip so many single bits, each in a fresh copy; a control may end at the first that is missed."""
    found = Findings()
    for number in range(flips):
        found.add(
            there.truth, damaged(there, there.backed_up, file_damage.flip_one_bit, seed * 100_000 + number)
        )
        if until_missed and found.missed:
            break
    return found


def _flips(there: Shops, flips: int) -> Row:
    began = time.monotonic()
    found = flipped(there, flips)
    detail = (
        f"{found.runs - found.kinds['harmless'] - found.missed} detected, {found.kinds['harmless']} harmless"
    )
    return found.row("one flipped bit", began, f"{detail}, {found.missed} missed")


def _kinds(there: Shops, times: int) -> Iterator[Row]:
    both, with_backup, with_log = [there.backed_up, there.never_backed_up], [there.backed_up], [there.killed]
    groups: list[tuple[dict[str, Ruin], list[Path]]] = [
        (file_damage.DAMAGED, both),
        (file_damage.WITH_BACKUP, with_backup),
        (file_damage.WITH_LOG, with_log),
        (file_damage.HARMLESS, with_backup),
        (file_damage.REFUSED, with_backup),
    ]
    for ruins, sources in groups:
        for name, ruin in ruins.items():
            began, found, told = time.monotonic(), Findings(), 0
            for source in sources:
                for seed in range(times):
                    outcome = damaged(there, source, ruin, seed)
                    found.add(there.truth, outcome, may_refuse=ruins is file_damage.REFUSED)
                    told = max(told, len(outcome.recovery.lost) if outcome.recovery else 0)
            detail = f"at most {told} of {len(there.truth.sales)} sales told to be lost" if told else ""
            if ruins is file_damage.REFUSED:
                detail = "refused, not a byte changed" if set(found.kinds) == {"refused"} else "NOT REFUSED"
                found.lost += set(found.kinds) != {"refused"}
            yield found.row(name, began, detail)


def _read_only(there: Shops) -> Row:
    """Start over a file and a folder nobody may write: said at once, nothing changed."""
    began, found = time.monotonic(), Findings()
    for name in ("file", "folder"):
        folder = damaged_shop.copy_of(there.backed_up, there.room / "read-only")
        with _without_rights(folder):
            (folder / FILE).chmod(0o444)
            folder.chmod(0o555 if name == "folder" else 0o777)
            outcome = damaged_shop.start(folder)
        folder.chmod(0o755)
        found.add(there.truth, outcome, may_refuse=True)
        found.lost += not outcome.refused
    return found.row("read-only file or folder", began, "refused at the start")


@contextmanager
def _without_rights(folder: Path) -> Iterator[None]:
    """Run as nobody where we are root: root may write everything."""
    if not hasattr(os, "geteuid") or os.geteuid() != 0:
        yield
        return
    nobody = 65534
    for path in (folder, *folder.rglob("*")):
        os.chown(path, nobody, nobody)
    folder.parent.chmod(0o755)
    os.seteuid(nobody)
    try:
        yield
    finally:
        os.seteuid(0)


class _PowerGone(BaseException):
    """The process ends here."""


def _killed_while_rescuing(there: Shops, times: int) -> Row:
    """End the process before each rename of a rescue, then start again over what is left."""
    began, found = time.monotonic(), Findings()
    for ruin, source in (
        (file_damage.garble_the_log, there.killed),
        (file_damage.zero_the_first_page, there.backed_up),
    ):
        for point in range(MOST_RENAMES):
            died = [_died_rescuing(there, source, ruin, point, seed, found) for seed in range(times)]
            if not any(died):
                break
    found.lost += found.runs < 5 * times  # were there fewer, hardly anything was tried
    return found.row("killed while rescuing", began, "before each rename")


def _died_rescuing(there: Shops, source: Path, ruin: Ruin, point: int, seed: int, found: Findings) -> bool:
    folder = damaged_shop.copy_of(source, there.room / "damaged")
    ruin(folder, random.Random(seed))
    try:
        with _ending_before(point):
            damaged_shop.start(folder)
    except _PowerGone:
        found.add(there.truth, damaged_shop.start(folder))
        return True
    return False


@contextmanager
def _ending_before(point: int) -> Iterator[None]:
    renames = iter(range(1000))

    def ending(real: Callable[[Path, Path], Path]) -> Callable[[Path, Path], Path]:
        def rename(source: Path, target: Path) -> Path:
            if next(renames) == point:
                raise _PowerGone
            return real(source, target)

        return rename

    with (
        patch.object(Path, "rename", ending(Path.rename)),
        patch.object(Path, "replace", ending(Path.replace)),
    ):
        yield


def _controls(there: Shops) -> Iterator[Row]:
    began = time.monotonic()
    with patch.object(Seals, "seal", lambda *_: bytes(SEAL_BYTES)), shops() as unsealed:
        found = flipped(unsealed, MOST_CONTROL_FLIPS, seed=2, until_missed=True)
    yield _control("rows are not sealed", found, began, found.missed > 0)

    began, found = time.monotonic(), Findings()
    with (
        patch("cashier_app.storage.opening.Installation.existed", lambda _: False),
        patch("cashier_app.storage.opening.backups.all_of", lambda _: []),
    ):
        found.add(there.truth, damaged(there, there.backed_up, file_damage.empty, 1))
    yield _control("an empty file is a first start", found, began, found.lost > 0)

    began, found = time.monotonic(), Findings()
    with patch.object(merging, "UNFINISHED", frozenset()):
        found.add(there.truth, damaged(there, there.backed_up, file_damage.take_away, 1))
        for seed in range(10):
            found.add(there.truth, damaged(there, there.backed_up, file_damage.edit_an_effect, seed))
    yield _control("what a backup says is sent without asking", found, began, found.doubled > 0)


def _control(fault: str, found: Findings, began: float, caught: bool) -> Row:  # noqa: FBT001 - the answer
    return Row(
        fault=fault,
        runs=found.runs,
        lost=found.lost,
        doubled=found.doubled,
        phantom=found.phantom,
        seconds=math.ceil(time.monotonic() - began),
        detail=f"{found.missed} missed" if found.missed else "",
        control=True,
        caught=caught,
    )


def _kind(outcome: Outcome) -> str:
    if outcome.refused:
        return "refused"
    return outcome.recovery.damage.value if outcome.recovery else "harmless"
