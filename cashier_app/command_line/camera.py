"""`cameras` and `watch`: which cameras there are, and what one of them reads, live."""

from __future__ import annotations

import argparse
import json
import os
import queue
import sys
import time
from typing import TYPE_CHECKING

from cashier_app import device_opening
from cashier_app.command_line.report import Plain, Report, printable
from cashier_app.device_sections import LIVE_FORMATS
from cashier_app.errors import KnownError
from cashier_app.scanning.camera_state import CameraPhase, CameraState

if TYPE_CHECKING:
    from cashier_app.scanning.decoders import DecodedSymbol

SAME_CODE_SECONDS = 3.0
"""A code seen again this soon after its last sighting is the same presentation."""

_Sighting = tuple[list["DecodedSymbol"], float]
_SHOWN = 4  # characters of a masked text: a code's prefix, a phone number's country
_GIVES_UP = frozenset({CameraPhase.NO_CAMERA, CameraPhase.REFUSED, CameraPhase.IN_USE})


def list_cameras(options: argparse.Namespace) -> Report:  # noqa: ARG001 - every command gets them
    """List the cameras by the names the settings take."""
    names = device_opening.cameras()
    lines = tuple(names) or ("No camera found.",)
    return Report({"cameras": list(names)}, lines)


def watch(options: argparse.Namespace) -> Report:
    """Print each code that is shown, once for each time it is held up.

    Raises:
        KnownError: The camera or file cannot be used.
    """
    events: queue.SimpleQueue[CameraState | _Sighting] = queue.SimpleQueue()
    reader = device_opening.open_camera(
        options.camera,
        on_symbols=lambda symbols, arrival: events.put((symbols, arrival)),
        on_state=events.put,
        formats=(*LIVE_FORMATS, *options.also),
        loop=False,
    )
    printer = _Printer(masked=not options.show, as_json=options.json)
    end = None if options.seconds is None else time.monotonic() + options.seconds
    reader.start()
    try:
        while end is None or time.monotonic() < end:
            try:
                event = events.get(timeout=None if end is None else max(0.0, end - time.monotonic()))
            except queue.Empty:
                break
            if isinstance(event, CameraState):
                if printer.is_over(event):
                    break
            else:
                printer.print(*event)
    except BrokenPipeError:
        # Whoever read along has gone; Python would complain once more while closing.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    finally:
        reader.stop()
    return Report({}, ())


class _Printer:
    """Prints sightings as lines, flushed at once for whoever reads along."""

    def __init__(self, *, masked: bool, as_json: bool) -> None:
        self._masked = masked
        self._as_json = as_json
        self._started = time.monotonic()
        self._last_seen: dict[str, float] = {}
        self._has_looked = False

    def is_over(self, state: CameraState) -> bool:
        """Tell whether nothing more comes; say what is wrong.

        Raises:
            KnownError: There never was a picture.
        """
        if state.phase is CameraPhase.LOOKING:
            self._has_looked, self._started = True, time.monotonic()
        elif state.phase is CameraPhase.FAILED or (state.phase in _GIVES_UP and not self._has_looked):
            raise KnownError(state.reason)
        elif state.reason:
            sys.stderr.write(f"{state.reason}\n")
        return state.phase is CameraPhase.ENDED

    def print(self, symbols: list[DecodedSymbol], arrival: float) -> None:
        """Print the codes that were not there a moment ago."""
        recent = {t: at for t, at in self._last_seen.items() if arrival - at <= SAME_CODE_SECONDS}
        self._last_seen = recent | {symbol.text: arrival for symbol in symbols}
        for symbol in symbols:
            if symbol.text not in recent:
                sys.stdout.write(self._line(symbol, arrival - self._started) + "\n")
                sys.stdout.flush()

    def _line(self, symbol: DecodedSymbol, seconds: float) -> str:
        text = masked(symbol.text) if self._masked else symbol.text
        if self._as_json:
            data: dict[str, Plain | float] = {
                "symbology": symbol.symbology,
                "text": text,
                "masked": self._masked,
                "characters": len(symbol.text),
                "seconds": round(max(0.0, seconds), 3),
            }
            return json.dumps(data, ensure_ascii=False)
        return f"{symbol.symbology}: {printable(text)}"


def masked(text: str) -> str:
    """Return how a text begins and how long it is: codes and phone numbers are personal."""
    return f"{text[:_SHOWN]}… ({len(text)} characters)"
