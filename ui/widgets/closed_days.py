"""The days closed before, below each other; scrolled where there are more than fit."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QScrollArea, QWidget

from cashier_app.domain.day_close import ClosedDay
from cashier_app.wording import Wording
from cashier_app.wording.close_page import copies_words, earlier_row
from ui.theme.look import DEFAULT_LOOK, Look
from ui.widgets.button import ActionButton, ButtonKind

_ROW, _COMPACT_ROW, _GAP = 56, 48, 8


class ClosedDays(QScrollArea):
    """A button for each close: number, time, who, and how often it went out."""

    picked = Signal(int)  # its place in the list

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = DEFAULT_LOOK
        self._page = QWidget()
        self._page.setProperty("scrolled", True)
        self.rows: list[ActionButton] = []
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setWidget(self._page)

    def show_days(self, days: Sequence[ClosedDay], wording: Wording) -> None:
        """Show these; a mark stays where it is."""
        for row in self.rows[len(days) :]:
            row.hide()
            row.deleteLater()
        del self.rows[len(days) :]
        for place in range(len(self.rows), len(days)):
            row = ActionButton(kind=ButtonKind.ROW, icon="receipt", parent=self._page)
            row.set_look(self._look)
            row.clicked.connect(lambda _=False, place=place: self.picked.emit(place))
            self.rows.append(row)
            row.show()
        for row, closed in zip(self.rows, days, strict=True):
            row.set_words(earlier_row(closed, wording).full)
            row.set_detail(copies_words(closed, wording))
            row.setAccessibleDescription(copies_words(closed, wording))
        self._arrange()

    def mark(self, step: int) -> None:
        """Mark the row below (+1) or above (-1)."""
        here = next((place for place, row in enumerate(self.rows) if row.hasFocus()), -step)
        if self.rows:
            at = min(max(here + step, 0), len(self.rows) - 1)
            self.rows[at].setFocus(Qt.FocusReason.ShortcutFocusReason)
            self.ensureWidgetVisible(self.rows[at], 0, 0)

    def focus_on(self, place: int) -> None:
        """Give the focus to a row."""
        self.rows[place].setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.ensureWidgetVisible(self.rows[place], 0, 0)

    def set_look(self, look: Look) -> None:
        """Take over new colours and measures."""
        self._look = look
        for row in self.rows:
            row.set_look(look)
        self._arrange()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Arrange the rows anew."""
        super().resizeEvent(event)
        self._arrange()

    def _arrange(self) -> None:
        px = self._look.px
        high, gap = px(_COMPACT_ROW if self._look.metrics.compact else _ROW), px(_GAP)
        needed = len(self.rows) * (high + gap)
        bar = self.verticalScrollBar().sizeHint().width() if needed > self.height() else 0
        width = max(1, self.width() - bar)
        for place, row in enumerate(self.rows):
            row.setGeometry(0, place * (high + gap), width, high)
        self._page.resize(width, max(needed, self.viewport().height()))
