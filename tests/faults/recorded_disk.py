"""A disk that keeps what was synced and forgets a part of the rest: power cuts for SQLite databases.

While `RecordedDisk` is in force, every database of this process goes through it. It writes to real files, so
that SQLite reads what it wrote, and keeps a log. `after_power_cut` works out from the log which files, with
which bytes, a machine would find after losing power at any point of it.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from enum import Enum
from pathlib import Path
from typing import TypeAlias

import apsw
from msgspec import Struct

SECTOR = 512
_BASE = "unix"
_WITH_FOLDER = apsw.SQLITE_OPEN_MAIN_JOURNAL | apsw.SQLITE_OPEN_SUPER_JOURNAL | apsw.SQLITE_OPEN_WAL
_KEPT_SHARES = (0.0, 0.5, 0.9, 1.0)


class FileSystem(Enum):
    """What syncing promises.

    `EXT4`: any later sync makes every earlier creation and removal durable, and they happen in order.
    `POSIX`: only a sync of the folder does; until then each name may show any of its earlier states.
    """

    EXT4 = "ext4-like"
    POSIX = "strict POSIX"


class Written(Struct, frozen=True):
    """Bytes written to a file."""

    file: int
    offset: int
    data: bytes


class Cut(Struct, frozen=True):
    """A file cut to a size."""

    file: int
    size: int


class Synced(Struct, frozen=True):
    """A file synced; `folder` where SQLite syncs the folder of a new log file along with it."""

    file: int
    folder: bool


class Named(Struct, frozen=True):
    """A name given to a new file."""

    name: str
    file: int


class Unnamed(Struct, frozen=True):
    """A name taken away; `folder` where the folder is synced at once."""

    name: str
    folder: bool


FolderStep: TypeAlias = Named | Unnamed
Step: TypeAlias = Written | Cut | Synced | FolderStep


class RecordedDisk(apsw.VFS):
    """The log of all that is written, synced, cut, created and removed.

    Args:
        found: Files that are on the disk already, safely, by name.
    """

    def __init__(self, found: Mapping[str, bytes]) -> None:
        self.found = dict(found)
        self.steps: list[Step] = []
        self._files = {name: number for number, name in enumerate(self.found)}
        self._next = len(self._files)
        super().__init__("recorded", _BASE, makedefault=True)

    def xOpen(self, name: str | apsw.URIFilename | None, flags: list[int]) -> apsw.VFSFile:  # noqa: N802
        """Open a file and note a new one."""
        if name is None:
            return apsw.VFSFile(_BASE, None, flags)
        path = name.filename() if isinstance(name, apsw.URIFilename) else name
        short = Path(path).name
        asked = flags[0]
        opened = _RecordedFile(self, name, flags, folder=bool(asked & _WITH_FOLDER))
        if short not in self._files:
            self._files[short] = self._next
            self.steps.append(Named(short, self._next))
            self._next += 1
        opened.number = self._files[short]
        return opened

    def xDelete(self, filename: str, syncdir: bool) -> None:  # noqa: FBT001, N802
        """Remove a file and note it."""
        super().xDelete(filename, False)
        short = Path(filename).name
        self._files.pop(short, None)
        self.steps.append(Unnamed(short, folder=syncdir))


class _RecordedFile(apsw.VFSFile):
    number = -1

    def __init__(
        self, disk: RecordedDisk, name: str | apsw.URIFilename, flags: list[int], *, folder: bool
    ) -> None:
        self._disk = disk
        self._folder = folder
        super().__init__(_BASE, name, flags)

    def xWrite(self, data: bytes, offset: int) -> None:  # noqa: N802
        super().xWrite(data, offset)
        self._disk.steps.append(Written(self.number, offset, bytes(data)))

    def xTruncate(self, newsize: int) -> None:  # noqa: N802
        super().xTruncate(newsize)
        self._disk.steps.append(Cut(self.number, newsize))

    def xSync(self, flags: int) -> None:  # noqa: N802
        """Note the sync. The real disk is spared it: what survives is worked out from the log."""
        self._disk.steps.append(Synced(self.number, self._folder))
        self._folder = False


@contextmanager
def recorded_disk(found: Mapping[str, bytes]) -> Iterator[RecordedDisk]:
    """Send every database of this process through a recorded disk."""
    disk = RecordedDisk(found)
    try:
        yield disk
    finally:
        disk.unregister()


class _File:
    """A file's bytes that are safe, and the steps that are not yet."""

    def __init__(self, safe: bytes = b"") -> None:
        self.safe = bytearray(safe)
        self.open_steps: list[Written | Cut] = []

    def sync(self) -> None:
        for step in self.open_steps:
            _apply(self.safe, step)
        self.open_steps.clear()

    def lose(self, chance: random.Random, share: float) -> bytes:
        """Keep about this share of what was not synced, each sector for itself."""
        for step in self.open_steps:
            if isinstance(step, Cut):
                if chance.random() < share:
                    _apply(self.safe, step)
                continue
            for start in range(0, len(step.data), SECTOR):
                if chance.random() < share:
                    sector = step.data[start : start + SECTOR]
                    _apply(self.safe, Written(step.file, step.offset + start, sector))
        return bytes(self.safe)


def after_power_cut(
    found: Mapping[str, bytes], steps: Sequence[Step], file_system: FileSystem, chance: random.Random
) -> dict[str, bytes]:
    """Return the files a machine finds that lost power right after these steps."""
    files = {number: _File(content) for number, content in enumerate(found.values())}
    names = {name: number for number, name in enumerate(found)}
    open_names: list[FolderStep] = []
    for step in steps:
        settled = False
        match step:
            case Written(file, _, _) | Cut(file, _):
                files[file].open_steps.append(step)
            case Synced(file, folder):
                files[file].sync()
                settled = folder or file_system is FileSystem.EXT4
            case Named(_, file):
                files[file] = _File()
                open_names.append(step)
            case Unnamed(_, folder):
                open_names.append(step)
                settled = folder
        if settled:
            _rename(names, open_names)
            open_names.clear()
    _rename(names, _kept_names(open_names, file_system, chance))
    share = chance.choice(_KEPT_SHARES)
    return {name: files[number].lose(chance, share) for name, number in names.items()}


def _kept_names(
    steps: Sequence[FolderStep], file_system: FileSystem, chance: random.Random
) -> list[FolderStep]:
    if file_system is FileSystem.EXT4:
        return list(steps[: chance.randint(0, len(steps))])
    kept: list[FolderStep] = []
    for name in sorted({step.name for step in steps}):
        own = [step for step in steps if step.name == name]
        kept += own[: chance.randint(0, len(own))]
    return kept


def _rename(names: dict[str, int], steps: Sequence[FolderStep]) -> None:
    for step in steps:
        if isinstance(step, Named):
            names[step.name] = step.file
        else:
            names.pop(step.name, None)


def _apply(content: bytearray, step: Written | Cut) -> None:
    if isinstance(step, Cut):
        del content[step.size :]
        content.extend(bytes(step.size - len(content)))
        return
    missing = step.offset - len(content)
    if missing > 0:
        content.extend(bytes(missing))
    content[step.offset : step.offset + len(step.data)] = step.data
