"""Hands press real keys by name, wait with patience, and reach only what a finger reaches."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLineEdit, QPushButton, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from cashier_app.domain.lesson import KEYS
from ui.training.demonstration import AT_ONCE, TO_BE_READ
from ui.training.hands import Chord, Hands, HandsError, Pause, Performance, Steps, Wait, chord

CONTROL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier


@pytest.mark.parametrize("name", sorted(KEYS))
def test_every_key_a_lesson_may_name_can_be_pressed(name: str) -> None:
    assert chord(name).key


def test_keys_are_told_by_name_with_what_is_held() -> None:
    assert chord("Enter") == Chord(Qt.Key.Key_Return)
    assert chord("*") == Chord("*")
    assert chord("+") == Chord("+")
    assert chord("Ctrl+H") == Chord("H", CONTROL)
    assert chord("Ctrl+Shift+F9") == Chord(Qt.Key.Key_F9, CONTROL | SHIFT)


@pytest.mark.parametrize("name", ["", "Hyper+X", "Ctrl+", "Entr", "\n", "Ctrl++"])
def test_no_other_name_is_a_key(name: str) -> None:
    with pytest.raises(ValueError, match="is no key"):
        chord(name)


@pytest.fixture
def window(qtbot: QtBot) -> QWidget:
    made = QWidget()
    qtbot.addWidget(made)
    layout = QVBoxLayout(made)
    layout.addWidget(QLineEdit())
    layout.addWidget(QPushButton("here"))
    made.show()
    made.activateWindow()
    qtbot.waitUntil(made.isActiveWindow)
    made.findChild(QLineEdit).setFocus()
    return made


def played(qtbot: QtBot, steps: Steps, parent: QWidget) -> str:
    """Return the fault of a performance, once it ended."""
    faults: list[str] = []
    performance = Performance(steps, parent)
    performance.ended.connect(faults.append)
    performance.start()
    qtbot.waitUntil(lambda: bool(faults))
    return faults[0]


def test_what_is_typed_comes_as_from_a_keyboard(qtbot: QtBot, window: QWidget) -> None:
    hands = Hands(window, finger_ms=1)

    def steps() -> Steps:
        yield from hands.type("LC1:x")
        yield from hands.press("Backspace")
        yield from hands.press(Qt.Key.Key_Home)
        yield from hands.press("-")

    assert played(qtbot, steps(), window) == ""
    assert window.findChild(QLineEdit).text() == "-LC1:"
    assert hands.presses == 3, "characters that are typed are no presses"


def test_a_finger_presses_what_it_sees_and_nothing_else(qtbot: QtBot, window: QWidget) -> None:
    hands, button = Hands(window, finger_ms=1), window.findChild(QPushButton)
    pressed: list[str] = []
    button.clicked.connect(lambda: pressed.append("here"))
    assert played(qtbot, hands.touch(button), window) == ""
    assert pressed == ["here"]
    cover = QWidget(window)
    cover.setGeometry(window.rect())
    cover.show()
    assert played(qtbot, hands.touch(button), window).startswith("A finger does not reach")
    cover.hide()
    button.hide()
    assert played(qtbot, hands.touch(button), window).startswith("A finger does not reach")
    assert pressed == ["here"]


def test_patience_ends_with_what_was_waited_for(qtbot: QtBot, window: QWidget) -> None:
    def steps() -> Steps:
        yield Wait(lambda: True, "what holds")
        yield Pause(1)
        yield Wait(lambda: False, "the rain", seconds=0.05)

    assert played(qtbot, steps(), window) == "Waited in vain for the rain."


def test_what_goes_wrong_on_the_way_is_told(qtbot: QtBot, window: QWidget) -> None:
    def steps() -> Steps:
        yield Pause(1)
        raise HandsError("There is no such member.")

    assert played(qtbot, steps(), window) == "There is no such member."


def test_a_performance_that_was_stopped_says_nothing(qtbot: QtBot, window: QWidget) -> None:
    seen: list[str] = []
    performance = Performance(iter([Pause(5), Pause(5)]), window)
    performance.ended.connect(seen.append)
    performance.start()
    performance.stop()
    assert played(qtbot, iter([Pause(30)]), window) == ""
    assert seen == []


def test_captions_stand_as_long_as_they_take_to_read() -> None:
    assert AT_ONCE.reading_ms("x" * 90) == 0
    assert 2_000 <= TO_BE_READ.reading_ms("x" * 40) <= TO_BE_READ.reading_ms("x" * 90) <= 6_000
