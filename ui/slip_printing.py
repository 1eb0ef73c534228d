"""The slip with a sale's codes, on a printer: a roll of 58 or 80 mm, or a corner of a larger sheet."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QPagedPaintDevice, QPainter

from cashier_app.domain.code_modules import dark_runs
from cashier_app.wording.claims import SlipWords
from ui.theme.typography import REGULAR, SEMIBOLD, font

_PX_PER_INCH = 96
_WIDTH_PX = 272.0  # 72 mm: what an 80 mm roll prints on
_MODULES_OF_QUIET = 4
_QUIET_OF_BARS = 10  # modules, ISO/IEC 15417
_WHITE_SIDE_PX = 15.0  # 4 mm: paper no printer reaches, which is quiet as well
_WIDEST_BAR_PX = 1.6  # 0.42 mm: wider bars need more paper and read no better
_BARS_HIGH_PX = 38.0  # 10 mm
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
    top = _paint_bars(painter, words.bars, top + 10, width)
    line(words.number, 12, REGULAR, 2)
    return top


def _paint_code(painter: QPainter, rows: tuple[str, ...], top: float, width: float) -> float:
    """Paint the QR code with its quiet zone in the middle; return where it ends."""
    across = len(rows) + 2 * _MODULES_OF_QUIET
    dot = _dot(painter)
    module = _in_dots(width * 0.82 / across, dot) or width * 0.82 / across
    left = _in_dots((width - module * len(rows)) / 2, dot)
    at = _in_dots(top + module, dot)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, on=False)
    for row in rows:
        for start, length in dark_runs(row):
            # One box for each dark run, so that no light hair shows between its modules.
            run = QRectF(left + start * module, at, length * module, module * 1.02)
            painter.fillRect(run, QColor("#000000"))
        at += module
    return at + module * _MODULES_OF_QUIET / 2


def _paint_bars(painter: QPainter, bars: str, top: float, width: float) -> float:
    """Paint the number as bars in the middle; return where they end, `top` where they do not fit.

    Each module is a whole number of the printer's dots: bars a dot too wide or narrow are read as others.
    """
    dot, across = _dot(painter), len(bars) + 2 * _QUIET_OF_BARS
    if not bars:
        return top
    fits = min(width / len(bars), (width + 2 * _WHITE_SIDE_PX) / across)
    module = _in_dots(min(fits, max(_WIDEST_BAR_PX, dot)), dot)
    if not module:
        return top
    left, at = _in_dots((width - module * len(bars)) / 2, dot), _in_dots(top, dot)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, on=False)
    for start, length in dark_runs(bars):
        bar = QRectF(left + start * module, at, length * module, _BARS_HIGH_PX)
        painter.fillRect(bar, QColor("#000000"))
    return at + _BARS_HIGH_PX


def _dot(painter: QPainter) -> float:
    """Return how wide one dot of what is painted on is, px at 96 dots an inch."""
    return 1 / painter.deviceTransform().m11()


def _in_dots(length: float, dot: float) -> float:
    """Return a length as so many whole dots as fit into it."""
    return int(length / dot + 1e-6) * dot
