"""The overview of the day: figures, chart, who and where, health; one scroll where there is little room."""

from __future__ import annotations

from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QScrollArea, QWidget

from ui.theme.look import DEFAULT_LOOK, Look, spread_look
from ui.widgets.day_buttons import DayActions
from ui.widgets.day_chart import DayChart
from ui.widgets.figure_strip import FigureStrip
from ui.widgets.health_box import HealthBox
from ui.widgets.split_card import SplitCard

_LEFT = 0.634  # of the width, as far as the chart goes
_LEAST_CHART, _COMPACT_CHART, _COMPACT_TABLE = 216, 300, 440
_MOST_ROWS = 6


class DayOverview(QScrollArea):
    """Everything that is seen at first."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = DEFAULT_LOOK
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.body = QWidget()
        self.body.setProperty("scrolled", True)
        # In the order in which Tab visits them.
        self.strip = FigureStrip(self.body)
        self.chart = DayChart(self.body)
        self.parts = SplitCard(self.body)
        self.health = HealthBox(self.body)
        self.buttons = DayActions(self.body)
        self.chart.swapped.connect(self.arrange)
        self.setWidget(self.body)
        self.viewport().setAutoFillBackground(False)
        self.body.setAutoFillBackground(False)

    def set_look(self, look: Look) -> None:
        """Take over new colours and measures."""
        self._look = look
        spread_look(self.body, look)
        self.arrange()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Arrange everything anew."""
        super().resizeEvent(event)
        self.arrange()

    def show_stop(self, stop: QWidget | None) -> None:
        """Bring what has the focus into sight."""
        if stop is not None and self.body.isAncestorOf(stop):
            self.ensureWidgetVisible(stop, 0, self._look.px(16))

    def arrange(self) -> None:
        """Put everything in its place."""
        if self._look.metrics.compact:
            self._arrange_in_one()
        else:
            self._arrange_side_by_side()

    def _arrange_side_by_side(self) -> None:
        px, gap = self._look.px, self._look.metrics.panel_gap
        width, high = self.width(), self.height()
        self.body.resize(width, high)
        self.strip.setGeometry(0, 0, width, self.strip.high())
        top = self.strip.high() + gap
        left = round(width * _LEFT)
        room = high - top
        table = min(self.parts.needed_height(_MOST_ROWS), room - gap - px(_LEAST_CHART))
        chart = room - gap - table
        # A table wants more room than a chart: it has the whole column.
        as_table = self.chart.shows_table()
        self.parts.setVisible(not as_table)
        if as_table:
            chart = room
        self.chart.setGeometry(0, top, left, chart)
        self.parts.setGeometry(0, top + chart + gap, left, table)
        right = QRect(left + gap, top, width - left - gap, room)
        button = self.buttons.high(right.width())
        self.health.setGeometry(right.left(), right.top(), right.width(), room - gap - button)
        self.buttons.setGeometry(right.left(), top + room - button, right.width(), button)

    def _arrange_in_one(self) -> None:
        px, gap = self._look.px, self._look.metrics.panel_gap
        width = self.width() - self.verticalScrollBar().sizeHint().width() - px(4)
        self.parts.show()
        chart = px(_COMPACT_CHART)
        if self.chart.shows_table():
            chart = max(chart, min(px(_COMPACT_TABLE), self.chart.needed_height()))
        top = 0
        heights = (
            (self.strip, self.strip.high()),
            (self.buttons, self.buttons.high(width)),
            (self.chart, chart),
            (self.parts, self.parts.needed_height(_MOST_ROWS)),
            (self.health, self.health.needed_height(width)),
        )
        for part, high in heights:
            part.setGeometry(0, top, width, high)
            top += high + gap
        self.body.resize(width, top - gap)
