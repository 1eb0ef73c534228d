"""What a data folder keeps beside its database: the key of its seals, and how far it was.

The two files say that a database must be here: one that is missing or empty is then no first start.
"""

from __future__ import annotations

import hashlib
import os
import secrets
import threading
import zlib
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO

from msgspec import Struct

from cashier_app.storage.folder_lock import cannot_write
from cashier_app.storage.synced import sync_folder

KEY_FILE = "till.key"
KEY_COPY = "till.key.copy"
COUNT_FILE = "till.count"
KEY_BYTES = 32
_CHECK_BYTES = 8
_MAX_FILE_BYTES = 4096


class Noted(Struct, frozen=True):
    """How far the database was: the highest receipt number, and the last row of the audit log."""

    count: int
    moves: int


class Installation:
    """The key and the count of one data folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._file: BinaryIO | None = None
        self._highest = Noted(0, 0)
        self._lock = threading.Lock()

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

    def has_key(self) -> bool:
        """Return whether the key is there; makes none."""
        return any(_read_key(self.folder / name) is not None for name in (KEY_FILE, KEY_COPY))

    def existed(self) -> bool:
        """Return whether sales were once kept here, whatever the database says."""
        return (self.folder / COUNT_FILE).exists()

    def noted(self) -> Noted:
        """Return what was last noted; zeros when nothing was, or the file is damaged."""
        with suppress(OSError, ValueError):
            count, moves, check = _read(self.folder / COUNT_FILE).split()
            if int(check, 16) == zlib.crc32(b"%s %s" % (count, moves)):
                return Noted(int(count), int(moves))
        return Noted(0, 0)

    def note(self, count: int, moves: int) -> None:
        """Keep how far the database is, once that is committed.

        Not synced: this file is for the day the database itself is gone, and outlives a killed process.
        """
        with self._lock, suppress(OSError):
            if self._file is None:
                before = self.noted()
                self._highest = before
                (self.folder / COUNT_FILE).touch(mode=0o600)
                self._file = (self.folder / COUNT_FILE).open("r+b", buffering=0)
            self._highest = Noted(max(count, self._highest.count), max(moves, self._highest.moves))
            text = b"%012d %012d" % (self._highest.count, self._highest.moves)
            self._file.seek(0)
            self._file.write(b"%s %08x\n" % (text, zlib.crc32(text)))

    def close(self) -> None:
        """Let the count's file go."""
        if self._file is not None:
            self._file.close()
            self._file = None


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
        raise cannot_write(file.parent) from error
