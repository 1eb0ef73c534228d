"""What a lesson came to: the time, the mistakes and the hints, large, and what was learned."""

from __future__ import annotations

from PySide6.QtCore import QRect, QRectF
from PySide6.QtGui import QAccessible, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QWidget

from cashier_app.wording.lessons_page import SummaryFigure, SummaryWords
from ui.theme.look import DEFAULT_LOOK, Look, spread_look
from ui.theme.painting import draw_frame, draw_line, painting
from ui.theme.typography import MEDIUM, REGULAR, SEMIBOLD
from ui.widgets.row_list import RowList
from ui.widgets.text import PlainLabel

_GAP, _BOX, _PAD = 12, 128, 16


class FigureBox(QWidget):
    """One figure with its label above and a word below."""

    accessible_role = QAccessible.Role.StaticText

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = DEFAULT_LOOK
        self.figure = SummaryFigure("", "", "")

    def show_figure(self, figure: SummaryFigure) -> None:
        """Show another figure."""
        self.figure = figure
        self.setAccessibleName(" ".join(part for part in (figure.value, figure.label, figure.beside) if part))
        self.update()

    def set_look(self, look: Look) -> None:
        """Take over new colours and measures."""
        self._look = look
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint the whole widget."""
        look, px, figure = self._look, self._look.px, self.figure
        with painting(self) as painter:
            draw_frame(
                painter,
                self.rect(),
                look.metrics.radius_field,
                fill=look.colour("sunken"),
                edge=look.colour("edge") if look.theme.high_contrast else None,
                width=1,
            )
            left, width = px(_PAD), self.width() - 2 * px(_PAD)
            third = self.height() / 3.4
            top = px(8)
            label = QRectF(left, top, width, third)
            draw_line(painter, label, figure.label, look.font("body", MEDIUM), look.colour("ink2"))
            value = QRectF(left, top + third * 0.9, width, third * 1.35)
            draw_line(painter, value, figure.value, look.font("figure", SEMIBOLD), look.colour("ink"))
            below = QRectF(left, self.height() - third - px(4), width, third)
            draw_line(painter, below, figure.beside, look.font("body", REGULAR), look.colour("ink2"))


class SummaryCard(QWidget):
    """The words and figures of a lesson just done."""

    accessible_role = QAccessible.Role.Grouping

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = DEFAULT_LOOK
        self.learned = PlainLabel(role="label", weight=MEDIUM, wrap=True, parent=self)
        self.boxes = [FigureBox(self) for _ in range(3)]
        self.wrong = RowList(self)

    def show_words(self, words: SummaryWords) -> None:
        """Show what another lesson came to."""
        self.setAccessibleName(words.spoken)
        self.learned.set_text(words.learned)
        for box, figure in zip(self.boxes, words.figures, strict=True):
            box.show_figure(figure)
        self.wrong.show_rows(words.wrong)
        self._arrange()

    def set_look(self, look: Look) -> None:
        """Take over new colours and measures."""
        self._look = look
        spread_look(self, look)
        self._arrange()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Arrange everything anew."""
        super().resizeEvent(event)
        self._arrange()

    def _arrange(self) -> None:
        px = self._look.px
        width = min(self.width(), px(860))
        high = self.learned.heightForWidth(width)
        self.learned.setGeometry(QRect(0, px(8), width, high))
        top, gap = px(8) + high + px(24), px(_GAP)
        each = (width - 2 * gap) // 3
        for place, box in enumerate(self.boxes):
            box.setGeometry(place * (each + gap), top, each, px(_BOX))
        top += px(_BOX) + px(20)
        self.wrong.setGeometry(0, top, width, max(1, self.height() - top))
