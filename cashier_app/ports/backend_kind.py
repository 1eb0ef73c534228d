"""A kind of loyalty backend, as packages register it under the entry point group ``cashier_app.backends``."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import tzinfo
from pathlib import Path
from typing import Any

from msgspec import Struct

from cashier_app.domain.money import Currency
from cashier_app.ports.clock import Clock
from cashier_app.ports.credentials import Secret
from cashier_app.ports.loyalty import BackendRules, LoyaltyBackend

ENTRY_POINTS = "cashier_app.backends"
"""The group; the entry's name is the kind's, its object a `BackendKind`."""


class Deadlines(Struct, frozen=True):
    """Seconds a whole call may take: `find` for what a cashier waits for, `post` for writes and look-ups."""

    find: float = 3.0
    post: float = 8.0


class Surroundings(Struct, frozen=True):
    """The till a backend is opened for.

    Args:
        address: Where the backend is, checked: ``https://…``, or ``http://`` to this computer; without a
            trailing slash.
        currency: The till's own.
        zone: The shop's time zone.
        region: ISO 3166 letters of the shop, for phone numbers in national form.
        store: The shop's name.
        till: The till's name, letters and digits.
        folder: Where files that settings name lie, such as a program document; the settings file's folder.
        authorities: A file of certificate authorities to trust instead of the system's.
        deadlines: As the port states them; tests are less patient.
    """

    address: str
    currency: Currency
    zone: tzinfo
    region: str
    store: str
    till: str
    clock: Clock
    folder: Path = Path()
    authorities: Path | None = None
    deadlines: Deadlines = Deadlines()


class SecretField(Struct, frozen=True):
    """A secret a kind needs.

    Args:
        name: Its name in the key store behind the kind's, such as ``access token``.
        label: What the person who types it knows it as.
        where: Where that person finds it; one sentence.
        mandatory: Whether the backend cannot be opened without it.
        in_token_file: Whether a token file, which holds one secret, may stand for it; not for what is typed
            into a request in the clear or replaces another secret.
    """

    name: str
    label: str
    where: str = ""
    mandatory: bool = True
    in_token_file: bool = True


class BackendKind(Struct, frozen=True, kw_only=True):
    """One kind of backend. Importing the module that holds it must cost next to nothing.

    Args:
        name: As in the settings file: small letters, digits and hyphens.
        title: The vendor's name for people.
        settings: A frozen `msgspec.Struct` with ``forbid_unknown_fields=True``: what may stand in
            ``[backend.settings]``, every field with a default where one makes sense.
        secrets: What must be in the key store.
        addresses: Addresses to choose from, the usual one first; empty where every shop has its own.
        shop_settings: Names of the settings that say whose books at an address are meant: a till with unsent
            sales is not pointed at others.
        know: What a shop should know before it chooses this; sentences.
        rules: Makes what is known of the backend without speaking to it; raises `KnownError` with one
            sentence that begins with ``backend.settings`` for settings that make no sense.
        open_backend: Makes the adapter; speaks to nobody yet. Heavy imports happen inside it. Raises
            `KnownError`.
    """

    name: str
    title: str
    settings: type[Struct]
    secrets: tuple[SecretField, ...]
    addresses: tuple[str, ...] = ()
    shop_settings: tuple[str, ...] = ()
    know: tuple[str, ...] = ()
    rules: Callable[[Any, Surroundings], BackendRules]
    open_backend: Callable[[Any, Mapping[str, Secret], Surroundings], LoyaltyBackend]


class NoSettings(Struct, frozen=True, forbid_unknown_fields=True):
    """For kinds that need none."""
