"""The member's tier: its name, and a pip for each tier of the program, filled as far as they came."""

from PySide6.QtCore import QPointF, QRectF, QSize
from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from ui.theme.look import DEFAULT_LOOK, Look
from ui.theme.painting import draw_frame, draw_line, painting, text_width
from ui.theme.typography import MEDIUM

_HEIGHT = 32
_SIDE = 12
_GAP = 7
_PIP = 9
_PIP_STEP = 11
_MOST_PIPS = 8  # more say nothing at a glance


class TierBadge(QWidget):
    """A pill with the tier's name and pips."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = DEFAULT_LOOK
        self._name = ""
        self._filled = 0
        self._total = 0
        self._fill = "sunken"
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)

    def set_tier(self, name: str, filled: int = 0, total: int = 0) -> None:
        """Show a tier and how far up it is, such as 3 of 4; no pips where total is 0."""
        self._name, self._filled = name, filled
        self._total = total if total <= _MOST_PIPS else 0
        self.setAccessibleName(name)
        self.updateGeometry()
        self.update()

    def set_fill(self, token: str) -> None:
        """Paint the pill in the colour of another token, one that is seen on what lies behind."""
        if token != self._fill:
            self._fill = token
            self.update()

    def set_look(self, look: Look) -> None:
        """Take over new colours and measures."""
        self._look = look
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        """Return the wanted size, px."""
        look = self._look
        width = text_width(self._name, look.font("badge", MEDIUM)) + 2 * look.px(_SIDE) + self._pips_width()
        return QSize(round(width), look.px(_HEIGHT))

    def minimumSizeHint(self) -> QSize:
        """Return the least size, px."""
        return QSize(self._look.px(60), self._look.px(_HEIGHT))

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint the whole widget."""
        look = self._look
        box = QRectF(self.rect())
        with painting(self) as painter:
            edge = look.colour("edge") if look.theme.high_contrast else None
            draw_frame(painter, box, box.height() / 2, fill=look.colour(self._fill), edge=edge)
            side, pips = look.px(_SIDE), self._pips_width()
            words = QRectF(side, 0, box.width() - 2 * side - pips, box.height())
            draw_line(painter, words, self._name, look.font("badge", MEDIUM), look.colour("ink"))
            ink, size = look.colour("ink"), look.px(_PIP)
            left = box.width() - side - pips + look.px(_GAP)
            for index in range(self._total):
                corner = QPointF(left + index * look.px(_PIP_STEP), box.center().y() - size / 2)
                pip = QRectF(corner.x(), corner.y(), size, size)
                if index < self._filled:
                    draw_frame(painter, pip, size / 2, fill=ink)
                else:
                    draw_frame(painter, pip, size / 2, edge=ink, width=look.px(1.5))

    def _pips_width(self) -> int:
        if not self._total:
            return 0
        return self._look.px(_GAP) + (self._total - 1) * self._look.px(_PIP_STEP) + self._look.px(_PIP)
