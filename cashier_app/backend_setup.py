"""Setting a backend up: what there is to choose, what it wants to know, trying it out, keeping it.

Everything here blocks: for workers and for the command line.
"""

from __future__ import annotations

import inspect
import logging
from collections.abc import Iterator, Mapping
from pathlib import Path
from types import UnionType
from typing import Literal, Union, get_args, get_origin

import msgspec
from msgspec import NODEFAULT, Struct
from msgspec.structs import fields, replace

from cashier_app import backend_opening
from cashier_app.config import TillConfig, check_backend_address
from cashier_app.config_change import change_backend
from cashier_app.data_folder import JOURNAL_FILE, existing_journal
from cashier_app.domain.probe import Probed
from cashier_app.errors import KnownError
from cashier_app.ports.backend_kind import BackendKind, SecretField
from cashier_app.ports.capabilities import Capabilities
from cashier_app.ports.clock import Clock
from cashier_app.ports.credentials import Credentials, Secret
from cashier_app.services.approval import Approval

logger = logging.getLogger(__name__)

LONGEST_SECRET = 4096
YES, NO = ("yes", "true", "on", "1"), ("no", "false", "off", "0")


class SettingField(Struct, frozen=True):
    """One of a kind's own settings.

    Args:
        about: What it is, as its package says; may be empty.
        choices: What it can be, where that is a list.
        default: What holds when nothing is typed; empty for nothing.
        is_text: Whether any text is taken, as against numbers, yes and no.
    """

    name: str
    about: str
    mandatory: bool
    choices: tuple[str, ...] = ()
    default: str = ""
    is_text: bool = True


class Draft(Struct, frozen=True):
    """A backend somebody is setting up; nothing of it is kept yet.

    Args:
        address: Empty for the usual one of its kind.
        settings: As typed, by name; what is empty is left out.
        secrets: By the names of their fields; what is not in it stays as it is stored.
    """

    kind: str
    address: str = ""
    settings: Mapping[str, str] = {}
    secrets: Mapping[str, Secret] = {}


class TriedOut(Struct, frozen=True):
    """What a backend said when it was tried out, and what it can do here."""

    probed: Probed
    capabilities: Capabilities


def kinds() -> tuple[BackendKind, ...]:
    """Return every kind of backend installed here; one whose package is broken is left out and logged."""
    from cashier_app.backends import registry

    found = []
    for name in registry.names():
        try:
            found.append(registry.kind_of(name))
        except KnownError as error:
            logger.info("a kind of backend is left out: %s", error.sentence)
    return tuple(found)


def kind_named(name: str) -> BackendKind:
    """Return one kind.

    Raises:
        KnownError: There is none of this name, or its package is broken.
    """
    from cashier_app.backends import registry

    return registry.kind_of(name)


def setting_fields(kind: BackendKind) -> tuple[SettingField, ...]:
    """Return what a kind wants to know besides address and secrets, in its order."""
    about = dict(_described(kind.settings))
    found = []
    for field in fields(kind.settings):
        mandatory = field.default is NODEFAULT and field.default_factory is NODEFAULT
        default = "" if field.default in {NODEFAULT, None, ""} else _shown(field.default)
        found.append(
            SettingField(
                field.encode_name,
                about.get(field.name, ""),
                mandatory,
                _choices(field.type),
                default,
                isinstance(field.default, str) or field.default is NODEFAULT,
            )
        )
    return tuple(found)


def draft_config(config: TillConfig, draft: Draft) -> TillConfig:
    """Return the settings as they would be with a draft.

    Raises:
        KnownError: Something in it does not fit; the sentence names it.
    """
    kind = kind_named(draft.kind)
    if draft.address or not kind.addresses:
        check_backend_address(draft.address)
    settings = _settings(kind, draft.settings)
    backend = replace(config.backend, kind=kind.name, address=draft.address, settings=settings, token_file="")
    changed = replace(config, backend=backend)
    backend_opening.rules_of(changed)
    return changed


def try_out(config: TillConfig, draft: Draft, stored: Credentials) -> TriedOut:
    """Ask a backend one harmless thing for each right, by what was typed and what is stored. Up to 20 s.

    Raises:
        KnownError: Something does not fit, or a secret is missing.
    """
    changed = draft_config(config, draft)
    kind = kind_named(draft.kind)
    backend = backend_opening.open_backend(changed, _Typed(kind, draft.secrets, stored))
    try:
        return TriedOut(backend.probe(), backend.capabilities)
    finally:
        backend.close()


def try_config(config: TillConfig, stored: Credentials) -> TriedOut:
    """Ask the backend a settings file names. Up to 20 s.

    Raises:
        KnownError: Something does not fit, or a secret is missing.
    """
    backend = backend_opening.open_backend(config, stored)
    try:
        return TriedOut(backend.probe(), backend.capabilities)
    finally:
        backend.close()


def keep(
    path: Path, folder: Path, config: TillConfig, draft: Draft, vault: Credentials, by: Approval, clock: Clock
) -> TillConfig:
    """Keep a draft: the secrets first, then the settings file, then a line in the audit log.

    Raises:
        KnownError: Sales wait for the backend of before, something does not fit, or cannot be written.
            Nothing of the settings file has changed then.
    """
    changed = draft_config(config, draft)
    refuse_while_owed(folder, config, changed)
    kind = kind_named(draft.kind)
    keep_secrets(kind, draft, vault)
    kept = change_backend(path, kind.name, draft.address, _settings(kind, draft.settings))
    _note(folder, config.store.till, f"{kind.name} by {by.by}", clock)
    return kept


