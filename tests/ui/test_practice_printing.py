"""The sheet of practice passes through Qt's printing: the same marks, and every code reads."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import QBuffer, QMarginsF
from PySide6.QtGui import QImage, QPageLayout, QPainter, QPdfWriter
from pytestqt.qtbot import QtBot

from cashier_app.printing.practice_layout import SheetPaper
from cashier_app.scanning.decoders import decode
from tests.unit.practice_sheets import DOTS_PER_INCH, FORMATS, codes_on, field_of, pages, sheet
from ui.training.sheet_printing import a4_or_letter, paint_page, print_practice


def painted(paper: SheetPaper, number: int) -> np.ndarray:
    """Return a page as a printer of 300 dots an inch prints it, in grey."""
    per_mm = DOTS_PER_INCH / 25.4
    image = QImage(round(paper.width * per_mm), round(paper.high * per_mm), QImage.Format.Format_Grayscale8)
    image.fill(255)
    painter = QPainter(image)
    paint_page(painter, pages(paper)[number], DOTS_PER_INCH)
    painter.end()
    data = np.frombuffer(image.constBits(), np.uint8)
    return data.reshape(image.height(), image.bytesPerLine())[:, : image.width()].copy()


@pytest.mark.parametrize("paper", SheetPaper)
def test_every_code_on_every_page_reads(qtbot: QtBot, paper: SheetPaper) -> None:
    seen = 0
    for number, page in enumerate(pages(paper)):
        picture = painted(paper, number)
        for code in codes_on(page):
            (symbol,) = decode(field_of(picture, code), FORMATS)
            assert (symbol.symbology, symbol.text) == (code.code.kind, code.code.text)
            seen += 1
    assert seen == 4 * len(sheet().passes) + 4 + 6


@pytest.mark.parametrize("paper", SheetPaper)
def test_a_printer_gets_all_pages_on_its_paper(qtbot: QtBot, paper: SheetPaper) -> None:
    buffer = QBuffer()
    buffer.open(QBuffer.OpenModeFlag.WriteOnly)
    writer = QPdfWriter(buffer)
    writer.setResolution(DOTS_PER_INCH)
    writer.setPageLayout(
        QPageLayout(a4_or_letter(paper), QPageLayout.Orientation.Portrait, QMarginsF(12, 12, 12, 12))
    )
    assert print_practice(sheet(), writer, DOTS_PER_INCH) == len(pages(paper))
    assert bytes(buffer.data().data()).count(b"/Type /Page\n") == len(pages(paper))


@pytest.mark.qt_log_ignore("QPainter::begin")
def test_a_printer_that_refuses_prints_nothing(qtbot: QtBot) -> None:
    writer = QPdfWriter("/nowhere/sheet.pdf")
    assert print_practice(sheet(), writer, DOTS_PER_INCH) == 0
