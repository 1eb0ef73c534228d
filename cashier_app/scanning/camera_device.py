"""A camera through OpenCV, found by name each time it is opened.

How a refusal is recognised: on Linux by the device file's rights, on Windows by the privacy switches in the
registry, both before opening. A camera that the system lists, but that opens for no backend or shows no frame
is refused on macOS, where programs share cameras and nothing else explains it. Elsewhere another program has
it.
"""

from __future__ import annotations

import logging
import os
import sys
import threading
import time
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Protocol

from cashier_app.scanning.camera_names import Camera, find_camera, list_cameras
from cashier_app.scanning.camera_state import CameraFault, CameraPhase
from cashier_app.scanning.opencv import opencv

if TYPE_CHECKING:
    from cashier_app.scanning.frame_source import Frame

logger = logging.getLogger(__name__)

WIDTH, HEIGHT = 1280, 720
"""What is asked for, in px: enough for Code 128 and PDF417 on a phone, at two thirds of full HD's cost."""

_FIRST_FRAME_SECONDS = 4.0  # some cameras show nothing while they adjust
_FAILED_READS = 3  # in a row, before a camera is taken for unplugged
_LARGEST_SIDE = 8192  # px; zxing-cpp takes no more than 65535, a till has no use for as much

_NONE = "No camera found. Type the phone number."
_NOT_THERE = "The camera chosen is not connected. Plug it in, choose another one, or type the phone number."
_REFUSED = {
    "linux": "This user may not use the camera. Ask for access to video devices, or type the phone number.",
    "win32": "Windows does not let programs use the camera. Allow it in Settings, Privacy, Camera.",
    "darwin": "macOS does not let this program use the camera. Allow it in System Settings, Privacy, Camera.",
}
_SHARES_CAMERAS = frozenset({"darwin"})
_IN_USE = "Another program is using the camera. Close it there, or type the phone number."


class Capture(Protocol):
    """What is used of `cv2.VideoCapture`."""

    def isOpened(self) -> bool:  # noqa: N802 - OpenCV's name
        """Tell whether the device was opened."""

    def read(self) -> tuple[bool, Frame | None]:
        """Wait for a frame."""

    def release(self) -> None:
        """Let go of the device."""


Connect = Callable[[int, int, Sequence[int]], Capture]


class CameraDevice:
    """One camera of this computer, at 1280 x 720 where it can.

    Args:
        choice: Its name, or empty for the first one there is.
        look: Lists the cameras.
        connect: Opens number, backend and parameters.
        may_use: Tells whether the system lets us use a camera, as far as it can be asked.
        platform: As `sys.platform`.
    """

    comes_back = True

    def __init__(
        self,
        choice: str,
        *,
        look: Callable[[], list[Camera]] = list_cameras,
        connect: Connect | None = None,
        may_use: Callable[[Camera], bool] | None = None,
        platform: str = sys.platform,
    ) -> None:
        self._choice = choice
        self._look = look
        self._connect = connect or _connect
        self._may_use = may_use or may_use_camera
        self._platform = platform
        self._capture: Capture | None = None
        self._first: Frame | None = None
        self._name = choice
        self._interrupted = threading.Event()

    @property
    def name(self) -> str:
        """Return the camera's name; empty until the first one was found."""
        return self._name

    def open(self) -> None:
        """Find the camera, open it and wait for its first frame.

        Raises:
            CameraFault: There is none, or it is not allowed, or in use.
        """
        self.close()
        cameras = self._look()
        camera = find_camera(cameras, self._choice)
        if camera is None:
            raise CameraFault(CameraPhase.NO_CAMERA, _NOT_THERE if cameras else _NONE)
        self._name = camera.name
        refused = CameraFault(CameraPhase.REFUSED, _REFUSED.get(self._platform, _REFUSED["linux"]))
        if not self._may_use(camera):
            raise refused
        if not self._opens(camera) and not self._interrupted.is_set():
            self.close()
            in_use = CameraFault(CameraPhase.IN_USE, _IN_USE)
            raise refused if self._platform in _SHARES_CAMERAS else in_use

    def read(self) -> Frame | None:
        """Return the next frame; None when the camera is gone."""
        if self._first is not None:
            first, self._first = self._first, None
            return first
        for _ in range(_FAILED_READS):
            if self._interrupted.is_set() or self._capture is None:
                break
            frame = _frame_of(self._capture)
            if frame is not None:
                return frame
        return None

    def close(self) -> None:
        """Release the device."""
        capture, self._capture, self._first = self._capture, None, None
        if capture is not None:
            capture.release()

    def interrupt(self) -> None:
        """Let no further read be tried; the one the driver is in ends by itself."""
        self._interrupted.set()

    def _opens(self, camera: Camera) -> bool:
        for opening in camera.openings:
            for parameters in _parameters():
                if self._interrupted.is_set():
                    return False
                self.close()
                self._capture = capture = self._connect(opening.index, opening.backend, parameters)
                if capture.isOpened():
                    self._first = first = self._first_frame(capture)
                    if first is not None:
                        return True
                    break  # it opens and shows nothing: other parameters will not help
        return False

    def _first_frame(self, capture: Capture) -> Frame | None:
        end = time.monotonic() + _FIRST_FRAME_SECONDS
        for _ in range(_FAILED_READS * 10):
            frame = _frame_of(capture)
            if frame is not None or self._interrupted.is_set() or time.monotonic() > end:
                return frame
        return None


