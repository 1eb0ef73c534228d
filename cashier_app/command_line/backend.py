"""`backend`: choose the loyalty system, try it out, say what it can do here, forget its credentials."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import msgspec

from cashier_app import backend_opening, backend_setup
from cashier_app.backend_setup import Draft, SettingField, TriedOut
from cashier_app.bootstrap import DEFAULT_POINT_NAME
from cashier_app.command_line.asked import kept_secrets, own_vault, secret_line, store
from cashier_app.command_line.report import EXIT_BAD_INPUT, EXIT_OK, Plain, Report, plain
from cashier_app.command_line.shop import config_of, data_folder_of, is_unreal
from cashier_app.command_line.staff import manager_for
from cashier_app.config import TillConfig, till_settings
from cashier_app.domain.staff import Right
from cashier_app.errors import KnownError
from cashier_app.keeping_secrets import choose_passphrase
from cashier_app.paths import default_config_file
from cashier_app.ports.backend_kind import BackendKind, SecretField
from cashier_app.ports.clock import SystemClock
from cashier_app.ports.credentials import Credentials, Secret
from cashier_app.services.approval import Approval, approval_by
from cashier_app.wording.backends import (
    Here,
    capability_rows,
    may_be_kept,
    result_sentence,
    works_rows,
)
from cashier_app.wording.sentences import Row
from cashier_app.wording.speech import Wording

MARKS = {"check-circle": "ok  ", "minus-circle": "-   ", "prohibit": "FAIL", "warning": "FAIL"}
MAX_ANSWERS = 64 * 1024
_IS_STORED = {True: "stored", False: "missing", None: "not known"}
_DEMO = "The demo shop brings its own loyalty system along. Name a settings file with --config."


class Answers(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A file of answers: everything `backend add` wants to know, but never a secret."""

    kind: str = ""
    address: str = ""
    by: str = ""
    settings: dict[str, str | int | bool] = {}


def kinds(_: argparse.Namespace) -> Report:
    """List the kinds of loyalty system there are, and what each wants to know."""
    data: list[Plain] = []
    lines = []
    for kind in backend_setup.kinds():
        settings = backend_setup.setting_fields(kind)
        data.append(
            {
                "name": kind.name,
                "title": kind.title,
                "addresses": list(kind.addresses),
                "secrets": [plain(field) for field in kind.secrets],
                "settings": [plain(field) for field in settings],
                "know": list(kind.know),
            }
        )
        lines.append(f"{kind.name:<14}{kind.title}")
        lines += [f"  address   {address}" for address in kind.addresses]
        lines += [f"  secret    {field.label}{_unless(field.mandatory)}" for field in kind.secrets]
        lines += [f"  setting   {field.name}{_unless(field.mandatory)}" for field in settings]
        lines += [f"  {sentence}" for sentence in kind.know]
    return Report({"kinds": data}, tuple(lines))


def show(options: argparse.Namespace) -> Report:
    """Say which loyalty system the settings name, which of its secrets are stored, what it can do here."""
    config = _config(options)
    kind = backend_opening.kind_of(config)
    kept = kept_secrets(options)
    stored, kept_by = _stored(kept, kind)
    can = backend_opening.rules_of(config).capabilities
    rows = capability_rows(can, _wording(config))
    address = backend_opening.address_of(config, kind)
    lines = (
        f"{kind.title} ({kind.name}) at {address}",
        *(f"  {name} = {value}" for name, value in config.backend.settings.items()),
        *(f"  {name}: {_IS_STORED[there]}" for name, there in stored.items()),
        f"  secrets are kept by: {kept_by}",
        *_lines(rows),
        *kind.know,
    )
    data: dict[str, Plain] = {
        "kind": kind.name,
        "address": address,
        "settings": plain(config.backend.settings),
        "secrets": plain(stored),
        "kept_by": kept_by,
        "capabilities": _capabilities(can),
        "words": [row.sentence.full for row in rows],
    }
    return Report(data, lines)


def check(options: argparse.Namespace) -> Report:
    """Try the loyalty system of the settings out: one harmless read for each right. Up to 20 s."""
    config = _config(options)
    return _report(backend_setup.try_config(config, kept_secrets(options)), config, kept=False)


