"""What a figure means, in a bubble beside it: it takes no focus and no press."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtWidgets import QWidget

from ui.theme.look import Look, spread_look
from ui.widgets.panel import Panel, PanelKind
from ui.widgets.text import PlainLabel

_WIDTH, _PAD = 360, 14


class Definition(Panel):
    """A few words on a dark ground, below what they explain or, without room there, above it."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(PanelKind.SOLID, radius="control", parent=parent)
        self.words = PlainLabel(role="body", colour="on_solid", wrap=True, parent=self)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._about: QWidget | None = None
        self.hide()

    def explain(self, about: QWidget | None, words: str) -> None:
        """Say what something means; None takes the bubble away."""
        self._about = about if words else None
        if self._about is None:
            self.hide()
            return
        self.words.set_text(words)
        self._place()
        self.show()
        self.raise_()

    def set_look(self, look: Look) -> None:
        """Take over new colours and measures."""
        super().set_look(look)
        spread_look(self, look)
        self._place()

    def _place(self) -> None:
        parent, about = self.parentWidget(), self._about
        if parent is None or about is None:
            return
        px, pad = self.look.px, self.look.px(_PAD)
        width = min(px(_WIDTH), parent.width() - 2 * px(8))
        high = self.words.heightForWidth(width - 2 * pad) + 2 * pad
        at = about.mapTo(parent, QPoint(0, 0))
        left = min(max(at.x(), px(8)), parent.width() - px(8) - width)
        top = at.y() + about.height() + px(4)
        if top + high > parent.height() - px(8):
            top = max(px(8), at.y() - px(4) - high)
        self.setGeometry(QRect(left, top, width, high))
        self.words.setGeometry(pad, pad, width - 2 * pad, high - 2 * pad)
