"""What both windows of practice material share: a window of their own, framed and titled as training."""

from __future__ import annotations

import logging
from collections.abc import Callable

from PySide6.QtCore import QPoint, QRect, QSize, Qt
from PySide6.QtGui import QPaintEvent, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QWidget

from cashier_app.errors import KnownError
from cashier_app.wording import Wording
from ui.theme.look import DEFAULT_LOOK, Look, spread_look
from ui.theme.painting import fill_background, painting, training_frame_width
from ui.widgets.training_frame import TrainingFrame

logger = logging.getLogger(__name__)

_DOWN = 48  # px below the head of the till's window


class MaterialWindow(QWidget):
    """A top-level window beside the till's, in the striped frame; `_arrange` places what it holds."""

    def __init__(self, title: str, size: QSize) -> None:
        super().__init__(None, Qt.WindowType.Window)
        self._look = DEFAULT_LOOK
        self._wanted = size
        self._over: QWidget | None = None
        self._clear: Callable[[], QRect] | None = None
        # The till decides when training ends.
        self.setAttribute(Qt.WidgetAttribute.WA_QuitOnClose, on=False)
        self.setWindowTitle(title)
        self.frame = TrainingFrame(self)
        self.setMinimumSize(size)

    def set_look(self, look: Look) -> None:
        """Take over new colours and measures."""
        self._look = look
        # Any smaller, and bars have no room for two pixels.
        self.setMinimumSize(self._wanted * look.metrics.factor)
        spread_look(self, look)
        self._arrange()
        self.update()

    def look(self) -> Look:
        """Return the colours and measures that hold."""
        return self._look

    def stay_over(self, window: QWidget, clear: Callable[[], QRect] | None = None) -> None:
        """Stay before this window, also where it fills the screen; `clear` says what of it may be covered."""
        self._over, self._clear = window, clear

    def open_beside(self, *, take_keys: bool = True) -> None:
        """Show the window, in front, as large as it was; without `take_keys` keys stay where they are."""
        if not self.isVisible():
            self.resize(self.minimumSize())
            if self._over is not None:
                room = self.screen().availableGeometry()
                till = self._over.frameGeometry()
                foot = 0 if self._clear is None else self._over.height() - self._clear().height()
                self.move(place_beside(till, self.size(), room, foot))
        self.setAttribute(Qt.WidgetAttribute.WA_ShowWithoutActivating, on=not take_keys)
        self.show()
        if take_keys:
            self.activateWindow()

    def inset(self) -> int:
        """Return how far from the edge anything may begin, px."""
        return training_frame_width(self._look) + self._look.px(16)

    def showEvent(self, event: QShowEvent) -> None:
        """Stand before the till."""
        if self._over is not None:
            self.windowHandle().setTransientParent(self._over.windowHandle())
        super().showEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Place everything anew."""
        super().resizeEvent(event)
        self._arrange()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Fill the ground."""
        with painting(self) as painter:
            fill_background(painter, self, self._look)

    def _arrange(self) -> None:
        self.frame.setGeometry(self.rect())
        self.frame.raise_()


def place_beside(till: QRect, size: QSize, room: QRect, foot: int = 0) -> QPoint:
    """Return where a window goes beside the till's, else over its keys; `room` is that of the screen.

    So much of the till as its `foot` is high stays in sight there, where that can be.
    """
    top = max(room.top(), min(till.top() + _DOWN, room.bottom() + 1 - size.height()))
    right = till.right() + 1
    if right + size.width() <= room.right() + 1:
        return QPoint(right, top)
    if till.left() - size.width() >= room.left():
        return QPoint(till.left() - size.width(), top)
    over = max(room.top(), min(top, till.bottom() + 1 - foot - size.height()))
    return QPoint(max(room.left(), room.right() + 1 - size.width()), over)


def why_not_shown(error: BaseException, wording: Wording) -> str:
    """Return what is said instead of a pass."""
    if isinstance(error, KnownError):
        return error.sentence
    logger.error("a practice pass cannot be shown", exc_info=error)
    return wording.text("The passes cannot be shown. The log has the reason.")
