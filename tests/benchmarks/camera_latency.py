"""From a frame's arrival to its text in a slot of the window, against the bare libraries; idle and off.

A made-up camera shows 30 frames a second of 1280 x 720 while a widget paints the preview. Each frame is also
decoded bare, in the same process and the same third of a tenth of a second: before the live one and after it
by turns.
"""

from __future__ import annotations

import os
import threading
import time
from functools import partial
from itertools import cycle
from statistics import median

import cv2
import numpy as np
import psutil
import zxingcpp
from numpy.typing import NDArray
from PySide6.QtCore import QEventLoop, QObject, QTimer, Slot
from PySide6.QtGui import QImage, QPainter, QPaintEvent
from PySide6.QtWidgets import QApplication, QWidget

from cashier_app.device_sections import LIVE_FORMATS
from cashier_app.scanning.camera import CameraReader
from cashier_app.scanning.camera_state import CameraState
from cashier_app.scanning.decoders import DecodedSymbol, LiveDecoder
from scripts.make_clip import code_picture, frame_showing
from tests.benchmarks.goal import Goal, p95
from tests.fakes.frame_sources import MemorySource
from ui.background import Background

ROUNDS = 3
FRAMES = 100  # a round
WARM_UP = 10
FRAMES_A_SECOND = 30
TEXT = "LC1:PRYA7K2M4Q9XW3TB"
IDLE_SECONDS = 4.0
OFF_SECONDS = 2.0
GIVE_UP_MS = 2000

Frame = NDArray[np.uint8]


