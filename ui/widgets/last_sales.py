"""The last sales above the keys: when, how much, whether they are posted; pressed, one is asked about."""

from __future__ import annotations

from datetime import datetime

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QAccessible, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QWidget

from cashier_app.domain.sale import Sale
from cashier_app.services.till_view import TillView
from cashier_app.wording import Tone, Wording
from cashier_app.wording.today import LastSaleWords, last_sale, last_sales_title, no_sales, undo_label
from ui.theme.look import DEFAULT_LOOK, Look
from ui.theme.painting import RIGHT, draw_focus_ring, draw_frame, painting
from ui.theme.typography import MEDIUM, SEMIBOLD
from ui.widgets.button import ActionButton, ButtonKind
from ui.widgets.icon_view import IconView
from ui.widgets.painted_button import PaintedButton
from ui.widgets.panel import Panel, PanelKind
from ui.widgets.text import ElidedLabel

_ROWS = 3
_NAMES_FROM = 290  # px at 1x
_COLOURS = {Tone.WAIT: "amber_text", Tone.STOP: "red_text"}


class LastSaleRow(PaintedButton):
    """One sale: time, name where there is room, amount, and an icon that says how far it has got."""

    accessible_role = QAccessible.Role.ListItem

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("", parent)
        self._look = DEFAULT_LOOK
        self.take_presses(taken=False)
        self._time = ElidedLabel(role="body", colour="ink2", parent=self)
        self._name = ElidedLabel(role="body", colour="ink2", parent=self)
        self._amount = ElidedLabel(role="body", weight=MEDIUM, align=RIGHT, parent=self)
        self._icon = IconView(size=20, parent=self)

    def take_presses(self, *, taken: bool) -> None:
        """Be a button, or only a row."""
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus if taken else Qt.FocusPolicy.NoFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents, not taken)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint what a press or a pointer changes; the words are labels."""
        with painting(self) as painter:
            if self.isDown() or self.shows_hover():
                fill = self._look.colour("key_press" if self.isDown() else "sunken")
                draw_frame(painter, QRectF(self.rect()), self._look.px(8), fill=fill)
            if self.shows_ring():
                draw_focus_ring(painter, QRectF(self.rect()), self._look.px(6), self._look)

    def show_sale(self, words: LastSaleWords) -> None:
        """Show another sale."""
        self._time.set_text(words.time)
        self._name.set_text(words.name)
        self._amount.set_text(words.amount)
        self._icon.set_icon(words.icon, _COLOURS.get(words.tone, "ink2"))
        self.setAccessibleName(words.spoken)
        self._place()

    def set_look(self, look: Look) -> None:
        """Take over new colours and measures."""
        super().set_look(look)
        for part in (self._time, self._name, self._amount, self._icon):
            part.set_look(look)
        self._place()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Fit the parts to the new size."""
        super().resizeEvent(event)
        self._place()

    def _place(self) -> None:
        px, high = self._look.px, self.height()
        icon, gap = px(20), px(10)
        self._icon.setGeometry(self.width() - icon, (high - icon) // 2, icon, icon)
        right = self.width() - icon - gap
        amount = min(self._amount.sizeHint().width(), right)
        self._amount.setGeometry(right - amount, 0, amount, high)
        time = min(self._time.sizeHint().width(), max(1, right - amount - gap))
        self._time.setGeometry(0, 0, time, high)
        room = right - amount - time - 2 * gap
        # By the width of the row, not of its amount: names in some rows only would look like a fault.
        self._name.setVisible(bool(self._name.text()) and self.width() >= px(_NAMES_FROM) and room >= px(64))
        self._name.setGeometry(time + gap, 0, max(1, room), high)


class LastSales(Panel):
    """The newest sales of this till; pressable once `take_presses` was called."""

    accessible_role = QAccessible.Role.List
    undo_pressed = Signal()
    picked = Signal(object)  # a Sale

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(PanelKind.OFF, parent=parent)
        self._title = ElidedLabel(role="label_small", weight=SEMIBOLD, parent=self)
        self._none = ElidedLabel(colour="ink3", parent=self)
        self._rows: list[LastSaleRow] = []  # made when there is a sale to show
        self._sales: tuple[Sale, ...] = ()
        self._undo: ActionButton | None = None

    def take_presses(self) -> None:
        """Let sales be pressed, and the last one be undone."""
        undo = self._undo = ActionButton(kind=ButtonKind.PLAIN, key="F9", parent=self)
        undo.set_look(self.look)
        undo.clicked.connect(self.undo_pressed)
        undo.setVisible(bool(self._sales))
        for row in self._rows:
            row.take_presses(taken=True)
        self._place()

    def show_view(self, view: TillView, wording: Wording, now: datetime) -> None:
        """Show the last sales of this view; `now` is UTC."""
        title = last_sales_title(wording)
        self._title.set_text(title.full, title.short)
        self.setAccessibleName(title.full)
        lines = view.today.last_sales[:_ROWS]
        self._sales = tuple(line.sale for line in lines)
        if self._undo is not None:
            self._undo.setVisible(bool(lines))
            if self._undo.words() != undo_label(wording).full:
                self._undo.set_words(undo_label(wording).full)
                self._place()
        self._none.set_text(no_sales(wording).full)
        self._none.setVisible(not lines)
        while len(self._rows) < len(lines):
            self._add_row()
        for index, row in enumerate(self._rows):
            row.setVisible(index < len(lines))
            if index < len(lines):
                undone = lines[index].sale.sale_id in view.today.undone
                row.show_sale(last_sale(lines[index], wording, now, undone=undone))

    def _add_row(self) -> None:
        row = LastSaleRow(self)
        row.set_look(self.look)
        row.take_presses(taken=self._undo is not None)
        place = len(self._rows)
        row.clicked.connect(lambda: self._pick(place))
        self._rows.append(row)
        self._place()

    def _pick(self, place: int) -> None:
        if place < len(self._sales):
            self.picked.emit(self._sales[place])

    def set_look(self, look: Look) -> None:
        """Take over new colours and measures."""
        super().set_look(look)
        if self._undo is not None:
            self._undo.set_look(look)
        self._title.set_look(look)
        self._none.set_look(look)
        for row in self._rows:
            row.set_look(look)
        self._place()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Fit the parts to the new size."""
        super().resizeEvent(event)
        self._place()

    def _place(self) -> None:
        px = self.look.px
        side, width = px(16), self.width() - 2 * px(16)
        undo = 0
        if self._undo is not None:
            undo = self._undo.sizeHint().width()
            self._undo.setGeometry(side + width - undo, px(6), undo, px(36))
        self._title.setGeometry(side, px(10), max(1, width - undo), px(30))
        first = px(44)
        pitch = (self.height() - first - px(3)) // _ROWS
        self._none.setGeometry(side, first, width, pitch)
        for index, row in enumerate(self._rows):
            row.setGeometry(side, first + index * pitch, width, pitch)
