"""`decode` and `identify`: from a picture to text, from text to what it is."""

from __future__ import annotations

import argparse
import sys
from datetime import UTC, datetime
from pathlib import Path

from cashier_app import bootstrap, demo_shop, device_opening
from cashier_app.command_line.report import EXIT_BAD_INPUT, EXIT_OK, Plain, Report, plain
from cashier_app.command_line.shop import config_of, practises
from cashier_app.config import till_settings
from cashier_app.device_sections import LIVE_FORMATS
from cashier_app.domain.identifier import (
    MAX_LENGTH,
    Age,
    Identifier,
    MemberNumber,
    Origin,
    PhoneNumber,
    Unrecognised,
    WalletToken,
    age_of,
    parse_identifier,
)
from cashier_app.errors import KnownError
from cashier_app.paths import default_config_file, is_there
from cashier_app.wording.not_recognised import why_nobody
from cashier_app.wording.speech import Wording


def decode(options: argparse.Namespace) -> Report:
    """Read the codes in each picture; a picture that cannot be read does not stop the others."""
    found: list[Plain] = []
    lines: list[str] = []
    failed = False
    for name in options.pictures:
        entry: dict[str, Plain] = {"picture": name}
        try:
            symbols = device_opening.picture_symbols(Path(name), (*LIVE_FORMATS, *options.also))
        except KnownError as error:
            failed = True
            entry["error"] = error.sentence
            lines.append(f"{name}: {error.sentence}")
        else:
            entry["symbols"] = [
                {
                    "text": symbol.text,
                    "symbology": symbol.symbology,
                    "corners": [list(corner) for corner in symbol.corners],
                }
                for symbol in symbols
            ]
            lines += [f"{name}: {symbol.symbology}: {symbol.text}" for symbol in symbols]
            if not symbols:
                lines.append(f"{name}: no code found")
        found.append(entry)
    if failed and not options.json:
        sys.stderr.write("".join(f"{line['picture']}: {line['error']}\n" for line in _errors(found)))
        lines = [line for line in lines if not _is_error(line, found)]
    return Report({"pictures": found}, tuple(lines), EXIT_BAD_INPUT if failed else EXIT_OK)


def identify(options: argparse.Namespace) -> Report:
    """Say what a text is, or why it is nothing. Whole numbers and codes only with ``--json``."""
    text = sys.stdin.read(MAX_LENGTH + 2).removesuffix("\n") if options.text == "-" else options.text
    config = demo_shop.DEMO_CONFIG
    if practises(options) or options.config or (not options.demo and is_there(default_config_file())):
        config = config_of(options)
    settings = till_settings(config)
    origin = Origin.SCANNED if options.scanned else Origin.TYPED
    parsed = parse_identifier(text, settings.rules, origin)
    data = plain(parsed)
    if not isinstance(data, dict):
        raise TypeError("an identifier is an object")
    if isinstance(parsed, Unrecognised):
        why = why_nobody(parsed, Wording.of(settings.locale, settings.zone, bootstrap.DEFAULT_POINT_NAME))
        sentence = f"{why.title}. {why.body}"
        return Report(data | {"why": sentence}, (f"{parsed.reason}: {sentence}",), EXIT_BAD_INPUT)
    age = age_words(parsed, datetime.now(UTC))
    more: dict[str, Plain] = {"age": age} if age else {}
    return Report(data | more, (described(parsed), *([age] if age else [])))


def described(identifier: Identifier) -> str:
    """Return what an identifier is, its middle hidden: what is printed may end in a log."""
    match identifier:
        case PhoneNumber(e164):
            from cashier_app.domain.phone import mask_phone

            return f"phone number {mask_phone(e164)}"
        case MemberNumber(number):
            return f"member number {_masked(number)}"
        case WalletToken(token, changing):
            if changing is None:
                return f"wallet code {_masked(token)}"
            return f"{changing.pattern} of member {_masked(changing.member)}"


def age_words(identifier: Identifier, now: datetime) -> str:
    """Return how old a code is that carries its time, and whether that is too old; empty for others."""
    code = identifier.changing if isinstance(identifier, WalletToken) else None
    if code is None or code.made_at is None:
        return ""
    seconds = int((now - code.made_at).total_seconds())
    if age_of(code, now) is Age.AHEAD:
        return f"made {-seconds} s ahead of this computer's clock: not taken"
    verdict = "too old" if age_of(code, now) is Age.TOO_OLD else "still good"
    return f"made {max(seconds, 0)} s ago, lives {code.life_seconds} s: {verdict}"


def _masked(text: str) -> str:
    """Return a text with all but its ends hidden, and of a short one all but the last two signs."""
    ends = 4 if len(text) >= 12 else 0
    tail = text[-ends:] if ends else text[-2:]
    return text[:ends] + "•" * (len(text) - ends - len(tail)) + tail


def _errors(found: list[Plain]) -> list[dict[str, Plain]]:
    return [entry for entry in found if isinstance(entry, dict) and "error" in entry]


def _is_error(line: str, found: list[Plain]) -> bool:
    return any(line == f"{entry['picture']}: {entry['error']}" for entry in _errors(found))
