"""The finder: where a code is held, with four corner marks around a code."""

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPainterPath, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from ui.theme.look import DEFAULT_LOOK, Look
from ui.theme.painting import draw_frame, draw_icon, painting

_SHARE = 0.69  # of the shorter side, between the corner marks
_LARGEST = 200
_ICON_SHARE = 0.37  # of the square between the marks
_ARM = 0.16
_CORNER = 9
_STROKE = 3


class Finder(QWidget):
    """A sunken box that shows where to look; it says nothing to screen readers, the words beside it do."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = DEFAULT_LOOK

    def set_look(self, look: Look) -> None:
        """Take over new colours and measures."""
        self._look = look
        self.update()

    def minimumSizeHint(self) -> QSize:
        """Return the least useful size, px."""
        """Return the least size, px."""
        side = self._look.px(96)
        return QSize(side, side)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint the whole widget."""
        look = self._look
        with painting(self) as painter:
            edge = look.colour("edge") if look.theme.high_contrast else None
            box = QRectF(self.rect())
            draw_frame(painter, box, look.metrics.radius_field, fill=look.colour("sunken"), edge=edge)
            side = round(min(look.px(_LARGEST), min(box.width(), box.height()) * _SHARE))
            square = QRectF(0, 0, side, side)
            square.moveCenter(box.center())
            self._paint_marks(painter, square)
            icon = round(side * _ICON_SHARE)
            place = QRectF(box.center().x() - icon / 2, box.center().y() - icon / 2, icon, icon)
            draw_icon(painter, place, "qr-code", "ink2", look)

    def _paint_marks(self, painter: QPainter, square: QRectF) -> None:
        look = self._look
        pen = QPen(look.colour("ink2"), look.px(_STROKE))
        pen.setCapStyle(Qt.PenCapStyle.RoundCap)
        painter.setPen(pen)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        arm, radius = square.width() * _ARM, float(look.px(_CORNER))
        for corner, across, down in (
            (square.topLeft(), 1, 1),
            (square.topRight(), -1, 1),
            (square.bottomLeft(), 1, -1),
            (square.bottomRight(), -1, -1),
        ):
            path = QPainterPath(corner + QPointF(0, down * arm))
            path.lineTo(corner + QPointF(0, down * radius))
            path.quadTo(corner, corner + QPointF(across * radius, 0))
            path.lineTo(corner + QPointF(across * arm, 0))
            painter.drawPath(path)
