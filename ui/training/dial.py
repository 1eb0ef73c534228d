"""A slider with its name at the left and its value in words at the right; by keys, pointer and touch."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFocusEvent, QMouseEvent, QPainter, QPaintEvent, QResizeEvent, QWheelEvent
from PySide6.QtWidgets import QSlider, QWidget

from cashier_app.wording.free_play import DialWords
from ui.theme.look import DEFAULT_LOOK, Look
from ui.theme.painting import RIGHT, draw_focus_ring, draw_frame, painting
from ui.theme.typography import MEDIUM, SEMIBOLD
from ui.widgets.text import ElidedLabel

_TRACK, _HANDLE, _SIDE = 6, 24, 6
_NAMES, _VALUES = 0.28, 0.26
_PAGE = 5  # arrows
_RING_REASONS = frozenset(
    {Qt.FocusReason.TabFocusReason, Qt.FocusReason.BacktabFocusReason, Qt.FocusReason.ShortcutFocusReason}
)


class _Slider(QSlider):
    """Qt's slider without its face; a press goes straight to where it is, a wheel is not an accident."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(Qt.Orientation.Horizontal, parent)
        self.look = DEFAULT_LOOK
        self._ring = False
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setLayoutDirection(Qt.LayoutDirection.LeftToRight)

    def wheelEvent(self, event: QWheelEvent) -> None:
        event.ignore()

    def focusInEvent(self, event: QFocusEvent) -> None:
        self._ring = event.reason() in _RING_REASONS
        super().focusInEvent(event)
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        self._ring = False
        super().focusOutEvent(event)
        self.update()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() is Qt.MouseButton.LeftButton:
            self.setSliderDown(True)
            self._go_to(event.position().x())

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self.isSliderDown():
            self._go_to(event.position().x())

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self.setSliderDown(False)
        event.accept()

    def paintEvent(self, _event: QPaintEvent) -> None:
        look = self.look
        with painting(self) as painter:
            if self._ring and self.hasFocus():
                draw_focus_ring(painter, self.rect(), look.metrics.radius_control, look)
            self._paint_track(painter)
            middle, side = self._at(self.value()), look.px(_HANDLE)
            handle = QRectF(middle - side / 2, (self.height() - side) / 2, side, side)
            fill = "key_press" if self.isSliderDown() else "key"
            edge = "train" if self.value() != self._rest() else "edge"
            draw_frame(
                painter, handle, side / 2, fill=look.colour(fill), edge=look.colour(edge), width=look.px(2)
            )

    def _paint_track(self, painter: QPainter) -> None:
        look, high = self.look, self.look.px(_TRACK)
        top = (self.height() - high) / 2
        left, right = self._at(self.minimum()), self._at(self.maximum())
        draw_frame(
            painter,
            QRectF(left, top, right - left, high),
            high / 2,
            fill=look.colour("bar_bg"),
            edge=look.colour("edge"),
        )
        start, end = sorted((self._at(self._rest()), self._at(self.value())))
        if end > start:
            draw_frame(painter, QRectF(start, top, end - start, high), high / 2, fill=look.colour("train"))

    def _rest(self) -> int:
        """Return the value at which all is well."""
        return max(self.minimum(), 0)

    def _at(self, value: int) -> float:
        side = self.look.px(_HANDLE / 2 + _SIDE)
        span = max(1, self.maximum() - self.minimum())
        return side + (self.width() - 2 * side) * (value - self.minimum()) / span

    def _go_to(self, x: float) -> None:
        side = self.look.px(_HANDLE / 2 + _SIDE)
        share = (x - side) / max(1, self.width() - 2 * side)
        steps = round(share * (self.maximum() - self.minimum()) / self.singleStep())
        self.setValue(self.minimum() + steps * self.singleStep())


class DialRow(QWidget):
    """One slider with its words.

    Arrows change it by a step, Page by five, Home and End go to its ends; `moved` carries the value.
    """

    moved = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = DEFAULT_LOOK
        self._showing = False
        self.name = ElidedLabel(role="body", weight=MEDIUM, parent=self)
        self.slider = _Slider(self)
        self.slider.valueChanged.connect(self._moved)
        self.value = ElidedLabel(role="body", weight=SEMIBOLD, align=RIGHT, parent=self)
        self.setFocusProxy(self.slider)

    def show_words(self, words: DialWords, value: int) -> None:
        """Show what is set, without telling anybody."""
        self._showing = True
        self.slider.setRange(words.least, words.most)
        self.slider.setSingleStep(words.step)
        self.slider.setPageStep(words.step * _PAGE)
        self.slider.setValue(value)
        self._showing = False
        self.name.set_text(words.label.full, words.label.short)
        self.value.set_text(words.value)
        self.value.set_colour("ink2" if value == max(words.least, 0) else "train_text")
        self.slider.setAccessibleName(words.spoken)
        self.slider.setAccessibleDescription(words.value)

    def set_look(self, look: Look) -> None:
        """Take over new colours and measures."""
        self._look = self.slider.look = look
        self.name.set_look(look)
        self.value.set_look(look)
        self._arrange()
        self.slider.update()

    def handle_at(self, value: int) -> QPointF:
        """Return where the handle stands for a value, px within the slider."""
        return QPointF(self.slider._at(value), self.slider.height() / 2)  # noqa: SLF001 - its own part

    def sizeHint(self) -> QSize:
        """Return the wanted size, px."""
        return QSize(self._look.px(500), self._look.px(48))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Arrange everything anew."""
        super().resizeEvent(event)
        self._arrange()

    def _arrange(self) -> None:
        width, high = self.width(), self.height()
        names, values = round(width * _NAMES), round(width * _VALUES)
        self.name.setGeometry(QRect(0, 0, names, high))
        self.slider.setGeometry(QRect(names, 0, width - names - values, high))
        self.value.setGeometry(QRect(width - values, 0, values, high))

    def _moved(self, value: int) -> None:
        if not self._showing:
            self.moved.emit(value)
