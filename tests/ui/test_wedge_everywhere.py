"""A scan counts whatever has the focus, in every window; nothing of it is left where it went by mistake."""

from __future__ import annotations

import pytest
from msgspec.structs import replace
from PySide6.QtCore import Qt
from PySide6.QtGui import QWindow
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QDialog, QLineEdit, QPushButton, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from cashier_app.demo_shop import DemoShop
from cashier_app.device_sections import ScannerSection
from cashier_app.domain.amount_entry import AmountEntry
from cashier_app.scanning.keyboard_wedge import KeyboardWedge, WedgeSettings
from cashier_app.services.till_view import Target
from tests.ui import sample_queue, sample_views
from tests.ui.fake_till import FakeQueue, FakeTill
from tests.ui.till_host import Hands, make_window
from ui.application import build_window
from ui.background import Background
from ui.key_handlers import undo_point
from ui.theme.motion import STILL
from ui.till_devices import TillDevices
from ui.wedge_filter import Surroundings, WedgeFilter

CODE = "LC1:PRYA7K2M4Q9XW3TB"
CONTROL = Qt.KeyboardModifier.ControlModifier


class Desk:
    """A window with a filter, a dialog beside it, and a clock of our own."""

    def __init__(self, qtbot: QtBot, settings: WedgeSettings | None = None) -> None:
        self.qtbot, self.at = qtbot, 1000
        self.window = QWidget()
        qtbot.addWidget(self.window)
        self.nobodys: set[str] = set()
        self.filter = WedgeFilter(
            KeyboardWedge(settings),
            stamp=lambda _: self.at,
            surroundings=Surroundings(is_text=lambda text: text in self.nobodys),
            parent=self.window,
        )
        self.scans: list[str] = []
        self.filter.scanned.connect(self.scans.append)
        self.window.show()
        self.dialog = QDialog(self.window)
        self.field, self.button = QLineEdit(), QPushButton("Yes")
        self.button.setDefault(True)
        self.pressed: list[str] = []
        self.button.clicked.connect(lambda: self.pressed.append("default button"))
        self.field.returnPressed.connect(lambda: self.pressed.append("Enter"))
        layout = QVBoxLayout(self.dialog)
        layout.addWidget(self.field)
        layout.addWidget(self.button)

    def open(self, focus: QWidget) -> QWindow:
        self.dialog.show()
        self.dialog.activateWindow()
        focus.setFocus()
        self.qtbot.waitUntil(focus.hasFocus)
        return self.dialog.windowHandle()

    def key(self, what: str | Qt.Key, gap_ms: int = 4, modifiers: Qt.KeyboardModifier | None = None) -> None:
        self.at += gap_ms
        handle = self.dialog.windowHandle()
        QTest.keyClick(handle, what, modifiers or Qt.KeyboardModifier.NoModifier)

    def scan(self, text: str, gap_ms: int = 4) -> None:
        self.at += 1000
        for character in text:
            self.key(character, gap_ms)
        self.key(Qt.Key.Key_Return, gap_ms)


@pytest.fixture
def desk(qtbot: QtBot) -> Desk:
    return Desk(qtbot)


@pytest.mark.parametrize("focus", ["field", "button"])
def test_a_scan_in_another_window_is_a_scan_and_presses_nothing(desk: Desk, focus: str) -> None:
    desk.open(getattr(desk, focus))
    desk.scan(CODE)
    assert (desk.scans, desk.pressed, desk.field.text()) == ([CODE], [], "")


def test_a_window_that_is_made_later_is_watched_as_well(desk: Desk, qtbot: QtBot) -> None:
    later = QWidget()
    qtbot.addWidget(later)
    later.show()
    later.activateWindow()
    qtbot.waitUntil(later.isActiveWindow)
    for character in CODE:
        QTest.keyClick(later.windowHandle(), character)
    QTest.keyClick(later.windowHandle(), Qt.Key.Key_Return)
    assert desk.scans == [CODE]


def test_the_window_of_another_filter_stays_with_it(desk: Desk, qtbot: QtBot) -> None:
    other = Desk(qtbot)
    desk.filter.filter_window(other.window.windowHandle())
    other.filter.filter_window(other.window.windowHandle())
    other.open(other.button)
    other.scan(CODE)
    assert desk.scans + other.scans == [CODE]


def test_no_key_of_a_hostile_code_does_anything(desk: Desk) -> None:
    desk.open(desk.field)
    desk.field.setText("kept")
    desk.field.selectAll()
    desk.at += 1000
    for key, modifiers in (
        (Qt.Key.Key_Return, None),
        (Qt.Key.Key_X, CONTROL),
        (Qt.Key.Key_F8, None),
        (Qt.Key.Key_Backspace, None),
        (Qt.Key.Key_Escape, None),
        (Qt.Key.Key_BracketRight, CONTROL),
    ):
        desk.key(key, 3, modifiers)
    for character in ("1", "2", Qt.Key.Key_Return):
        desk.key(character, 3)
    assert len(desk.scans) == 1
    assert desk.field.text() == "kept"
    assert desk.dialog.isVisible(), "Escape closed nothing"
    assert desk.pressed == []


