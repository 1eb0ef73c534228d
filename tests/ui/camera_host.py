"""A window with a camera in the test's hand: one that says what it is told, and one with real threads."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import cv2
import numpy as np
import segno
from numpy.typing import NDArray

from cashier_app.domain.identifier import IdentifierRules
from cashier_app.ports.clock import SystemClock
from cashier_app.ports.runner import Runner
from cashier_app.scanning.camera import CameraReader
from cashier_app.scanning.camera_state import CameraFault, CameraHint, CameraPhase, CameraState, Preview
from cashier_app.scanning.decoders import DecodedSymbol, LiveDecoder
from cashier_app.scanning.resting_decoder import RestingDecoder
from cashier_app.services.sightings import Sightings
from cashier_app.sound.sounds import Sound
from tests.ui.fake_till import StoppedClock
from ui.camera_control import CameraControl
from ui.main_window import MainWindow

Frame = NDArray[np.uint8]
BLUE, RED = (200, 60, 30), (30, 40, 210)  # blue, green, red

CODE_BOX = ((300, 200), (420, 200), (420, 320), (300, 320))
FRAME_SIZE = (1280, 720)


def preview(number: int, *, left: tuple[int, int, int] = BLUE, right: tuple[int, int, int] = RED) -> Preview:
    """Return a picture whose left half has one colour and whose right half another, as seen in the glass."""
    width, height = 480, 270
    pixels = np.empty((height, width, 3), np.uint8)
    pixels[:, : width // 2], pixels[:, width // 2 :] = left, right
    return Preview(pixels.tobytes(), width, height, True, *FRAME_SIZE, number)


class FakeReader:
    """Says what the test tells it to say; notes how it is treated."""

    def __init__(self, choice: str, **said: Any) -> None:  # noqa: ANN401 - as `open_camera` is called
        self.choice = choice
        self.on_symbols: Callable[[list[DecodedSymbol], float], None] = said["on_symbols"]
        self.on_state: Callable[[CameraState], None] = said["on_state"]
        self.rests: Callable[[], bool] = said["rests"]
        self.started = self.stopped = 0
        self.asked: tuple[int, int] | None = None
        self.picture: Preview | None = None
        self.looks = 0

    def start(self) -> None:
        self.started += 1

    def stop(self) -> None:
        self.stopped += 1

    def ask_preview(self, width: int, height: int, *, mirrored: bool = True) -> None:
        assert mirrored
        self.asked = (width, height)

    def newest_preview(self) -> Preview | None:
        self.looks += 1
        return self.picture

    # What the test says.
    def look(self, hint: CameraHint | None = None) -> None:
        self.on_state(CameraState(CameraPhase.LOOKING, "Webcam", hint=hint))

    def trouble(self, phase: CameraPhase, reason: str = "") -> None:
        self.on_state(CameraState(phase, "Webcam", reason))

    def see(self, at: float, *texts: str) -> None:
        self.see_at(at, dict.fromkeys(texts, CODE_BOX))

    def see_at(self, at: float, codes: dict[str, tuple[tuple[int, int], ...]]) -> None:
        self.on_symbols([DecodedSymbol(text, b"", "QR Code", box) for text, box in codes.items()], at)


class Camera:
    """The control of a window's camera, every reader it opened, and what it played."""

    def __init__(self, window: MainWindow, runner: Runner, clock: StoppedClock) -> None:
        self.readers: list[FakeReader] = []
        self.heard: list[Sound] = []
        self.control = CameraControl(
            window,
            self._open,
            sightings=Sightings(IdentifierRules("IN")),
            play=self.heard.append,
            runner=runner,
            clock=clock,
        )

    @property
    def reader(self) -> FakeReader:
        """Return the newest reader."""
        return self.readers[-1]

    def _open(self, choice: str, **said: Any) -> FakeReader:  # noqa: ANN401
        self.readers.append(FakeReader(choice, **said))
        return self.readers[-1]


def frame_with(*texts: str) -> Frame:
    """Return a camera's frame of phones side by side that show these codes."""
    width, height = FRAME_SIZE
    frame = np.full((height, width, 3), 120, np.uint8)
    for place, text in enumerate(texts):
        rows = [
            [0 if dark else 255 for dark in row]
            for row in segno.make_qr(text, error="m").matrix_iter(border=4)
        ]
        code = cv2.resize(np.array(rows, np.uint8), (280, 280), interpolation=cv2.INTER_NEAREST)
        left = width // 2 - 140 + place * 360 - 180 * (len(texts) - 1)
        frame[height // 2 - 140 : height // 2 + 140, left : left + 280] = code[:, :, None]
    return frame


class LiveSource:
    """A camera at 50 frames a second that shows what the test holds up, until it is unplugged."""

    name = "Webcam"
    comes_back = True

    def __init__(self) -> None:
        self.frame = frame_with()
        self.plugged = True
        self.held = 0
        self._stop = threading.Event()

    def show(self, *texts: str) -> None:
        """Hold these codes up."""
        self.frame = frame_with(*texts)

    def open(self) -> None:
        if not self.plugged:
            raise CameraFault(CameraPhase.NO_CAMERA, "No camera found.")
        self._stop.clear()
        self.held += 1

    def read(self) -> Frame | None:
        self._stop.wait(0.02)
        return self.frame if self.plugged and not self._stop.is_set() else None

    def close(self) -> None:
        self.held = 0

    def interrupt(self) -> None:
        self._stop.set()


class ShortWaiting:
    """The computer's clock, with pauses a tenth as long."""

    def monotonic(self) -> float:
        return SystemClock().monotonic()

    def wait(self, ended: threading.Event, seconds: float) -> bool:
        return ended.wait(seconds / 10)


@contextmanager
def live_camera(window: MainWindow, runner: Runner, source: LiveSource) -> Iterator[CameraControl]:
    """Give a window a camera with the real threads and the real decoder over a source in the test's hand."""

    def open_camera(choice: str, *, formats: tuple[str, ...], **said: Any) -> CameraReader:  # noqa: ANN401
        rests = said.pop("rests")
        return CameraReader(
            lambda: source,
            lambda: RestingDecoder(LiveDecoder(formats), rests),
            waiting=ShortWaiting(),
            **said,
        )

    control = CameraControl(
        window,
        open_camera,
        sightings=Sightings(IdentifierRules("IN")),
        play=lambda _: None,
        runner=runner,
        clock=SystemClock(),
    )
    try:
        yield control
    finally:
        control.close()
