"""A locked till with three people, for tests of who may be at it."""

from __future__ import annotations

from pytestqt.qtbot import QtBot

from cashier_app.services.desk_settings import DeskSettings
from tests.ui import sample_views
from tests.ui.fake_till import FakeTill, StoppedClock
from tests.ui.staff_states import Counter
from tests.ui.till_host import Hands, make_window
from ui.main_window import MainWindow

STEPS = tuple(name for name in sample_views.STATES if name != "training")


def shown(qtbot: QtBot, state: str = "idle", **how: object) -> MainWindow:
    """Show a window in this state."""
    window = make_window(FakeTill(sample_views.STATES[state]()), **how)  # type: ignore[arg-type]
    qtbot.addWidget(window)
    qtbot.waitUntil(window.isActiveWindow)
    return window


class Shift:
    """A locked till with three people, and fingers; time passes between the keys."""

    def __init__(self, qtbot: QtBot, state: str = "offer", settings: DeskSettings | None = None) -> None:
        self.clock = StoppedClock()
        self.window = shown(qtbot, state, clock=self.clock)
        self.counter = Counter(self.window, settings=settings, clock=self.clock)
        self.desk, self.gate, self.sign_in = self.counter.desk, self.counter.gate, self.counter.sign_in
        self.hands = Hands(self.window)
        self.till: FakeTill = self.window._till  # type: ignore[assignment]

    def press(self, *names: str) -> None:
        """Press keys, half a second apart."""
        for name in names:
            self.clock.seconds += 0.5
            self.hands.press(name)

    def pass_time(self, seconds: float) -> None:
        """Let the clock go on, second by second."""
        for _ in range(int(seconds)):
            self.clock.seconds += 1
            self.gate.tick()

    @property
    def note(self) -> str:
        """Return what the lock says below the PIN."""
        return self.gate.lock.pin.note.words()
