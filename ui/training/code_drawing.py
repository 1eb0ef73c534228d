"""Codes on a screen: whole device pixels, sized in millimetres, black on white in every theme."""

from __future__ import annotations

from math import floor
from typing import Final

from PySide6.QtCore import QRect, QRectF
from PySide6.QtGui import QColor, QPainter, QScreen

from cashier_app.domain.code_modules import dark_runs
from cashier_app.scanning import symbologies
from cashier_app.scanning.printed_codes import QUIET_MODULES, PrintedCode
from ui.theme.painting import device_ratio, fill_rectangle

MODULE_MM: Final = {
    symbologies.QR_CODE: 1.7,
    symbologies.AZTEC: 1.9,
    symbologies.PDF417: 0.7,
    symbologies.CODE_128: 0.55,
}
"""One module at size 1: larger than on a phone's screen, for a webcam across a counter."""

_BARS_HIGH_MM: Final = 20.0
_MM_PER_INCH: Final = 25.4
_BELIEVED: Final = (60.0, 400.0)  # dots an inch; projectors and cheap screens say anything
_USUAL: Final = 96.0


def pixels_per_mm(screen: QScreen | None, ratio: float) -> float:
    """Return the device pixels of a millimetre; a screen that cannot be believed is taken for a usual one."""
    dots = screen.physicalDotsPerInch() if screen is not None else _USUAL
    if not _BELIEVED[0] <= dots <= _BELIEVED[1]:
        dots = _USUAL
    return dots * ratio / _MM_PER_INCH


def module_pixels(code: PrintedCode, room: QRectF, per_mm: float, ratio: float, size: float = 1.0) -> int:
    """Return the side of one module, device pixels; 0 where the code does not fit with its quiet zone.

    `room` is the white ground in logical px, `per_mm` device pixels in a millimetre, `ratio` those of a
    logical px, `size` times the usual size.
    """
    quiet = 2 * QUIET_MODULES[code.kind]
    fits = floor(room.width() * ratio / (code.columns + quiet))
    if not code.is_bars:
        fits = min(fits, floor(room.height() * ratio / (len(code.rows) + quiet)))
    # Bars of one pixel do not survive a camera.
    wanted = max(2, round(MODULE_MM[code.kind] * size * per_mm))
    return max(0, min(fits, wanted))


def paint_code(painter: QPainter, code: PrintedCode, room: QRectF, module: int, per_mm: float) -> QRectF:
    """Paint a code in the middle of its white ground and return where it is, logical px."""
    ratio = device_ratio(painter)
    tall = module
    if code.is_bars:
        tall = max(1, min(round(_BARS_HIGH_MM * per_mm), floor(room.height() * ratio * 0.8)))
    wide, high = code.columns * module, len(code.rows) * tall
    left = round(room.center().x() * ratio - wide / 2)
    top = round(room.center().y() * ratio - high / 2)
    ink = QColor("#000000")
    painter.save()
    painter.scale(1 / ratio, 1 / ratio)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, on=False)
    for y, row in enumerate(code.rows):
        for at, length in dark_runs(row):
            box = QRect(left + at * module, top + y * tall, length * module, tall)
            fill_rectangle(painter, box, ink)
    painter.restore()
    return QRectF(left / ratio, top / ratio, wide / ratio, high / ratio)
