"""How the till was doing, carried into a rescued database from the newest good backup."""

from __future__ import annotations

import logging
from contextlib import closing
from pathlib import Path

import apsw

logger = logging.getLogger(__name__)

_CARRIED = {
    # A spell that was open then ended at the latest with the process that was damaged.
    "offline_spell": "number, began_at, seen_at, milliseconds, iif(state = 'open', 'cut short', state)",
    "offline_day": "day, milliseconds",
    "latency": "day, hour, bucket, calls",
}


def carry_over(connection: apsw.Connection, backup: Path) -> None:
    """Copy spells offline and counted answers, inside the caller's transaction.

    They are worth having and no more: what of them cannot be read or is not possible is left behind.
    """
    try:
        with closing(apsw.Connection(str(backup), flags=apsw.SQLITE_OPEN_READONLY)) as source:
            for table, columns in _CARRIED.items():
                rows = source.execute(f"SELECT {columns} FROM {table}").fetchall()  # noqa: S608 - constants
                marks = ", ".join("?" * len(rows[0])) if rows else ""
                connection.executemany(f"INSERT OR IGNORE INTO {table} VALUES ({marks})", rows)  # noqa: S608
    except apsw.Error as error:
        logger.info("how the till was doing is left behind: %r", error)
