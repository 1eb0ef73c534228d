"""One process per data folder: two of them would drain one queue."""

from __future__ import annotations

from pathlib import Path

import apsw

from cashier_app.errors import KnownError

LOCK_FILE = "till.lock"


def refused(folder: Path) -> KnownError:
    """Return what to say of a data folder that cannot be made, read or written, as in a home nobody made."""
    return KnownError(
        f"The data folder {folder} cannot be written. Check its permissions, or name another with --data."
    )


def cannot_write(folder: Path) -> KnownError:
    """Return what to say of a data folder that could be written before."""
    return KnownError(
        f"The data folder cannot be written: {folder}. Check its permissions, then try again.",
    )


class InUseError(KnownError):
    """Another process works in the folder.

    Args:
        what: What that process is, as a sentence begins.
    """

    def __init__(self, what: str = "The till") -> None:
        super().__init__(f"{what} is already open on this computer.")


class FolderLock:
    """The lock of a data folder: an exclusive transaction on an empty database, which nothing is written to.

    SQLite locks the same way on every system, and the lock ends with the process, however that ends. A lock
    library did the same for 28 ms more at every start.

    Raises:
        KnownError: The folder cannot be made; `InUseError` where another process works in it.
    """

    def __init__(self, folder: Path) -> None:
        try:
            folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            self._connection = apsw.Connection(str(folder / LOCK_FILE))
        except (OSError, ValueError, apsw.CantOpenError) as error:
            raise refused(folder) from error
        try:
            self._connection.execute("BEGIN EXCLUSIVE")
        except apsw.BusyError as error:
            self._connection.close()
            raise InUseError from error
        except apsw.Error as error:
            self._connection.close()
            raise refused(folder) from error

    def release(self) -> None:
        """Let another process have the folder."""
        self._connection.close()
