"""A disk that fails at one counted step, once or from then on: EIO and ENOSPC below SQLite."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from enum import Enum
from pathlib import Path

import apsw

_BASE = "unix"


class DiskError(Enum):
    """What the operating system answers."""

    EIO = "EIO"
    ENOSPC = "ENOSPC"


class FailingDisk(apsw.VFS):
    """Counts writes, syncs, truncations, new and removed files, and fails the one it is told to."""

    def __init__(self) -> None:
        self.counted = 0
        self.failed = 0
        self._at: int | None = None
        self._error = DiskError.EIO
        self._stays = False
        self._full_while: Callable[[], bool] = lambda: True
        self.failures: list[int] = []
        self.steps: list[int] = []
        super().__init__("failing", _BASE, makedefault=True)

    def fail_at(self, point: int, error: DiskError, *, stays: bool) -> None:
        """Fail the point-th step from now; `stays` fails all after it, too, until `mend`."""
        self.counted = self.failed = 0
        self.failures.clear()
        self._at, self._error, self._stays = point, error, stays

    def full_while(self, condition: Callable[[], bool], point: int) -> None:
        """Have no room from the point-th step on for as long as something holds, such as a reserve."""
        self.fail_at(point, DiskError.ENOSPC, stays=True)
        self._full_while = condition

    def mend(self) -> None:
        """Work again."""
        self._at = None

    def step(self, what: int) -> None:
        """Count one step; fail it if it is its turn, as SQLite's own layer would."""
        self.counted += 1
        self.steps.append(what)
        if self._at is None or self.counted < self._at or (self.failed and not self._stays):
            return
        if not self._full_while():
            return
        self.failed += 1
        self.failures.append(what)
        if self._error is DiskError.ENOSPC and what == apsw.SQLITE_IOERR_WRITE:
            raise apsw.FullError
        failure = apsw.IOError()
        vars(failure)["extendedresult"] = what
        raise failure

    def xOpen(self, name: str | apsw.URIFilename | None, flags: list[int]) -> apsw.VFSFile:  # noqa: N802
        """Open a file; making one is a step."""
        if name is None:
            return apsw.VFSFile(_BASE, None, flags)
        path = name.filename() if isinstance(name, apsw.URIFilename) else name
        if flags[0] & apsw.SQLITE_OPEN_CREATE and not Path(path).exists():
            self.step(apsw.SQLITE_IOERR_DIR_FSYNC)
        return _FailingFile(self, name, flags)

    def xDelete(self, filename: str, syncdir: bool) -> None:  # noqa: FBT001, N802
        """Remove a file."""
        self.step(apsw.SQLITE_IOERR_DELETE)
        super().xDelete(filename, False)


class _FailingFile(apsw.VFSFile):
    def __init__(self, disk: FailingDisk, name: str | apsw.URIFilename, flags: list[int]) -> None:
        self._disk = disk
        super().__init__(_BASE, name, flags)

    def xWrite(self, data: bytes, offset: int) -> None:  # noqa: N802
        try:
            self._disk.step(apsw.SQLITE_IOERR_WRITE)
        except apsw.FullError:
            # What still fitted is on the disk.
            super().xWrite(bytes(data)[: len(data) // 2], offset)
            raise
        super().xWrite(data, offset)

    def xTruncate(self, newsize: int) -> None:  # noqa: N802
        self._disk.step(apsw.SQLITE_IOERR_TRUNCATE)
        super().xTruncate(newsize)

    def xSync(self, flags: int) -> None:  # noqa: N802
        """Fail or succeed; the real disk is spared the sync, nobody cuts the power here."""
        self._disk.step(apsw.SQLITE_IOERR_FSYNC)


@contextmanager
def failing_disk() -> Iterator[FailingDisk]:
    """Send every database of this process through a failing disk, which works until told otherwise."""
    disk = FailingDisk()
    try:
        yield disk
    finally:
        disk.unregister()
