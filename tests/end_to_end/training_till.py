"""A work till whose menu opens training by itself: started by `test_training_mode`, never by people.

Prints the process id of training once its window is seen; with ``--ends-it`` it then presses Esc, and prints
``back`` when the till is there again.
"""

from __future__ import annotations

import sys

from PySide6.QtCore import Qt, QTimer
from PySide6.QtTest import QTest

from cashier_app.domain.staff import Right
from cashier_app.wording.menu import Entry
from ui.__main__ import main
from ui.main_window import MainWindow
from ui.training import opening

ENDS_IT = "--ends-it"
_LOOK_MS = 20
_give = opening.give_training
_ends = ENDS_IT in sys.argv


def give(window: MainWindow, *arguments: object) -> None:
    """Offer training as the program does, and take the offer."""
    _give(window, *arguments)  # type: ignore[arg-type]
    QTimer.singleShot(0, window, lambda: _begin(window))


def _begin(window: MainWindow) -> None:
    if not window.may(Right.TRAIN):  # until it was read who works here
        QTimer.singleShot(_LOOK_MS, window, lambda: _begin(window))
        return
    QTest.keyClick(window.windowHandle(), Qt.Key.Key_F10)
    window.drawers.menu.rows[Entry.TRAINING].click()
    entry = window.practice
    assert entry is not None
    process = entry.process
    assert process is not None
    process.opened.connect(lambda: _opened(window, process.process_id))


def _opened(window: MainWindow, process_id: int) -> None:
    _say(str(process_id))
    if _ends:
        QTest.keyClick(window.windowHandle(), Qt.Key.Key_Escape)
        _wait_for_end(window)


def _wait_for_end(window: MainWindow) -> None:
    assert window.practice is not None
    if window.practice.process is None:
        _say("back" if window.drawers.top() is None else "still covered")
    else:
        QTimer.singleShot(_LOOK_MS, window, lambda: _wait_for_end(window))


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    opening.give_training = give
    sys.exit(main([one for one in sys.argv[1:] if one != ENDS_IT]))
