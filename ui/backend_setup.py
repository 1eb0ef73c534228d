"""What the window asks about the loyalty system, so that tests can put another there."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

from msgspec import Struct

from cashier_app.backend_setup import Draft, SettingField, TriedOut
from cashier_app.ports.backend_kind import SecretField
from cashier_app.ports.capabilities import Capabilities
from cashier_app.ports.credentials import Secret
from cashier_app.services.approval import Approval
from cashier_app.wording.backends import Here


class KindFacts(Struct, frozen=True):
    """One loyalty system there is to choose.

    Args:
        stored: Names of the secrets that are stored for it.
    """

    name: str
    title: str
    addresses: tuple[str, ...]
    know: tuple[str, ...]
    settings: tuple[SettingField, ...]
    secrets: tuple[SecretField, ...]
    stored: frozenset[str] = frozenset()


class BackendFacts(Struct, frozen=True):
    """What is set up, and what there is to choose.

    Args:
        current: Name of the kind in the settings file.
        address: As the settings file says it; empty for the usual one.
        settings: As somebody would type them.
        can: What it can do; None where the settings make no sense.
        trouble: What is wrong with the settings as they are; empty for nothing.
        wants_passphrase: Whether a passphrase must be chosen before anything can be kept.
    """

    kinds: tuple[KindFacts, ...]
    current: str
    address: str
    settings: Mapping[str, str]
    here: Here
    can: Capabilities | None = None
    trouble: str = ""
    wants_passphrase: bool = False

    def kind(self, name: str) -> KindFacts:
        """Return a kind by its name."""
        return next(kind for kind in self.kinds if kind.name == name)


class BackendSetup(Protocol):
    """Every method blocks: for worker threads.

    Raises:
        KnownError: From every method; the sentence says what and what to do.
    """

    def facts(self) -> BackendFacts:
        """Return what is set up and what there is to choose."""

    def try_now(self) -> TriedOut:
        """Try out what is set up. Up to 20 s."""

    def try_out(self, draft: Draft) -> TriedOut:
        """Try out what was typed, keeping nothing. Up to 20 s."""

    def keep(self, draft: Draft, by: Approval, passphrase: Secret | None) -> None:
        """Keep what was typed, under a new passphrase where one was chosen."""

    def locked(self) -> bool:
        """Say whether a passphrase is wanted before anything can be sent."""

    def unlock(self, passphrase: Secret) -> None:
        """Open the secrets until the till is closed."""
