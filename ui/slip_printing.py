"""The slip with a sale's claim code, on a printer: a roll of 80 mm, or a corner of a larger sheet."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QPagedPaintDevice, QPainter

from cashier_app.wording.claims import SlipWords
from ui.theme.typography import REGULAR, SEMIBOLD, font

_PX_PER_INCH = 96
_WIDTH_PX = 272.0  # 72 mm: what an 80 mm roll prints on
_MODULES_OF_QUIET = 4
_CENTRED = int(Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop | Qt.TextFlag.TextWordWrap)


def print_slip(words: SlipWords, device: QPagedPaintDevice, dots_per_inch: int) -> bool:
    """Print a slip on a printer or into a PDF; say whether the device took it.

    Args:
        words: What stands on it.
        device: Where to; its margins are kept.
        dots_per_inch: The resolution of the device.
    """
    scale = dots_per_inch / _PX_PER_INCH
    page = QRectF(device.pageLayout().paintRectPixels(dots_per_inch))
    width = min(_WIDTH_PX, page.width() / scale)
    painter = QPainter()
    if not painter.begin(device):
        return False
    try:
        painter.scale(scale, scale)
        paint_slip(painter, words, width)
    finally:
        painter.end()
    return True


def paint_slip(painter: QPainter, words: SlipWords, width: float) -> float:
    """Paint a slip from the top and return how high it is, px at 96 dots an inch."""
    painter.setPen(QColor("#000000"))
    top = 0.0

    def line(text: str, size: int, weight: int, gap: float) -> None:
        nonlocal top
        if text:
            painter.setFont(font(size, weight))
            box = QRectF(0, top + gap, width, 10_000)
            painter.drawText(box, _CENTRED, text)
            top = painter.boundingRect(box, _CENTRED, text).bottom()

    line(words.mark, 16, SEMIBOLD, 0)
    line(words.store, 16, SEMIBOLD, 0)
    for name, value in words.facts:
        line(f"{name}  {value}", 12, REGULAR, 2)
    line(words.title, 14, SEMIBOLD, 10)
    top = _paint_code(painter, words.rows, top + 6, width)
    line(words.code, 18, SEMIBOLD, 4)
    line(words.body, 12, REGULAR, 4)
    return top


def _paint_code(painter: QPainter, rows: tuple[str, ...], top: float, width: float) -> float:
    """Paint the QR code with its quiet zone in the middle; return where it ends."""
    across = len(rows) + 2 * _MODULES_OF_QUIET
    module = width * 0.82 / across
    left = (width - module * len(rows)) / 2
    at = top + module
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, on=False)
    for row in rows:
        start = 0
        while start < len(row):
            end = start
            while end < len(row) and row[end] == row[start]:
                end += 1
            if row[start] == "1":
                # One box for each dark run, so that no light hair shows between its modules.
                painter.fillRect(
                    QRectF(left + start * module, at, (end - start) * module, module * 1.02),
                    QColor("#000000"),
                )
            start = end
        at += module
    return at + module * _MODULES_OF_QUIET / 2
