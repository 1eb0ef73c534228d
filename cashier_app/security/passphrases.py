"""A key out of a passphrase by Argon2id, where there is no key store; and where passphrases come from."""

from __future__ import annotations

import os
from pathlib import Path
from secrets import token_bytes

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from msgspec import Struct
from msgspec.structs import replace

from cashier_app.errors import KnownError
from cashier_app.ports.credentials import Secret

LEAST_LENGTH, MOST_LENGTH = 10, 1024
CREDENTIAL_NAME = "cashier-app-passphrase"
"""The file in systemd's credentials folder (``LoadCredential=cashier-app-passphrase:…``)."""

MEMORY_KIB, PASSES, LANES = 64 * 1024, 3, 1
_MOST_MEMORY_KIB, _MOST_PASSES, _MOST_LANES = 1024 * 1024, 64, 16
_NONCE = 12


class PassphraseLock(Struct, frozen=True, forbid_unknown_fields=True):
    """The till's key sealed by a passphrase. Argon2id with `memory` KiB, as RFC 9106 names its parameters."""

    salt: bytes
    sealed: bytes
    memory: int
    passes: int
    lanes: int


def lock_key(key: bytes, passphrase: Secret, purpose: str) -> PassphraseLock:
    """Return the key sealed by a passphrase. Takes 64 MiB and about 0.1 s.

    Args:
        key: 32 bytes.
        passphrase: Checked as a new one.
        purpose: What the key is for; it opens for nothing else.

    Raises:
        KnownError: The passphrase is too short or too long.
    """
    check_passphrase(passphrase)
    nonce = token_bytes(_NONCE)
    lock = PassphraseLock(token_bytes(16), b"", MEMORY_KIB, PASSES, LANES)
    sealed = AESGCM(_derived(lock, passphrase)).encrypt(nonce, key, purpose.encode())
    return replace(lock, sealed=nonce + sealed)


def unlock_key(lock: PassphraseLock, passphrase: Secret, purpose: str) -> bytes | None:
    """Return the key, or None for the wrong passphrase.

    Raises:
        KnownError: The lock asks for more memory or time than any of ours does.
    """
    if not (
        8 <= lock.memory <= _MOST_MEMORY_KIB
        and 1 <= lock.passes <= _MOST_PASSES
        and 1 <= lock.lanes <= _MOST_LANES
        and len(lock.salt) >= 8
    ):
        raise KnownError("The till's file of credentials is damaged. Enter the credentials again.")
    nonce, sealed = lock.sealed[:_NONCE], lock.sealed[_NONCE:]
    try:
        return AESGCM(_derived(lock, passphrase)).decrypt(nonce, sealed, purpose.encode())
    except (InvalidTag, ValueError):
        return None


def check_passphrase(passphrase: Secret) -> None:
    """Check a new passphrase.

    Raises:
        KnownError: It is too short or too long.
    """
    if not LEAST_LENGTH <= len(passphrase.reveal()) <= MOST_LENGTH:
        raise KnownError(f"A passphrase has at least {LEAST_LENGTH} characters; four words are a good one.")


def passphrase_from(descriptor: int | None) -> Secret | None:
    """Return the passphrase a program was started with, or None: for tills nobody sits at when they start.

    Args:
        descriptor: An open file descriptor to read it from, once. Without one systemd's credentials folder
            is looked into.

    Raises:
        KnownError: The descriptor cannot be read.
    """
    if descriptor is not None:
        try:
            with os.fdopen(descriptor, "rb", closefd=True) as file:
                return _of(file.read(4 * MOST_LENGTH + 2))
        except (OSError, ValueError) as error:
            raise KnownError(f"No passphrase can be read from file descriptor {descriptor}.") from error
    folder = os.environ.get("CREDENTIALS_DIRECTORY", "")
    file_there = Path(folder, CREDENTIAL_NAME) if folder else None
    if file_there is None or not file_there.is_file():
        return None
    try:
        with file_there.open("rb") as file:
            return _of(file.read(4 * MOST_LENGTH + 2))
    except OSError as error:
        raise KnownError(f"The credential {CREDENTIAL_NAME} cannot be read.") from error


def _of(text: bytes) -> Secret | None:
    try:
        line = text.decode().rstrip("\r\n")
    except UnicodeDecodeError:
        problem = "The passphrase given to the program is no text."
    else:
        return Secret(line) if line else None
    # Raised out here because the exception above carries the passphrase.
    raise KnownError(problem)


def _derived(lock: PassphraseLock, passphrase: Secret) -> bytes:
    from cryptography.hazmat.primitives.kdf.argon2 import Argon2id

    return Argon2id(
        salt=lock.salt, length=32, iterations=lock.passes, lanes=lock.lanes, memory_cost=lock.memory
    ).derive(passphrase.reveal().encode())
