"""The settings file's sections about devices: scanners that type, cameras, serial ports, sound.

They say how a shop wants all its tills; what somebody chose at one till is in its preferences and goes first.
"""

from __future__ import annotations

from typing import Literal

import msgspec

from cashier_app.errors import KnownError

LIVE_FORMATS = ("QR Code", "Aztec", "PDF417", "Code 128")
MORE_FORMATS = ("Code 39", "Codabar", "EAN-13", "ITF", "Data Matrix")


class ScannerSection(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`[scanner]`: how scanners in keyboard mode type.

    Args:
        prefix: What the scanner types first; empty for none.
        suffix: What it types last, before a possible Enter or Tab; empty for none.
        mean_gap_ms: The slowest mean gap between two characters that is still a scanner, 20 to 80 ms.
        layout: ``us`` reads key positions, which is what scanners press; ``computer`` the letters typed.
    """

    prefix: str = ""
    suffix: str = ""
    mean_gap_ms: int = 35
    layout: Literal["us", "computer"] = "us"


class CameraSection(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`[camera]`: which camera looks for codes, and for which kinds.

    Args:
        name: The camera's name; empty for the first one there is. Also ``file:clip.mp4`` or a folder.
        formats: Kinds of code, as named in `LIVE_FORMATS` and `MORE_FORMATS`.
    """

    name: str = ""
    formats: tuple[str, ...] = LIVE_FORMATS


class SerialSection(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`[serial]`: a scanner or reader on a serial or USB-COM port.

    Args:
        device: ``VID:PID:serial`` of a USB device, or a port such as ``COM3``; empty for none.
        baud: Speed in bits a second; means nothing on USB.
        prefixes: Texts one of which comes before every scan, such as the letters of an NFC reader; taken off,
            and a scan without any of them is refused. None when empty.
        suffix: Taken off the end of a scan; empty for none.
    """

    device: str = ""
    baud: int = 9600
    prefixes: tuple[str, ...] = ()
    suffix: str = ""


class SoundSection(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`[sound]`: how loud the till is."""

    level: Literal["off", "quiet", "normal"] = "normal"


def check_devices(scanner: ScannerSection, camera: CameraSection, serial: SerialSection) -> None:
    """Check what the types cannot.

    Raises:
        KnownError: A value makes no sense; the sentence names it.
    """
    for name, text in (("prefix", scanner.prefix), ("suffix", scanner.suffix)):
        if not text.isascii() or len(text) > 16:
            raise KnownError(f"scanner.{name}: up to 16 ASCII characters are expected.")
    if not 20 <= scanner.mean_gap_ms <= 80:
        raise KnownError("scanner.mean_gap_ms: a number from 20 to 80 is expected.")
    unknown = [name for name in camera.formats if name not in LIVE_FORMATS + MORE_FORMATS]
    if unknown or not camera.formats:
        known = ", ".join(LIVE_FORMATS + MORE_FORMATS)
        raise KnownError(f"camera.formats: one or more of {known} are expected.")
    if not 300 <= serial.baud <= 921_600:
        raise KnownError("serial.baud: a number from 300 to 921600 is expected.")
    marks = (*serial.prefixes, *([serial.suffix] if serial.suffix else []))
    if len(marks) > 17 or not all(mark.isascii() and 1 <= len(mark) <= 16 for mark in marks):
        raise KnownError("serial.prefixes and serial.suffix: up to 16 texts of 1 to 16 ASCII characters.")


class DeviceSettings(msgspec.Struct, frozen=True):
    """What the settings file says about all devices, by section."""

    scanner: ScannerSection = ScannerSection()
    camera: CameraSection = CameraSection()
    serial: SerialSection = SerialSection()
    sound: SoundSection = SoundSection()
