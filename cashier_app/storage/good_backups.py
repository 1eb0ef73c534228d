"""The newest backup that can be trusted, whichever version wrote it: what a rescue has besides."""

from __future__ import annotations

import errno
import logging
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import apsw
from msgspec import Struct

from cashier_app.errors import KnownError
from cashier_app.storage import backups, checks
from cashier_app.storage.database import SCHEMA_VERSION, Database, DiskFullError
from cashier_app.storage.folder_lock import refused
from cashier_app.storage.salvage import BESIDE
from cashier_app.storage.seals import Seals

logger = logging.getLogger(__name__)

_NO_ROOM = "The disk is full. Nothing was changed. Free space, then try again."


class GoodBackup(Struct, frozen=True):
    """A backup that holds: its name, and the file it is read from, which may be a copy."""

    name: str
    file: Path


@contextmanager
def last_good_backup(database: Path, row_seals: Seals) -> Iterator[GoodBackup | None]:
    """Yield the newest backup in which everything holds, None where there is none.

    One that an earlier version wrote counts too, as a copy brought up to this version: in the first minute
    after an update, or where the database was lost before it, there is no other.

    Raises:
        KnownError: There is no room for that copy, or the folder cannot be written.
    """
    for left in database.parent.glob(f"{BESIDE}*"):
        # What a rescue that was killed left behind.
        shutil.rmtree(left, ignore_errors=True)
    try:
        folder = tempfile.TemporaryDirectory(prefix=BESIDE, dir=database.parent, ignore_cleanup_errors=True)
    except OSError as error:
        raise refused(database.parent) from error
    with folder as name:
        yield next(_good(database, row_seals, Path(name)), None)


def _good(database: Path, row_seals: Seals, folder: Path) -> Iterator[GoodBackup]:
    for backup in backups.all_of(database):
        try:
            file = _of_this_version(backup, folder, row_seals)
            checks.verify_file(file, row_seals)
            with closing(apsw.Connection(str(file), flags=apsw.SQLITE_OPEN_READONLY)) as connection:
                row_seals.install(connection)
                if checks.is_of_version(connection, SCHEMA_VERSION):
                    yield GoodBackup(backup.name, file)
        except DiskFullError:
            # Passed over, what is in it would be told to be lost.
            raise
        except KnownError as error:
            logger.warning("%s", error.sentence)


def _of_this_version(backup: Path, folder: Path, row_seals: Seals) -> Path:
    """Return a backup, or a copy of it where its tables are of an earlier version."""
    if not 0 < backups.schema_of(backup) < SCHEMA_VERSION:
        return backup
    copy = folder / backup.name
    try:
        shutil.copyfile(backup, copy)
        with closing(apsw.Connection(str(copy))) as connection:
            # Before it is sealed anew, which would make anything hold.
            whole = connection.execute("PRAGMA integrity_check(1)").fetchone() == ("ok",)
    except OSError as error:
        if error.errno in {errno.ENOSPC, errno.EDQUOT}:
            raise DiskFullError(_NO_ROOM) from error
        raise KnownError(f"The backup {backup.name} cannot be read.") from error
    except apsw.Error:
        whole = False
    if not whole:
        raise KnownError(f"The backup {backup.name} is damaged.")
    Database(copy, row_seals, is_copy=True).close()
    return copy
