"""A failing or full disk at every single step of one sale, from its draft until it is posted.

Either the cashier is told in a plain sentence that the sale was not saved, and then there is none, or it is
committed and posted once: never both, whatever happens next. Three ways are tried: the till goes on, it is
closed and started again, or it is killed at the very moment of the refusal.
"""

from __future__ import annotations

import math
import shutil
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from enum import Enum
from pathlib import Path
from typing import Any
from unittest.mock import patch

import apsw
from msgspec import Struct
from msgspec.structs import replace

from cashier_app.domain.bill import bill_of
from cashier_app.domain.choice import TakeMaximum
from cashier_app.domain.member import Way
from cashier_app.domain.money import Money
from cashier_app.domain.outcome import AlreadyApplied, Applied
from cashier_app.domain.quote import quote
from cashier_app.domain.sale import Effect, EffectKind, Sale
from cashier_app.errors import KnownError
from cashier_app.services.ticket import Ticket
from cashier_app.storage.journal import SqliteJournal
from cashier_app.storage.reserve import RESERVE_FILE, Reserve
from tests.fakes.counter import Counter
from tests.fakes.effects import sale_id
from tests.fakes.shop import COINS, OCCASION, PRIYA, RUPEE
from tests.faults import kernel_errors
from tests.faults.failing_disk import DiskError, FailingDisk, failing_disk
from tests.faults.table import Budget, Row
from tests.faults.till_process import IN_DOUBT

EVERY = {Budget.SHORT: 7, Budget.FULL: 1}
TRIES = 3
RESERVE_BYTES = 4096
HASTY = "done said before commit"
DOUBT_LEFT = "a commit whose sync failed left in the log"


class Next(Enum):
    """What happens after the disk failed."""

    GOES_ON = "goes on"
    CLOSED = "closed and started again"
    KILLED = "killed at once"


class Trouble(Struct, frozen=True):
    """One failure of the disk: where, how, how long, and what happens next."""

    point: int
    error: DiskError
    stays: bool
    next: Next


@dataclass
class Findings:
    """What was found in all runs."""

    runs: int = 0
    points: int = 0
    refused: int = 0
    in_doubt: int = 0
    committed: int = 0
    lost: int = 0
    doubled: int = 0
    phantom: int = 0
    examples: list[str] = field(default_factory=list)

    def note(self, what: str) -> None:
        """Keep the first few faults in words."""
        if len(self.examples) < 5:
            self.examples.append(what)


def run(budget: Budget) -> list[Row]:
    """Fail the disk at each step of a sale; then of tills that say done too early or leave a doubt."""
    rows = [*(_row(error, EVERY[budget]) for error in DiskError), _row_with_reserve(EVERY[budget])]
    with patch("tests.fakes.counter.SqliteJournal", SaysDoneBeforeCommit):
        rows += [_row(error, EVERY[budget], planted=HASTY) for error in DiskError]
    with patch("cashier_app.storage.database._commit", lambda connection: connection.execute("COMMIT")):
        rows.append(_row(DiskError.EIO, EVERY[budget], planted=DOUBT_LEFT))
    return rows + kernel_errors.run(budget)


class SaysDoneBeforeCommit(SqliteJournal):
    """Planted fault: the sale is announced before it is committed, and nobody looks at what became of it."""

    def commit_sale(self, sale: Sale, effects: Sequence[Effect], *more: Any) -> Sale:  # noqa: ANN401
        """Write the sale, perhaps."""
        try:
            return super().commit_sale(sale, effects, *more)
        except KnownError:
            return replace(sale, number="2-0001")


def fail_once_each(error: DiskError, every: int, findings: Findings) -> None:
    """Fail each (or each so many-th) step, in all ways."""
    for point in _points(every, findings):
        for stays in (False, True):
            for then in Next:
                _try(Trouble(point, error, stays, then), findings)


