"""A text field with its name above, and below it a hint, or what is wrong with what was typed."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QLineEdit, QWidget

from ui.accessibility import announce
from ui.theme.look import DEFAULT_LOOK, Look, spread_look
from ui.theme.typography import MEDIUM
from ui.widgets.text import ElidedLabel, PlainLabel

_LABEL, _FIELD = 26, 52


class TextField(QWidget):
    """What was typed stays when it is refused; the trouble goes as soon as somebody types on."""

    typed = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = DEFAULT_LOOK
        self._hint = ""
        self.label = ElidedLabel(role="body", colour="ink2", parent=self)
        self.edit = QLineEdit(self)
        self.edit.setContextMenuPolicy(Qt.ContextMenuPolicy.NoContextMenu)
        self.edit.textEdited.connect(self._edited)
        self.below = PlainLabel(role="body", colour="ink2", wrap=True, parent=self)

    def show_words(self, label: str, *, hint: str = "", inside: str = "", longest: int = 400) -> None:
        """Say what is typed here."""
        self._hint = hint
        self.label.set_text(label)
        self.edit.setAccessibleName(label)
        self.edit.setAccessibleDescription(hint)
        self.edit.setPlaceholderText(inside)
        self.edit.setMaxLength(longest)
        if self.below.colour == "ink2":
            self.below.set_text(hint)

    def text(self) -> str:
        """Return what stands in it."""
        return " ".join(self.edit.text().split())

    def say(self, trouble: str) -> None:
        """Say what is wrong, or nothing for an empty text."""
        self.below.set_colour("red_text" if trouble else "ink2")
        self.below.set_text(trouble or self._hint)
        if trouble:
            announce(self.below, trouble, assertive=True)
        self._arrange()

    def high(self, width: int) -> int:
        """Return the height wanted at this width, px."""
        px = self._look.px
        below = self.below.heightForWidth(width) if self.below.text() else 0
        return px(_LABEL + _FIELD) + (below + px(4) if below else 0)

    def set_look(self, look: Look) -> None:
        """Take over new colours and measures."""
        self._look = look
        spread_look(self, look)
        self.edit.setFont(look.font("body_large", MEDIUM))
        self._arrange()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Arrange everything anew."""
        super().resizeEvent(event)
        self._arrange()

    def _edited(self, text: str) -> None:
        self.say("")
        self.typed.emit(text)

    def _arrange(self) -> None:
        px, width = self._look.px, self.width()
        self.label.setGeometry(0, 0, width, px(_LABEL))
        self.edit.setGeometry(0, px(_LABEL), width, px(_FIELD))
        top = px(_LABEL + _FIELD + 4)
        self.below.setVisible(bool(self.below.text()))
        self.below.setGeometry(0, top, width, self.below.heightForWidth(width))
