"""What is drawn how in a chart; while a place is marked, what stands there instead."""

from __future__ import annotations

from PySide6.QtCore import QRect, QRectF, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from cashier_app.wording.day_parts import Drawn, Series
from ui.theme.look import DEFAULT_LOOK, Look
from ui.theme.painting import RIGHT, draw_frame, draw_line, painting, snapped, text_width
from ui.theme.typography import MEDIUM

_SWATCH, _SPACE, _GAP = 14, 8, 18
_LINES = {
    Drawn.THICK_LINE: ("accent", 3.0),
    Drawn.THIN_LINE: ("ink", 2.0),
    Drawn.DASHED_LINE: ("ink3", 1.5),
    Drawn.SHORT_LINE: ("ink", 2.0),
}


class Legend(QWidget):
    """Swatches with their names, at the right; the names take their short form before anything is cut off."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = DEFAULT_LOOK
        self._series: tuple[Series, ...] = ()
        self._said = ""
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)

    def show_series(self, series: tuple[Series, ...]) -> None:
        """Explain these series."""
        self._series = series
        self.update()

    def say(self, words: str) -> None:
        """Say this instead; nothing brings the swatches back."""
        if words != self._said:
            self._said = words
            self.update()

    def said(self) -> str:
        """Return what stands here instead of the swatches."""
        return self._said

    def set_look(self, look: Look) -> None:
        """Take over new colours and measures."""
        self._look = look
        self.update()

    def needed_width(self, form: str = "full") -> float:
        """Return the width of all names in one form, px."""
        px, font = self._look.px, self._look.font("body")
        names = [text_width(str(getattr(one.name, form)), font) for one in self._series]
        return sum(names) + len(names) * px(_SWATCH + _SPACE) + max(0, len(names) - 1) * px(_GAP)

    def form(self) -> str:
        """Return which form of the names fits."""
        return "full" if self.needed_width() <= self.width() + 1 else "short"

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint the whole widget."""
        look = self._look
        with painting(self) as painter:
            if self._said:
                draw_line(
                    painter, self.rect(), self._said, look.font("body", MEDIUM), look.colour("ink"), RIGHT
                )
                return
            form, font = self.form(), look.font("body")
            left = self.width() - self.needed_width(form)
            for one in self._series:
                side, words = look.px(_SWATCH), str(getattr(one.name, form))
                box = QRectF(left, (self.height() - side) / 2, side, side)
                self._paint_swatch(painter, snapped(painter, box), one.drawn)
                left += side + look.px(_SPACE)
                width = text_width(words, font)
                place = QRect(round(left), 0, round(width) + 2, self.height())
                draw_line(painter, place, words, font, look.colour("ink2"))
                left += width + look.px(_GAP)

    def _paint_swatch(self, painter: QPainter, box: QRectF, drawn: Drawn) -> None:
        look = self._look
        if drawn is Drawn.SOLID:
            draw_frame(painter, box, look.px(3), fill=look.colour("accent"))
        elif drawn is Drawn.HATCHED:
            edge = look.colour("edge")
            draw_frame(painter, box, look.px(3), fill=look.colour("surface"), edge=edge)
            painter.save()
            painter.setClipRect(box.adjusted(1, 1, -1, -1))
            painter.setPen(QPen(edge, 1))
            step = box.width() / 3
            for at in range(1, 6):
                shift = at * step
                painter.drawLine(
                    round(box.left()), round(box.top() + shift), round(box.left() + shift), round(box.top())
                )
            painter.restore()
        else:
            token, width = _LINES[drawn]
            pen = QPen(look.colour(token), look.metrics.factor * width)
            if drawn is Drawn.DASHED_LINE:
                pen.setDashPattern([3, 2])
            painter.setPen(pen)
            y = box.center().y()
            painter.drawLine(box.left(), y, box.right(), y)  # type: ignore[call-overload]


__all__ = ["Legend"]
