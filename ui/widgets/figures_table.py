"""A table of figures: names at the left, numbers at the right, and totals that stay in sight."""

from __future__ import annotations

from PySide6.QtCore import (
    QEvent,
    QModelIndex,
    QObject,
    QRect,
    QRectF,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractButton,
    QWidget,
)

from cashier_app.wording.day_parts import TableWords
from ui.theme.look import DEFAULT_LOOK, Look
from ui.theme.painting import LEFT, RIGHT, draw_focus_ring, draw_line, painting, snapped, text_width
from ui.theme.typography import REGULAR, SEMIBOLD
from ui.widgets.bare_table import BareTable
from ui.widgets.figures_columns import fitting_columns
from ui.widgets.figures_model import FiguresModel
from ui.widgets.text import PlainLabel

_ROW, _INSET, _GAP = 40, 8, 20


class _Totals(QWidget):
    """The last row, which never scrolls away."""

    def __init__(self, table: FiguresTable) -> None:
        super().__init__(table)
        self._table = table

    def paintEvent(self, _event: QPaintEvent) -> None:
        with painting(self) as painter:
            self._table.paint_totals(painter, self.rect())


class FiguresTable(QWidget):
    """Shows one table; arrow keys go through its rows and columns.

    Args:
        head_height: Of the row of heads, px at 1x.
        whole_names: Whether the columns rather scroll than a name is cut off.
    """

    row_marked = Signal(int)

    def __init__(
        self, parent: QWidget | None = None, *, head_height: int = _ROW, whole_names: bool = False
    ) -> None:
        super().__init__(parent)
        self._look = DEFAULT_LOOK
        self._head_height = head_height
        self._whole_names = whole_names
        self._row_height = _ROW
        self._corner = 0
        self.model = FiguresModel(self)
        self._heads_shown: tuple[str, ...] = ()
        self.view = BareTable(self.paint_figure, self)
        self.view.setModel(self.model)
        self.view.set_heads(Qt.Orientation.Vertical, self.paint_name)
        self.view.set_heads(Qt.Orientation.Horizontal, self.paint_head)
        self.view.focused.connect(self.update)
        self.view.selectionModel().currentRowChanged.connect(self._mark)
        self.view.horizontalScrollBar().valueChanged.connect(self._scrolled)
        self.totals = _Totals(self)
        self.empty = PlainLabel(role="body", colour="ink2", parent=self)
        self.empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.setFocusProxy(self.view)
        corner = self.view.findChild(QAbstractButton)
        if corner is not None:
            corner.installEventFilter(self)

    def show_words(self, words: TableWords, definitions: tuple[str, ...] = ()) -> None:
        """Show other figures; `definitions` explain the rows."""
        self.model.show_words(words, definitions)
        self.view.setAccessibleName(words.title)
        self.view.first_row = 1 if 0 in words.sections and len(words.names) > 1 else 0
        self.totals.setVisible(bool(words.total))
        heads = (head.full for head in words.heads)
        spoken = (f"{head} {figure}" for head, figure in zip(heads, words.total, strict=False) if figure)
        self.totals.setAccessibleName(", ".join((words.total_name, *spoken)) if words.total else "")
        self.empty.set_text("" if words.names else words.empty)
        self._arrange()

    def words(self) -> TableWords:
        """Return what is shown."""
        return self.model.words

    def set_look(self, look: Look) -> None:
        """Take over new colours and measures."""
        self._look = look
        self.empty.set_look(look)
        self._arrange()

    def set_corner(self, width: int) -> None:
        """Leave so much room above the names for a button, px."""
        if width != self._corner:
            self._corner = width
            self._arrange()

    def move_row(self, step: int) -> None:
        """Mark the row so many below."""
        self.view.move_row(step)

    def move_column(self, step: int) -> None:
        """Mark the figure so many to the right."""
        at = self.view.currentIndex()
        column = min(max(at.column() + step, 0), self.model.columnCount() - 1)
        self.view.setCurrentIndex(self.model.index(max(0, at.row()), column))

    def marked_row(self) -> int:
        """Return the row the keys are at, or -1."""
        return self.view.marked_row()

    def needed_height(self) -> int:
        """Return the height at which nothing scrolls, px."""
        px = self._look.px
        rows = (max(1, self.model.rowCount()) + bool(self.words().total)) * px(self._row_height)
        return px(self._head_height) + rows + 2 * px(_INSET)

    def elided_heads(self) -> list[str]:
        """Return the heads that have no room: there should be none."""
        font = self._look.font("body", REGULAR)
        widths = [self.view.columnWidth(column) for column in range(self.model.columnCount())]
        return [
            head
            for head, width in zip(self._heads_shown, widths, strict=True)
            if text_width(head, font) > width + 1
        ]

    def elided_figures(self) -> list[str]:
        """Return the figures that have no room: there should be none."""
        rows = [(row, REGULAR) for row in self.words().rows] + [(self.words().total, SEMIBOLD)]
        return [
            figure
            for row, weight in rows
            for column, figure in enumerate(row)
            if text_width(figure, self._look.font("body", weight)) > self.view.columnWidth(column) + 1
        ]

    def sizeHint(self) -> QSize:
        """Return the wanted size, px."""
        return QSize(self._look.px(400), self.needed_height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Arrange everything anew."""
        super().resizeEvent(event)
        self._arrange()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint the ring, where a key brought the focus."""
        if self.view.ring:
            with painting(self) as painter:
                draw_focus_ring(painter, self.rect(), self._look.metrics.radius_control, self._look)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Paint the corner above the names, which Qt has a button for."""
        if event.type() == QEvent.Type.Paint and isinstance(watched, QWidget):
            with painting(watched) as painter:
                self.paint_corner(painter, watched.rect())
            return True
        return False

    # --- painting -----------------------------------------------------------------------------------

    def _paint_ground(self, painter: QPainter, box: QRect, row: int) -> None:
        """Paint what lies below a figure or a name."""
        look, words = self._look, self.words()
        marked = row == self.marked_row() and self.view.hasFocus()
        painter.fillRect(box, look.colour("sunken" if marked else "surface"))
        last = row == len(words.names) - 1 and words.total
        line = QRectF(box.left(), box.bottom(), box.width(), 1)
        painter.fillRect(snapped(painter, line), look.colour("edge" if last else "line"))

    def paint_figure(self, painter: QPainter, box: QRect, row: int, _column: int, figure: str) -> None:
        """Paint one figure at the right of its cell, and the hairline below."""
        self._paint_ground(painter, box, row)
        draw_line(painter, box, figure, self._look.font("body"), self._look.colour("ink"), RIGHT)

    def paint_name(self, painter: QPainter, box: QRect, row: int) -> None:
        """Paint the name of a row."""
        self._paint_ground(painter, box, row)
        words = self.words()
        if row >= len(words.names):
            return
        weight = SEMIBOLD if row in words.sections else REGULAR
        inside = box.adjusted(0, 0, -self._look.px(_GAP), 0)
        draw_line(
            painter, inside, words.names[row], self._look.font("body", weight), self._look.colour("ink"), LEFT
        )

    def paint_head(self, painter: QPainter, box: QRect, column: int) -> None:
        """Paint the head of a column."""
        look = self._look
        painter.fillRect(box, look.colour("surface"))
        if column < len(self._heads_shown):
            draw_line(painter, box, self._heads_shown[column], look.font("body"), look.colour("ink2"), RIGHT)
        line = QRectF(box.left(), box.bottom(), box.width(), 1)
        painter.fillRect(snapped(painter, line), look.colour("edge"))

    def paint_corner(self, painter: QPainter, box: QRect) -> None:
        """Paint what stands above the names."""
        look = self._look
        painter.fillRect(box, look.colour("surface"))
        if not self._corner:
            draw_line(painter, box, self.words().corner.full, look.font("body"), look.colour("ink2"))
        line = QRectF(box.left(), box.bottom(), box.width(), 1)
        painter.fillRect(snapped(painter, line), look.colour("edge"))

    def paint_totals(self, painter: QPainter, box: QRect) -> None:
        """Paint the totals below their columns."""
        look, words, font = self._look, self.words(), self._look.font("body", SEMIBOLD)
        names = self.view.verticalHeader().width()
        draw_line(painter, QRect(0, 0, names, box.height()), words.total_name, font, look.colour("ink"))
        painter.setClipRect(box.adjusted(names, 0, 0, 0))
        for column, figure in enumerate(words.total):
            left = names + self.view.columnViewportPosition(column)
            place = QRect(left, 0, self.view.columnWidth(column), box.height())
            draw_line(painter, place, figure, font, look.colour("ink"), RIGHT)

    # --- places -------------------------------------------------------------------------------------

    def _arrange(self) -> None:
        look, px, words = self._look, self._look.px, self.words()
        inset, row = px(_INSET), px(self._row_height)
        inside = self.rect().adjusted(inset, inset // 2, -inset, -inset // 2)
        total = row if words.total else 0
        room = max(1, inside.height() - total)
        heads, rows = px(self._head_height), self.model.rowCount() * row
        scrolls = rows + heads > room
        self.view.setGeometry(
            inside.left(), inside.top(), inside.width(), min(room, rows + heads) if words.names else room
        )
        self.totals.setGeometry(inside.left(), self.view.geometry().bottom() + 1, inside.width(), total)
        self.view.horizontalHeader().setFixedHeight(heads)
        self.view.verticalHeader().setDefaultSectionSize(row)
        self.empty.setGeometry(inside.adjusted(0, heads, 0, 0))
        self.empty.setVisible(not words.names)
        bar = self.view.verticalScrollBar().sizeHint().width() + px(8) if scrolls else 0
        columns = fitting_columns(
            words, look, inside.width() - bar, corner=self._corner, whole_names=self._whole_names
        )
        self._heads_shown = columns.heads
        self.view.verticalHeader().setFixedWidth(columns.names)
        for column, width in enumerate(columns.figures):
            self.view.setColumnWidth(column, width)
        self.view.setHorizontalScrollBarPolicy(
            Qt.ScrollBarPolicy.ScrollBarAsNeeded if columns.scrolls else Qt.ScrollBarPolicy.ScrollBarAlwaysOff
        )
        self.update()

    def _mark(self, current: QModelIndex, _before: QModelIndex) -> None:
        self.view.verticalHeader().viewport().update()
        self.view.viewport().update()
        self.row_marked.emit(current.row())

    def _scrolled(self) -> None:
        self.totals.update()
