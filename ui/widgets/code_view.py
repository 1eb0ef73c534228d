"""A code to be scanned from the screen: whole device pixels, black on white in every theme."""

from __future__ import annotations

from math import floor

from PySide6.QtCore import QRect, QRectF
from PySide6.QtGui import QAccessible, QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from cashier_app.scanning.printed_codes import QUIET_MODULES, PrintedCode
from ui.theme.look import DEFAULT_LOOK, Look
from ui.theme.painting import draw_frame, fill_rectangle, painting

PAPER, INK = "#FFFFFF", "#000000"


class CodeView(QWidget):
    """Shows one code as large as it fits, with its quiet zone, on a white tile."""

    accessible_role = QAccessible.Role.Graphic

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = DEFAULT_LOOK
        self._code: PrintedCode | None = None

    def show_code(self, code: PrintedCode | None) -> None:
        """Show another code, or an empty tile."""
        self._code = code
        self.setAccessibleName(code.kind if code else "")
        self.update()

    def code(self) -> PrintedCode | None:
        """Return what is shown."""
        return self._code

    def set_look(self, look: Look) -> None:
        """Take over new colours and measures."""
        self._look = look
        self.update()

    def module_px(self) -> int:
        """Return the width of one module in device pixels; 0 where the code has no room."""
        if self._code is None:
            return 0
        ratio, quiet = self.devicePixelRatioF(), 2 * QUIET_MODULES[self._code.kind]
        across = floor(self.width() * ratio / (self._code.columns + quiet))
        if self._code.is_bars:
            return across
        return min(across, floor(self.height() * ratio / (len(self._code.rows) + quiet)))

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint the tile, then every dark run on whole device pixels."""
        with painting(self) as painter:
            draw_frame(
                painter,
                QRectF(self.rect()),
                self._look.metrics.radius_field,
                fill=QColor(PAPER),
                edge=self._look.colour("line"),
            )
            if self._code is not None and self.module_px():
                self._paint_code(painter, self._code)

    def _paint_code(self, painter: QPainter, code: PrintedCode) -> None:
        ratio, module = self.devicePixelRatioF(), self.module_px()
        wide, high = floor(self.width() * ratio), floor(self.height() * ratio)
        tall = high - 2 * module * 6 if code.is_bars else module
        left = (wide - code.columns * module) // 2
        top = (high - len(code.rows) * tall) // 2
        painter.save()
        painter.scale(1 / ratio, 1 / ratio)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, on=False)
        ink = QColor(INK)
        for y, row in enumerate(code.rows):
            for x, dark in enumerate(row):
                if dark == "1":
                    fill_rectangle(painter, QRect(left + x * module, top + y * tall, module, tall), ink)
        painter.restore()
