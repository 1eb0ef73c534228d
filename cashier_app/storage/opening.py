"""Open the till's journal whatever has become of its files: look, set right what can be, go on selling."""

from __future__ import annotations

from contextlib import closing
from datetime import UTC, datetime, tzinfo
from pathlib import Path

import apsw

from cashier_app.errors import KnownError
from cashier_app.ports.local_state import Damage, Recovery
from cashier_app.storage import audit, backups, checks, practice_mark, rescue
from cashier_app.storage.database import (
    APPLICATION_ID,
    KEY_NAME,
    SCHEMA_VERSION,
    DamagedError,
    translated_errors,
)
from cashier_app.storage.installation import Installation
from cashier_app.storage.journal import SqliteJournal
from cashier_app.storage.recoveries import RECOVERY_NAME, recovery_in
from cashier_app.storage.seals import HOLDS, SEAL_ALL, SEAL_KEPT, Seals

NEVER_OURS = "Not the till's sales database, or its first page is damaged: {path}. It was left as it is."


def open_journal(
    path: Path, till: str, at: datetime, zone: tzinfo = UTC, *, training: bool = False
) -> SqliteJournal:
    """Open the journal of a till, setting a damaged database right first. Blocking, for a worker thread.

    Only for the process that holds the folder's lock. What was rescued is in the journal's `recovery`.

    With `training` it is to be one of practice, and a new one is marked so.

    Raises:
        KnownError: The folder cannot be written, the file is another program's or a newer version's, there
            never was a till here and the file cannot be read, or it is practice and work is wanted, or the
            other way round.
    """
    if training:
        practice_mark.mark_folder(path.parent)
    else:
        practice_mark.check_kind(path.parent, training=False)
    installation = Installation(path.parent)
    known = installation.existed() or bool(backups.all_of(path))
    finished = rescue.finish(path, at.astimezone(UTC).strftime("%Y%m%dT%H%M%S%fZ"))
    row_seals: Seals | None = None
    recovery: Recovery | None = None
    if known or path.exists():
        with translated_errors(path):
            damage, row_seals = _examine(path, installation, known=known, at=at)
        if damage is not None:
            row_seals = row_seals or Seals(installation.key())
            recovery = rescue.rescue(path, till, row_seals, damage, at)
    journal = SqliteJournal(path, till, row_seals, zone, alone=True)
    try:
        journal.recovery = recovery or (recovery_in(journal.recall(RECOVERY_NAME)) if finished else None)
        _check_practice(journal, at, training=training)
    except BaseException:
        journal.close()
        raise
    return journal


def _check_practice(journal: SqliteJournal, at: datetime, *, training: bool) -> None:
    with journal.database.reading() as connection:
        practice = practice_mark.holds_mark(connection)
        is_new = connection.execute("SELECT 1 FROM audit LIMIT 1").fetchone() is None
    if practice is not training:
        raise KnownError(practice_mark.IS_PRACTICE if practice else practice_mark.IS_WORK)
    if training and is_new:
        with journal.database.writing() as connection:
            audit.append(
                connection, at, "database", practice_mark.PRACTICE_EVENT, "TRAINING: nothing here is real"
            )


def _examine(
    path: Path, installation: Installation, *, known: bool, at: datetime
) -> tuple[Damage | None, Seals | None]:
    if not path.exists() or path.stat().st_size == 0:
        return (Damage.MISSING if known else None), None
    with closing(apsw.Connection(str(path))) as connection:
        # Not even the log is moved while it is not certain that the file is ours.
        connection.config(apsw.SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1)
        try:
            application, version = (
                _number(connection, f"PRAGMA {name}") for name in ("application_id", "user_version")
            )
            tables = _number(connection, "SELECT count(*) FROM sqlite_schema")
        except (apsw.CorruptError, apsw.NotADBError, UnicodeDecodeError) as error:
            if not known:
                raise DamagedError(NEVER_OURS.format(path=path)) from error
            return Damage.UNREADABLE, None
        if application == 0 and tables == 0 and version == 0:
            return (Damage.MISSING if known else None), None
        ours = application == APPLICATION_ID
        if not known:
            # Nothing here was ever written by this installation; its own checks say whose it is.
            return None, None
        row_seals = Seals(installation.key())
        row_seals.install(connection)
        if not ours or version != SCHEMA_VERSION:
            # Another program's, another version's, or ours with a flipped bit in its first page.
            told = checks.is_of_version(connection, SCHEMA_VERSION)
            return (Damage.UNREADABLE if told else None), row_seals
        if _is_of_another_key(connection, row_seals):
            _seal_anew(connection, row_seals, at)
        return checks.first_damage(connection, installation.noted()), row_seals


def _is_of_another_key(connection: apsw.Connection, row_seals: Seals) -> bool:
    """Return whether the key was lost: no row holds, and the database names another key."""
    try:
        row = connection.execute("SELECT text FROM kept WHERE name = ?", (KEY_NAME,)).fetchone()
        if row is not None and row[0] == row_seals.fingerprint:
            return False
        for table, condition in HOLDS.items():
            if connection.execute(f"SELECT 1 FROM {table} WHERE {condition} LIMIT 1").fetchone():  # noqa: S608
                return False
        sold = connection.execute("SELECT 1 FROM sale LIMIT 1").fetchone() is not None
        return sold or connection.execute("SELECT 1 FROM staff LIMIT 1").fetchone() is not None
    except (apsw.CorruptError, UnicodeDecodeError):
        return False


def _seal_anew(connection: apsw.Connection, row_seals: Seals, at: datetime) -> None:
    """Seal rows whose key is lost, if all else speaks for them: SQLite's own check and the audit chain."""
    whole = connection.execute("PRAGMA integrity_check(1)").fetchone() == ("ok",)
    if not whole or audit.first_break(connection) is not None:
        return
    connection.execute("BEGIN IMMEDIATE")
    for statement in SEAL_ALL:
        connection.execute(statement)
    connection.execute(
        "INSERT OR REPLACE INTO kept (name, text) VALUES (?, ?)", (KEY_NAME, row_seals.fingerprint)
    )
    connection.execute(SEAL_KEPT, (KEY_NAME,))
    audit.append(connection, at, "database", "sealed anew", "the key was lost")
    connection.execute("COMMIT")


def _number(connection: apsw.Connection, query: str) -> int:
    row = connection.execute(query).fetchone()
    return int(str(row[0])) if row else 0
