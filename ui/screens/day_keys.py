"""The help of the manager's day: its keys, over the page that stays as it is."""

from __future__ import annotations

from PySide6.QtCore import QRect
from PySide6.QtGui import QMouseEvent, QPaintEvent
from PySide6.QtWidgets import QWidget

from cashier_app.wording import Sentence
from cashier_app.wording.buttons import KeyWords
from cashier_app.wording.day_keys import DayKeys
from ui.accessibility import announce
from ui.theme.look import DEFAULT_LOOK, Look, spread_look
from ui.theme.painting import painting
from ui.widgets.key_list import KeyList

_EDGE, _GAP, _WIDEST = 12, 12, 760


class DayKeysPanel(QWidget):
    """Two lists of keys beside each other, in the middle of the page; a press on them takes them away."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._page = parent
        self._look = DEFAULT_LOOK
        self.days = KeyList(parent=self)
        self.figures = KeyList(parent=self)
        self.hide()

    def show_keys(self, words: DayKeys) -> None:
        """Show these keys, and say them."""
        for shown, title, keys in (
            (self.days, words.days_title, words.days),
            (self.figures, words.figures_title, words.figures),
        ):
            shown.set_title(title)
            shown.set_keys(_pairs(keys))
        self.setAccessibleName(words.spoken)
        self.arrange(self._page.rect())
        self.show()
        self.raise_()
        announce(self, words.spoken)

    def arrange(self, inside: QRect) -> None:
        """Stand in the middle of this place, px."""
        px = self._look.px
        edge, gap = px(_EDGE), px(_GAP)
        wide = min(px(_WIDEST), inside.width() - 2 * edge)
        wanted = max(self.days.sizeHint().height(), self.figures.sizeHint().height()) + 2 * edge
        high = min(wanted, inside.height() - 2 * edge)
        self.setGeometry(
            inside.left() + (inside.width() - wide) // 2,
            inside.top() + (inside.height() - high) // 2,
            wide,
            high,
        )
        each = (wide - 2 * edge - gap) // 2
        self.days.setGeometry(edge, edge, each, high - 2 * edge)
        self.figures.setGeometry(edge + each + gap, edge, each, high - 2 * edge)

    def set_look(self, look: Look) -> None:
        """Take over new colours and measures."""
        self._look = look
        spread_look(self, look)
        if not self.isHidden():
            self.arrange(self._page.rect())
        self.update()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Go away."""
        event.accept()
        self.hide()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint a ground with an edge, so that it is told from the page."""
        with painting(self) as painter:
            painter.setPen(self._look.colour("edge"))
            painter.setBrush(self._look.colour("sunken"))
            radius = self._look.px(16)
            painter.drawRoundedRect(self.rect().adjusted(0, 0, -1, -1), radius, radius)


def _pairs(keys: tuple[KeyWords, ...]) -> list[tuple[str, Sentence]]:
    return [(words.key, words.sentence) for words in keys]
