"""What somebody chose at this till: camera, scanner, sound, colours. One small file in the data folder.

Nothing here is worth a sale: a file that cannot be read is put aside and the choices begin again.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any, Literal

import msgspec
from msgspec.structs import replace

from cashier_app.device_sections import ScannerSection

logger = logging.getLogger(__name__)

FILE_NAME = "preferences.json"
_MAX_BYTES = 64 * 1024


class Preferences(msgspec.Struct, frozen=True):
    """Choices made at one till; None or empty where nobody chose and the settings file counts.

    Args:
        camera: The name of the camera picked; names stay when a number changes.
        camera_on: Whether the camera looked for codes when the till was last used.
        scanner: What calibration found out about the scanner that types.
        serial_device: ``VID:PID:serial`` or the port picked; empty text for none on purpose.
        sound: How loud.
        keypad: Keypad (true) or list of keys.
        theme: Colours.
        signs_in: Whether somebody had to sign in when the till was last used: the first frame is the lock.
        version_seen: The version whose notes were shown last, or that began here; empty at the first start.
    """

    camera: str | None = None
    camera_on: bool = False
    scanner: ScannerSection | None = None
    serial_device: str | None = None
    sound: Literal["off", "quiet", "normal"] | None = None
    keypad: bool | None = None
    theme: Literal["light", "dark", "system"] | None = None
    signs_in: bool = False
    version_seen: str = ""


class PreferencesFile:
    """The choices of one till on disk. Safe from any thread; reading and writing block for a moment.

    Args:
        folder: The till's data folder.
    """

    def __init__(self, folder: Path) -> None:
        self._path = folder / FILE_NAME
        self._lock = threading.Lock()
        self._known: Preferences | None = None
        self._writing = threading.Lock()
        self._written: Preferences | None = None

    def read(self) -> Preferences:
        """Return the choices made so far."""
        with self._lock:
            return self._read()

    def change(self, **changes: Any) -> Preferences:  # noqa: ANN401 - the fields of Preferences
        """Make choices and keep them; on a disk that refuses they hold until the till is closed.

        Raises:
            TypeError: There is no such choice.
        """
        self.choose(**changes)()
        return self.read()

    def choose(self, **changes: Any) -> Callable[[], None]:  # noqa: ANN401 - the fields of Preferences
        """Make choices now, and return what keeps them on disk; that blocks and is for a worker.

        Several such, in whatever order they come to run, all keep what was chosen last.

        Raises:
            TypeError: There is no such choice.
        """
        with self._lock:
            self._known = replace(self._read(), **changes)
        return self._keep

    def _keep(self) -> None:
        with self._writing:
            with self._lock:
                chosen = self._read()
            if chosen != self._written:
                self._written = chosen
                self._write(chosen)

    def _read(self) -> Preferences:
        if self._known is None:
            self._known = self._written = self._decoded()
        return self._known

    def _decoded(self) -> Preferences:
        try:
            if self._path.stat().st_size > _MAX_BYTES:
                raise msgspec.DecodeError("too large")
            return msgspec.json.decode(self._path.read_bytes(), type=Preferences)
        except FileNotFoundError:
            return Preferences()
        except (OSError, ValueError, RecursionError):
            logger.info("the preferences cannot be read and begin again")
            self._put_aside()
            return Preferences()

    def _put_aside(self) -> None:
        try:
            self._path.replace(self._path.with_suffix(".damaged"))
        except OSError:
            logger.info("the damaged preferences cannot be put aside")

    def _write(self, chosen: Preferences) -> None:
        fresh = self._path.with_suffix(".new")
        try:
            fresh.write_bytes(msgspec.json.format(msgspec.json.encode(chosen)))
            fresh.replace(self._path)
        except OSError:
            logger.info("the preferences cannot be kept on disk")
