"""Somebody at the first start: the windows they open, and their fingers."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from tests.ui.wizard_states import open_in, open_window
from ui.wizard.window import WizardWindow

PIN = "482915"
Opener = Callable[..., WizardWindow]
_KEYS = {
    "Enter": Qt.Key.Key_Enter,
    "Esc": Qt.Key.Key_Escape,
    "Down": Qt.Key.Key_Down,
    "Up": Qt.Key.Key_Up,
    "Tab": Qt.Key.Key_Tab,
    "Backspace": Qt.Key.Key_Backspace,
    "F8": Qt.Key.Key_F8,
    "F10": Qt.Key.Key_F10,
}


class Fingers:
    """Keys pressed one after the other, slow enough for a person; every press is counted."""

    def __init__(self, window: WizardWindow) -> None:
        self._window, self._at, self.presses = window, 10_000, 0
        window.wedge.reader.stamp = lambda _: self._at

    def press(self, *names: str) -> None:
        """Press keys by name, or by what they type."""
        for name in names:
            self._at += 400
            self.presses += 1
            QTest.keyClick(self._window.windowHandle(), _KEYS.get(name, name))
            kept = self._window.wedge._wedge.expire(self._at + 300)
            if kept is not None:
                self._window.wedge._end(kept)
            if self._window.page.takes_raw_scans:
                self._window.raw.finish()

    def type(self, text: str) -> None:
        """Type characters one after the other."""
        self.press(*text)

    def scan(self, text: str) -> None:
        """Type as a scanner does."""
        self._at += 1000
        for sign in text:
            self._at += 4
            QTest.keyClick(self._window.windowHandle(), sign)
        self._at += 4
        QTest.keyClick(self._window.windowHandle(), Qt.Key.Key_Return)


def opener(qtbot: QtBot, folder: Path) -> Opener:
    """Return what opens windows on this folder, in a state or at the beginning."""

    def open_one(state: str = "", **how: object) -> WizardWindow:
        window = open_in(folder, state, **how) if state else open_window(folder, **how)  # type: ignore[arg-type]
        qtbot.addWidget(window)
        qtbot.waitUntil(window.isActiveWindow)
        return window

    return open_one
