"""The lines of a sale that comes back: each is picked or left, and counted where there are several of it."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRect, QRectF, Qt, Signal
from PySide6.QtGui import QAccessible, QMouseEvent, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QWidget

from cashier_app.wording.return_lines import LinesWords, LineWords
from ui.theme.look import DEFAULT_LOOK, Look, spread_look
from ui.theme.painting import RIGHT, painting
from ui.theme.typography import MEDIUM
from ui.widgets.button import ActionButton, ButtonKind
from ui.widgets.panel import PanelKind, PlacedPanel
from ui.widgets.text import ElidedLabel

_ROW, _PITCH, _COUNT = 56, 60, 48
_CHECK, _SIDE, _GAP = 26, 12, 12
_COUNT_WIDE, _TIMES_WIDE = 74, 40
_TICK = ((0.27, 0.52), (0.44, 0.68), (0.74, 0.34))  # parts of the box


class LineRow(QWidget):
    """One line, to be pressed anywhere; its count is a button of its own."""

    switched = Signal()
    counted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = DEFAULT_LOOK
        self._words: LineWords | None = None
        self._framed = False
        self._room = _COUNT_WIDE
        self.label = ElidedLabel(role="body_large", weight=MEDIUM, parent=self)
        self.times = ElidedLabel(role="body", colour="ink2", align=RIGHT, parent=self)
        self.amount = ElidedLabel(role="body_large", weight=MEDIUM, align=RIGHT, parent=self)
        self.count = ActionButton(kind=ButtonKind.SECONDARY, parent=self)
        self.count.clicked.connect(self.counted)

    def show_line(self, words: LineWords, *, framed: bool, counts: bool) -> None:
        """Show another line; `framed` while the keys go to the list, `counts` where any line is counted."""
        self._words, self._framed = words, framed and words.marked
        self.label.set_text(words.label)
        self.label.set_colour("ink" if words.left else "ink3")
        self.amount.set_text(words.amount)
        self.amount.set_colour("ink" if words.left else "ink3")
        self._room = _COUNT_WIDE if counts else _TIMES_WIDE
        counts = words.counts and words.picked
        self.count.setVisible(counts)
        self.count.set_words(words.count)
        self.count.setAccessibleName(words.spoken)
        self.times.setVisible(not counts)
        self.times.set_text(words.count)
        self.setAccessibleName(words.spoken)
        self.setCursor(Qt.CursorShape.PointingHandCursor if words.left else Qt.CursorShape.ArrowCursor)
        self._place()
        self.update()

    def words(self) -> LineWords | None:
        """Return what is shown, for tests."""
        return self._words

    def set_look(self, look: Look) -> None:
        """Take over new colours and measures."""
        self._look = look
        spread_look(self, look)
        self._place()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Fit the parts to the new size."""
        super().resizeEvent(event)
        self._place()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Pick the line, or leave it."""
        event.accept()
        if self._words is not None and self._words.left:
            self.switched.emit()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint the row, and the box of its check."""
        words = self._words
        if words is None:
            return
        look = self._look
        with painting(self) as painter:
            if words.picked:
                painter.setPen(Qt.PenStyle.NoPen)
                painter.setBrush(look.colour("accent_tint"))
                painter.drawRoundedRect(QRectF(self.rect()), look.px(8), look.px(8))
            box = QRectF(self._box()).adjusted(1, 1, -1, -1)
            painter.setPen(QPen(look.colour("accent" if words.picked else "edge"), look.px(2)))
            painter.setBrush(look.colour("accent" if words.picked else "surface"))
            if words.left:
                painter.drawRoundedRect(box, look.px(6), look.px(6))
            if words.picked:
                pen = QPen(look.colour("on_accent"), max(2, look.px(2)))
                pen.setCapStyle(Qt.PenCapStyle.RoundCap)
                pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
                painter.setPen(pen)
                painter.drawPolyline([self._in_box(x, y) for x, y in _TICK])
            if self._framed:
                width = look.px(2)
                inside = QRectF(self.rect()).adjusted(width / 2, width / 2, -width / 2, -width / 2)
                painter.setPen(QPen(look.colour("ink"), width))
                painter.setBrush(Qt.BrushStyle.NoBrush)
                painter.drawRoundedRect(inside, look.px(8), look.px(8))

    def _in_box(self, x: float, y: float) -> QPointF:
        box = QRectF(self._box())
        return QPointF(box.left() + x * box.width(), box.top() + y * box.height())

    def _box(self) -> QRect:
        px = self._look.px
        return QRect(px(_SIDE), (self.height() - px(_CHECK)) // 2, px(_CHECK), px(_CHECK))

    def _place(self) -> None:
        px, box = self._look.px, self._box()
        right = self.width() - px(_SIDE)
        money = max(px(96), self.amount.sizeHint().width())
        self.amount.setGeometry(right - money, 0, money, self.height())
        count = px(self._room)
        if not self.count.isHidden():
            count = max(count, self.count.sizeHint().width())
        at = right - money - px(_GAP) - count
        high = px(_COUNT)
        self.count.setGeometry(at, (self.height() - high) // 2, count, high)
        self.times.setGeometry(at, 0, count - px(4), self.height())
        left = box.right() + 1 + px(_GAP)
        self.label.setGeometry(left, 0, max(1, at - px(_GAP) - left), self.height())


class ReturnLines(PlacedPanel):
    """The lines to pick from, as many as there is height for; the marked one is always among them."""

    accessible_role = QAccessible.Role.List
    switched = Signal(int)  # a line, by its place on the bill
    counted = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(PanelKind.FRAMED, parent=parent)
        self._words: LinesWords | None = None
        self._first = 0
        self._framed = True
        self.rows: list[LineRow] = []
        self._marked = -1
        self.more = ActionButton(kind=ButtonKind.ROW, parent=self)
        self.more.clicked.connect(self._turn_page)

    def show_words(self, words: LinesWords, *, framed: bool) -> None:
        """Show other lines, or mark another one."""
        self._words, self._framed = words, framed
        self.set_kind(PanelKind.FRAMED if framed else PanelKind.PLAIN)
        self.setAccessibleName(words.spoken)
        marked = next((place for place, row in enumerate(words.rows) if row.marked), 0)
        if marked != self._marked:
            self._marked = marked
            count = self._fitting()
            self._first = min(max(self._first, marked - count + 1), marked)
        self._place()

    def _fitting(self) -> int:
        """Return how many lines are shown at once; where there are more, a button takes the last row."""
        px, of = self.look.px, len(self._words.rows) if self._words is not None else 0
        fitting = max(1, (self.height() - 2 * px(8) + px(_PITCH - _ROW)) // px(_PITCH))
        return of if of <= fitting else max(1, fitting - 1)

    def _turn_page(self) -> None:
        if self._words is not None:
            after = self._first + self._fitting()
            self._first = after if after < len(self._words.rows) else 0
            self._place()

    def _place(self) -> None:
        if self._words is None:
            return
        px, rows, count = self.look.px, self._words.rows, self._fitting()
        self._first = min(self._first, max(0, len(rows) - count))
        while len(self.rows) < count:
            self._add_row()
        counts = any(row.counts for row in rows)
        side, width = px(10), self.width() - 2 * px(10)
        for at, row in enumerate(self.rows):
            row.setVisible(at < count)
            if at < count:
                row.setGeometry(side, px(8) + at * px(_PITCH), width, px(_ROW))
                row.show_line(rows[self._first + at], framed=self._framed, counts=counts)
        self.more.setVisible(count < len(rows))
        self.more.set_words(self._words.more.full, self._words.more.short)
        self.more.setGeometry(side, px(8) + count * px(_PITCH), width, px(_COUNT))

    def _add_row(self) -> None:
        at = len(self.rows)
        row = LineRow(self)
        row.set_look(self.look)
        row.switched.connect(lambda: self.switched.emit(self._first + at))
        row.counted.connect(lambda: self.counted.emit(self._first + at))
        self.rows.append(row)
