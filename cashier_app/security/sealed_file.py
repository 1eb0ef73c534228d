"""The file of sealed secrets in a data folder: two copies, each written whole or not at all."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Literal

import msgspec
from msgspec import Struct

from cashier_app.errors import KnownError
from cashier_app.security.passphrases import PassphraseLock

FILE_NAME, COPY_NAME, LOCK_NAME = "secrets.json", "secrets.copy.json", "secrets.lock"
MAX_BYTES = 1024 * 1024
VERSION = 1
NEWER = "The till's credentials were kept by a newer version of this program. Install that one."
CANNOT_WRITE = "The till's credentials cannot be written: {folder}. Check this folder and its disk."


class SealedSecrets(Struct, frozen=True, forbid_unknown_fields=True):
    """What the file holds: nothing of it is worth anything without the key.

    Args:
        vault: Names the key; 32 hex digits, new with every key.
        check: A known text under the key: tells a wrong key from a damaged secret.
        secrets: Nonce and sealed text by name.
        lock: The key under a passphrase, where no key store keeps it.
    """

    vault: str
    kept_by: Literal["key store", "passphrase"]
    check: bytes
    secrets: dict[str, bytes]
    lock: PassphraseLock | None = None
    version: Literal[1] = 1


class DamagedSecretsError(KnownError):
    """Neither copy of the file can be read."""

    def __init__(self) -> None:
        super().__init__("The till's file of credentials is damaged. Enter the credentials again.")


class _Versioned(Struct, frozen=True):
    """As much of a file of any version as says which it is."""

    version: int = 1


class SealedFile:
    """The two copies in one data folder. Reading and writing block for a moment."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._files = (folder / FILE_NAME, folder / COPY_NAME)

    @property
    def folder(self) -> Path:
        """Return the data folder the copies lie in."""
        return self._folder

    def read(self) -> tuple[SealedSecrets, ...]:
        """Return what the copies hold, the newer one first; nothing where there is no file.

        Raises:
            KnownError: They cannot be read, or a newer version wrote them; `DamagedSecretsError` where
                neither makes sense.
        """
        found, there = [], False
        for file in self._files:
            try:
                with file.open("rb") as opened:
                    text = opened.read(MAX_BYTES + 1)
            except FileNotFoundError:
                continue
            except OSError as error:
                raise KnownError(
                    f"The till's credentials cannot be read: {file}. Check its permissions."
                ) from error
            there = True
            if len(text) > MAX_BYTES:
                continue
            with suppress(msgspec.MsgspecError, ValueError, RecursionError):
                found.append(msgspec.json.decode(text, type=SealedSecrets))
                continue
            # Who took these for damaged would be asked to type them again, over what is newer.
            with suppress(msgspec.MsgspecError, ValueError, RecursionError):
                if msgspec.json.decode(text, type=_Versioned).version > VERSION:
                    raise KnownError(NEWER)
        if there and not found:
            raise DamagedSecretsError
        return tuple(found)

    def write(self, held: SealedSecrets) -> None:
        """Write both copies, one after the other, each synced before it takes its name.

        Raises:
            KnownError: The disk refuses; what was there is still there.
        """
        text = msgspec.json.format(msgspec.json.encode(held))
        try:
            self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            for file in self._files:
                _write(file, text)
        except OSError as error:
            raise KnownError(CANNOT_WRITE.format(folder=self._folder)) from error

    def put_aside(self) -> None:
        """Give the copies other names: they may be worth something to whoever finds the key again.

        Raises:
            KnownError: The folder cannot be written.
        """
        try:
            for file in self._files:
                if file.exists():
                    file.replace(_free_name(file))
        except OSError as error:
            raise KnownError(CANNOT_WRITE.format(folder=self._folder)) from error

    @contextmanager
    def alone(self) -> Iterator[None]:
        """Keep other processes from changing the file meanwhile; the system frees it if we die.

        Raises:
            KnownError: The folder cannot be written.
        """
        try:
            self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            opened = os.open(self._folder / LOCK_NAME, os.O_RDWR | os.O_CREAT, 0o600)
        except OSError as error:
            raise KnownError(CANNOT_WRITE.format(folder=self._folder)) from error
        try:
            _wait_for(opened)
            yield
        finally:
            os.close(opened)


def _wait_for(descriptor: int) -> None:
    """Wait until no other process holds the file; on Windows 10 s at most."""
    if sys.platform == "win32":
        import msvcrt

        msvcrt.locking(descriptor, msvcrt.LK_LOCK, 1)
    else:
        import fcntl

        fcntl.flock(descriptor, fcntl.LOCK_EX)


def _write(file: Path, text: bytes) -> None:
    fresh = file.with_suffix(".new")
    descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "wb") as opened:
        opened.write(text)
        opened.flush()
        os.fsync(opened.fileno())
    fresh.replace(file)
    if sys.platform != "win32":
        folder = os.open(file.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)


def _free_name(file: Path) -> Path:
    names = (file.with_suffix(f".aside-{number}.json") for number in range(1, 10_000))
    return next(name for name in names if not name.exists())
