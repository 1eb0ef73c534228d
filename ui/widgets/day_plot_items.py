"""What charts are drawn with: bars, short lines, lines, and the ground below them. See `day_plot`."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import lru_cache
from math import isnan

import pyqtgraph
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QBrush, QColor, QPainter, QPainterPath, QPen, QPixmap

from cashier_app.wording.day_parts import Drawn, Series
from ui.theme.look import DEFAULT_LOOK, Look
from ui.theme.painting import device_ratio, device_width, snapped

PARTS = 4  # between hairlines
_BAR = 0.56  # of the room of one hour
_MARK = 0.74
_HATCH = 6
_DOTS_UP_TO = 31
_THINNER_FROM = 100


class Bars(pyqtgraph.BarGraphItem):  # type: ignore[misc]
    """Bars on whole device pixels, filled or hatched, rounded where nothing stands on them."""

    def __init__(self, heights: Sequence[float], below: Sequence[float], *, hatched: bool) -> None:
        self.hatched, self._look = hatched, DEFAULT_LOOK
        self.rounded: frozenset[int] = frozenset()
        places = list(range(len(heights)))
        super().__init__(x=places, y0=list(below), height=list(heights), width=_BAR, pen=None, brush=None)

    def values(self) -> list[float]:
        """Return the heights as they are drawn."""
        return list(self.opts["height"])

    def set_look(self, look: Look) -> None:
        """Take over new colours and measures."""
        self._look = look
        self.update()

    def paint(self, painter: QPainter, *_: object) -> None:
        """Paint the bars."""
        boxes = _boxes(painter, self.opts["x"], self.opts["y0"], self.opts["height"])
        with in_pixels(painter):
            for place, box in boxes:
                self._paint_bar(painter, snapped(painter, box), rounded=place in self.rounded)

    def _paint_bar(self, painter: QPainter, box: QRectF, *, rounded: bool) -> None:
        look = self._look
        outline = _bar_outline(box, look.px(4) if rounded else 0)
        if not self.hatched:
            painter.fillPath(outline, look.colour("accent"))
            return
        painter.fillPath(outline, look.colour("surface"))
        painter.fillPath(outline, _hatch(look.theme.colour("edge"), look.px(_HATCH), device_ratio(painter)))
        line = device_width(painter, 1)
        ring = QPainterPath(outline)
        inner = box.adjusted(line, line, -line, 0 if box.height() <= line else -line)
        ring.addPath(_bar_outline(inner, max(0.0, look.px(4) - line) if rounded else 0))
        ring.setFillRule(Qt.FillRule.OddEvenFill)
        painter.fillPath(ring, look.colour("edge"))


class ShortLines(pyqtgraph.BarGraphItem):  # type: ignore[misc]
    """A short line across each place, for the value compared with."""

    def __init__(self, values: Sequence[float | None]) -> None:
        self._look = DEFAULT_LOOK
        self._values = list(values)
        known = [(place, value) for place, value in enumerate(values) if value is not None]
        places, heights = [place for place, _ in known], [value for _, value in known]
        super().__init__(x=places, y0=0, height=heights, width=_MARK, pen=None, brush=None)

    def values(self) -> list[float | None]:
        """Return what is drawn at each place."""
        drawn = dict(zip(self.opts["x"], self.opts["height"], strict=True))
        return [drawn.get(place) for place in range(len(self._values))]

    def set_look(self, look: Look) -> None:
        """Take over new colours and measures."""
        self._look = look
        self.update()

    def paint(self, painter: QPainter, *_more: object) -> None:
        """Paint the lines, each with a rim of the ground so that it is seen on any bar."""
        heights = self.opts["height"]
        boxes = _boxes(painter, self.opts["x"], [0.0] * len(heights), heights, width=_MARK)
        high, rim = self._look.px(2), device_width(painter, 1)
        with in_pixels(painter):
            for _, box in boxes:
                mark = snapped(painter, QRectF(box.left(), box.top() - high / 2, box.width(), high))
                around = mark.adjusted(-rim, -rim, rim, rim)
                _fill(painter, around, self._look.colour("surface"))
                _fill(painter, mark, self._look.colour("ink"))


class Line(pyqtgraph.PlotDataItem):  # type: ignore[misc]
    """A line over days; dots where there are few of them. It breaks off where nothing is known."""

    def __init__(self, series: Series) -> None:
        self.drawn = series.drawn
        self._values = series.values
        gap = float("nan")
        super().__init__(
            x=list(range(len(series.values))),
            y=[gap if value is None else float(value) for value in series.values],
            connect="finite",
            antialias=True,
        )

    def values(self) -> list[float | None]:
        """Return what is drawn at each place."""
        known = [] if self.yData is None else [None if isnan(value) else value for value in self.yData]
        return known or [None] * len(self._values)

    def set_look(self, look: Look) -> None:
        """Take over new colours and measures."""
        token = {Drawn.THICK_LINE: "accent", Drawn.THIN_LINE: "ink", Drawn.DASHED_LINE: "ink3"}[self.drawn]
        colour = look.colour(token)
        width = {Drawn.THICK_LINE: 3.0, Drawn.THIN_LINE: 2.0, Drawn.DASHED_LINE: 1.5}[self.drawn]
        if len(self._values) > _THINNER_FROM:
            width -= 0.75  # lines this close would run into each other
            # As one path, a year of days takes Qt five times as long to paint.
            self.curve.setSegmentedLineMode("on")
        pen = QPen(colour, look.metrics.factor * width)
        pen.setCosmetic(True)
        pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
        if self.drawn is Drawn.DASHED_LINE:
            pen.setDashPattern([4, 3])
        self.setPen(pen)
        few = sum(value is not None for value in self._values) <= _DOTS_UP_TO
        if few and self.drawn is not Drawn.DASHED_LINE:
            self.setSymbol("o")
            self.setSymbolSize(look.px(8 if self.drawn is Drawn.THICK_LINE else 6))
            self.setSymbolPen(pyqtgraph.mkPen(look.colour("surface"), width=look.metrics.factor))
            self.setSymbolBrush(QBrush(colour))


class Ground(pyqtgraph.GraphicsObject):  # type: ignore[misc]
    """The hairlines, and a band behind the place that is marked."""

    def __init__(self) -> None:
        super().__init__()
        self._look = DEFAULT_LOOK
        self._places, self._step = 0, 1
        self._marked = -1

    def set_scale(self, places: int, step: int) -> None:
        """Draw for so many places and four parts of this height."""
        self.prepareGeometryChange()
        self._places, self._step = places, step
        self.update()

    def mark(self, place: int) -> None:
        """Put the band behind a place; -1 for none."""
        self._marked = place
        self.update()

    def set_look(self, look: Look) -> None:
        """Take over new colours and measures."""
        self._look = look
        self.update()

    def boundingRect(self) -> QRectF:  # noqa: N802 - Qt override
        """Return what is painted, in the chart's own coordinates."""
        return QRectF(-0.5, 0, max(1, self._places), self._step * PARTS)

    def paint(self, painter: QPainter, *_: object) -> None:
        """Paint band and hairlines."""
        whole = painter.transform().mapRect(self.boundingRect())
        with in_pixels(painter):
            if self._marked >= 0:
                width = whole.width() / max(1, self._places)
                band = QRectF(whole.left() + self._marked * width, whole.top(), width, whole.height())
                _fill(painter, snapped(painter, band), self._look.colour("sunken"))
            line = device_width(painter, 1)
            for part in range(PARTS + 1):
                y = whole.bottom() - whole.height() * part / PARTS
                # The view cuts off what lies outside: the uppermost line is drawn just inside.
                top = y if part == PARTS else y - line
                place = snapped(painter, QRectF(whole.left(), top, whole.width(), line))
                place.setHeight(line)
                _fill(painter, place, self._look.colour("edge" if part == 0 else "line"))


