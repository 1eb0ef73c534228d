"""`config`: the settings file of this till, checked and shown. Reads nothing else and asks nobody."""

from __future__ import annotations

import argparse
import re
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from urllib.parse import urlsplit

import msgspec
from msgspec import Struct

from cashier_app.command_line.report import EXIT_BAD_INPUT, EXIT_OK, Plain, Report, plain
from cashier_app.config import TillConfig, read_config, settings_bytes
from cashier_app.config_check import Checked, check_settings
from cashier_app.documents.toml_places import TomlPlaces
from cashier_app.errors import KnownError
from cashier_app.paths import default_config_file, is_there, own_config_file, site_config_files

HIDDEN = "(hidden)"
_HIDE = re.compile(r"(^|_)(pin|pins|password|passphrase|secret|token|credential)s?$")
NONE_YET = "This till has no settings yet. Start cashier-app to set it up, or name a file."


class _Value(Struct, frozen=True):
    key: str
    value: object
    line: int | None


def check(options: argparse.Namespace) -> Report:
    """Name every mistake of a settings file."""
    path: Path = options.file or default_config_file()
    if options.file is None and not is_there(path):
        raise KnownError(NONE_YET)
    partial = options.fleet or path in site_config_files()
    return _checked(path, check_settings(settings_bytes(path), partial=partial))


def show(options: argparse.Namespace) -> Report:
    """Show the settings in force; one with mistakes is checked instead."""
    path: Path = options.config or default_config_file()
    if options.config is None and not is_there(path):
        raise KnownError(NONE_YET)
    text = settings_bytes(path)
    checked = check_settings(text, partial=path in site_config_files())
    if checked.mistakes or checked.missing:
        return _checked(path, checked)
    values = tuple(_values(read_config(path), text.decode()))
    why = _why(path, named=options.config is not None)
    width = max(len(one.key) for one in values)
    lines = [f"{path} ({why})", ""]
    lines += [f"{one.key:<{width}}  {_written(one)}  [{_source(one)}]" for one in values]
    lines += [
        "",
        "Secrets and PINs are in no settings file; the till keeps them sealed in its data folder.",
        "A scanner, camera or sound chosen in the window goes before these values.",
    ]
    data: dict[str, Plain] = {
        "file": str(path),
        "why": why,
        "values": [
            {
                "key": one.key,
                "value": plain(safe(one.key, one.value)),
                "from": "file" if one.line else "default",
                "line": one.line,
            }
            for one in values
        ],
    }
    return Report(data, tuple(lines))


def _checked(path: Path, checked: Checked) -> Report:
    mistakes = checked.mistakes
    lines = [f"{path.name}, {mistake.told()}" for mistake in mistakes]
    if not mistakes:
        lines.append(f"{path} is right.")
    if checked.missing:
        when = "Guessed from the computer" if checked.unattended else "Asked"
        lines.append(f"{when} at the first start: {', '.join(checked.missing)}.")
    data: dict[str, Plain] = {
        "file": str(path),
        "ok": not mistakes,
        "mistakes": [{"line": one.line, "key": one.key, "sentence": one.sentence} for one in mistakes],
        "asked_at_first_start": [] if checked.unattended else list(checked.missing),
        "guessed_at_first_start": list(checked.missing) if checked.unattended else [],
    }
    return Report(data, tuple(lines), EXIT_BAD_INPUT if mistakes else EXIT_OK)


def _why(path: Path, *, named: bool) -> str:
    if named:
        return "as named"
    return "this user's own" if path == own_config_file() else "this computer's, for every user"


def _values(config: TillConfig, text: str) -> Iterator[_Value]:
    said, places = tomllib.loads(text), TomlPlaces(text)
    for section in config.__struct_fields__:
        inside = getattr(config, section)
        if not isinstance(inside, Struct):
            continue
        for name in inside.__struct_fields__:
            value = msgspec.to_builtins(getattr(inside, name))
            table = said.get(section, {})
            if isinstance(value, Mapping) and value:
                for inner, one in value.items():
                    place = (section, name, inner)
                    yield _Value(".".join(place), one, places.line_of(place))
            else:
                line = places.line_of((section, name)) if name in table else None
                yield _Value(f"{section}.{name}", value, line)


def safe(key: str, value: object) -> object:
    """Return what may be shown of a value: somebody may have written a secret where none belongs."""
    if _HIDE.search(key.rpartition(".")[2]) and value:
        return HIDDEN
    texts = value if isinstance(value, list | tuple) else [value]
    gives_away = any(isinstance(one, str) and "://" in one and _password(one) for one in texts)
    return HIDDEN if gives_away else value


def _password(address: str) -> bool:
    try:
        parts = urlsplit(address)
        return bool(parts.password) or "password" in parts.query
    except ValueError:
        return True


def _written(value: _Value) -> str:
    shown = safe(value.key, value.value)
    if shown == HIDDEN:
        return HIDDEN
    return msgspec.json.encode(shown).decode() if shown is not None else "-"


def _source(value: _Value) -> str:
    return f"line {value.line}" if value.line is not None else "default"
