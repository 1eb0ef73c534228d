"""A chart with its table: T swaps them, arrows and pointer go through its places."""

from __future__ import annotations

import logging
from importlib import import_module
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QRect, Qt, Signal
from PySide6.QtGui import QAccessible, QFocusEvent, QMouseEvent, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QWidget

from cashier_app.ports.runner import Runner
from cashier_app.wording import Wording
from cashier_app.wording.day import DayButtons
from cashier_app.wording.day_parts import ChartWords
from ui.accessibility import announce
from ui.theme.look import DEFAULT_LOOK, Look
from ui.theme.painting import draw_focus_ring, painting
from ui.theme.typography import SEMIBOLD
from ui.widgets.button import ActionButton, ButtonKind
from ui.widgets.figures_table import FiguresTable
from ui.widgets.legend import Legend
from ui.widgets.panel import PanelKind, PlacedPanel
from ui.widgets.text import ElidedLabel, PlainLabel

if TYPE_CHECKING:
    from ui.widgets.day_plot import DayPlot

logger = logging.getLogger(__name__)

PLOT_MODULE = "ui.widgets.day_plot"
_RING_REASONS = frozenset(
    {Qt.FocusReason.TabFocusReason, Qt.FocusReason.BacktabFocusReason, Qt.FocusReason.ShortcutFocusReason}
)
_INSET = 6


class PlotArea(QWidget):
    """Where the chart is drawn; the frame around it stands before pyqtgraph is there."""

    marked = Signal(int)
    accessible_role = QAccessible.Role.Chart

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = DEFAULT_LOOK
        self._ring = False
        self._words: ChartWords | None = None
        self._wording: Wording | None = None
        self.place = -1
        self.plot: DayPlot | None = None
        self.empty = PlainLabel(role="label_small", colour="ink2", parent=self)
        self.empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setMouseTracking(True)

    def take(self, plot: DayPlot) -> None:
        """Draw with this from now on."""
        self.plot = plot
        plot.set_look(self._look)
        self._place()
        self._draw()
        plot.show()
        self.empty.raise_()

    def show_words(self, words: ChartWords, wording: Wording) -> None:
        """Draw other values."""
        if self._words is None or words.places != self._words.places:
            self.mark(-1)
        self._words, self._wording = words, wording
        self.setAccessibleName(words.spoken)
        self.setAccessibleDescription(". ".join(words.values))
        self.empty.set_text(words.empty)
        self.empty.setVisible(bool(words.empty))
        self._draw()

    def mark(self, place: int) -> None:
        """Mark a place; -1 for none."""
        if place != self.place:
            self.place = place
            if self.plot is not None:
                self.plot.mark(place)
            self.marked.emit(place)

    def move_mark(self, step: int) -> None:
        """Mark the place so many further on."""
        count = len(self._words.places) if self._words else 0
        if count:
            start = self.place if self.place >= 0 else (-1 if step > 0 else count)
            self.mark(min(max(start + step, 0), count - 1))

    def set_look(self, look: Look) -> None:
        """Take over new colours and measures."""
        self._look = look
        self.empty.set_look(look)
        if self.plot is not None:
            self.plot.set_look(look)
        self._place()

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Draw the ring where a key brought the focus."""
        self._ring = event.reason() in _RING_REASONS
        super().focusInEvent(event)
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Let ring and mark go."""
        self._ring = False
        super().focusOutEvent(event)
        self.mark(-1)
        self.update()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Mark what the pointer is over."""
        if self.plot is not None:
            self.mark(self.plot.place_at(event.position().x() - self.plot.x()))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Mark what the finger is on."""
        event.accept()
        self.mouseMoveEvent(event)

    def leaveEvent(self, event: QEvent) -> None:
        """Let the mark go."""
        super().leaveEvent(event)
        if not self.hasFocus():
            self.mark(-1)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Fit the chart to the new size."""
        super().resizeEvent(event)
        self._place()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint the ring."""
        if self._ring and self.hasFocus():
            with painting(self) as painter:
                draw_focus_ring(painter, self.rect(), self._look.metrics.radius_control, self._look)

    def _place(self) -> None:
        inset = self._look.px(_INSET)
        inside = self.rect().adjusted(inset, inset, -inset, -inset)
        if self.plot is not None:
            self.plot.setGeometry(inside)
            box = self.plot.plot_box().toRect().translated(inside.topLeft())
            inside = box
        self.empty.setGeometry(inside)

    def _draw(self) -> None:
        wording = self._wording
        if self.plot is not None and self._words is not None and wording is not None:
            self.plot.show_chart(self._words, wording.figures.count)
            self._place()


