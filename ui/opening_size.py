"""How large a window opens: as asked for, at its usual size, or over a screen that holds no more."""

from __future__ import annotations

import argparse

from PySide6.QtCore import QSize
from PySide6.QtWidgets import QApplication, QWidget

USUAL_SIZE = QSize(1280, 800)
_TITLE_BAR = 48  # no usual one is higher; how high it is is known only once the window is shown


def size_to_open(application: QApplication, asked: tuple[int, int] | None) -> QSize:
    """Return how large the window opens, px: as asked for, else no larger than the screen."""
    if asked is not None:
        return QSize(*asked)
    room = _room(application)
    return USUAL_SIZE if room is None else USUAL_SIZE.boundedTo(room)


def show_window(application: QApplication, window: QWidget, options: argparse.Namespace) -> None:
    """Show a window that has its size: over all of the screen if asked to, or if little else were left."""
    room = _room(application)
    if options.full_screen:
        window.showFullScreen()
    elif options.size is None and room is not None and fills(room):
        window.showMaximized()
    else:
        window.show()


def fills(room: QSize) -> bool:
    """Say whether a screen with so much room, px, cannot hold the usual size and a title bar above it."""
    return room.width() < USUAL_SIZE.width() or room.height() < USUAL_SIZE.height() + _TITLE_BAR


def _room(application: QApplication) -> QSize | None:
    # Without a screen there is none to fit into: what is drawn then is drawn for pictures and tests.
    return None if application.platformName() == "offscreen" else application.primaryScreen().availableSize()
