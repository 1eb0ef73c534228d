"""The word of training on violet, in the strip below the till: no page covers it."""

from __future__ import annotations

from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QFont, QPaintEvent
from PySide6.QtWidgets import QWidget

from cashier_app.wording.sentences import Sentence
from ui.theme.look import DEFAULT_LOOK, Look
from ui.theme.painting import CENTRE, draw_frame, draw_line, painting, text_width
from ui.theme.typography import SEMIBOLD

_PAD, _RADIUS = 3, 4


class MarkBadge(QWidget):
    """Says the whole mark where there is room for it, else the one word; never a part of it."""

    def __init__(self, words: Sentence, parent: QWidget) -> None:
        super().__init__(parent)
        self._look = DEFAULT_LOOK
        self._words = words
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.show_words(words)

    def show_words(self, words: Sentence) -> None:
        """Say something else."""
        self._words = words
        self.setAccessibleName(words.full)
        self.update()

    def set_look(self, look: Look) -> None:
        """Take over new colours and measures."""
        self._look = look
        self.update()

    def stand_at(self, left: int, top: int, room: int, high: int) -> int:
        """Stand there, as wide as the words that fit a room this wide, and return where it ends; px."""
        wide = next(
            (wide for wide in map(self._wide, self._both()) if wide <= room), self._wide(self._words.short)
        )
        self.setGeometry(QRect(left, top, wide, high))
        return left + wide

    def shown(self) -> str:
        """Return what can be read: as much as there is room for."""
        return next((words for words in self._both() if self._wide(words) <= self.width()), "")

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint the words."""
        look = self._look
        with painting(self) as painter:
            draw_frame(painter, self.rect(), look.px(_RADIUS), fill=look.colour("train"))
            draw_line(painter, self.rect(), self.shown(), self._font(), look.colour("on_train"), CENTRE)

    def _both(self) -> tuple[str, str]:
        return self._words.full, self._words.short

    def _wide(self, words: str) -> int:
        return round(text_width(words, self._font()) + 0.5) + 2 * self._look.px(_PAD)

    def _font(self) -> QFont:
        return self._look.font("body", SEMIBOLD)
