"""A device on its page: what it is, what is chosen, whether it works; pressing it opens its own page."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, QSize
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from cashier_app.wording import Tone
from cashier_app.wording.devices import CardWords
from ui.theme.painting import (
    draw_focus_ring,
    draw_frame,
    draw_icon,
    draw_keycap,
    draw_line,
    keycap_size,
    painting,
    text_width,
)
from ui.theme.typography import MEDIUM, REGULAR, SEMIBOLD
from ui.widgets.painted_button import PaintedButton

_SIDE, _ICON = 18, 24
_TONES = {
    Tone.PLAIN: "ink",
    Tone.MUTED: "ink2",
    Tone.GOOD: "accent_text",
    Tone.WAIT: "amber_text",
    Tone.STOP: "red_text",
}


class DeviceCard(PaintedButton):
    """Paints three lines: icon, title and key; what is chosen; how it does."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("", parent)
        self._words: CardWords | None = None

    def show_words(self, words: CardWords) -> None:
        """Say something else."""
        self._words = words
        state = words.state.sentence.full
        self.setAccessibleName(f"{words.title.full}, {words.chosen.full}, {state}")
        self.refresh()

    def words(self) -> CardWords | None:
        """Return what is said."""
        return self._words

    def sizeHint(self) -> QSize:
        """Return the wanted size, px."""
        return QSize(self._look.px(300), self._look.px(136))

    def minimumSizeHint(self) -> QSize:
        """Return the least size, px."""
        return QSize(self._look.px(200), self._look.px(112))

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
            draw_frame(painter, box, radius, fill=look.colour(fill), edge=look.colour("edge"))
            if words is None:
                return
            side, icon = look.px(_SIDE), look.px(_ICON)
            inside = QRectF(self.rect()).adjusted(side, look.px(14), -side, -look.px(14))
            key = keycap_size(words.key, look)
            middle = inside.top() + look.px(15)
            draw_icon(painter, QRectF(inside.left(), middle - icon / 2, icon, icon), words.icon, "ink2", look)
            at = QPointF(inside.right() - key.width(), middle)
            draw_keycap(painter, at, words.key, look, ink=look.colour("ink"), edge=look.colour("edge"))
            left = inside.left() + icon + look.px(12)
            room = inside.right() - key.width() - look.px(10) - left
            title = look.font("label", SEMIBOLD)
            short = text_width(words.title.full, title) > room
            said = words.title.short if short else words.title.full
            draw_line(painter, QRectF(left, inside.top(), room, look.px(30)), said, title, look.colour("ink"))
            line = QRectF(inside.left(), inside.top() + look.px(38), inside.width(), look.px(26))
            draw_line(painter, line, words.chosen.full, look.font("body", REGULAR), look.colour("ink2"))
            self._paint_state(painter, words, inside)

    def _paint_state(self, painter: QPainter, words: CardWords, inside: QRectF) -> None:
        look, colour = self._look, _TONES[words.state.tone]
        icon = look.px(20)
        top = inside.bottom() - look.px(26)
        draw_icon(
            painter, QRectF(inside.left(), top + look.px(3), icon, icon), words.state.icon, colour, look
        )
        left = inside.left() + icon + look.px(8)
        room = inside.right() - left
        font = look.font("body", MEDIUM)
        sentence = words.state.sentence
        said = sentence.full if text_width(sentence.full, font) <= room else sentence.short
        draw_line(painter, QRectF(left, top, room, look.px(26)), said, font, look.colour(colour))
