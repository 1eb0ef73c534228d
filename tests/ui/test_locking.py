"""Locking: by itself, by key, after a refund; and everything as it was behind it."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from cashier_app.services.desk_view import DeskStage
from tests.fakes.staff import ASHA, MEERA, pin_of
from tests.ui.lock_host import STEPS, Shift
from tests.ui.till_host import focus
from ui.gate import REFUND_SECONDS
from ui.main_window import MainWindow
from ui.widgets.panel import Panel


@pytest.fixture
def shift(qtbot: QtBot) -> Shift:
    return Shift(qtbot)


@pytest.fixture
def working(shift: Shift) -> Shift:
    shift.counter.sign_in_as(ASHA)
    return shift


def test_it_locks_by_itself_and_the_sale_waits_behind(working: Shift) -> None:
    before = working.till.view
    working.pass_time(119)
    assert not working.gate.covers()
    working.press("5")
    working.pass_time(119)
    assert not working.gate.covers(), "a key began it anew"
    working.pass_time(2)
    assert working.gate.covers()
    assert working.gate.lock.pin.below.text() == "The sale behind stays as it is"
    assert (working.till.view.person, working.till.view.bill) == (before.person, before.bill)
    assert working.till.view.cashier is None
    working.press("1", *pin_of(ASHA), "Enter")
    assert working.till.view.cashier == ASHA
    assert working.window.screen_of_till.bill.isVisible()


@pytest.mark.parametrize("how", ["press", "scan", "key"])
def test_any_sign_of_life_begins_the_time_anew(working: Shift, how: str) -> None:
    working.pass_time(100)
    if how == "press":
        QTest.mouseClick(working.window.windowHandle(), Qt.MouseButton.LeftButton)
    elif how == "scan":
        working.window.take_seen("LC1:priya0001")
    else:
        working.press("7")
    working.pass_time(100)
    assert not working.gate.covers()


@pytest.mark.parametrize("state", STEPS)
def test_every_step_is_there_again(qtbot: QtBot, state: str) -> None:
    shift = Shift(qtbot, state)
    shift.counter.sign_in_as(ASHA)
    before = {name: part.geometry() for name, part in visible_parts(shift.window).items()}
    framed = shift.window.screen_of_till.framed()
    shift.desk.lock()
    shift.counter.sign_in_as(ASHA)
    assert {name: part.geometry() for name, part in visible_parts(shift.window).items()} == before
    assert focus() is framed


def visible_parts(window: MainWindow) -> dict[int, QWidget]:
    """Return the panels that are seen, by identity."""
    screen = window.screen_of_till
    return {id(part): part for part in screen.findChildren(Panel) if part.isVisible()}


def test_while_paying_it_waits_for_the_end(working: Shift) -> None:
    working.counter.paying = True
    working.pass_time(300)
    assert not working.gate.covers()
    working.press("F12")
    assert not working.gate.covers()
    toast = working.window.screen_of_till.who.toast
    assert toast.words() == "Finish the payment first, then change the cashier"
    working.counter.paying = False
    working.pass_time(130)
    assert working.gate.covers()


def test_f12_twice_locks_and_esc_goes_back(working: Shift) -> None:
    working.press("F12")
    assert working.gate.covers()
    assert working.desk.view.stage is DeskStage.OPEN
    assert working.gate.lock.people.marked() == 0, "whoever is there"
    working.press("Esc")
    assert not working.gate.covers()
    assert working.desk.view.on_duty == ASHA
    working.press("F12", "F12")
    assert working.desk.view.stage is DeskStage.LOCKED
    working.press("Esc")
    assert working.gate.covers()


def test_the_header_says_who_it_is_and_a_press_there_is_f12(working: Shift) -> None:
    cashier = working.window.screen_of_till.header.cashier
    assert (cashier.words(), cashier.isVisible()) == ("Asha", True)
    assert cashier.accessibleName() == "Asha, cashier. Locks the till or changes the cashier, F12"
    QTest.mouseClick(cashier, Qt.MouseButton.LeftButton)
    assert working.gate.covers()
    working.press("3", *pin_of(MEERA), "Enter")
    assert cashier.words() == "Meera, manager"


def test_compact_has_the_cashier_in_the_menu(working: Shift) -> None:
    working.window.resize(1024, 600)
    assert not working.window.screen_of_till.header.cashier.isVisible()
    working.press("F10")
    rows = working.window.drawers.menu.rows
    row = next(row for row in rows.values() if row.words() == "Lock or change cashier")
    row.click()
    assert working.gate.covers()


def test_an_open_return_is_there_again_and_a_page_of_managers_is_not(working: Shift) -> None:
    working.press("F7")
    assert working.window.queue.isVisible()
    working.desk.lock()
    assert not working.window.queue.isVisible()
    working.counter.sign_in_as(ASHA)
    assert working.window.drawers.top() is None
    assert focus() is working.window.screen_of_till.framed()


def test_nothing_opens_behind_the_lock(shift: Shift) -> None:
    shift.window.ways.show_menu()
    shift.window.ways.show_queue()
    assert shift.window.drawers.top() is None
    shift.counter.sign_in_as(ASHA)
    assert shift.window.drawers.top() is None


def test_after_a_refund_it_locks_once_that_was_seen(working: Shift) -> None:
    working.gate.refunded(shown=True)
    working.pass_time(REFUND_SECONDS - 1)
    assert not working.gate.covers()
    working.pass_time(2)
    assert working.gate.covers()
    working.counter.sign_in_as(ASHA)
    working.gate.refunded(shown=True)
    working.gate.refunded(shown=False)
    assert working.gate.covers()
