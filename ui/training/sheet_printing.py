"""The sheet of practice passes on a printer: the marks of the PDF. Qt wants paper on its own thread."""

from __future__ import annotations

from itertools import groupby

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import (
    QColor,
    QFont,
    QFontMetricsF,
    QPagedPaintDevice,
    QPageSize,
    QPainter,
    QPen,
    QPolygonF,
)

from cashier_app.printing.practice_layout import (
    Area,
    Code,
    Mark,
    SheetPaper,
    Side,
    Stripe,
    Words,
    sheet_pages,
)
from cashier_app.wording.practice_sheet import PracticeSheet
from ui.theme.typography import REGULAR, SEMIBOLD, font, font_for_text

MM_PER_INCH = 25.4
_POINTS_PER_INCH = 72
_SMALLEST = 5.0
_HAIR_MM = 0.25
_LETTER_WIDER_THAN = 213.0  # mm
_SIDES = {
    Side.LEFT: Qt.AlignmentFlag.AlignLeft,
    Side.RIGHT: Qt.AlignmentFlag.AlignRight,
    Side.MIDDLE: Qt.AlignmentFlag.AlignHCenter,
}


def print_practice(sheet: PracticeSheet, device: QPagedPaintDevice, dots_per_inch: int) -> int:
    """Print the sheet on a printer or into a PDF, and return how many pages that took; 0 when it refuses.

    Args:
        sheet: What stands on it.
        device: Where to. Codes keep their size where the paper is as large as A4 or Letter.
        dots_per_inch: The resolution of the device.
    """
    layout = device.pageLayout()
    paper = layout.fullRect(layout.units().Millimeter)
    wanted = SheetPaper.LETTER if paper.width() > _LETTER_WIDER_THAN else SheetPaper.A4
    shrunk = min(1.0, paper.width() / wanted.width, paper.height() / wanted.high)
    pages = sheet_pages(sheet, wanted)
    painter = QPainter()
    if not painter.begin(device):
        return 0
    try:
        # Marks stand where they do on the paper, whatever margins the printer keeps.
        kept = layout.paintRectPixels(dots_per_inch).topLeft()
        for number, marks in enumerate(pages):
            if number:
                device.newPage()
            painter.resetTransform()
            painter.translate(-QPointF(kept))
            painter.scale(shrunk, shrunk)
            paint_page(painter, marks, dots_per_inch)
    finally:
        painter.end()
    return len(pages)


def paint_page(painter: QPainter, marks: list[Mark], dots_per_inch: float) -> None:
    """Paint one page from the corner of its paper."""
    per_mm = dots_per_inch / MM_PER_INCH
    for mark in marks:
        match mark:
            case Area():
                _paint_area(painter, mark, per_mm)
            case Stripe():
                painter.setRenderHint(QPainter.RenderHint.Antialiasing)
                painter.setPen(Qt.PenStyle.NoPen)
                painter.setBrush(QColor(mark.fill))
                painter.drawPolygon(QPolygonF([QPointF(x * per_mm, y * per_mm) for x, y in mark.corners]))
            case Words():
                _write(painter, mark, per_mm)
            case Code():
                _paint_code(painter, mark, per_mm)


def a4_or_letter(paper: SheetPaper) -> QPageSize:
    """Return the page a printer is asked for."""
    size = QPageSize.PageSizeId.Letter if paper is SheetPaper.LETTER else QPageSize.PageSizeId.A4
    return QPageSize(size)


def _paint_area(painter: QPainter, area: Area, per_mm: float) -> None:
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(QColor(area.edge), _HAIR_MM * per_mm) if area.edge else Qt.PenStyle.NoPen)
    painter.setBrush(QColor(area.fill) if area.fill else Qt.BrushStyle.NoBrush)
    box = QRectF(area.left * per_mm, area.top * per_mm, area.width * per_mm, area.high * per_mm)
    painter.drawRoundedRect(box, area.radius * per_mm, area.radius * per_mm)


def _paint_code(painter: QPainter, code: Code, per_mm: float) -> None:
    """Fill dark runs between whole dots: rounding never lets two modules of a row differ by more than one."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, on=False)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor("#000000"))
    high = code.bars or code.module
    for y, row in enumerate(code.code.rows):
        top = round((code.top + y * code.module) * per_mm)
        bottom = round((code.top + y * code.module + high) * per_mm)
        at = 0
        for dark, same in groupby(row):
            length = len(list(same))
            if dark == "1":
                left = round((code.left + at * code.module) * per_mm)
                right = round((code.left + (at + length) * code.module) * per_mm)
                painter.drawRect(QRectF(left, top, right - left, bottom - top))
            at += length


def _write(painter: QPainter, words: Words, per_mm: float) -> None:
    if not words.text:
        return
    room = QRectF(words.left * per_mm, words.top * per_mm, words.width * per_mm, words.high * per_mm)
    flags = int(_SIDES[words.side] | Qt.AlignmentFlag.AlignAbsolute | Qt.TextFlag.TextWordWrap)
    made = _fitted(words, room, flags, per_mm)
    line = QFontMetricsF(made).height()
    one_line = words.high * per_mm < 2 * line
    flags |= int(Qt.AlignmentFlag.AlignVCenter if one_line else Qt.AlignmentFlag.AlignTop)
    painter.setRenderHint(QPainter.RenderHint.TextAntialiasing)
    painter.setFont(made)
    painter.setPen(QColor(words.colour))
    painter.drawText(room, flags, words.text)


def _fitted(words: Words, room: QRectF, flags: int, per_mm: float) -> QFont:
    """Return the largest font in which a text fits its room."""
    size = words.points
    while True:
        pixels = round(size / _POINTS_PER_INCH * MM_PER_INCH * per_mm)
        made = font_for_text(words.text, font(pixels, SEMIBOLD if words.bold else REGULAR))
        metrics = QFontMetricsF(made)
        box = metrics.boundingRect(QRectF(0, 0, room.width(), 1e6), flags, words.text)
        fits = box.height() <= max(room.height(), metrics.height()) + 1 and box.width() <= room.width() + 1
        if fits or size <= _SMALLEST:
            return made
        size = max(_SMALLEST, size - 0.5)
