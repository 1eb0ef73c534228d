"""The people of one till in SQLite: sealed rows, and a count of tries that is on disk before any check.

Each change is also in the audit log, in words from which a row that is lost can be made again: all but the
PIN and the badge, which nobody can read out of anything.
"""

from __future__ import annotations

from datetime import datetime, timedelta

import apsw
from msgspec import Struct
from msgspec.structs import replace

from cashier_app.domain.staff import Role, StaffMember
from cashier_app.domain.tries import LOCKED_AT, Go, Tries, Verdict, Wait, next_try
from cashier_app.ports.staff import PinVerifier, StaffRecord
from cashier_app.storage import audit
from cashier_app.storage.database import DamagedError, Database
from cashier_app.storage.reserve import Reserve, with_reserve
from cashier_app.storage.rows import from_json, moment, to_json
from cashier_app.storage.seals import SEAL_STAFF, SEAL_TRY, STAFF_HOLDS, TRY_HOLDS

SUBJECT = "staff:"
STAFF_EVENTS = frozenset({"staff added", "staff changed"})
TRIED, PASSED, RESET = "pin tried", "pin right", "tries reset"
DAMAGED = "A row of the staff is damaged. Start the till again; it sets this right."

_STAFF = (
    f"SELECT staff.staff_id, name, role, active, pin, badge, {STAFF_HOLDS}, pin_try.failures "  # noqa: S608
    "FROM staff LEFT JOIN pin_try ON pin_try.subject = 'staff:' || staff.staff_id "
)
_TRIES = f"SELECT version, failures, at, monotonic_ms, {TRY_HOLDS} FROM pin_try WHERE subject = ?"  # noqa: S608
_KEEP_TRIES = (
    "INSERT INTO pin_try (subject, version, failures, at, monotonic_ms) VALUES (?, ?, ?, ?, ?) "
    "ON CONFLICT (subject) DO UPDATE SET version = excluded.version, failures = excluded.failures, "
    "at = excluded.at, monotonic_ms = excluded.monotonic_ms"
)
_KEEP_STAFF = (
    "INSERT INTO staff (staff_id, version, name, role, active, pin, badge) VALUES (?, 1, ?, ?, ?, ?, ?) "
    "ON CONFLICT (staff_id) DO UPDATE SET version = version + 1, name = excluded.name, role = excluded.role, "
    "active = excluded.active, pin = excluded.pin, badge = excluded.badge RETURNING version"
)


class StaffTold(Struct, frozen=True):
    """What the audit row of a change says: enough to make the row again, without PIN and badge."""

    version: int
    name: str
    role: Role
    active: bool
    what: tuple[str, ...]
    by: str


