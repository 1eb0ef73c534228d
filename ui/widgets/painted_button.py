"""What all our buttons share: they know their look, pointer and ring, and leave the painting to others."""

from PySide6.QtCore import QEvent, QPoint, QRectF, Qt
from PySide6.QtGui import QEnterEvent, QFocusEvent, QInputDevice, QMouseEvent, QPainter, QSinglePointEvent
from PySide6.QtWidgets import QPushButton, QWidget

from ui.theme.look import DEFAULT_LOOK, Look
from ui.theme.painting import draw_focus_ring, draw_frame

_RING_REASONS = frozenset(
    {
        Qt.FocusReason.TabFocusReason,
        Qt.FocusReason.BacktabFocusReason,
        Qt.FocusReason.ShortcutFocusReason,
    }
)


class PaintedButton(QPushButton):
    """A push button without Qt's face. Its text stays empty, so that "&" is never a mnemonic."""

    def __init__(self, spoken: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = DEFAULT_LOOK
        self._hovered = False
        self._ring = False
        self.setAutoDefault(False)  # in a dialog the first such button would take Enter
        self.setAccessibleName(spoken)

    def set_look(self, look: Look) -> None:
        """Take over new colours and measures."""
        self._look = look
        self.refresh()

    def refresh(self) -> None:
        """Measure and paint again after a change."""
        self.updateGeometry()
        self.update()

    def shows_ring(self) -> bool:
        """Return whether focus came by a key, so that the ring is drawn."""
        return self._ring and self.hasFocus()

    def shows_hover(self) -> bool:
        """Return whether a pointer rests on the button; a finger never counts."""
        return self._hovered and self.isEnabled()

    def paint_ground(self, painter: QPainter, fill: str, edge: str, width: int) -> None:
        """Paint a control's surface in the colours of tokens, with its ring while that shows; px at 1x."""
        look, box = self._look, QRectF(self.rect())
        radius = look.metrics.radius_control
        if self.shows_ring():
            box = draw_focus_ring(painter, box, radius, look)
            radius -= look.px(2)
        draw_frame(painter, box, radius, fill=look.colour(fill), edge=look.colour(edge), width=look.px(width))

    def hitButton(self, pos: QPoint) -> bool:
        """Count the whole rectangle as the button."""
        return self.rect().contains(pos)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Note how focus came."""
        self._ring = event.reason() in _RING_REASONS
        super().focusInEvent(event)
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Let the ring go."""
        self._ring = False
        super().focusOutEvent(event)
        self.update()

    def enterEvent(self, event: QEnterEvent) -> None:
        """Note a pointer, but never a finger."""
        # A finger leaves no pointer behind: hover would stick after the touch.
        self._hovered = not _by_finger(event)
        self.update()
        super().enterEvent(event)

    def leaveEvent(self, event: QEvent) -> None:
        """Forget the pointer."""
        self._hovered = False
        self.update()
        super().leaveEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:  # Qt override
        """Press, without hover if by a finger."""
        if _by_finger(event):
            self._hovered = False
        super().mousePressEvent(event)


def _by_finger(event: QSinglePointEvent) -> bool:
    return event.pointingDevice().type() == QInputDevice.DeviceType.TouchScreen
