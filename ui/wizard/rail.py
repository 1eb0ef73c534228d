"""The steps at the side: what was answered, where somebody is, and the way out."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import Struct
from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen, QPolygonF, QResizeEvent
from PySide6.QtWidgets import QWidget

from cashier_app.services.first_run import Step
from cashier_app.wording.first_run import FrameWords
from ui.theme.look import DEFAULT_LOOK, Look, spread_look
from ui.theme.painting import CENTRE, draw_line, painting
from ui.theme.typography import MEDIUM, REGULAR, SEMIBOLD
from ui.widgets.button import ActionButton, ButtonKind
from ui.widgets.icon_view import MarkView
from ui.widgets.painted_button import PaintedButton
from ui.widgets.text import ElidedLabel, PlainLabel

PROGRAM = "cashier-app"


class StepShown(Struct, frozen=True):
    """One step at the side.

    Args:
        answer: What was answered; empty for nothing.
        is_done: Whether it was.
        is_here: Whether its page is on show.
        is_open: Whether it may be gone to.
    """

    step: Step
    number: int
    name: str
    answer: str
    is_done: bool
    is_here: bool
    is_open: bool


class StepRow(PaintedButton):
    """Paints a number or a mark in a circle, the step's name and what was answered."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("", parent)
        self._shown: StepShown | None = None
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)

    def show_step(self, shown: StepShown) -> None:
        """Say something else."""
        self._shown = shown
        self.setEnabled(shown.is_open or shown.is_here)
        self.setAccessibleName(", ".join(part for part in (shown.name, shown.answer) if part))
        self.update()

    def shown(self) -> StepShown | None:
        """Return what is said."""
        return self._shown

    def sizeHint(self) -> QSize:
        """Return the wanted size, px."""
        return QSize(self._look.px(200), self._look.px(48 if self._look.metrics.compact else 58))

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint the whole row."""
        shown, look = self._shown, self._look
        if shown is None:
            return
        size = look.px(28 if look.metrics.compact else 34)
        with painting(self) as painter:
            circle = QRectF(1, (self.height() - size) / 2, size, size)
            self._paint_circle(painter, circle, shown)
            left = circle.right() + look.px(12)
            room = self.width() - left
            tone = look.colour("ink" if shown.is_done or shown.is_here else "ink2")
            name = look.font("body", SEMIBOLD if shown.is_here else MEDIUM)
            if not shown.answer:
                draw_line(painter, QRectF(left, 0, room, self.height()), shown.name, name, tone)
                return
            half = look.px(22)
            top = (self.height() - 2 * half) / 2
            draw_line(painter, QRectF(left, top, room, half), shown.name, name, tone)
            below = QRectF(left, top + half, room, half)
            draw_line(painter, below, shown.answer, look.font("body", REGULAR), look.colour("ink2"))

    def _paint_circle(self, painter: QPainter, circle: QRectF, shown: StepShown) -> None:
        look = self._look
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if shown.is_here or shown.is_done:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(look.colour("solid" if shown.is_here else "accent"))
            painter.drawEllipse(circle)
        else:
            painter.setPen(QPen(look.colour("edge"), 1))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawEllipse(circle.adjusted(0.5, 0.5, -0.5, -0.5))
        if shown.is_done and not shown.is_here:
            _paint_tick(painter, circle, look.colour("on_accent"), look.px(2.5))
            return
        ink = look.colour("on_solid" if shown.is_here else "ink2")
        draw_line(painter, circle, str(shown.number), look.font("body", SEMIBOLD), ink, CENTRE)


def _paint_tick(painter: QPainter, circle: QRectF, ink: QColor, width: float) -> None:
    points = [(0.3, 0.52), (0.44, 0.66), (0.7, 0.36)]
    line = QPolygonF(
        [QPointF(circle.left() + x * circle.width(), circle.top() + y * circle.height()) for x, y in points]
    )
    pen = QPen(ink, width)
    pen.setCapStyle(Qt.PenCapStyle.RoundCap)
    pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
    painter.setPen(pen)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawPolyline(line)


class StepRail(QWidget):
    """All steps below each other, and below them that one may stop."""

    picked = Signal(object)  # a Step
    stopped = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = DEFAULT_LOOK
        self.mark = MarkView(size=32, parent=self)
        self.name = ElidedLabel(PROGRAM, role="label", weight=SEMIBOLD, parent=self)
        self.rows: list[StepRow] = []
        self.stop_words = PlainLabel(wrap=True, colour="ink2", parent=self)
        self.stop = ActionButton(kind=ButtonKind.SECONDARY, key="F10", parent=self)
        self.stop.clicked.connect(self.stopped)

    def show_steps(self, steps: Sequence[StepShown]) -> None:
        """Show where somebody is."""
        while len(self.rows) > len(steps):
            gone = self.rows.pop()
            gone.hide()
            gone.deleteLater()
        while len(self.rows) < len(steps):
            row = StepRow(self)
            row.set_look(self._look)
            row.clicked.connect(lambda _=False, row=row: self._pick(row))
            row.show()
            self.rows.append(row)
        for row, shown in zip(self.rows, steps, strict=True):
            row.show_step(shown)
        self._arrange()

    def show_words(self, words: FrameWords) -> None:
        """Speak with another voice."""
        self.stop.set_words(words.leave.full, words.leave.short)
        self._stop_words = words.stop
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

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint the surface."""
        with painting(self) as painter:
            painter.fillRect(self.rect(), self._look.colour("surface"))

    def _pick(self, row: StepRow) -> None:
        shown = row.shown()
        if shown is not None and not shown.is_here:
            self.picked.emit(shown.step)

    def _arrange(self) -> None:
        px, compact = self._look.px, self._look.metrics.compact
        side = px(16 if compact else 28)
        wide = max(1, self.width() - 2 * side)
        mark, top = px(32), px(14 if compact else 28)
        self.mark.setGeometry(side, top, mark, mark)
        self.name.setGeometry(side + mark + px(10), top, max(1, wide - mark - px(10)), mark)
        top += mark + px(8 if compact else 26)
        foot = self.height() - px(12 if compact else 28)
        button = px(48)
        self.stop.setGeometry(side, foot - button, wide, button)
        bottom = foot - button - px(8)
        step = min(
            (self.rows[0].sizeHint().height() if self.rows else 0),
            max(px(48), (bottom - px(52) - top) // max(1, len(self.rows))),
        )
        for place, row in enumerate(self.rows):
            row.setGeometry(side, top + place * step, wide, step)
        end = top + len(self.rows) * step
        words = getattr(self, "_stop_words", None)
        if words is not None:
            self._place_stop_words(words.full, words.short, QRectF(side, end, wide, bottom - end))

    def _place_stop_words(self, full: str, short: str, room: QRectF) -> None:
        """Put the words above the button: all of them, the short form, or none."""
        wide = int(room.width())
        for words in (full, short):
            self.stop_words.set_text(words)
            high = self.stop_words.heightForWidth(wide)
            if high + self._look.px(8) <= room.height():
                break
        else:
            high = 0
        self.stop_words.setVisible(high > 0)
        self.stop_words.setGeometry(int(room.left()), int(room.bottom()) - high, wide, high)
