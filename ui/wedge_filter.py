"""Scanners that type: their bursts are taken out of the keys of a window, typing goes on as it came.

Installed on the window itself: a filter on the application sees one key five times, on its way through the
widgets.
"""

from __future__ import annotations

from collections.abc import Callable

from msgspec import Struct
from PySide6.QtCore import QCoreApplication, QElapsedTimer, QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtGui import QGuiApplication, QKeyEvent, QWindow

from cashier_app.scanning.keyboard_wedge import Burst, Key, KeyboardWedge, Overlong, Released, Verdict
from cashier_app.scanning.us_keyboard import XCB_OFFSET, us_character

# Counted from 8 on by X11 and by Wayland, which took it over; plain on Windows; meaningless elsewhere.
_SCAN_CODE_OFFSETS = {"xcb": XCB_OFFSET, "wayland": XCB_OFFSET, "windows": 0}
_MODIFIER_KEYS = frozenset(
    {
        Qt.Key.Key_Shift,
        Qt.Key.Key_Control,
        Qt.Key.Key_Alt,
        Qt.Key.Key_AltGr,
        Qt.Key.Key_Meta,
        Qt.Key.Key_CapsLock,
        Qt.Key.Key_NumLock,
        Qt.Key.Key_ScrollLock,
    }
)
_HOTKEYS = (
    Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier | Qt.KeyboardModifier.MetaModifier
)

_SINGLE_HOTKEYS = (
    Qt.KeyboardModifier.ControlModifier,
    Qt.KeyboardModifier.AltModifier,
    Qt.KeyboardModifier.MetaModifier,
)


class _Kept(Struct, eq=False):
    """A key press kept back, and whether its release came meanwhile."""

    window: QWindow
    press: QKeyEvent
    release: QKeyEvent | None = None


class WedgeFilter(QObject):
    """Feeds every key of a window to the burst detector; keys that were typing go on in their order.

    Args:
        wedge: The detector.
        stamp: Returns when a key was pressed, in ms; by default the window system's own clock, because keys
            that waited behind a freeze all arrive in one moment.
        by_position: Read keys as a US keyboard would, which is what scanners press, whatever the layout is.
    """

    scanned = Signal(str)  # what a scanner typed, unchecked
    overlong = Signal()  # a machine typed more than any code holds; it was dropped

    def __init__(
        self,
        wedge: KeyboardWedge,
        *,
        stamp: Callable[[QKeyEvent], int] = QKeyEvent.timestamp,
        by_position: bool = True,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._wedge = wedge
        self._stamp = stamp
        offset = _SCAN_CODE_OFFSETS.get(QGuiApplication.platformName())
        self._offset = offset if by_position else None
        self._kept: list[_Kept] = []
        self._replaying = False
        self._last_at = 0
        self._since_last = QElapsedTimer()
        self._deadline = QTimer(self)
        self._deadline.setSingleShot(True)
        self._deadline.setTimerType(Qt.TimerType.PreciseTimer)
        self._deadline.timeout.connect(self._let_waiting_keys_in)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Keep a key back, swallow it or let it pass."""
        if self._replaying or not isinstance(watched, QWindow) or not isinstance(event, QKeyEvent):
            return False
        if event.type() == QEvent.Type.KeyRelease:
            return self._keep_release(event)
        return event.type() == QEvent.Type.KeyPress and self._press(watched, event)

    def _press(self, window: QWindow, event: QKeyEvent) -> bool:
        kept = _Kept(window, _copy(event))
        key = Key(
            character=self._character(event),
            at_ms=self._stamp(event),
            auto_repeat=event.isAutoRepeat(),
            modifier=event.key() in _MODIFIER_KEYS,
            source=kept,
        )
        self._last_at = key.at_ms
        self._since_last.start()
        self._kept.append(kept)
        *earlier, verdict = self._wedge.feed(key)
        for ended in earlier:
            self._end(ended)
        if verdict is Verdict.PASS or verdict is Verdict.SWALLOW:
            self._kept.remove(kept)
        elif not isinstance(verdict, Verdict):
            self._end(verdict)
        self._wait_for_deadline()
        return verdict is not Verdict.PASS

    def _keep_release(self, event: QKeyEvent) -> bool:
        """Keep the release of a key that is kept back, so that it never comes before its press."""
        for kept in self._kept:
            if kept.release is None and kept.press.key() == event.key():
                kept.release = _copy(event)
                return True
        return False

    def _end(self, ended: object) -> None:
        match ended:
            case Burst():
                self._forget(ended.keys)
                self.scanned.emit(ended.text)
            case Overlong():
                self._forget(ended.keys)
                self.overlong.emit()
            case Released():
                self._replay(self._forget(ended.keys))
            case _:
                raise TypeError(ended)

    def _forget(self, keys: tuple[Key, ...]) -> list[_Kept]:
        """Take keys out of those kept back and return them in their order."""
        gone = [key.source for key in keys if isinstance(key.source, _Kept)]
        self._kept = [kept for kept in self._kept if kept not in gone]
        return gone

    def _replay(self, gone: list[_Kept]) -> None:
        self._replaying = True
        try:
            for kept in gone:
                QCoreApplication.sendEvent(kept.window, kept.press)
                if kept.release is not None:
                    QCoreApplication.sendEvent(kept.window, kept.release)
        finally:
            self._replaying = False

    def _wait_for_deadline(self) -> None:
        deadline = self._wedge.deadline
        if deadline is None:
            self._deadline.stop()
        else:
            self._deadline.start(max(0, deadline - self._now()))

    def _now(self) -> int:
        """Return the time on the keys' clock, in ms: the last key's own time and what has passed since."""
        return self._last_at + (self._since_last.elapsed() if self._since_last.isValid() else 0)

    def _let_waiting_keys_in(self) -> None:
        # A key that is already waiting is late, not missing: it goes first.
        QTimer.singleShot(0, self._expire)

    def _expire(self) -> None:
        ended = self._wedge.expire(self._now())
        if ended is not None:
            self._end(ended)
        self._wait_for_deadline()

    def _character(self, event: QKeyEvent) -> str:
        if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            return "\r"
        if self._offset is not None and not event.modifiers() & _HOTKEYS:
            shift = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
            by_position = us_character(event.nativeScanCode() - self._offset, shift=shift)
            if by_position is not None:
                return by_position
        # Ctrl+V types nothing, whatever text the system gives it; AltGr is Ctrl and Alt together and types.
        if event.modifiers() & _HOTKEYS in _SINGLE_HOTKEYS and event.text().isprintable():
            return ""
        return event.text()


def _copy(event: QKeyEvent) -> QKeyEvent:
    """Return an event of our own: Qt's lives only while it is delivered."""
    made = QKeyEvent(
        event.type(),
        event.key(),
        event.modifiers(),
        event.nativeScanCode(),
        event.nativeVirtualKey(),
        event.nativeModifiers(),
        event.text(),
        event.isAutoRepeat(),
        event.count(),
    )
    made.setTimestamp(event.timestamp())
    return made
