"""Open the till's SQLite database so that a committed row is on disk, and bring its schema up to date."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from importlib import resources
from pathlib import Path

import apsw

from cashier_app.errors import KnownError
from cashier_app.storage import backups, persons, practice_mark, seals, tallies
from cashier_app.storage.folder_lock import FolderLock, InUseError, cannot_write
from cashier_app.storage.installation import Installation
from cashier_app.storage.seals import Seals

APPLICATION_ID = 0x43534852
"""Marks the file as ours, so that another program's database is refused ("CSHR")."""

SCHEMA_VERSION = 11
WITH_PERSONS_HIDDEN = 10
OLDEST_SQLITE = (3, 51, 3)
"""Older libraries can corrupt a WAL database under two connections (sqlite.org/wal.html#walresetbug)."""

BUSY_MILLISECONDS = 5000

KEY_NAME, VERSION_NAME = "seal key", "schema version"
COUNT_FLOOR, MOVES_FLOOR, CLOSING_FLOOR = "count floor", "moves floor", "closing floor"
"""What the sealed table `kept` says of the database itself: whose it is, and the last numbers given out."""

_IN_DOUBT = (
    "The disk reports an error, and whether this was saved is not known. "
    "Restart the till, and look at the latest sales before you try again."
)
NEWER = "The sales database was written by a newer version of this program. Install that one."
OPEN_IN_EARLIER = "The till is open in an earlier version of this program. Close it, then try again."
NOT_MIGRATED = (
    "The sales database could not be brought up to this version. It was left as it is: "
    "install the earlier version again and call support."
)
_SYNC_FAILED = (apsw.SQLITE_IOERR_FSYNC, apsw.SQLITE_IOERR_DIR_FSYNC)


class DiskFullError(KnownError):
    """No room: the reserve may help."""


class DamagedError(KnownError):
    """What was read is not what was written."""


class OtherKeyError(KnownError):
    """The rows were sealed with a key that is not in this folder."""


