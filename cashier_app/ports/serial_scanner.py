"""What a scanner on a serial or USB-COM port tells the till: what it read, and whether it can be heard."""

from __future__ import annotations

from enum import StrEnum
from typing import Protocol

from msgspec import Struct


class ScannedText(Struct, frozen=True):
    """A whole scan, unchecked; an AIM identifier before it is kept."""

    text: str

    def __repr__(self) -> str:
        # A code names a member, and what is shown may end in a log.
        return f"ScannedText({len(self.text)} characters)"


class Overlong(Struct, frozen=True):
    """More came without a pause than any scanner sends; it was dropped."""


class Unmarked(Struct, frozen=True):
    """A scan without any of the configured prefixes, such as the number of a bare NFC tag; it was dropped."""


SerialRead = ScannedText | Overlong | Unmarked


class SerialState(StrEnum):
    """Whether the scanner can be heard."""

    OFF = "off"
    OPENING = "opening"
    LISTENING = "listening"
    MISSING = "missing"
    IN_USE = "in use"
    REFUSED = "refused"


class SerialStatus(Struct, frozen=True):
    """What is known about the scanner now; `cashier_app.wording.serial_scanner` has the sentence.

    Args:
        device: The id it was asked for by; empty for none.
        group: Where it is refused on Linux: the group whose members may use the port. Else empty.
    """

    state: SerialState
    device: str = ""
    group: str = ""


class SerialDevice(Struct, frozen=True):
    """A device that is plugged in.

    Args:
        device_id: Finds it again whatever port it gets: ``VID:PID:serial``, ``VID:PID@place`` or a port.
        name: For people; plain text.
        port: Where it is now, such as ``COM3`` or ``/dev/ttyACM0``.
    """

    device_id: str
    name: str
    port: str


class SerialScanner(Protocol):
    """A scanner that may be chosen, changed and given up at any time, from one thread."""

    @property
    def status(self) -> SerialStatus:
        """Return what is known now."""

    def choose(self, device_id: str) -> None:
        """Listen to this device from now on, to none if empty; returns at once."""

    def stop(self) -> bool:
        """Listen to none and wait for the end, at most two seconds; say whether the thread has ended."""
