"""Secrets and passphrases: asked on a terminal or read from where one is told, never from arguments."""

from __future__ import annotations

import argparse
import getpass
import os
import sys

from cashier_app.command_line.shop import config_of, data_folder_of
from cashier_app.errors import KnownError
from cashier_app.keeping_secrets import credentials_of, vault_of
from cashier_app.ports.credentials import Credentials, Secret

MAX_LINE = 8192


def kept_secrets(options: argparse.Namespace) -> Credentials:
    """Return where the till's secrets are kept, unlocked: a passphrase is asked for on a terminal.

    Raises:
        KnownError: The passphrase is wrong, or nobody is there to type it.
    """
    kept = credentials_of(config_of(options), data_folder_of(options), options.passphrase_fd)
    unlock(kept)
    return kept


def own_vault(options: argparse.Namespace) -> Credentials:
    """Return the sealed secrets of the data folder, whatever token file the settings name; unlocked.

    Raises:
        KnownError: The passphrase is wrong, or nobody is there to type it.
    """
    kept = vault_of(data_folder_of(options), options.passphrase_fd)
    unlock(kept)
    return kept


def unlock(kept: Credentials) -> None:
    """Ask for the passphrase where there is one, and somebody to type it.

    Raises:
        KnownError: It is wrong.
    """
    from cashier_app.security.sealed_file import DamagedSecretsError
    from cashier_app.security.vault import Vault

    if not isinstance(kept, Vault):
        return
    try:
        locked = kept.needs_passphrase()
    except DamagedSecretsError:
        return  # whoever writes begins anew; whoever reads says so
    if locked and sys.stdin.isatty():
        kept.unlock(Secret(getpass.getpass("Passphrase of this till's secrets: ")))


def store(kept: Credentials, name: str, secret: Secret, passphrase_descriptor: int | None) -> None:
    """Store a secret; where there is no key store that encrypts, a passphrase is chosen first.

    Raises:
        KnownError: It cannot be stored.
    """
    from cashier_app.security.credentials import NoKeyStoreError
    from cashier_app.security.vault import Vault

    try:
        kept.write(name, secret)
    except NoKeyStoreError:
        if not isinstance(kept, Vault):
            raise
        kept.keep_by_passphrase(_new_passphrase(passphrase_descriptor))
        kept.write(name, secret)


def secret_line(prompt: str, descriptor: int | None = None) -> str:
    """Return one line: typed unseen on a terminal, else of standard input or of an open file.

    Raises:
        KnownError: It cannot be read.
    """
    try:
        if descriptor is not None:
            text = _line_of(descriptor)
        elif sys.stdin.isatty():
            text = getpass.getpass(f"{prompt}: ")
        else:
            text = sys.stdin.readline(MAX_LINE)
    except (OSError, EOFError, UnicodeDecodeError):
        problem = f"{prompt}: it cannot be read."
    else:
        return text.strip()
    # Raised out here because the exceptions above may carry what was read.
    raise KnownError(problem)


def _line_of(descriptor: int) -> str:
    """Read byte by byte up to the end of the line: the rest of the file is for the next question."""
    found = bytearray()
    while len(found) < MAX_LINE and (one := os.read(descriptor, 1)) not in {b"", b"\n"}:
        found += one
    return found.decode()


def _new_passphrase(descriptor: int | None) -> Secret:
    from cashier_app.security.passphrases import passphrase_from

    given = passphrase_from(descriptor)
    if given is not None:
        return given
    if not sys.stdin.isatty():
        raise KnownError(
            "This system has no key store that encrypts. Give a passphrase with --passphrase-fd, or run this "
            "on a terminal to choose one."
        )
    sys.stderr.write(
        "This system has no key store that encrypts. Choose a passphrase; the till will ask for it at each "
        "start.\n"
    )
    first = getpass.getpass("New passphrase, at least 10 characters: ")
    if first != getpass.getpass("The same again: "):
        raise KnownError("The two are not the same. Nothing was stored.")
    return Secret(first)
