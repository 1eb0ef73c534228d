"""What the window asks of scanners, camera and sound, so that tests can put another there."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Protocol

from cashier_app.device_sections import ScannerSection
from cashier_app.ports.serial_scanner import SerialDevice
from cashier_app.wording import Wording
from cashier_app.wording.devices import DeviceFacts
from cashier_app.wording.menu import Colours, SoundLevel


class Devices(Protocol):
    """The devices of one till. Methods belong to the UI thread and return at once, but for the last three."""

    def facts(self) -> DeviceFacts:
        """Return what is chosen, and how it does."""

    def colours(self) -> Colours:
        """Return which colours are wanted."""

    def scanner_before(self) -> ScannerSection | None:
        """Return the scanner's settings before the last change, if there was one since the start."""

    def subscribe(self, listener: Callable[[], None]) -> None:
        """Call the listener whenever `facts` has changed by itself."""

    def use_scanner(self, section: ScannerSection) -> None:
        """Read the scanner that types this way from the next key on, and remember it."""

    def use_camera(self, name: str) -> None:
        """Take this camera, the first one found if empty, and remember it."""

    def use_serial(self, device_id: str) -> None:
        """Listen to this device, to none if empty, and remember it."""

    def use_sound(self, level: SoundLevel) -> None:
        """Be this loud, and remember it."""

    def use_colours(self, colours: Colours) -> None:
        """Take these colours, and remember it."""

    def hear(self) -> None:
        """Play a sound as loud as chosen."""

    def cameras(self) -> Sequence[str]:
        """Return the cameras plugged in. Blocking: for worker threads."""

    def serial_devices(self) -> Sequence[SerialDevice]:
        """Return the serial devices plugged in. Blocking: for worker threads."""

    def write_sheet(self, path: Path, wording: Wording) -> None:
        """Write the test codes as PDF. Blocking: for worker threads.

        Raises:
            KnownError: The file cannot be written.
        """
