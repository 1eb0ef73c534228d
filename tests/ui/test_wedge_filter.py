"""A scanner's burst becomes one scan; what a person types arrives whole and in order."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from cashier_app.scanning.keyboard_wedge import KeyboardWedge
from ui.wedge_filter import WedgeFilter

CODE = "LC1:mB44.10_x~z"


class Bench:
    """A window with a line edit, a filter on it, and a clock of our own."""

    def __init__(self, qtbot: QtBot) -> None:
        self.at = 1000
        self.edit = QLineEdit()
        self.window = QWidget()
        QVBoxLayout(self.window).addWidget(self.edit)
        qtbot.addWidget(self.window)
        self.filter = WedgeFilter(KeyboardWedge(), stamp=lambda _: self.at, parent=self.window)
        self.scans: list[str] = []
        self.filter.scanned.connect(self.scans.append)
        self.window.show()
        qtbot.waitExposed(self.window)
        self.window.activateWindow()
        self.edit.setFocus()
        qtbot.waitUntil(self.edit.hasFocus)
        self.handle = self.window.windowHandle()
        self.handle.installEventFilter(self.filter)

    def type(self, text: str, gap_ms: int) -> None:
        for character in text:
            self.at += gap_ms
            QTest.keyClick(self.handle, character)

    def enter(self, gap_ms: int) -> None:
        self.at += gap_ms
        QTest.keyClick(self.handle, Qt.Key.Key_Return)


@pytest.fixture
def bench(qtbot: QtBot) -> Bench:
    return Bench(qtbot)


def test_burst_is_one_scan_and_nothing_is_typed(bench: Bench) -> None:
    bench.type(CODE, 4)
    bench.enter(4)
    assert bench.scans == [CODE]
    assert bench.edit.text() == ""


def test_slow_typing_arrives_whole_and_in_order(bench: Bench, qtbot: QtBot) -> None:
    bench.type("hello 12", 180)
    qtbot.waitUntil(lambda: bench.edit.text() == "hello 12")
    assert bench.scans == []


def test_a_lone_key_comes_out_by_itself(bench: Bench, qtbot: QtBot) -> None:
    bench.type("7", 500)
    assert bench.edit.text() == "", "kept back for a moment"
    qtbot.waitUntil(lambda: bench.edit.text() == "7")


def test_two_keys_rolled_over_are_typing(bench: Bench, qtbot: QtBot) -> None:
    bench.type("2", 500)
    bench.type("36", 12)
    bench.type("0", 200)
    qtbot.waitUntil(lambda: bench.edit.text() == "2360")
    assert bench.scans == []


def test_enter_after_typing_passes(bench: Bench, qtbot: QtBot) -> None:
    pressed: list[bool] = []
    bench.edit.returnPressed.connect(lambda: pressed.append(True))
    bench.type("23", 150)
    bench.enter(150)
    qtbot.waitUntil(lambda: bool(pressed))
    assert bench.edit.text() == "23"


def test_release_never_comes_before_its_press(bench: Bench, qtbot: QtBot) -> None:
    order: list[QEvent.Type] = []

    class Watch(QLineEdit):
        def keyPressEvent(self, event: QKeyEvent) -> None:
            order.append(event.type())

        def keyReleaseEvent(self, event: QKeyEvent) -> None:
            order.append(event.type())

    watch = Watch(bench.window)
    watch.show()
    watch.setFocus()
    bench.type("7", 500)
    qtbot.waitUntil(lambda: len(order) == 2)
    assert order == [QEvent.Type.KeyPress, QEvent.Type.KeyRelease]


def test_two_scans_in_a_row(bench: Bench) -> None:
    for code in ("LC1:first-one", "LC1:second-one"):
        bench.at += 300
        bench.type(code, 3)
        bench.enter(3)
    assert bench.scans == ["LC1:first-one", "LC1:second-one"]


def test_too_long_for_a_code_is_dropped_and_said(bench: Bench) -> None:
    said: list[bool] = []
    bench.filter.overlong.connect(lambda: said.append(True))
    bench.type("a" * 300, 2)
    bench.enter(2)
    assert (said, bench.scans, bench.edit.text()) == ([True], [], "")


def test_a_shortcut_waits_for_a_moment_only(bench: Bench, qtbot: QtBot) -> None:
    bench.edit.setText("typed")
    bench.edit.selectAll()
    QTest.keyClick(bench.handle, Qt.Key.Key_X, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: bench.edit.text() == "")
