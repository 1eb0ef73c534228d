"""The scanner on a serial port, in words: whether it can be heard, and what to do."""

from __future__ import annotations

from typing import assert_never

from cashier_app.ports.serial_scanner import SerialState, SerialStatus
from cashier_app.wording.sentences import Sentence, plain
from cashier_app.wording.speech import Wording


def serial_sentence(status: SerialStatus, wording: Wording) -> Sentence:
    """Return one sentence about the scanner, with a short form for a toast."""
    match status.state:
        case SerialState.OFF:
            return Sentence.of(wording.text("No scanner on a serial port is chosen."))
        case SerialState.OPENING:
            return Sentence.of(wording.text("Looking for the scanner…"))
        case SerialState.LISTENING:
            return Sentence.of(wording.text("The scanner is ready."), wording.text("Scanner ready"))
        case SerialState.MISSING:
            full = wording.text("The scanner is not connected. Plug it in; selling goes on without it.")
            return Sentence.of(full, wording.text("Scanner not connected"))
        case SerialState.IN_USE:
            full = wording.text("Another program uses the scanner. Close it; the till tries again by itself.")
            return Sentence.of(full, wording.text("Scanner in use elsewhere"))
        case SerialState.REFUSED:
            full = wording.text("This computer does not let the till use the scanner. Ask its administrator.")
            if status.group:
                full = wording.text(
                    "This computer does not let the till use the scanner. Add its user to the group {group} "
                    "and sign in again.",
                    group=plain(status.group),
                )
            return Sentence.of(full, wording.text("Scanner not permitted"))
    assert_never(status.state)
