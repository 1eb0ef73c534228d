"""Backups by SQLite's own call, which takes what is still in the log along; a copied file would not."""

from __future__ import annotations

import filecmp
import os
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import apsw

from cashier_app.errors import KnownError
from cashier_app.storage import tallies
from cashier_app.storage.synced import sync_folder

FOLDER = "backups"
KEPT = 24
PREFIX, SUFFIX = "till-", ".sqlite"
_STAMP = "%Y%m%dT%H%M%S%fZ"
_PART = "unfinished.part"
_HEADER_BYTES, _USER_VERSION = 100, slice(60, 64)
"""Where SQLite keeps `user_version` (sqlite.org/fileformat2.html#the_database_header)."""
NOT_WRITTEN = "The backup of the sales could not be written."

Verify = Callable[[Path], None]
"""Raises `KnownError` when a backup cannot be trusted."""


def folder_of(database: Path) -> Path:
    """Return where the backups of a database are."""
    return database.parent / FOLDER


def make(connection: apsw.Connection, database: Path, verify: Verify, at: datetime) -> Path:
    """Write one backup, verify it, and let the oldest beyond 24 go. Blocking: for a worker thread.

    Nobody who sells waits for it: in WAL mode a reader holds up no writer. The time `at` (UTC) is part of the
    backup's name; their order is that of their numbers, whatever the clock was set to.

    Raises:
        KnownError: It could not be written or does not hold; no earlier backup was touched.
    """
    part = _write(connection, database)
    try:
        verify(part)
    except KnownError:
        part.unlink(missing_ok=True)
        raise
    return _keep(part, database, at)


def before_migration(connection: apsw.Connection, database: Path, version: int) -> Path:
    """Write a backup of an older schema and read it back: whole by SQLite's own check, and no row missing.

    A start that fails again and again after it writes no second one of the same: others would have to go.

    Raises:
        KnownError: It could not be written or the database is damaged; nothing is migrated then.
    """
    part = _write(connection, database)
    try:
        with closing(apsw.Connection(str(part), flags=apsw.SQLITE_OPEN_READONLY)) as copy:
            whole = copy.execute("PRAGMA integrity_check(1)").fetchone() == ("ok",)
            missing = tallies.missing(tallies.of(connection), copy) if whole else ""
    except apsw.Error as error:
        raise KnownError(NOT_WRITTEN, detail=repr(error)) from error
    if not whole:
        raise KnownError(
            "The sales database is damaged. It was left as it is; call support.",
            detail=f"before the migration from version {version}",
        )
    if missing or schema_of(part) != version:
        raise KnownError(NOT_WRITTEN, detail=missing)
    newest = next(iter(all_of(database)), None)
    if newest is not None and filecmp.cmp(part, newest, shallow=False):
        part.unlink()
        return newest
    return _keep(part, database, datetime.now(UTC))


def schema_of(backup: Path) -> int:
    """Return the version of the tables in a backup, 0 where it cannot be read. Opens no database."""
    try:
        with backup.open("rb") as opened:
            return int.from_bytes(opened.read(_HEADER_BYTES)[_USER_VERSION], "big")
    except OSError:
        return 0


def all_of(database: Path) -> list[Path]:
    """Return the backups, newest first."""
    folder = folder_of(database)
    found = folder.glob(f"{PREFIX}*{SUFFIX}") if folder.is_dir() else ()
    return sorted(found, key=lambda path: path.name, reverse=True)


def made_at(backup: Path) -> datetime | None:
    """Return when a backup was made, UTC, or None when its name does not say."""
    stamp = backup.name.removesuffix(SUFFIX).rpartition("-")[2]
    try:
        return datetime.strptime(stamp, _STAMP).replace(tzinfo=UTC)
    except ValueError:
        return None


def _write(connection: apsw.Connection, database: Path) -> Path:
    folder = folder_of(database)
    part = folder / _PART
    try:
        folder.mkdir(mode=0o700, exist_ok=True)
        part.unlink(missing_ok=True)
        with closing(apsw.Connection(str(part))) as target:
            target.execute("PRAGMA synchronous=EXTRA")
            backup = target.backup("main", connection, "main")
            try:
                # In one step: begun anew at every sale, a backup in steps might never end.
                backup.step(-1)
            except BaseException:
                backup.close(True)
                raise
            # Not as a context manager: what the disk says at the end must come out as it is.
            backup.finish()
            target.execute("PRAGMA journal_mode=DELETE").fetchall()
        part.chmod(0o600)
    except (OSError, apsw.Error) as error:
        raise KnownError(NOT_WRITTEN, detail=repr(error)) from error
    return part


def _keep(part: Path, database: Path, at: datetime) -> Path:
    backups = all_of(database)
    number = _number(backups[0]) + 1 if backups else 1
    final = part.with_name(f"{PREFIX}{number:06d}-{at.astimezone(UTC).strftime(_STAMP)}{SUFFIX}")
    try:
        handle = os.open(part, os.O_RDWR)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
        part.replace(final)
        sync_folder(part.parent)
        for old in backups[KEPT - 1 :]:
            old.unlink()
    except OSError as error:
        raise KnownError(NOT_WRITTEN, detail=repr(error)) from error
    return final


def _number(backup: Path) -> int:
    number = backup.name.removeprefix(PREFIX).partition("-")[0]
    return int(number) if number.isascii() and number.isdigit() else 0
