"""The coach's keys: taken before the till's own, wherever those go; the till means nothing by them."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QKeyEvent, QWindow
from PySide6.QtWidgets import QWidget

from cashier_app.wording.coach import CoachAct

COACH_KEYS: dict[Qt.Key, tuple[CoachAct, ...]] = {
    Qt.Key.Key_H: (CoachAct.HINT,),
    Qt.Key.Key_P: (CoachAct.SHOW_CODE,),
    Qt.Key.Key_S: (CoachAct.SCAN,),
    Qt.Key.Key_R: (CoachAct.AGAIN,),
    Qt.Key.Key_L: (CoachAct.LEAVE, CoachAct.LESSONS),
    Qt.Key.Key_F: (CoachAct.FREE_PLAY,),
    Qt.Key.Key_0: (CoachAct.ALL_WELL,),
}
"""With Ctrl. Which of several acts is meant, the moment says."""

_OF_KEYS = frozenset(
    {
        Qt.KeyboardModifier.ControlModifier,
        Qt.KeyboardModifier.ShiftModifier,
        Qt.KeyboardModifier.AltModifier,
        Qt.KeyboardModifier.MetaModifier,
    }
)


class CoachKeys(QObject):
    """Takes them from a window as soon as it is shown.

    Args:
        window: The till's.
        act: Does one of these, and says whether it could be done now.
    """

    def __init__(self, window: QWidget, act: Callable[[tuple[CoachAct, ...]], bool]) -> None:
        super().__init__(window)
        self._act = act
        self._handle: QWindow | None = None
        window.installEventFilter(self)
        self._watch(window.windowHandle())

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Act on a key of the coach's; all others go on to the till."""
        if event.type() == QEvent.Type.Show and isinstance(watched, QWidget):
            self._watch(watched.windowHandle())
        if event.type() != QEvent.Type.KeyPress or not isinstance(watched, QWindow):
            return False
        if not isinstance(event, QKeyEvent) or not _with_control(event):
            return False
        acts = next((acts for key, acts in COACH_KEYS.items() if event.key() == key), None)
        return acts is not None and (event.isAutoRepeat() or self._act(acts))

    def _watch(self, handle: QWindow | None) -> None:
        if handle is not None and handle is not self._handle:
            self._handle = handle
            # The last one installed is asked first: before scanners and before the till's router.
            handle.installEventFilter(self)


def _with_control(event: QKeyEvent) -> bool:
    held = [one for one in _OF_KEYS if event.modifiers() & one]
    return held == [Qt.KeyboardModifier.ControlModifier]
