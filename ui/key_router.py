"""The one place that routes the keys of the window, by the table in `ui.key_table`."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent, QWindow
from PySide6.QtWidgets import QAbstractButton, QApplication, QLineEdit, QSlider

from cashier_app.services.till_view import Target, TillView
from ui.key_table import ARROWS, TYPING, act_for
from ui.key_words import Intent, Stroke, Where

ESCAPE_HELD_MS = 600
UNDO_HELD_MS = 800


def stroke_of(event: QKeyEvent) -> Stroke:
    """Return a key press as a value."""
    return Stroke(
        key=_key(event.key()),
        text=event.text(),
        modifiers=event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier,
        keypad=bool(event.modifiers() & Qt.KeyboardModifier.KeypadModifier),
        repeat=event.isAutoRepeat(),
    )


def _key(code: int) -> Qt.Key:
    try:
        return Qt.Key(code)
    except ValueError:  # a letter of a script that has no names for its keys
        return Qt.Key.Key_unknown


class KeyRouter(QObject):
    """Takes the keys of one window before its widgets do and calls what they mean.

    Tab stays with Qt, Space with a button that has the focus, and arrows with a slider or a button
    that is one of a choice. Everything else goes by the table, whatever has the focus.

    Args:
        read: Returns the view and what lies on top, at this moment.
        handlers: What to call for each intent, with the character typed or an empty text.
        pressed: Called before any key is acted on, so that a countdown stops.
    """

    undo_held = Signal()  # the key that undoes was held down long enough

    def __init__(
        self,
        read: Callable[[], tuple[TillView, Where]],
        handlers: Mapping[Intent, Callable[[str], None]],
        pressed: Callable[[], None],
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._read = read
        self._handlers = handlers
        self._pressed = pressed
        self._escape_held = QTimer(self)
        self._escape_held.setSingleShot(True)
        self._escape_held.setInterval(ESCAPE_HELD_MS)
        self._escape_held.timeout.connect(self._clear_all)
        self._undo_held = QTimer(self)
        self._undo_held.setSingleShot(True)
        self._undo_held.setInterval(UNDO_HELD_MS)
        self._undo_held.timeout.connect(self.undo_held)
        self._undo_key = Qt.Key.Key_F9

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Act on a key of the window; the widgets below see only what means nothing here."""
        if not isinstance(watched, QWindow):
            return False
        if event.type() == QEvent.Type.FocusOut:
            self._escape_held.stop()
            self._undo_held.stop()
            return False
        if not isinstance(event, QKeyEvent):
            return False
        if event.type() == QEvent.Type.KeyRelease:
            if event.key() == Qt.Key.Key_Escape and not event.isAutoRepeat():
                self._escape_held.stop()
            if event.key() == self._undo_key and not event.isAutoRepeat():
                self._undo_held.stop()
            return False
        return event.type() == QEvent.Type.KeyPress and self.press(stroke_of(event))

    def press(self, stroke: Stroke) -> bool:
        """Do what a key asks for and say whether it was ours."""
        self._pressed()
        view, where = self._read()
        if _belongs_to_focus(stroke):
            return False
        act = act_for(stroke, view, where)
        if act is None:
            # Arrows would move the focus from button to button, and a key held down is still ours.
            once = Stroke(stroke.key, stroke.text, stroke.modifiers, stroke.keypad)
            return stroke.key in ARROWS or (stroke.repeat and act_for(once, view, where) is not None)
        if act.intent is Intent.BACK:
            self._escape_held.start()
        self._handlers[act.intent](act.character)
        if act.intent is Intent.UNDO:
            self._undo_key = stroke.key
            self._undo_held.start()  # only now: a slow moment of ours is not the key held down
        return True

    def acts_at_once(self, stroke: Stroke) -> bool:
        """Return whether a character does more than stand in a figure, so that it cannot be taken back."""
        view, where = self._read()
        act = act_for(stroke, view, where)
        if where is not Where.TILL or act is None:
            return where is not Where.TILL or _belongs_to_focus(stroke)
        return act.intent not in TYPING or view.target is Target.MEMBERS

    def _clear_all(self) -> None:
        _, where = self._read()
        if where is Where.TILL:
            self._handlers[Intent.CLEAR_ALL]("")


def _belongs_to_focus(stroke: Stroke) -> bool:
    focus = QApplication.focusWidget()
    if isinstance(focus, QLineEdit):
        return stroke.key == Qt.Key.Key_Space or stroke.key in ARROWS
    if stroke.key == Qt.Key.Key_Space:
        return isinstance(focus, QAbstractButton)
    if stroke.key in ARROWS:
        return isinstance(focus, QSlider) or (isinstance(focus, QAbstractButton) and focus.autoExclusive())
    return False
