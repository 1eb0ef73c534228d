"""Scanners that type: their bursts are taken out of the keys of all windows, typing goes on as it came.

Installed on the windows themselves: a filter on the application sees one key five times, on its way through
the widgets. Whatever window of ours gets the focus is filtered from then on.
"""

from __future__ import annotations

from collections.abc import Callable

from msgspec import Struct
from PySide6.QtCore import QCoreApplication, QElapsedTimer, QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtGui import QGuiApplication, QKeyEvent, QWindow
from PySide6.QtWidgets import QApplication, QLineEdit, QWidget
from shiboken6 import isValid

from cashier_app.scanning.keyboard_wedge import (
    Burst,
    Key,
    KeyboardWedge,
    Overlong,
    Released,
    Verdict,
    WedgeSettings,
)
from ui.key_reading import KeyReader, Stamp

_OWNER = "wedge filter"

TakeBack = Callable[[], None]
RawListener = Callable[[QKeyEvent, int], None]


class Surroundings(Struct, frozen=True):
    """What the filter asks the window where no text field has the focus.

    Args:
        acts_at_once: Whether a key would be acted on, so that it cannot be taken back.
        undo_point: Returns what takes back all that is typed from now on.
        is_text: Whether what was scanned is nobody's code, so that it may go into a text field.
    """

    acts_at_once: Callable[[QKeyEvent], bool] = lambda _: True
    undo_point: Callable[[], TakeBack] = lambda: lambda: None
    is_text: Callable[[str], bool] = lambda _: False


class _Kept(Struct, eq=False):
    """A key press kept back, and whether its release came meanwhile."""

    window: QWindow
    press: QKeyEvent
    release: QKeyEvent | None = None


