"""The serial scanner at the window: what it reads reaches the till, and what becomes of it is said calmly."""

from __future__ import annotations

import logging
import threading
from collections import deque
from collections.abc import Callable
from typing import Protocol

from PySide6.QtCore import QObject, Signal

from cashier_app.ports.runner import Runner
from cashier_app.ports.serial_scanner import (
    Overlong,
    ScannedText,
    SerialRead,
    SerialScanner,
    SerialState,
    SerialStatus,
)

logger = logging.getLogger(__name__)

MOST_WAITING = 8
"""Scans that wait for the till; a person cannot scan that far ahead."""

_TROUBLES = frozenset({SerialState.MISSING, SerialState.IN_USE, SerialState.REFUSED})

OpenScanner = Callable[[Callable[[SerialRead], None], Callable[[SerialStatus], None]], SerialScanner]
"""Opens the scanner with what it calls, from a thread of its own, for each scan and each change."""


class ScanTaker(Protocol):
    """Who takes what was scanned; all on the UI thread."""

    def take_scan(self, text: str) -> None:
        """Take the text a device read."""

    def take_overlong(self) -> None:
        """Take note that a device sent more than any code holds."""

    def take_foreign(self) -> None:
        """Take note that a device sent what is no code for us; it was dropped."""


class SerialLink(QObject):
    """One scanner for the life of the window; all methods belong to the UI thread and return at once.

    Args:
        open_scanner: Makes the scanner, silent until a device is chosen; called with the first choice.
        runner: Brings what the scanner calls to the UI thread, and keeps choices off it.
        taker: Takes what was scanned.
        remember: Keeps a choice for the next start. Blocking, called on a worker.
    """

    changed = Signal()  # `status` is another one
    to_be_said = Signal()  # something about the scanner that the cashier should know: see `status`

    def __init__(
        self,
        open_scanner: OpenScanner,
        runner: Runner,
        taker: ScanTaker,
        *,
        remember: Callable[[str], object],
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._runner, self._taker, self._remember = runner, taker, remember
        self._open_scanner = open_scanner
        self._scanner: SerialScanner | None = None
        self._waiting: deque[SerialRead] = deque()
        self._waits = threading.Lock()
        self._troubled = False
        self._closed = False
        self._device_id = ""
        self._rests = False

    @property
    def status(self) -> SerialStatus:
        """Return what is known about the scanner; `wording.serial_scanner` has the sentence."""
        return self._scanner.status if self._scanner is not None else SerialStatus(SerialState.OFF)

    def begin(self, read_choice: Callable[[], str]) -> None:
        """Listen to the device chosen earlier; `read_choice` is called on a worker, empty means none."""
        self._runner.run(read_choice, self._listen_to, self._failed)

    def choose(self, device_id: str) -> None:
        """Listen to this device from now on, to none if empty, and remember it."""
        self._listen_to(device_id)
        self._runner.run(lambda: self._remember(device_id), lambda _: None, self._failed)

    def rest(self) -> None:
        """Let the port go to another program, until `go_on`; the choice stays."""
        self._rests = True
        if self._scanner is not None:
            self._scanner.choose("")
        self.changed.emit()

    def go_on(self) -> None:
        """Listen again to what was chosen."""
        self._rests = False
        self._listen_to(self._device_id)

    def close(self) -> None:
        """Let the port go; waits for the thread, at most two seconds."""
        self._closed = True
        if self._scanner is not None and not self._scanner.stop():
            logger.info("the serial scanner's driver does not answer; it is left behind")

    def _listen_to(self, device_id: str) -> None:
        self._device_id = device_id
        if self._closed or self._rests:
            return
        self._troubled = False
        if self._scanner is None and device_id:
            self._scanner = self._open_scanner(self._read, self._status_came)
        if self._scanner is not None:
            self._scanner.choose(device_id)
        self.changed.emit()

    # --- from the scanner's thread ----------------------------------------------------------------

    def _read(self, read: SerialRead) -> None:
        with self._waits:
            first = not self._waiting
            if len(self._waiting) >= MOST_WAITING:
                # Nobody shows eight codes at once: none of them is looked up.
                self._waiting.clear()
                read = Overlong()
            self._waiting.append(read)
        if first:
            self._runner.post(self._hand_on)

    def _status_came(self, status: SerialStatus) -> None:
        self._runner.post(lambda: self._say(status))

    # --- on the UI thread -------------------------------------------------------------------------

    def _hand_on(self) -> None:
        """Hand one scan on; the next one comes after whatever else waits for this thread."""
        with self._waits:
            read = self._waiting.popleft()
            more = bool(self._waiting)
        if more:
            self._runner.post(self._hand_on)
        if self._closed:
            return
        match read:
            case ScannedText(text):
                self._taker.take_scan(text)
            case Overlong():
                self._taker.take_overlong()
            case _:
                self._taker.take_foreign()

    def _say(self, status: SerialStatus) -> None:
        if self._closed:
            return
        self.changed.emit()
        if status != self.status:
            return  # it has changed again meanwhile, and that is told too
        if status.state in _TROUBLES:
            self._troubled = True
            self.to_be_said.emit()
        elif status.state is SerialState.LISTENING and self._troubled:
            self._troubled = False
            self.to_be_said.emit()

    def _failed(self, error: BaseException) -> None:
        logger.error("the choice of a scanner failed", exc_info=error)
