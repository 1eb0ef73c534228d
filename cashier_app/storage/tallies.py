"""How many rows each table holds, and how far they are numbered: what a backup and a migration must keep."""

from __future__ import annotations

import apsw

_NUMBERED = {"sale": "counter", "effect": "sequence", "audit": "sequence", "day_closing": "number"}
_KEPT = (
    *_NUMBERED,
    "discrepancy",
    "staff",
    "pin_try",
    "ledger_feed",
    "ledger_line",
    "offline_spell",
    "day_figure",
)
"""Tables whose rows a new version never drops. What is left out can be asked for or counted again."""

Tallies = dict[str, tuple[int, int]]


def of(connection: apsw.Connection) -> Tallies:
    """Return the rows and the highest number of each table that is there, inside the caller's transaction."""
    there = {str(row[0]) for row in connection.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")}
    return {table: _tally(connection, table) for table in _KEPT if table in there}


def missing(before: Tallies, connection: apsw.Connection) -> str:
    """Say what a database lacks of what was counted before; empty when nothing."""
    now = of(connection)
    fewer = [f"{table} {rows}" for table, rows in before.items() if now.get(table) != rows]
    loose = connection.execute("PRAGMA foreign_key_check").fetchone()
    return "; ".join([*fewer, *([] if loose is None else [f"a row of {loose[0]} hangs on nothing"])])


def _tally(connection: apsw.Connection, table: str) -> tuple[int, int]:
    number = _NUMBERED.get(table, "0")
    row = connection.execute(f"SELECT count(*), coalesce(max({number}), 0) FROM {table}").fetchone()  # noqa: S608
    return (int(str(row[0])), int(str(row[1]))) if row else (0, 0)
