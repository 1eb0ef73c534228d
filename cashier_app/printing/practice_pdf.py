"""The sheet of practice passes as PDF: vectors, so that every code prints sharply."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

from cashier_app.domain.code_modules import dark_runs
from cashier_app.printing.faces import FACE, close_faces, load_faces, printable
from cashier_app.printing.practice_layout import (
    Area,
    Code,
    Mark,
    SheetPaper,
    Stripe,
    Words,
    sheet_pages,
    texts_of,
)
from cashier_app.wording.practice_sheet import PracticeSheet

if TYPE_CHECKING:
    from fpdf import FPDF

_MM: Final = 25.4 / 72  # of a point
_LINE: Final = 1.22  # of the size of type
_BOLD: Final = 0.018  # of the size: the stroke that makes letters heavier
_SMALLEST: Final = 5.0
_HAIR: Final = 0.25


def practice_pdf(sheet: PracticeSheet, paper: SheetPaper, *, compressed: bool = True) -> bytes:
    """Return the sheet as a PDF document. Imports fpdf, which takes 0.3 s; for a worker thread."""
    from fpdf import FPDF

    pages = sheet_pages(sheet, paper)
    page = FPDF(format=(paper.width, paper.high), unit="mm")
    page.set_compression(compressed)
    page.set_title(f"{sheet.mark}: {sheet.title}")
    page.set_auto_page_break(False)
    page.set_margin(0)
    page.c_margin = 0
    load_faces(page, [printable(text) for text in texts_of(pages)])
    for marks in pages:
        page.add_page()
        for mark in marks:
            _draw(page, mark)
    made = bytes(page.output())
    close_faces(page)
    return made


def _draw(page: FPDF, mark: Mark) -> None:
    match mark:
        case Area():
            _draw_area(page, mark)
        case Stripe():
            page.set_fill_color(mark.fill)
            page.polygon(list(mark.corners), style="F")
        case Words():
            _write(page, mark)
        case Code():
            _draw_code(page, mark)


def _draw_area(page: FPDF, area: Area) -> None:
    style = ("F" if area.fill else "") + ("D" if area.edge else "")
    if area.fill:
        page.set_fill_color(area.fill)
    if area.edge:
        page.set_draw_color(area.edge)
        page.set_line_width(_HAIR)
    rounded = {"round_corners": True, "corner_radius": area.radius} if area.radius else {}
    page.rect(area.left, area.top, area.width, area.high, style=style[::-1], **rounded)  # type: ignore[arg-type]


def _draw_code(page: FPDF, code: Code) -> None:
    high = code.bars or code.module
    # One path for the whole code: modules filled one by one show hairlines between them in some viewers.
    with page.new_path() as path:
        path.style.fill_color = "#000000"
        path.style.stroke_color = None
        for y, row in enumerate(code.code.rows):
            for x, width in dark_runs(row):
                path.rectangle(
                    code.left + x * code.module, code.top + y * code.module, width * code.module, high
                )


def _write(page: FPDF, words: Words) -> None:
    """Write a text in its room: in the middle of the height on one line, from the top on several."""
    text = printable(words.text)
    if not text:
        return
    size = _fitted(page, words, text)
    line = size * _MM * _LINE
    top = words.top + max(0.0, (words.high - line) / 2) if words.high < 2 * line else words.top
    page.set_text_color(words.colour)
    page.set_xy(words.left, top)
    with _weight(page, words, size):
        page.set_font(FACE, size=size)
        page.multi_cell(words.width, line, text, align=words.side.value, max_line_height=line)


def _fitted(page: FPDF, words: Words, text: str) -> float:
    """Return the largest size, points, in which a text fits its room."""
    size = words.points
    while True:
        page.set_font(FACE, size=size)
        line = size * _MM * _LINE
        high = page.multi_cell(words.width, line, text, dry_run=True, output="HEIGHT")
        if float(str(high)) <= max(words.high, line) + 0.01 or size <= _SMALLEST:
            return size
        size = max(_SMALLEST, size - 0.5)


@contextmanager
def _weight(page: FPDF, words: Words, size: float) -> Iterator[None]:
    if not words.bold:
        yield
        return
    # An instance of another weight takes seconds to cut from a variable face.
    width = size * _BOLD * _MM
    with page.local_context(text_mode="FILL_STROKE", line_width=width, draw_color=words.colour):
        yield