@contextmanager
def in_pixels(painter: QPainter) -> Iterator[None]:
    """Paint in logical px of the view instead of the chart's own coordinates."""
    painter.save()
    painter.resetTransform()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    try:
        yield
    finally:
        painter.restore()


def _boxes(
    painter: QPainter,
    places: Sequence[int],
    below: Sequence[float],
    heights: Sequence[float],
    width: float = _BAR,
) -> list[tuple[int, QRectF]]:
    """Return the place and the box, in px, of each bar that is not nothing."""
    to_px = painter.transform()
    found = []
    for place, bottom, height in zip(places, below, heights, strict=True):
        first = to_px.map(QPointF(place - width / 2, bottom + height))
        last = to_px.map(QPointF(place + width / 2, bottom))
        if height or width == _MARK:
            found.append((place, QRectF(first, last).normalized()))
    return found


def _bar_outline(box: QRectF, radius: float) -> QPainterPath:
    """Return a bar whose two upper corners are rounded."""
    path = QPainterPath()
    radius = max(0.0, min(radius, box.width() / 2, box.height()))
    if not radius:
        path.addRect(box)
        return path
    across = 2 * radius
    path.moveTo(box.bottomLeft())
    path.lineTo(box.left(), box.top() + radius)
    path.arcTo(QRectF(box.left(), box.top(), across, across), 180, -90)
    path.arcTo(QRectF(box.right() - across, box.top(), across, across), 90, -90)
    path.lineTo(box.bottomRight())
    path.closeSubpath()
    return path


def _fill(painter: QPainter, box: QRectF, colour: QColor) -> None:
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(colour)
    painter.drawRect(box)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)


def _hatch(colour: str, step: int, ratio: float) -> QBrush:
    return QBrush(_hatch_tile(colour, max(3, round(step * ratio)), ratio))


@lru_cache(maxsize=8)
def _hatch_tile(colour: str, side: int, ratio: float) -> QPixmap:
    """Return one tile of thin diagonals, in device pixels; it repeats without a seam."""
    tile = QPixmap(side, side)
    tile.setDevicePixelRatio(ratio)
    tile.fill(Qt.GlobalColor.transparent)
    painter = QPainter(tile)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.scale(1 / ratio, 1 / ratio)
    painter.setPen(QPen(QColor(colour), max(1.0, ratio)))
    for shift in (-side, 0, side):
        painter.drawLine(QPointF(shift - 1, side + 1), QPointF(shift + side + 1, -1))
    painter.end()
    return tile
