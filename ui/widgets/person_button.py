"""One person of the staff as a large button: a round mark, the name, what they are, and a key."""

from __future__ import annotations

from html import escape

from PySide6.QtCore import QPointF, QRectF, QSize
from PySide6.QtGui import QFont, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QWidget

from cashier_app.wording import Tone
from cashier_app.wording.staff import PersonWords
from ui.theme.painting import (
    CENTRE,
    RIGHT,
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

_SIDE, _MARK, _GAP, _ONE_LINE_FROM = 12, 36, 12, 420
_TONES = {Tone.STOP: "red_text", Tone.WAIT: "amber_text", Tone.GOOD: "accent_text"}


class PersonButton(PaintedButton):
    """Tells its place in the list by `clicked`; a long name is cut off, and whole in tooltip and name."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("", parent)
        self._words = PersonWords("", "", "")
        self._marked = False

    def words(self) -> PersonWords:
        """Return whom it shows."""
        return self._words

    def show_person(self, words: PersonWords, *, marked: bool = False) -> None:
        """Show somebody else."""
        self._words, self._marked = words, marked
        self.setAccessibleName(words.spoken)
        self._explain()
        self.refresh()

    def sizeHint(self) -> QSize:
        """Return the wanted size, px."""
        return QSize(self._look.px(300), self._look.px(64))

    def minimumSizeHint(self) -> QSize:
        """Return the least size, px."""
        return QSize(self._look.px(200), self._look.px(48))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Know anew whether the name is whole."""
        super().resizeEvent(event)
        self._explain()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint the whole widget."""
        fill, edge, width = ("accent_tint", "accent", 2) if self._marked else ("surface", "edge", 1)
        if not self.isEnabled():
            fill, edge = "sunken", "line"
        elif self.isDown():
            fill = "key_press"
        elif self.shows_hover() and not self._marked:
            fill = "sunken"
        with painting(self) as painter:
            self.paint_ground(painter, fill, edge, width)
            self._paint_mark(painter)
            self._paint_words(painter)

    def _two_lines(self) -> bool:
        return self.width() < self._look.px(_ONE_LINE_FROM)

    def _name_box(self) -> QRectF:
        """Return where the name may be: between the mark and what stands at the right."""
        px = self._look.px
        left, right = float(px(_SIDE + _MARK + _GAP)), float(self.width() - px(_SIDE))
        if self._words.key:
            right -= keycap_size(self._words.key, self._look).width() + px(_GAP)
        if not self._two_lines():
            right -= self._about_width() + px(_GAP)
        line = self._line_high()
        high = line if self._two_lines() else self.height()
        top = (self.height() - 2 * line + px(2)) / 2 if self._two_lines() else 0.0
        return QRectF(left, top, max(1.0, right - left), high)

    def _line_high(self) -> int:
        """Return the height of one of two lines, px: both fit the lowest row."""
        return min(self._look.px(25), self.height() // 2 - 1)

    def _about_width(self) -> float:
        return text_width(self._words.about, self._look.font("body", REGULAR)) if self._words.about else 0.0

    def _explain(self) -> None:
        whole = text_width(self._words.name, self._name_font()) <= self._name_box().width() + 0.5
        # Tooltips guess at rich text.
        self.setToolTip("" if whole else f"<span>{escape(self._words.name)}</span>")

    def _name_font(self) -> QFont:
        return self._look.font("label_small", SEMIBOLD)

    def _paint_mark(self, painter: QPainter) -> None:
        look, side = self._look, self._look.px(_MARK)
        disc = QRectF(look.px(_SIDE), (self.height() - side) / 2, side, side)
        draw_frame(painter, disc, side / 2, fill=look.colour("surface" if self._marked else "sunken"))
        tone = "ink" if self.isEnabled() else "ink2"
        if self._words.icon:
            icon = look.px(20)
            inset = (side - icon) / 2
            draw_icon(painter, disc.adjusted(inset, inset, -inset, -inset), self._words.icon, tone, look)
        else:
            draw_line(
                painter, disc, self._words.initials, look.font("badge", MEDIUM), look.colour(tone), CENTRE
            )

    def _paint_words(self, painter: QPainter) -> None:
        look, box = self._look, self._name_box()
        tone = "ink" if self.isEnabled() else "ink2"
        draw_line(painter, box, self._words.name, self._name_font(), look.colour(tone))
        right = float(self.width() - look.px(_SIDE))
        if self._words.key:
            size = keycap_size(self._words.key, look)
            at = QPointF(right - size.width(), self.height() / 2)
            draw_keycap(painter, at, self._words.key, look, ink=look.colour("ink2"), edge=look.colour("edge"))
            right -= size.width() + look.px(_GAP)
        font, ink = look.font("body", REGULAR), look.colour(_TONES.get(self._words.tone, "ink2"))
        if self._two_lines():
            below = QRectF(box.left(), box.bottom() - look.px(2), box.width(), self._line_high())
            draw_line(painter, below, self._words.about, font, ink)
        else:
            beside = QRectF(box.right(), 0, max(1.0, right - box.right()), self.height())
            draw_line(painter, beside, self._words.about, font, ink, RIGHT)
