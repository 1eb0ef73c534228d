"""The devices of a real till: what is chosen takes effect at once, and a worker keeps it on disk."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from msgspec.structs import replace

from cashier_app.bootstrap import Till
from cashier_app.device_opening import cameras, serial_devices, write_scanner_sheet
from cashier_app.device_sections import ScannerSection
from cashier_app.ports.runner import Runner
from cashier_app.ports.serial_scanner import SerialDevice, SerialState, SerialStatus
from cashier_app.preferences import Preferences
from cashier_app.scanning.keyboard_wedge import wedge_settings
from cashier_app.sound.sounds import Sound
from cashier_app.wording import Wording
from cashier_app.wording.devices import DeviceFacts, masked
from cashier_app.wording.menu import Colours, SoundLevel

if TYPE_CHECKING:
    from ui.main_window import MainWindow

logger = logging.getLogger(__name__)


class TillDevices:
    """What `ui.devices.Devices` asks, of one till and its window.

    Args:
        till: Whose choices are kept.
        window: Whose scanner, camera, serial scanner and sounds are set.
        runner: Where choices are written.
        dress: Gives the window these colours.
        colours: What the window wears now.
    """

    def __init__(
        self,
        till: Till,
        window: MainWindow,
        runner: Runner,
        dress: Callable[[Colours], None],
        colours: Colours,
    ) -> None:
        self._till, self._window, self._runner, self._dress = till, window, runner, dress
        # A copy of our own: the file's lock may be held while a worker writes.
        self._now: Preferences = till.preferences.read()
        self._colours = colours
        self._before: ScannerSection | None = None
        self._listeners: list[Callable[[], None]] = []
        self._last_serial = ""
        window.serial_scanned.connect(self._note_serial)
        window.keypad_chosen.connect(lambda keypad: self._remember(keypad=keypad))
        if window.serial is not None:
            window.serial.changed.connect(self._tell)
        if window.camera is not None:
            window.camera.switched.connect(self._tell)

    def facts(self) -> DeviceFacts:
        """Return what is chosen, and how it does."""
        camera, serial = self._window.camera, self._window.serial
        status = serial.status if serial else SerialStatus(SerialState.OFF)
        picked = self._now.camera
        return DeviceFacts(
            scanner=self._scanner(),
            camera=self._till.devices.camera.name if picked is None else picked,
            camera_on=camera.is_on if camera else None,
            serial=status.device,
            status=status,
            sound=self._now.sound or self._till.devices.sound.level,
            last_serial=self._last_serial,
        )

    def colours(self) -> Colours:
        """Return which colours are wanted."""
        return self._colours

    def scanner_before(self) -> ScannerSection | None:
        """Return the scanner's settings before the last change, if there was one since the start."""
        return self._before

    def subscribe(self, listener: Callable[[], None]) -> None:
        """Call the listener whenever `facts` has changed by itself."""
        self._listeners.append(listener)

    def use_scanner(self, section: ScannerSection) -> None:
        """Read the scanner that types this way from the next key on, and remember it."""
        self._before = self._scanner()
        self._window.wedge.change(wedge_settings(section), by_position=section.layout == "us")
        self._remember(scanner=section)

    def use_camera(self, name: str) -> None:
        """Take this camera, the first one found if empty, and remember it."""
        self._remember(camera=name)
        if self._window.camera is not None:
            self._window.camera.choose(name)

    def use_serial(self, device_id: str) -> None:
        """Listen to this device, to none if empty; the link remembers it."""
        if self._window.serial is not None:
            self._window.serial.choose(device_id)

    def use_sound(self, level: SoundLevel) -> None:
        """Be this loud, and remember it."""
        self._remember(sound=level)
        if self._window.sounds is not None:
            self._window.sounds.set_level(level)

    def use_colours(self, colours: Colours) -> None:
        """Take these colours, and remember it."""
        self._colours = colours
        self._remember(theme=colours)
        self._dress(colours)

    def hear(self) -> None:
        """Play a sound as loud as chosen."""
        if self._window.sounds is not None:
            self._window.sounds.play(Sound.FOUND)

    def cameras(self) -> Sequence[str]:
        """Return the cameras plugged in. Blocking."""
        return cameras()

    def serial_devices(self) -> Sequence[SerialDevice]:
        """Return the serial devices plugged in. Blocking."""
        return serial_devices()

    def write_sheet(self, path: Path, wording: Wording) -> None:
        """Write the test codes as PDF. Blocking.

        Raises:
            KnownError: The file cannot be written.
        """
        settings = self._till.settings
        write_scanner_sheet(path, wording, _paper_of(settings.rules.region), training=settings.training)

    def _note_serial(self, text: str) -> None:
        self._last_serial = masked(text)
        self._tell()

    def _scanner(self) -> ScannerSection:
        return self._now.scanner or self._till.devices.scanner

    def _remember(self, **changes: Any) -> None:  # noqa: ANN401 - the fields of Preferences
        self._now = replace(self._now, **changes)
        self._runner.run(self._till.preferences.choose(**changes), lambda _: None, _not_kept)

    def _tell(self, *_: object) -> None:
        for listener in self._listeners:
            listener()


def _paper_of(region: str) -> Literal["A4", "Letter"]:
    """Return the paper of a country: Letter where A4 is rare."""
    return "Letter" if region in {"US", "CA", "MX", "PH", "CL", "CO", "VE"} else "A4"


def _not_kept(error: BaseException) -> None:
    logger.error("a choice could not be kept", exc_info=error)
