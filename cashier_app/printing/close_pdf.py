"""A report of a day as PDF, on A4 or on an 80 mm roll: the same rows in the same order."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from enum import Enum
from typing import TYPE_CHECKING, Final

from msgspec import Struct

from cashier_app.printing.faces import FACE, close_faces, load_faces, printable
from cashier_app.wording.close_sheet import CloseSheet, SheetFact, SheetList, SheetTable

if TYPE_CHECKING:
    from fpdf import FPDF


class Paper(Enum):
    """What a report is printed on."""

    A4 = "A4"
    ROLL = "roll"


class _Measures(Struct, frozen=True):
    """Lengths in mm, type in points.

    Args:
        column: Width of a column of figures.
        high: Height of the page; of a roll the most of it.
    """

    width: float
    high: float
    side: float
    title: float
    head: float
    body: float
    small: float
    line: float
    column: float
    gap: float


_A4: Final = _Measures(210, 297, 16, 20, 12, 9.5, 8, 4.7, 34, 3.4)
_ROLL: Final = _Measures(80, 2000, 4, 13, 9.5, 8, 7, 4.2, 19, 3)
_LEAST_NAME: Final = 0.28  # of the width, for the names beside the figures
_LEAST_COLUMN: Final = 15.0  # mm for a figure where there are many
_KEPT_TOGETHER: Final = 14  # lines of a table that is not torn apart
_ROUNDING: Final = 2.0  # mm of a roll, or its last line would begin another page
_GREY: Final = 85
_BOLD: Final = 0.018  # of the size: the stroke that makes letters heavier


def close_pdf(sheet: CloseSheet, paper: Paper = Paper.A4, *, compressed: bool = True) -> bytes:
    """Return a report as a PDF document. Imports fpdf, which takes 0.3 s; for a worker thread."""
    measures = _ROLL if paper is Paper.ROLL else _A4
    if paper is Paper.A4:
        return _Writer(sheet, measures, compressed=compressed).document()
    # A roll is cut where the text ends: written once to find out where that is.
    first = _Writer(sheet, measures, compressed=False)
    high = first.write() + measures.side + _ROUNDING
    first.close()
    cut = _Measures(**{**_as_dict(measures), "high": min(measures.high, high)})
    return _Writer(sheet, cut, compressed=compressed).document()


class _Writer:
    """Writes one report."""

    def __init__(self, sheet: CloseSheet, measures: _Measures, *, compressed: bool) -> None:
        self._sheet, self._m = sheet, measures
        self._page = _new_page(sheet, measures, compressed=compressed)
        self._left = measures.side
        self._width = measures.width - 2 * measures.side

    def document(self) -> bytes:
        """Return the finished document."""
        self.write()
        made = bytes(self._page.output())
        close_faces(self._page)
        return made

    def write(self) -> float:
        """Write everything and return where the last line ends, mm from the top."""
        sheet, m = self._sheet, self._m
        self._page.add_page()
        self._text(sheet.title, m.title, bold=True)
        self._text(sheet.about, m.body, grey=_GREY)
        self._page.ln(m.gap / 2)
        self._facts(sheet.facts, name_share=0.3)
        for remark in sheet.remarks:
            self._page.ln(m.gap / 3)
            self._text(remark, m.body)
        for part in sheet.parts:
            self._table(part) if isinstance(part, SheetTable) else self._list(part)
        self._page.ln(m.gap)
        self._need(4)
        self._rule()
        self._page.ln(1)
        self._facts(sheet.proof, small=True)
        self._text(sheet.proof_note, m.small, grey=_GREY)
        return float(self._page.get_y())

    def close(self) -> None:
        """Let go of the faces' files."""
        close_faces(self._page)

    def _facts(self, facts: Sequence[SheetFact], *, small: bool = False, name_share: float = 0.34) -> None:
        name_width = self._width * name_share
        size = self._m.small if small else self._m.body
        for fact in facts:
            self._need(1)
            top = self._page.get_y()
            ends = []
            for left, width, text, grey in (
                (self._left, name_width - 2, fact.name, _GREY),
                (self._left + name_width, self._width - name_width, fact.value, 0),
            ):
                self._page.set_xy(left, top)
                self._cell(text, size, width, grey=grey)
                ends.append(self._page.get_y())
            self._page.set_xy(self._left, max(ends))

    def _table(self, table: SheetTable) -> None:
        shown = self._columns(table)
        self._title(table.title, 3 + min(len(table.lines), _KEPT_TOGETHER))
        self._row(table.corner, [table.heads[at] for at in shown], size=self._m.small, grey=_GREY)
        self._rule()
        for line in table.lines:
            self._row(line.name, [line.figures[at] for at in shown], size=self._m.body)
        if table.note:
            self._text(table.note, self._m.small, grey=_GREY)

    def _columns(self, table: SheetTable) -> list[int]:
        everything = list(range(len(table.heads)))
        fits = self._column(len(everything)) >= _LEAST_COLUMN
        return everything if fits or not table.narrow else list(table.narrow)

    def _column(self, count: int) -> float:
        return min(self._m.column, self._width * (1 - _LEAST_NAME) / count)

    def _row(self, name: str, figures: Sequence[str], *, size: float, grey: int = 0) -> None:
        column = self._column(len(figures))
        self._need(1)
        top = self._page.get_y()
        self._page.set_xy(self._left, top)
        self._cell(name, size, self._width - column * len(figures) - 1, grey=grey)
        bottom = max(self._page.get_y(), top + self._m.line)
        for place, text in enumerate(figures):
            left = self._left + self._width - column * (len(figures) - place)
            self._page.set_xy(left, top)
            self._set_type(size, grey)
            self._fitting(text, column, size)
            self._page.cell(column, self._m.line, printable(text), align="R")
        self._page.set_xy(self._left, bottom)

    def _fitting(self, text: str, width: float, size: float) -> None:
        """Make a figure smaller that is wider than its column: it is never cut off."""
        wide = self._page.get_string_width(printable(text))
        if wide > width - 1:
            self._page.set_font(FACE, size=size * (width - 1) / wide)

    def _list(self, part: SheetList) -> None:
        self._title(part.title)
        if not part.entries:
            self._text(part.empty, self._m.body, grey=_GREY)
        if self._m.width >= _A4.width:
            self._facts([SheetFact(entry.name, entry.detail) for entry in part.entries], name_share=0.3)
        else:
            for entry in part.entries:
                self._need(2)
                self._text(entry.name, self._m.body)
                self._text(entry.detail, self._m.small, grey=_GREY)
        if part.more:
            self._text(part.more, self._m.small, grey=_GREY)

    def _title(self, text: str, lines: int = 4) -> None:
        self._page.ln(self._m.gap)
        self._need(lines)
        self._text(text, self._m.head, bold=True)

    def _text(self, text: str, size: float, *, grey: int = 0, bold: bool = False) -> None:
        if not text:
            return
        self._need(1)
        self._page.set_x(self._left)
        if not bold:
            self._cell(text, size, self._width, grey=grey)
            return
        with _heavier(self._page, size):
            self._cell(text, size, self._width, grey=grey)

    def _cell(self, text: str, size: float, width: float, *, grey: int = 0) -> None:
        from fpdf.enums import WrapMode

        self._set_type(size, grey)
        high = max(self._m.line, size * 0.5) if size > self._m.small else self._m.line * 0.9
        # A hash is one long word: it may be broken anywhere.
        wrap = WrapMode.CHAR if len(text) >= 64 and " " not in text else WrapMode.WORD
        self._page.multi_cell(
            width, high, printable(text), align="L", new_x="LMARGIN", new_y="NEXT", wrapmode=wrap
        )

    def _set_type(self, size: float, grey: int) -> None:
        self._page.set_font(FACE, size=size)
        self._page.set_text_color(grey)

    def _rule(self) -> None:
        self._page.set_draw_color(_GREY)
        self._page.set_line_width(0.2)
        y = self._page.get_y()
        self._page.line(self._left, y, self._left + self._width, y)
        self._page.set_xy(self._left, y + 0.6)

    def _need(self, lines: int) -> None:
        """Begin another page where so many lines do not fit any more; a roll is one page."""
        if self._m.width >= _A4.width and self._page.will_page_break(lines * self._m.line):
            self._page.add_page()


