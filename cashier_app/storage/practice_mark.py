"""Whether a data folder is one of practice: said by a file beside the database, and inside it.

Either mark is enough. Looking changes no byte, so that a folder of work can be told from outside.
"""

from __future__ import annotations

import os
from contextlib import closing, suppress
from pathlib import Path

import apsw

from cashier_app.errors import KnownError
from cashier_app.storage.folder_lock import refused
from cashier_app.storage.synced import sync_folder

MARK_FILE = "TRAINING.txt"
MARK_TEXT = (
    "TRAINING: nothing in this folder is real.\n"
    "A practice till keeps here what was done with it. No till that works opens this folder.\n"
)
PRACTICE_NAME = "practice"
"""The row of the sealed table `kept` by which a database of practice is known."""

PRACTICE_EVENT = "training"
"""The first row of its audit log."""

IS_PRACTICE = (
    "This folder holds TRAINING, where nothing is real: a till does not work in it. "
    "Open it with --training, or name another folder."
)
IS_WORK = (
    "This folder holds real work: neither TRAINING nor the demo shop opens it. Name another folder, or none."
)

_OF_A_TILL = (
    "till.sqlite*",
    "till.lock",
    "till.key*",
    "till.count",
    "till-damaged-*",
    "till-rescued*",
    "backups",
)


def is_practice(folder: Path) -> bool:
    """Say whether a folder is marked as one of practice. Blocking; nothing is written, not even a lock.

    Raises:
        KnownError: This user may not look into it.
    """
    try:
        return (folder / MARK_FILE).exists() or _says_practice(folder / "till.sqlite")
    except OSError as error:
        raise refused(folder) from error


def is_used(folder: Path) -> bool:
    """Say whether a till ever kept anything in a folder."""
    return any(next(folder.glob(pattern), None) is not None for pattern in _OF_A_TILL)


def check_kind(folder: Path, *, training: bool) -> None:
    """Check that a folder is of the kind it is wanted as; one that is new is of either. Changes nothing.

    Raises:
        KnownError: It is of the other kind.
    """
    practice = is_practice(folder)
    if practice and not training:
        raise KnownError(IS_PRACTICE)
    if training and not practice and is_used(folder):
        raise KnownError(IS_WORK)


def mark_folder(folder: Path) -> None:
    """Mark a new folder as one of practice, on disk before anything else is in it.

    Raises:
        KnownError: It holds real work, or cannot be written.
    """
    check_kind(folder, training=True)
    mark = folder / MARK_FILE
    if mark.exists():
        return
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        with os.fdopen(os.open(mark, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as opened:
            opened.write(MARK_TEXT.encode())
            opened.flush()
            os.fsync(opened.fileno())
        sync_folder(folder)
    except (OSError, ValueError) as error:
        raise refused(folder) from error


def holds_mark(connection: apsw.Connection) -> bool:
    """Say whether an open database is one of practice."""
    row = connection.execute("SELECT 1 FROM kept WHERE name = ?", (PRACTICE_NAME,)).fetchone()
    return row is not None


def mark_database(connection: apsw.Connection) -> None:
    """Mark a new database, inside the caller's transaction; an older mark stays."""
    from cashier_app.storage.seals import SEAL_KEPT  # the first frame only looks for the mark

    if not holds_mark(connection):
        connection.execute("INSERT INTO kept (name, text) VALUES (?, 'TRAINING')", (PRACTICE_NAME,))
        connection.execute(SEAL_KEPT, (PRACTICE_NAME,))


def _says_practice(database: Path) -> bool:
    # As if on a disk that never changes: no log is read, no lock taken, no file made.
    with suppress(apsw.Error, OSError, ValueError):
        if database.is_file():
            address = f"{database.absolute().as_uri()}?immutable=1"
            flags = apsw.SQLITE_OPEN_READONLY | apsw.SQLITE_OPEN_URI
            with closing(apsw.Connection(address, flags=flags)) as connection:
                return holds_mark(connection)
    return False
