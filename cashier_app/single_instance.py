"""One process per data folder: two of them would drain one queue."""

from __future__ import annotations

from pathlib import Path

import portalocker

from cashier_app.errors import KnownError


class FolderLock:
    """The lock of a data folder; the system frees it however this process ends.

    Raises:
        KnownError: The folder cannot be made, or another process works in it.
    """

    def __init__(self, folder: Path) -> None:
        try:
            folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            self._file = (folder / "till.lock").open("a")
        except (OSError, ValueError) as error:
            raise KnownError("The data folder cannot be written. Check its permissions.") from error
        try:
            portalocker.lock(self._file, portalocker.LockFlags.EXCLUSIVE | portalocker.LockFlags.NON_BLOCKING)
        except (portalocker.LockException, OSError) as error:
            self._file.close()
            raise KnownError("The till is already open on this computer.") from error

    def release(self) -> None:
        """Let another process have the folder."""
        self._file.close()
