"""Devices that note what they are asked, and are plugged in as a test says."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from msgspec.structs import replace

from cashier_app.device_sections import ScannerSection
from cashier_app.ports.serial_scanner import SerialDevice, SerialState, SerialStatus
from cashier_app.scanning.keyboard_wedge import wedge_settings
from cashier_app.wording import Wording
from cashier_app.wording.devices import DeviceFacts
from cashier_app.wording.menu import Colours, SoundLevel
from ui.main_window import MainWindow

WEBCAM = "Logitech HD Pro Webcam C920"
LONG_NAME = (
    "Conference camera with wide-angle lens, privacy shutter and four microphones, model 4471-B (1-2.3)"
)
VTAP = SerialDevice("1FC9:0A41:VTAP100-7715", "Dot Origin VTAP100 (COM4)", "COM4")
HONEYWELL = SerialDevice("0C2E:0B6A:18123B0F94", "Honeywell 1470g (COM7)", "COM7")


class FakeDevices:
    """Takes what is chosen, at once, and changes the window's scanner as the real ones do."""

    def __init__(self, window: MainWindow | None = None) -> None:
        self.window = window
        self.now = DeviceFacts(camera_on=False)
        self.wanted: Colours = "system"
        self.before: ScannerSection | None = None
        self.plugged: list[str] = [WEBCAM, "Integrated Camera", LONG_NAME]
        self.ports: list[SerialDevice] = [VTAP, HONEYWELL]
        self.error: Exception | None = None
        self.heard: list[SoundLevel] = []
        self.written: list[Path] = []
        self._listeners: list[Callable[[], None]] = []

    def facts(self) -> DeviceFacts:
        return self.now

    def colours(self) -> Colours:
        return self.wanted

    def scanner_before(self) -> ScannerSection | None:
        return self.before

    def subscribe(self, listener: Callable[[], None]) -> None:
        self._listeners.append(listener)

    def change(self, **facts: object) -> None:
        """Let something change by itself."""
        self.now = replace(self.now, **facts)
        for listener in self._listeners:
            listener()

    def use_scanner(self, section: ScannerSection) -> None:
        self.before = self.now.scanner
        self.now = replace(self.now, scanner=section)
        if self.window is not None:
            self.window.wedge.change(wedge_settings(section), by_position=section.layout == "us")

    def use_camera(self, name: str) -> None:
        self.now = replace(self.now, camera=name)

    def use_serial(self, device_id: str) -> None:
        state = SerialState.LISTENING if device_id else SerialState.OFF
        self.now = replace(self.now, serial=device_id, status=SerialStatus(state, device_id))

    def use_sound(self, level: SoundLevel) -> None:
        self.now = replace(self.now, sound=level)

    def use_colours(self, colours: Colours) -> None:
        self.wanted = colours

    def hear(self) -> None:
        self.heard.append(self.now.sound)

    def cameras(self) -> Sequence[str]:
        if self.error is not None:
            raise self.error
        return tuple(self.plugged)

    def serial_devices(self) -> Sequence[SerialDevice]:
        return tuple(self.ports)

    def write_sheet(self, path: Path, wording: Wording) -> None:
        if self.error is not None:
            raise self.error
        self.written.append(path)
