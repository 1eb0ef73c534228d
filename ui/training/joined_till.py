"""The work till that opened this training, as training knows it."""

from __future__ import annotations

import os
from collections.abc import Callable
from contextlib import suppress
from typing import TYPE_CHECKING

from msgspec.structs import replace
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QWidget

from cashier_app.preferences import PreferencesFile
from ui.training.lifeline import END, OPENED, SHOW, Lifeline

if TYPE_CHECKING:
    from cashier_app.ports.runner import Runner
    from cashier_app.services.till_view import TillView
    from ui.main_window import MainWindow

_STANDARD_OUTPUT = 1


class JoinedTill:
    """Says who learns, asks for the window, and takes training along when it ends.

    Args:
        descriptor: The open file to read.

    Raises:
        KnownError: Nobody says anything there.
    """

    def __init__(self, descriptor: int) -> None:
        self._lifeline = Lifeline(descriptor)
        self.handover = self._lifeline.handover()

    def take_over_choices(self, preferences: PreferencesFile) -> None:
        """Use scanner, camera, sound and colours as they were chosen at the till that works."""
        chosen = replace(self.handover.preferences, signs_in=False)
        preferences.change(**{name: getattr(chosen, name) for name in chosen.__struct_fields__})

    def stay(self, window: MainWindow, runner: Runner, end: Callable[[], None]) -> None:
        """Do what the till asks from now on, and tell it once the window is seen."""

        def act(word: str) -> None:
            if word in {SHOW, END}:
                bring_to_front(window)
            if word == END:
                window.close()

        def seen(_: TillView) -> None:
            window.view_shown.disconnect(seen)
            if self.handover.full_screen:
                window.showFullScreen()
            bring_to_front(window)
            with suppress(OSError):
                os.write(_STANDARD_OUTPUT, OPENED)

        # The first view after the program came: the till behind it works.
        window.view_shown.connect(seen)
        self._lifeline.listen(lambda word: runner.post(lambda: act(word)), lambda: runner.post(end))

    def close(self) -> None:
        """Stop listening."""
        self._lifeline.close()


def bring_to_front(window: QWidget) -> None:
    """Show a window over all others, as far as the system lets programs do that."""
    window.setWindowState(window.windowState() & ~Qt.WindowState.WindowMinimized)
    if QGuiApplication.platformName() != "offscreen":  # which complains that it has no front
        window.raise_()
    window.activateWindow()
