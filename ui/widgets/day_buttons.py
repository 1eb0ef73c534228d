"""What can be done with the figures on show: see all, print, export; another store or currency."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QWidget

from cashier_app.wording.day import DayButtons
from cashier_app.wording.sentences import Sentence
from ui.theme.look import DEFAULT_LOOK, Look, spread_look
from ui.widgets.button import ActionButton, ButtonKind

_HIGH, _GAP, _LEAST = 48, 8, 112


class DayActions(QWidget):
    """One row of buttons, or two: stores and currencies are chosen only where there are several."""

    figures_wanted = Signal()
    print_wanted = Signal()
    export_wanted = Signal()
    store_wanted = Signal()
    currency_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = DEFAULT_LOOK
        self.store = ActionButton(kind=ButtonKind.SECONDARY, key="O", parent=self)
        self.currency = ActionButton(kind=ButtonKind.SECONDARY, key="C", parent=self)
        self.figures = ActionButton(kind=ButtonKind.SECONDARY, key="F", parent=self)
        self.print = ActionButton(kind=ButtonKind.SECONDARY, key="P", parent=self)
        self.export = ActionButton(kind=ButtonKind.SECONDARY, key="E", parent=self)
        for button, signal in (
            (self.store, self.store_wanted),
            (self.currency, self.currency_wanted),
            (self.figures, self.figures_wanted),
            (self.print, self.print_wanted),
            (self.export, self.export_wanted),
        ):
            button.clicked.connect(signal)
        self.store.hide()
        self.currency.hide()

    def show_buttons(self, figures: Sentence, words: DayButtons) -> None:
        """Label the buttons that are always there."""
        self.figures.set_words(figures.full, figures.short)
        self.print.set_words(words.print.full, words.print.short)
        self.export.set_words(words.export.full, words.export.short)
        self._place()

    def show_choices(self, store: Sentence | None, currency: str) -> None:
        """Say whose figures these are and in what; None and nothing hide the choice."""
        self.store.setVisible(store is not None)
        if store is not None:
            self.store.set_words(store.full, store.short)
        self.currency.setVisible(bool(currency))
        self.currency.set_words(currency)
        self._place()

    def needed_width(self) -> int:
        """Return the width at which one row has room for all labels, px."""
        return self._needed([button for row in self._rows() for button in row])

    def high(self, width: int) -> int:
        """Return the height wanted at this width, px."""
        px = self._look.px
        two = width < self.needed_width() and len(self._rows()) > 1
        return 2 * px(_HIGH) + px(_GAP) if two else px(_HIGH)

    def set_look(self, look: Look) -> None:
        """Take over new colours and measures."""
        self._look = look
        spread_look(self, look)
        self._place()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Arrange everything anew."""
        super().resizeEvent(event)
        self._place()

    def _rows(self) -> list[list[ActionButton]]:
        rows = ((self.store, self.currency), (self.figures, self.print, self.export))
        shown = [[button for button in row if not button.isHidden()] for row in rows]
        return [row for row in shown if row]

    def _wanted(self, button: ActionButton) -> int:
        return max(self._look.px(_LEAST), button.sizeHint().width())

    def _needed(self, buttons: list[ActionButton]) -> int:
        return sum(map(self._wanted, buttons)) + (len(buttons) - 1) * self._look.px(_GAP)

    def _place(self) -> None:
        px, rows = self._look.px, self._rows()
        if self.width() >= self.needed_width():
            rows = [[button for row in rows for button in row]]
        for at, row in enumerate(rows):
            gap = px(_GAP)
            left, more = 0.0, (self.width() - self._needed(row)) / len(row)
            for button in row:
                width = self._wanted(button) + more
                top = at * (px(_HIGH) + gap)
                button.setGeometry(round(left), top, round(left + width) - round(left), px(_HIGH))
                left += width + gap
