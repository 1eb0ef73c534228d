"""How fast a scanner typed: one bar for each gap between two keys, against what is allowed."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRect
from PySide6.QtGui import QAccessible, QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from cashier_app.domain.calibration import LONGEST_GAP_MS, SLOWEST_MEAN_MS
from ui.theme.look import DEFAULT_LOOK, Look
from ui.theme.painting import RIGHT, draw_line, fill_rectangle, painting, text_width
from ui.theme.typography import REGULAR

_ROOM_ABOVE = 1.3  # of the longest gap: room for its words
_WIDEST_BAR = 14


class GapStrip(QWidget):
    """Bars in milliseconds with two lines: the mean that is allowed, and the gap that ends a code."""

    accessible_role = QAccessible.Role.Chart

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = DEFAULT_LOOK
        self._gaps: tuple[int, ...] = ()
        self._allowed = 0
        self._labels = ("", "")

    def set_look(self, look: Look) -> None:
        """Take over new colours and measures."""
        self._look = look
        self.update()

    def show_gaps(self, gaps: Sequence[int], allowed: int, labels: tuple[str, str], spoken: str) -> None:
        """Show gaps, ms; `allowed` is the mean the settings take, 0 for none; labels have ``{n}``."""
        self._gaps, self._allowed, self._labels = tuple(gaps), allowed, labels
        self.setAccessibleName(spoken)
        self.update()

    def gaps(self) -> tuple[int, ...]:
        """Return what is shown, ms."""
        return self._gaps

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint bars, then the lines over them with their words above."""
        look, px = self._look, self._look.px
        font = look.font("badge", REGULAR)
        mean = (self._allowed or SLOWEST_MEAN_MS, self._labels[0], "accent")
        with painting(self) as painter:
            self._paint_bars(painter)
            for limit, label, colour in (mean, (LONGEST_GAP_MS, self._labels[1], "ink3")):
                y = round(self._height_of(limit))
                fill_rectangle(painter, QRect(0, y, self.width(), px(2)), look.colour(colour))
                words = label.format(n=limit)
                wide = min(round(text_width(words, font)) + px(8), self.width())
                place = QRect(self.width() - wide, y - px(24), wide, px(22))
                fill_rectangle(painter, place, look.colour("surface"))  # bars may be higher than the line
                draw_line(painter, place, words, font, look.colour("ink2"), RIGHT)

    def _height_of(self, gap: float) -> float:
        return self.height() * (1 - min(gap / (LONGEST_GAP_MS * _ROOM_ABOVE), 1.0))

    def _paint_bars(self, painter: QPainter) -> None:
        px, bottom = self._look.px, self.height()
        fill_rectangle(painter, QRect(0, bottom - 1, self.width(), 1), self._look.colour("edge"))
        if not self._gaps:
            return
        step = max(2, min(self.width() // len(self._gaps), px(_WIDEST_BAR)))
        bar = max(1, step - max(1, step // 4))
        for place, gap in enumerate(self._gaps):
            top = min(round(self._height_of(gap)), bottom - px(2))
            left = place * step
            fill_rectangle(painter, QRect(left, top, bar, bottom - top), self._look.colour(self._ink_of(gap)))

    def _ink_of(self, gap: int) -> str:
        if gap > LONGEST_GAP_MS:
            return "red_edge"
        return "accent" if gap <= (self._allowed or SLOWEST_MEAN_MS) else "amber_edge"
