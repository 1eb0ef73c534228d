"""Closed days in SQLite: numbered without gaps, each in one transaction with its row of the audit log."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

import apsw
from msgspec.structs import replace

from cashier_app.domain.day_close import ClosedDay, OpenDay, canonical, digest, report_of
from cashier_app.domain.day_close_check import Finding, findings
from cashier_app.errors import KnownError
from cashier_app.ports.day_closings import Letterhead
from cashier_app.storage import audit
from cashier_app.storage.closing_contents import contents
from cashier_app.storage.closing_rows import (
    COPIED,
    DAY_CLOSED,
    highest_number,
    kept_closings,
    lost_after,
    subject_of,
    told_closings,
)
from cashier_app.storage.database import CLOSING_FLOOR, DamagedError, Database
from cashier_app.storage.reserve import Reserve, with_reserve
from cashier_app.storage.seals import DAY_CLOSING_HOLDS, SEAL_DAY_CLOSING, SEAL_KEPT

_BEING_PAID = "A sale is being paid at this till. Finish it or cancel it, then close the day."
_DAMAGED = "A closed day in the sales database is damaged. Restart the till; it sets this right."
_COLUMNS = "number, body, sha256"


class SqliteDayClosings:
    """The `DayClosings` of one till's database; see the port for what each method promises.

    Args:
        database: The journal's own.
        till: The till's number.
        reserve: Given up when the disk is full, as for sales.
    """

    def __init__(self, database: Database, till: str, reserve: Reserve) -> None:
        self._database = database
        self._till = till
        self.reserve = reserve

    def open_day(self, letterhead: Letterhead, at: datetime) -> OpenDay:
        """Return what a close would hold now, and the number it would get."""
        with self._at_one_moment() as connection:
            return self._open_day(connection, letterhead, at)

    @with_reserve
    def close_day(
        self, number: int, letterhead: Letterhead, at: datetime, *, by: str, staff_id: str = ""
    ) -> ClosedDay:
        """Close the day under this number; a close that is there already is returned as it is."""
        with self._database.writing() as connection:
            found = self._read(connection, number)
            if found is not None:
                return found
            if connection.execute("SELECT 1 FROM sale WHERE state = 'draft' LIMIT 1").fetchone():
                raise KnownError(_BEING_PAID)
            following = self._open_day(connection, letterhead, at)
            if number != following.number:
                raise KnownError(
                    f"Day close {following.number} is next, not {number}. Look at the report again."
                )
            report = replace(following.report, number=number, closed_by=by, staff_id=staff_id)
            return self._write(connection, report.number, canonical(report), at)

    def closed_days(self, limit: int = 50, below: int = 0) -> list[ClosedDay]:
        """Return closes, the newest first; only those with a lower number where `below` is given."""
        with self._at_one_moment() as connection:
            rows = connection.execute(
                f"SELECT {_COLUMNS} FROM day_closing WHERE (?1 = 0 OR number < ?1) "  # noqa: S608 - constants
                f"AND {DAY_CLOSING_HOLDS} ORDER BY number DESC LIMIT ?2",
                (below, limit),
            ).fetchall()
            return [_closed(row, _copies(connection, int(str(row[0])))) for row in rows]

    def closed_day(self, number: int) -> ClosedDay | None:
        """Return one close."""
        with self._at_one_moment() as connection:
            return self._read(connection, number)

    @with_reserve
    def note_copy(self, number: int, at: datetime, *, by: str, how: str) -> int:
        """Write into the audit log that a close goes out, and return which copy it is."""
        with self._database.writing() as connection:
            if self._read(connection, number) is None:
                raise KnownError(f"There is no day close {number}.")
            before = _copies(connection, number)
            audit.append(connection, at, subject_of(number), COPIED, f"{before} {how} {by}".rstrip())
            return before

    def look_through(self) -> tuple[Finding, ...]:
        """Return everything that is wrong with the closes."""
        with self._at_one_moment() as connection:
            told, lost = told_closings(connection)
            return findings(kept_closings(connection), told, lost)

    def _open_day(self, connection: apsw.Connection, letterhead: Letterhead, at: datetime) -> OpenDay:
        last = _last(connection)
        number = highest_number(connection) + 1
        report = contents(
            connection,
            letterhead,
            at,
            before=last.report if last else None,
            before_sha=last.sha256 if last else "",
            till=self._till,
        )
        lost = lost_after(last.report.number if last else 0, number)
        return OpenDay(replace(report, lost=lost), number)

    def _write(self, connection: apsw.Connection, number: int, text: str, at: datetime) -> ClosedDay:
        sha256 = digest(text)
        connection.execute(
            f"INSERT INTO day_closing ({_COLUMNS}) VALUES (?, ?, ?)",  # noqa: S608 - constants
            (number, text, sha256),
        )
        connection.execute(SEAL_DAY_CLOSING, (number,))
        connection.execute(
            "INSERT OR REPLACE INTO kept (name, text) VALUES (?, ?)", (CLOSING_FLOOR, str(number))
        )
        connection.execute(SEAL_KEPT, (CLOSING_FLOOR,))
        audit.append(connection, at, subject_of(number), DAY_CLOSED, sha256)
        return ClosedDay(report_of(text), text, sha256)

    def _read(self, connection: apsw.Connection, number: int) -> ClosedDay | None:
        row = connection.execute(
            f"SELECT {_COLUMNS}, {DAY_CLOSING_HOLDS} FROM day_closing WHERE number = ?",  # noqa: S608 - constants
            (number,),
        ).fetchone()
        if row is None:
            return None
        if not row[3]:
            raise DamagedError(_DAMAGED)
        return _closed(row, _copies(connection, number))

    @contextmanager
    def _at_one_moment(self) -> Iterator[apsw.Connection]:
        """Yield a connection whose reads are all of one moment."""
        with self._database.reading() as connection:
            connection.execute("BEGIN")
            try:
                yield connection
            finally:
                connection.execute("COMMIT")


def _last(connection: apsw.Connection) -> ClosedDay | None:
    row = connection.execute(
        f"SELECT {_COLUMNS}, {DAY_CLOSING_HOLDS} FROM day_closing ORDER BY number DESC LIMIT 1"  # noqa: S608 - constants
    ).fetchone()
    if row is not None and not row[3]:
        raise DamagedError(_DAMAGED)
    return None if row is None else _closed(row, 0)


def _copies(connection: apsw.Connection, number: int) -> int:
    row = connection.execute(
        "SELECT count(*) FROM audit WHERE subject = ? AND substr(subject, 1, 10) = 'day close ' "
        "AND event = ?",
        (subject_of(number), COPIED),
    ).fetchone()
    return int(str(row[0])) if row else 0


def _closed(row: tuple[apsw.SQLiteValue, ...], copies: int) -> ClosedDay:
    text = str(row[1])
    try:
        return ClosedDay(report_of(text), text, str(row[2]), copies)
    except ValueError as error:
        raise DamagedError(_DAMAGED) from error
