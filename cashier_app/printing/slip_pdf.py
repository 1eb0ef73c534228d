"""The slip with a sale's claim code as PDF, on a roll of 80 mm that ends where the text does."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from cashier_app.printing.faces import FACE, close_faces, load_faces, printable
from cashier_app.wording.claims import SlipWords

if TYPE_CHECKING:
    from fpdf import FPDF

_WIDTH: Final = 80.0  # mm
_SIDE: Final = 4.0
_CODE: Final = 52.0  # mm of the QR code, about a millimetre a module
_TALLEST: Final = 400.0


def slip_pdf(words: SlipWords, *, compressed: bool = True) -> bytes:
    """Return a slip as a PDF document. Imports fpdf, which takes 0.3 s; for a worker thread."""
    first = _page(words, _TALLEST, compressed=False)
    high = _write(first, words) + _SIDE
    close_faces(first)
    page = _page(words, high, compressed=compressed)
    _write(page, words)
    made = bytes(page.output())
    close_faces(page)
    return made


def _page(words: SlipWords, high: float, *, compressed: bool) -> FPDF:
    from fpdf import FPDF

    page = FPDF(format=(_WIDTH, high), unit="mm")
    page.set_compression(compressed)
    page.set_title(words.title)
    page.set_auto_page_break(False)
    page.set_margin(_SIDE)
    page.c_margin = 0
    texts = (
        words.mark,
        words.store,
        words.title,
        words.code,
        words.body,
        *(part for fact in words.facts for part in fact),
    )
    load_faces(page, [printable(text) for text in texts])
    page.add_page()
    return page


def _write(page: FPDF, words: SlipWords) -> float:
    """Write everything and return where it ends, mm from the top."""
    _line(page, words.mark, 12, 5.5)
    _line(page, words.store, 12, 5.5)
    for name, value in words.facts:
        _line(page, f"{name}  {value}", 8.5, 4.2)
    page.ln(2)
    _line(page, words.title, 10, 5)
    _code(page, words.rows)
    _line(page, words.code, 14, 7)
    _line(page, words.body, 8.5, 4.2)
    return float(page.get_y())


def _line(page: FPDF, text: str, size: float, high: float) -> None:
    if text:
        page.set_font(FACE, size=size)
        page.multi_cell(0, high, printable(text), align="C", new_x="LMARGIN", new_y="NEXT")


def _code(page: FPDF, rows: tuple[str, ...]) -> None:
    module = _CODE / len(rows)
    left, top = (_WIDTH - _CODE) / 2, page.get_y() + 2
    page.set_fill_color(0)
    for y, row in enumerate(rows):
        for x, dark in enumerate(row):
            if dark == "1":
                page.rect(left + x * module, top + y * module, module, module, style="F")
    page.set_y(top + _CODE + 2)
