"""A whole window over a till: the real one at a counter, or one that only shows what a test gives it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from cashier_app.ports.clock import Clock
from cashier_app.ports.runner import Runner
from cashier_app.scanning.keyboard_wedge import KeyboardWedge
from cashier_app.services.lazy_queue import LazyQueue
from cashier_app.services.reconciliation import Reconciliation
from cashier_app.services.till_view import TillView
from cashier_app.wording import Hours, Wording
from tests.fakes.counter import Counter
from tests.fakes.runner import Immediate
from tests.ui import sample_views
from tests.ui.fake_till import FakeQueue, FakeTill, StoppedClock
from ui.accessibility import install_roles
from ui.dropped import ReadPicture
from ui.main_window import MainWindow
from ui.screens.till import Place
from ui.theme.motion import STILL
from ui.theme.tokens import LIGHT, Theme
from ui.till import Queue, Returns, Till

SIZES = ((1024, 600), (1280, 720), (1280, 800), (1366, 768), (1920, 1080))
_NAMED_KEYS = {
    "Enter": Qt.Key.Key_Enter,
    "Return": Qt.Key.Key_Return,
    "Esc": Qt.Key.Key_Escape,
    "Left": Qt.Key.Key_Left,
    "Right": Qt.Key.Key_Right,
    "Up": Qt.Key.Key_Up,
    "Down": Qt.Key.Key_Down,
    "Space": Qt.Key.Key_Space,
    "Tab": Qt.Key.Key_Tab,
    "Backspace": Qt.Key.Key_Backspace,
    "Home": Qt.Key.Key_Home,
    "End": Qt.Key.Key_End,
    "PageUp": Qt.Key.Key_PageUp,
    "PageDown": Qt.Key.Key_PageDown,
    **{f"F{n}": Qt.Key(Qt.Key.Key_F1 + n - 1) for n in range(1, 13)},
}


def make_window(
    till: Till,
    queue: Queue | None = None,
    *,
    size: tuple[int, int] = (1280, 800),
    theme: Theme = LIGHT,
    view: TillView | None = None,
    training: bool = False,
    read_picture: ReadPicture = lambda _: [],
    keypad: bool | None = True,
    clock: Clock | None = None,
    runner: Runner | None = None,
    returns: Callable[[], Returns] | None = None,
) -> MainWindow:
    """Return a shown window of this inner size."""
    install_roles()
    program = (view.program if view else None) or sample_views.PROGRAM
    locale = "en_KW" if program is sample_views.SOUQ else "en_IN"
    window = MainWindow(
        till,
        queue or FakeQueue(),
        Wording.of(locale, sample_views.ZONE, program.point_name, hours=Hours.TWENTY_FOUR),
        place=Place("Marigold Stores", "2", sample_views.REGION),
        runner=runner or Immediate(),
        clock=clock or StoppedClock(),
        read_picture=read_picture,
        motion=STILL,
        wedge=KeyboardWedge(),
        training=training,
        keypad=keypad,
        returns=returns,
    )
    window.set_theme(theme)
    window.resize(*size)
    window.show()
    window.activateWindow()
    return window


def window_of(view: TillView, **how: object) -> tuple[MainWindow, FakeTill]:
    """Return a window that shows a view, and the till that notes what it is asked."""
    till = FakeTill(view)
    return make_window(till, view=view, **how), till  # type: ignore[arg-type]


class Hands:
    """Fingers on the keyboard of a window, slow enough not to be taken for a scanner.

    Args:
        window: Its keys are pressed; every key is counted in `presses`, digits in `digits`.
    """

    def __init__(self, window: MainWindow) -> None:
        self._window = window
        self._at = 10_000
        self.presses = 0
        self.digits = 0
        window.wedge.reader.stamp = self._stamp

    def press(self, *names: str) -> None:
        """Press keys by name, such as "Enter", or by what they type, such as "*"."""
        for name in names:
            self._at += 400
            self.presses += not name.isdigit()
            self.digits += name.isdigit()
            QTest.keyClick(self._window.windowHandle(), _NAMED_KEYS.get(name, name))
            self._let_go()

    def type(self, text: str) -> None:
        """Type characters one after the other."""
        self.press(*text)

    def hold(self, name: str, times: int) -> None:
        """Hold a key down so that the system repeats it."""
        handle, key = self._window.windowHandle(), _NAMED_KEYS[name]
        QTest.keyPress(handle, key)
        for _ in range(times):
            repeated = QKeyEvent(
                QEvent.Type.KeyPress, key, Qt.KeyboardModifier.NoModifier, 0, 0, 0, "\r", True, 1
            )
            self._at += 30
            QApplication.sendEvent(handle, repeated)
        QTest.keyRelease(handle, key)

    def scan(self, text: str) -> None:
        """Type as a scanner does, with Enter at the end."""
        self._at += 1000
        for character in text:
            self._at += 4
            QTest.keyClick(self._window.windowHandle(), character)
        self._at += 4
        QTest.keyClick(self._window.windowHandle(), Qt.Key.Key_Return)

    def _let_go(self) -> None:
        """Let the moment pass in which a key might be the first of a scan."""
        kept = self._window.wedge._wedge.expire(self._at + 300)
        if kept is not None:
            self._window.wedge._end(kept)
            self._window.wedge._wait_for_deadline()

    def _stamp(self, _event: QKeyEvent) -> int:
        return self._at


class Shop:
    """The real till at a counter with its window: only the backend and the clock are made up."""

    def __init__(self, folder: Path) -> None:
        self.counter = Counter(folder).open_for_business()
        queue = LazyQueue(lambda: self.counter.workshop, self._books)
        self.window = make_window(self.counter.session, queue, returns=lambda: self.counter.returns)
        self.hands = Hands(self.window)

    def _books(self) -> Reconciliation:
        counter = self.counter
        return Reconciliation(
            counter.backend, counter.journal, counter.clock, counter.delivery.look_up, per_second=1e9
        )

    @property
    def view(self) -> TillView:
        """Return the snapshot on show."""
        return self.counter.view

    def close(self) -> None:
        """Close the database."""
        self.counter.close()


def focus() -> QWidget | None:
    """Return what has the focus."""
    return QApplication.focusWidget()
