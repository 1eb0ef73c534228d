"""Paints a report of a day: on the screen in its colours, on paper in black; the rows are the same."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from msgspec import Struct
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter

from cashier_app.wording.close_sheet import CloseSheet, SheetFact, SheetList, SheetTable
from ui.theme.look import Look
from ui.theme.typography import REGULAR, SEMIBOLD, font, font_for_text

_PAPER_PX = {"title": 26, "head": 16, "body": 12.5, "small": 10.5}
_COLUMN, _NARROW_COLUMN = 7.0, 4.5  # line heights
_LEAST_NAME, _LARGEST_COLUMN = 0.28, 0.27  # shares of the whole width
_LEFT = int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignAbsolute)
_RIGHT = int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignAbsolute)


class SheetStyle(Struct, frozen=True):
    """Type and colours of a sheet; lengths in the px of what is painted on."""

    title: QFont
    head: QFont
    body: QFont
    small: QFont
    ink: QColor
    soft: QColor
    line: QColor
    mark: QColor
    on_mark: QColor

    @classmethod
    def of_look(cls, look: Look) -> SheetStyle:
        """Return the style of a sheet on the screen."""
        return cls(
            title=look.font("title_large", SEMIBOLD),
            head=look.font("body_large", SEMIBOLD),
            body=look.font("body", REGULAR),
            small=look.font("body", REGULAR),
            ink=look.colour("ink"),
            soft=look.colour("ink2"),
            line=look.colour("edge"),
            mark=look.colour("ink"),
            on_mark=look.colour("surface"),
        )

    @classmethod
    def on_paper(cls, scale: float = 1.0) -> SheetStyle:
        """Return the style of a sheet on paper; at scale 1 a px is 1/96 inch."""
        sizes = {name: round(size * scale) for name, size in _PAPER_PX.items()}
        black, grey = QColor("#000000"), QColor("#444444")
        return cls(
            title=font(sizes["title"], SEMIBOLD),
            head=font(sizes["head"], SEMIBOLD),
            body=font(sizes["body"], REGULAR),
            small=font(sizes["small"], REGULAR),
            ink=black,
            soft=grey,
            line=grey,
            mark=black,
            on_mark=QColor("#FFFFFF"),
        )


class Block(Struct, frozen=True):
    """A piece that is not torn apart at the end of a page; `paint` is told where its top is."""

    high: float
    paint: Callable[[QPainter, float], None]


class SheetPainter:
    """Lays a sheet out for one width.

    Args:
        sheet: What to paint.
        width: Of the column of text, px.
        style: Type and colours.
    """

    def __init__(self, sheet: CloseSheet, width: float, style: SheetStyle) -> None:
        self._sheet, self._width, self._style = sheet, width, style
        self._em = QFontMetricsF(style.body).height()
        self.marks = [self._mark(mark) for mark in sheet.marks]
        """What stands at the top of every page."""
        self.blocks = list(self._laid_out())

    @property
    def high(self) -> float:
        """Return the height of everything, px."""
        return sum(block.high for block in (*self.marks, *self.blocks))

    def paint(self, painter: QPainter, visible: QRectF | None = None) -> None:
        """Paint everything below each other; what is out of sight is left out."""
        top = 0.0
        for block in (*self.marks, *self.blocks):
            if visible is None or (top + block.high >= visible.top() and top <= visible.bottom()):
                block.paint(painter, top)
            top += block.high

    def pages(self, high: float) -> list[list[Block]]:
        """Return the blocks of each page of this height, px, each with the marks above."""
        head = sum(block.high for block in self.marks)
        pages: list[list[Block]] = [[]]
        left = high - head
        for block in self.blocks:
            if block.high > left and pages[-1]:
                pages.append([])
                left = high - head
            pages[-1].append(block)
            left -= block.high
        return [[*self.marks, *page] for page in pages]

    # --- what there is ------------------------------------------------------------------------------

    def _laid_out(self) -> Iterator[Block]:
        sheet, style, gap = self._sheet, self._style, self._em
        yield self._text(sheet.title, style.title, style.ink)
        yield self._text(sheet.about, style.body, style.soft, below=gap * 0.5)
        yield from self._facts(sheet.facts, style.body)
        for remark in sheet.remarks:
            yield self._text(remark, style.body, style.ink, above=gap * 0.3)
        for part in sheet.parts:
            yield from self._table(part) if isinstance(part, SheetTable) else self._list(part)
        yield self._rule(gap)
        yield from self._facts(sheet.proof, style.small)
        yield self._text(sheet.proof_note, style.small, style.soft)

    def _table(self, table: SheetTable) -> Iterator[Block]:
        style = self._style
        shown, column = self._columns(table)
        lines = [
            self._row(line.name, [line.figures[at] for at in shown], column, style.body, style.ink)
            for line in table.lines
        ]
        head = (
            self._text(table.title, style.head, style.ink, above=self._em),
            self._row(table.corner, [table.heads[at] for at in shown], column, style.small, style.soft),
            self._rule(self._em * 0.2),
        )
        yield _together((*head, *lines[:2]))
        yield from lines[2:]
        if table.note:
            yield self._text(table.note, style.small, style.soft, above=self._em * 0.2)

    def _columns(self, table: SheetTable) -> tuple[list[int], float]:
        """Return which figures have room, and how wide each column is."""
        everything = list(range(len(table.heads)))
        room = self._width * (1 - _LEAST_NAME)
        most = min(_COLUMN * self._em, _LARGEST_COLUMN * self._width)
        if not table.narrow or room / len(everything) >= _NARROW_COLUMN * self._em:
            return everything, min(most, room / len(everything))
        return list(table.narrow), min(most, room / len(table.narrow))

    def _list(self, part: SheetList) -> Iterator[Block]:
        style = self._style
        facts = [SheetFact(one.name, one.detail) for one in part.entries]
        lines = list(self._facts(facts, style.body)) or [self._text(part.empty, style.body, style.soft)]
        title = self._text(part.title, style.head, style.ink, above=self._em)
        yield _together((title, lines[0]))
        yield from lines[1:]
        if part.more:
            yield self._text(part.more, style.small, style.soft)

    # --- blocks -------------------------------------------------------------------------------------

    def _facts(self, facts: Sequence[SheetFact], type_of: QFont) -> Iterator[Block]:
        name_width = min(self._width * 0.36, self._em * 13)
        for fact in facts:
            yield self._pair(fact, name_width, type_of)

    def _pair(self, fact: SheetFact, name_width: float, type_of: QFont) -> Block:
        style, gap = self._style, self._em * 0.5
        rest = self._width - name_width
        high = max(_high(fact.name, type_of, name_width - gap), _high(fact.value, type_of, rest))

        def paint(painter: QPainter, top: float) -> None:
            _write(painter, QRectF(0, top, name_width - gap, high), fact.name, type_of, style.soft)
            _write(painter, QRectF(name_width, top, rest, high), fact.value, type_of, style.ink)

        return Block(high + self._em * 0.12, paint)

    def _row(self, name: str, figures: Sequence[str], column: float, type_of: QFont, colour: QColor) -> Block:
        name_width = self._width - column * len(figures) - self._em * 0.4
        high = max(_high(name, type_of, name_width), QFontMetricsF(type_of).height())

        def paint(painter: QPainter, top: float) -> None:
            _write(painter, QRectF(0, top, name_width, high), name, type_of, colour)
            for place, text in enumerate(figures):
                left = self._width - column * (len(figures) - place)
                box = QRectF(left, top, column, high)
                _write(painter, box, text, _fitted(text, type_of, column - 4), colour, right=True)

        return Block(high + self._em * 0.12, paint)

    def _text(
        self, text: str, type_of: QFont, colour: QColor, *, above: float = 0, below: float = 0
    ) -> Block:
        high = _high(text, type_of, self._width) if text else 0.0

        def paint(painter: QPainter, top: float) -> None:
            _write(painter, QRectF(0, top + above, self._width, high), text, type_of, colour)

        return Block(above + high + below, paint)

    def _rule(self, space: float) -> Block:
        style = self._style

        def paint(painter: QPainter, top: float) -> None:
            painter.setPen(style.line)
            painter.drawLine(QPointF(0, top + space / 2), QPointF(self._width, top + space / 2))

        return Block(space, paint)

    def _mark(self, text: str) -> Block:
        style, side = self._style, self._em * 0.4
        high = _high(text, style.head, self._width - 2 * side) + side

        def paint(painter: QPainter, top: float) -> None:
            painter.fillRect(QRectF(0, top, self._width, high), style.mark)
            inside = QRectF(side, top + side / 2, self._width - 2 * side, high - side)
            _write(painter, inside, text, style.head, style.on_mark)

        return Block(high + side, paint)


def _together(blocks: Sequence[Block]) -> Block:
    """Return blocks as one that is not torn apart."""

    def paint(painter: QPainter, top: float) -> None:
        for block in blocks:
            block.paint(painter, top)
            top += block.high

    return Block(sum(block.high for block in blocks), paint)


def _high(text: str, type_of: QFont, width: float) -> float:
    box = QRectF(0, 0, max(1.0, width), 100_000)
    metrics = QFontMetricsF(font_for_text(text, type_of))
    return metrics.boundingRect(box, _LEFT | _wrapping(text, metrics, box.width()), text).height()


def _wrapping(text: str, metrics: QFontMetricsF, width: float) -> int:
    """Return how a text is broken into lines: between words, and anywhere where a word has no room."""
    longest = max((metrics.horizontalAdvance(word) for word in text.split()), default=0)
    return int(Qt.TextFlag.TextWrapAnywhere if longest > width else Qt.TextFlag.TextWordWrap)


def _fitted(text: str, type_of: QFont, width: float) -> QFont:
    """Return the type in which a figure fits its column: it is never cut off."""
    wide = QFontMetricsF(type_of).horizontalAdvance(text)
    if wide <= width:
        return type_of
    smaller = QFont(type_of)
    smaller.setPixelSize(max(6, int(type_of.pixelSize() * width / wide)))
    return smaller


def _write(
    painter: QPainter, box: QRectF, text: str, type_of: QFont, colour: QColor, *, right: bool = False
) -> None:
    chosen = font_for_text(text, type_of)
    painter.setFont(chosen)
    painter.setPen(colour)
    flags = _RIGHT if right else _LEFT | _wrapping(text, QFontMetricsF(chosen), box.width())
    painter.drawText(box, flags, text)
