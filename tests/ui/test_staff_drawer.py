"""The staff for managers: added, given a PIN, let in again, left; by keys and by fingers."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from cashier_app.domain.staff import Role
from cashier_app.errors import KnownError
from cashier_app.services.desk_view import DeskStage
from tests.fakes.staff import ASHA, MEERA, STAFF, pin_of
from tests.ui import sample_views, staff_states
from tests.ui.fake_staff_setup import FakeStaffSetup, some_staff
from tests.ui.fake_till import FakeTill, StoppedClock
from tests.ui.staff_states import Counter
from tests.ui.till_host import SIZES, Hands, focus, make_window
from tests.ui.who_host import cut_off, outside, overlaps, too_small
from ui.screens.staff_buttons import StaffPage
from ui.screens.staff_drawer import StaffDrawer
from ui.theme.tokens import DARK, LIGHT, Theme
from ui.widgets.button import ActionButton
from ui.widgets.keypad import KeypadKey

PAGES = tuple(name for name in staff_states.STATES if name.startswith(("staff", "menu")))
NEW_PIN = "482915"


class Office:
    """Meera at the till with the staff page open; time passes between the keys."""

    def __init__(self, qtbot: QtBot, setup: FakeStaffSetup | None = None, *, signed_in: bool = True) -> None:
        self.clock = StoppedClock()
        self.window = make_window(FakeTill(sample_views.idle()), clock=self.clock)
        qtbot.addWidget(self.window)
        qtbot.waitUntil(self.window.isActiveWindow)
        self.setup = setup or some_staff()
        self.counter = Counter(self.window, clock=self.clock, expected=signed_in, start=signed_in)
        if signed_in:
            self.counter.sign_in_as(MEERA)
        else:
            self.counter.sign_in.staff = ()
            self.counter.desk.start()
        self.setup.sign_in = self.counter.sign_in
        self.window.ways.staff = self.setup
        self.window.ways.show_staff()
        self.hands = Hands(self.window)

    @property
    def drawer(self) -> StaffDrawer:
        return self.window.drawers.staff_page(self.setup, self.counter.gate)

    def press(self, *names: str) -> None:
        for name in names:
            self.clock.seconds += 0.5
            self.hands.press(name)

    def said(self) -> list[str]:
        on_pin = self.drawer.page is StaffPage.PIN
        return (self.drawer.pin.rows if on_pin else self.drawer.rows).texts()


@pytest.fixture
def office(qtbot: QtBot) -> Iterator[Office]:
    made = Office(qtbot)
    yield made
    made.window.drawers.close()


@pytest.mark.parametrize(("size", "theme"), [*((size, LIGHT) for size in SIZES), ((1280, 800), DARK)])
def test_nothing_overlaps_is_cut_off_or_too_small(qtbot: QtBot, size: tuple[int, int], theme: Theme) -> None:
    for state in PAGES:
        window = make_window(FakeTill(sample_views.idle()), size=size, theme=theme)
        qtbot.addWidget(window)
        staff_states.open_in(window, state)
        page = window.drawers.top()
        assert page is not None
        panel = page._panel
        assert overlaps(panel) == [], state
        assert outside(panel) == [], state
        assert cut_off(panel, {page.title}) == [], state
        assert too_small(panel) == [], state
        buttons = [b for b in panel.findChildren(ActionButton) if b.isVisible() and b.words()]
        assert [b.words() for b in buttons if not b.has_room()] == [], state
        for label in panel.findChildren(QLabel):
            assert label.textFormat() is Qt.TextFormat.PlainText
            assert label.font().pixelSize() >= 16
        window.hide()


def test_everybody_is_listed_with_what_stands_in_their_way(office: Office) -> None:
    rows = [row.accessibleName() for row in office.drawer.people.rows if row.isVisible()]
    assert rows == [
        "Asha, locked out",
        "Vikram Rao, Supervisor",
        "Meera, Manager",
        "Nila Das, has no PIN",
        "Ravi, works here no more",
    ]


def test_somebody_is_added_by_keys_alone_and_can_sign_in(office: Office) -> None:
    office.press("A", *"Priti", "Enter", "Enter", *NEW_PIN, "Enter", *NEW_PIN, "Enter")
    assert office.setup.asked == [("add", "Priti", Role.CASHIER, "Meera (meera)")]
    assert office.said() == ["Priti is added"]
    assert office.drawer.page is StaffPage.LIST
    assert "priti" in {one.staff_id for one in office.counter.desk.people}


def test_a_role_is_chosen_and_what_it_may_do_is_said(office: Office) -> None:
    office.press("A")
    assert office.said() == ["Sells and takes goods back"]
    office.press(*"Priti", "Enter", "Space")
    assert office.said() == ["Approves, settles and sees the day as well"]
    office.press("Enter", *NEW_PIN, "Enter", *NEW_PIN, "Enter")
    assert office.setup.asked[0][:3] == ("add", "Priti", Role.SUPERVISOR)


def test_two_pins_that_differ_begin_anew(office: Office) -> None:
    office.press("2", "1", *NEW_PIN, "Enter", *"000000", "Enter")
    assert office.said() == ["The two are not the same. Choose a PIN again."]
    assert office.setup.asked == []
    office.press(*NEW_PIN, "Enter", *NEW_PIN, "Enter")
    assert office.setup.asked == [("set_pin", "vikram", "Meera (meera)")]
    assert office.said() == ["Vikram Rao has a new PIN"]


def test_a_short_pin_is_not_tried(office: Office) -> None:
    office.press("2", "1", "4", "8", "Enter")
    assert office.said() == ["The PIN has 6 digits or more."]
    assert office.drawer.pin.dots.typed() == 2


def test_a_pin_that_is_refused_begins_anew_with_the_reason(office: Office) -> None:
    office.setup.error = KnownError("This PIN reads as a date. Choose another one.")
    office.press("2", "1", *NEW_PIN, "Enter", *NEW_PIN, "Enter")
    assert office.said() == ["This PIN reads as a date. Choose another one."]
    assert (office.drawer.page, office.drawer.pin.dots.typed()) == (StaffPage.PIN, 0)


def test_fingers_only(office: Office) -> None:
    left, drawer = Qt.MouseButton.LeftButton, office.drawer
    QTest.mouseClick(drawer.people.rows[1], left)
    QTest.mouseClick(drawer.buttons.new_pin, left)
    keys = {key.value(): key for key in drawer.pin.keypad.findChildren(KeypadKey)}
    for _ in range(2):
        for digit in NEW_PIN:
            QTest.mouseClick(keys[digit], left)
        QTest.mouseClick(drawer.buttons.go_on, left)
    assert office.setup.asked == [("set_pin", "vikram", "Meera (meera)")]


def test_who_was_locked_out_may_try_again(office: Office) -> None:
    office.press("1")
    assert office.said() == ["Cashier", "Locked out: too many wrong PINs"]
    office.press("2")
    assert office.setup.asked == [("reset", "asha", "Meera (meera)")]
    office.press("2")
    assert not office.drawer.buttons.reset.isEnabled(), "nothing to let in again"


def test_leaving_takes_two_presses_and_coming_back_one(office: Office) -> None:
    office.press("2", "3")
    assert office.setup.asked == []
    assert office.drawer.buttons.leave.words() == "Press again: they work here no more"
    office.press("Esc", "2", "3", "3")
    assert office.setup.asked == [("set_active", "vikram", False, "Meera (meera)")]
    office.press("5", "3")
    assert office.setup.asked[-1] == ("set_active", "ravi", True, "Meera (meera)")


def test_a_scan_is_not_used(office: Office) -> None:
    office.press("2", "1", "4")
    office.hands.scan("LC1:priya0001")
    assert office.said() == ["Scan not used: finish this first"]
    assert office.drawer.pin.dots.typed() == 1
    assert office.window._till.asked == []  # type: ignore[attr-defined]


def test_what_was_typed_is_gone_with_the_page(office: Office) -> None:
    office.press("2", "1", "4", "8", "Esc", "1")
    assert office.drawer.pin.dots.typed() == 0
    office.press("4", "8", "Esc", "Esc", "A", *"Priti", "Enter", "Enter", "4")
    office.counter.desk.lock()
    assert not office.drawer.isVisible()
    assert (office.drawer.pin._pin, office.drawer.pin._first, office.drawer._adding) == ("", "", None)


def test_the_first_manager_is_added_and_the_till_locks(qtbot: QtBot) -> None:
    office = Office(qtbot, FakeStaffSetup(), signed_in=False)
    assert office.said() == [
        "Nobody signs in at this till yet.",
        "Add a manager first. From then on everybody signs in with a PIN.",
    ]
    assert focus() is office.drawer.buttons.add
    office.press("Enter", *"Meera", "Enter", "Enter", *NEW_PIN, "Enter", *NEW_PIN, "Enter")
    assert office.setup.asked == [("add", "Meera", Role.MANAGER, "first manager")]
    assert office.counter.desk.view.stage is DeskStage.LOCKED
    assert office.counter.gate.covers()
    office.press(*NEW_PIN, "Enter")
    assert office.counter.desk.view.on_duty is not None


def test_where_signing_in_is_switched_off_nothing_is_changed(qtbot: QtBot) -> None:
    office = Office(qtbot, FakeStaffSetup(*STAFF), signed_in=False)
    assert office.said() == [
        "Signing in is switched off in the settings file. The staff is not changed here."
    ]
    office.press("A", "2", "1", "3", "3")
    assert office.setup.asked == []


def test_a_cashier_reaches_it_only_by_the_pin_of_a_manager(qtbot: QtBot) -> None:
    office = Office(qtbot)
    office.drawer.close_drawer()
    office.counter.desk.lock()
    office.counter.sign_in_as(ASHA)
    office.window.ways.show_staff()
    assert not office.drawer.isVisible()
    office.press(*pin_of(MEERA), "Enter")
    assert office.drawer.isVisible()
    office.press("1", "2")
    assert office.setup.asked == [("reset", "asha", "Meera (meera)")]
    office.drawer.close_drawer()