class DayChart(PlacedPanel):
    """One chart at a time of those there are, or its table."""

    swapped = Signal()
    accessible_role = QAccessible.Role.Grouping

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(PanelKind.PLAIN, parent=parent)
        self._charts: tuple[ChartWords, ...] = ()
        self._shown = 0
        self._as_table = self._loading = False
        self._buttons: DayButtons | None = None
        self.title = ElidedLabel(role="label_small", weight=SEMIBOLD, parent=self)
        self.legend = Legend(self)
        self.other = ActionButton(kind=ButtonKind.SECONDARY, key="H", parent=self)
        self.other.clicked.connect(self.show_other)
        self.swap = ActionButton(kind=ButtonKind.SECONDARY, key="T", parent=self)
        self.swap.clicked.connect(self.swap_table)
        self.area = PlotArea(self)
        self.area.marked.connect(self._say_marked)
        self.table = FiguresTable(self)
        self.table.hide()

    def load(self, runner: Runner) -> None:
        """Have pyqtgraph imported on a worker, then draw; nothing waits for it."""
        if self.area.plot is not None or self._loading:
            return
        self._loading = True

        def loaded(_: object) -> None:
            from ui.widgets.day_plot import DayPlot  # by now it is there

            self.area.take(DayPlot(self.area))

        def failed(error: BaseException) -> None:
            self._loading = False
            logger.error("charts cannot be drawn", exc_info=error)
            self.show_as_table()

        runner.run(lambda: import_module(PLOT_MODULE), loaded, failed)

    def show_buttons(self, words: DayButtons) -> None:
        """Label the buttons."""
        self._buttons = words
        self._show()

    def show_charts(self, charts: tuple[ChartWords, ...], wording: Wording) -> None:
        """Show other charts; the one on show stays where there is still one."""
        if len(charts) != len(self._charts):
            self._shown = 0
        self._charts, self._wording = charts, wording
        self._show()

    def chart(self) -> ChartWords | None:
        """Return the chart on show."""
        return self._charts[self._shown] if self._charts else None

    def show_other(self) -> None:
        """Show the next chart there is."""
        if len(self._charts) > 1:
            self._shown = (self._shown + 1) % len(self._charts)
            self._show()

    def swap_table(self) -> None:
        """Show the table in the chart's place, or the chart in the table's; the focus goes along."""
        focused = self.area.hasFocus() or self.table.view.hasFocus()
        self._as_table = not self._as_table
        self._show()
        self.swapped.emit()
        if focused:
            self.stop().setFocus(Qt.FocusReason.ShortcutFocusReason)

    def show_as_table(self) -> None:
        """Show the table."""
        if not self._as_table:
            self.swap_table()

    def shows_table(self) -> bool:
        """Return whether the table is on show."""
        return self._as_table

    def stop(self) -> QWidget:
        """Return what the arrows go through."""
        return self.table.view if self._as_table else self.area

    def move_mark(self, step: int) -> None:
        """Mark what is so many further on."""
        if self._as_table:
            self.table.move_row(step)
        else:
            self.area.move_mark(step)

    def needed_height(self) -> int:
        """Return the height at which the table does not scroll, px."""
        return self.table.needed_height() + self.look.px(10 + 48 + 6)

    def _show(self) -> None:
        words, buttons = self.chart(), self._buttons
        if words is None or buttons is None:
            return
        self.setAccessibleName(words.title.full)
        self.title.set_text(words.title.full, words.title.short)
        self.legend.show_series(words.series)
        self.area.show_words(words, self._wording)
        if self._as_table:
            self.table.show_words(words.table)
        self.area.setVisible(not self._as_table)
        self.legend.setVisible(not self._as_table)
        self.table.setVisible(self._as_table)
        swap = buttons.chart if self._as_table else buttons.table
        self.swap.set_words(swap.full, swap.short)
        other = buttons.by_hour if self._shown == 0 else buttons.by_day
        self.other.set_words(other.full, other.short)
        self.other.setVisible(len(self._charts) > 1)
        self._place()

    def _say_marked(self, place: int) -> None:
        words = self.chart()
        said = words.values[place] if words is not None and 0 <= place < len(words.values) else ""
        self.legend.say(said)
        if self.area.hasFocus():
            announce(self.area, said)

    def _place(self) -> None:
        px = self.look.px
        side, top, high = self.look.metrics.panel_padding, px(10), px(48)
        right = self.width() - px(18)
        for button in (self.swap, self.other):
            if button.isHidden():
                continue
            width = max(px(112), button.sizeHint().width())
            right -= width
            button.setGeometry(right, top, width, high)
            right -= px(8)
        title = min(self.title.sizeHint().width(), max(1, right - side))
        self.title.setGeometry(side, top, title, high)
        left = side + title + px(16)
        self.legend.setGeometry(left, top, max(1, right - px(8) - left), high)
        body = QRect(
            side - px(8), top + high, self.width() - 2 * (side - px(8)), self.height() - top - high - px(6)
        )
        self.area.setGeometry(body)
        self.table.setGeometry(body)
