"""The card of a return: whose sale it is, what happens to the points, and by which rules."""

from __future__ import annotations

from PySide6.QtCore import QRect, Signal
from PySide6.QtGui import QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QWidget

from cashier_app.wording.returns import FigureRow, ReturnCardWords
from cashier_app.wording.sentences import Row
from ui.theme.look import DEFAULT_LOOK, Look, spread_look
from ui.theme.painting import RIGHT, painting
from ui.theme.typography import MEDIUM, SEMIBOLD
from ui.widgets.button import ActionButton, ButtonKind
from ui.widgets.icon_view import IconView
from ui.widgets.member_parts import TONE_COLOURS
from ui.widgets.text import ElidedLabel, PlainLabel
from ui.widgets.who_card import WhoCard

_MOST_NOTES = 6


class FigureLine(QWidget):
    """A label, and at its right a figure with its sign in its colour."""

    def __init__(self, *, role: str = "label", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = DEFAULT_LOOK
        self.label = ElidedLabel(role="body", weight=MEDIUM, parent=self)
        self.figure = ElidedLabel(role=role, weight=SEMIBOLD, align=RIGHT, parent=self)
        self._role = role

    def show_row(self, row: FigureRow, *, words: bool = False) -> None:
        """Show another figure; `words` where it is none."""
        colour = "ink2" if words else {"ink2": "ink"}.get(TONE_COLOURS[row.tone], TONE_COLOURS[row.tone])
        self.label.set_text(row.label.full, row.label.short)
        self.figure.set_role("body" if words else self._role, MEDIUM if words else SEMIBOLD)
        self.figure.set_colour(colour)
        self.figure.set_text(row.figure)
        self._place()

    def set_look(self, look: Look) -> None:
        """Take over new colours and measures."""
        self._look = look
        spread_look(self, look)
        self._place()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Give the figure what it needs and the label the rest."""
        super().resizeEvent(event)
        self._place()

    def _place(self) -> None:
        gap = self._look.px(10)
        wanted = min(self.figure.sizeHint().width(), max(1, self.width() - gap - self._look.px(60)))
        self.figure.setGeometry(self.width() - wanted, 0, wanted, self.height())
        self.label.setGeometry(0, 0, max(1, self.width() - wanted - gap), self.height())


class NoteLine(QWidget):
    """An icon and a sentence of one or more lines."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = DEFAULT_LOOK
        self.icon = IconView(size=20, parent=self)
        self.words = PlainLabel(role="body", wrap=True, parent=self)

    def show_row(self, row: Row) -> None:
        """Say something else."""
        colour = TONE_COLOURS[row.tone]
        self.icon.set_icon(row.icon, colour)
        self.words.set_colour(colour)
        self.words.set_text(row.sentence.full)

    def set_look(self, look: Look) -> None:
        """Take over new colours and measures."""
        self._look = look
        spread_look(self, look)

    def height_for(self, width: int) -> int:
        """Return the height of the sentence at this width, px."""
        return max(self.words.heightForWidth(max(1, width - self._look.px(32))), self._look.px(22))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Put the icon at the first line."""
        super().resizeEvent(event)
        indent = self._look.px(32)
        self.icon.setGeometry(0, 0, self._look.px(22), self._look.px(24))
        self.words.setGeometry(indent, 0, max(1, self.width() - indent), self.height())


class ReturnCard(WhoCard):
    """Whose sale it is and what happens to the points; notes go where there is no height for them."""

    all_of_it_pressed = Signal()
    amount_pressed = Signal()
    exchange_pressed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent=parent)
        self._shown: ReturnCardWords | None = None
        self._lines: tuple[int, ...] = ()
        self.name = ElidedLabel(role="title", weight=SEMIBOLD, parent=self)
        self.line = ElidedLabel(role="body", colour="ink2", parent=self)
        self.title = ElidedLabel(role="body", colour="ink2", parent=self)
        self.taken_back, self.restored, self.balance = (FigureLine(parent=self) for _ in range(3))
        self.notes = [NoteLine(self) for _ in range(_MOST_NOTES)]
        self.all_of_it = ActionButton(kind=ButtonKind.ROW, icon="check-circle", key="*", parent=self)
        self.amount = ActionButton(kind=ButtonKind.ROW, icon="pencil-simple", key="F5", parent=self)
        self.exchange = ActionButton(kind=ButtonKind.ROW, icon="receipt", key="E", parent=self)
        self.exchange.clicked.connect(self.exchange_pressed)
        self.all_of_it.clicked.connect(self.all_of_it_pressed)
        self.amount.clicked.connect(self.amount_pressed)

    def show_words(self, words: ReturnCardWords) -> None:
        """Show another sale, or what another amount does; the same again does nothing."""
        if words == self._shown:
            return
        self._shown = words
        self.name.set_text(words.name)
        self.line.set_text(words.line.full, words.line.short)
        self.title.set_text(words.title.full)
        self.taken_back.show_row(words.taken_back)
        self.restored.show_row(words.restored)
        self.balance.show_row(words.balance, words=not any(map(str.isdigit, words.balance.figure)))
        for row, note in zip(self.notes, words.notes, strict=False):
            row.show_row(note)
        if words.all_of_it is not None:
            self.all_of_it.set_words(words.all_of_it.full, words.all_of_it.short)
            self.all_of_it.set_key(words.all_key)
            self.amount.set_words(words.amount_instead.full, words.amount_instead.short)
        if words.exchange is not None:
            self.exchange.set_words(words.exchange.full, words.exchange.short)
        self.setAccessibleName(words.spoken)
        self.arrange()

    def arrange(self) -> None:
        """Put every part in its place, as far as there is height."""
        if self._shown is None:
            return
        flow, px = self.flow(), self.look.px
        self.name.setGeometry(flow.take(self.sized(28, 34, 26)))
        self.line.setGeometry(flow.take(self.sized(24, 24, 22), self.sized(2, 2, 0)))
        lines = [flow.take(1, self.sized(10, 18, 6)).top()]
        self.title.setGeometry(flow.take(px(24), self.sized(8, 18, 4)))
        row = self.sized(32, 44, 26)
        self.taken_back.setGeometry(flow.take(row, self.sized(0, 4)))
        self.restored.setGeometry(flow.take(row))
        lines.append(flow.take(1).top())
        self.balance.setGeometry(flow.take(row))
        end = self._place_buttons()
        gap = self.sized(6, 14, 3)
        for index, note in enumerate(self.notes):
            high = note.height_for(flow.width)
            shown = index < len(self._shown.notes) and flow.at + gap + high <= end
            note.setVisible(shown)
            if shown:
                note.setGeometry(flow.take(high, gap))
                gap = self.sized(4, 8, 2)
        self._lines = tuple(lines)
        self.update()

    def padding(self) -> int:
        """Return the space inside the edge, px."""
        return self.sized(16, 24, 10) if self.look.metrics.low else super().padding()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the card, and the lines of the sum."""
        super().paintEvent(event)
        side = self.padding()
        with painting(self) as painter:
            for at in self._lines:
                painter.fillRect(QRect(side, at, self.width() - 2 * side, 1), self.look.colour("line"))

    def _place_buttons(self) -> int:
        """Put the buttons at the bottom and return where the notes must end, px."""
        words = self._shown
        parts = words is not None and words.all_of_it is not None
        wanted = [(self.all_of_it, parts), (self.amount, parts)]
        wanted.append((self.exchange, words is not None and words.exchange is not None))
        bottom, side = self.height() - self.padding(), self.padding()
        high, gap = self.sized(48, 56), self.sized(8, 8, 5)
        width = self.width() - 2 * side
        for button, shown in reversed(wanted):
            button.setVisible(shown)
            if shown:
                button.setGeometry(side, bottom - high, width, high)
                bottom -= high + gap
        return bottom
