"""The six figures of the day in one strip, each with its base, what it was before, and what it means."""

from __future__ import annotations

from itertools import pairwise

from PySide6.QtCore import QEvent, QRect, QRectF, Qt, QTimer, Signal
from PySide6.QtGui import (
    QAccessible,
    QEnterEvent,
    QFocusEvent,
    QMouseEvent,
    QPaintEvent,
    QResizeEvent,
)
from PySide6.QtWidgets import QWidget

from cashier_app.wording.day_parts import FigureTile
from ui.theme.look import DEFAULT_LOOK, Look, spread_look
from ui.theme.painting import draw_focus_ring, draw_icon, draw_line, painting, snapped, text_width
from ui.theme.typography import MEDIUM, REGULAR, SEMIBOLD
from ui.widgets.panel import Panel, PanelKind

HOVER_MS = 500
_PRESS_MS = 500
_RING_REASONS = frozenset(
    {Qt.FocusReason.TabFocusReason, Qt.FocusReason.BacktabFocusReason, Qt.FocusReason.ShortcutFocusReason}
)
_LEAST_FIGURE = 18
_SIDE = 14
_ARROW = 16


class FigureView(QWidget):
    """One figure. Hover, focus or a long press asks for its definition."""

    explained = Signal(bool)  # whether the definition is wanted
    accessible_role = QAccessible.Role.StaticText

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = DEFAULT_LOOK
        self.tile: FigureTile | None = None
        self._size = 0
        self._brief = False
        self._ring = False
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setMouseTracking(True)
        self._wait = QTimer(self)
        self._wait.setSingleShot(True)
        self._wait.timeout.connect(lambda: self.explained.emit(True))

    def show_tile(self, tile: FigureTile) -> None:
        """Show a figure."""
        self.tile = tile
        self.setAccessibleName(tile.spoken)
        self.setAccessibleDescription(tile.definition)
        self.update()

    def set_look(self, look: Look) -> None:
        """Take over new colours and measures."""
        self._look = look
        self.update()

    def set_figure_size(self, size: int) -> None:
        """Write the figure this large, px."""
        if size != self._size:
            self._size = size
            self.update()

    def set_brief(self, brief: bool) -> None:  # noqa: FBT001 - a setter, like Qt's
        """Say what was before in its short form."""
        if brief != self._brief:
            self._brief = brief
            self.update()

    def is_brief(self) -> bool:
        """Return whether the short form is shown."""
        return self._brief

    def _before(self, tile: FigureTile) -> str:
        if tile.before is None:
            return ""
        return tile.before.short if self._brief else tile.before.full

    def lines(self) -> list[tuple[str, str, int, int]]:
        """Return text, colour, weight and px of each line from the top; the figure is the second."""
        tile, body = self.tile, self._look.metrics.body
        if tile is None:
            return []
        before = self._before(tile)
        return [
            (tile.label.full, "ink2", REGULAR, body),
            (tile.figure, "ink", SEMIBOLD, self._size),
            (tile.base.full, "ink2", REGULAR, body),
            (before, "ink2", MEDIUM, body),
        ]

    def wanted_width(self, size: int) -> float:
        """Return how wide the widest line is with the figure `size` px large."""
        look, tile = self._look, self.tile
        if tile is None:
            return 0
        before = self._before(tile)
        arrow = look.px(_ARROW + 6) if tile.icon else 0
        figure = look.font("digits", SEMIBOLD)
        figure.setPixelSize(size)
        return max(
            text_width(tile.label.full, look.font("body")),
            text_width(tile.figure, figure),
            text_width(tile.base.full, look.font("body")),
            text_width(before, look.font("body", MEDIUM)) + arrow,
        )

    # --- who looks at it --------------------------------------------------------------------------

    def enterEvent(self, event: QEnterEvent) -> None:
        """Explain it when a pointer rests here."""
        self._wait.start(HOVER_MS)
        super().enterEvent(event)

    def leaveEvent(self, event: QEvent) -> None:
        """Stop explaining it."""
        self._stop()
        super().leaveEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Explain it when a finger stays here."""
        event.accept()
        self._wait.start(_PRESS_MS)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Keep what a long press showed; a short one shows nothing."""
        event.accept()
        self._wait.stop()

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Explain it to who came here by key."""
        self._ring = event.reason() in _RING_REASONS
        super().focusInEvent(event)
        if self._ring:
            self.explained.emit(True)
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Stop explaining it."""
        self._ring = False
        super().focusOutEvent(event)
        self._stop()
        self.update()

    def _stop(self) -> None:
        self._wait.stop()
        self.explained.emit(False)

    # --- painting ---------------------------------------------------------------------------------

    def line_boxes(self) -> list[QRect]:
        """Return where the lines stand, px."""
        px = self._look.px
        text, figure = px(24), max(px(34), self._size + px(6))
        heights = [text, figure, text, text]
        top = (self.height() - sum(heights)) // 2
        boxes = []
        for height in heights:
            boxes.append(QRect(px(_SIDE), top, self.width() - 2 * px(_SIDE), height))
            top += height
        return boxes

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint the whole widget."""
        look, tile = self._look, self.tile
        with painting(self) as painter:
            if self._ring and self.hasFocus():
                draw_focus_ring(painter, self.rect(), look.metrics.radius_control, look)
            for at, ((words, token, weight, size), box) in enumerate(
                zip(self.lines(), self.line_boxes(), strict=False)
            ):
                font = look.font("body", weight)
                font.setPixelSize(size)
                if at == 1:
                    font = look.font("digits", weight)
                    font.setPixelSize(size)
                if at == 3 and tile is not None and tile.icon and words:
                    side = look.px(_ARROW)
                    place = QRectF(box.left(), box.center().y() - side / 2 + 1, side, side)
                    draw_icon(painter, place, tile.icon, "ink2", look)
                    box.setLeft(box.left() + side + look.px(6))
                draw_line(painter, box, words, font, look.colour(token), flush=True)


class FigureStrip(Panel):
    """The figures side by side, or in two rows where there is little room."""

    explain = Signal(object)  # a FigureView, or None

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(PanelKind.PLAIN, parent=parent)
        self.views: list[FigureView] = []

    def show_tiles(self, tiles: tuple[FigureTile, ...]) -> None:
        """Show these figures."""
        while len(self.views) < len(tiles):
            view = FigureView(self)
            view.set_look(self.look)
            view.explained.connect(lambda wanted, view=view: self.explain.emit(view if wanted else None))
            view.show()
            self.views.append(view)
        for view, tile in zip(self.views, tiles, strict=True):
            view.show_tile(tile)
        self._place()

    def set_look(self, look: Look) -> None:
        """Take over new colours and measures."""
        super().set_look(look)
        spread_look(self, look)
        self._place()

    def high(self) -> int:
        """Return the height wanted, px."""
        px = self.look.px
        return px(2 * 122 + 8) if self._columns() == 3 else px(136)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Fit the parts to the new size."""
        super().resizeEvent(event)
        self._place()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the frame and the lines between."""
        super().paintEvent(event)
        px, colour = self.look.px, self.look.colour("line")
        columns = self._columns()
        with painting(self) as painter:
            for at, view in enumerate(self.views):
                box = view.geometry()
                if at % columns:
                    line = QRectF(box.left(), box.top() + px(10), 1, box.height() - px(20))
                    painter.fillRect(snapped(painter, line), colour)
                if at >= columns and at % columns == 0:
                    line = QRectF(px(_SIDE + 8), box.top(), self.width() - 2 * px(_SIDE + 8), 1)
                    painter.fillRect(snapped(painter, line), colour)

    def _columns(self) -> int:
        return 3 if self.look.metrics.compact else 6

    def _place(self) -> None:
        columns = self._columns()
        if not self.views:
            return
        px = self.look.px
        room = self.width() - 2 * px(8)
        widths, size = self._fitting(columns, room)
        rows = -(-len(self.views) // columns)
        high = (self.height() - 2 * px(4)) // rows
        for at, view in enumerate(self.views):
            row, column = divmod(at, columns)
            left = px(8) + sum(widths[:column])
            view.set_figure_size(size)
            view.setGeometry(left, px(4) + row * high, widths[column], high)

    def _fitting(self, columns: int, room: int) -> tuple[list[int], int]:
        """Return the widths of the columns and the size of the figures, px: the largest that fits."""
        px = self.look.px
        largest = self.look.metrics.digits
        size = largest
        for view in self.views:
            view.set_brief(False)
        while True:
            wanted = [
                max(view.wanted_width(size) for view in self.views[column::columns]) + 2 * px(_SIDE)
                for column in range(min(columns, len(self.views)))
            ]
            left = room - sum(wanted)
            if left >= 0 or size <= px(_LEAST_FIGURE):
                break
            if any(view.is_brief() for view in self.views):
                size -= 1
            for view in self.views:
                view.set_brief(True)
        share = left / len(wanted)
        edges = [round(sum(wanted[:at]) + share * at) for at in range(len(wanted) + 1)]
        return [after - before for before, after in pairwise(edges)], size
