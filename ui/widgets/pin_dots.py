"""How much of a PIN is typed: a dot for each digit, never the digit."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize
from PySide6.QtGui import QAccessible, QPaintEvent
from PySide6.QtWidgets import QWidget

from ui.accessibility import announce
from ui.theme.look import DEFAULT_LOOK, Look
from ui.theme.painting import draw_frame, painting

_DOT, _GAP, _LARGEST = 24, 20, 12


class PinDots(QWidget):
    """A row of rings; those of typed digits are filled.

    Args:
        digits: How many a PIN has.
    """

    accessible_role = QAccessible.Role.StaticText

    def __init__(self, digits: int = 6, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = DEFAULT_LOOK
        self._digits, self._typed = digits, 0
        self._enabled = True

    def digits(self) -> int:
        """Return how many a PIN has."""
        return self._digits

    def typed(self) -> int:
        """Return how many are filled."""
        return self._typed

    def show_typed(self, typed: int, digits: int, spoken: str, *, enabled: bool = True) -> None:
        """Fill this many; `spoken` says it to a screen reader, such as "3 of 6 digits"."""
        digits = min(digits, _LARGEST)
        if typed != self._typed:
            announce(self, spoken)
        self._typed, self._digits, self._enabled = min(typed, digits), digits, enabled
        self.setAccessibleName(spoken)
        self.update()

    def set_look(self, look: Look) -> None:
        """Take over new colours and measures."""
        self._look = look
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        """Return the wanted size, px."""
        px = self._look.px
        return QSize(self._digits * px(_DOT) + (self._digits - 1) * px(_GAP), px(_DOT))

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint the whole widget."""
        look, dot, gap = self._look, self._look.px(_DOT), self._look.px(_GAP)
        wanted = self.sizeHint().width()
        left, top = max(0.0, (self.width() - wanted) / 2), (self.height() - dot) / 2
        edge = look.colour("ink2" if self._enabled else "disabled")
        with painting(self) as painter:
            for place in range(self._digits):
                box = QRectF(left + place * (dot + gap), top, dot, dot)
                fill = look.colour("ink") if place < self._typed else None
                draw_frame(painter, box, dot / 2, fill=fill, edge=fill or edge, width=look.px(2))