def test_a_stall_is_taken_back_from_a_text_field(desk: Desk, qtbot: QtBot) -> None:
    desk.open(desk.field)
    desk.field.setText("abc")
    desk.field.setSelection(1, 1)
    desk.at += 1000
    desk.key(CODE[0])
    desk.key(CODE[1])
    qtbot.waitUntil(lambda: desk.field.text() == "aLCc")
    desk.at += 100
    for character in CODE[2:]:
        desk.key(character)
    desk.key(Qt.Key.Key_Return)
    assert (desk.scans, desk.pressed) == ([CODE], [])
    assert (desk.field.text(), desk.field.selectedText()) == ("abc", "b")


def test_nobodys_code_is_text_of_the_field_without_what_cannot_be_seen(desk: Desk) -> None:
    desk.nobodys = {"PARCEL\x1d 77", "PARCEL 77"}  # not every system gives Ctrl+] a text
    desk.open(desk.field)
    desk.field.setText("from ")
    desk.at += 1000
    for character in "PARCEL":
        desk.key(character)
    desk.key(Qt.Key.Key_BracketRight, modifiers=CONTROL)
    for character in " 77":
        desk.key(character)
    desk.key(Qt.Key.Key_Return)
    assert (desk.field.text(), desk.scans, desk.pressed) == ("from PARCEL 77", [], [])


def test_changed_settings_take_effect_at_once(desk: Desk) -> None:
    desk.open(desk.button)
    desk.scan(CODE, gap_ms=60)
    assert desk.scans == []
    desk.filter.change(WedgeSettings(mean_gap_ms=65), by_position=False)
    desk.scan(CODE, gap_ms=60)
    assert desk.scans == [CODE]


def test_what_was_kept_back_when_settings_change_is_handed_on(desk: Desk) -> None:
    desk.open(desk.field)
    desk.key("7", 1000)
    desk.filter.change(WedgeSettings(prefix="\x02"), by_position=True)
    assert desk.field.text() == "7"


# --- the till's own window -------------------------------------------------------------------------


def test_a_stall_is_taken_back_from_the_bill() -> None:
    view = sample_views.offer()
    till = FakeTill(view)
    assert view.target is Target.BILL
    take_back = undo_point(till)
    typed = AmountEntry(view.bill.currency, view.bill.units + "12", view.bill.decimals)
    till.show(replace(view, bill=typed))
    till.delete = lambda: till.show(replace(view, bill=till.view.bill.without_last()))  # type: ignore[method-assign]
    take_back()
    assert till.view.bill == view.bill
    take_back()
    assert till.view.bill == view.bill, "nothing more than was typed"


@pytest.mark.parametrize("key", ["L", "R", "H", "C", "E"])
def test_a_letter_that_acts_waits_until_no_scan_can_follow(qtbot: QtBot, key: str) -> None:
    till = FakeTill(sample_views.offer())
    queue = FakeQueue(sample_queue.queue())
    window = make_window(till, queue)
    qtbot.addWidget(window)
    hands = Hands(window)
    hands.press("F7")
    hands._at += 1000
    QTest.keyClick(window.windowHandle(), key)
    deadline = window.wedge._wedge.deadline
    assert deadline == hands._at + 121, "as long as a scanner may stall"
    hands._at += 115
    for character in "C1:priya0001":
        QTest.keyClick(window.windowHandle(), character)
        hands._at += 4
    QTest.keyClick(window.windowHandle(), Qt.Key.Key_Return)
    assert till.asked == [("scan", f"{key}C1:priya0001")]
    assert queue.asked == []


def test_no_widget_of_the_till_but_text_fields_takes_an_input_method(qtbot: QtBot) -> None:
    window = make_window(FakeTill(sample_views.offer()), FakeQueue(sample_queue.queue()))
    qtbot.addWidget(window)
    Hands(window).press("F7", "H")
    takes = [
        widget
        for widget in [window, *window.findChildren(QWidget)]
        if widget.testAttribute(Qt.WidgetAttribute.WA_InputMethodEnabled)
    ]
    assert takes
    assert all(isinstance(widget, QLineEdit) for widget in takes)


def test_the_till_starts_with_its_settings_and_takes_over_changed_ones(
    qtbot: QtBot, tmp_path: object
) -> None:
    shop = DemoShop(tmp_path)  # type: ignore[arg-type]
    background = Background()
    shop.till.preferences.change(scanner=ScannerSection(mean_gap_ms=60, layout="computer"))
    try:
        window = build_window(shop.till, shop.till.new_session(background), background, motion=STILL)
        qtbot.addWidget(window)
        assert window.wedge._wedge._settings.mean_gap_ms == 60
        assert not window.wedge.reader.by_position
        devices = TillDevices(shop.till, window, background, lambda _: None, "system")
        devices.use_scanner(ScannerSection(prefix="\x02", suffix="\x03"))
        assert window.wedge._wedge._settings == WedgeSettings(prefix="\x02", suffix="\x03")
        assert window.wedge.reader.by_position
        window.close()
    finally:
        background.close()
        shop.till.close()