def _points(every: int, findings: Findings) -> list[int]:
    """Return each so many-th step of a sale, counted from 1, and every sync (there doubt arises)."""
    with tempfile.TemporaryDirectory() as folder, failing_disk() as disk:
        till = _Till(Path(folder))
        disk.steps.clear()
        till.sell()
        till.deliver()
        steps = list(disk.steps)
        till.counter.close()
    findings.points = len(steps)
    return [
        number
        for number, what in enumerate(steps, start=1)
        if what == apsw.SQLITE_IOERR_FSYNC or number % every == 0
    ]


def _try(trouble: Trouble, findings: Findings) -> None:
    with tempfile.TemporaryDirectory() as folder, failing_disk() as disk:
        till = _Till(Path(folder))
        disk.fail_at(trouble.point, trouble.error, stays=trouble.stays)
        till.sell()
        if not till.refusals:
            till.deliver()
        found = _what_next(till, trouble, disk, Path(folder))
        findings.runs += 1
        findings.refused += not (till.done or till.in_doubt)
        findings.in_doubt += till.in_doubt and not till.done
        findings.committed += till.done
        try:
            found.recover()
            _compare(till, found, trouble, findings)
            for sentence in till.refusals:
                assert sentence.endswith(".") and "sqlite" not in sentence.lower(), sentence  # noqa: PT018
        except (KnownError, AssertionError) as error:
            findings.lost += 1
            findings.note(f"{trouble}: {error!r}")
        finally:
            found.counter.close()


def _what_next(till: _Till, trouble: Trouble, disk: FailingDisk, folder: Path) -> _Till:
    """Return the till that is used from then on, its disk mended."""
    if trouble.next is Next.GOES_ON:
        disk.mend()
        if till.refusals and not till.done:
            till.sell()  # the cashier tries again: the same ticket
        return till
    if trouble.next is Next.CLOSED:
        disk.mend()
        till.counter.close()
        return till.started_again(folder)
    left = folder / "left"
    left.mkdir()
    for file in folder.iterdir():
        # Shared memory dies with the processes that share it.
        if file.is_file() and not file.name.endswith("-shm"):
            shutil.copy(file, left / file.name)
    disk.mend()
    till.counter.close()
    return till.started_again(left)


def _compare(told: _Till, found: _Till, trouble: Trouble, findings: Findings) -> None:
    """Compare what the cashier was told with till and backend."""
    took_hold = found.counter.backend.took_hold
    stands = {line.sale.sale_id for line in found.counter.journal.recent(10)}
    booked = {sale for sale, kind in took_hold if kind in {EffectKind.SALE, EffectKind.CAPTURE}}
    paid = {told.ticket.sale_id} if told.done or (told.in_doubt and stands) else set()
    both = (EffectKind.SALE, EffectKind.CAPTURE)
    if not paid <= stands or not all(took_hold[sale, kind] for sale in paid for kind in both):
        findings.lost += 1
        findings.note(f"lost: {trouble}")
    if max(took_hold.values(), default=0) > 1:
        findings.doubled += 1
        findings.note(f"doubled: {trouble}")
    if (stands | booked) - paid:
        findings.phantom += 1
        findings.note(f"refused, and yet there: {trouble}")
    if found.counter.backend.open_holds():
        findings.phantom += 1
        findings.note(f"points still held: {trouble}")
    assert found.counter.journal.first_broken_audit_row() is None, "the audit chain is broken"


