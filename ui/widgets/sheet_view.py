"""A report of a day on the screen: the paper as it will be printed, in the colours of the window."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QAccessible, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QFrame, QScrollArea, QWidget

from cashier_app.wording.close_lines import sheet_lines
from cashier_app.wording.close_sheet import CloseSheet
from ui.accessibility import install_roles
from ui.sheet_painter import SheetPainter, SheetStyle
from ui.theme.look import DEFAULT_LOOK, Look
from ui.theme.painting import draw_frame, painting

_SIDE, _STEP = 28, 3  # px at 1x; rows of text


class _Paper(QWidget):
    """Paints the sheet; to a screen reader it is one text."""

    accessible_role = QAccessible.Role.StaticText

    def __init__(self) -> None:
        super().__init__()
        install_roles()
        self._look = DEFAULT_LOOK
        self._sheet: CloseSheet | None = None
        self._painter: SheetPainter | None = None

    def show_sheet(self, sheet: CloseSheet | None) -> None:
        self._sheet = sheet
        lines = sheet_lines(sheet) if sheet else ()
        self.setAccessibleName(sheet.title if sheet else "")
        self.setAccessibleDescription("\n".join(line.strip() for line in lines if line.strip()))
        self._lay_out(self.width())

    def set_look(self, look: Look) -> None:
        self._look = look
        self._lay_out(self.width())

    def fit(self, width: int) -> None:
        """Take this width, px, and the height that needs."""
        self._lay_out(width)
        high = self._painter.high if self._painter else 0
        self.resize(width, round(high) + 2 * self._side())

    def paintEvent(self, event: QPaintEvent) -> None:
        if self._painter is None:
            return
        side = self._side()
        with painting(self) as painter:
            fill, edge = self._look.colour("surface"), self._look.colour("line")
            draw_frame(painter, self.rect(), self._look.px(14), fill=fill, edge=edge)
            painter.translate(side, side)
            self._painter.paint(painter, QRectF(event.rect()).translated(-side, -side))

    def _side(self) -> int:
        return self._look.px(16 if self._look.metrics.compact else _SIDE)

    def _lay_out(self, width: int) -> None:
        room = max(1, width - 2 * self._side())
        style = SheetStyle.of_look(self._look)
        self._painter = SheetPainter(self._sheet, room, style) if self._sheet else None
        self.update()


class SheetView(QScrollArea):
    """Scrolls a report; arrows are given to it by the page."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = DEFAULT_LOOK
        self.paper = _Paper()
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setWidget(self.paper)

    def show_sheet(self, sheet: CloseSheet | None) -> None:
        """Show a report from its top; nothing for None."""
        self.paper.show_sheet(sheet)
        self._fit()
        self.verticalScrollBar().setValue(0)

    def move_by(self, steps: int) -> None:
        """Go down by so many steps of three rows, up for a negative number."""
        bar = self.verticalScrollBar()
        bar.setValue(bar.value() + steps * _STEP * self._look.px(24))

    def set_look(self, look: Look) -> None:
        """Take over new colours and measures."""
        self._look = look
        self.paper.set_look(look)
        self._fit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Lay the report out anew."""
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        bar = self.verticalScrollBar().sizeHint().width()
        self.paper.fit(max(1, self.width() - bar - self._look.px(4)))
