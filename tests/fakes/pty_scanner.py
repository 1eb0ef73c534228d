"""A scanner on a pseudo-terminal that can be pulled out and plugged in, and who notes what is read."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable
from pathlib import Path

from cashier_app.ports.serial_scanner import ScannedText, SerialRead, SerialState, SerialStatus

LONG_ENOUGH = 10.0


class PtyScanner:
    """A scanner found at a path that stays while its port changes, as udev's links do.

    Args:
        path: Where it is found while it is plugged in.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.master = -1

    @property
    def device(self) -> str:
        return str(self.path)

    def plug_in(self) -> None:
        self.master, slave = os.openpty()
        port = os.ttyname(slave)
        os.close(slave)
        self.path.symlink_to(port)

    def pull_out(self) -> None:
        if self.master >= 0:
            self.path.unlink()
            os.close(self.master)
            self.master = -1

    def send(self, data: bytes) -> None:
        while data:
            data = data[os.write(self.master, data[:512]) :]


class Noted:
    """What a scanner told, in order; waits for what must come."""

    def __init__(self) -> None:
        self._came = threading.Condition()
        self.reads: list[SerialRead] = []
        self.statuses: list[SerialStatus] = []

    def read(self, read: SerialRead) -> None:
        with self._came:
            self.reads.append(read)
            self._came.notify_all()

    def status(self, status: SerialStatus) -> None:
        with self._came:
            self.statuses.append(status)
            self._came.notify_all()

    @property
    def texts(self) -> list[str]:
        return [read.text for read in self.reads if isinstance(read, ScannedText)]

    @property
    def states(self) -> list[SerialState]:
        return [status.state for status in self.statuses]

    def until(self, holds: Callable[[Noted], bool]) -> None:
        with self._came:
            assert self._came.wait_for(lambda: holds(self), LONG_ENOUGH), (len(self.reads), self.states)

    def until_state(self, state: SerialState, times: int = 1) -> None:
        self.until(lambda noted: noted.states.count(state) >= times and noted.states[-1] is state)

    def until_reads(self, count: int) -> None:
        self.until(lambda noted: len(noted.reads) >= count)


def until(holds: Callable[[], bool]) -> None:
    """Wait for something nobody tells of."""
    end = time.monotonic() + LONG_ENOUGH
    waiting = threading.Event()
    while not holds():
        assert time.monotonic() < end, "it did not come to that"
        waiting.wait(0.005)