def may_use_camera(camera: Camera) -> bool:
    """Tell whether the system lets this program use the camera; true where it cannot be asked."""
    platform = str(sys.platform)  # so that no type checker takes the other systems for impossible
    if platform == "linux":
        return not camera.device or os.access(camera.device, os.R_OK | os.W_OK)
    return platform != "win32" or _windows_allows()


def _windows_allows() -> bool:
    """Read the privacy switches for the whole computer, this user, and programs from no store."""
    import importlib

    registry = importlib.import_module("winreg")  # only Windows has it
    base = r"SOFTWARE\Microsoft\Windows\CurrentVersion\CapabilityAccessManager\ConsentStore\webcam"
    switches = [
        (registry.HKEY_LOCAL_MACHINE, base),
        (registry.HKEY_CURRENT_USER, base),
        (registry.HKEY_CURRENT_USER, base + r"\NonPackaged"),
    ]
    for root, key in switches:
        try:
            with registry.OpenKey(root, key) as opened:
                if registry.QueryValueEx(opened, "Value")[0] == "Deny":
                    return False
        except OSError:
            continue  # an older Windows without the switch
    return True


def _connect(index: int, backend: int, parameters: Sequence[int]) -> Capture:
    capture: Capture = opencv().VideoCapture(index, backend, list(parameters))
    return capture


def _parameters() -> tuple[tuple[int, ...], ...]:
    """Return what to ask a camera for, at best first: drivers refuse to open for what they do not know."""
    cv2 = opencv()
    size = (cv2.CAP_PROP_FRAME_WIDTH, WIDTH, cv2.CAP_PROP_FRAME_HEIGHT, HEIGHT)
    # Uncompressed, USB 2 carries 1280 x 720 only ten times a second.
    motion_jpeg = (cv2.CAP_PROP_FOURCC, cv2.VideoWriter.fourcc(*"MJPG"))
    return (motion_jpeg + size, size, ())


def _frame_of(capture: Capture) -> Frame | None:
    """Return a frame that can be decoded, or None; OpenCV's own errors mean the device is gone."""
    try:
        shown, frame = capture.read()
    except opencv().error as fault:
        logger.info("a camera's frame could not be read: %s", type(fault).__name__)
        return None
    if not shown or frame is None or frame.dtype.name != "uint8":
        return None
    sides_fit = min(frame.shape) > 0 and max(frame.shape) <= _LARGEST_SIDE
    is_gray, is_coloured = frame.ndim == 2, frame.ndim == 3 and frame.shape[2] == 3
    return frame if sides_fit and (is_gray or is_coloured) else None
