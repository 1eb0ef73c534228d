"""Measure how long the UI thread cannot answer."""

from __future__ import annotations

import time

from PySide6.QtCore import QObject, Qt, QTimer

_INTERVAL_MS = 5


class BlockProbe(QObject):
    """Asks the event loop for a sign of life every 5 ms and keeps the longest times it had to wait."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._gaps_ms: list[float] = []
        self._last = 0.0
        self._timer = QTimer(self)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.setInterval(_INTERVAL_MS)
        self._timer.timeout.connect(self._sign_of_life)

    def start(self) -> None:
        """Start measuring."""
        self._last = time.perf_counter()
        self._timer.start()

    def skip(self) -> None:
        """Leave out the time since the last sign of life: the caller kept the thread on purpose."""
        self._last = time.perf_counter()

    def stop(self) -> None:
        """Stop measuring."""
        self._timer.stop()

    @property
    def longest_ms(self) -> float:
        """Return the longest time the thread did not answer, in milliseconds."""
        return max(self._gaps_ms, default=0.0)

    @property
    def p99_ms(self) -> float:
        """Return the time in milliseconds that 99 of 100 waits stayed under."""
        ordered = sorted(self._gaps_ms)
        return ordered[int(len(ordered) * 0.99)] if ordered else 0.0

    def _sign_of_life(self) -> None:
        now = time.perf_counter()
        self._gaps_ms.append(max((now - self._last) * 1000 - _INTERVAL_MS, 0.0))
        self._last = now
