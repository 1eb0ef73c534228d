"""The two buttons under the pay panel: Esc at the left, what Enter does at the right. Never elsewhere."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QWidget

from cashier_app.wording import Sentence
from ui.theme.look import DEFAULT_LOOK, Look
from ui.widgets.button import ActionButton, ButtonKind


class ActionRow(QWidget):
    """Shows what Esc and Enter do now, as buttons. Their keys come through the window's key router."""

    confirmed = Signal()
    went_back = Signal()
    undo_pressed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = DEFAULT_LOOK
        self.escape = ActionButton(kind=ButtonKind.SECONDARY, key="Esc", parent=self)
        self.primary = ActionButton(kind=ButtonKind.PRIMARY, key="Enter", parent=self)
        self._undoes = False
        self.escape.clicked.connect(self._escape_pressed)
        self.primary.clicked.connect(self.confirmed.emit)

    def show_actions(
        self,
        escape: Sentence | None,
        primary: Sentence,
        *,
        enabled: bool,
        can_go_back: bool = True,
        undo: Sentence | None = None,
    ) -> None:
        """Show what the keys do; without an Esc the primary has the whole row. `undo` takes its place."""
        self.primary.set_words(primary.full, primary.short)
        self.primary.setEnabled(enabled)
        self._undoes = undo is not None
        self.escape.set_key("F9" if self._undoes else "Esc")
        escape = undo or escape
        if escape is not None:
            self.escape.set_words(escape.full, escape.short)
            self.escape.setEnabled(can_go_back)
        self.escape.setVisible(escape is not None)
        self._place()

    def _escape_pressed(self) -> None:
        (self.undo_pressed if self._undoes else self.went_back).emit()

    def set_look(self, look: Look) -> None:
        """Take over new colours and measures."""
        self._look = look
        self.escape.set_look(look)
        self.primary.set_look(look)
        self._place()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Fit the parts to the new size."""
        super().resizeEvent(event)
        self._place()

    def _place(self) -> None:
        left = 0
        if not self.escape.isHidden():
            width = self._look.metrics.esc_width
            self.escape.setGeometry(0, 0, width, self.height())
            left = width + self._look.px(8)
        self.primary.setGeometry(left, 0, max(1, self.width() - left), self.height())
