"""`cashier-app` without settings, its keys pressed one after the other: told on stdin, told of on stdout.

Each line of stdin is what the window must show before the keys behind it are pressed:
``{"until": "language", "keys": ["Enter"]}``. Keys go to whatever window is active, as a keyboard's do.
"""

from __future__ import annotations

import json
import sys

from PySide6.QtCore import Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

import ui.application
from cashier_app.services.till_view import Serving, Step
from tests.ui.till_host import Hands
from ui.__main__ import main
from ui.main_window import MainWindow
from ui.wizard.window import WizardWindow

_NAMED = {"Enter": Qt.Key.Key_Return, "Esc": Qt.Key.Key_Escape, "F8": Qt.Key.Key_F8, "F10": Qt.Key.Key_F10}
PATIENCE_MS, LOOK_MS = 60_000, 30


def say(**what: object) -> None:
    """Write one line of JSON."""
    sys.stdout.write(json.dumps(what) + "\n")
    sys.stdout.flush()


class Typist:
    """Presses the keys of one line after the other, each as soon as the window shows what it waits for."""

    def __init__(self, lines: list[dict[str, object]]) -> None:
        self._lines, self._presses, self._waited = lines, 0, 0
        self._hands: Hands | None = None
        self._timer = QTimer()
        self._timer.timeout.connect(self._look)
        self._timer.start(LOOK_MS)

    def _look(self) -> None:
        self._waited += LOOK_MS
        if self._waited > PATIENCE_MS:
            say(stuck=self._lines[0]["until"], shown=shown())
            QApplication.exit(1)
            self._timer.stop()
        elif self._lines and shown() == self._lines[0]["until"]:
            line = self._lines.pop(0)
            self._waited = 0
            keys = line["keys"]
            assert isinstance(keys, list)
            for key in keys:
                self._press(str(key))
            say(at=line["until"], presses=self._presses)
            if not self._lines:
                self._timer.stop()
                close_all()

    def _press(self, key: str) -> None:
        self._presses += 1
        window = active()
        if isinstance(window, MainWindow):
            self._hands = self._hands or Hands(window)
            self._hands.press(key)
        elif window is not None:
            QTest.keyClick(window.windowHandle(), _NAMED.get(key, key))
            QTest.qWait(130)  # a scanner is quicker


def active() -> WizardWindow | MainWindow | None:
    """Return the window on show."""
    found = [one for one in QApplication.topLevelWidgets() if one.isVisible()]
    return next((one for one in found if isinstance(one, WizardWindow | MainWindow)), None)


def shown() -> str:
    """Return what the window shows: a page of the first start, or a step of the sale."""
    window = active()
    if isinstance(window, WizardWindow):
        ready = window.primary.isEnabled() or window.page.fields()
        return window.here.value if ready else ""
    return _shown_by_till(window) if isinstance(window, MainWindow) else ""


def _shown_by_till(window: MainWindow) -> str:
    view = window.view
    if window.gate is not None and window.gate.covers():
        return "lock"
    if view.program is None or view.busy:
        return "opening"
    if view.step is Step.BILL:
        return "bill" if isinstance(view.person, Serving) else "looking up"
    if view.step is Step.DONE:
        posted = view.finished is not None and view.finished.posted_at is not None
        return "posted" if posted else "done"
    return view.step.value


def close_all() -> None:
    """End the program as closing its window does."""
    window = active()
    if isinstance(window, MainWindow):
        window.closing.answer()
    QApplication.exit(0)


if __name__ == "__main__":
    typist: list[Typist] = []
    begin = ui.application._application

    def application() -> QApplication:
        made = begin()
        typist.append(Typist([json.loads(line) for line in sys.stdin]))
        return made

    ui.application._application = application
    sys.exit(main(sys.argv[1:]))
