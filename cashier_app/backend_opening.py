"""From a settings file to a backend: its kind, the settings checked by it, its secrets read, then opened."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from cashier_app.config import TillConfig, till_settings
from cashier_app.errors import KnownError
from cashier_app.ports.clock import SystemClock

if TYPE_CHECKING:
    from collections.abc import Mapping

    from msgspec import Struct

    from cashier_app.ports.backend_kind import BackendKind, SecretField, Surroundings
    from cashier_app.ports.credentials import Credentials, Secret
    from cashier_app.ports.loyalty import BackendRules, LoyaltyBackend

TOKEN_NAME = "backend token"  # noqa: S105 - the name of a secret, not one
SIGN_IN = "No token for the loyalty system is stored. Run: cashier-cli sign-in"


def kind_of(config: TillConfig) -> BackendKind:
    """Return the kind of backend a settings file names. For a worker: it looks at installed packages.

    Raises:
        KnownError: There is no such kind.
    """
    from cashier_app.backends import registry

    return registry.kind_of(config.backend.kind)


def rules_of(config: TillConfig) -> BackendRules:
    """Return what is known of the backend before it is opened. For a worker.

    Raises:
        KnownError: There is no such kind, or its settings make no sense; the sentence names the place.
    """
    kind = kind_of(config)
    rules: BackendRules = kind.rules(settings_of(config, kind), surroundings_of(config, kind))
    return rules


def open_backend(config: TillConfig, credentials: Credentials) -> LoyaltyBackend:
    """Return the backend, with its secrets read. Blocking.

    Raises:
        KnownError: A secret is missing, the key store cannot be asked, or a setting makes no sense.
    """
    kind = kind_of(config)
    settings, around = settings_of(config, kind), surroundings_of(config, kind)
    return kind.open_backend(settings, secrets_of(kind, credentials), around)


def settings_of(config: TillConfig, kind: BackendKind) -> Struct:
    """Return ``[backend.settings]`` as the kind wants it.

    Raises:
        KnownError: Something there does not fit; the sentence names it.
    """
    try:
        return msgspec.convert(config.backend.settings, kind.settings)
    except (msgspec.ValidationError, ValueError) as error:
        said = str(error).rstrip(".").replace("`", "").replace("$.", "backend.settings.")[:300]
        raise KnownError(f"backend.settings for {kind.title}: {said}.") from error


def shop_of(config: TillConfig) -> str:
    """Return whose books at the backend's address are meant, such as ``store_code main``. For a worker.

    Raises:
        KnownError: There is no such kind, or its settings make no sense.
    """
    kind = kind_of(config)
    settings = settings_of(config, kind)
    told = ((name, getattr(settings, name)) for name in kind.shop_settings)
    return ", ".join(f"{name} {value}" for name, value in told if value)


def surroundings_of(config: TillConfig, kind: BackendKind) -> Surroundings:
    """Return the till a backend is opened for.

    Raises:
        KnownError: There is no address.
    """
    from cashier_app.ports.backend_kind import Surroundings  # loaded behind the first frame

    settings = till_settings(config)
    return Surroundings(
        address=address_of(config, kind),
        currency=settings.currency,
        zone=settings.zone,
        region=config.store.region,
        store=config.store.name,
        till=config.store.till,
        clock=SystemClock(),
        folder=config.folder,
    )


def address_of(config: TillConfig, kind: BackendKind) -> str:
    """Return where the backend is: what the file says, or where all of its kind are.

    Raises:
        KnownError: Neither says.
    """
    address = config.backend.address or next(iter(kind.addresses), "")
    if not address:
        raise KnownError(f"backend.address: the address of your {kind.title} is expected.")
    return address.rstrip("/")


def secret_name(kind: BackendKind, field: SecretField) -> str:
    """Return the name a secret has in the key store."""
    if kind.name == "contract":
        return TOKEN_NAME  # as tills have kept it before there were other kinds
    return f"{kind.name} {field.name}"


def secrets_of(kind: BackendKind, credentials: Credentials) -> Mapping[str, Secret]:
    """Return the secrets a kind needs, by the names of their fields. Blocking.

    Raises:
        KnownError: A mandatory one is missing, or the store cannot be asked.
    """
    found: dict[str, Secret] = {}
    for field in kind.secrets:
        secret = credentials.read(secret_name(kind, field))
        if secret is not None:
            found[field.name] = secret
        elif field.mandatory:
            raise KnownError(
                SIGN_IN if kind.name == "contract" else f"{kind.title}: no {field.label} is stored."
            )
    return found
