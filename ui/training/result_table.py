"""A table of people or of tries: names at the left, figures at the right, a mark for each lesson between."""

from __future__ import annotations

from PySide6.QtCore import (
    QPoint,
    QRect,
    QRectF,
    Qt,
    Signal,
)
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import (
    QHeaderView,
    QWidget,
)

from cashier_app.services.training_results import Mark, Order
from cashier_app.wording.trainer import LESS, MORE
from ui.theme.look import DEFAULT_LOOK, Look
from ui.theme.painting import (
    LEFT,
    RIGHT,
    draw_focus_ring,
    draw_frame,
    draw_line,
    painting,
    snapped,
    text_width,
)
from ui.theme.typography import REGULAR, SEMIBOLD
from ui.training.result_model import ResultModel, ResultRows
from ui.widgets.bare_table import BareTable, PaintCell

_ROW, _HEAD, _GAP, _EDGE, _INSET = 48, 44, 18, 8, 6
_PIP, _PIP_GAP, _PIPS_OF = 10, 4, 6
_LEAST_NAME = 110


class _View(BareTable):
    """Home and End go to the ends, a press on a row opens it."""

    pressed_row = Signal(int)

    def __init__(self, paint: PaintCell, parent: QWidget) -> None:
        super().__init__(paint, parent)
        self._down: QPoint | None = None
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.verticalHeader().hide()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        last = self.model().rowCount() - 1
        ends = {Qt.Key.Key_Home: 0, Qt.Key.Key_End: last}
        if event.key() in ends and last >= 0:
            self.setCurrentIndex(self.model().index(ends[Qt.Key(event.key())], 0))
        else:
            event.ignore()  # no search by typing: letters are the page's

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._down = event.position().toPoint()
        super().mousePressEvent(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        super().mouseReleaseEvent(event)
        down, self._down = self._down, None
        row = self.rowAt(event.position().toPoint().y())
        if down is not None and row >= 0 and self.rowAt(down.y()) == row:
            self.pressed_row.emit(row)


class ResultTable(QWidget):
    """Shows rows; arrows, Page, Home and End go through them, Enter or a press opens one."""

    opened = Signal(int)
    ordered = Signal(object)  # an Order, by a press on its head

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = DEFAULT_LOOK
        self.model = ResultModel(self)
        self.view = _View(self.paint_cell, self)
        self.view.setModel(self.model)
        self.view.set_heads(Qt.Orientation.Horizontal, self.paint_head, clickable=True)
        header = self.view.horizontalHeader()
        header.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        header.sectionClicked.connect(self._order)
        self.view.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.view.focused.connect(self.update)
        self.view.pressed_row.connect(self.opened)
        self.view.selectionModel().currentRowChanged.connect(lambda *_: self.view.viewport().update())
        self.setFocusProxy(self.view)

    def show_rows(self, rows: ResultRows, marked: int = 0) -> None:
        """Show other rows, with the one at `marked` marked; below 0 for none."""
        self.model.show_rows(rows)
        self.view.setAccessibleName(rows.spoken)
        self._arrange()
        if 0 <= marked < rows.count:
            self.view.setCurrentIndex(self.model.index(marked, 0))
        self.view.scrollTo(self.view.currentIndex())

    def rows(self) -> ResultRows:
        """Return what is shown."""
        return self.model.rows

    def marked_row(self) -> int:
        """Return the row the keys are at, or -1."""
        return self.view.marked_row()

    def move_row(self, step: int) -> None:
        """Mark the row so many below."""
        self.view.move_row(step)

    def turn_page(self, direction: int) -> None:
        """Mark the row a page below (+1) or above (-1)."""
        shown = self.view.viewport().height() // max(1, self._look.px(_ROW))
        self.move_row(direction * max(1, shown - 1))

    def open_row(self) -> None:
        """Open the marked row."""
        if self.marked_row() >= 0:
            self.opened.emit(self.marked_row())

    def set_look(self, look: Look) -> None:
        """Take over new colours and measures."""
        self._look = look
        self._arrange()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Arrange everything anew."""
        super().resizeEvent(event)
        self._arrange()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint the frame, and the ring where a key brought the focus."""
        look = self._look
        with painting(self) as painter:
            draw_frame(
                painter,
                self.rect(),
                look.metrics.radius_field,
                fill=look.colour("surface"),
                edge=look.colour("line"),
            )
            if self.view.ring:
                draw_focus_ring(painter, self.rect(), look.metrics.radius_field, look)

    def cut_off(self) -> list[str]:
        """Return heads and figures that have no room: there should be none; names may be cut off."""
        found = []
        for column, words in enumerate(self.rows().columns):
            room = self.view.columnWidth(column) - self._look.px(_GAP)
            cells = [] if words.stretch else [words.least]
            if not words.stretch and not self._is_marks(column):
                cells += [self.model.index(row, column).data() for row in range(min(self.rows().count, 50))]
            heads = [] if words.stretch else [self._head(column)]
            found += [
                text for text in (*heads, *cells) if text_width(text, self._look.font("body")) > room + 1
            ]
        return found

    # --- painting -----------------------------------------------------------------------------------

    def paint_cell(self, painter: QPainter, box: QRect, row: int, column: int, text: str) -> None:
        """Paint one cell, and the hairline below."""
        look = self._look
        here = row == self.marked_row() and self.view.hasFocus()
        painter.fillRect(box, look.colour("train_tint" if here else "surface"))
        line = QRectF(box.left(), box.bottom(), box.width(), 1)
        painter.fillRect(snapped(painter, line), look.colour("line"))
        inside = self._inside(box, column)
        marks = self.rows().marks
        if marks is not None and self._is_marks(column):
            self._paint_marks(painter, inside, marks(row))
            return
        words = self.rows().columns[column]
        ink = "ink" if words.right or not column else "ink2"
        font = look.font("body", SEMIBOLD if not column else REGULAR)
        draw_line(painter, inside, text, font, look.colour(ink), RIGHT if words.right else LEFT)

    def paint_head(self, painter: QPainter, box: QRect, column: int) -> None:
        """Paint the head of a column; an arrow stands at the one the rows are ordered by."""
        look = self._look
        painter.fillRect(box, look.colour("surface"))
        if column < len(self.rows().columns):
            words = self.rows().columns[column]
            here = words.order is self.rows().order
            draw_line(
                painter,
                self._inside(box, column),
                self._head(column),
                look.font("body", SEMIBOLD if here else REGULAR),
                look.colour("ink" if here else "ink2"),
                RIGHT if words.right else LEFT,
            )
        line = QRectF(box.left(), box.bottom(), box.width(), 1)
        painter.fillRect(snapped(painter, line), look.colour("edge"))

    def _paint_marks(self, painter: QPainter, box: QRect, marks: tuple[Mark, ...]) -> None:
        look, side = self._look, self._pip()
        top = box.center().y() - side / 2 + 0.5
        for place, mark in enumerate(marks):
            pip = QRectF(box.left() + self._pip_left(place), top, side, side)
            if mark is Mark.FINISHED:
                draw_frame(painter, pip, side / 2, fill=look.colour("accent"))
                continue
            draw_frame(painter, pip, side / 2, edge=look.colour("edge"))
            if mark is Mark.LEFT:  # half full: begun
                painter.save()
                painter.setClipRect(QRectF(pip.left(), pip.center().y(), side, side))
                draw_frame(painter, pip, side / 2, fill=look.colour("edge"))
                painter.restore()

    # --- places -------------------------------------------------------------------------------------

    def _arrange(self) -> None:
        px, rows = self._look.px, self.rows()
        inset = px(_INSET)
        self.view.setGeometry(self.rect().adjusted(inset, inset, -inset, -inset))
        self.view.horizontalHeader().setFixedHeight(px(_HEAD))
        self.view.verticalHeader().setDefaultSectionSize(px(_ROW))
        scrolls = rows.count * px(_ROW) + px(_HEAD) > self.view.height()
        bar = self.view.verticalScrollBar().sizeHint().width() if scrolls else 0
        for column, width in enumerate(self._widths(self.view.width() - bar)):
            self.view.setColumnWidth(column, width)
        self.update()

    def _widths(self, room: int) -> list[int]:
        look, columns = self._look, self.rows().columns
        plain, strong = look.font("body"), look.font("body", SEMIBOLD)
        needed = []
        for column, words in enumerate(columns):
            if words.stretch:
                needed.append(0)
                continue
            wide = max(text_width(f"{words.head.full} {MORE}", strong), text_width(words.least, plain))
            if self._is_marks(column):
                wide = max(wide, self._pip_left(self.rows().mark_count))
            needed.append(round(wide + 0.5) + look.px(_GAP))
        if columns and not columns[-1].stretch:
            needed[-1] += look.px(_EDGE)
        left = max(room - sum(needed), look.px(_LEAST_NAME))
        shares = sum(words.stretch for words in columns) or 1
        widths = [
            left * words.stretch // shares if words.stretch else width
            for words, width in zip(columns, needed, strict=True)
        ]
        if widths:
            widths[0] += max(0, room - sum(widths))
        return widths

    def _inside(self, box: QRect, column: int) -> QRect:
        px = self._look.px
        words = self.rows().columns[column]
        left = px(_EDGE) if not column else 0
        last = column == len(self.rows().columns) - 1
        if words.right:
            return box.adjusted(px(4), 0, -px(_EDGE) if last else 0, 0)
        return box.adjusted(left or px(_GAP), 0, -px(4), 0)

    def _is_marks(self, column: int) -> bool:
        return self.rows().marks is not None and column == self.rows().marks_at

    def _pip(self) -> int:
        return self._look.px(_PIP)

    def _pip_left(self, place: int) -> int:
        """Return where a mark begins, px from the first; those of six lessons stand closer together."""
        px = self._look.px
        return place * (self._pip() + px(_PIP_GAP)) + place // _PIPS_OF * px(_PIP_GAP)

    def _head(self, column: int) -> str:
        rows = self.rows()
        words = rows.columns[column]
        if words.order is not rows.order:
            return words.head.full
        names = words.order in {Order.TRAINEE, Order.LESSON}
        return f"{words.head.full} {LESS if rows.turned is not names else MORE}"

    def _order(self, column: int) -> None:
        order = self.rows().columns[column].order
        if order is not None:
            self.ordered.emit(order)
