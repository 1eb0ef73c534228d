"""The slip with a sale's codes as PDF, on a roll of 80 or 58 mm that ends where the text does."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from cashier_app.domain.code_modules import dark_runs
from cashier_app.printing.faces import FACE, close_faces, load_faces, printable
from cashier_app.wording.claims import SlipWords

if TYPE_CHECKING:
    from fpdf import FPDF

WIDTHS: Final = (80, 58)
"""The rolls there are, mm."""

_PRINTED: Final = {80: 72.0, 58: 48.0}  # mm a printer reaches
_CODE: Final = 52.0  # mm of the QR code at most, about a millimetre a module
_DOT: Final = 25.4 / 203  # mm, of nearly every receipt printer
_DOTS_OF_A_BAR: Final = 3  # 0.38 mm
_QUIET_OF_BARS: Final = 10  # modules, ISO/IEC 15417
_BARS_HIGH: Final = 10.0
_TALLEST: Final = 400.0


def slip_pdf(words: SlipWords, width: int = 80, *, compressed: bool = True) -> bytes:
    """Return a slip as a PDF document. Imports fpdf, which takes 0.3 s; for a worker thread.

    Args:
        words: What stands on it.
        width: Of the roll, mm, one of `WIDTHS`.
        compressed: Whether the page is packed.
    """
    first = _page(words, width, _TALLEST, compressed=False)
    high = _write(first, words) + first.l_margin
    close_faces(first)
    page = _page(words, width, high, compressed=compressed)
    _write(page, words)
    made = bytes(page.output())
    close_faces(page)
    return made


def _page(words: SlipWords, width: int, high: float, *, compressed: bool) -> FPDF:
    from fpdf import FPDF

    page = FPDF(format=(width, high), unit="mm")
    page.set_compression(compressed)
    page.set_title(words.title)
    page.set_auto_page_break(False)
    page.set_margin((width - _PRINTED[width]) / 2)
    page.c_margin = 0
    texts = (
        words.mark,
        words.store,
        words.title,
        words.code,
        words.body,
        words.number,
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
    _bars(page, words)
    return float(page.get_y())


def _line(page: FPDF, text: str, size: float, high: float) -> None:
    if text:
        page.set_font(FACE, size=size)
        page.multi_cell(0, high, printable(text), align="C", new_x="LMARGIN", new_y="NEXT")


def _code(page: FPDF, rows: tuple[str, ...]) -> None:
    side = min(_CODE, page.epw * 0.85)
    module = side / len(rows)
    top = page.get_y() + 2
    _draw(page, rows, (page.w - side) / 2, top, module, module)
    page.set_y(top + side + 2)


def _bars(page: FPDF, words: SlipWords) -> None:
    """Write the number as bars, each module so many dots of the printer as there is room for."""
    across = len(words.bars) + 2 * _QUIET_OF_BARS
    if not words.bars:
        return
    # The paper at the sides, which no printer reaches, is quiet as well.
    fits = min(page.epw / len(words.bars), page.w / across)
    module = min(_DOTS_OF_A_BAR, int(fits / _DOT)) * _DOT
    if not module:
        return
    top = page.get_y() + 3
    _draw(page, (words.bars,), (page.w - module * len(words.bars)) / 2, top, module, _BARS_HIGH)
    page.set_y(top + _BARS_HIGH + 1)
    _line(page, words.number, 8.5, 4.2)


def _draw(page: FPDF, rows: tuple[str, ...], left: float, top: float, module: float, high: float) -> None:
    # One path for the whole code: modules filled one by one show hairlines between them in some viewers.
    with page.new_path() as path:
        path.style.fill_color = "#000000"
        path.style.stroke_color = None
        for y, row in enumerate(rows):
            for x, length in dark_runs(row):
                path.rectangle(left + x * module, top + y * high, length * module, high)
