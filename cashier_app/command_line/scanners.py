"""`scanners` and `listen`: which serial devices are plugged in, and what one of them sends."""

from __future__ import annotations

import argparse
import queue
import sys
import time
from datetime import UTC

from msgspec.structs import replace

from cashier_app import bootstrap, demo_shop, device_opening
from cashier_app.command_line.report import EXIT_BAD_INPUT, EXIT_OK, Plain, Report
from cashier_app.config import TillConfig, read_config, till_settings
from cashier_app.domain.identifier import (
    IdentifierRules,
    NotRecognised,
    Origin,
    Unrecognised,
    parse_identifier,
)
from cashier_app.paths import default_config_file, is_there
from cashier_app.ports.serial_scanner import Overlong, ScannedText, SerialRead, SerialState, SerialStatus
from cashier_app.wording.serial_scanner import serial_sentence
from cashier_app.wording.speech import Wording

_SHOWN_FIRST, _SHOWN_LAST = 4, 2
_LONGEST_WAIT = 3600.0


def scanners(options: argparse.Namespace) -> Report:  # noqa: ARG001 - every command is given them
    """List the serial devices that are plugged in."""
    found = device_opening.serial_devices()
    devices: list[Plain] = [{"id": one.device_id, "name": one.name, "port": one.port} for one in found]
    wide = max((len(one.device_id) for one in found), default=0)
    lines = tuple(f"{one.device_id:{wide}}  {one.name}" for one in found)
    return Report({"devices": devices}, lines or ("No serial device is plugged in.",))


def listen(options: argparse.Namespace) -> Report:
    """Print what a reader sends and what it is to the till; nobody is looked up."""
    config = _config(options)
    section = config.serial
    if options.baud is not None:
        section = replace(section, baud=options.baud)
    talk = _Talk(till_settings(config).rules, as_json=options.json, shown=options.show)
    heard: queue.SimpleQueue[SerialRead | SerialStatus] = queue.SimpleQueue()
    scanner = device_opening.open_serial_scanner(section, on_read=heard.put, on_status=heard.put)
    end = time.monotonic() + (options.seconds or _LONGEST_WAIT)
    try:
        scanner.choose(options.device)
        while (left := end - time.monotonic()) > 0:
            try:
                talk.say(heard.get(timeout=left))
            except queue.Empty:
                break
    finally:
        listened = scanner.status.state is SerialState.LISTENING
        scanner.stop()
    return Report({}, (), EXIT_OK if listened else EXIT_BAD_INPUT)


def _config(options: argparse.Namespace) -> TillConfig:
    if options.config:
        return read_config(options.config)
    path = default_config_file()
    return read_config(path) if is_there(path) else demo_shop.DEMO_CONFIG


class _Talk:
    """Prints a line for each thing heard, at once."""

    def __init__(self, rules: IdentifierRules, *, as_json: bool, shown: bool) -> None:
        self._rules, self._as_json, self._shown = rules, as_json, shown
        self._wording = Wording.of("en", UTC, bootstrap.DEFAULT_POINT_NAME)

    def say(self, heard: SerialRead | SerialStatus) -> None:
        """Print what was heard."""
        match heard:
            case SerialStatus():
                data: dict[str, Plain] = {"status": heard.state.value}
                line = serial_sentence(heard, self._wording).full
            case ScannedText(text):
                data, line = self._scan(text)
            case Overlong():
                data, line = {"dropped": "overlong"}, "Dropped: more than any scanner sends"
            case _:
                data, line = {"dropped": "no prefix"}, "Dropped: none of the configured prefixes"
        sys.stdout.write(Report(data, (line,)).text(as_json=self._as_json) + "\n")
        sys.stdout.flush()

    def _scan(self, text: str) -> tuple[dict[str, Plain], str]:
        parsed = parse_identifier(text, self._rules, Origin.SCANNED)
        refused = parsed.reason if isinstance(parsed, Unrecognised) else None
        kind = f"not used: {refused.value}" if refused else parsed.__class__.__name__
        # The number of a payment card is shown to nobody.
        shown = text if self._shown and refused is not NotRecognised.PAYMENT_CARD else masked(text)
        data: dict[str, Plain] = {"text": shown, "characters": len(text), "kind": kind}
        return data, f"{shown}  ({len(text)} characters, {kind})"


def masked(text: str) -> str:
    """Return a scan with its middle hidden; a short one is hidden whole."""
    if len(text) < 2 * (_SHOWN_FIRST + _SHOWN_LAST):
        return "*" * len(text)
    hidden = "*" * (len(text) - _SHOWN_FIRST - _SHOWN_LAST)
    return text[:_SHOWN_FIRST] + hidden + text[-_SHOWN_LAST:]