class Database:
    """One database file with one connection for each thread that asks.

    Args:
        path: The file, made when missing.
        row_seals: Made from the key beside the file when not given.
        alone: This process holds the lock of the folder. Who does not takes it to migrate: no till of an
            earlier version may write into tables it does not know.
        is_copy: It is a copy of what is kept elsewhere: brought up to date without another backup.

    Raises:
        KnownError: The file cannot be opened, is not ours or is from a newer version; or it is from an older
            one and cannot be brought up to date. It is as it was then.
    """

    def __init__(
        self, path: Path, row_seals: Seals | None = None, *, alone: bool = False, is_copy: bool = False
    ) -> None:
        if tuple(int(part) for part in apsw.sqlite_lib_version().split(".")[:3]) < OLDEST_SQLITE:
            raise KnownError("The SQLite library of this installation is too old to be trusted with sales.")
        self._path = path
        self._seals = row_seals
        self._alone = alone or is_copy
        self._is_copy = is_copy
        self.committed: Callable[[apsw.Connection], None] = lambda _: None
        """Called after each commit, on the thread that made it."""
        self._local = threading.local()
        self._all: list[apsw.Connection] = []
        self._lock = threading.Lock()
        try:
            with translated_errors(self._path):
                self._migrate(self.connection())
        except BaseException:
            # A disk that fails may fail at closing, too; why it could not be opened is what counts.
            with suppress(apsw.Error):
                self.close()
            raise

    @property
    def path(self) -> Path:
        """Return the file."""
        return self._path

    @property
    def seals(self) -> Seals:
        """Return what seals the rows of this database."""
        if self._seals is None:
            self._seals = Seals(Installation(self._path.parent).key())
        return self._seals

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
        with translated_errors(self._path):
            yield self.connection()

    @contextmanager
    def writing(self) -> Iterator[apsw.Connection]:
        """Run one transaction that is on disk when the block ends, or not at all.

        Raises:
            KnownError: The disk is full, read-only or failing.
        """
        with translated_errors(self._path):
            connection = self.connection()
            try:
                connection.execute("BEGIN IMMEDIATE")
                yield connection
                _commit(connection)
                self.committed(connection)
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
        with translated_errors(self._path):
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
        if connection.readonly("main"):
            raise KnownError(
                f"The sales database cannot be written: {self._path}. Check its permissions, then try again."
            )
        # EXTRA until WAL is in force: the switch itself must survive a power cut.
        connection.execute("PRAGMA synchronous=EXTRA")
        mode = connection.execute("PRAGMA journal_mode=WAL").fetchone()
        if mode is None or mode[0] != "wal":
            raise KnownError(
                f"The data folder is on a drive that cannot keep sales safely: {self._path.parent}. "
                "Use a local drive."
            )
        connection.execute("PRAGMA synchronous=FULL")
        connection.execute("PRAGMA foreign_keys=ON")
        connection.execute("PRAGMA trusted_schema=OFF")
        connection.execute("PRAGMA fullfsync=ON")
        connection.execute("PRAGMA checkpoint_fullfsync=ON")
        # What is wiped or forgotten shall not linger in free pages.
        connection.execute("PRAGMA secure_delete=ON")
        self.seals.install(connection)

    def _check_ours(self, connection: apsw.Connection) -> None:
        application = _pragma(connection, "application_id")
        tables = connection.execute("SELECT count(*) FROM sqlite_schema").fetchone()
        if application not in {0, APPLICATION_ID} or (application == 0 and tables != (0,)):
            raise KnownError(f"{self._path} belongs to another program. It was left as it is.")
        if _pragma(connection, "user_version") > SCHEMA_VERSION:
            raise KnownError(NEWER)

    def _migrate(self, connection: apsw.Connection) -> None:
        version = _pragma(connection, "user_version")
        if version == SCHEMA_VERSION:
            self._check_key(connection)
            return
        if not version:
            self._to_this_version(0)
            return
        with self._folder_to_ourselves():
            if _pragma(connection, "user_version") != version:
                raise KnownError(OPEN_IN_EARLIER)
            if not self._is_copy:
                backups.before_migration(connection, self._path, version)
            try:
                self._to_this_version(version)
            except apsw.Error as error:
                # What the disk does has its own sentences; this is a row that does not fit.
                raise KnownError(NOT_MIGRATED, detail=repr(error)) from error

    @contextmanager
    def _folder_to_ourselves(self) -> Iterator[None]:
        if self._alone:
            yield
            return
        try:
            lock = FolderLock(self._path.parent)
        except InUseError as error:
            raise KnownError(OPEN_IN_EARLIER) from error
        try:
            yield
        finally:
            lock.release()

    def _to_this_version(self, version: int) -> None:
        """Bring the schema from a version to ours in one transaction: all steps or none."""
        with self.writing() as writer:
            if _pragma(writer, "user_version") == SCHEMA_VERSION:
                return  # another process was faster
            before = tallies.of(writer)
            for number, script in migrations():
                if number > version:
                    writer.execute(script)
            if 0 < version < WITH_PERSONS_HIDDEN:
                persons.hide_those_of_before(writer)
            for statement in seals.SEAL_ALL:
                writer.execute(statement)
            self._note_key(writer)
            if not version and practice_mark.is_practice(self._path.parent):
                practice_mark.mark_database(writer)
            writer.execute(f"PRAGMA application_id={APPLICATION_ID}")
            writer.execute(f"PRAGMA user_version={SCHEMA_VERSION}")
            missing = tallies.missing(before, writer)
            if missing:
                raise KnownError(NOT_MIGRATED, detail=f"from version {version}: {missing}")

    def _check_key(self, connection: apsw.Connection) -> None:
        row = connection.execute("SELECT text FROM kept WHERE name = ?", (KEY_NAME,)).fetchone()
        if row is not None and row[0] == self.seals.fingerprint:
            return
        empty = (
            "SELECT NOT EXISTS "
            "(SELECT 1 FROM sale UNION ALL SELECT 1 FROM effect UNION ALL SELECT 1 FROM staff)"
        )
        if connection.execute(empty).fetchone() != (1,):
            raise OtherKeyError(
                "The key of the sales database is missing. Start the till; it sets this right."
            )
        with self.writing() as writer:
            writer.execute("DELETE FROM kept WHERE name <> ?", (practice_mark.PRACTICE_NAME,))
            self._note_key(writer)
            writer.execute(seals.SEAL_KEPT, (practice_mark.PRACTICE_NAME,))

    def _note_key(self, writer: apsw.Connection) -> None:
        for name, text in ((KEY_NAME, self.seals.fingerprint), (VERSION_NAME, str(SCHEMA_VERSION))):
            writer.execute("INSERT OR REPLACE INTO kept (name, text) VALUES (?, ?)", (name, text))
            writer.execute(seals.SEAL_KEPT, (name,))

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
def translated_errors(path: Path) -> Iterator[None]:
    """Turn what the disk does to a database file into one plain sentence.

    Raises:
        KnownError: For a full, failing, read-only, locked or damaged database.
    """
    try:
        yield
    except apsw.FullError as error:
        raise DiskFullError("The disk is full. This was not saved. Free space, then try again.") from error
    except (apsw.ReadOnlyError, apsw.CantOpenError, apsw.PermissionsError) as error:
        raise cannot_write(path.parent) from error
    except apsw.IOError as error:
        raise KnownError("The disk reports an error. This was not saved. Try again, or restart.") from error
    except (apsw.BusyError, apsw.LockedError) as error:
        raise KnownError("Another program holds the sales database. Close it, then try again.") from error
    except (apsw.CorruptError, apsw.NotADBError, UnicodeDecodeError) as error:
        # SQLite hands damaged text on as it is; it is Python that cannot read it.
        raise DamagedError("The sales database is damaged. It was left as it is; call support.") from error


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
        except apsw.FullError:
            # The reserve makes room for both.
            raise DiskFullError(_IN_DOUBT) from error
        except apsw.Error:
            if getattr(error, "extendedresult", 0) not in _SYNC_FAILED:
                raise error from None
            raise KnownError(_IN_DOUBT) from error
        raise


def _pragma(connection: apsw.Connection, name: str) -> int:
    row = connection.execute(f"PRAGMA {name}").fetchone()
    return int(row[0]) if row else 0
