"""Qt's table without its face: heads and cells paint themselves, and the ring follows how the focus came."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, Qt, Signal
from PySide6.QtGui import QFocusEvent, QPainter, QPalette
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QHeaderView,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QWidget,
)

_RING_REASONS = frozenset(
    {Qt.FocusReason.TabFocusReason, Qt.FocusReason.BacktabFocusReason, Qt.FocusReason.ShortcutFocusReason}
)
_Index = QModelIndex | QPersistentModelIndex

PaintCell = Callable[[QPainter, QRect, int, int, str], None]
"""Paints a cell in a rectangle, by its row, its column and its text."""

PaintHead = Callable[[QPainter, QRect, int], None]
"""Paints a head in a rectangle, by its place."""


class BareTable(QTableView):
    """Rows are marked by the current index; nothing is selected, edited or searched for by typing.

    Args:
        paint: Paints each cell.
    """

    focused = Signal()

    def __init__(self, paint: PaintCell, parent: QWidget) -> None:
        super().__init__(parent)
        self.ring = False
        self.first_row = 0
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setShowGrid(False)
        self.setCornerButtonEnabled(False)
        self.setTabKeyNavigation(False)
        self.setWordWrap(False)
        self.setSelectionMode(QAbstractItemView.SelectionMode.NoSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setLayoutDirection(Qt.LayoutDirection.LeftToRight)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.NoContextMenu)
        self.setItemDelegate(_Cells(paint, self))

    def set_heads(self, orientation: Qt.Orientation, paint: PaintHead, *, clickable: bool = False) -> None:
        """Let the heads of columns or rows be painted by this."""
        heads = _Heads(orientation, paint, self)
        heads.setSectionsClickable(clickable)
        heads.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        heads.setMinimumSectionSize(1)
        heads.viewport().setBackgroundRole(QPalette.ColorRole.Base)
        if orientation is Qt.Orientation.Horizontal:
            self.setHorizontalHeader(heads)
        else:
            self.setVerticalHeader(heads)

    def marked_row(self) -> int:
        """Return the row the keys are at, or -1."""
        return self.currentIndex().row()

    def move_row(self, step: int) -> None:
        """Mark the row so many below; the first where none is marked."""
        count, at = self.model().rowCount(), self.currentIndex()
        if count:
            row = min(max(at.row() + step, 0), count - 1) if at.isValid() else 0
            self.setCurrentIndex(self.model().index(row, max(0, at.column())))

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Mark the first row where none is, and note whether a key brought the focus."""
        self.ring = event.reason() in _RING_REASONS
        if not self.currentIndex().isValid() and self.model().rowCount():
            self.setCurrentIndex(self.model().index(self.first_row, 0))
        super().focusInEvent(event)
        self.focused.emit()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Take the ring away."""
        self.ring = False
        super().focusOutEvent(event)
        self.focused.emit()


class _Cells(QStyledItemDelegate):
    def __init__(self, paint: PaintCell, parent: QWidget) -> None:
        super().__init__(parent)
        self._paint = paint

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        self._paint(painter, QRect(option.rect), index.row(), index.column(), str(index.data() or ""))


class _Heads(QHeaderView):
    def __init__(self, orientation: Qt.Orientation, paint: PaintHead, parent: QWidget) -> None:
        super().__init__(orientation, parent)
        self._paint = paint

    def paintSection(self, painter: QPainter, rect: QRect, logicalIndex: int) -> None:  # noqa: N802, N803
        self._paint(painter, rect, logicalIndex)
