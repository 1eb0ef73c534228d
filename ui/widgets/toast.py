"""The toast: a solid bar that says what happened and may offer one act. Never for what must not be missed."""

from PySide6.QtCore import QEvent, QRect, QSize, QTimer, Signal
from PySide6.QtGui import QEnterEvent, QHideEvent, QResizeEvent
from PySide6.QtWidgets import QWidget

from ui.theme.look import Look
from ui.theme.typography import SEMIBOLD
from ui.widgets.button import ActionButton, ButtonKind
from ui.widgets.panel import Panel, PanelKind
from ui.widgets.text import ElidedLabel

PLAIN_MS = 4_000
ACTION_MS = 8_000

_HEIGHT = 56
_SIDE = 18


class Toast(Panel):
    """One bar, 56 px high at 1x; the newest words win and the time stops under a pointer."""

    acted = Signal()  # the action was pressed
    expired = Signal()  # the time ran out

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(PanelKind.SOLID, radius="control", parent=parent)
        self._words = ElidedLabel(role="button", weight=SEMIBOLD, colour="on_solid", parent=self)
        self._action = ActionButton(kind=ButtonKind.ON_SOLID, parent=self)
        self._action.clicked.connect(self._act)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self._expire)
        self._rest_ms = 0
        self.hide()

    def words(self) -> str:
        """Return what the toast says."""
        return self._words.text()

    def action(self) -> ActionButton:
        """Return the action's button."""
        return self._action

    def show_words(
        self, words: str, *, short: str = "", action: str = "", key: str = "", life_ms: int | None = None
    ) -> None:
        """Say something, with an action and its key if there is one, for `life_ms` ms; 0 for no end."""
        self._words.set_text(words, short)
        self._action.set_words(action)
        self._action.set_key(key)
        self._action.setVisible(bool(action))
        self.setAccessibleName(words)
        self._place()
        self.show()
        self.raise_()
        life = life_ms if life_ms is not None else ACTION_MS if action else PLAIN_MS
        self._timer.stop()
        if life > 0:
            self._timer.start(life)

    def set_look(self, look: Look) -> None:
        """Take over new colours and measures."""
        super().set_look(look)
        self._words.set_look(look)
        self._action.set_look(look)
        self.updateGeometry()
        self._place()

    def sizeHint(self) -> QSize:
        """Return the wanted size, px."""
        return QSize(self.look.px(360), self.look.px(_HEIGHT))

    def enterEvent(self, event: QEnterEvent) -> None:
        """Hold the time while a pointer rests here."""
        if self._timer.isActive():
            self._rest_ms = max(1, self._timer.remainingTime())
            self._timer.stop()
        super().enterEvent(event)

    def leaveEvent(self, event: QEvent) -> None:
        """Let the time run on."""
        if self._rest_ms:
            self._timer.start(self._rest_ms)
            self._rest_ms = 0
        super().leaveEvent(event)

    def hideEvent(self, event: QHideEvent) -> None:
        """Stop what runs."""
        self._timer.stop()
        self._rest_ms = 0
        super().hideEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Fit the parts to the new size."""
        super().resizeEvent(event)
        self._place()

    def _place(self) -> None:
        side, right = self.look.px(_SIDE), self.width() - self.look.px(_SIDE)
        if not self._action.isHidden():
            width, high = self._action.sizeHint().width(), self.look.px(48)
            right = self.width() - self.look.px(4) - width
            self._action.setGeometry(QRect(right, (self.height() - high) // 2, width, high))
        self._words.setGeometry(QRect(side, 0, max(1, right - side), self.height()))

    def _act(self) -> None:
        self.hide()
        self.acted.emit()

    def _expire(self) -> None:
        self.hide()
        self.expired.emit()
