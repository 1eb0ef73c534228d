"""Set a damaged database aside and go on with what is left of it and with the last good backup."""

from __future__ import annotations

import logging
import os
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import apsw

from cashier_app.ports.local_state import Damage, Recovery
from cashier_app.storage import (
    audit,
    closing_rows,
    discrepancies,
    health_rescue,
    practice_mark,
    staff_rescue,
)
from cashier_app.storage.database import (
    CLOSING_FLOOR,
    COUNT_FLOOR,
    KEY_NAME,
    MOVES_FLOOR,
    VERSION_NAME,
    Database,
)
from cashier_app.storage.folder_lock import cannot_write
from cashier_app.storage.good_backups import GoodBackup, last_good_backup
from cashier_app.storage.installation import Installation
from cashier_app.storage.merging import Merged, merge
from cashier_app.storage.recount import RULES_NAME
from cashier_app.storage.recoveries import RECOVERY_NAME, recovery_text
from cashier_app.storage.salvage import STORED, Row, Salvaged, salvage
from cashier_app.storage.seals import SEAL_ALL, SEAL_KEPT, Seals
from cashier_app.storage.synced import sync_folder

logger = logging.getLogger(__name__)

READY_FILE = "till-rescued.sqlite"
PART_FILE = "till-rescued.part"
SUFFIXES = ("", "-wal", "-shm")
MOST_NAMED = 100


def rescue(path: Path, till: str, row_seals: Seals, damage: Damage, at: datetime) -> Recovery:
    """Write a new database from what still reads, then set the damaged files aside and take its place.

    Killed at any moment, the next start goes on: a new database is put in place only when it is whole.

    Raises:
        KnownError: The new database cannot be written. Nothing was changed then.
    """
    with last_good_backup(path, row_seals) as backup:
        return _rescue(path, till, row_seals, damage, at, backup)


def _rescue(
    path: Path, till: str, row_seals: Seals, damage: Damage, at: datetime, backup: GoodBackup | None
) -> Recovery:
    newest = salvage(path, row_seals)
    older = salvage(backup.file, row_seals) if backup else Salvaged()
    noted = Installation(path.parent).noted()
    merged = merge(newest, older, till, noted.count, is_behind=damage is Damage.BEHIND)
    there = [suffix for suffix in SUFFIXES if _beside(path, suffix).exists()]
    stamp = at.astimezone(UTC).strftime("%Y%m%dT%H%M%S%fZ")
    recovery = Recovery(
        at=at,
        damage=damage,
        rescued=sum(row["state"] == "committed" for row in merged.sales.values()),
        lost_rows=len(merged.rebuilt) + len(merged.lost),
        aside=tuple(f"{_aside(path, stamp).name}{suffix}" for suffix in there),
        backup=backup.name if backup else "",
        lost=tuple(f"{till}-{number:04d}" for number in list(merged.lost)[:MOST_NAMED]),
    )
    part = path.with_name(PART_FILE)
    for suffix in SUFFIXES:
        _beside(part, suffix).unlink(missing_ok=True)
    with closing(Database(part, row_seals)) as database, database.writing() as connection:
        if _was_practice(merged, newest, older):
            practice_mark.mark_database(connection)
        _fill(connection, merged, newest, older)
        for row in staff_rescue.staff_rows(newest, older, merged.audit):
            _insert(connection, "staff", row)
        for row in staff_rescue.try_rows(newest, older, merged.audit, noted, damage, at):
            _insert(connection, "pin_try", row)
        _seal(connection)
        closings = closing_rows.numbers_known(newest, older)
        closing_rows.tell_again(connection, closings, at)
        if backup:
            health_rescue.carry_over(connection, backup.file)
        _tell(connection, merged, recovery)
        floors = {COUNT_FLOOR: str(merged.highest), MOVES_FLOOR: str(noted.moves)}
        floors |= {CLOSING_FLOOR: str(closings)} if closings else {}
        _keep(connection, floors | {RECOVERY_NAME: recovery_text(recovery)})
    with part.open("r+b") as file:
        os.fsync(file.fileno())
    part.replace(path.with_name(READY_FILE))
    sync_folder(path.parent)
    finish(path, stamp)
    logger.warning("the sales database was damaged (%s): %d sales rescued", damage.value, recovery.rescued)
    return recovery


def finish(path: Path, stamp: str) -> bool:
    """Put a rescued database in place, if there is one; the damaged files are renamed, never deleted."""
    ready = path.with_name(READY_FILE)
    if not ready.exists():
        return False
    try:
        for suffix in SUFFIXES:
            damaged = _beside(path, suffix)
            if damaged.exists():
                damaged.rename(_beside(_aside(path, stamp), suffix))
        ready.rename(path)
        sync_folder(path.parent)
    except OSError as error:
        raise cannot_write(path.parent) from error
    return True


def _fill(connection: apsw.Connection, merged: Merged, newest: Salvaged, older: Salvaged) -> None:
    for row in merged.sales.values():
        _insert(connection, "sale", row)
    effects = sorted(merged.effects.values(), key=lambda row: int(str(row["sequence"] or 2**62)))
    for row in effects:
        _insert(connection, "effect", row)
    for row in merged.audit:
        _insert(connection, "audit", row)
    for name, row in (older.kept | newest.kept).items():
        if name not in {KEY_NAME, VERSION_NAME, RECOVERY_NAME, RULES_NAME, practice_mark.PRACTICE_NAME}:
            _insert(connection, "kept", row)
    for row in (older.members | newest.members).values():
        _insert(connection, "member_seen", row)
    for row in (older.closings | newest.closings).values():
        _insert(connection, "day_closing", row)
    discrepancies.restore(connection)


def _was_practice(merged: Merged, newest: Salvaged, older: Salvaged) -> bool:
    kept = practice_mark.PRACTICE_NAME in older.kept | newest.kept
    return kept or any(row["event"] == practice_mark.PRACTICE_EVENT for row in merged.audit)


def _seal(connection: apsw.Connection) -> None:
    for statement in SEAL_ALL:
        connection.execute(statement)


def _insert(connection: apsw.Connection, table: str, row: Row) -> None:
    columns = [column for column in STORED[table] if column != "seal"]
    marks = ", ".join("?" * len(columns))
    connection.execute(
        f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({marks})",  # noqa: S608 - constants
        [row[column] for column in columns],
    )


def _tell(connection: apsw.Connection, merged: Merged, recovery: Recovery) -> None:
    at = recovery.at
    summary = f"{recovery.damage.value}; {recovery.rescued} sales rescued, {recovery.lost_rows} rows lost"
    audit.append(connection, at, "database", "rescued", f"{summary}; backup {recovery.backup or 'none'}")
    for key in merged.in_doubt:
        audit.append(connection, at, key, "unknown", "read from a backup")
    for name in merged.rebuilt:
        audit.append(connection, at, name, "made again", "its row was damaged")
    for number, sale_id in merged.lost.items():
        audit.append(connection, at, sale_id or "database", "lost", str(number))


def _keep(connection: apsw.Connection, texts: dict[str, str]) -> None:
    for name, text in texts.items():
        connection.execute("INSERT OR REPLACE INTO kept (name, text) VALUES (?, ?)", (name, text))
        connection.execute(SEAL_KEPT, (name,))


def _beside(path: Path, suffix: str) -> Path:
    return path.with_name(f"{path.name}{suffix}")


def _aside(path: Path, stamp: str) -> Path:
    return path.with_name(f"till-damaged-{stamp}.sqlite")