class WedgeFilter(QObject):
    """Feeds every key of our windows to the burst detector; keys that were typing go on in their order.

    Args:
        wedge: The detector.
        stamp: Returns when a key was pressed, in ms; by default the window system's own clock, because keys
            that waited behind a freeze all arrive in one moment.
        by_position: Read keys as a US keyboard would, which is what scanners press, whatever the layout is.
        surroundings: What the window knows about keys and codes.
    """

    scanned = Signal(str)  # what a scanner typed, its AIM identifier included, unchecked
    overlong = Signal()  # a machine typed more than any code holds; it was dropped

    def __init__(
        self,
        wedge: KeyboardWedge,
        *,
        stamp: Stamp = QKeyEvent.timestamp,
        by_position: bool = True,
        surroundings: Surroundings | None = None,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._wedge = wedge
        self._surroundings = surroundings or Surroundings()
        self.reader = KeyReader(stamp, by_position=by_position)
        self._raw: RawListener | None = None
        self._kept: list[_Kept] = []
        self._down: set[int] = set()
        self._take_back: TakeBack = lambda: None
        self._replaying = False
        self._last_at = 0
        self._since_last = QElapsedTimer()
        self._deadline = QTimer(self)
        self._deadline.setSingleShot(True)
        self._deadline.setTimerType(Qt.TimerType.PreciseTimer)
        self._deadline.timeout.connect(self._let_waiting_keys_in)
        self._at_last = QTimer(self)
        self._at_last.setSingleShot(True)
        self._at_last.timeout.connect(self._expire)
        application = QGuiApplication.instance()
        if isinstance(application, QGuiApplication):
            application.focusWindowChanged.connect(self._follow_focus)

    def change(self, settings: WedgeSettings, *, by_position: bool) -> None:
        """Take other settings, from the next key on."""
        self.reader.by_position = by_position
        released = self._wedge.change(settings)
        if released is not None:
            self._end(released)
        self._wait_for_deadline()

    def listen_raw(self, listener: RawListener | None) -> None:
        """Give every key press with its time in ms to a listener instead of the window, until told None."""
        self._raw = listener

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Keep a key back, swallow it or let it pass."""
        if self._replaying or not isinstance(watched, QWindow) or not isinstance(event, QKeyEvent):
            return False
        if event.type() == QEvent.Type.KeyRelease:
            return self._release(event)
        return event.type() == QEvent.Type.KeyPress and self._press(watched, event)

    def filter_window(self, window: QWindow | None) -> None:
        """Watch the keys of a window, before any other filter it has; one of another filter stays with it."""
        if window is None or (window.property(_OWNER) or id(self)) != id(self):
            return
        window.setProperty(_OWNER, id(self))
        window.installEventFilter(self)

    def _follow_focus(self, window: QWindow | None) -> None:
        parent = self.parent()
        if not isinstance(parent, QWidget) or parent.isVisible():
            self.filter_window(window)

    def _press(self, window: QWindow, event: QKeyEvent) -> bool:
        self._down.add(event.nativeScanCode())
        kept = _Kept(window, _copy(event))
        if self._raw is not None:
            self._raw(event, self.reader.stamp(event))
            return True
        key = self.reader.pressed(event, command=self._acts_at_once(event), source=kept)
        self._kept.append(kept)
        verdict = self._feed(key)
        if verdict is Verdict.PASS or verdict is Verdict.SWALLOW:
            self._kept.remove(kept)
        return verdict is not Verdict.PASS

    def _release(self, event: QKeyEvent) -> bool:
        """Keep the release of a key that is kept back, so that it never comes before its press."""
        unseen = event.nativeScanCode() not in self._down and not event.isAutoRepeat()
        self._down.discard(event.nativeScanCode())
        typed = self.reader.let_go(event, press_unseen=unseen)
        if typed is not None:
            self._feed(typed)
        for kept in self._kept:
            if kept.release is None and kept.press.key() == event.key():
                kept.release = _copy(event)
                return True
        return False

    def _feed(self, key: Key) -> object:
        self._last_at = key.at_ms
        self._since_last.start()
        answers = self._wedge.feed(key)
        for answer in answers:
            if not isinstance(answer, Verdict):
                self._end(answer)
        if self._wedge.begins:
            self._take_back = self._undo_point()
        self._wait_for_deadline()
        return answers[-1]

    def _end(self, ended: object) -> None:
        match ended:
            case Burst():
                self._forget(ended.keys)
                self._take_back()
                self._hand_over(ended)
            case Overlong():
                self._forget(ended.keys)
                self._take_back()
                self.overlong.emit()
            case Released():
                self._replay(self._forget(ended.keys))
            case _:
                raise TypeError(ended)

    def _hand_over(self, scan: Burst) -> None:
        """Report a scan; what is nobody's code goes into the text field it was typed into."""
        field = _text_field()
        if field is not None and self._surroundings.is_text(scan.announced):
            field.insert("".join(character for character in scan.text if character.isprintable()))
        else:
            self.scanned.emit(scan.announced)

    # --- keys that were let go, or that an input method made into something -------------------------

    def _acts_at_once(self, event: QKeyEvent) -> bool:
        return _text_field() is None and self._surroundings.acts_at_once(event)

    def _undo_point(self) -> TakeBack:
        field = _text_field()
        if field is None:
            return self._surroundings.undo_point()
        text, cursor = field.text(), field.cursorPosition()
        start, length = field.selectionStart(), field.selectionLength()

        def take_back() -> None:
            if isValid(field):
                # An accent may still wait for its letter.
                QGuiApplication.inputMethod().reset()
            if isValid(field) and field.text() != text:
                field.setText(text)
                field.setCursorPosition(cursor)
                if start >= 0:
                    field.setSelection(start, length)

        return take_back

    # --- keys that were kept back -------------------------------------------------------------------

    def _forget(self, keys: tuple[Key, ...]) -> list[_Kept]:
        """Take keys out of those kept back and return them in their order."""
        gone = [key.source for key in keys if isinstance(key.source, _Kept)]
        self._kept = [kept for kept in self._kept if kept not in gone]
        return gone

    def _replay(self, gone: list[_Kept]) -> None:
        self._replaying = True
        try:
            for kept in gone:
                for event in (kept.press, kept.release):
                    # A key may have closed the window the next one was meant for.
                    if event is not None and isValid(kept.window):
                        QCoreApplication.sendEvent(kept.window, event)
        finally:
            self._replaying = False

    def _wait_for_deadline(self) -> None:
        if not isValid(self):  # a key closed the window, and that the program
            return
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
        self._at_last.start()

    def _expire(self) -> None:
        ended = self._wedge.expire(self._now())
        if ended is not None:
            self._end(ended)
        self._wait_for_deadline()


def _text_field() -> QLineEdit | None:
    """Return the text field that keys go to, if they go to one."""
    focus = QApplication.focusWidget()
    return focus if isinstance(focus, QLineEdit) and not focus.isReadOnly() else None


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
