"""The rows of the trainer's tables as Qt's views and screen readers ask for them."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import Any

from msgspec import Struct
from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt
from PySide6.QtWidgets import QWidget

from cashier_app.services.training_results import Mark, Order
from cashier_app.wording.trainer import Column

_KEPT_ROWS = 512
_Index = QModelIndex | QPersistentModelIndex
_NOWHERE = QModelIndex()


class ResultRows(Struct, frozen=True):
    """What a table shows; cells are put into words only for rows that are seen.

    Args:
        spoken: The table's name for screen readers.
        cells: Of the row at a place, one for each column.
        marks: Of the row at a place, painted in `marks_at`; None where the table has none.
        order: What the rows are ordered by; `turned` the other way round.
    """

    spoken: str
    columns: tuple[Column, ...]
    count: int
    cells: Callable[[int], tuple[str, ...]]
    order: Order
    turned: bool = False
    marks: Callable[[int], tuple[Mark, ...]] | None = None
    marks_at: int = 1
    mark_count: int = 0


_NO_ROWS = ResultRows("", (), 0, lambda _: (), Order.LAST)


class ResultModel(QAbstractTableModel):
    """The rows as Qt's views and screen readers ask for them."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.rows = _NO_ROWS
        self._cells: Callable[[int], tuple[str, ...]] = _NO_ROWS.cells

    def show_rows(self, rows: ResultRows) -> None:
        """Show other rows."""
        self.beginResetModel()
        self.rows, self._cells = rows, lru_cache(_KEPT_ROWS)(rows.cells)
        self.endResetModel()

    def rowCount(self, _parent: _Index = _NOWHERE) -> int:  # noqa: N802 - Qt override
        """Return how many rows there are."""
        return self.rows.count

    def columnCount(self, _parent: _Index = _NOWHERE) -> int:  # noqa: N802 - Qt override
        """Return how many cells a row has."""
        return len(self.rows.columns)

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:  # noqa: ANN401
        """Return what a cell says; to screen readers with the head of its column."""
        if role not in {Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole}:
            return None
        text = self._cells(index.row())[index.column()]
        if role == Qt.ItemDataRole.DisplayRole:
            return text
        return f"{self.rows.columns[index.column()].head.full}: {text}"

    def headerData(  # noqa: N802 - Qt override
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:  # noqa: ANN401
        """Return the head of a column."""
        if role not in {Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole}:
            return None
        if orientation is Qt.Orientation.Horizontal and section < len(self.rows.columns):
            return self.rows.columns[section].head.full
        return None
