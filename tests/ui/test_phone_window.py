"""The practice phone in its window: keys, the ring, and what a coach asks of it."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from cashier_app.domain.lesson import Code, HoldUp
from cashier_app.practice_opening import ROTATING_KINDS
from cashier_app.services.practice_phone import Showing
from tests.fakes.clock import FakeClock
from tests.fakes.runner import SteppedRunner
from tests.ui.practice_windows import SCREENS, look_of, phone
from tests.unit.practice_sheets import MEMBERS, material
from ui.training.holding_up import HoldsUp
from ui.training.phone import PhoneWindow


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
def window(qtbot: QtBot, clock: FakeClock) -> PhoneWindow:
    made = phone(clock)
    qtbot.addWidget(made)
    return made


def press(window: PhoneWindow, *keys: Qt.Key) -> None:
    for key in keys:
        QTest.keyClick(window, key)


def text_on(window: PhoneWindow) -> str:
    code = window.card.code()
    assert code is not None
    return code.text


def showing(window: PhoneWindow) -> Showing:
    view = window.view()
    assert view is not None
    return view.showing


def test_the_ring_runs_out_and_a_new_code_comes(window: PhoneWindow, clock: FakeClock) -> None:
    first = text_on(window)
    assert first.startswith("LR1:")
    assert window.ring.share() == 1.0
    clock.advance(15)
    window.tick()
    assert window.ring.share() == 0.5
    assert text_on(window) == first
    clock.advance(15)
    window.tick()
    assert text_on(window) != first
    assert window.ring.share() == 1.0


def test_a_screenshot_by_key_and_by_finger(window: PhoneWindow, clock: FakeClock) -> None:
    first = text_on(window)
    press(window, Qt.Key.Key_S)
    clock.advance(45)
    window.tick()
    assert text_on(window) == first
    assert not window.ring.isVisible()
    assert window.screenshot.words() == "Show the card"
    QTest.mouseClick(window.screenshot, Qt.MouseButton.LeftButton)
    assert text_on(window) != first
    assert window.ring.isVisible()


def test_an_old_one_and_no_network(window: PhoneWindow, clock: FakeClock) -> None:
    press(window, Qt.Key.Key_O)
    assert showing(window) is Showing.SCREENSHOT
    assert window.about.colour == "amber_text"
    press(window, Qt.Key.Key_N)
    assert showing(window) is Showing.LIVE
    kept = text_on(window)
    press(window, Qt.Key.Key_N)
    clock.advance(60)
    window.tick()
    assert text_on(window) == kept
    assert window.network.words() == "With network"


def test_the_next_member_and_another_kind(window: PhoneWindow) -> None:
    press(window, Qt.Key.Key_M, Qt.Key.Key_3)
    code, view = window.card.code(), window.view()
    assert code is not None
    assert view is not None
    assert (view.member_id, code.kind) == (MEMBERS[1], ROTATING_KINDS[2])
    QTest.mouseClick(window.kinds[1], Qt.MouseButton.LeftButton)
    code = window.card.code()
    assert code is not None
    assert code.kind == ROTATING_KINDS[1]


def test_it_can_be_kept_on_top(window: PhoneWindow) -> None:
    assert not window.stays_on_top()
    press(window, Qt.Key.Key_T)
    assert window.stays_on_top()
    assert window.isVisible()
    assert window.on_top.is_selected()
    QTest.mouseClick(window.on_top, Qt.MouseButton.LeftButton)
    assert not window.stays_on_top()


def test_a_coach_asks_for_codes(window: PhoneWindow, clock: FakeClock) -> None:
    coach: HoldsUp = window
    coach.put_away()
    assert not window.isVisible()
    coach.hold_up(HoldUp("mem-rahul", Code.FRESH))
    assert window.isVisible()
    fresh = text_on(window)
    clock.advance(40)
    coach.hold_up(HoldUp("mem-rahul", Code.SAME))
    assert text_on(window) == fresh
    coach.hold_up(HoldUp("mem-rahul"))
    assert text_on(window) == material().codes.fixed("mem-rahul")
    coach.hold_up(HoldUp("mem-rahul", Code.USED), "LR1:told:by:somebody")
    assert text_on(window) == "LR1:told:by:somebody"
    coach.hold_up(HoldUp("nobody", Code.FRESH))
    assert text_on(window) == "LR1:told:by:somebody"


def test_what_is_asked_before_the_members_are_read_is_shown_then(qtbot: QtBot, clock: FakeClock) -> None:
    runner = SteppedRunner()
    window = phone(clock, runner=runner)
    qtbot.addWidget(window)
    press(window, Qt.Key.Key_S, Qt.Key.Key_O, Qt.Key.Key_N, Qt.Key.Key_M)
    window.hold_up(HoldUp("mem-tamil", Code.STALE))
    assert window.card.code() is None
    runner.run_all()
    view = window.view()
    assert view is not None
    assert (view.member_id, view.is_old) == ("mem-tamil", True)
    assert window.card.code() is not None


def test_a_hidden_phone_makes_no_codes(window: PhoneWindow) -> None:
    assert window._timer.isActive()
    press(window, Qt.Key.Key_Escape)
    assert not window.isVisible()
    assert not window._timer.isActive()


@pytest.mark.parametrize("screen", SCREENS)
def test_nothing_is_cut_off_and_nothing_overlaps(
    qtbot: QtBot, clock: FakeClock, screen: tuple[int, int]
) -> None:
    window = phone(clock, look_of(screen))
    qtbot.addWidget(window)
    assert window.height() <= screen[1]
    buttons = [*window.kinds, window.screenshot, window.old, window.network, window.member, window.on_top]
    for keys in ((), (Qt.Key.Key_S,), (Qt.Key.Key_S, Qt.Key.Key_N), (Qt.Key.Key_T, Qt.Key.Key_3)):
        press(window, *keys)
        assert all(button.has_room() for button in buttons)
        placed = [window.card, window.about, *buttons, *([window.ring] if window.ring.isVisible() else [])]
        for one in placed:
            assert window.rect().contains(one.geometry())
            assert not [
                other for other in placed if other is not one and other.geometry().intersects(one.geometry())
            ]
        assert window.about.heightForWidth(window.about.width()) <= window.about.height()
    assert window.windowTitle().startswith("TRAINING")
