"""The figures of this till's own journal, read on a connection of their own.

A year's figures are read while the till sells: in SQLite's WAL mode a reader holds up no writer, and this
connection can write nothing.
"""

from __future__ import annotations

import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from datetime import date, tzinfo
from pathlib import Path
from typing import cast

import apsw

from cashier_app.domain.figures import NO_FIGURES, Figures, PeriodFigures, Split, times_of
from cashier_app.errors import KnownError
from cashier_app.ports.figures import EVERYTHING, Difference, Scope
from cashier_app.storage import recount
from cashier_app.storage.database import BUSY_MILLISECONDS, NEWER, SCHEMA_VERSION, translated_errors
from cashier_app.storage.health_rows import offline_seconds
from cashier_app.storage.installation import Installation
from cashier_app.storage.recount import Progress, no_progress
from cashier_app.storage.rollups import WHOLE, Rollups, columns, from_stored
from cashier_app.storage.seals import STAFF_HOLDS, Seals

NO_SALES = "This till has no sales yet."
START_FIRST = "Start the till once with this version; it counts the sales of before."

_DAYS = "day BETWEEN ? AND ?"
PARTS = (
    f"SELECT split, part, {columns('sum({})')} FROM day_figure "  # noqa: S608 - constants
    f"WHERE {_DAYS} AND currency = ? GROUP BY split, part"
)
BY_DAY = (
    f"SELECT day, {columns()} FROM day_figure "  # noqa: S608 - constants
    f"WHERE {_DAYS} AND currency = ? AND split = '' ORDER BY day"
)
OTHERS = f"SELECT DISTINCT currency FROM day_figure WHERE {_DAYS} AND currency <> ? AND split = '' ORDER BY 1"  # noqa: S608
TIMES = (
    f"SELECT staff, tenths, sum(sales) FROM day_time "  # noqa: S608 - constants
    f"WHERE {_DAYS} AND currency = ? GROUP BY staff, tenths"
)


class SqliteFigures:
    """The `FiguresSource` of one till. Opened when first asked; safe from any thread.

    Args:
        path: The till's database.
        store: The shop's name, the one store that can be asked for.
        till: The till's number, the same.
        currency: ISO 4217 letters of the shop's own.
        zone: Whose days those are that were recorded before the shop's clock was; for `differences` only.
    """

    def __init__(self, path: Path, store: str, till: str, currency: str, zone: tzinfo) -> None:
        self._path = path
        self._store = store
        self._till = till
        self._currency = currency
        self._zone = zone
        self._lock = threading.Lock()
        self._connection: apsw.Connection | None = None

    def figures(
        self, first: date, last: date, scope: Scope = EVERYTHING, currency: str = ""
    ) -> PeriodFigures:
        """Return what is counted from one business day to another; see the port."""
        wanted = currency or self._currency
        if scope.store not in {"", self._store} or scope.till not in {"", self._till}:
            return PeriodFigures(first, last, wanted)
        with self._reading() as connection:
            return _read(connection, first, last, wanted)

    def stores(self) -> tuple[str, ...]:
        """Return the one store this till is in."""
        return (self._store,)

    def names(self) -> dict[str, str]:
        """Return what people call each staff id, also of those who are gone."""
        with self._reading() as connection:
            rows = connection.execute(f"SELECT staff_id, name FROM staff WHERE {STAFF_HOLDS}")  # noqa: S608
            return {str(staff_id): str(name) for staff_id, name in rows}

    def differences(self, progress: Progress = no_progress) -> list[Difference]:
        """Count everything again and return what is kept otherwise; a minute for a million sales.

        Raises:
            KnownError: It cannot be read.
        """
        with self._reading() as connection:
            return recount.apart(connection, Rollups(self._seals, self._zone), progress).differences()

    def close(self) -> None:
        """Let go of the connection."""
        with self._lock:
            if self._connection is not None:
                self._connection.close()
                self._connection = None

    def _seals(self) -> Seals:
        return Seals(Installation(self._path.parent).key())

    @contextmanager
    def _reading(self) -> Iterator[apsw.Connection]:
        with self._lock, translated_errors(self._path):
            if self._connection is None:
                self._connection = self._open()
            yield self._connection

    def _open(self) -> apsw.Connection:
        if not self._path.is_file():
            raise KnownError(NO_SALES)
        connection = apsw.Connection(str(self._path), flags=apsw.SQLITE_OPEN_READONLY)
        try:
            connection.set_busy_timeout(BUSY_MILLISECONDS)
            self._check(connection)
            connection.execute("PRAGMA trusted_schema=OFF")
            self._seals().install(connection)
        except BaseException:
            connection.close()
            raise
        return connection

    def _check(self, connection: apsw.Connection) -> None:
        version = connection.execute("PRAGMA user_version").fetchone()
        if version is not None and int(str(version[0])) > SCHEMA_VERSION:
            raise KnownError(NEWER)
        if version != (SCHEMA_VERSION,) or not recount.is_up_to_date(connection, Rollups(self._seals)):
            raise KnownError(START_FIRST)


def _read(connection: apsw.Connection, first: date, last: date, currency: str) -> PeriodFigures:
    of = (first.isoformat(), last.isoformat(), currency)
    # One transaction: everything is of one moment, whatever is sold meanwhile.
    connection.execute("BEGIN")
    try:
        total = NO_FIGURES
        by: dict[Split, dict[str, Figures]] = {split: {} for split in Split}
        for split, part, *values in connection.execute(PARTS, of):
            figures = from_stored(values)
            if split == WHOLE:
                total = figures
            elif figures != NO_FIGURES and split in by:
                by[Split(str(split))][str(part)] = figures
        days = {
            date.fromisoformat(str(day)): from_stored(values)
            for day, *values in connection.execute(BY_DAY, of)
            if _is_day(str(day))
        }
        all_times: dict[int, int] = {}
        taken: dict[str, dict[int, int]] = {}
        rows = cast("Iterable[tuple[str, int, int]]", connection.execute(TIMES, of))
        for staff, tenths, sales in rows:
            taken.setdefault(staff, {})[tenths] = sales
            all_times[tenths] = all_times.get(tenths, 0) + sales
        return PeriodFigures(
            first=first,
            last=last,
            currency=currency,
            total=total,
            by_day={day: figures for day, figures in days.items() if figures != NO_FIGURES},
            by=by,
            times=times_of(all_times),
            times_by_staff={staff: times_of(counts) for staff, counts in taken.items()},
            other_currencies=tuple(str(row[0]) for row in connection.execute(OTHERS, of)),
            offline_seconds=offline_seconds(connection, first, last),
        )
    finally:
        connection.execute("ROLLBACK")


def _is_day(text: str) -> bool:
    # A row that is damaged is left out; the check finds it.
    with suppress(ValueError):
        return date.fromisoformat(text).isoformat() == text
    return False
