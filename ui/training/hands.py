"""Hands at a window: real key events, bursts of a scanner, drops and touches, and the patience between them.

The tour, demonstrations of lessons and the end-to-end tests all work the till with these: filters, router and
shortcuts see what they see in a shop.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from pathlib import Path

from msgspec import Struct
from PySide6.QtCore import QMimeData, QObject, QPoint, QPointF, Qt, QTimer, QUrl, Signal
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QWindow
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

FINGER_MS = 70
LOOK_MS = 10
PATIENCE_SECONDS = 20.0

_NAMED: dict[str, Qt.Key] = {
    "Enter": Qt.Key.Key_Return,
    "Esc": Qt.Key.Key_Escape,
    "Backspace": Qt.Key.Key_Backspace,
    "Delete": Qt.Key.Key_Delete,
    "Space": Qt.Key.Key_Space,
    "Tab": Qt.Key.Key_Tab,
    "Up": Qt.Key.Key_Up,
    "Down": Qt.Key.Key_Down,
    "Left": Qt.Key.Key_Left,
    "Right": Qt.Key.Key_Right,
    "Home": Qt.Key.Key_Home,
    "End": Qt.Key.Key_End,
    "PageUp": Qt.Key.Key_PageUp,
    "PageDown": Qt.Key.Key_PageDown,
    **{f"F{number}": Qt.Key(Qt.Key.Key_F1 + number - 1) for number in range(1, 13)},
}
_MODIFIERS: dict[str, Qt.KeyboardModifier] = {
    "Ctrl": Qt.KeyboardModifier.ControlModifier,
    "Alt": Qt.KeyboardModifier.AltModifier,
    "Shift": Qt.KeyboardModifier.ShiftModifier,
}


class Wait(Struct, frozen=True):
    """Go on when this holds; `what` is said when it never does, within `seconds`."""

    until: Callable[[], bool]
    what: str
    seconds: float = PATIENCE_SECONDS


class Pause(Struct, frozen=True):
    """Go on after this many milliseconds: fingers are slower than scanners."""

    milliseconds: int


Steps = Iterator[Wait | Pause]


class HandsError(Exception):
    """The hands cannot go on; the text says why."""


class Chord(Struct, frozen=True):
    """A key as a window system names it: one that has a name, or what it types."""

    key: str | Qt.Key
    modifiers: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier


def chord(name: str) -> Chord:
    """Return a key by its name, such as ``Enter``, ``F9`` or ``Ctrl+H``, or by what it types, such as ``*``.

    Raises:
        ValueError: There is no such key.
    """
    *held, last = name.split("+") if len(name) > 1 else [name]
    modifiers = Qt.KeyboardModifier.NoModifier
    for one in held:
        if one not in _MODIFIERS:
            raise ValueError(f"{name!r} is no key")
        modifiers |= _MODIFIERS[one]
    if last in _NAMED:
        return Chord(_NAMED[last], modifiers)
    if len(last) != 1 or not last.isprintable():
        raise ValueError(f"{name!r} is no key")
    return Chord(last, modifiers)


class Hands:
    """Works a window as a person with a scanner does. All methods belong to the UI thread.

    Args:
        window: The till's window, already shown.
        finger_ms: How long a finger takes from key to key.
    """

    def __init__(self, window: QWidget, finger_ms: int = FINGER_MS) -> None:
        self._window = window
        self._finger_ms = finger_ms
        self.presses = 0  # keys pressed beside the characters that were typed

    def type(self, text: str) -> Steps:
        """Type characters one after the other."""
        for character in text:
            self.key(character)
            yield Pause(self._finger_ms)

    def press(self, key: str | Qt.Key) -> Steps:
        """Press one key: by name, by what it types, or as Qt calls it."""
        self.presses += 1
        if isinstance(key, Qt.Key):
            self.key(key)
        else:
            wanted = chord(key)
            self.key(wanted.key, wanted.modifiers)
        yield Pause(self._finger_ms)

    def burst(self, text: str) -> None:
        """Type as a hand scanner does: all at once, with Enter behind."""
        for character in text:
            self.key(character)
        self.key(Qt.Key.Key_Return)

    def drop(self, picture: Path) -> None:
        """Drop a picture file on the window."""
        data = QMimeData()
        data.setUrls([QUrl.fromLocalFile(str(picture))])
        middle, copy = self._window.rect().center(), Qt.DropAction.CopyAction
        buttons, modifiers = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
        # Qt hands a drop only to what was entered before.
        QApplication.sendEvent(self._window, QDragEnterEvent(middle, copy, data, buttons, modifiers))
        QApplication.sendEvent(self._window, QDropEvent(QPointF(middle), copy, data, buttons, modifiers))

    def touch(self, widget: QWidget) -> Steps:
        """Press the middle of a widget and let go.

        Raises:
            HandsError: It is not on the screen, or lies under something else.
        """
        place = self._place(widget)
        QTest.mousePress(self._handle(), Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, place)
        yield Pause(self._finger_ms)
        QTest.mouseRelease(self._handle(), Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, place)
        yield Pause(self._finger_ms)

    def key(self, key: str | Qt.Key, modifiers: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        """Press a key and let go: to the native window, as from a keyboard."""
        if isinstance(key, str):
            QTest.keyClick(self._handle(), key, modifiers)  # type: ignore[call-overload]  # the stub knows only keys
        else:
            QTest.keyClick(self._handle(), key, modifiers)

    def _place(self, widget: QWidget) -> QPoint:
        middle = widget.mapTo(self._window, widget.rect().center())
        there = self._window.childAt(middle)
        if not widget.isVisible() or there is None or not (there is widget or widget.isAncestorOf(there)):
            raise HandsError(f"A finger does not reach {widget.accessibleName() or type(widget).__name__}.")
        return middle

    def _handle(self) -> QWindow:
        # A dialog of its own has the keys while it is open, as with a person's keyboard.
        active = QApplication.activeModalWidget() or self._window
        handle: QWindow = active.window().windowHandle()
        return handle


class Performance(QObject):
    """Carries steps out beside everything else the window does. `ended` has the fault, empty without one."""

    ended = Signal(str)

    def __init__(self, steps: Steps, parent: QObject) -> None:
        super().__init__(parent)
        self._steps = steps
        self._waiting: Wait | None = None
        self._since = 0.0
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self._go_on)

    def start(self) -> None:
        """Begin."""
        self._timer.start(LOOK_MS)

    def stop(self) -> None:
        """Leave off; `ended` is not emitted any more."""
        self._timer.stop()
        self._steps = iter(())

    def _go_on(self) -> None:
        try:
            if self._waiting is not None and not self._over(self._waiting):
                self._timer.start(LOOK_MS)
                return
            self._waiting = None
            step = next(self._steps, None)
        except HandsError as error:
            self.ended.emit(str(error))
            return
        match step:
            case None:
                self.ended.emit("")
            case Pause(milliseconds):
                self._timer.start(milliseconds)
            case Wait():
                self._waiting, self._since = step, time.monotonic()
                self._timer.start(0)

    def _over(self, wait: Wait) -> bool:
        """Say whether the wait is over; raise when patience is."""
        if wait.until():
            return True
        if time.monotonic() - self._since > wait.seconds:
            raise HandsError(f"Waited in vain for {wait.what}.")
        return False