class Finder(QWidget):
    """Paints the newest preview 15 times a second, as the till screen does."""

    def __init__(self, reader: CameraReader) -> None:
        super().__init__()
        self._reader = reader
        self._image = QImage()
        self.painted = 0
        self.resize(420, 236)
        reader.ask_preview(self.width(), self.height())
        timer = QTimer(self)
        timer.timeout.connect(self._take)
        timer.start(1000 // 15)

    @Slot()
    def _take(self) -> None:
        preview = self._reader.newest_preview()
        if preview is not None:
            line = preview.width * 3
            self._image = QImage(
                preview.pixels, preview.width, preview.height, line, QImage.Format.Format_BGR888
            ).copy()
            self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.drawImage(self.rect(), self._image)
        painter.end()
        self.painted += not self._image.isNull()


class Receiver(QObject):
    """The slot of the window that texts end in."""

    def __init__(self) -> None:
        super().__init__()
        self.background = Background(self)
        self.loop = QEventLoop()
        self.taken = 0.0

    def on_symbols(self, symbols: list[DecodedSymbol], arrival: float) -> None:
        """Hand over from the reader's thread."""
        self.background.post(partial(self._receive, symbols[0].text, arrival))

    def on_state(self, state: CameraState) -> None:
        """Hand over what the window would show."""
        self.background.post(lambda: None)

    def _receive(self, text: str, arrival: float) -> None:
        assert text == TEXT
        self.taken = time.monotonic() - arrival
        self.loop.quit()


def measure() -> list[Goal]:
    """Return the latency as ratios, decodes a second while nothing moves, and what it costs when off."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    application = QApplication.instance() or QApplication(["bench"])
    assert isinstance(application, QApplication)
    return [*_latency(), *_idle_and_off()]


def _latency() -> list[Goal]:
    frames = [
        frame_showing(code_picture(TEXT, symbology), left=300 + 7 * step, seed=step)
        for step in range(12)
        for symbology in ("QR Code", "Aztec")
    ]
    rounds = [_round(frames) for _ in range(ROUNDS)]
    bare, live, painted = min(rounds, key=lambda one: p95(one[0]) / median(one[0]))
    assert painted > FRAMES / 10, "the preview was not running"
    detail = (
        f"bare {median(bare):.1f} ms (p95 {p95(bare):.1f}), to the slot {median(live):.1f} ms"
        f" (p95 {p95(live):.1f}), {len(live)} frames, {painted} previews, steadiest of {ROUNDS} rounds"
    )
    return [
        Goal("camera: frame to slot / bare decode, median", median(live) / median(bare), 1.3, detail),
        Goal("camera: frame to slot / bare decode, p95", p95(live) / p95(bare), 1.5, detail),
    ]


def _round(frames: list[Frame]) -> tuple[list[float], list[float], int]:
    """Return milliseconds of the bare decodes and of the live ones, and how often the preview was painted."""
    source, receiver = MemorySource(), Receiver()
    reader = CameraReader(
        lambda: source, LiveDecoder, on_symbols=receiver.on_symbols, on_state=receiver.on_state
    )
    finder = Finder(reader)
    finder.show()
    reader.start()
    bare, live = [], []
    try:
        for number, frame in zip(range(FRAMES + WARM_UP), cycle(frames), strict=False):
            started = time.monotonic()
            if number % 2:
                bare.append(_bare(frame))
                live.append(_live(source, receiver, frame))
            else:
                live.append(_live(source, receiver, frame))
                bare.append(_bare(frame))
            _events(receiver, started + 1 / FRAMES_A_SECOND - time.monotonic())
    finally:
        reader.stop()
        finder.close()
        receiver.background.close()
    return bare[WARM_UP:], live[WARM_UP:], finder.painted


def _live(source: MemorySource, receiver: Receiver, frame: Frame) -> float:
    """Return milliseconds from the frame's arrival to the slot."""
    QTimer.singleShot(0, lambda: source.show(frame))
    guard = QTimer()
    guard.setSingleShot(True)
    guard.timeout.connect(lambda: receiver.loop.exit(1))
    guard.start(GIVE_UP_MS)
    if receiver.loop.exec():
        raise TimeoutError("a frame's text did not arrive")
    return receiver.taken * 1000


_FORMATS = [getattr(zxingcpp.BarcodeFormat, name.replace(" ", "")) for name in ("QRCode", *LIVE_FORMATS[1:])]


def _bare(frame: Frame) -> float:
    """Return milliseconds for the same frame with nothing around the libraries."""
    started = time.perf_counter()
    gray = cv2.cvtColor(frame, cv2.COLOR_BGR2GRAY)
    found = zxingcpp.read_barcodes(gray, formats=_FORMATS, text_mode=zxingcpp.TextMode.Plain)
    assert found[0].text == TEXT
    return (time.perf_counter() - started) * 1000


def _events(receiver: Receiver, seconds: float) -> None:
    if seconds > 0:
        QTimer.singleShot(round(seconds * 1000), receiver.loop.quit)
        receiver.loop.exec()


class StillCamera(MemorySource):
    """Shows the bare counter, 30 frames a second, with a camera's noise."""

    def __init__(self) -> None:
        super().__init__()
        self._noisy = cycle([frame_showing(None, seed=seed) for seed in range(8)])
        self._over = threading.Event()

    def read(self) -> Frame | None:
        """Wait for the next frame."""
        return None if self._over.wait(1 / FRAMES_A_SECOND) else next(self._noisy)

    def interrupt(self) -> None:
        """End the wait."""
        self._over.set()


def _idle_and_off() -> list[Goal]:
    source, receiver = StillCamera(), Receiver()
    reader = CameraReader(
        lambda: source, LiveDecoder, on_symbols=receiver.on_symbols, on_state=receiver.on_state
    )
    reader.start()
    _events(receiver, 2.0)  # the first frame counts as a movement
    before = reader.decodes
    started = time.monotonic()
    _events(receiver, IDLE_SECONDS)
    a_second = (reader.decodes - before) / (time.monotonic() - started)
    reader.stop()
    threads = [thread.name for thread in threading.enumerate() if thread.name.startswith("camera")]
    process = psutil.Process()
    cpu, started = process.cpu_times(), time.monotonic()
    _events(receiver, OFF_SECONDS)
    now = process.cpu_times()
    spent = now.user + now.system - cpu.user - cpu.system
    percent = 100 * spent / (time.monotonic() - started)
    receiver.background.close()
    return [
        Goal("camera: decodes a second while nothing moves", a_second, 15.0, f"over {IDLE_SECONDS:.0f} s"),
        Goal("camera off: CPU percent", percent, 1.0, f"{spent * 1000:.0f} ms in {OFF_SECONDS:.0f} s"),
        Goal("camera off: threads", len(threads), 0, ", ".join(threads) or "none"),
    ]


if __name__ == "__main__":
    for goal in measure():
        print(goal)
