"""Where a till's secrets are kept: a token file its settings name, else sealed in its data folder."""

from __future__ import annotations

import threading
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from cashier_app.backend_opening import TOKEN_NAME, kind_of, secret_name
from cashier_app.config import TillConfig
from cashier_app.errors import KnownError
from cashier_app.paths import default_data_folder
from cashier_app.ports.clock import SystemClock

if TYPE_CHECKING:
    from cashier_app.ports.credentials import Credentials, Secret
    from cashier_app.security.vault import Vault


class Keeper:
    """Where one till's secrets are kept: put together by the first worker that asks, the same for all."""

    def __init__(self, make: Callable[[], Credentials]) -> None:
        self._make = make
        self._lock = threading.Lock()
        self._made: Credentials | None = None

    def credentials(self) -> Credentials:
        """Return it. Loads the cipher: for workers."""
        with self._lock:
            if self._made is None:
                self._made = self._make()
            return self._made

    def needs_passphrase(self) -> bool:
        """Say whether somebody must type a passphrase before the backend can be opened. Blocking.

        Raises:
            KnownError: The file of secrets cannot be read.
        """
        from cashier_app.security.vault import Vault

        kept = self.credentials()
        return isinstance(kept, Vault) and kept.needs_passphrase()

    def unlock(self, passphrase: Secret) -> None:
        """Open the secrets until the program ends. Blocking, some 0.1 s on purpose.

        Raises:
            KnownError: It is not the passphrase, or it is too soon after wrong ones.
        """
        from cashier_app.security.vault import Vault

        kept = self.credentials()
        if isinstance(kept, Vault):
            kept.unlock(passphrase)


def credentials_of(
    config: TillConfig, folder: Path | None = None, passphrase_descriptor: int | None = None
) -> Credentials:
    """Return where this till's secrets are kept: the token file its settings name, else its data folder.

    Raises:
        KnownError: The settings name a token file and a kind of backend that is not there.
    """
    from cashier_app.security.core_dumps import forbid_core_dumps

    forbid_core_dumps()
    if config.backend.token_file:
        from cashier_app.security.credentials import TokenFile

        kind = kind_of(config)
        not_for = {secret_name(kind, field) for field in kind.secrets if not field.in_token_file}
        return TokenFile(Path(config.backend.token_file), not_for)
    return vault_of(folder or default_data_folder(), passphrase_descriptor)


def vault_of(folder: Path, passphrase_descriptor: int | None = None) -> Vault:
    """Return the sealed secrets of a data folder; nothing is read or asked yet. Loads the cipher."""
    from cashier_app.security.core_dumps import forbid_core_dumps
    from cashier_app.security.credentials import KeyStore
    from cashier_app.security.passphrases import passphrase_from
    from cashier_app.security.sealed_file import SealedFile
    from cashier_app.security.vault import Vault

    forbid_core_dumps()
    return Vault(
        SealedFile(folder),
        KeyStore(),
        SystemClock(),
        moved=frozenset({TOKEN_NAME}),
        passphrase=lambda: passphrase_from(passphrase_descriptor),
    )


def wants_passphrase(kept: Credentials) -> bool:
    """Say whether a passphrase must be chosen before anything can be kept. Blocking, at most 5 s."""
    from cashier_app.security.credentials import NoKeyStoreError

    try:
        kept.describe()
    except NoKeyStoreError:
        return True
    except KnownError:
        return False  # locked or silent is said by whoever needs it
    return False


def choose_passphrase(kept: Credentials, passphrase: Secret) -> None:
    """Keep the key of these secrets under a passphrase from now on. Blocking.

    The key of the PINs stays outside: people sign in before anybody has typed the passphrase.

    Raises:
        KnownError: It is too short, or what is stored cannot be opened.
    """
    from cashier_app.security.passphrases import check_passphrase
    from cashier_app.security.pepper import PEPPER_NAME, PepperKeeper
    from cashier_app.security.sealed_file import DamagedSecretsError
    from cashier_app.security.vault import Vault

    if not isinstance(kept, Vault):
        return
    check_passphrase(passphrase)
    with suppress(DamagedSecretsError):  # then the vault begins anew
        if PEPPER_NAME in kept.names():
            PepperKeeper(kept, kept.folder).leave_secrets()
    kept.keep_by_passphrase(passphrase)
