"""Who and where: one table at a time, whose first head is the button to the next."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import QWidget

from cashier_app.wording.day_parts import TableWords
from ui.widgets.button import ActionButton, ButtonKind
from ui.widgets.figures_table import FiguresTable
from ui.widgets.panel import PanelKind, PlacedPanel

_HEAD = 52


class SplitCard(PlacedPanel):
    """A table of parts with its total."""

    next_wanted = Signal()
    accessible_role = QAccessible.Role.Grouping

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(PanelKind.PLAIN, parent=parent)
        self.turn = ActionButton(kind=ButtonKind.SECONDARY, key="S", parent=self)
        self.turn.clicked.connect(self.next_wanted)
        self.table = FiguresTable(self, head_height=_HEAD)

    def show_words(self, words: TableWords) -> None:
        """Show other figures."""
        self.setAccessibleName(words.title)
        self.turn.set_words(words.corner.full, words.corner.short)
        self._place()
        self.table.show_words(words)

    def needed_height(self, most_rows: int) -> int:
        """Return the height at which at most so many rows do not scroll, px."""
        px, words = self.look.px, self.table.words()
        rows = max(1, min(len(words.names), most_rows)) + bool(words.total)
        return px(_HEAD) + rows * px(40) + px(18)

    def _place(self) -> None:
        px, side = self.look.px, self.look.metrics.panel_padding
        width = max(px(112), self.turn.sizeHint().width())
        self.turn.setGeometry(side - px(8), px(6), width, px(48))
        self.table.set_corner(width - px(8))
        self.table.setGeometry(side - px(8), px(4), self.width() - 2 * (side - px(8)), self.height() - px(8))
        self.turn.raise_()
