"""Bars: how far to the next tier, and how long until the screen clears."""

from PySide6.QtCore import QRectF, QSize
from PySide6.QtGui import QHideEvent, QPaintEvent
from PySide6.QtWidgets import QProgressBar, QSizePolicy, QWidget

from ui.theme.look import DEFAULT_LOOK, Look
from ui.theme.painting import draw_frame, painting, snapped

_STEPS = 1000


class ProgressBar(QProgressBar):
    """A bar 8 px high at 1x with an optional mark, such as the best of the month."""

    def __init__(self, spoken: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = DEFAULT_LOOK
        self._fraction = 0.0
        self._mark: float | None = None
        self.setRange(0, _STEPS)
        self.setTextVisible(False)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(spoken)

    def fraction(self) -> float:
        """Return how much is filled, 0 to 1."""
        return self._fraction

    def set_fraction(self, fraction: float, *, mark: float | None = None, spoken: str = "") -> None:
        """Fill the bar to a fraction, 0 to 1, and put a mark at another; `spoken` is the accessible name."""
        self._fraction = min(max(fraction, 0.0), 1.0)
        self._mark = mark
        self.setValue(round(self._fraction * _STEPS))
        if spoken:
            self.setAccessibleName(spoken)
        self.update()

    def set_look(self, look: Look) -> None:
        """Take over new colours and measures."""
        self._look = look
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        """Return the wanted size, px."""
        return QSize(self._look.px(120), self._look.px(16))

    def minimumSizeHint(self) -> QSize:
        """Return the least size, px."""
        return QSize(self._look.px(24), self._look.px(8))

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint the whole widget."""
        look = self._look
        high = look.px(8)
        bar = QRectF(0, (self.height() - high) / 2, self.width(), high)
        with painting(self) as painter:
            draw_frame(painter, bar, high / 2, fill=look.colour("bar_bg"))
            if self._fraction > 0:
                filled = QRectF(bar)
                filled.setWidth(max(float(high), bar.width() * self._fraction))
                draw_frame(painter, filled, high / 2, fill=look.colour("accent"))
            if self._mark is not None:
                width = look.px(2)
                x = min(max(self._mark, 0.0), 1.0) * (bar.width() - width)
                line = QRectF(x, bar.center().y() - look.px(8), width, look.px(16))
                painter.fillRect(snapped(painter, line), look.colour("ink"))


class TimerBar(QWidget):
    """A bar 4 px high at 1x that runs empty; it says nothing to screen readers.

    Args:
        fill: The token of what is left.
        track: The token of the whole.
        parent: The owning widget.
    """

    def __init__(
        self, *, fill: str = "on_done", track: str = "accent_hover", parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._look = DEFAULT_LOOK
        self._fill = fill
        self._track = track
        self._left = 1.0
        from PySide6.QtCore import QVariantAnimation  # the first frame has no timer

        # Kept, or it would be collected while it runs.
        self._animation = QVariantAnimation(self)
        self._animation.valueChanged.connect(self._take_value)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def fraction(self) -> float:
        """Return how much time is left, 1 to 0."""
        return self._left

    def set_fraction(self, left: float) -> None:
        """Stand still at a fraction, 1 to 0."""
        self._animation.stop()
        self._take_value(left)

    def start(self, duration_ms: int) -> None:
        """Run from full to empty; 0 ms is empty at once."""
        self._animation.stop()
        if duration_ms <= 0:
            self._take_value(0.0)
            return
        self._animation.setDuration(duration_ms)
        self._animation.setStartValue(1.0)
        self._animation.setEndValue(0.0)
        self._animation.start()

    def stop(self) -> None:
        """Stand still where it is."""
        self._animation.stop()

    def set_colours(self, fill: str, track: str) -> None:
        """Paint in the colours of other tokens."""
        self._fill, self._track = fill, track
        self.update()

    def set_look(self, look: Look) -> None:
        """Take over new colours and measures."""
        self._look = look
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        """Return the wanted size, px."""
        return QSize(self._look.px(120), self._look.px(4))

    def minimumSizeHint(self) -> QSize:
        """Return the least size, px."""
        return QSize(self._look.px(24), self._look.px(4))

    def hideEvent(self, event: QHideEvent) -> None:
        """Stop what runs."""
        self._animation.stop()
        super().hideEvent(event)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint the whole widget."""
        bar = QRectF(self.rect())
        with painting(self) as painter:
            draw_frame(painter, bar, bar.height() / 2, fill=self._look.colour(self._track))
            bar.setWidth(bar.width() * self._left)
            if bar.width() >= 1:
                draw_frame(painter, bar, bar.height() / 2, fill=self._look.colour(self._fill))

    def _take_value(self, left: object) -> None:
        if isinstance(left, float):
            self._left = min(max(left, 0.0), 1.0)
            self.update()
