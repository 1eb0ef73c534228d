"""What happened to the open sale of the queue, each of its effects, and what a person may do about it."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Signal
from PySide6.QtGui import QAccessible, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QWidget

from cashier_app.wording import Tone
from cashier_app.wording.queue import EffectWords, QueueRowWords, QueueWords
from ui.theme.look import DEFAULT_LOOK, Look, spread_look
from ui.theme.painting import RIGHT, draw_icon, draw_line, painting, text_width
from ui.theme.typography import MEDIUM, REGULAR
from ui.widgets.button import ActionButton, ButtonKind
from ui.widgets.text import PlainLabel

TONE_INK = {
    Tone.PLAIN: "ink2",
    Tone.MUTED: "ink2",
    Tone.GOOD: "accent_text",
    Tone.WAIT: "amber_text",
    Tone.STOP: "red_text",
}
_LINE = 24
_BETWEEN = 8
_ICON = 20


class EffectLines(QWidget):
    """The effects of one sale, two lines each: state, what and last answer; key, tries and next try."""

    accessible_role = QAccessible.Role.StaticText

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = DEFAULT_LOOK
        self._effects: tuple[EffectWords, ...] = ()

    def show_effects(self, effects: tuple[EffectWords, ...]) -> None:
        """Show others; the same again does nothing."""
        if effects != self._effects:
            self._effects = effects
            self.setAccessibleName(". ".join(effect.spoken for effect in effects))
            self.update()

    def set_look(self, look: Look) -> None:
        """Take over new colours and measures."""
        self._look = look
        self.update()

    def sizeHint(self) -> QSize:
        """Return the wanted size, px."""
        return QSize(self._look.px(600), self.needed_height())

    def needed_height(self) -> int:
        """Return the height of all lines, px."""
        px = self._look.px
        return len(self._effects) * (2 * px(_LINE) + px(_BETWEEN))

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint all lines."""
        px, top = self._look.px, 0.0
        with painting(self) as painter:
            for effect in self._effects:
                self._paint_effect(painter, effect, top)
                top += 2 * px(_LINE) + px(_BETWEEN)

    def _paint_effect(self, painter: QPainter, effect: EffectWords, top: float) -> None:
        look, px = self._look, self._look.px
        ink, side, line = TONE_INK[effect.tone], px(_ICON), px(_LINE)
        draw_icon(painter, QRectF(0, top + (line - side) / 2, side, side), effect.icon, ink, look)
        left, body, strong = side + px(10), look.font("body", REGULAR), look.font("body", MEDIUM)
        state, what = effect.state.full, effect.what.full
        right = self._right(
            painter, effect.answer.full, top, left + text_width(state + what, strong) + px(36)
        )
        draw_line(painter, QRectF(left, top, self.width() - left, line), state, strong, look.colour(ink))
        start = left + text_width(state, strong) + px(12)
        draw_line(
            painter, QRectF(start, top, max(1.0, right - start), line), what, strong, look.colour("ink")
        )
        parts = [effect.tries.full, effect.following.full if effect.following else ""]
        following = "  ·  ".join(part for part in parts if part)
        right = self._right(painter, following, top + line, left + px(120))
        key = QRectF(left, top + line, max(1.0, right - left), line)
        draw_line(painter, key, effect.key.full, body, look.colour("ink2"))

    def _right(self, painter: QPainter, words: str, top: float, least: float) -> float:
        """Paint words at the right, clear of what stands left of `least`; return where they begin, px."""
        look, px = self._look, self._look.px
        font = look.font("body", REGULAR)
        left = max(least, self.width() - text_width(words, font) - 1)
        place = QRectF(left, top, max(1.0, self.width() - left), px(_LINE))
        draw_line(painter, place, words, font, look.colour("ink2"), RIGHT)
        return left - px(12)


class QueueDetail(QWidget):
    """The part of the open row below its two lines."""

    look_up_wanted = Signal()
    send_again_wanted = Signal()
    settle_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = DEFAULT_LOOK
        self._happened = PlainLabel(role="body", wrap=True, parent=self)
        self.effects = EffectLines(self)
        self.look_up = ActionButton(kind=ButtonKind.PRIMARY, key="L", parent=self)
        self.send_again = ActionButton(kind=ButtonKind.SECONDARY, key="R", parent=self)
        self.settle = ActionButton(kind=ButtonKind.SECONDARY, key="H", parent=self)
        self.look_up.clicked.connect(self.look_up_wanted.emit)
        self.send_again.clicked.connect(self.send_again_wanted.emit)
        self.settle.clicked.connect(self.settle_wanted.emit)
        self._acts = False

    def show_words(self, words: QueueRowWords, around: QueueWords) -> None:
        """Show another sale."""
        self._happened.set_text(words.happened.full)
        self.effects.show_effects(words.effects)
        self._acts = words.needs_person
        labels = (
            (self.look_up, around.look_up),
            (self.send_again, around.send_again),
            (self.settle, around.settle),
        )
        for button, label in labels:
            if button.words() != label.full:
                button.set_words(label.full, label.short)
            button.setVisible(self._acts)

    def set_look(self, look: Look) -> None:
        """Take over new colours and measures."""
        self._look = look
        spread_look(self, look)

    def height_for(self, width: int) -> int:
        """Return the height it needs in this width, px."""
        px = self._look.px
        actions = px(8) + px(52) if self._acts else 0
        return self._sentence_height(width) + px(8) + self.effects.needed_height() + actions + px(12)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Fit the parts to the new size."""
        super().resizeEvent(event)
        self.arrange()

    def arrange(self) -> None:
        """Put every part in its place."""
        px, side = self._look.px, self._look.px(14)
        inner = self.width() - 2 * side
        words = self._sentence_height(self.width())
        self._happened.setGeometry(side, 0, inner, words)
        effects = self.effects.needed_height()
        self.effects.setGeometry(side, words + px(8), inner, effects)
        top, gap = words + px(8) + effects + px(8), px(8)
        each = (inner - 2 * gap) // 3
        for place, button in enumerate((self.look_up, self.send_again, self.settle)):
            button.setGeometry(side + place * (each + gap), top, each, px(52))

    def _sentence_height(self, width: int) -> int:
        return self._happened.heightForWidth(width - 2 * self._look.px(14))
