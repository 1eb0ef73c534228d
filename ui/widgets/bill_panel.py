"""The bill: a label at the left, the amount at the right edge that discount and sum share."""

from __future__ import annotations

from PySide6.QtCore import QRect, Qt, Signal
from PySide6.QtGui import QAccessible, QMouseEvent, QResizeEvent
from PySide6.QtWidgets import QWidget

from cashier_app.domain.money import zero
from cashier_app.services.till_view import Step, Target, TillView
from cashier_app.wording import Sentence, Wording
from cashier_app.wording.pay_panel import bill_label, spoken_bill
from ui.theme.look import Look
from ui.theme.typography import SEMIBOLD
from ui.widgets.big_text import AmountText
from ui.widgets.panel import Panel, PanelKind
from ui.widgets.text import ElidedLabel

_NOT_IN_USE = frozenset({Step.IDLE, Step.CHOOSING, Step.PROBLEM, Step.CLAIM})
_LABEL_HEIGHT, _HINT_HEIGHT = 28, 24
_GAP = 16


class BillPanel(Panel):
    """Shows the bill and takes no keys itself: the window's key router does that for every panel."""

    accessible_role = QAccessible.Role.SpinBox
    pressed = Signal()  # a pointer or finger went down on it

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(PanelKind.OFF, parent=parent)
        self._label = ElidedLabel(role="label", weight=SEMIBOLD, parent=self)
        self._hint = ElidedLabel(colour="ink2", parent=self)
        self._amount = AmountText(role="figure", parent=self)

    def show_view(self, view: TillView, wording: Wording) -> None:
        """Show the bill of this view; framed where it takes the keys, off where there is none yet."""
        framed = view.target is Target.BILL
        off = view.step in _NOT_IN_USE
        label, hint = bill_label(view, wording)
        typed, dim = wording.figures.typed_amount(view.bill)
        self.set_kind(PanelKind.OFF if off else PanelKind.FRAMED if framed else PanelKind.PLAIN)
        self._label.set_text(label.full, label.short)
        self._hint.set_text(hint.full if hint else "")
        self._hint.setVisible(hint is not None)
        if framed:
            self._amount.set_amount(typed + dim, tail=dim, caret=True)
        else:
            self._amount.set_amount(wording.figures.money(view.bill.money))
        colour = "ink3" if off else "ink"
        self._label.set_colour(colour)
        self._amount.set_colour(colour)
        self.setAccessibleName(spoken_bill(view, wording))
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus if framed else Qt.FocusPolicy.NoFocus)
        self._place()

    def show_behind(self, view: TillView, wording: Wording) -> None:
        """Show the bill of the sale behind another page: kept, and not where the keys go."""
        off = view.bill.is_empty or view.step is Step.DONE
        label, _ = bill_label(view, wording)
        amount = wording.figures.money(zero(view.bill.currency) if off else view.bill.money)
        self.show_sold(None if off else (label, Sentence.of(""), amount), (label.full, amount))

    def show_sold(self, words: tuple[Sentence, Sentence, str] | None, empty: tuple[str, str]) -> None:
        """Show label, hint and amount of a finished sale; off with empty words where none is."""
        label, hint, amount = words or (Sentence.of(empty[0]), Sentence.of(""), empty[1])
        self.set_kind(PanelKind.OFF if words is None else PanelKind.PLAIN)
        self._label.set_text(label.full)
        self._hint.set_text(hint.full, hint.short)
        self._hint.setVisible(bool(hint.full))
        self._amount.set_amount(amount)
        for part in (self._label, self._amount):
            part.set_colour("ink3" if words is None else "ink")
        self.setAccessibleName(f"{label.full}, {amount}")
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._place()

    def show_typed(self, label: Sentence, hint: Sentence, typed: str, dim: str, *, framed: bool) -> None:
        """Show label, hint and an amount as far as it is typed; framed while the keys go here."""
        self.show_sold((label, hint, typed + dim), ("", ""))
        if framed:
            self.set_kind(PanelKind.FRAMED)
            self._amount.set_amount(typed + dim, tail=dim, caret=True)
            self.setFocusPolicy(Qt.FocusPolicy.TabFocus)

    def amount(self) -> AmountText:
        """Return the amount, for tests of alignment."""
        return self._amount

    def set_look(self, look: Look) -> None:
        """Take over new colours and measures."""
        super().set_look(look)
        for part in (self._label, self._hint, self._amount):
            part.set_look(look)
        self._place()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Fit the parts to the new size."""
        super().resizeEvent(event)
        self._place()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Say that the bill was pressed."""
        self.pressed.emit()
        event.accept()

    def _place(self) -> None:
        px, side = self.look.px, self.look.metrics.panel_padding
        words = max(self._label.sizeHint().width(), self._hint.sizeHint().width() if self._hint.text() else 0)
        middle = self.height() // 2
        lines = px(_LABEL_HEIGHT) + (px(_HINT_HEIGHT) if self._hint.text() else 0)
        top = middle - lines // 2
        self._label.setGeometry(side, top, words, px(_LABEL_HEIGHT))
        self._hint.setGeometry(side, top + px(_LABEL_HEIGHT), words, px(_HINT_HEIGHT))
        left = side + words + px(_GAP)
        self._amount.setGeometry(QRect(left, px(8), self.width() - side - left, self.height() - 2 * px(8)))
