"""Look at a whole database: its pages, the seal of each row, the audit chain, and that nothing is missing."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

import apsw

from cashier_app.ports.local_state import Damage
from cashier_app.storage import audit
from cashier_app.storage.database import (
    COUNT_FLOOR,
    MOVES_FLOOR,
    VERSION_NAME,
    DamagedError,
    translated_errors,
)
from cashier_app.storage.installation import Noted
from cashier_app.storage.seals import HOLDS, KEPT_HOLDS, SEALED, Seals

NOTHING_NOTED = Noted(0, 0)

_MISSING_SALES = """
SELECT count(*) FROM audit AS made
WHERE made.event = 'committed' AND NOT EXISTS (
    SELECT 1 FROM sale WHERE sale.sale_id = made.subject AND sale.state = 'committed')
  AND NOT EXISTS (SELECT 1 FROM audit AS gone WHERE gone.subject = made.subject AND gone.event = 'lost')
"""
_MISSING_EFFECTS = """
SELECT count(*) FROM sale
WHERE effects > 0 AND effects > (
  SELECT count(*) FROM effect WHERE effect.sale_id = sale.sale_id
  AND (sale.state = 'act' OR effect.kind IN ('capture', 'redeem', 'release', 'sale')))
"""
# Discrepancies are not sealed: each is also in the audit log, which is chained.
_UNTOLD_LOSSES = """
SELECT (SELECT count(*) FROM discrepancy) - count(*) FROM audit
JOIN discrepancy AS loss ON loss.key = json_extract(audit.detail, '$.key')
WHERE audit.event = 'discrepancy' AND audit.detail = loss.body AND audit.subject = loss.sale_id
  AND loss.minor = json_extract(loss.body, '$.loss.minor')
  AND loss.member_id = json_extract(loss.body, '$.member_id')
  AND substr(loss.at, 1, 19) = substr(json_extract(loss.body, '$.at'), 1, 19)
"""
_MISSING_LOSSES = """
SELECT count(*) FROM audit JOIN sale ON sale.sale_id = audit.subject
WHERE audit.event = 'discrepancy'
  AND NOT EXISTS (SELECT 1 FROM discrepancy WHERE key = json_extract(audit.detail, '$.key'))
"""
_MISSING_CLOSINGS = """
SELECT count(*) FROM audit AS made
WHERE substr(made.subject, 1, 10) = 'day close ' AND made.event = 'day closed'
  AND NOT EXISTS (SELECT 1 FROM day_closing WHERE number = CAST(substr(made.subject, 11) AS INTEGER))
  AND NOT EXISTS (
    SELECT 1 FROM audit AS gone WHERE substr(gone.subject, 1, 10) = 'day close '
    AND gone.subject = made.subject AND gone.event = 'day close lost')
"""
_MISSING_STAFF = """
SELECT count(*) FROM audit WHERE event = 'staff added'
  AND NOT EXISTS (SELECT 1 FROM staff WHERE 'staff:' || staff.staff_id = audit.subject)
"""
_MISSING_TRIES = """
SELECT count(*) FROM staff
WHERE NOT EXISTS (SELECT 1 FROM pin_try WHERE pin_try.subject = 'staff:' || staff.staff_id)
"""
_MISSING = (
    _MISSING_SALES,
    _MISSING_EFFECTS,
    _UNTOLD_LOSSES,
    _MISSING_LOSSES,
    _MISSING_STAFF,
    _MISSING_TRIES,
    _MISSING_CLOSINGS,
)
_LAST = {
    COUNT_FLOOR: "SELECT coalesce(max(counter), 0) FROM sale",
    MOVES_FLOOR: "SELECT coalesce(max(sequence), 0) FROM audit",
}
_FLOOR = "SELECT coalesce(max(CAST(text AS INTEGER)), 0) FROM kept WHERE name = ?"


def first_damage(connection: apsw.Connection, noted: Noted = NOTHING_NOTED) -> Damage | None:
    """Return the first thing wrong with a database of the present schema, or None.

    A database that is not as far as was noted beside it has lost its end, or is one somebody put back.
    """
    try:
        # One transaction: everything that is compared is of one moment.
        connection.execute("BEGIN")
        try:
            return _first_damage(connection, noted)
        finally:
            connection.execute("COMMIT")
    except (apsw.CorruptError, apsw.NotADBError, apsw.SQLError, UnicodeDecodeError, ValueError, TypeError):
        return Damage.UNREADABLE


def verify_file(path: Path, row_seals: Seals) -> None:
    """Look at a whole database file without changing it.

    Raises:
        KnownError: Something is wrong with it.
    """
    with (
        translated_errors(path),
        closing(apsw.Connection(str(path), flags=apsw.SQLITE_OPEN_READONLY)) as connection,
    ):
        row_seals.install(connection)
        damage = first_damage(connection)
    if damage is not None:
        raise DamagedError(f"The backup {path.name} is damaged ({damage}).")


def damaged_rows(connection: apsw.Connection) -> int:
    """Return how many rows do not hold, for a database in use.

    Raises:
        KnownError: The disk is failing, or whole pages are damaged.
    """
    with translated_errors(Path(connection.db_filename("main"))):
        return sum(_broken(connection, table) for table in SEALED)


def is_of_version(connection: apsw.Connection, version: int) -> bool:
    """Return whether the sealed word inside the database says it is ours and of this version."""
    try:
        row = connection.execute(
            f"SELECT text FROM kept WHERE name = ? AND {KEPT_HOLDS}",  # noqa: S608 - a constant
            (VERSION_NAME,),
        ).fetchone()
    except (apsw.Error, UnicodeDecodeError):
        return False
    return row == (str(version),)


def _first_damage(connection: apsw.Connection, noted: Noted) -> Damage | None:
    if connection.execute("PRAGMA integrity_check(1)").fetchone() != ("ok",):
        return Damage.INCONSISTENT
    if any(_broken(connection, table) for table in SEALED):
        return Damage.ROW_CHANGED
    if audit.first_break(connection) is not None:
        return Damage.LOG_BROKEN
    if any(_number(connection, query) for query in _MISSING):
        return Damage.INCONSISTENT
    # A rescued database may have fewer rows than there were; how far it was then is its floor.
    far = {
        name: max(_number(connection, query), _number(connection, _FLOOR, name))
        for name, query in _LAST.items()
    }
    behind = far[COUNT_FLOOR] < noted.count or far[MOVES_FLOOR] < noted.moves
    return Damage.BEHIND if behind else None


def _broken(connection: apsw.Connection, table: str) -> int:
    return _number(connection, f"SELECT count(*) FROM {table} NOT INDEXED WHERE NOT ({HOLDS[table]})")  # noqa: S608


def _number(connection: apsw.Connection, query: str, *values: str) -> int:
    row = connection.execute(query, values).fetchone()
    return int(str(row[0])) if row else 0
