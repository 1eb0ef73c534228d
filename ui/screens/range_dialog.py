"""Which days? Two typed days over the day view."""

from __future__ import annotations

from datetime import date

from PySide6.QtCore import QRect, Qt, Signal
from PySide6.QtGui import QMouseEvent, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QWidget

from cashier_app.domain.period import Period
from cashier_app.wording import Wording
from cashier_app.wording.day import range_typed, range_words, typed_day
from ui.accessibility import announce
from ui.theme.look import DEFAULT_LOOK, Look, spread_look
from ui.theme.painting import painting
from ui.theme.typography import SEMIBOLD
from ui.widgets.button import ActionButton, ButtonKind
from ui.widgets.form_fields import FieldWords, FormFields
from ui.widgets.panel import Panel, PanelKind
from ui.widgets.text import ElidedLabel, PlainLabel

_WIDTH, _HIGH = 520, 384


class RangeDialog(QWidget):
    """Asks for the first and the last day; says in place what is wrong with them."""

    picked = Signal(object)  # a Period
    closed = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._look = DEFAULT_LOOK
        self._wording: Wording | None = None
        self.panel = Panel(PanelKind.PLAIN, parent=self)
        self.title = ElidedLabel(role="title", weight=SEMIBOLD, parent=self.panel)
        self.fields = FormFields(self.panel)
        self.trouble = PlainLabel(role="body", colour="red_text", wrap=True, parent=self.panel)
        self.back = ActionButton(kind=ButtonKind.SECONDARY, key="Esc", parent=self.panel)
        self.back.clicked.connect(self.close_dialog)
        self.show_button = ActionButton(kind=ButtonKind.PRIMARY, key="Enter", parent=self.panel)
        self.show_button.clicked.connect(self.confirm)
        self.hide()

    def open_for(self, period: Period, today: date, wording: Wording) -> None:
        """Ask, with the days on show typed already."""
        self._wording = wording
        words = range_words(wording, today)
        self.title.set_text(words.title.full)
        self.setAccessibleName(words.title.full)
        self.back.set_words(words.back.full)
        self.show_button.set_words(words.show.full)
        self.trouble.set_text("")
        self.fields.show_fields(
            [
                FieldWords("first", words.first, inside=words.hint, text=typed_day(period.first), longest=12),
                FieldWords("last", words.last, inside=words.hint, text=typed_day(period.last), longest=12),
            ]
        )
        self.show()
        self.raise_()
        self._place()
        self.fields.focus("first")
        self.fields.edit("first").selectAll()

    def confirm(self) -> None:
        """Take the days typed, or say why not."""
        if self._wording is None:
            return
        typed = self.fields.typed()
        found = range_typed(typed["first"], typed["last"], self._wording)
        if isinstance(found, Period):
            self.hide()
            self.picked.emit(found)
            self.closed.emit()
            return
        self.trouble.set_text(found.full)
        self._place()
        announce(self.trouble, found.full, assertive=True)

    def close_dialog(self) -> None:
        """Go away with nothing changed."""
        if not self.isHidden():
            self.hide()
            self.closed.emit()

    def stops(self) -> list[QWidget]:
        """Return what Tab visits, in order."""
        return [*self.fields.stops(), self.back, self.show_button]

    def set_look(self, look: Look) -> None:
        """Take over new colours and measures."""
        self._look = look
        spread_look(self.panel, look)
        self.panel.set_look(look)
        self._place()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Arrange everything anew."""
        super().resizeEvent(event)
        self._place()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Keep presses from what lies below."""
        event.accept()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint the scrim."""
        with painting(self) as painter:
            painter.fillRect(self.rect(), self._look.colour("scrim"))

    def _place(self) -> None:
        px = self._look.px
        width, high = min(px(_WIDTH), self.width() - px(32)), min(px(_HIGH), self.height() - px(16))
        self.panel.setGeometry((self.width() - width) // 2, (self.height() - high) // 2, width, high)
        side = px(24)
        inside = width - 2 * side
        self.title.setGeometry(side, px(20), inside, px(34))
        self.fields.setGeometry(side, px(68), inside + px(12), px(170))
        self.trouble.setGeometry(QRect(side, px(240), inside, px(50)))
        button = px(60)
        back = px(140)
        top = high - px(24) - button
        self.back.setGeometry(side, top, back, button)
        self.show_button.setGeometry(side + back + px(12), top, inside - back - px(12), button)

    def take_focus(self) -> None:
        """Go to the first field."""
        self.fields.edit("first").setFocus(Qt.FocusReason.OtherFocusReason)
