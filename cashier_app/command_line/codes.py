"""`decode` and `identify`: from a picture to text, from text to what it is."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from cashier_app import bootstrap
from cashier_app.command_line.report import EXIT_BAD_INPUT, EXIT_OK, Plain, Report, plain
from cashier_app.command_line.shop import config_of
from cashier_app.config import till_settings
from cashier_app.domain.identifier import MAX_LENGTH, Origin, Unrecognised, parse_identifier
from cashier_app.errors import KnownError
from cashier_app.paths import default_config_file


def decode(options: argparse.Namespace) -> Report:
    """Read the codes in each picture; a picture that cannot be read does not stop the others."""
    found: list[Plain] = []
    lines: list[str] = []
    failed = False
    for name in options.pictures:
        entry: dict[str, Plain] = {"picture": name}
        try:
            symbols = bootstrap.picture_symbols(Path(name))
        except KnownError as error:
            failed = True
            entry["error"] = error.sentence
            lines.append(f"{name}: {error.sentence}")
        else:
            entry["symbols"] = [{"text": text, "symbology": symbology} for text, symbology in symbols]
            lines += [f"{name}: {symbology}: {text}" for text, symbology in symbols]
            if not symbols:
                lines.append(f"{name}: no code found")
        found.append(entry)
    if failed and not options.json:
        sys.stderr.write("".join(f"{line['picture']}: {line['error']}\n" for line in _errors(found)))
        lines = [line for line in lines if not _is_error(line, found)]
    return Report({"pictures": found}, tuple(lines), EXIT_BAD_INPUT if failed else EXIT_OK)


def identify(options: argparse.Namespace) -> Report:
    """Say what a text is."""
    text = sys.stdin.read(MAX_LENGTH + 2).removesuffix("\n") if options.text == "-" else options.text
    config = bootstrap.DEMO_CONFIG
    if options.config or (not options.demo and default_config_file().exists()):
        config = config_of(options)
    rules = till_settings(config).rules
    parsed = parse_identifier(text, rules, Origin.SCANNED if options.scanned else Origin.TYPED)
    data = plain(parsed)
    if not isinstance(data, dict):
        raise TypeError("an identifier is an object")
    words = ", ".join(f"{name} {value}" for name, value in data.items() if name != "kind" and value)
    code = EXIT_BAD_INPUT if isinstance(parsed, Unrecognised) else EXIT_OK
    return Report(data, (f"{data['kind']}: {words}",), code)


def _errors(found: list[Plain]) -> list[dict[str, Plain]]:
    return [entry for entry in found if isinstance(entry, dict) and "error" in entry]


def _is_error(line: str, found: list[Plain]) -> bool:
    return any(line == f"{entry['picture']}: {entry['error']}" for entry in _errors(found))