def _new_page(sheet: CloseSheet, m: _Measures, *, compressed: bool) -> FPDF:
    from fpdf import FPDF

    class Document(FPDF):
        """Marks and foot stand on every page."""

        def header(self) -> None:
            """Write what must not be missed."""
            self.set_xy(m.side, m.side)
            for mark in sheet.marks:
                self.set_font(FACE, size=m.head)
                self.set_fill_color(0)
                self.set_text_color(255)
                high = m.head * 0.62
                self.multi_cell(
                    0, high, f" {printable(mark)}", fill=True, align="L", new_x="LMARGIN", new_y="NEXT"
                )
                self.ln(1)
            self.ln(0.5 if sheet.marks else 0)

        def footer(self) -> None:
            """Write which page of which report this is, where there is more than one."""
            if m.width < _A4.width:
                return
            self.set_xy(m.side, -m.side + 4)
            self.set_font(FACE, size=m.small)
            self.set_text_color(_GREY)
            self.cell(0, 4, f"{printable(sheet.title)}  ·  {self.page_no()} / {{nb}}", align="R")

    page = Document(format=(m.width, m.high), unit="mm")
    page.set_compression(compressed)
    page.set_title(sheet.title)
    page.set_auto_page_break(True, margin=m.side)
    page.set_margin(m.side)
    page.c_margin = 0
    load_faces(page, [printable(text) for text in _texts(sheet)])
    return page


def _texts(sheet: CloseSheet) -> Iterator[str]:
    yield from (sheet.title, sheet.about, sheet.proof_note, *sheet.marks, *sheet.remarks, "0123456789/· ")
    for fact in (*sheet.facts, *sheet.proof):
        yield from (fact.name, fact.value)
    for part in sheet.parts:
        yield part.title
        if isinstance(part, SheetTable):
            yield from (part.corner, part.note, *part.heads)
            for line in part.lines:
                yield from (line.name, *line.figures)
        else:
            yield from (part.empty, part.more)
            for entry in part.entries:
                yield from (entry.name, entry.detail)


@contextmanager
def _heavier(page: FPDF, size: float) -> Iterator[None]:
    """Stroke the letters as well: an instance of another weight takes seconds to cut from a variable face."""
    with page.local_context(text_mode="FILL_STROKE", line_width=size * _BOLD * 25.4 / 72, draw_color=0):
        yield


def _as_dict(measures: _Measures) -> dict[str, float]:
    return {name: getattr(measures, name) for name in measures.__struct_fields__}
