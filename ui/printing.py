"""A report of a day on a printer: the rows of the screen in black. Qt wants paper on its own thread."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPagedPaintDevice, QPainter
from PySide6.QtWidgets import QDialog, QWidget

from cashier_app.wording.close_sheet import CloseSheet
from cashier_app.wording.training_mark import with_mark
from ui.sheet_painter import SheetPainter, SheetStyle
from ui.widgets.training_frame import in_training

if TYPE_CHECKING:
    from PySide6.QtPrintSupport import QPrinter

_PX_PER_INCH = 96
_NARROW_INCHES = 4.0  # a paper roll is narrower
_ROLL_SCALE = 0.86


def ask_for_printer(parent: QWidget, title: str, chosen: Callable[[QPrinter], None]) -> None:
    """Ask which printer, and return at once; loads Qt's printing, which the till does without."""
    from PySide6.QtPrintSupport import QPrintDialog, QPrinter

    title = with_mark(title) if in_training(parent) else title
    printer = QPrinter(QPrinter.PrinterMode.HighResolution)
    printer.setDocName(title)  # what the list of print jobs says
    asking = QPrintDialog(printer, parent)
    asking.setWindowTitle(title)
    asking.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    asking.accepted.connect(lambda: chosen(printer))
    QDialog.open(asking)  # its own way to open takes a slot by name


def print_sheet(sheet: CloseSheet, device: QPagedPaintDevice, dots_per_inch: int) -> int:
    """Print a report on a printer or into a PDF, and return how many pages that took; 0 when it refuses.

    Args:
        sheet: What stands on it.
        device: Where to; its margins are kept.
        dots_per_inch: The resolution of the device.
    """
    scale = dots_per_inch / _PX_PER_INCH
    page = QRectF(device.pageLayout().paintRectPixels(dots_per_inch))
    width, high = page.width() / scale, page.height() / scale
    style = SheetStyle.on_paper(_ROLL_SCALE if width < _NARROW_INCHES * _PX_PER_INCH else 1.0)
    pages = SheetPainter(sheet, width, style).pages(high)
    painter = QPainter()
    if not painter.begin(device):
        return 0
    try:
        painter.scale(scale, scale)
        for number, blocks in enumerate(pages):
            if number:
                device.newPage()
            top = 0.0
            for block in blocks:
                block.paint(painter, top)
                top += block.high
    finally:
        painter.end()
    return len(pages)
