"""The slip of a sale on paper: what a scanner reads of it, on a roll and in a file, at any printer's dots."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from msgspec.structs import replace
from numpy.typing import NDArray
from PySide6.QtCore import QMarginsF, QSizeF, Qt
from PySide6.QtGui import QImage, QPageSize, QPainter, QPdfWriter
from pytestqt.qtbot import QtBot

from cashier_app.claim_opening import draw_codes
from cashier_app.printing.slip_pdf import WIDTHS, slip_pdf
from cashier_app.scanning import symbologies
from cashier_app.scanning.decoders import decode
from cashier_app.services.receipt_search import receipt_number
from cashier_app.wording import Hours, Wording
from cashier_app.wording.claims import SlipWords, claim_slip
from tests.fakes.pdf_rectangles import paper_mm, rectangles, rendered
from tests.ui import sample_claims, sample_views
from ui.slip_printing import paint_slip, print_slip

WORDING = Wording.of("en_IN", sample_views.ZONE, sample_views.PROGRAM.point_name, hours=Hours.TWENTY_FOUR)
PRINTED_MM = {80: 72.0, 58: 48.0}
KINDS = (symbologies.QR_CODE, symbologies.CODE_128)
EVERY_PRINTER = [(paper, dots) for paper in WIDTHS for dots in (203, 300)]
NUMBERS = ("2-0418", "TRAIN2-0001", "COUNTER9-123456")


def slip(number: str = "2-0418", *, training: bool = False) -> SlipWords:
    view = sample_claims.done_claimable()
    assert view.finished is not None
    assert view.receipt is not None
    rows, bars = draw_codes(sample_claims.RECEIPT, number)
    codes = replace(view.receipt, number=number, rows=rows, bars=bars)
    sale = replace(view.finished.sale, number=number)
    return claim_slip(sale, codes, "Marigold Stores", WORDING, training=training)


def painted(words: SlipWords, paper: int, dots: int) -> QImage:
    """Return what a printer of so many dots an inch puts on paper of this width, mm."""
    scale, per_mm = dots / 96, dots / 25.4
    wide = int(PRINTED_MM[paper] * per_mm)
    image = QImage(round(paper * per_mm), round(230 * per_mm), QImage.Format.Format_RGB32)
    image.fill(Qt.GlobalColor.white)
    painter = QPainter(image)
    painter.translate(round((image.width() - wide) / 2), 0)
    painter.scale(scale, scale)
    high = paint_slip(painter, words, wide / scale)
    painter.end()
    assert 250 < high < image.height() / scale
    return image.copy(0, 0, image.width(), round(high * scale) + 2)


def dots_of(image: QImage) -> NDArray[np.uint8]:
    grey = image.convertToFormat(QImage.Format.Format_Grayscale8)
    rows = np.frombuffer(grey.constBits(), np.uint8).reshape(grey.height(), grey.bytesPerLine())
    return np.ascontiguousarray(rows[:, : grey.width()])


def read(image: QImage) -> dict[str, str]:
    # Whatever looks at paper sees more than once in a dot.
    seen = dots_of(image).repeat(2, axis=0).repeat(2, axis=1)
    return {symbol.symbology: symbol.text for symbol in decode(seen, KINDS)}


def test_the_slip_says_what_it_is(qtbot: QtBot) -> None:
    words = slip()
    assert words.code == "2-0418-594201"
    assert words.body == "Show this with your card within 14 days."
    assert words.number == "2-0418"
    assert words.mark == ""
    assert slip(training=True).mark.startswith("TRAINING")


@pytest.mark.parametrize("number", NUMBERS)
@pytest.mark.parametrize(("paper", "dots"), EVERY_PRINTER)
def test_both_codes_on_paper_are_read(qtbot: QtBot, paper: int, dots: int, number: str) -> None:
    found = read(painted(slip(number), paper, dots))
    assert found == {symbologies.QR_CODE: sample_claims.RECEIPT, symbologies.CODE_128: number}
    assert receipt_number(found[symbologies.CODE_128]) is not None, "the return finds it by this"


@pytest.mark.parametrize("number", NUMBERS)
@pytest.mark.parametrize(("paper", "dots"), EVERY_PRINTER)
def test_every_bar_is_so_many_dots_wide(qtbot: QtBot, paper: int, dots: int, number: str) -> None:
    """Bars a dot wider than others are what a poor scanner stumbles over, and no good one shows it."""
    words = slip(number)
    runs = [_runs(row) for row in dots_of(painted(words, paper, dots))]
    bars = [widths for widths in runs if len(widths) == 2 * words.bars.count("01") + 1]
    assert len(bars) > 0.35 * dots, "1 cm of bars"
    widths = set(bars[len(bars) // 2])
    module = min(widths)
    assert module >= 2
    assert {width % module for width in widths} == {0}


def _runs(row: NDArray[np.uint8]) -> list[int]:
    """Return how wide each bar and each gap between two is in one row of dots."""
    edges = np.flatnonzero(np.diff((row < 128).astype(np.int8)))
    return [int(width) for width in np.diff(edges)]


def test_bars_that_do_not_fit_are_left_out(qtbot: QtBot) -> None:
    words = replace(slip(), bars="10" * 200)
    assert read(painted(words, 58, 203)) == {symbologies.QR_CODE: sample_claims.RECEIPT}


def test_the_slip_goes_to_a_printer(qtbot: QtBot, tmp_path: Path) -> None:
    file = tmp_path / "slip.pdf"
    writer = QPdfWriter(str(file))
    writer.setPageSize(QPageSize(QSizeF(80, 200), QPageSize.Unit.Millimeter))
    writer.setPageMargins(QMarginsF(4, 4, 4, 4))
    writer.setResolution(300)
    assert print_slip(slip(), writer, 300)
    del writer
    assert file.read_bytes().startswith(b"%PDF")


@pytest.mark.parametrize("number", NUMBERS)
@pytest.mark.parametrize(("paper", "dots"), EVERY_PRINTER)
def test_both_codes_in_a_file_are_read(paper: int, dots: int, number: str) -> None:
    document = slip_pdf(slip(number), paper, compressed=False)
    page = rendered(document, dots / 25.4)
    found = {symbol.symbology: symbol.text for symbol in decode(page, KINDS)}
    assert found == {symbologies.QR_CODE: sample_claims.RECEIPT, symbologies.CODE_128: number}


@pytest.mark.parametrize("paper", WIDTHS)
def test_a_file_ends_where_its_text_does_and_keeps_to_what_is_printed(paper: int) -> None:
    document = slip_pdf(slip(training=True), paper, compressed=False)
    width, high = paper_mm(document)
    assert width == pytest.approx(paper, abs=0.1)
    assert 90 < high < 160
    sides = [(left, left + wide) for left, _, wide, _ in rectangles(document)]
    margin = (paper - PRINTED_MM[paper]) / 2
    assert min(left for left, _ in sides) >= margin
    assert max(right for _, right in sides) <= paper - margin


def test_bars_that_do_not_fit_are_left_out_of_a_file() -> None:
    words = replace(slip(), bars="10" * 200)
    page = rendered(slip_pdf(words, 58, compressed=False), 12)
    assert [symbol.text for symbol in decode(page, KINDS)] == [sample_claims.RECEIPT]
