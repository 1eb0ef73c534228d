"""The rows of a table of figures as Qt's views and screen readers ask for them."""

from __future__ import annotations

from html import escape
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt
from PySide6.QtWidgets import QWidget

from cashier_app.wording.day_parts import TableWords
from cashier_app.wording.sentences import Sentence

_Index = QModelIndex | QPersistentModelIndex
_NOWHERE = QModelIndex()


class FiguresModel(QAbstractTableModel):
    """The rows of a table as Qt's views and screen readers ask for them."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.words = TableWords("", Sentence.of(""), (), (), ())
        self.definitions: tuple[str, ...] = ()

    def show_words(self, words: TableWords, definitions: tuple[str, ...]) -> None:
        """Show other figures; rows and columns that stay keep their place."""
        same = (len(words.heads), len(words.names)) == (len(self.words.heads), len(self.words.names))
        if not same:
            self.beginResetModel()
        self.words, self.definitions = words, definitions
        if not same:
            self.endResetModel()
        elif words.names:
            last = self.index(len(words.names) - 1, max(0, len(words.heads) - 1))
            self.dataChanged.emit(self.index(0, 0), last)
            self.headerDataChanged.emit(Qt.Orientation.Vertical, 0, len(words.names) - 1)

    def rowCount(self, _parent: _Index = _NOWHERE) -> int:  # noqa: N802 - Qt override
        """Return how many rows there are."""
        return len(self.words.names)

    def columnCount(self, _parent: _Index = _NOWHERE) -> int:  # noqa: N802 - Qt override
        """Return how many figures a row has."""
        return len(self.words.heads)

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:  # noqa: ANN401
        """Return a figure, or what explains it."""
        row = self.words.rows[index.row()]
        text = row[index.column()] if index.column() < len(row) else ""
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return text
            case Qt.ItemDataRole.AccessibleTextRole:
                head = self.words.heads[index.column()].full
                return f"{self.words.names[index.row()]}, {head}: {text}" if text else ""
            case Qt.ItemDataRole.ToolTipRole:
                return _tooltip(self.definitions, index.row())
        return None

    def headerData(  # noqa: N802 - Qt override
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:  # noqa: ANN401
        """Return the name of a row or the head of a column, and what it means."""
        if role == Qt.ItemDataRole.ToolTipRole:
            across = orientation is Qt.Orientation.Horizontal
            return _tooltip(self.words.explained if across else self.definitions, section)
        if role not in {Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole}:
            return None
        if orientation is Qt.Orientation.Vertical:
            return self.words.names[section] if section < len(self.words.names) else None
        return self.words.heads[section].full if section < len(self.words.heads) else None


def _tooltip(definitions: tuple[str, ...], at: int) -> str | None:
    """Return a definition as a tooltip, which guesses at rich text."""
    return f"<span>{escape(definitions[at])}</span>" if at < len(definitions) and definitions[at] else None
