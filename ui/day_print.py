"""The day view on paper: figures, charts and tables in black and green on white, page by page."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise

from msgspec import Struct
from msgspec.structs import replace
from PySide6.QtCore import QBuffer, QMarginsF, QPoint, QRect, QRectF, QSizeF
from PySide6.QtGui import (
    QImage,
    QPagedPaintDevice,
    QPageLayout,
    QPageSize,
    QPainter,
    QPdfWriter,
    QRegion,
)
from PySide6.QtWidgets import QWidget

from cashier_app.wording import Wording
from cashier_app.wording.day_page import DayWords
from cashier_app.wording.day_parts import ChartWords, FigureTile, TableWords
from cashier_app.wording.day_print import PrintWords
from ui.theme.look import Look
from ui.theme.metrics import Metrics
from ui.theme.painting import CENTRE, LEFT, RIGHT, draw_line
from ui.theme.tokens import LIGHT
from ui.theme.typography import MEDIUM, REGULAR, SEMIBOLD, font
from ui.widgets.figures_columns import fitting_columns
from ui.widgets.legend import Legend

DOTS_PER_INCH = 600
_PX_PER_INCH = 96
_MARGIN_MM = 14
_CHART_HIGH, _CHART_RATIO = 230, 4
_HEAD, _FOOT = 76, 28
_TITLE, _ROW, _GAP = 30, 22, 16
_TEXT, _FIGURE, _LARGE = 12, 20, 22
_ARROWS = {"arrow-up": "\N{UPWARDS ARROW}", "arrow-down": "\N{DOWNWARDS ARROW}"}


class _Block(Struct, frozen=True):
    """A piece of the print that is never torn, as high as it says, px; `with_next` follows on its page."""

    high: float
    table: TableWords | None = None
    row: int = -1
    chart: ChartWords | None = None
    tiles: tuple[FigureTile, ...] = ()
    title: str = ""
    with_next: float = 0

    @property
    def is_gap(self) -> bool:
        """Return whether nothing stands here."""
        return self.table is None and self.chart is None and not self.tiles and not self.title


class DayPrint:
    """One report laid out for paper. Made on the thread of the widgets: charts are drawn at once.

    Args:
        room: Within the margins, px.
    """

    def __init__(self, words: DayWords, told: PrintWords, wording: Wording, room: QSizeF) -> None:
        self._words, self._told = words, told
        self._width, self._high = room.width(), room.height()
        self._look = Look(LIGHT, Metrics.of(1280, 800))
        self._pictures = {
            chart.title.full: _chart_pictures(chart, wording, round(self._width), self._look)
            for chart in words.charts
        }

    def pages(self) -> list[list[_Block]]:
        """Return what stands on each page; heads of tables are said again on each."""
        room = self._high - _HEAD - _FOOT
        pages: list[list[_Block]] = [[]]
        left = room
        for block in self._blocks():
            if block.high + block.with_next > left and pages[-1]:
                if block.is_gap:
                    continue  # white at the foot is no reason for a page
                pages.append([])
                left = room
                if block.table is not None and block.row > 0:
                    again = self._table_head(block.table)
                    pages[-1].append(again)
                    left -= again.high
            if pages[-1] or not block.is_gap:
                pages[-1].append(block)
                left -= block.high
        return pages

    def paint(self, painter: QPainter, blocks: Sequence[_Block], page: int, of: int) -> None:
        """Paint one page."""
        self._paint_head(painter)
        top = float(_HEAD)
        for block in blocks:
            self._paint_block(painter, block, top)
            top += block.high
        told, ink = self._told, self._look.colour("ink2")
        foot = QRectF(0, self._high - _FOOT, self._width, _FOOT)
        draw_line(painter, foot, told.made, font(_TEXT), ink)
        draw_line(painter, foot, told.page(page, of), font(_TEXT), ink, RIGHT)

    # --- what there is ------------------------------------------------------------------------------

    def _blocks(self) -> Iterator[_Block]:
        words = self._words
        half = len(words.tiles) // 2
        for tiles in (words.tiles[:half], words.tiles[half:]):
            yield _Block(84, tiles=tiles)
        yield _Block(_GAP)
        for chart in words.charts:
            yield _Block(_TITLE + _CHART_HIGH + _GAP, chart=chart)
        for table in (*words.parts.values(), words.figures.table):
            yield from self._table(table)
        for chart in words.charts:
            yield from self._table(chart.table)

    def _table(self, table: TableWords) -> Iterator[_Block]:
        if not table.names:
            return
        yield _Block(_TITLE, title=table.title, with_next=2 * _ROW + 4)
        yield self._table_head(table)
        for row in range(len(table.names) + bool(table.total)):
            yield _Block(_ROW, table=table, row=row)
        yield _Block(_GAP)

    def _table_head(self, table: TableWords) -> _Block:
        return _Block(_ROW + 4, table=table, with_next=_ROW)

    # --- painting -----------------------------------------------------------------------------------

    def _paint_head(self, painter: QPainter) -> None:
        head, told, look = self._words.head, self._told, self._look
        draw_line(
            painter, QRectF(0, 0, self._width, 20), told.place, font(_TEXT, MEDIUM), look.colour("ink2")
        )
        draw_line(
            painter,
            QRectF(0, 18, self._width, 30),
            head.title.full,
            font(_LARGE, SEMIBOLD),
            look.colour("ink"),
        )
        draw_line(painter, QRectF(0, 46, self._width, 20), head.beside[0], font(_TEXT), look.colour("ink2"))
        if told.mark:
            place = QRectF(0, 18, self._width, 30)
            draw_line(painter, place, told.mark, font(_LARGE, SEMIBOLD), look.colour("ink"), RIGHT)

    def _paint_block(self, painter: QPainter, block: _Block, top: float) -> None:
        if block.title:
            box = QRectF(0, top, self._width, block.high)
            draw_line(painter, box, block.title, font(_TEXT + 3, SEMIBOLD), self._look.colour("ink"))
        elif block.tiles:
            self._paint_tiles(painter, block.tiles, top)
        elif block.chart is not None:
            self._paint_chart(painter, block.chart, top)
        elif block.table is not None:
            self._paint_row(painter, block.table, block.row, top, block.high)

    def _paint_tiles(self, painter: QPainter, tiles: Sequence[FigureTile], top: float) -> None:
        look, wide = self._look, self._width / max(1, len(tiles))
        for at, tile in enumerate(tiles):
            left = at * wide
            plain, strong = font(_TEXT), font(_FIGURE, SEMIBOLD)
            before = tile.before.full if tile.before else ""
            lines = (
                (tile.label.full, plain, "ink2", 18),
                (tile.figure, strong, "ink", 26),
                (tile.base.full, plain, "ink2", 17),
            )
            y = top
            for words, face, token, high in lines:
                draw_line(painter, QRectF(left, y, wide - 8, high), words, face, look.colour(token))
                y += high
            # A letter, not an icon: pictures of the screen belong to its thread.
            words = f"{_ARROWS.get(tile.icon, '')} {before}".strip() if before else ""
            draw_line(painter, QRectF(left, y, wide - 8, 17), words, plain, look.colour("ink2"))

    def _paint_chart(self, painter: QPainter, chart: ChartWords, top: float) -> None:
        title = QRectF(0, top, self._width / 3, _TITLE)
        draw_line(painter, title, chart.title.full, font(_TEXT + 3, SEMIBOLD), self._look.colour("ink"))
        plot, legend = self._pictures[chart.title.full]
        wide = legend.width() / _CHART_RATIO
        painter.drawImage(QRectF(self._width - wide, top, wide, _TITLE), legend)
        place = QRectF(0, top + _TITLE, self._width, _CHART_HIGH)
        painter.drawImage(place, plot)
        if chart.empty:
            draw_line(painter, place, chart.empty, font(_TEXT + 3), self._look.colour("ink2"), CENTRE)

    def _paint_row(self, painter: QPainter, table: TableWords, row: int, top: float, high: float) -> None:
        look, count = self._look, len(table.names)
        small = _small(look)
        columns = fitting_columns(table, small, round(self._width))
        strong = row < 0 or row == count or row in table.sections
        face = font(_TEXT, SEMIBOLD if strong and row >= 0 else REGULAR)
        ink = look.colour("ink2" if row < 0 else "ink")
        if row < 0:
            name, cells = table.corner.full, columns.heads
        elif row == count:
            name, cells = table.total_name, table.total
        else:
            name, cells = table.names[row], table.rows[row]
        draw_line(painter, QRectF(0, top, columns.names - 8, high), name, face, ink, LEFT)
        edges = [float(columns.names)]
        for width in columns.figures:
            edges.append(edges[-1] + width)
        for cell, (left, right) in zip(cells, pairwise(edges), strict=False):
            draw_line(painter, QRectF(left, top, right - left, high), cell, face, ink, RIGHT)
        edge = row < 0 or (row == count - 1 and bool(table.total))
        painter.fillRect(
            QRectF(0, top + high - 0.5, self._width, 0.5), look.colour("edge" if edge else "line")
        )


def print_day(made: DayPrint, device: QPagedPaintDevice, dots_per_inch: int) -> Iterator[int]:
    """Print page by page, so that others may run between; yields how many pages there are after each.

    A device that refuses yields nothing.
    """
    scale = dots_per_inch / _PX_PER_INCH
    pages = made.pages()
    painter = QPainter()
    if not painter.begin(device):
        return
    try:
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.scale(scale, scale)
        for number, blocks in enumerate(pages, start=1):
            if number > 1:
                device.newPage()
            made.paint(painter, blocks, number, len(pages))
            yield len(pages)
    finally:
        painter.end()


def room_on(device: QPagedPaintDevice, dots_per_inch: int) -> QSizeF:
    """Return the room within the margins of a device, px."""
    page = QRectF(device.pageLayout().paintRectPixels(dots_per_inch))
    return page.size() * (_PX_PER_INCH / dots_per_inch)


def a4_room() -> QSizeF:
    """Return the room on A4, px."""
    writer = QPdfWriter(QBuffer())
    writer.setResolution(DOTS_PER_INCH)
    set_a4(writer)
    return room_on(writer, DOTS_PER_INCH)


def pdf_of(made: DayPrint, title: str) -> bytes:
    """Return a report as PDF on A4. May run on a worker: the charts are pictures already."""
    content = QBuffer()
    content.open(QBuffer.OpenModeFlag.WriteOnly)
    writer = QPdfWriter(content)
    writer.setTitle(title)
    writer.setResolution(DOTS_PER_INCH)
    set_a4(writer)
    for _ in print_day(made, writer, DOTS_PER_INCH):
        pass
    del writer
    return bytes(content.data().data())


def set_a4(device: QPagedPaintDevice) -> None:
    """Print upright on A4 with room round it."""
    margins = QMarginsF(_MARGIN_MM, _MARGIN_MM, _MARGIN_MM, _MARGIN_MM)
    size = QPageSize(QPageSize.PageSizeId.A4)
    layout = QPageLayout(size, QPageLayout.Orientation.Portrait, margins, QPageLayout.Unit.Millimeter)
    device.setPageLayout(layout)


def _chart_pictures(chart: ChartWords, wording: Wording, width: int, look: Look) -> tuple[QImage, QImage]:
    """Return a chart and its legend as pictures, in the size of paper."""
    from ui.widgets.day_plot import DayPlot  # pyqtgraph, late

    plot, small = DayPlot(), _small(look)
    plot.set_look(small)
    plot.resize(width, _CHART_HIGH)
    plot.show_chart(chart, wording.figures.count)
    picture = _blank(width, _CHART_HIGH)
    painter = QPainter(picture)
    whole = QRect(0, 0, width, _CHART_HIGH)
    plot.render(painter, QRectF(whole), whole)
    painter.end()
    plot.deleteLater()
    legend = Legend()
    legend.set_look(small)
    legend.show_series(chart.series)
    legend.resize(width * 2 // 3, _TITLE)
    return picture, _pictured(legend)


def _small(look: Look) -> Look:
    """Return the look whose body text is as small as it is on paper."""
    factor = _TEXT / look.metrics.body
    return Look(look.theme, _scaled(look.metrics, factor))


def _scaled(metrics: Metrics, factor: float) -> Metrics:
    return replace(metrics, factor=factor, body=_TEXT)


def _blank(width: int, high: int) -> QImage:
    image = QImage(width * _CHART_RATIO, high * _CHART_RATIO, QImage.Format.Format_RGB32)
    image.setDevicePixelRatio(_CHART_RATIO)
    image.fill(0xFFFFFFFF)
    return image


def _pictured(widget: QWidget) -> QImage:
    image = _blank(widget.width(), widget.height())
    widget.render(image, QPoint(), QRegion(), QWidget.RenderFlag.DrawChildren)
    return image
