"""From a scan's arrival on a serial port to the till being told, against a bare read and a queued signal.

Also what the scanner's thread costs while nobody scans, while the scanner is unplugged, and while a device
sends without end. Over pseudo-terminals; needs a system that has them.
"""

from __future__ import annotations

import gc
import os
import tempfile
import threading
import time
import tty
from collections.abc import Callable
from pathlib import Path
from statistics import median

from PySide6.QtCore import QEventLoop, QObject, Qt, QTimer, Signal
from PySide6.QtWidgets import QApplication

from cashier_app.device_opening import open_serial_scanner
from cashier_app.device_sections import SerialSection
from cashier_app.ports.serial_scanner import SerialState
from tests.benchmarks.goal import Goal, p95
from tests.fakes.pty_scanner import PtyScanner, until
from tests.ui import sample_views
from tests.ui.fake_till import FakeTill
from tests.ui.till_host import make_window
from ui.background import Background
from ui.serial_link import SerialLink

SCANS = 100
GAP_MS = 60  # a thread that has just run answers four times as fast as one that has slept
CODE = b"LC1:PRYA7K2M4Q9XW3TB\r"
RATIO = 4.0  # a tenth of a millisecond becomes three: Python that has slept is slow, whatever it does
ADDED_MS = 1.0
IDLE_PERCENT = 0.1
FLOOD_PERCENT = 5.0
WATCHED_SECONDS = 3.0
TOO_LONG_MS = 5_000


class BareReader(QObject):
    """The least a scanner on a port needs: a thread that blocks in `read`, and one queued signal."""

    read = Signal(bytes)

    def __init__(self) -> None:
        super().__init__()
        self.master, slave = os.openpty()
        tty.setraw(slave)
        self._slave = slave
        self._thread = threading.Thread(target=self._run)
        self._thread.start()

    def _run(self) -> None:
        held = b""
        while True:
            held += os.read(self._slave, 4096)
            if held == b"\x04":
                return
            if held.endswith(b"\r"):
                self.read.emit(held)
                held = b""

    def close(self) -> None:
        os.write(self.master, b"\x04")
        self._thread.join()
        os.close(self.master)
        os.close(self._slave)


class TimedTill(FakeTill):
    """Notes when it is told of a scan."""

    def __init__(self, loop: QEventLoop) -> None:
        super().__init__(sample_views.idle())
        self._loop = loop
        self.told = 0.0

    def scan(self, text: str) -> None:
        self.told = time.perf_counter()
        self._loop.quit()


def measure(scans: int = SCANS) -> list[Goal]:
    """Return the median time to the till as a share of the bare one, and the thread's cost at rest."""
    application = QApplication.instance() or QApplication(["bench"])
    assert isinstance(application, QApplication)
    with tempfile.TemporaryDirectory() as folder:
        goals = [*_latency(Path(folder), scans), *_costs(Path(folder))]
    gc.collect()
    return goals


def _latency(folder: Path, scans: int) -> list[Goal]:
    loop = QEventLoop()
    till, background, device = TimedTill(loop), Background(), PtyScanner(folder / "timed")
    device.plug_in()
    window = make_window(till)
    link = SerialLink(
        lambda on_read, on_status: open_serial_scanner(SerialSection(), on_read=on_read, on_status=on_status),
        background,
        window,
        remember=lambda _: None,
    )
    link.choose(device.device)
    until(lambda: link.status.state is SerialState.LISTENING)
    bare = BareReader()
    came = [0.0]

    def note() -> None:
        came[0] = time.perf_counter()
        loop.quit()

    bare.read.connect(note, Qt.ConnectionType.QueuedConnection)
    bare_ms, ours_ms = [], []
    for _ in range(scans + 20):
        bare_ms.append(_timed(loop, bare.master, lambda: came[0]))
        ours_ms.append(_timed(loop, device.master, lambda: till.told))
    bare.close()
    link.close()
    background.close()
    device.pull_out()
    window.closing.answer()
    window.close()
    bare_ms, ours_ms = bare_ms[20:], ours_ms[20:]
    ratio = median(ours_ms) / median(bare_ms)
    detail = (
        f"median of {scans}: {median(ours_ms):.3f} ms (p95 {p95(ours_ms):.3f}), "
        f"bare {median(bare_ms):.3f} ms (p95 {p95(bare_ms):.3f})"
    )
    added = median(ours_ms) - median(bare_ms)
    return [
        Goal("serial scan to till / bare read and signal", ratio, RATIO, detail),
        Goal("serial scan to till, ms more than the bare one", added, ADDED_MS, detail),
    ]


def _timed(loop: QEventLoop, master: int, told: Callable[[], float]) -> float:
    """Return milliseconds from the arrival of a scan to the call on this thread."""
    guard = QTimer()
    guard.setSingleShot(True)
    guard.timeout.connect(lambda: loop.exit(1))
    QTimer.singleShot(GAP_MS, loop.quit)
    loop.exec()
    guard.start(TOO_LONG_MS)
    began = time.perf_counter()
    os.write(master, CODE)  # in one go, as a USB packet comes
    if loop.exec():
        raise TimeoutError("a scan did not arrive")
    return (told() - began) * 1000


def _costs(folder: Path) -> list[Goal]:
    device = PtyScanner(folder / "costs")
    scanner = open_serial_scanner(SerialSection(), on_read=lambda _: None, on_status=lambda _: None)
    scanner.choose(device.device)
    until(lambda: scanner.status.state is SerialState.MISSING)
    missing = _share()
    device.plug_in()
    until(lambda: scanner.status.state is SerialState.LISTENING)
    idle = _share()
    stop = threading.Event()
    noise = threading.Thread(target=_babble, args=(device, stop))
    noise.start()
    flood = _share()
    stop.set()
    noise.join()
    scanner.stop()
    device.pull_out()
    return [
        _cost("serial scanner at rest, % of a core", idle, IDLE_PERCENT),
        _cost("serial scanner unplugged, % of a core", missing, IDLE_PERCENT),
        _cost("serial device that never stops, % of a core", flood, FLOOD_PERCENT),
    ]


def _cost(name: str, share: float, at_most: float) -> Goal:
    detail = f"{share * 1_000_000:.0f} microseconds of its thread a second, over {WATCHED_SECONDS:.0f} s"
    return Goal(name, share * 100, at_most, detail)


def _babble(device: PtyScanner, stop: threading.Event) -> None:
    while not stop.is_set():
        device.send(b"\x81x\r" * 1000)


def _share() -> float:
    (thread,) = [one for one in threading.enumerate() if one.name == "serial scanner"]
    assert thread.ident is not None
    clock = time.pthread_getcpuclockid(thread.ident)
    before, began = time.clock_gettime(clock), time.monotonic()
    threading.Event().wait(WATCHED_SECONDS)
    return (time.clock_gettime(clock) - before) / (time.monotonic() - began)


if __name__ == "__main__":
    for goal in measure():
        print(goal)
