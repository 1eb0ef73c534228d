"""A till's people over a real database, with PINs that cost little to check, and ways to kill it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import cache, partial
from pathlib import Path
from tempfile import TemporaryDirectory

from msgspec import Struct

from cashier_app.domain.staff import Role, StaffMember
from cashier_app.domain.tries import LOCKED_AT, LONGEST_WAIT_SECONDS, Go, Tries, Verdict, Wait, next_try
from cashier_app.ports.clock import Clock
from cashier_app.ports.credentials import Secret
from cashier_app.ports.staff import PinVerifier
from cashier_app.security.pins import Cost, Pepper, PepperedPins
from cashier_app.services.doorkeeper import Doorkeeper
from cashier_app.services.staff_office import StaffOffice
from cashier_app.storage.database import Database
from cashier_app.storage.journal import SqliteJournal
from cashier_app.storage.reserve import Reserve
from cashier_app.storage.staff_book import SqliteStaffBook
from tests.fakes.clock import FakeClock

LIGHT = Cost(memory=8, passes=1, lanes=1)
PEPPER = Pepper(bytes(range(32)), "a test")
MEERA = StaffMember("meera", "Meera Nair", Role.MANAGER)
ASHA = StaffMember("asha", "Asha Rao", Role.CASHIER)
VIKRAM = StaffMember("vikram", "Vikram Shah", Role.SUPERVISOR)
PINS = {"meera": "916053", "asha": "582714", "vikram": "739462"}
WRONG = "604917"
FILE = "till.sqlite"


class Killed(BaseException):
    """The process ended here."""


class CountingPins(PepperedPins):
    """Counts how often a PIN was really looked at, and may die before or after that."""

    def __init__(self, pepper: Pepper = PEPPER, cost: Cost = LIGHT) -> None:
        super().__init__(lambda: pepper, cost)
        self.checked = 0
        self.dies = ""

    def fits(self, verifier: PinVerifier | None, staff_id: str, pin: Secret) -> bool:
        if self.dies == "before the check":
            raise Killed
        self.checked += 1
        fits = super().fits(verifier, staff_id, pin)
        if self.dies == "after the check":
            raise Killed
        return fits


class Shop(Struct):
    """One till's people: `reopen` is what a killed process leaves to the next."""

    folder: Path
    clock: Clock
    journal: SqliteJournal
    book: SqliteStaffBook
    pins: CountingPins
    door: Doorkeeper
    office: StaffOffice
    make_book: type[SqliteStaffBook] = SqliteStaffBook

    def enter(self, staff_id: str, pin: str) -> object:
        """Try to sign in."""
        return self.door.enter(staff_id, Secret(pin))

    def reopen(self) -> Shop:
        """Return the shop as the next process finds it."""
        self.journal.close()
        return open_shop(self.folder, self.clock, self.make_book)


def open_shop(folder: Path, clock: Clock, make_book: type[SqliteStaffBook] = SqliteStaffBook) -> Shop:
    """Open a till's people; nobody works there yet."""
    journal = SqliteJournal(folder / FILE, "2")
    book = make_book(journal.database, journal.reserve)
    pins = CountingPins()
    office = StaffOffice(book, pins, clock, 6)
    return Shop(folder, clock, journal, book, pins, Doorkeeper(book, pins, clock), office, make_book)


def staffed(folder: Path, clock: Clock, make_book: type[SqliteStaffBook] = SqliteStaffBook) -> Shop:
    """Open a till with a manager, a cashier and a supervisor."""
    shop = open_shop(folder, clock, make_book)
    for member in (MEERA, ASHA, VIKRAM):
        shop.office.add(member, Secret(PINS[member.staff_id]), "a test")
    return shop


@cache
def _staffed_file() -> tuple[tuple[str, bytes], ...]:
    with TemporaryDirectory() as name:
        shop = staffed(Path(name), FakeClock())
        with shop.journal.database.reading() as connection:
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
        shop.journal.close()
        return tuple((file.name, file.read_bytes()) for file in Path(name).iterdir())


def staffed_before(folder: Path, clock: Clock, make_book: type[SqliteStaffBook] = SqliteStaffBook) -> Shop:
    """Open what `staffed` leaves, made once for all who ask."""
    for name, content in _staffed_file():
        (folder / name).write_bytes(content)
    return open_shop(folder, clock, make_book)


class CountedAfter(SqliteStaffBook):
    """Planted bug: a try is written down when the next thing is asked, after it was checked."""

    def __init__(self, database: Database, reserve: Reserve) -> None:
        super().__init__(database, reserve)
        self._owed: Callable[[], object] = lambda: None

    def begin_try(
        self, subject: str, at: datetime, monotonic: float, locked_at: int | None = LOCKED_AT
    ) -> Verdict:
        self._pay()
        row = self.tries(subject)
        self._owed = partial(super().begin_try, subject, at, monotonic, locked_at)
        return next_try(row, at, timedelta(seconds=monotonic), locked_at)

    def passed(self, subject: str, event: str, detail: str, at: datetime) -> None:
        self._pay()
        super().passed(subject, event, detail, at)

    def _pay(self) -> None:
        owed, self._owed = self._owed, lambda: None
        owed()


class CountedInMemory(SqliteStaffBook):
    """Planted bug: tries are counted in memory only."""

    def __init__(self, database: Database, reserve: Reserve) -> None:
        super().__init__(database, reserve)
        self._tries: dict[str, Tries] = {}

    def begin_try(
        self, subject: str, at: datetime, monotonic: float, locked_at: int | None = LOCKED_AT
    ) -> Verdict:
        verdict = next_try(self._tries.get(subject), at, timedelta(seconds=monotonic), locked_at)
        if isinstance(verdict, Go | Wait):
            self._tries[subject] = verdict.tries
        return verdict

    def passed(self, subject: str, event: str, detail: str, at: datetime) -> None:
        self._tries.pop(subject, None)
        super().passed(subject, event, detail, at)

    def reset(self, staff_id: str, by: str, at: datetime) -> None:
        self._tries.pop(f"staff:{staff_id}", None)
        super().reset(staff_id, by, at)


class WallClockOnly(SqliteStaffBook):
    """Planted bug: waits are measured on the wall clock alone."""

    def begin_try(
        self, subject: str, at: datetime, monotonic: float, locked_at: int | None = LOCKED_AT
    ) -> Verdict:
        return super().begin_try(subject, at, at.timestamp(), locked_at)


class MonotonicClockOnly(SqliteStaffBook):
    """Planted bug: a mark on the other clock that lies ahead is taken for a wait that is over."""

    def begin_try(
        self, subject: str, at: datetime, monotonic: float, locked_at: int | None = LOCKED_AT
    ) -> Verdict:
        before = self.tries(subject)
        if before is not None and monotonic < before.monotonic.total_seconds():
            monotonic = before.monotonic.total_seconds() + LONGEST_WAIT_SECONDS
        return super().begin_try(subject, at + timedelta(days=9999), monotonic, locked_at)


BUGS = (CountedAfter, CountedInMemory, WallClockOnly, MonotonicClockOnly)
