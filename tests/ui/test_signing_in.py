"""Signing in at the lock: people, digits and badges; and how it stays shut."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from cashier_app.services.desk_view import DeskStage
from tests.fakes.staff import ASHA, MEERA, VIKRAM, many, pin_of
from tests.ui.lock_host import Shift, shown
from tests.ui.staff_states import Counter
from tests.ui.till_host import Hands, focus
from ui.widgets.keypad import KeypadKey


@pytest.fixture
def shift(qtbot: QtBot) -> Shift:
    return Shift(qtbot)


def test_a_person_and_six_digits_open_it_and_the_next_time_without_enter(shift: Shift) -> None:
    assert shift.desk.view.stage is DeskStage.LOCKED
    shift.press("2", *pin_of(VIKRAM), "Enter")
    assert shift.desk.view.on_duty == VIKRAM
    assert not shift.gate.covers()
    assert shift.window.screen_of_till.isVisible()
    assert focus() is shift.window.screen_of_till.framed()

    shift.hands.presses = shift.hands.digits = 0
    shift.press("F12", "1", *pin_of(ASHA), "Enter")
    assert shift.desk.view.on_duty == ASHA
    assert shift.hands.presses + shift.hands.digits == 9
    shift.hands.presses = shift.hands.digits = 0
    shift.press("F12", "2", *pin_of(VIKRAM))
    assert shift.desk.view.on_duty == VIKRAM, "its length is known by now"
    assert shift.hands.presses + shift.hands.digits == 8


def test_a_longer_pin_is_never_tried_too_early(shift: Shift) -> None:
    shift.sign_in.pins["asha"] = longer = pin_of(ASHA) + "4"
    for _ in range(2):
        shift.press("1", *longer)
        if shift.desk.view.stage is DeskStage.LOCKED:
            shift.press("Enter")
        assert shift.desk.view.stage is DeskStage.OPEN
        shift.desk.lock()
    assert [asked[0] for asked in shift.sign_in.asked] == ["signed in", "signed in"]


def test_a_new_pin_that_does_not_fit_makes_it_wait_for_enter_again(shift: Shift) -> None:
    shift.press("1", *pin_of(ASHA), "Enter")
    shift.sign_in.pins["asha"] = "73" + pin_of(ASHA)
    shift.desk.lock()
    shift.press("1", *pin_of(ASHA))
    assert shift.note == "Wrong PIN. Try again."
    shift.press(*shift.sign_in.pins["asha"])
    assert shift.desk.view.stage is DeskStage.LOCKED
    shift.press("Enter")
    assert shift.desk.view.on_duty == ASHA


def test_fingers_only(qtbot: QtBot, shift: Shift) -> None:
    lock = shift.gate.lock
    QTest.mouseClick(lock.people.rows[2], Qt.MouseButton.LeftButton)
    keys = {key.value(): key for key in lock.keypad.findChildren(KeypadKey)}
    for digit in pin_of(MEERA):
        QTest.mouseClick(keys[digit], Qt.MouseButton.LeftButton)
    QTest.mouseClick(keys["delete"], Qt.MouseButton.LeftButton)
    QTest.mouseClick(keys[pin_of(MEERA)[-1]], Qt.MouseButton.LeftButton)
    QTest.mouseClick(lock.action_row.primary, Qt.MouseButton.LeftButton)
    assert shift.desk.view.on_duty == MEERA


def test_one_person_only_types(qtbot: QtBot) -> None:
    window = shown(qtbot)
    counter = Counter(window, ASHA)
    assert counter.gate.lock.pin.head.text() == "Asha"
    Hands(window).press(*pin_of(ASHA), "Enter")
    assert counter.desk.view.on_duty == ASHA


def test_thirty_people_are_reached_by_pages_and_marks(qtbot: QtBot) -> None:
    window = shown(qtbot)
    people = many(30)
    counter = Counter(window, *people)
    hands, lock = Hands(window), counter.gate.lock
    hands.press("Right", "Right", "3")
    assert counter.desk.view.prompt is not None
    assert counter.desk.view.prompt.chosen == people[2 * 8 + 2]
    hands.press("Esc")
    assert lock.people.pages.text() == "3 / 4", "it stays where one was"
    hands.press("Left", "Left", "Left", *["Down"] * 11, "Enter")
    assert counter.desk.view.prompt.chosen == people[10]
    hands.press("Esc")
    assert not lock.people.after.hasFocus()


def test_wrong_pin_wait_and_lock_out_are_said(shift: Shift) -> None:
    shift.press("1", *"0000001"[:6], "Enter")
    assert shift.note == "Wrong PIN. Try again."
    shift.press("5")
    assert shift.note == ""
    shift.sign_in.waits["asha"] = 125
    shift.press(*"00000", "Enter")
    assert shift.note == "Too many wrong PINs. Wait 3 min."
    asked = len(shift.sign_in.asked)
    shift.press(*"000000", "Enter")
    assert len(shift.sign_in.asked) == asked, "no digit counts while it waits"
    shift.pass_time(100)
    assert shift.note == "Too many wrong PINs. Wait 21 s."
    assert not shift.gate.lock.keypad.isEnabled()
    shift.press("Esc", "1")
    shift.pass_time(25)
    assert shift.note == ""
    assert shift.gate.lock.keypad.isEnabled()
    shift.sign_in.locked.add("asha")
    shift.press(*"000000", "Enter")
    assert shift.note == "Too many wrong PINs. A manager resets it: menu, Staff."
    shift.press("Esc", "3", *pin_of(MEERA), "Enter")
    assert shift.desk.view.on_duty == MEERA, "others still can"


def test_esc_does_nothing_where_nobody_signed_in(shift: Shift) -> None:
    shift.press("1", "Esc", "Esc", "Esc")
    assert shift.gate.covers()
    assert shift.till.asked == []


@pytest.mark.parametrize("key", ["F1", "F3", "F4", "F5", "F6", "F7", "F8", "F10", "*", "-", "A", "Space"])
def test_no_key_of_the_till_works(shift: Shift, key: str) -> None:
    shift.press(key, "1", key)
    assert shift.till.asked == []
    assert shift.window.drawers.top() is None
    assert shift.gate.covers()