def keep_secrets(kind: BackendKind, draft: Draft, vault: Credentials) -> None:
    """Keep the secrets of a draft; what was not typed stays as it is stored. Blocking.

    Raises:
        KnownError: A mandatory one is neither typed nor stored, or the store refuses.
    """
    for field in kind.secrets:
        if field.name in draft.secrets:
            vault.write(backend_opening.secret_name(kind, field), draft.secrets[field.name])
        elif field.mandatory and vault.read(backend_opening.secret_name(kind, field)) is None:
            raise KnownError(f"{kind.title}: no {field.label} is stored.")


def remove_secrets(folder: Path, config: TillConfig, kind: BackendKind, vault: Credentials) -> None:
    """Forget a kind's secrets.

    Raises:
        KnownError: It is the till's own kind and sales wait for it, or the store refuses.
    """
    if kind.name == config.backend.kind and (folder / JOURNAL_FILE).is_file():
        from cashier_app.services.backend_change import left_to_post

        journal = existing_journal(folder, config.store.till)
        try:
            left = left_to_post(journal)
        finally:
            journal.close()
        if left:
            raise KnownError(f"{left} not posted yet. Let all of it post before you remove the credentials.")
    for field in kind.secrets:
        vault.remove(backend_opening.secret_name(kind, field))


def refuse_while_owed(folder: Path, config: TillConfig, changed: TillConfig) -> None:
    """Refuse another backend while the one of before is still owed anything.

    Raises:
        KnownError: It is; the sentence says what, and what to do.
    """
    from cashier_app.services.backend_change import refuse_other

    if not (folder / JOURNAL_FILE).is_file():
        return
    journal = existing_journal(folder, config.store.till)
    try:
        shop = backend_opening.shop_of(changed)
        refuse_other(journal, changed.backend.address, changed.backend.kind, shop)
    finally:
        journal.close()


def checked_secret(field: SecretField, typed: str) -> Secret:
    """Return a secret as it was typed or pasted.

    Raises:
        KnownError: It cannot be one; the sentence does not repeat it.
    """
    text = typed.strip()
    if not text or len(text) > LONGEST_SECRET or not (text.isascii() and text.isprintable()):
        raise KnownError(
            f"{field.label}: this is none. Up to {LONGEST_SECRET} printable characters are expected."
        )
    return Secret(text)


class _Typed:
    """Secrets as typed, and where nothing was typed as stored."""

    def __init__(self, kind: BackendKind, typed: Mapping[str, Secret], stored: Credentials) -> None:
        self._typed = {
            backend_opening.secret_name(kind, field): typed[field.name]
            for field in kind.secrets
            if field.name in typed
        }
        self._stored = stored

    def read(self, name: str) -> Secret | None:
        return self._typed.get(name) or self._stored.read(name)

    def write(self, name: str, secret: Secret) -> None:
        raise NotImplementedError

    def remove(self, name: str) -> None:
        raise NotImplementedError

    def describe(self) -> str:
        return self._stored.describe()


def _settings(kind: BackendKind, typed: Mapping[str, str]) -> dict[str, object]:
    known = {field.encode_name: field for field in fields(kind.settings)}
    found: dict[str, object] = {}
    for name, text in typed.items():
        if name not in known:
            raise KnownError(f"backend.settings for {kind.title}: there is no {name[:40]!r}.")
        if text.strip():
            found[name] = _value(kind, name, known[name].type, text.strip())
    return found


def _value(kind: BackendKind, name: str, wanted: object, text: str) -> object:
    """Return what was typed as TOML holds it: a truth value, a number or a text."""
    plain: object = text
    if _is_truth(wanted):
        if text.casefold() not in {*YES, *NO}:
            raise KnownError(f"backend.settings.{name} for {kind.title}: yes or no is expected.")
        plain = text.casefold() in YES
    try:
        value = msgspec.convert(plain, wanted, strict=False)
        plain = msgspec.to_builtins(value, builtin_types=())
        msgspec.convert(plain, wanted)
    except (msgspec.ValidationError, ValueError, TypeError) as error:
        said = str(error).rstrip(".").replace("`", "")[:200]
        raise KnownError(f"backend.settings.{name} for {kind.title}: {said}.") from error
    return plain


def _is_truth(wanted: object) -> bool:
    if get_origin(wanted) in {Union, UnionType}:
        return bool in get_args(wanted)
    return wanted is bool


def _choices(wanted: object) -> tuple[str, ...]:
    if get_origin(wanted) is Literal:
        return tuple(str(one) for one in get_args(wanted))
    return ("yes", "no") if _is_truth(wanted) else ()


def _shown(value: object) -> str:
    return ("yes" if value else "no") if isinstance(value, bool) else str(value)


def _described(settings: type[Struct]) -> Iterator[tuple[str, str]]:
    """Yield names and what the class says of them under ``Args:``."""
    name, said, inside = "", "", False
    for line in (inspect.getdoc(settings) or "").splitlines():
        if line.strip() == "Args:":
            inside = True
        elif inside and line.startswith("        "):
            said += " " + line.strip()
        elif inside and line.startswith("    ") and ":" in line:
            if name:
                yield name, _without_marks(said)
            name, _, said = (part.strip() for part in line.partition(":"))
    if name:
        yield name, _without_marks(said)


def _without_marks(said: str) -> str:
    return said.replace("`", "").strip()


def _note(folder: Path, till: str, detail: str, clock: Clock) -> None:
    """Write who changed the backend into the audit log, once there is one."""
    logger.info("the backend was set up: %s", detail)
    if (folder / JOURNAL_FILE).is_file():
        journal = existing_journal(folder, till)
        try:
            journal.note("backend", "set up", detail, clock.now())
        finally:
            journal.close()
