"""The ledger's schema: plain SQL scripts, numbered, applied by its owner in one transaction."""

from __future__ import annotations

from collections.abc import Iterator
from importlib import resources

import psycopg
from psycopg import errors, sql

from cashier_app.ledger.connecting import (
    NOT_SET_UP,
    SCHEMA,
    LedgerAddress,
    connect,
    deadline,
    translated_errors,
)
from cashier_app.ports.ledger import LedgerRefusedError

SCHEMA_VERSION = 3
OLDEST_SERVER = 140000
NEWER = "The store's ledger was set up by a newer version of this program. Install that one here."
OLDER = "The store's ledger is of an older version. Run `cashier-cli ledger migrate` with its owner."
NO_ROLES = "The owner of the ledger may not make roles. Have an administrator give it CREATEROLE once."
MIGRATE_SECONDS = 600.0

_BOOK = """
CREATE TABLE IF NOT EXISTS migration (
  version integer PRIMARY KEY,
  name text NOT NULL,
  applied_at timestamptz NOT NULL DEFAULT now()
)
"""


def migrate(address: LedgerAddress) -> list[str]:
    """Bring the ledger's schema up to date, and return the names of the scripts that were applied. Blocking.

    Two owners at once wait for each other. All scripts are applied, or none.

    Raises:
        KnownError: It cannot be reached or changed, is newer than this program, or its server is too old.
    """
    connection = connect(address, seconds=MIGRATE_SECONDS)
    try:
        if connection.info.server_version < OLDEST_SERVER:
            raise LedgerRefusedError("The ledger needs PostgreSQL 14 or newer.")
        with translated_errors(connection), deadline(connection, MIGRATE_SECONDS):
            try:
                return _migrate(connection)
            except errors.InsufficientPrivilege as error:
                if "role" in str(error):
                    raise LedgerRefusedError(NO_ROLES) from error
                raise
    finally:
        connection.close()


def check_version(connection: psycopg.Connection) -> None:
    """Check that the ledger is one this program can speak to.

    Raises:
        KnownError: It is not set up, or of another version.
    """
    row = connection.execute("SELECT ledger.schema_version()").fetchone()
    connection.commit()
    version = row[0] if row else None
    if version is None:
        raise LedgerRefusedError(NOT_SET_UP)
    if version != SCHEMA_VERSION:
        raise LedgerRefusedError(NEWER if version > SCHEMA_VERSION else OLDER)


def scripts() -> Iterator[tuple[int, str, str]]:
    """Yield number, name and text of each script, in order."""
    folder = resources.files("cashier_app.ledger") / "migrations"
    for script in sorted(folder.iterdir(), key=lambda entry: entry.name):
        if script.name.endswith(".sql"):
            number, name = script.name.removesuffix(".sql").split("_", 1)
            yield int(number), name, script.read_text(encoding="utf-8")


def _migrate(connection: psycopg.Connection) -> list[str]:
    applied = []
    with connection.transaction():
        connection.execute("SELECT pg_advisory_xact_lock(hashtext('ledger.migrate'))")
        if connection.execute("SELECT to_regnamespace(%s)", (SCHEMA,)).fetchone() == (None,):
            connection.execute(sql.SQL("CREATE SCHEMA {}").format(sql.Identifier(SCHEMA)))
        connection.execute("SET LOCAL search_path = ledger")
        connection.execute(_BOOK)
        row = connection.execute("SELECT coalesce(max(version), 0) FROM migration").fetchone()
        version = int(row[0]) if row else 0
        if version > SCHEMA_VERSION:
            raise LedgerRefusedError(NEWER)
        for number, name, text in scripts():
            if number > version:
                connection.execute(sql.SQL(text))  # our own scripts, shipped with us
                connection.execute("INSERT INTO migration (version, name) VALUES (%s, %s)", (number, name))
                applied.append(name)
        connection.execute("SELECT make_partitions(current_date)")
    return applied
