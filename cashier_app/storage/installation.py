"""What a data folder keeps beside its database: the key of its seals, and the last receipt number.

The two files say that a database must be here: one that is missing or empty is then no first start.
"""

from __future__ import annotations

import hashlib
import os
import secrets
import zlib
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO

from cashier_app.errors import KnownError

KEY_FILE = "till.key"
KEY_COPY = "till.key.copy"
COUNT_FILE = "till.count"
KEY_BYTES = 32
_CHECK_BYTES = 8
_MAX_FILE_BYTES = 4096


class Installation:
    """The key and the count of one data folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._count_file: BinaryIO | None = None
        self._highest = 0

    def key(self) -> bytes:
        """Return the installation's key, made at the first call. Either of its two files is enough.

        Raises:
            KnownError: Neither file is there and none can be written.
        """
        files = (self.folder / KEY_FILE, self.folder / KEY_COPY)
        found = [_read_key(file) for file in files]
        key = next((one for one in found if one is not None), None) or secrets.token_bytes(KEY_BYTES)
        for file, one in zip(files, found, strict=True):
            if one != key:
                _write_synced(file, f"{key.hex()} {_check(key)}\n".encode())
        return key

    def existed(self) -> bool:
        """Return whether sales were once kept here, whatever the database says."""
        return (self.folder / COUNT_FILE).exists()

    def highest_count(self) -> int:
        """Return the highest receipt number known to have been given out, or 0."""
        with suppress(OSError, ValueError):
            number, check = _read(self.folder / COUNT_FILE).split()
            if int(check, 16) == zlib.crc32(number):
                return int(number)
        return 0

    def note_count(self, number: int) -> None:
        """Keep the number of a sale just committed.

        Not synced: this file is for the day the database itself is gone, and outlives a killed process.
        """
        if number <= self._highest and self._count_file is not None:
            return
        self._highest = max(number, self.highest_count()) if self._count_file is None else number
        text = str(self._highest).zfill(12).encode()
        with suppress(OSError):
            if self._count_file is None:
                (self.folder / COUNT_FILE).touch(mode=0o600)
                self._count_file = (self.folder / COUNT_FILE).open("r+b", buffering=0)
            self._count_file.seek(0)
            self._count_file.write(b"%s %08x\n" % (text, zlib.crc32(text)))

    def close(self) -> None:
        """Let the count's file go."""
        if self._count_file is not None:
            self._count_file.close()
            self._count_file = None


def sync_folder(folder: Path) -> None:
    """Put renames in a folder on disk, where the system can."""
    if os.name == "nt":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _read_key(file: Path) -> bytes | None:
    with suppress(OSError, ValueError):
        text, check = _read(file).decode("ascii").split()
        key = bytes.fromhex(text)
        if len(key) == KEY_BYTES and check == _check(key):
            return key
    return None


def _read(file: Path) -> bytes:
    with file.open("rb") as opened:
        return opened.read(_MAX_FILE_BYTES)


def _check(key: bytes) -> str:
    return hashlib.blake2b(key, digest_size=_CHECK_BYTES, person=b"key file").hexdigest()


def _write_synced(file: Path, content: bytes) -> None:
    part = file.with_name(f"{file.name}.part")
    try:
        handle = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(handle, "wb") as opened:
            opened.write(content)
            opened.flush()
            os.fsync(opened.fileno())
        part.replace(file)
        sync_folder(file.parent)
    except OSError as error:
        raise KnownError(
            "The data folder cannot be written. Check its permissions, then try again."
        ) from error