def add(options: argparse.Namespace) -> Report:
    """Set a loyalty system up: asked on a terminal, else from options, a file of answers and standard input.

    Raises:
        KnownError: Something does not fit, sales wait for the one before, or it cannot be stored.
    """
    config = _config(options)
    answers = _answers(options.answers)
    kind = backend_setup.kind_named(options.kind or answers.kind or _ask_kind())
    approval = manager_for(options, Right.SET_UP) or _approval(options.by or answers.by)
    draft = Draft(
        kind=kind.name,
        address=options.address or answers.address or _ask_address(kind),
        settings=_settings(kind, options.set, answers.settings),
    )
    changed = backend_setup.draft_config(config, draft)
    backend_setup.refuse_while_owed(data_folder_of(options), config, changed)
    vault = own_vault(options)
    draft = msgspec.structs.replace(draft, secrets=_secrets(kind, options, vault))
    tried = None if options.unchecked else backend_setup.try_out(config, draft, vault)
    if tried is not None and not may_be_kept(tried.probed, _here(config)):
        return _report(tried, config, kept=False)
    for field in kind.secrets:
        if field.name in draft.secrets:
            name = backend_opening.secret_name(kind, field)
            store(vault, name, draft.secrets[field.name], options.passphrase_fd)
    path = options.config or default_config_file()
    stored = msgspec.structs.replace(draft, secrets={})
    backend_setup.keep(path, data_folder_of(options), config, stored, vault, approval, SystemClock())
    if tried is None:
        return Report({"kept": True}, ("Kept. Not tried out: run cashier-cli backend check.",))
    return _report(tried, config, kept=True)


def remove(options: argparse.Namespace) -> Report:
    """Forget the secrets of a kind; the settings stay, and the till sells on without that system."""
    config = _config(options)
    kind = backend_setup.kind_named(options.kind or config.backend.kind)
    backend_setup.remove_secrets(data_folder_of(options), config, kind, kept_secrets(options))
    return Report({"removed": kind.name}, (f"The credentials of {kind.title} are forgotten.",))


def rotate(options: argparse.Namespace) -> Report:
    """Make a new key and seal every secret anew; or change the passphrase they are under."""
    from cashier_app.security.vault import Vault

    vault = own_vault(options)
    if not isinstance(vault, Vault):
        raise TypeError(vault)
    if options.passphrase:
        text = secret_line("New passphrase, at least 10 characters", options.new_passphrase_fd)
        if sys.stdin.isatty() and options.new_passphrase_fd is None and secret_line("The same again") != text:
            raise KnownError("The two are not the same. Nothing was changed.")
        choose_passphrase(vault, Secret(text))
    else:
        vault.rotate()
    return Report({"rotated": list(vault.names())}, ("Sealed anew.",))


# --- what is asked --------------------------------------------------------------------------------


def _config(options: argparse.Namespace) -> TillConfig:
    if is_unreal(options):
        raise KnownError(_DEMO)
    return config_of(options)


def _answers(path: Path | None) -> Answers:
    if path is None:
        return Answers()
    try:
        if path.stat().st_size > MAX_ANSWERS:
            raise KnownError(f"{path.name} is too large to be a file of answers.")
        return msgspec.toml.decode(path.read_bytes(), type=Answers)
    except OSError as error:
        raise KnownError(f"The file of answers {path.name} cannot be read.") from error
    except (msgspec.MsgspecError, ValueError, RecursionError):
        problem = (
            f"The file of answers {path.name} is not right: kind, address, by and [settings] are expected."
        )
    # Raised out here because the exceptions above may quote a secret that has no place in there.
    raise KnownError(problem)


def _ask(question: str) -> str:
    """Return what somebody types; nothing where nobody is there to type."""
    if not sys.stdin.isatty():
        return ""
    sys.stderr.write(f"{question}: ")
    sys.stderr.flush()
    return sys.stdin.readline(MAX_ANSWERS).strip()


def _ask_kind() -> str:
    there = backend_setup.kinds()
    if sys.stdin.isatty():
        for number, kind in enumerate(there, start=1):
            sys.stderr.write(f"{number}  {kind.title}\n")
    typed = _ask("Which one")
    if typed.isascii() and typed.isdigit() and 1 <= int(typed) <= len(there):
        return there[int(typed) - 1].name
    if not typed:
        raise KnownError(f"Which kind? There are: {', '.join(kind.name for kind in there)}.")
    return typed


def _ask_address(kind: BackendKind) -> str:
    usual = kind.addresses[0] if kind.addresses else ""
    return _ask(f"Address [{usual}]" if usual else "Address")


def _approval(typed: str) -> Approval:
    approval = approval_by(typed or _ask("Manager's name or staff number"))
    if approval is None:
        raise KnownError("A manager sets the loyalty system up: --by NAME is expected.")
    return approval


def _settings(
    kind: BackendKind, given: list[str], answered: Mapping[str, str | int | bool]
) -> dict[str, str]:
    pairs = [one.partition("=") for one in given]
    if not all(name and there for name, there, _ in pairs):
        raise KnownError("--set: NAME=VALUE is expected.")
    found = {name: _text(value) for name, value in answered.items()}
    found |= {name.strip(): value for name, _, value in pairs}
    for field in backend_setup.setting_fields(kind):
        if field.name not in found and (typed := _ask(_question(field))):
            found[field.name] = typed
    return found