class SqliteStaffBook:
    """The `StaffBook` beside the journal's rows; see the port for what each method promises.

    Args:
        database: The journal's own.
        reserve: Given up when the disk is full, as for sales: nobody could sign in to finish one.
    """

    def __init__(self, database: Database, reserve: Reserve) -> None:
        self._database = database
        self.reserve = reserve

    def records(self) -> tuple[StaffRecord, ...]:
        """Return everybody ever added, in the order they were added."""
        with self._database.reading() as connection:
            return tuple(_record(row) for row in connection.execute(f"{_STAFF} ORDER BY staff.rowid"))

    def record(self, staff_id: str) -> StaffRecord | None:
        """Return one of them."""
        with self._database.reading() as connection:
            row = connection.execute(f"{_STAFF} WHERE staff.staff_id = ?", (staff_id,)).fetchone()
            return None if row is None else _record(row)

    def owner_of(self, badge: bytes) -> StaffRecord | None:
        """Return whose badge this is."""
        with self._database.reading() as connection:
            row = connection.execute(f"{_STAFF} WHERE badge = ?", (badge,)).fetchone()
            return None if row is None else _record(row)

    @with_reserve
    def keep(self, record: StaffRecord, what: tuple[str, ...], by: str, at: datetime) -> None:
        """Add somebody or replace what is kept of them, with its audit row in the same transaction."""
        member = record.member
        with self._database.writing() as connection:
            pin = None if record.pin is None else to_json(record.pin)
            row = (member.staff_id, member.name, member.role.value, int(member.active), pin, record.badge)
            (version,) = connection.execute(_KEEP_STAFF, row).fetchone() or (1,)
            connection.execute(SEAL_STAFF, (member.staff_id,))
            number = int(str(version))
            told = StaffTold(number, member.name, member.role, member.active, what, by)
            event = "staff added" if number == 1 else "staff changed"
            audit.append(connection, at, _subject(member.staff_id), event, to_json(told))
            if number == 1:
                # From now on a person without a row of tries is one whose row was lost.
                _write(connection, _subject(member.staff_id), 0, Tries(0, at, timedelta()))

    @with_reserve
    def begin_try(
        self, subject: str, at: datetime, monotonic: float, locked_at: int | None = LOCKED_AT
    ) -> Verdict:
        """Count a try before anything is checked, or refuse it."""
        with self._database.writing() as connection:
            version, before = _tries(connection, subject)
            verdict = next_try(before, at, timedelta(seconds=monotonic), locked_at)
            if isinstance(verdict, Go | Wait) and verdict.tries != before:
                _write(connection, subject, version, verdict.tries)
            if isinstance(verdict, Go):
                audit.append(connection, at, subject, TRIED, str(verdict.tries.failures))
            return verdict

    def tries(self, subject: str) -> Tries | None:
        """Return what is kept of the tries for a person; None where none was ever counted."""
        with self._database.reading() as connection:
            return _tries(connection, subject)[1]

    @with_reserve
    def passed(self, subject: str, event: str, detail: str, at: datetime) -> None:
        """Forget the tries of somebody whose PIN was right, and write what it was for into the audit log."""
        with self._database.writing() as connection:
            _forget(connection, subject, at)
            audit.append(connection, at, subject, PASSED, event)
            if detail:
                audit.append(connection, at, subject, event, detail)

    @with_reserve
    def reset(self, staff_id: str, by: str, at: datetime) -> None:
        """Let somebody try again from nothing, with its audit row."""
        with self._database.writing() as connection:
            _forget(connection, _subject(staff_id), at)
            audit.append(connection, at, _subject(staff_id), RESET, by)

    @with_reserve
    def note(self, staff_id: str, event: str, detail: str, at: datetime) -> None:
        """Write a row of the audit log about somebody."""
        with self._database.writing() as connection:
            audit.append(connection, at, _subject(staff_id), event, detail)


def _subject(staff_id: str) -> str:
    return f"{SUBJECT}{staff_id}"


def _record(row: tuple[apsw.SQLiteValue, ...]) -> StaffRecord:
    staff_id, name, role, active, pin, badge, whole, failures = row
    if not whole:
        raise DamagedError(DAMAGED)
    count = LOCKED_AT if failures is None else int(str(failures))
    return StaffRecord(
        StaffMember(str(staff_id), str(name), Role(str(role)), bool(active)),
        None if pin is None else from_json(pin, PinVerifier),
        badge if isinstance(badge, bytes) else None,
        count,
        count >= LOCKED_AT,
    )


def _tries(connection: apsw.Connection, subject: str) -> tuple[int, Tries | None]:
    row = connection.execute(_TRIES, (subject,)).fetchone()
    if row is None:
        return 0, None
    version, failures, at, monotonic_ms, whole = row
    if not whole:
        raise DamagedError(DAMAGED)
    mark = timedelta(milliseconds=int(str(monotonic_ms)))
    tries = Tries(int(str(failures)), datetime.fromisoformat(str(at)), mark)
    return int(str(version)), tries


def _write(connection: apsw.Connection, subject: str, version: int, tries: Tries) -> None:
    # Rounded up: a mark is never earlier than the moment it stands for.
    mark = -(-tries.monotonic // timedelta(milliseconds=1))
    connection.execute(_KEEP_TRIES, (subject, version + 1, tries.failures, moment(tries.at), mark))
    connection.execute(SEAL_TRY, (subject,))


def _forget(connection: apsw.Connection, subject: str, at: datetime) -> None:
    version, before = _tries(connection, subject)
    if before is not None and before.failures:
        _write(connection, subject, version, replace(before, failures=0, at=at))
