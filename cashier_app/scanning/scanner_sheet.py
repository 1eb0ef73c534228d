"""The sheet of test codes as PDF: vectors, so that it prints sharply at any size."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final, Literal

from cashier_app.domain.code_modules import dark_runs
from cashier_app.errors import KnownError
from cashier_app.scanning import symbologies
from cashier_app.scanning.printed_codes import PrintedCode, sheet_codes
from cashier_app.wording.scanner_sheet import SheetWords

if TYPE_CHECKING:
    from fpdf import FPDF

Paper = Literal["A4", "Letter"]

_MARGIN_MM: Final = 20
_A4_MM: Final = 297
_BAR_HEIGHT_MM: Final = 22
_LINE_MM: Final = 6.5
_FACE: Final = "Inter"
_GREY: Final = 90
# Left, top and module of each code, mm. 0.33 mm is what the worst laser still resolves at arm's length.
_PLACES: Final = {
    symbologies.QR_CODE: (20.0, 100.0, 1.4),
    symbologies.AZTEC: (116.0, 100.0, 1.6),
    symbologies.PDF417: (20.0, 180.0, 0.7),
    symbologies.CODE_128: (20.0, 236.0, 0.5),
}


def write_sheet(path: Path, words: SheetWords, paper: Paper = "A4") -> None:
    """Write the sheet to a file, over one that is there. Blocking; imports fpdf, which takes 0.2 s.

    Raises:
        KnownError: The file cannot be written.
    """
    try:
        path.write_bytes(sheet(words, paper))
    except OSError as error:
        raise KnownError(f"{path.name} could not be written: {error.strerror or error}.") from error


def sheet(words: SheetWords, paper: Paper = "A4", *, compressed: bool = True) -> bytes:
    """Return the sheet as a PDF document."""
    page = _new_page(paper, words.title, compressed=compressed)
    page.set_xy(_MARGIN_MM, _MARGIN_MM)
    _write(page, words.title, 22, line=12)
    page.ln(3)
    for step in words.steps:
        _write(page, step, 12)
    page.ln(3)
    _write(page, words.foot, 10, grey=_GREY, line=5)
    for code in sheet_codes():
        _draw(page, code, words.of_kind(code.kind))
    return bytes(page.output())


def _new_page(paper: Paper, title: str, *, compressed: bool) -> FPDF:
    import fontpkg_inter
    from fpdf import FPDF

    page = FPDF(format=paper, unit="mm")
    page.set_compression(compressed)
    page.set_title(title)
    page.set_auto_page_break(False)
    page.set_margin(_MARGIN_MM)
    page.c_margin = 0  # or words would stand 1 mm to the right of the codes
    face = fontpkg_inter.ROOT / "files" / "Inter[opsz,wght].ttf"
    page.add_font(_FACE, "", face)
    page.add_page()
    return page


def _write(page: FPDF, text: str, points: int, *, grey: int = 0, line: float = _LINE_MM) -> None:
    _set_font(page, points, grey=grey)
    page.multi_cell(0, line, text, align="L", new_x="LMARGIN", new_y="NEXT")


def _set_font(page: FPDF, points: int, *, grey: int = 0) -> None:
    page.set_font(_FACE, size=points)
    page.set_text_color(grey)


def _draw(page: FPDF, code: PrintedCode, purpose: str) -> None:
    """Draw a code with its name and purpose above it."""
    left, top, module = _PLACES[code.kind]
    # Letter is 18 mm lower than A4: what stands below moves up and keeps clear of the edge.
    top -= (_A4_MM - page.h) * (top - 100) / 136
    half = (page.w - 2 * _MARGIN_MM) / 2
    page.set_xy(left, top - 16)
    _set_font(page, 14)
    page.cell(half, 6, code.kind, new_x="LEFT", new_y="NEXT")
    _set_font(page, 10, grey=_GREY)
    page.cell(half, 5, purpose)
    high = _BAR_HEIGHT_MM if code.is_bars else module
    # One path for the whole code: modules filled one by one show hairlines between them in some viewers.
    with page.new_path() as path:
        path.style.fill_color = "#000000"
        path.style.stroke_color = None
        for y, row in enumerate(code.rows):
            for x, width in dark_runs(row):
                path.rectangle(left + x * module, top + y * module, width * module, high)
