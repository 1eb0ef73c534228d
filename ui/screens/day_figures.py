"""Every figure there is, beside the period before or split up; the marked one is explained below."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Signal
from PySide6.QtGui import QAccessible, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QWidget

from cashier_app.wording.day_tables import AllFigures
from cashier_app.wording.sentences import Sentence
from ui.theme.look import Look, spread_look
from ui.theme.painting import painting, snapped
from ui.theme.typography import SEMIBOLD
from ui.widgets.button import ActionButton, ButtonKind
from ui.widgets.day_buttons import DayActions
from ui.widgets.figures_table import FiguresTable
from ui.widgets.panel import Panel, PanelKind
from ui.widgets.text import ElidedLabel, PlainLabel

_EXPLAINED = 56


class DayFigures(Panel):
    """The page of all figures."""

    next_wanted = Signal()
    accessible_role = QAccessible.Role.Grouping

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(PanelKind.PLAIN, parent=parent)
        self._definitions: tuple[str, ...] = ()
        self.title = ElidedLabel(role="label_small", weight=SEMIBOLD, parent=self)
        self.turn = ActionButton(kind=ButtonKind.SECONDARY, key="S", parent=self)
        self.turn.clicked.connect(self.next_wanted)
        self.buttons = DayActions(self)
        self.table = FiguresTable(self, whole_names=True)
        self.table.row_marked.connect(self._explain)
        self.explained = PlainLabel(role="body", colour="ink2", wrap=True, parent=self)

    def show_words(self, words: AllFigures, split: Sentence, hint: str) -> None:
        """Show other figures; `split` says what the columns are, `hint` stands until a row is marked."""
        self._definitions, self._hint = words.definitions, hint
        self.setAccessibleName(words.table.title)
        self.title.set_text(words.table.title)
        self.turn.set_words(split.full, split.short)
        self.table.show_words(words.table, words.definitions)
        self._explain(self.table.marked_row())
        self._place()

    def set_look(self, look: Look) -> None:
        """Take over new colours and measures."""
        super().set_look(look)
        spread_look(self, look)
        self._place()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Fit the parts to the new size."""
        super().resizeEvent(event)
        self._place()

    def _explain(self, row: int) -> None:
        words = self._definitions[row] if 0 <= row < len(self._definitions) else ""
        self.explained.set_text(words or self._hint)
        self.explained.setAccessibleDescription(words)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the frame, and a line above the explanation."""
        super().paintEvent(event)
        side = self.look.metrics.panel_padding
        with painting(self) as painter:
            line = QRectF(side, self.explained.y() - self.look.px(8), self.width() - 2 * side, 1)
            painter.fillRect(snapped(painter, line), self.look.colour("edge"))

    def _place(self) -> None:
        px, side = self.look.px, self.look.metrics.panel_padding
        width, high = self.width() - 2 * side, px(48)
        top = px(10)
        actions = min(self.buttons.needed_width(), width)
        self.buttons.setGeometry(self.width() - px(18) - actions, top, actions, high)
        turn = max(px(112), self.turn.sizeHint().width())
        left = self.buttons.x() - px(8) - turn
        self.turn.setGeometry(left, top, turn, high)
        self.title.setGeometry(side, top, max(1, left - side - px(12)), high)
        below = self.height() - px(_EXPLAINED) - px(6)
        table = top + high + px(4)
        self.table.setGeometry(side - px(8), table, width + px(16), max(1, below - px(8) - table))
        self.explained.setGeometry(side, below, width, px(_EXPLAINED))
