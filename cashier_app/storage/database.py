"""Open the till's SQLite database so that a committed row is on disk, and bring its schema up to date."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import resources
from pathlib import Path

import apsw

from cashier_app.errors import KnownError

APPLICATION_ID = 0x43534852
"""Marks the file as ours, so that another program's database is refused ("CSHR")."""

SCHEMA_VERSION = 2
OLDEST_SQLITE = (3, 51, 3)
"""Older libraries can corrupt a WAL database under two connections (sqlite.org/wal.html#walresetbug)."""

BUSY_MILLISECONDS = 5000

_SYNC_FAILED = (apsw.SQLITE_IOERR_FSYNC, apsw.SQLITE_IOERR_DIR_FSYNC)


class Database:
    """One database file with one connection for each thread that asks.

    Raises:
        KnownError: The file cannot be opened, is not ours or is from a newer version.
    """

    def __init__(self, path: Path) -> None:
        if tuple(int(part) for part in apsw.sqlite_lib_version().split(".")[:3]) < OLDEST_SQLITE:
            raise KnownError("The SQLite library of this installation is too old to be trusted with sales.")
        self._path = path
        self._local = threading.local()
        self._all: list[apsw.Connection] = []
        self._lock = threading.Lock()
        try:
            with translated_errors():
                self._migrate(self.connection())
        except BaseException:
            self.close()
            raise

    def connection(self) -> apsw.Connection:
        """Return this thread's connection."""
        found: apsw.Connection | None = getattr(self._local, "connection", None)
        if found is None:
            found = self._open()
            self._local.connection = found
        return found

    @contextmanager
    def reading(self) -> Iterator[apsw.Connection]:
        """Yield this thread's connection for reading.

        Raises:
            KnownError: The disk is failing or the database damaged.
        """
        with translated_errors():
            yield self.connection()

    @contextmanager
    def writing(self) -> Iterator[apsw.Connection]:
        """Run one transaction that is on disk when the block ends, or not at all.

        Raises:
            KnownError: The disk is full, read-only or failing.
        """
        with translated_errors():
            connection = self.connection()
            try:
                connection.execute("BEGIN IMMEDIATE")
                yield connection
                _commit(connection)
            except BaseException:
                self._undo(connection)
                raise

    def close(self) -> None:
        """Close the connections of all threads; they must have finished."""
        with self._lock:
            for connection in self._all:
                connection.close()
            self._all.clear()
        self._local = threading.local()

    def _open(self) -> apsw.Connection:
        with translated_errors():
            connection = apsw.Connection(str(self._path))
            try:
                self._set_up(connection)
            except BaseException:
                connection.close()
                raise
        with self._lock:
            self._all.append(connection)
        return connection

    def _set_up(self, connection: apsw.Connection) -> None:
        connection.set_busy_timeout(BUSY_MILLISECONDS)
        # A file that is not ours is not even tidied up: SQLite would move its log into it on closing.
        connection.config(apsw.SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1)
        self._check_ours(connection)
        connection.config(apsw.SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 0)
        # EXTRA until WAL is in force: the switch itself must survive a power cut.
        connection.execute("PRAGMA synchronous=EXTRA")
        mode = connection.execute("PRAGMA journal_mode=WAL").fetchone()
        if mode is None or mode[0] != "wal":
            raise KnownError(
                "The data folder is on a drive that cannot keep sales safely. Use a local drive."
            )
        connection.execute("PRAGMA synchronous=FULL")
        connection.execute("PRAGMA foreign_keys=ON")
        connection.execute("PRAGMA trusted_schema=OFF")
        connection.execute("PRAGMA fullfsync=ON")
        connection.execute("PRAGMA checkpoint_fullfsync=ON")

    def _check_ours(self, connection: apsw.Connection) -> None:
        application = _pragma(connection, "application_id")
        tables = connection.execute("SELECT count(*) FROM sqlite_schema").fetchone()
        if application not in {0, APPLICATION_ID} or (application == 0 and tables != (0,)):
            raise KnownError(f"{self._path.name} belongs to another program. It was left as it is.")
        if _pragma(connection, "user_version") > SCHEMA_VERSION:
            raise KnownError(
                "The sales database was written by a newer version of this program. Install that one."
            )

    def _migrate(self, connection: apsw.Connection) -> None:
        version = _pragma(connection, "user_version")
        if version == SCHEMA_VERSION:
            return
        with self.writing() as writer:
            for number, script in migrations():
                if number > version:
                    writer.execute(script)
            writer.execute(f"PRAGMA application_id={APPLICATION_ID}")
            writer.execute(f"PRAGMA user_version={SCHEMA_VERSION}")

    def _undo(self, connection: apsw.Connection) -> None:
        """Roll back; a connection that cannot even do that is given up.

        One that can is kept, also after a failed sync: a new connection could read back what is in doubt.
        """
        try:
            if connection.in_transaction:
                connection.execute("ROLLBACK")
        except apsw.Error:
            with self._lock:
                self._all.remove(connection)
            self._local.connection = None
            connection.close(force=True)


def migrations() -> Iterator[tuple[int, str]]:
    """Yield number and text of each schema script, in order."""
    folder = resources.files("cashier_app.storage") / "migrations"
    for script in sorted(folder.iterdir(), key=lambda entry: entry.name):
        if script.name.endswith(".sql"):
            yield int(script.name.split("_", 1)[0]), script.read_text(encoding="utf-8")


@contextmanager
def translated_errors() -> Iterator[None]:
    """Turn what the disk does into one plain sentence.

    Raises:
        KnownError: For a full, failing, read-only, locked or damaged database.
    """
    try:
        yield
    except apsw.FullError as error:
        raise KnownError("The disk is full. This was not saved. Free space, then try again.") from error
    except (apsw.ReadOnlyError, apsw.CantOpenError, apsw.PermissionsError) as error:
        raise KnownError(
            "The data folder cannot be written. Check its permissions, then try again."
        ) from error
    except apsw.IOError as error:
        raise KnownError("The disk reports an error. This was not saved. Try again, or restart.") from error
    except (apsw.BusyError, apsw.LockedError) as error:
        raise KnownError("Another program holds the sales database. Close it, then try again.") from error
    except (apsw.CorruptError, apsw.NotADBError) as error:
        raise KnownError("The sales database is damaged. It was left as it is; call support.") from error


def _commit(connection: apsw.Connection) -> None:
    """Commit; where the disk leaves that in doubt, see to it that it did not happen.

    The log may hold the whole transaction although it could not be synced. If the process were killed after
    such a refusal, the next start would find a sale nobody knows of: so a transaction that changes nothing is
    written over it.

    Raises:
        KnownError: That cannot be written either.
    """
    try:
        connection.execute("COMMIT")
    except apsw.IOError as error:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        try:
            version = _pragma(connection, "user_version")
            connection.execute(f"BEGIN IMMEDIATE; PRAGMA user_version={version}; COMMIT")
        except apsw.Error:
            if getattr(error, "extendedresult", 0) not in _SYNC_FAILED:
                raise error from None
            raise KnownError(
                "The disk reports an error, and whether this was saved is not known. "
                "Restart the till, and look at the latest sales before you try again."
            ) from error
        raise


def _pragma(connection: apsw.Connection, name: str) -> int:
    row = connection.execute(f"PRAGMA {name}").fetchone()
    return int(row[0]) if row else 0
