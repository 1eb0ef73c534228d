"""The bare thing: a PySide6 window with as many plain widgets as the till has, painted once.

It centres its texts and knows the Enter key, as any window would.
"""

from __future__ import annotations

import sys

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QKeyEvent, QPaintEvent
from PySide6.QtWidgets import QApplication, QGridLayout, QLabel, QWidget

from tests.benchmarks.first_frame import tell


class BareWindow(QWidget):
    """Labels in a grid; says when it was painted and ends."""

    def __init__(self, widgets: int) -> None:
        super().__init__()
        layout = QGridLayout(self)
        columns = 12
        for number in range(widgets - 1):
            label = QLabel(f"{number}")
            label.setAlignment(Qt.AlignmentFlag.AlignCenter)
            layout.addWidget(label, number // columns, number % columns)
        self._told = False

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Return:
            self.close()

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if not self._told:
            self._told = True
            QTimer.singleShot(0, tell)


def main() -> int:
    application = QApplication(["bare", "-style", "Fusion"])
    window = BareWindow(int(sys.argv[1]))
    window.resize(1280, 800)
    window.show()
    return application.exec()


if __name__ == "__main__":
    sys.exit(main())
