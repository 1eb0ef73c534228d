"""Practice material as the documentation shows it."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QPoint
from PySide6.QtGui import QColor, QImage, QPainter, QRegion
from PySide6.QtWidgets import QApplication, QWidget

from cashier_app.domain.lesson import Code, HoldUp
from cashier_app.printing.practice_layout import SheetPaper
from tests.fakes.clock import FakeClock
from tests.ui.practice_windows import look_of, passes, phone
from tests.unit.practice_sheets import pages
from ui.theme.tokens import LIGHT, Theme
from ui.training.sheet_printing import paint_page

_DOTS_PER_INCH = 110


def sheet_picture(_: Theme = LIGHT, page: int = 0, paper: SheetPaper = SheetPaper.A4) -> QImage:
    """Return a page of the sheet; paper has no dark theme."""
    per_mm = _DOTS_PER_INCH / 25.4
    image = QImage(round(paper.width * per_mm), round(paper.high * per_mm), QImage.Format.Format_RGB32)
    image.fill(QColor("white"))
    painter = QPainter(image)
    paint_page(painter, pages(paper)[page], _DOTS_PER_INCH)
    painter.end()
    return image


def others_picture(_: Theme = LIGHT) -> QImage:
    """Return the page of what is held up besides passes."""
    return sheet_picture(page=-2)


def passes_picture(theme: Theme = LIGHT) -> QImage:
    """Return the window of passes."""
    window = passes(look_of(theme=theme))
    return _shown(window)


def phone_picture(theme: Theme = LIGHT) -> QImage:
    """Return the practice phone, a little after its code came."""
    clock = FakeClock()
    window = phone(clock, look_of(theme=theme))
    window.hold_up(HoldUp("mem-priya", Code.FRESH))
    clock.advance(11)
    window.tick()
    return _shown(window)


def _shown(window: QWidget) -> QImage:
    QApplication.processEvents()
    image = QImage(window.size(), QImage.Format.Format_RGB32)
    window.render(image, QPoint(), QRegion(), QWidget.RenderFlag.DrawChildren)
    window.close()
    window.deleteLater()
    return image


PICTURES: dict[str, Callable[[Theme], QImage]] = {
    "practice-sheet": sheet_picture,
    "practice-sheet-others": others_picture,
    "practice-passes": passes_picture,
    "practice-phone": phone_picture,
}
"""By the name of their files."""
