"""Where the key of the PINs is kept: with the till's secrets, else in a file only its owner can read."""

from __future__ import annotations

import os
import sys
from contextlib import suppress
from pathlib import Path
from secrets import token_bytes

from cashier_app.errors import KnownError
from cashier_app.ports.credentials import Credentials, Secret
from cashier_app.security.credentials import NoKeyStoreError
from cashier_app.security.pins import PEPPER_BYTES, Pepper

PEPPER_NAME = "key of the PINs"
PEPPER_FILE = "pins.key"
IN_FILE = "a file in the data folder"
_MAX_FILE_BYTES = 256


class PepperKeeper:
    """Reads the pepper of one data folder, or makes it. Blocking, at most 5 s.

    A file is used where there is no key store that encrypts: it keeps the PINs from whoever has a copy of the
    database, not from whoever has a copy of the folder. Also where a passphrase keeps the till's secrets:
    people sign in, and sell, before anybody has typed it.

    Args:
        secrets: The till's sealed secrets; None for a till that has none.
        folder: Its data folder.
    """

    def __init__(self, secrets: Credentials | None, folder: Path) -> None:
        self._secrets = secrets
        self._file = folder / PEPPER_FILE

    def read(self) -> Pepper | None:
        """Return the pepper, or None where none was made yet.

        Raises:
            KnownError: It is there and cannot be had: the secrets are locked, or the file is damaged.
        """
        in_file = self._in_file()
        if in_file is not None:
            return Pepper(in_file, IN_FILE)
        if self._secrets is None:
            return None
        kept = self._secrets.read(PEPPER_NAME)
        return None if kept is None else Pepper(_key(kept.reveal()), self._secrets.describe())

    def read_or_make(self) -> Pepper:
        """Return the pepper; one is made when there is none.

        Raises:
            KnownError: As `read` does, or it cannot be kept anywhere.
        """
        found = self.read()
        return found or self._make()

    def read_or_make_anew(self) -> Pepper:
        """Make another one where that there was is lost. All PINs end with it.

        Raises:
            KnownError: It cannot be kept anywhere.
        """
        with suppress(KnownError):
            found = self.read()
            if found is not None:
                return found
        with suppress(FileNotFoundError):
            self._file.replace(self._file.with_suffix(".lost"))
        return self._make()

    def leave_secrets(self) -> None:
        """Move the pepper into the file, before the secrets come under a passphrase.

        Raises:
            KnownError: It cannot be read, or the file not be written; it is where it was then.
        """
        kept = self._secrets.read(PEPPER_NAME) if self._secrets is not None else None
        if kept is not None and self._secrets is not None:
            if self._in_file() is None:
                self._write_file(_key(kept.reveal()))
            self._secrets.remove(PEPPER_NAME)

    def _make(self) -> Pepper:
        key = token_bytes(PEPPER_BYTES)
        if self._secrets is not None:
            with suppress(NoKeyStoreError):
                store = self._secrets.describe()
                if store != "passphrase":
                    self._secrets.write(PEPPER_NAME, Secret(key.hex()))
                    return Pepper(key, store)
        self._write_file(key)
        return Pepper(key, IN_FILE)

    def _in_file(self) -> bytes | None:
        try:
            if sys.platform != "win32" and self._file.stat().st_mode & 0o077:
                raise KnownError(f"Others may read {self._file.name}. Allow only its owner (mode 600).")
            with self._file.open("rb") as file:
                text = file.read(_MAX_FILE_BYTES + 1)
        except FileNotFoundError:
            return None
        except OSError as error:
            raise KnownError(
                f"The key of the PINs cannot be read: {self._file}. Check its permissions."
            ) from error
        return _key(text.decode("ascii", errors="replace").strip())

    def _write_file(self, key: bytes) -> None:
        part = self._file.with_suffix(".part")
        try:
            self._file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as opened:
                opened.write(key.hex().encode() + b"\n")
                opened.flush()
                os.fsync(opened.fileno())
            part.replace(self._file)
        except OSError as error:
            raise KnownError(
                f"The key of the PINs cannot be written: {self._file}. Check its folder's permissions."
            ) from error


def _key(text: str) -> bytes:
    try:
        key = bytes.fromhex(text)
    except ValueError:
        key = b""
    if len(key) != PEPPER_BYTES:
        # Raised out here because the exception above carries what was read.
        raise KnownError("The key of the PINs is damaged. The owner of this computer sets the PINs anew.")
    return key
