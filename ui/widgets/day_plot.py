"""The picture of a chart, drawn by pyqtgraph: bars by the hour, lines over days. Imported when first shown.

Importing pyqtgraph takes a fifth of a second, so only `DayChart` imports this, on a worker. Of pyqtgraph we
take the view, its coordinates and the items; how they look is ours: whole device pixels, the till's tokens
and its fonts, no OpenGL, no menu of its own, no zoom.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pyqtgraph
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QWidget

from cashier_app.wording.day_parts import ChartWords, Drawn, Series
from ui.theme.look import DEFAULT_LOOK, Look
from ui.theme.painting import CENTRE, RIGHT, draw_line, text_width
from ui.widgets.day_plot_items import PARTS, Bars, Ground, Line, ShortLines, in_pixels

# Its clean-up at the end of the program takes views apart that Qt has ended already.
pyqtgraph.setConfigOptions(useOpenGL=False, antialias=True, exitCleanup=False)

_LEAST_LABEL_GAP = 10  # px at 1x, between two labels below
_LABEL_HEIGHT = 30
_SIDE_GAP = 10
_TOP = 10
_STEPS = (1, 2, 4, 5)
_MEASURED = 24
_STACKED = (Drawn.SOLID, Drawn.HATCHED)
_LINES = (Drawn.DASHED_LINE, Drawn.THIN_LINE, Drawn.THICK_LINE)  # what is drawn later lies on top

Number = Callable[[int], str]
"""Writes what stands beside a hairline."""


def nice_step(largest: float) -> int:
    """Return the height of one of four parts that hold the largest value: 1, 2, 4 or 5 and noughts."""
    power = 1
    while True:
        for step in _STEPS:
            if step * power * PARTS >= largest:
                return step * power
        power *= 10


class DayPlot(pyqtgraph.GraphicsView):  # type: ignore[misc]
    """One chart. The mouse goes through it to what lies below; so does the focus."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent, useOpenGL=False, background=None)
        self._look = DEFAULT_LOOK
        self._words: ChartWords | None = None
        self._step = 1
        self._number: Number = str
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setAntialiasing(True)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.viewport().setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setLayoutDirection(Qt.LayoutDirection.LeftToRight)  # hours go the way figures do
        self.box = pyqtgraph.ViewBox(enableMenu=False, enableMouse=False, defaultPadding=0)
        self.box.disableAutoRange()
        self.scene().addItem(self.box)
        self.ground = Ground()
        self.box.addItem(self.ground)
        self.items_shown: list[Bars | ShortLines | Line] = []

    def show_chart(self, words: ChartWords, number: Number) -> None:
        """Draw a chart; `number` writes what stands beside the hairlines."""
        if words == self._words:
            return
        self._words, self._number = words, number
        for item in self.items_shown:
            self.box.removeItem(item)
        self.items_shown = _items(words.series)
        for item in self.items_shown:
            item.set_look(self._look)
            self.box.addItem(item)
        self._step = nice_step(_largest(words.series))
        self.ground.set_scale(len(words.places), self._step)
        self.mark(-1)
        self._arrange()

    def mark(self, place: int) -> None:
        """Put a band behind a place; -1 for none."""
        self.ground.mark(place)
        self.viewport().update()

    def place_at(self, x: float) -> int:
        """Return the place at a px from the left, or -1."""
        inside = self.plot_box()
        count = len(self._words.places) if self._words else 0
        if not count or not inside.left() <= x < inside.right():
            return -1
        return min(count - 1, int((x - inside.left()) * count / inside.width()))

    def plot_box(self) -> QRectF:
        """Return where bars and lines are, px."""
        px = self._look.px
        left = self._numbers_width() + px(_SIDE_GAP)
        return QRectF(
            left, px(_TOP), max(1.0, self.width() - left), max(1.0, self.height() - px(_TOP + _LABEL_HEIGHT))
        )

    def set_look(self, look: Look) -> None:
        """Take over new colours and measures."""
        self._look = look
        self.setBackgroundBrush(look.colour("surface"))
        for item in (self.ground, *self.items_shown):
            item.set_look(look)
        self._arrange()

    def resizeEvent(self, event: Any) -> None:  # noqa: ANN401 - pyqtgraph calls it with None
        """Arrange everything anew."""
        super().resizeEvent(event)
        if "items_shown" in self.__dict__:
            self._arrange()

    def drawForeground(self, painter: QPainter, _rect: object) -> None:  # noqa: N802 - Qt override
        """Write numbers and places; below, as many as have room."""
        words, look = self._words, self._look
        if words is None:
            return
        box, font, ink = self.plot_box(), look.font("body"), look.colour("ink2")
        high = look.px(24)
        with in_pixels(painter):
            for part in range(PARTS + 1):
                y = box.bottom() - box.height() * part / PARTS
                beside = QRectF(0, y - high / 2, box.left() - look.px(_SIDE_GAP), high)
                draw_line(painter, beside, self._number(part * self._step), font, ink, RIGHT)
            for place, middle in self.labelled_places():
                name = words.places[place]
                width = text_width(name, font)
                left = min(max(middle - width / 2, 0.0), self.width() - width)
                where = QRectF(left, box.bottom() + look.px(4), width, high)
                draw_line(painter, where, name, font, ink, CENTRE)

    def labelled_places(self) -> list[tuple[int, float]]:
        """Return the places whose names are written and the middle of each, px: none lies on another."""
        words, box = self._words, self.plot_box()
        if words is None or not words.places:
            return []
        font, count = self._look.font("body"), len(words.places)
        room = box.width() / count
        # The longest few: measuring each day of a year would hold up a sale.
        longest = sorted(words.places, key=len)[-_MEASURED:]
        widest = max(text_width(name, font) for name in longest) + self._look.px(_LEAST_LABEL_GAP)
        named = [place for place, name in enumerate(words.places) if name]
        every = max(1, -(-int(widest * len(named)) // max(1, int(box.width()))))
        return [(place, box.left() + (place + 0.5) * room) for place in named[::every]]

    def _numbers_width(self) -> float:
        font = self._look.font("body")
        return max(text_width(self._number(part * self._step), font) for part in range(PARTS + 1))

    def _arrange(self) -> None:
        self.box.setGeometry(self.plot_box())
        places = len(self._words.places) if self._words else 1
        self.box.setRange(xRange=(-0.5, max(places, 1) - 0.5), yRange=(0, self._step * PARTS), padding=0)
        self.viewport().update()


def _items(series: tuple[Series, ...]) -> list[Bars | ShortLines | Line]:
    stacked = [one for one in series if one.drawn in _STACKED]
    made: list[Bars | ShortLines | Line] = []
    below = [0.0] * max((len(one.values) for one in stacked), default=0)
    tops = [
        max((at for at, one in enumerate(stacked) if one.values[place]), default=-1)
        for place in range(len(below))
    ]
    for at, one in enumerate(stacked):
        heights = [float(value or 0) for value in one.values]
        bars = Bars(heights, below, hatched=one.drawn is Drawn.HATCHED)
        bars.rounded = frozenset(place for place, top in enumerate(tops) if top == at)
        below = [under + height for under, height in zip(below, heights, strict=True)]
        made.append(bars)
    made += [Line(one) for drawn in _LINES for one in series if one.drawn is drawn]
    made += [ShortLines(one.values) for one in series if one.drawn is Drawn.SHORT_LINE]
    return made


def _largest(series: tuple[Series, ...]) -> float:
    stacked = [[value or 0 for value in one.values] for one in series if one.drawn in _STACKED]
    tops = [sum(values) for values in zip(*stacked, strict=True)]
    others = [value or 0 for one in series if one.drawn not in _STACKED for value in one.values]
    return max((*tops, *others), default=0)
