"""Emitting and painting 20,000 times ends well: some Qt releases let the counts of True and None run down.

In a process of its own, because the failure is an abort of the whole interpreter.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

ROUNDS = 20_000
_PROGRAM = f"""
import sys
from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QImage, QPainter
from PySide6.QtWidgets import QApplication
from ui.theme.look import DEFAULT_LOOK
from ui.theme.painting import painting
from ui.widgets.big_text import AmountText
from ui.widgets.button import ActionButton, ButtonKind

class Bell(QObject):
    rang = Signal(bool, object)

application = QApplication(sys.argv)
heard = 0
def hear(loud, what):
    global heard
    heard += loud and what is None
bell = Bell()
bell.rang.connect(hear)
amount, button = AmountText("2,360.00"), ActionButton("Next", kind=ButtonKind.PRIMARY, key="Enter")
for widget in (amount, button):
    widget.resize(160, 48)
    widget.set_look(DEFAULT_LOOK)
image = QImage(160, 48, QImage.Format.Format_ARGB32_Premultiplied)
for turn in range({ROUNDS}):
    bell.rang.emit(True, None)
    image.fill(0)
    (amount if turn % 2 else button).render(image)
print(heard)
"""


def test_emitting_and_painting_twenty_thousand_times() -> None:
    root = Path(__file__).parents[2]
    ended = subprocess.run(
        [sys.executable, "-c", _PROGRAM],
        cwd=root,
        env={**os.environ, "QT_QPA_PLATFORM": "offscreen"},
        capture_output=True,
        text=True,
        timeout=150,
        check=False,
    )
    assert ended.returncode == 0, ended.stderr[-2000:]
    assert ended.stdout.strip() == str(ROUNDS)