def _text(value: str | int | bool) -> str:  # noqa: FBT001 - a TOML value
    return ("yes" if value else "no") if isinstance(value, bool) else str(value)


def _question(field: SettingField) -> str:
    default = f" [{field.default}]" if field.default else ""
    choices = f" ({', '.join(field.choices)})" if field.choices else ""
    return f"{field.about or field.name}\n{field.name}{choices}{default}"


def _secrets(kind: BackendKind, options: argparse.Namespace, kept: Credentials) -> dict[str, Secret]:
    """Return the secrets to store: those of named descriptors, then those asked, one line each."""
    descriptors = _descriptors(kind, options.secret_from_fd)
    found: dict[str, Secret] = {}
    for field in kind.secrets:
        there = _is_stored(kept, kind, field)
        if options.keep_secrets and there:
            continue
        end = " (Enter keeps the stored one)" if there else "" if field.mandatory else " (Enter for none)"
        text = secret_line(f"{field.label}{end}", descriptors.get(field.name))
        if text or (field.mandatory and not there):
            found[field.name] = backend_setup.checked_secret(field, text)
    return found


def _descriptors(kind: BackendKind, given: list[str]) -> dict[str, int]:
    names = {field.name for field in kind.secrets}
    found: dict[str, int] = {}
    for one in given:
        name, _, number = one.rpartition("=")
        if name not in names or not (number.isascii() and number.isdigit()):
            raise KnownError(f"--secret-from-fd: NAME=N is expected, of {', '.join(sorted(names))}.")
        found[name] = int(number)
    return found


def _stored(kept: Credentials, kind: BackendKind) -> tuple[dict[str, bool | None], str]:
    """Return which secrets are stored and by what; None and the reason while nobody can look.

    What a kind can do is known without its secrets, and is worth saying while they are locked.
    """
    names = [field.name for field in kind.secrets]
    try:
        stored = {
            field.name: kept.read(backend_opening.secret_name(kind, field)) is not None
            for field in kind.secrets
        }
        return dict(stored), kept.describe()
    except KnownError as reason:
        return dict.fromkeys(names), f"not known. {reason}"


def _is_stored(kept: Credentials, kind: BackendKind, field: SecretField) -> bool:
    try:
        return kept.read(backend_opening.secret_name(kind, field)) is not None
    except KnownError:
        return False  # entered anew, then


# --- what is said ---------------------------------------------------------------------------------


def _report(tried: TriedOut, config: TillConfig, *, kept: bool) -> Report:
    wording, here = _wording(config), _here(config)
    fine = may_be_kept(tried.probed, here)
    rows = works_rows(tried.probed, here, wording)
    can = capability_rows(tried.capabilities, wording)
    result = result_sentence(tried.probed, here, wording)
    said = ("Kept.",) if kept else ()
    lines = (*_lines(rows), "", *_lines(can), "", result.sentence.full, *said)
    data: dict[str, Plain] = {
        "ok": fine,
        "kept": kept,
        "probed": _probed(tried),
        "capabilities": _capabilities(tried.capabilities),
        "words": [row.sentence.full for row in (*rows, *can)],
    }
    return Report(data, lines, EXIT_OK if fine else EXIT_BAD_INPUT)


def _probed(tried: TriedOut) -> dict[str, Plain]:
    probed = tried.probed
    ahead = probed.clock_ahead
    return {
        "rights": [plain(right) for right in probed.rights],
        "program_name": probed.program_name,
        "currency": probed.currency,
        "time_zone": probed.time_zone,
        "clock_ahead_seconds": None if ahead is None else round(ahead.total_seconds()),
        "remarks": list(probed.remarks),
    }


def _capabilities(can: Any) -> Plain:  # noqa: ANN401 - any struct
    found: Plain = msgspec.to_builtins(can)
    return found


def _lines(rows: tuple[Row, ...]) -> tuple[str, ...]:
    return tuple(f"{MARKS.get(row.icon, 'note')} {row.sentence.full}" for row in rows)


def _unless(mandatory: bool) -> str:  # noqa: FBT001 - one caller
    return "" if mandatory else " (optional)"


def _here(config: TillConfig) -> Here:
    return Here(config.store.currency, config.store.time_zone)


def _wording(config: TillConfig) -> Wording:
    settings = till_settings(config)
    return Wording.of(settings.locale, settings.zone, DEFAULT_POINT_NAME)
