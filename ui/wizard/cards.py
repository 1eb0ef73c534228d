"""Cards to choose from: what it is, what it needs, what it can do, and the digit that takes it."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QFrame, QScrollArea, QWidget

from cashier_app.wording.first_run_pages import CardWords
from ui.theme.look import DEFAULT_LOOK, Look
from ui.theme.painting import (
    RIGHT,
    draw_focus_ring,
    draw_frame,
    draw_icon,
    draw_keycap,
    draw_line,
    keycap_size,
    painting,
)
from ui.theme.typography import MEDIUM, REGULAR, SEMIBOLD
from ui.widgets.painted_button import PaintedButton

_SIDE, _GAP = 18, 12


class ChoiceCard(PaintedButton):
    """Paints three lines; the taken one has a green frame and a mark where its digit was."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("", parent)
        self._words = CardWords("", "")
        self._taken = False

    def show_words(self, words: CardWords, *, taken: bool) -> None:
        """Say something else."""
        self._words, self._taken = words, taken
        self.setAccessibleName(words.title)
        self.setAccessibleDescription(". ".join(part for part in (words.detail, words.can) if part))
        self.refresh()

    def words(self) -> CardWords:
        """Return what is said."""
        return self._words

    def is_taken(self) -> bool:
        """Return whether this is the one taken."""
        return self._taken

    def sizeHint(self) -> QSize:
        """Return the wanted size, px."""
        lines = 1 + bool(self._words.detail) + bool(self._words.can)
        compact = self._look.metrics.compact
        return QSize(self._look.px(300), self._look.px({1: 64, 2: 84}.get(lines, 100 if compact else 116)))

    def minimumSizeHint(self) -> QSize:
        """Return the least size, px."""
        return QSize(self._look.px(200), self._look.px(64))

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint the whole card."""
        look, words = self._look, self._words
        fill = "key_press" if self.isDown() else "sunken" if self.shows_hover() else "surface"
        radius = look.metrics.radius_panel
        with painting(self) as painter:
            box = QRectF(self.rect())
            if self.shows_ring():
                box = draw_focus_ring(painter, box, radius, look)
                radius -= look.px(2)
            edge = look.colour("accent" if self._taken else "edge")
            wide = look.px(3 if self._taken else 1)
            draw_frame(painter, box, radius, fill=look.colour(fill), edge=edge, width=wide)
            side, high = look.px(_SIDE), look.px(28)
            inside = QRectF(self.rect()).adjusted(side, look.px(11), -side, -look.px(11))
            lines = 1 + bool(words.detail) + bool(words.can)
            top = inside.center().y() - high / 2 if lines == 1 else inside.top()
            room = self._paint_mark(inside, top + high / 2, painter) - look.px(10)
            title = QRectF(inside.left(), top, room - inside.left(), high)
            draw_line(painter, title, words.title, look.font("label", SEMIBOLD), look.colour("ink"))
            detail = QRectF(inside.left(), top + high, inside.width(), look.px(26))
            draw_line(painter, detail, words.detail, look.font("body", REGULAR), look.colour("ink2"))
            foot = QRectF(inside.left(), inside.bottom() - look.px(26), inside.width(), look.px(26))
            if lines == 3:
                draw_line(painter, foot, words.can, look.font("body", MEDIUM), look.colour("ink"))
            elif words.can:
                font = look.font("body", MEDIUM)
                draw_line(painter, foot, words.can, font, look.colour("accent_text"), RIGHT)

    def _paint_mark(self, inside: QRectF, middle: float, painter: object) -> float:
        """Paint the digit, or the mark of the taken one, and return where it begins."""
        look = self._look
        if self._taken:
            icon = look.px(22)
            box = QRectF(inside.right() - icon, middle - icon / 2, icon, icon)
            draw_icon(painter, box, "check-circle", "accent", look)  # type: ignore[arg-type]
            return box.left()
        if not self._words.key:
            return inside.right()
        size = keycap_size(self._words.key, look)
        at = QPointF(inside.right() - size.width(), middle)
        draw_keycap(painter, at, self._words.key, look, ink=look.colour("ink"), edge=look.colour("edge"))  # type: ignore[arg-type]
        return at.x()


class _Sheet(QWidget):
    """What scrolls."""

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("scrolled", True)


class CardGrid(QScrollArea):
    """Cards side by side; a press, a digit or the arrows choose one."""

    chosen = Signal(str)  # the card's value

    def __init__(self, parent: QWidget | None = None, *, columns: int = 2) -> None:
        super().__init__(parent)
        self._look = DEFAULT_LOOK
        self._columns = columns
        self._sheet = _Sheet()
        self.cards: list[ChoiceCard] = []
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setWidget(self._sheet)

    def show_cards(self, cards: Sequence[CardWords], taken: str) -> None:
        """Show what there is to choose."""
        while len(self.cards) > len(cards):
            gone = self.cards.pop()
            gone.hide()
            gone.deleteLater()
        while len(self.cards) < len(cards):
            card = ChoiceCard(self._sheet)
            card.set_look(self._look)
            card.clicked.connect(lambda _=False, card=card: self.chosen.emit(card.words().value))
            card.show()
            self.cards.append(card)
        for card, words in zip(self.cards, cards, strict=True):
            card.show_words(words, taken=words.value == taken)
        self.arrange()

    def taken(self) -> ChoiceCard | None:
        """Return the card that is taken."""
        return next((card for card in self.cards if card.is_taken()), None)

    def choose(self, character: str) -> None:
        """Take the card with this digit."""
        for card in self.cards:
            if card.words().key == character:
                card.click()
                return

    def mark(self, direction: int) -> None:
        """Take the card behind or before the taken one."""
        if not self.cards:
            return
        taken = self.taken()
        here = self.cards.index(taken) if taken else -direction
        card = self.cards[min(max(here + direction, 0), len(self.cards) - 1)]
        card.click()
        self.ensureWidgetVisible(card, 0, self._look.px(8))

    def wanted_height(self) -> int:
        """Return the height of all cards, px."""
        rows = -(-len(self.cards) // self._columns)
        return rows * (self._card_high() + self._look.px(_GAP)) - (self._look.px(_GAP) if rows else 0)

    def set_look(self, look: Look) -> None:
        """Take over new colours and measures."""
        self._look = look
        for card in self.cards:
            card.set_look(look)
        self.arrange()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Arrange everything anew."""
        super().resizeEvent(event)
        self.arrange()

    def arrange(self) -> None:
        """Put the cards in rows."""
        gap, high, columns = self._look.px(_GAP), self._card_high(), self._columns
        scrolls = self.wanted_height() > self.height()
        width = max(1, self.width() - (self._look.px(16) if scrolls else 0))
        wide = (width - (columns - 1) * gap) // columns
        for place, card in enumerate(self.cards):
            row, column = divmod(place, columns)
            card.setGeometry(column * (wide + gap), row * (high + gap), wide, high)
        self._sheet.resize(width, max(1, self.wanted_height()))

    def _card_high(self) -> int:
        return max((card.sizeHint().height() for card in self.cards), default=0)
