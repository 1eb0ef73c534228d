"""Backups by SQLite's own call, which takes what is still in the log along; a copied file would not."""

from __future__ import annotations

import errno
import filecmp
import os
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
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
NOT_WRITTEN = "The backup of the sales could not be written. Try again; if it happens again, call support."
NO_ROOM = "The disk is full: the backup of the sales could not be written. Free space, then try again."
MAY_NOT = "The backup of the sales could not be written to {folder}. Check its permissions, then try again."
FAILING = "The disk reports an error: the backup of the sales could not be written. Try again, or restart."
DAMAGED = (
    "The sales database is damaged. It was left as it is: install the earlier version again, which rescues "
    "what it can, or call support."
)
_FULL = (errno.ENOSPC, errno.EDQUOT)
_OF_THE_DISK = (
    OSError,
    apsw.FullError,
    apsw.IOError,
    apsw.CantOpenError,
    apsw.ReadOnlyError,
    apsw.PermissionsError,
)

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
    with _gone_again(part):
        verify(part)
    return _keep(part, database, at)


def before_migration(connection: apsw.Connection, database: Path, version: int) -> Path:
    """Write a backup of an older schema and read it back: whole by SQLite's own check, and no row missing.

    A start that fails again and again after it writes no second one of the same: others would have to go.

    Raises:
        KnownError: It could not be written or the database is damaged; nothing is migrated then.
    """
    try:
        part = _write(connection, database)
        with _gone_again(part), _told(part.parent):
            _check(part, connection, version)
            newest = next(iter(all_of(database)), None)
            if newest is not None and filecmp.cmp(part, newest, shallow=False):
                part.unlink()
                return newest
    except (apsw.CorruptError, apsw.NotADBError) as error:
        raise KnownError(DAMAGED, detail=f"before the migration from version {version}") from error
    return _keep(part, database, datetime.now(UTC))


def _check(part: Path, connection: apsw.Connection, version: int) -> None:
    with closing(apsw.Connection(str(part), flags=apsw.SQLITE_OPEN_READONLY)) as copy:
        if copy.execute("PRAGMA integrity_check(1)").fetchone() != ("ok",):
            raise apsw.CorruptError("what was copied does not hold together")
        missing = tallies.missing(tallies.of(connection), copy)
    if missing or schema_of(part) != version:
        raise KnownError(NOT_WRITTEN, detail=missing)


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
    with _gone_again(part), _told(folder):
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
    return part


def _keep(part: Path, database: Path, at: datetime) -> Path:
    backups = all_of(database)
    number = _number(backups[0]) + 1 if backups else 1
    final = part.with_name(f"{PREFIX}{number:06d}-{at.astimezone(UTC).strftime(_STAMP)}{SUFFIX}")
    with _told(part.parent):
        handle = os.open(part, os.O_RDWR)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
        part.replace(final)
        sync_folder(part.parent)
        for old in backups[KEPT - 1 :]:
            old.unlink()
    return final


@contextmanager
def _gone_again(part: Path) -> Iterator[None]:
    """Leave nothing unfinished behind: on a full disk it would take the room that sales need."""
    try:
        yield
    except BaseException:
        with suppress(OSError):
            part.unlink(missing_ok=True)
        raise


@contextmanager
def _told(folder: Path) -> Iterator[None]:
    try:
        yield
    except _OF_THE_DISK as error:
        raise _not_written(error, folder) from error


def _not_written(error: Exception, folder: Path) -> KnownError:
    number = error.errno if isinstance(error, OSError) else None
    if number in _FULL or isinstance(error, apsw.FullError):
        return KnownError(NO_ROOM, detail=repr(error))
    if number == errno.EIO or isinstance(error, apsw.IOError):
        return KnownError(FAILING, detail=repr(error))
    return KnownError(MAY_NOT.format(folder=folder), detail=repr(error))


def _number(backup: Path) -> int:
    number = backup.name.removeprefix(PREFIX).partition("-")[0]
    return int(number) if number.isascii() and number.isdigit() else 0
