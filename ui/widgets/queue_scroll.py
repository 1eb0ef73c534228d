"""The rows of the queue in their scroll: as wide as there is room, marked and brought into sight."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QScrollArea, QWidget

from ui.widgets.queue_rows import QueueList, QueueRow


class QueueScroll(QScrollArea):
    """Shows the part of the list that is in sight; only for that are there rows."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.list = QueueList()
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setWidget(self.list)
        self.verticalScrollBar().valueChanged.connect(self._scrolled)

    def fit(self) -> None:
        """Make the list as wide as the room beside the bar, if it needs one, and as high as its rows."""
        width = self.width()
        self.list.resize(width, max(1, self.list.height()))
        needed = self.list.needed_height()
        if needed > self.height():
            width -= self.verticalScrollBar().sizeHint().width()
            self.list.resize(width, max(1, self.list.height()))
            needed = self.list.needed_height()
        self.list.resize(width, max(needed, self.viewport().height()))
        self._scrolled()
        self.list.arrange()

    def mark(self, direction: int, focus: QWidget | None) -> None:
        """Mark the row below (+1) or above (-1) the one with the focus, else the first."""
        if not self.list.count():
            return
        here = self.list.place_of(focus) if isinstance(focus, QueueRow) and focus.hasFocus() else -1
        at = 0 if here < 0 else min(max(here + direction, 0), self.list.count() - 1)
        row = self.list.row_at(at)
        row.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.ensureWidgetVisible(row, 0, 0)

    def show_detail(self) -> None:
        """Bring what stands below the open row into sight."""
        self.ensureWidgetVisible(self.list.detail, 0, 0)

    def go_to_top(self) -> None:
        """Show the first row."""
        self.verticalScrollBar().setValue(0)

    def _scrolled(self) -> None:
        top = self.verticalScrollBar().value()
        self.list.show_part(top, top + self.viewport().height())
