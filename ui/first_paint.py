"""When the window was painted for the first time: only then may anything slow begin."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, QTimer

from ui.main_window import MainWindow


def when_painted(window: MainWindow, callback: Callable[[], None]) -> None:
    """Call back once, after the window has been painted for the first time."""
    _FirstPaint(window, callback)


class _FirstPaint(QObject):
    """Calls back once, after the window has been painted for the first time."""

    def __init__(self, window: MainWindow, callback: Callable[[], None]) -> None:
        super().__init__(window)
        self._callback = callback
        locked = window.gate is not None and window.gate.covers()
        seen = window.gate.lock if window.gate and locked else window.screen_of_till
        seen.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Wait for the first paint."""
        if event.type() == QEvent.Type.Paint:
            watched.removeEventFilter(self)
            QTimer.singleShot(0, self._callback)
        return False
