"""Scans as they come, before anybody made sense of them: for checking a scanner."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent

from cashier_app.scanning.calibration import RawKey
from ui.key_reading import KeyReader
from ui.key_router import stroke_of
from ui.key_words import Stroke
from ui.wedge_filter import WedgeFilter

ALONE_MS = 160
"""A key that no other follows for so long was pressed by a person, or by a scanner no settings could help."""

SILENCE_MS = 450
"""What ends a scan here: longer than settings could allow, so that too slow ones are seen whole."""

_COMMANDS = frozenset(
    {Qt.Key.Key_Escape, Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Tab, Qt.Key.Key_Backtab}
)
_LETTERS = frozenset({Qt.Key.Key_S, Qt.Key.Key_U})


class RawScans(QObject):
    """Takes all keys of the window between `begin` and `end`: the till has none of them.

    A key on its own that means something on the page is handed over as pressed; everything else belongs to
    a scan, Enter and Tab behind other keys included.

    Args:
        wedge: Gives its keys here first.
    """

    scanned = Signal(object)  # a tuple of RawKey
    pressed = Signal(object)  # a Stroke

    def __init__(self, wedge: WedgeFilter, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._wedge = wedge
        self._keys: list[RawKey] = []
        self._first: Stroke | None = None
        self._by_position = KeyReader(QKeyEvent.timestamp, by_position=True)
        self._typed = KeyReader(QKeyEvent.timestamp, by_position=False)
        self._alone = self._timer(ALONE_MS, self._judge_alone)
        self._silence = self._timer(SILENCE_MS, self.finish)

    def begin(self) -> None:
        """Take all keys from now on."""
        self._forget()
        self._wedge.listen_raw(self.take)

    def end(self) -> None:
        """Give the keys back to the till."""
        self._wedge.listen_raw(None)
        self._forget()

    def take(self, event: QKeyEvent, at_ms: int) -> None:
        """Take one key."""
        by_position = self._by_position.pressed(event, command=False, source=None)
        typed = self._typed.pressed(event, command=False, source=None)
        if by_position.modifier or (event.isAutoRepeat() and len(self._keys) < 2):
            return
        if not self._keys:
            self._first = stroke_of(event)
        self._keys.append(RawKey(at_ms, by_position.character, typed.character))
        if len(self._keys) == 1:
            self._alone.start()
        else:
            self._alone.stop()
        self._silence.start()

    def finish(self) -> None:
        """Hand over what came, now."""
        keys, first = tuple(self._keys), self._first
        self._forget()
        if len(keys) == 1 and first is not None and _is_command(first):
            self.pressed.emit(first)
        elif keys:
            self.scanned.emit(keys)

    def _judge_alone(self) -> None:
        if self._first is not None and _is_command(self._first):
            self.finish()

    def _forget(self) -> None:
        self._keys.clear()
        self._first = None
        self._alone.stop()
        self._silence.stop()

    def _timer(self, milliseconds: int, due: Callable[[], None]) -> QTimer:
        timer = QTimer(self)
        timer.setSingleShot(True)
        timer.setInterval(milliseconds)
        timer.timeout.connect(due)
        return timer


def _is_command(stroke: Stroke) -> bool:
    return stroke.key in _COMMANDS | _LETTERS or Qt.Key.Key_F1 <= stroke.key <= Qt.Key.Key_F12
