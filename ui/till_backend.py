"""The loyalty system of a real till, as its page asks about it."""

from __future__ import annotations

from pathlib import Path

from cashier_app import backend_opening, backend_setup
from cashier_app.backend_setup import Draft, TriedOut
from cashier_app.bootstrap import Till
from cashier_app.config import TillConfig, read_config
from cashier_app.errors import KnownError
from cashier_app.keeping_secrets import Keeper, choose_passphrase, vault_of, wants_passphrase
from cashier_app.ports.backend_kind import BackendKind
from cashier_app.ports.credentials import Credentials, Secret
from cashier_app.services.approval import Approval
from cashier_app.wording.backends import Here
from ui.backend_setup import BackendFacts, KindFacts


class TillBackend:
    """What `ui.backend_setup.BackendSetup` asks, of one till and its settings file.

    Args:
        till: Whose data folder and secrets.
        path: The settings file it was opened with.
        keeper: Where its secrets are kept.
    """

    def __init__(self, till: Till, path: Path, keeper: Keeper) -> None:
        self._till, self._path, self._keeper = till, path, keeper

    def facts(self) -> BackendFacts:
        """Return what is set up and what there is to choose."""
        config = read_config(self._path)
        can, trouble = None, ""
        try:
            can = backend_opening.rules_of(config).capabilities
        except KnownError as error:
            trouble = error.sentence
        return BackendFacts(
            kinds=tuple(self._kind(kind, config) for kind in backend_setup.kinds()),
            current=config.backend.kind,
            address=config.backend.address,
            settings={name: _typed(value) for name, value in config.backend.settings.items()},
            here=Here(config.store.currency, config.store.time_zone),
            can=can,
            trouble=trouble,
            wants_passphrase=wants_passphrase(self._kept(config)),
        )

    def try_now(self) -> TriedOut:
        """Try out what is set up."""
        return backend_setup.try_config(read_config(self._path), self._keeper.credentials())

    def try_out(self, draft: Draft) -> TriedOut:
        """Try out what was typed, with what is stored where nothing was typed."""
        config = read_config(self._path)
        changed = backend_setup.draft_config(config, draft)
        backend_setup.refuse_while_owed(self._till.folder, config, changed)
        return backend_setup.try_out(config, draft, self._kept(config))

    def keep(self, draft: Draft, by: Approval, passphrase: Secret | None) -> None:
        """Keep what was typed, under a new passphrase where one was chosen."""
        config = read_config(self._path)
        kept = self._kept(config)
        if passphrase is not None:
            choose_passphrase(kept, passphrase)
        backend_setup.keep(self._path, self._till.folder, config, draft, kept, by, self._till.clock)

    def locked(self) -> bool:
        """Say whether a passphrase is wanted."""
        return self._keeper.needs_passphrase()

    def unlock(self, passphrase: Secret) -> None:
        """Open the secrets until the till is closed."""
        self._keeper.unlock(passphrase)

    def _kept(self, config: TillConfig) -> Credentials:
        return vault_of(self._till.folder) if config.backend.token_file else self._keeper.credentials()

    def _kind(self, kind: BackendKind, config: TillConfig) -> KindFacts:
        return KindFacts(
            kind.name,
            kind.title,
            kind.addresses,
            kind.know,
            backend_setup.setting_fields(kind),
            kind.secrets,
            self._stored(kind, config),
        )

    def _stored(self, kind: BackendKind, config: TillConfig) -> frozenset[str]:
        kept = self._keeper.credentials()
        try:
            there = [field for field in kind.secrets if kept.read(backend_opening.secret_name(kind, field))]
        except KnownError:
            return frozenset()
        if config.backend.token_file and kind.name != config.backend.kind:
            return frozenset()  # a token file answers to every name
        return frozenset(field.name for field in there)


def _typed(value: object) -> str:
    return ("yes" if value else "no") if isinstance(value, bool) else str(value)
