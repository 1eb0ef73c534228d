"""The middle of a return: the sales to choose from, then how much of one comes back, as a sum on paper."""

from __future__ import annotations

from PySide6.QtCore import QRect, Signal
from PySide6.QtGui import QAccessible, QPaintEvent
from PySide6.QtWidgets import QWidget

from cashier_app.wording.return_list import ListWords
from cashier_app.wording.returns import SumWords
from ui.theme.painting import painting
from ui.theme.typography import SEMIBOLD
from ui.widgets.big_text import AmountText
from ui.widgets.button import ActionButton, ButtonKind
from ui.widgets.panel import PanelKind, PlacedPanel
from ui.widgets.return_card import FigureLine
from ui.widgets.text import ElidedLabel

_TOP, _TITLE, _ROW, _GAP = 10, 34, 48, 6


class SoldList(PlacedPanel):
    """The sales to choose from, as many as there is height for; the marked one is always among them."""

    accessible_role = QAccessible.Role.List
    picked = Signal(int)  # its place in the list

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(PanelKind.PLAIN, parent=parent)
        self._words: ListWords | None = None
        self._marked = 0
        self._title = ElidedLabel(role="label_small", weight=SEMIBOLD, parent=self)
        self._none = ElidedLabel(colour="ink3", parent=self)
        self.rows: list[ActionButton] = []
        self._first = 0

    def show_words(self, words: ListWords, marked: int) -> None:
        """Show other sales, or mark another one."""
        self._words, self._marked = words, marked
        self._title.set_text(words.title.full, words.title.short)
        self._none.set_text(words.none.full)
        self._none.setVisible(not words.rows)
        self.setAccessibleName(words.title.full)
        self._place()

    def _place(self) -> None:
        if self._words is None:
            return
        px = self.look.px
        side, width = px(14), self.width() - 2 * px(14)
        self._title.setGeometry(side + px(4), px(_TOP), width - px(4), px(_TITLE))
        top = px(_TOP + _TITLE) + px(2)
        self._none.setGeometry(side + px(4), top, width - px(4), px(_ROW))
        pitch = px(_ROW) + px(_GAP)
        fitting = max(1, (self.height() - top - px(8) + px(_GAP)) // pitch)
        count = min(fitting, len(self._words.rows))
        while len(self.rows) < count:
            self._add_row()
        self._first = max(0, self._marked - count + 1)
        for index, row in enumerate(self.rows):
            row.setVisible(index < count)
            if index < count:
                words = self._words.rows[self._first + index]
                marked = self._first + index == self._marked
                row.set_words(words.words.full, words.words.short)
                row.set_icon(words.icon)
                row.set_detail(words.detail)
                row.set_selected(marked)
                row.setAccessibleName(words.spoken)
                row.setGeometry(side, top + index * pitch, width, px(_ROW))

    def _add_row(self) -> None:
        at = len(self.rows)
        row = ActionButton(kind=ButtonKind.ROW, parent=self)
        row.set_look(self.look)
        row.clicked.connect(lambda: self.picked.emit(self._first + at))
        self.rows.append(row)


class ReturnSum(PlacedPanel):
    """What was sold, what came back before, what comes back now, and what stays sold."""

    accessible_role = QAccessible.Role.SpinBox

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(PanelKind.FRAMED, parent=parent)
        self.sold, self.before, self.left = (FigureLine(role="body_large", parent=self) for _ in range(3))
        self.label = ElidedLabel(role="label", weight=SEMIBOLD, parent=self)
        self.warning = ElidedLabel(role="body", colour="red_text", parent=self)
        self.amount = AmountText(role="figure", parent=self)
        self._line = 0

    def show_words(self, words: SumWords, *, framed: bool) -> None:
        """Show another sum; `framed` while the keys go here."""
        self.set_kind(PanelKind.FRAMED if framed else PanelKind.PLAIN)
        self.sold.show_row(words.sold)
        self.before.setVisible(words.before is not None)
        if words.before is not None:
            self.before.show_row(words.before)
        self.left.show_row(words.left)
        self.left.setVisible(words.warning is None)
        self.label.set_text(words.label.full)
        warning = words.warning
        self.warning.set_text(warning.full if warning else "", warning.short if warning else "")
        self.warning.setVisible(warning is not None)
        if words.typed and framed:
            self.amount.set_amount(words.typed + words.dim, tail=words.dim, caret=True)
        else:
            self.amount.set_amount(words.amount)
        self.amount.set_colour("red_text" if warning else "ink")
        self.setAccessibleName(words.spoken)
        self._place()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the panel, and the line of the sum."""
        super().paintEvent(event)
        side = self.look.metrics.panel_padding
        with painting(self) as painter:
            line = QRect(side, self._line, self.width() - 2 * side, 1)
            painter.fillRect(line, self.look.colour("line"))

    def _place(self) -> None:
        px, metrics = self.look.px, self.look.metrics
        side, width = metrics.panel_padding, self.width() - 2 * metrics.panel_padding
        row = px(32 if metrics.compact else 38)
        top = px(12 if metrics.compact else 18)
        self.sold.setGeometry(side, top, width, row)
        self.before.setGeometry(side, top + row, width, row)
        last = self.height() - top - row
        self.left.setGeometry(side, last, width, row)
        self.warning.setGeometry(side, last, width, row)
        first = top + (row if self.before.isHidden() else 2 * row)
        self._line = last - px(2)
        high = self._line - first
        words = min(self.label.sizeHint().width(), width // 2)
        self.label.setGeometry(side, first, words, high)
        left = side + words + px(16)
        self.amount.setGeometry(left, first, max(1, side + width - left), high)
