"""Read whatever still reads from a database that may be damaged, and keep the rows whose seal holds."""

from __future__ import annotations

import shutil
import tempfile
from contextlib import closing, suppress
from pathlib import Path

import apsw
from msgspec import Struct, field

from cashier_app.storage import leaf_pages
from cashier_app.storage.seals import (
    DAY_CLOSING_SEALED,
    EFFECT_SEALED,
    KEPT_SEALED,
    SALE_SEALED,
    SEALED,
    STAFF_SEALED,
    TRY_SEALED,
    Seals,
)

BESIDE = "till-rescue-"
"""How folders begin that are needed for the moment of a rescue."""

STORED: dict[str, tuple[str, ...]] = {
    "sale": (*SALE_SEALED, "seal"),
    "effect": (*EFFECT_SEALED[:8], "next_attempt_at", *EFFECT_SEALED[8:-1], "seal", "private"),
    "kept": (*KEPT_SEALED, "seal"),
    "audit": ("sequence", "at", "subject", "event", "detail", "chain"),
    "member_seen": ("lookup_key", "sealed", "seen_at"),
    "staff": (*STAFF_SEALED, "seal"),
    "pin_try": (*TRY_SEALED, "seal"),
    "day_closing": (*DAY_CLOSING_SEALED, "seal"),
}
"""The columns of each table in the order they are stored in."""

NUMBERS = frozenset(
    {
        "sequence",
        "counter",
        "has_member",
        "effects",
        "attempts",
        "version",
        "active",
        "failures",
        "monotonic_ms",
        "number",
    }
)
ROW_NUMBERS = frozenset({"sequence", "number"})
"""Columns SQLite keeps as the number of the row itself."""
BYTES = frozenset({"seal", "chain", "lookup_key", "sealed", "badge", "private"})

Name = int | str | bytes | None
Row = dict[str, Name]

FURTHEST = ("waiting", "sending", "unknown", "needs attention", "dropped", "posted")
"""States of an effect in the order they come in; of several copies of a row the furthest is the newest."""


class Salvaged(Struct):
    """What was read from one database.

    Args:
        broken: Rows that were read and do not hold.
        stale: Sales, effects, staff and tries, by id and key, found in loose pages: perhaps not their newest
            state.
    """

    sales: dict[Name, Row] = field(default_factory=dict)
    effects: dict[Name, Row] = field(default_factory=dict)
    audit: dict[Name, Row] = field(default_factory=dict)
    kept: dict[Name, Row] = field(default_factory=dict)
    members: dict[Name, Row] = field(default_factory=dict)
    staff: dict[Name, Row] = field(default_factory=dict)
    tries: dict[Name, Row] = field(default_factory=dict)
    closings: dict[Name, Row] = field(default_factory=dict)
    stale: set[str] = field(default_factory=set)
    broken: int = 0


def salvage(database: Path, row_seals: Seals) -> Salvaged:
    """Read a database and its log without changing either. Raises nothing but for a failing disk."""
    found = Salvaged()
    log = database.with_name(f"{database.name}-wal")
    with tempfile.TemporaryDirectory(prefix=BESIDE, dir=database.parent) as folder:
        copy = Path(folder) / "copy.sqlite"
        # SQLite would empty the log into the damaged file; the shared memory it makes anew.
        for source, target in ((database, copy), (log, copy.with_name(f"{copy.name}-wal"))):
            with suppress(FileNotFoundError):
                shutil.copyfile(source, target)
        for table in STORED:
            _read_table(copy, table, row_seals, found)
    # SQLite stops reading the log at the first damaged byte and finds no way around a damaged page.
    for number, columns in leaf_pages.rows_of(leaf_pages.pages_of(database, log)):
        _take_loose(number, columns, row_seals, found)
    return found


def _read_table(copy: Path, table: str, row_seals: Seals, found: Salvaged) -> None:
    """Read a table from both ends, as far as SQLite finds its way."""
    try:
        with closing(apsw.Connection(str(copy))) as connection:
            # Each column as bytes: damaged text is no reason to stop.
            columns = ", ".join(f"CAST({column} AS BLOB)" for column in STORED[table])
            query = f"SELECT {columns} FROM {table} NOT INDEXED ORDER BY rowid"  # noqa: S608 - constants
            if not _read(connection, query, table, row_seals, found):
                _read(connection, f"{query} DESC", table, row_seals, found)
    except apsw.Error:
        pass


def _read(connection: apsw.Connection, query: str, table: str, row_seals: Seals, found: Salvaged) -> bool:
    try:
        for values in connection.execute(query):
            row = _row(table, [value if isinstance(value, bytes) else None for value in values])
            if row is None or not holds(table, row, row_seals):
                found.broken += 1
            else:
                _take(table, row, found)
    except apsw.Error:
        return False
    return True


def _take_loose(number: int, columns: list[leaf_pages.Value], row_seals: Seals, found: Salvaged) -> None:
    for table, stored in STORED.items():
        if len(columns) != len(stored) or table == "member_seen":
            continue
        if stored[0] in ROW_NUMBERS:
            columns = [number, *columns[1:]]
        row = _row(table, [str(one).encode() if isinstance(one, int) else _bytes(one) for one in columns])
        if row is None or not holds(table, row, row_seals):
            continue
        rows, name = _place(table, row, found)
        # Further than what SQLite reads: it reads an older state than there is.
        if name not in rows or _is_further(row, rows[name]):
            found.stale.add(str(name))
            rows[name] = row


def _bytes(value: leaf_pages.Value) -> bytes | None:
    return value if isinstance(value, bytes) else None


def _row(table: str, values: list[bytes | None]) -> Row | None:
    row: Row = {}
    try:
        for column, value in zip(STORED[table], values, strict=True):
            if value is None or column in BYTES:
                row[column] = value
            elif column in NUMBERS:
                row[column] = int(value)
            elif column == "next_attempt_at":
                row[column] = value.decode(errors="replace")
            else:
                row[column] = value.decode()
    except ValueError:
        return None
    return row


def holds(table: str, row: Row, row_seals: Seals) -> bool:
    """Return whether a row is as it was written; rows of unsealed tables are taken as they are."""
    if table not in SEALED:
        return True
    columns = [_stored(row[column]) for column in SEALED[table]]
    return row["seal"] == row_seals.seal(table, *columns)


def _stored(value: Name) -> bytes | None:
    return value if value is None or isinstance(value, bytes) else str(value).encode()


def _take(table: str, row: Row, found: Salvaged) -> None:
    rows, name = _place(table, row, found)
    rows.setdefault(name, row)


def _place(table: str, row: Row, found: Salvaged) -> tuple[dict[Name, Row], Name]:
    rows = {
        "sale": found.sales,
        "effect": found.effects,
        "kept": found.kept,
        "audit": found.audit,
        "member_seen": found.members,
        "staff": found.staff,
        "pin_try": found.tries,
        "day_closing": found.closings,
    }[table]
    return rows, row["key" if table == "effect" else STORED[table][0]]


def _is_further(row: Row, than: Row) -> bool:
    if "version" in row:
        return int(str(row["version"])) > int(str(than["version"]))
    if "state" not in row:
        return False
    order = ("abandoned", "draft", "act", "committed", *FURTHEST)
    return order.index(str(row["state"])) > order.index(str(than["state"]))
