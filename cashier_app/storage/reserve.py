"""A reserve on the disk: given up when the disk is full, so that the sale under way can be finished."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from contextlib import suppress
from functools import wraps
from pathlib import Path
from typing import Concatenate, ParamSpec, Protocol, TypeVar

from cashier_app.ports.local_state import LEAST_FREE_BYTES
from cashier_app.storage.database import DiskFullError

RESERVE_FILE = "till.reserve"
RESERVE_BYTES = 32 * 1024 * 1024
_BLOCK = bytes(1024 * 1024)


class Reserve:
    """The reserve file of one data folder."""

    def __init__(self, folder: Path, size: int = RESERVE_BYTES) -> None:
        self._path = folder / RESERVE_FILE
        self._size = size

    @property
    def kept(self) -> bool:
        """Return whether the reserve is in place, whole."""
        try:
            return self._path.stat().st_size >= self._size
        except OSError:
            return False

    def free_bytes(self) -> int:
        """Return the room left on the drive, 0 when it cannot be asked."""
        try:
            return shutil.disk_usage(self._path.parent).free
        except OSError:
            return 0

    def keep(self) -> None:
        """Make the reserve when it is missing and there is room for it. Blocking, up to a second."""
        if self.kept or self.free_bytes() < LEAST_FREE_BYTES + self._size:
            return
        part = self._path.with_name(f"{RESERVE_FILE}.part")
        try:
            with part.open("wb") as file:
                self._allocate(file.fileno())
                os.fsync(file.fileno())
            part.replace(self._path)
        except OSError:
            # Next time, perhaps; half a reserve is none.
            with suppress(OSError):
                part.unlink()

    def give_up(self) -> bool:
        """Free the reserve; return whether there was any."""
        try:
            self._path.unlink()
        except OSError:
            return False
        return True

    def _allocate(self, handle: int) -> None:
        """Take real blocks: a hole in a file is room that somebody else may use up."""
        if hasattr(os, "posix_fallocate"):
            os.posix_fallocate(handle, 0, self._size)
            return
        left = self._size
        while left > 0:
            left -= os.write(handle, _BLOCK[:left])


class HasReserve(Protocol):
    """Whatever writes beside a reserve."""

    reserve: Reserve


Writer = TypeVar("Writer", bound=HasReserve)
Given = ParamSpec("Given")
Returned = TypeVar("Returned")


def with_reserve(
    method: Callable[Concatenate[Writer, Given], Returned],
) -> Callable[Concatenate[Writer, Given], Returned]:
    """Let a method that found the disk full try once more with the reserve given up."""

    @wraps(method)
    def wrapped(writer: Writer, /, *arguments: Given.args, **named: Given.kwargs) -> Returned:
        try:
            return method(writer, *arguments, **named)
        except DiskFullError:
            if not writer.reserve.give_up():
                raise
            return method(writer, *arguments, **named)

    return wrapped