class _Till:
    """A counter with one sale to make, and what its cashier was told."""

    def __init__(self, folder: Path) -> None:
        self.counter = Counter(folder)
        self.done = self.in_doubt = False
        self.refusals: list[str] = []
        account = self.counter.backend.account(self.counter.backend.members[PRIYA.member_id])
        bill = Money(236_000, RUPEE)
        offer = quote(COINS, PRIYA, account, bill_of(bill), TakeMaximum(), OCCASION)
        self._born = 1
        self.ticket = Ticket(sale_id(1), PRIYA, None, Way.WALLET_CODE, bill, offer)

    def sell(self) -> None:
        """Hold, take the payment, commit; say done only after that."""
        if not self.ticket.reservation:
            outcome = self._told(lambda: self.counter.checkout.hold(self.ticket))
            if not isinstance(outcome, Applied | AlreadyApplied):
                # As in the window: whoever accepts the offer again begins another sale.
                self._born += 1
                self.ticket = replace(self.ticket, sale_id=sale_id(self._born))
                return
            self.ticket = replace(self.ticket, reservation=outcome.booked.reference)
        if self._told(lambda: self.counter.checkout.commit(self.ticket)) is not None:
            self.done = True

    def deliver(self) -> None:
        """Let the sender work; what it cannot write it tries again."""
        for _ in range(TRIES):
            try:
                while self.counter.deliver():
                    pass
            except KnownError as error:
                # The cashier has gone on to the next customer; only the sentence must be in order.
                self.refusals.append(error.sentence)

    def started_again(self, folder: Path) -> _Till:
        """Return the same till over a folder, after its process ended."""
        self.counter._folder = folder
        self.counter._open()
        return self

    def recover(self) -> None:
        """Do what a start does, then let everything be sent."""
        self.counter.delivery.recover()
        self.counter.drain()

    def _told(self, ask: Callable[[], object]) -> object:
        try:
            return ask()
        except KnownError as error:
            self.refusals.append(error.sentence)
            self.in_doubt = self.in_doubt or IN_DOUBT in error.sentence
            return None


def fill_with_reserve(every: int, findings: Findings) -> None:
    """Fill the disk at each step of a sale while a reserve stands by: the sale must go through."""
    for point in _points(every, findings):
        with tempfile.TemporaryDirectory() as folder, failing_disk() as disk:
            till = _Till(Path(folder))
            reserve = Reserve(Path(folder), RESERVE_BYTES)
            reserve.keep()
            assert reserve.kept
            till.counter.journal.reserve = reserve
            disk.full_while((Path(folder) / RESERVE_FILE).exists, point)
            till.sell()
            till.deliver()
            given_up = not (Path(folder) / RESERVE_FILE).exists()
            if apsw.SQLITE_IOERR_WRITE in disk.failures and not (till.done and given_up):
                findings.lost += 1
                findings.note(f"step {point}: the reserve did not help: {till.refusals}")
            disk.mend()
            findings.runs += 1
            findings.refused += not till.done
            findings.committed += till.done
            till.recover()
            _compare(till, till, Trouble(point, DiskError.ENOSPC, stays=True, next=Next.GOES_ON), findings)
            till.counter.close()


def _row_with_reserve(every: int) -> Row:
    findings, started = Findings(), time.monotonic()
    fill_with_reserve(every, findings)
    counts = f"{findings.committed} committed, {findings.refused} refused where a sync failed"
    return Row(
        fault=f"ENOSPC at each of {findings.points} disk steps of a sale, with the reserve",
        runs=findings.runs,
        lost=findings.lost,
        doubled=findings.doubled,
        phantom=findings.phantom,
        seconds=math.ceil(time.monotonic() - started),
        detail="; ".join([counts, *findings.examples]),
    )


def _row(error: DiskError, every: int, planted: str = "") -> Row:
    findings, started = Findings(), time.monotonic()
    fail_once_each(error, every, findings)
    fault = f"{error.value} at each of {findings.points} disk steps of a sale"
    counts = (
        f"{findings.committed} committed, {findings.refused} refused before done, "
        f"{findings.in_doubt} said to be in doubt"
    )
    return Row(
        fault=f"{planted}, {fault}" if planted else fault,
        runs=findings.runs,
        lost=findings.lost,
        doubled=findings.doubled,
        phantom=findings.phantom,
        seconds=math.ceil(time.monotonic() - started),
        detail="; ".join([counts, *([] if planted else findings.examples)]),
        control=bool(planted),
        caught=findings.lost + findings.phantom > 0 if planted else None,
    )
