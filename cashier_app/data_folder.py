"""A till's data folder, looked at from outside: what the diagnosis says of it, its journal, its backups."""

from __future__ import annotations

import shutil
import tempfile
from datetime import UTC, tzinfo
from pathlib import Path
from typing import TYPE_CHECKING

from cashier_app.errors import KnownError

if TYPE_CHECKING:
    from cashier_app.ports.journal import Journal

JOURNAL_FILE = "till.sqlite"


def existing_journal(folder: Path, till: str, zone: tzinfo = UTC) -> Journal:
    """Return the journal in a data folder, also while a till works in it; `zone` is the shop's.

    Raises:
        KnownError: There is none.
    """
    from cashier_app.storage.journal import SqliteJournal

    path = folder / JOURNAL_FILE
    if not path.is_file():
        raise KnownError("This till has no sales yet.")
    return SqliteJournal(path, till, zone=zone)


def check_kind(folder: Path, *, training: bool) -> None:
    """Check that a folder is one of practice, or one of work; a new one is of either. Changes nothing.

    Raises:
        KnownError: It is of the other kind.
    """
    from cashier_app.storage import practice_mark

    practice_mark.check_kind(folder, training=training)


def is_inside_work(path: Path) -> bool:
    """Say whether a file would lie in the data folder of a till that works, or somewhere below it."""
    from cashier_app.storage import practice_mark

    return any(
        (folder / JOURNAL_FILE).is_file() and not practice_mark.is_practice(folder)
        for folder in path.absolute().resolve().parents
    )


def is_practice(folder: Path) -> bool:
    """Say whether a folder is one of practice. Changes nothing."""
    from cashier_app.storage import practice_mark

    return practice_mark.is_practice(folder)


def mark_practice(folder: Path) -> None:
    """Mark a new folder as one of practice, before anything else is in it.

    Raises:
        KnownError: It holds real work, or cannot be written.
    """
    from cashier_app.storage import practice_mark

    practice_mark.mark_folder(folder)


def describe_folder(folder: Path) -> str:
    """Return what is in a data folder and how much room is left.

    Raises:
        KnownError: It cannot be made or written.
    """
    from cashier_app.ports.local_state import LEAST_FREE_BYTES
    from cashier_app.storage.folder_lock import refused

    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        with tempfile.TemporaryFile(dir=folder):
            free = shutil.disk_usage(folder).free
    except (OSError, ValueError) as error:
        raise refused(folder) from error
    if free < LEAST_FREE_BYTES:
        raise KnownError("The disk is nearly full. Free space before you sell.")
    there = "with sales" if (folder / JOURNAL_FILE).exists() else "without sales yet"
    return f"writable, {there}, {free // 10**9} GB free"


def describe_audit_log(folder: Path, till: str) -> str:
    """Return whether every row of the audit log follows from the one before.

    Raises:
        KnownError: One does not: rows were changed, taken out or cut off.
    """
    if not (folder / JOURNAL_FILE).is_file():
        return "no sales yet"
    from cashier_app.storage.journal import SqliteJournal

    journal = SqliteJournal(folder / JOURNAL_FILE, till)
    try:
        broken = journal.first_broken_audit_row()
    finally:
        journal.close()
    if broken is not None:
        raise KnownError(
            f"The audit log does not hold together from row {broken} on. "
            f"Keep the file {folder / JOURNAL_FILE}; call support."
        )
    return "every row follows from the one before"


def audit_record(folder: Path, till: str) -> tuple[list[tuple[int, str, str, str, str, str]], int | None]:
    """Return the whole audit log, and its first row that does not follow from the one before, or None.

    A row is its number, time in UTC, subject, event, detail and link.

    Raises:
        KnownError: There is none, or it cannot be read.
    """
    path = folder / JOURNAL_FILE
    if not path.is_file():
        raise KnownError("This till has no sales yet.")
    from cashier_app.storage import audit
    from cashier_app.storage.journal import SqliteJournal

    journal = SqliteJournal(path, till)
    try:
        with journal.database.reading() as connection:
            return list(audit.all_rows(connection)), audit.first_break(connection)
    finally:
        journal.close()


def describe_local_state(folder: Path, till: str) -> list[str]:
    """Return sentences about the last backup, the reserve and the last rescue of a data folder.

    Raises:
        KnownError: Rows of the database are damaged, or it cannot be read.
    """
    if not (folder / JOURNAL_FILE).is_file():
        return ["no sales yet"]
    from cashier_app.storage.journal import SqliteJournal
    from cashier_app.wording.local_state import local_state_lines

    journal = SqliteJournal(folder / JOURNAL_FILE, till)
    try:
        damaged = journal.look_for_damage()
        lines = local_state_lines(journal.local_state())
    finally:
        journal.close()
    if damaged:
        raise KnownError("; ".join(lines))
    return lines


def back_up(folder: Path, till: str) -> Path:
    """Write a backup of a data folder's sales now, also while a till works in it, and return it.

    Raises:
        KnownError: There are no sales, or it cannot be written.
    """
    if not (folder / JOURNAL_FILE).is_file():
        raise KnownError("This till has no sales yet.")
    from cashier_app.ports.clock import SystemClock
    from cashier_app.storage.journal import SqliteJournal

    journal = SqliteJournal(folder / JOURNAL_FILE, till)
    try:
        return journal.back_up(SystemClock().now())
    finally:
        journal.close()
