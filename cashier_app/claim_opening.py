"""Putting together what signs a till's receipts: the key its shop's tills share, and its own.

A till that shares no key reads only its own receipts. Sharing goes through the till's secrets.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from cashier_app.ports.claims import ClaimSigner
from cashier_app.ports.credentials import Secret

if TYPE_CHECKING:
    from cashier_app.keeping_secrets import Keeper
    from cashier_app.ports.clock import Clock
    from cashier_app.ports.credentials import Credentials
    from cashier_app.ports.loyalty import LoyaltyBackend
    from cashier_app.services.claims import Claims
    from cashier_app.services.connection import ConnectionWatch
    from cashier_app.services.lookup import MemberLookup
    from cashier_app.services.same_person import SamePerson
    from cashier_app.services.till_settings import TillSettings
    from cashier_app.storage.journal import SqliteJournal

CLAIMS_NAME = "claims"
"""The name of the shared key among the till's secrets."""


class OpenClaimKeys:
    """Returns the keys, read when first wanted and kept from then on. Blocking; safe from any thread.

    Args:
        secrets: Returns the till's secrets; None for a till that has none.
        folder: Its data folder, whose installation key its own claim key is made of.
    """

    def __init__(self, secrets: Callable[[], Credentials | None], folder: Path) -> None:
        self._secrets, self._folder = secrets, folder
        self._lock = threading.Lock()
        self._opened: ClaimSigner | None = None

    def __call__(self) -> ClaimSigner:
        """Return what signs and checks receipts.

        Raises:
            KnownError: The secrets are locked, or the shared key is damaged.
        """
        from cashier_app.security.claim_keys import ClaimKeys, own_key, shared_key
        from cashier_app.storage.installation import Installation

        with self._lock:
            if self._opened is None:
                own = own_key(Installation(self._folder).key())
                shared = _shared(self._secrets())
                self._opened = ClaimKeys([own] if shared is None else [shared_key(shared.reveal()), own])
            return self._opened


def open_claims(
    backend: LoyaltyBackend,
    journal: SqliteJournal,
    lookup: MemberLookup,
    connection: ConnectionWatch,
    clock: Clock,
    settings: TillSettings,
    keeper: Keeper | None,
    sending: Callable[[], None],
) -> Claims:
    """Return what gives sales made without a member to one; `keeper` is None for a till without secrets."""
    from cashier_app.services.claims import Claims

    keys = open_keys(keeper, journal.database.path.parent)
    return Claims(backend, journal, lookup, connection, clock, settings, keys, draw_codes, sending)


def open_keys(keeper: Keeper | None, folder: Path) -> OpenClaimKeys:
    """Return the keys of a till; `keeper` is None for one without secrets, `folder` where its data is."""
    return OpenClaimKeys(lambda: secrets_of(keeper, folder) if keeper else None, folder)


def secrets_of(keeper: Keeper, folder: Path) -> Credentials:
    """Return what keeps the shared key: the till's vault, also where a token file holds its token.

    Raises:
        KnownError: As `credentials_of` does.
    """
    from cashier_app.keeping_secrets import vault_of
    from cashier_app.security.vault import Vault

    kept = keeper.credentials()
    return kept if isinstance(kept, Vault) else vault_of(folder)


def open_same_person(journal: SqliteJournal, clock: Clock, settings: TillSettings) -> SamePerson:
    """Return what asks that two records of one person be joined."""
    from cashier_app.services.same_person import SamePerson

    return SamePerson(journal, clock, settings)


def draw_codes(receipt: str, number: str) -> tuple[tuple[str, ...], str]:
    """Return a receipt code as a QR code and a sale's number as Code 128; loads what draws them."""
    from cashier_app.scanning.printed_codes import bar_code, qr_code

    return qr_code(receipt).rows, bar_code(number).rows[0]


def shared_key_of(secrets: Credentials) -> Secret | None:
    """Return the key this till shares, to be brought to another one; None where it shares none.

    Raises:
        KnownError: It cannot be read.
    """
    return _shared(secrets)


def new_key() -> Secret:
    """Return a key for the tills of a shop, as it is written: 64 hex digits."""
    from secrets import token_hex  # brings OpenSSL's hashes, which the first frame does not wait for

    return Secret(token_hex(32))


def checked_key(text: str) -> Secret:
    """Return the key somebody brought from another till, as it is kept.

    Raises:
        KnownError: It is none.
    """
    from cashier_app.security.claim_keys import shared_key

    return Secret(shared_key(text).hex())


def _shared(kept: Credentials | None) -> Secret | None:
    """Return the shared key, None where none is kept; a vault that has none needs no opening."""
    from cashier_app.security.vault import Vault

    if kept is None or (isinstance(kept, Vault) and CLAIMS_NAME not in kept.names()):
        return None
    return kept.read(CLAIMS_NAME)
