"""Putting together what signs a till's receipts: the key its shop's tills share, and its own.

A till that shares no key reads only its own receipts. Sharing goes through the till's secrets.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from cashier_app.errors import KnownError
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

NO_KEY = "This till shares no claim key yet: cashier-cli claims share --new"


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
                kept = self._secrets()
                shared = None if kept is None else kept.read(CLAIMS_NAME)
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
    return Claims(backend, journal, lookup, connection, clock, settings, keys, qr_rows, sending)


def open_keys(keeper: Keeper | None, folder: Path) -> OpenClaimKeys:
    """Return the keys of a till; `keeper` is None for one without secrets, `folder` where its data is."""
    return OpenClaimKeys(lambda: keeper.credentials() if keeper else None, folder)


def open_same_person(journal: SqliteJournal, clock: Clock, settings: TillSettings) -> SamePerson:
    """Return what asks that two records of one person be joined."""
    from cashier_app.services.same_person import SamePerson

    return SamePerson(journal, clock, settings)


def qr_rows(text: str) -> tuple[str, ...]:
    """Return the QR code of a text; loads what draws it."""
    from cashier_app.scanning.printed_codes import qr_code

    return qr_code(text).rows


def share_key(secrets: Credentials, *, new: bool) -> Secret:
    """Return the key this till shares, to be brought to another one; `new` makes one where there is none.

    Raises:
        KnownError: There is none, or it cannot be read or kept.
    """
    kept = secrets.read(CLAIMS_NAME)
    if kept is not None:
        return kept
    if not new:
        raise KnownError(NO_KEY)
    from secrets import token_hex  # brings OpenSSL's hashes, which the first frame does not wait for

    made = Secret(token_hex(32))
    secrets.write(CLAIMS_NAME, made)
    return made


def join_key(secrets: Credentials, key: Secret) -> None:
    """Take over the key of another till of the shop.

    Raises:
        KnownError: It is no key, or it cannot be kept.
    """
    from cashier_app.security.claim_keys import shared_key

    secrets.write(CLAIMS_NAME, Secret(shared_key(key.reveal()).hex()))
