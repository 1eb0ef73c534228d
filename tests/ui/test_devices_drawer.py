"""Scanner, camera and sound by keys alone; an unknown scanner is checked and reads from then on."""

from __future__ import annotations

import random
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, QPoint, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from cashier_app.device_sections import ScannerSection
from cashier_app.domain.calibration import Calibration, NotCalibrated, Obstacle
from cashier_app.errors import KnownError
from cashier_app.ports.journal import QueueCounts
from cashier_app.scanning.calibration import LONG_TEST, SHORT_TEST
from tests.fakes.runner import SteppedRunner
from tests.fakes.unknown_scanner import UnknownScanner
from tests.ui import device_states, sample_queue, sample_views
from tests.ui.fake_devices import LONG_NAME, WEBCAM, FakeDevices
from tests.ui.fake_till import FakeQueue, FakeTill
from tests.ui.till_host import SIZES, Hands, focus, make_window
from tests.ui.who_host import cut_off, overlaps, too_small
from tests.unit.wording_shown import WORDING
from ui.raw_scans import RawScans
from ui.screens.devices_drawer import DevicePage, DevicesDrawer
from ui.theme.motion import STILL
from ui.theme.tokens import DARK, LIGHT, Theme

CODE = "LC1:priya0001"


class Bench:
    """A window with devices, fingers, and scanners that press the window's keys."""

    def __init__(self, qtbot: QtBot, **how: object) -> None:
        self.till = FakeTill(sample_views.idle())
        self.window = make_window(self.till, FakeQueue(sample_queue.queue()), **how)  # type: ignore[arg-type]
        qtbot.addWidget(self.window)
        self.devices = FakeDevices(self.window)
        self.window.ways.devices = self.devices
        qtbot.waitUntil(self.window.isActiveWindow)
        self.hands = Hands(self.window)
        self._chance = random.Random(5)

    @property
    def drawer(self) -> DevicesDrawer:
        return self.window.drawers.devices_page(self.devices)

    @property
    def raw(self) -> RawScans:
        raw = self.drawer._raw
        assert raw is not None
        return raw

    def check(self) -> None:
        """Open the page that checks the scanner, by keys."""
        self.hands.press("F10", "1", "1")
        assert self.drawer.page is DevicePage.SCANNER

    def alone(self, name: str) -> None:
        """Press one key on the page that checks scanners, and let the moment pass."""
        self.hands.press(name)
        self.raw.finish()

    def scan(self, scanner: UnknownScanner, text: str) -> None:
        """Press the window's keys as a scanner does on this computer."""
        self.hands._at += 2000
        start = self.hands._at
        handle = self.window.windowHandle()
        for key in scanner.scan(text, self._chance, start_ms=start):
            if key.modifier:
                continue
            self.hands._at = key.at_ms
            code = {"\r": Qt.Key.Key_Return, "\t": Qt.Key.Key_Tab}.get(key.typed, Qt.Key.Key_unknown)
            for kind in (QEvent.Type.KeyPress, QEvent.Type.KeyRelease):
                event = QKeyEvent(kind, code, Qt.KeyboardModifier.NoModifier, key.typed)
                QApplication.sendEvent(handle, event)
        self.hands._let_go()
        if self.drawer.page is DevicePage.SCANNER:
            self.raw.finish()

    @property
    def answer(self) -> Calibration | NotCalibrated:
        return self.drawer.check.answer


@pytest.fixture
def bench(qtbot: QtBot) -> Bench:
    return Bench(qtbot)


# --- the menu --------------------------------------------------------------------------------------


def test_the_menu_lists_only_what_works(qtbot: QtBot) -> None:
    window = make_window(FakeTill(sample_views.idle()))
    qtbot.addWidget(window)
    Hands(window).press("F10")
    labels = [row.words() for row in window.drawers.menu.rows.values()]
    assert labels == ["Keys and help", "Sales not posted yet", "Right column", "Full screen", "Licences"]


def test_each_entry_does_its_thing_by_its_digit(bench: Bench) -> None:
    window, hands = bench.window, bench.hands
    for digit, is_open in (
        ("1", bench.drawer.isVisible),
        ("2", window.help.isVisible),
        ("3", window.queue.isVisible),
    ):
        hands.press("F10", digit)
        assert is_open()
        assert not window.drawers.menu.isVisible()
        hands.press("Esc")
    hands.press("F10", "4")
    assert (bench.devices.now.sound, bench.devices.heard) == ("quiet", ["quiet"])
    hands.press("5", "5")
    assert bench.devices.wanted == "dark"
    hands.press("6", "7")
    assert not window.screen_of_till.shows_keypad()
    assert window.isFullScreen()
    details = [row._detail for row in window.drawers.menu.rows.values()]
    assert details == ["", "F1", "0", "Quiet", "Dark", "List of keys", "On", ""]
    hands.press("7", "F10")
    assert not window.drawers.menu.isVisible()
    assert bench.till.asked == [], "nothing reached the sale behind"


def test_the_menu_by_arrows_and_by_touch(bench: Bench) -> None:
    place = bench.window.screen_of_till.header.menu
    QTest.mouseClick(place, Qt.MouseButton.LeftButton, pos=QPoint(20, 20))
    assert bench.window.drawers.menu.isVisible()
    bench.hands.press("Down", "Down", "Up", "Enter")
    assert bench.window.help.isVisible()


def test_the_menu_counts_what_is_not_posted(bench: Bench) -> None:
    from msgspec.structs import replace

    waiting = replace(sample_views.ONLINE, counts=QueueCounts(2, 1))
    bench.till.show(replace(sample_views.idle(), connection=waiting))
    bench.hands.press("F10")
    details = [row._detail for row in bench.window.drawers.menu.rows.values()]
    assert details[2] == "3"


# --- choosing --------------------------------------------------------------------------------------


def test_a_camera_is_chosen_by_its_digit(bench: Bench) -> None:
    bench.hands.press("F10", "1", "2")
    rows = [row.words() for row in bench.drawer.choice.rows()]
    assert rows == ["The first one found", WEBCAM, "Integrated Camera", LONG_NAME]
    bench.hands.press("2")
    assert bench.devices.now.camera == WEBCAM
    assert [row.is_selected() for row in bench.drawer.choice.rows()] == [False, True, False, False]
    bench.hands.press("Down", "Enter")
    assert bench.devices.now.camera == "Integrated Camera"
    bench.hands.press("Esc")
    assert bench.drawer.page is DevicePage.CARDS
    assert focus() is bench.drawer.cards[DevicePage.CAMERA]
    words = bench.drawer.cards[DevicePage.CAMERA].words()
    assert words is not None
    assert words.chosen.full == "Integrated Camera"


def test_no_camera_and_one_that_comes(bench: Bench) -> None:
    bench.devices.plugged = []
    bench.hands.press("F10", "1", "2")
    assert bench.drawer.choice.note.text() == "No camera found. Plug one in; it appears here by itself."
    bench.devices.plugged = [WEBCAM]
    assert bench.drawer._again.isActive(), "it looks by itself"
    bench.drawer._again.timeout.emit()
    assert [row.words() for row in bench.drawer.choice.rows()] == ["The first one found", WEBCAM]
    bench.devices.plugged = [WEBCAM, "Another"]
    bench.hands.press("R")
    assert len(bench.drawer.choice.rows()) == 3


def test_a_camera_that_went_stays_chosen_and_says_so(bench: Bench) -> None:
    bench.devices.change(camera="Old camera")
    bench.hands.press("F10", "1", "2")
    last = bench.drawer.choice.rows()[-1]
    assert (last.words(), last._detail, last.is_selected()) == ("Old camera", "Not plugged in", True)


def test_a_serial_device_is_chosen_and_left(bench: Bench) -> None:
    bench.hands.press("F10", "1", "3", "2")
    assert bench.devices.now.serial == bench.devices.ports[0].device_id
    assert bench.drawer.choice.note.text() == "The scanner is ready."
    bench.devices.change(last_serial="LC1…01")
    assert bench.drawer.choice.note.text() == "Ready. Last read: LC1…01"
    bench.hands.press("1")
    assert bench.devices.now.serial == ""


def test_sounds_are_heard_when_chosen(bench: Bench) -> None:
    bench.hands.press("F10", "1", "4", "2", "T")
    assert bench.devices.now.sound == "quiet"
    assert bench.devices.heard == ["quiet", "quiet"]


def test_devices_are_listed_off_this_thread(qtbot: QtBot) -> None:
    window = make_window(FakeTill(sample_views.idle()))
    qtbot.addWidget(window)
    devices, runner = FakeDevices(window), SteppedRunner()
    drawer = DevicesDrawer(
        devices, RawScans(window.wedge), WORDING, runner=runner, motion=STILL, parent=window
    )
    drawer.resize(1280, 800)
    drawer.open_drawer()
    drawer.show_page(DevicePage.CAMERA)
    assert drawer.choice.note.text() == "Looking for cameras…"
    drawer.look_again()
    runner.run_all()
    assert len(drawer.choice.rows()) == 4


def test_what_cannot_be_listed_is_said(bench: Bench) -> None:
    bench.devices.error = KnownError("The cameras cannot be listed.")
    bench.hands.press("F10", "1", "2")
    assert bench.drawer.choice.said.text() == "The cameras cannot be listed."
    assert bench.drawer.choice.said.isVisible()


def test_a_scan_is_not_used_on_these_pages_and_that_is_said(bench: Bench) -> None:
    bench.hands.press("F10", "1")
    bench.hands.scan(CODE)
    assert bench.till.asked == []
    assert bench.drawer.isVisible()
    assert bench.drawer.note.text().startswith("Scan not used")
    assert not bench.window.takes_scans(), "nor one of the camera"


# --- checking a scanner ----------------------------------------------------------------------------

SLOW = UnknownScanner(prefix="^", gap_ms=45, jitter_ms=3)


def test_an_unknown_scanner_reads_after_it_was_checked(bench: Bench) -> None:
    bench.scan(SLOW, CODE)
    assert ("scan", CODE) not in bench.till.asked, "unknown as yet"
    bench.till.asked.clear()
    bench.check()
    bench.scan(SLOW, LONG_TEST)
    assert bench.drawer.check.result.title.text() == "This scanner works, it seems"
    bench.scan(SLOW, SHORT_TEST)
    assert bench.drawer.check.result.title.text() == "This scanner works"
    assert "Types ^ before a code" in bench.drawer.check.result.rows()
    assert bench.till.asked == [], "nothing reached the till"
    bench.alone("Enter")
    assert bench.devices.now.scanner == ScannerSection(prefix="^", mean_gap_ms=35)
    assert bench.drawer.page is DevicePage.CARDS
    assert bench.drawer.note.text() == "These settings are in use now."
    bench.hands.press("Esc")
    bench.scan(SLOW, CODE)
    assert bench.till.asked == [("scan", CODE)]


@pytest.mark.parametrize(
    "scanner",
    [
        UnknownScanner(gap_ms=2),
        UnknownScanner(gap_ms=12, aim=True, end="\t"),
        UnknownScanner(gap_ms=30, suffix="$", end=""),
    ],
    ids=["plain", "AIM and Tab", "suffix without Enter"],
)
def test_three_kinds_of_scanners(bench: Bench, scanner: UnknownScanner) -> None:
    bench.check()
    bench.scan(scanner, LONG_TEST)
    assert isinstance(bench.answer, Calibration)
    bench.alone("Enter")
    bench.hands.press("Esc")
    bench.scan(scanner, CODE)
    assert bench.till.asked == [("scan", f"]Q1{CODE}" if scanner.aim else CODE)]


def test_escape_keeps_the_old_settings(bench: Bench) -> None:
    bench.check()
    bench.scan(SLOW, LONG_TEST)
    bench.alone("Esc")
    assert bench.drawer.page is DevicePage.CARDS
    assert bench.devices.now.scanner == ScannerSection()
    bench.hands.press("Esc")
    bench.hands.scan(CODE)
    assert bench.till.asked == [("scan", CODE)], "the till has its keys back"


def test_the_settings_before_come_back(bench: Bench) -> None:
    bench.check()
    assert not bench.drawer.check.before.isVisible()
    bench.scan(SLOW, LONG_TEST)
    bench.alone("Enter")
    bench.hands.press("1")
    assert bench.drawer.check.before.isVisible()
    bench.alone("U")
    assert bench.devices.now.scanner == ScannerSection()


def test_a_mistake_is_named_and_a_good_scan_follows(bench: Bench) -> None:
    bench.check()
    bench.scan(UnknownScanner(), LONG_TEST.upper())
    said = bench.drawer.check.result
    assert said.title.text() == "This scanner turns small letters into capitals"
    assert "Switch its conversion of case off." in said.sentence.text()
    assert not bench.drawer.check.use.isEnabled()
    bench.alone("Enter")
    assert bench.drawer.page is DevicePage.SCANNER, "there is nothing to use"
    bench.scan(UnknownScanner(), LONG_TEST)
    assert bench.drawer.check.use.isEnabled()


def test_typing_is_not_a_scanner(bench: Bench) -> None:
    bench.check()
    bench.hands.type("hello there")
    bench.raw.finish()
    assert isinstance(bench.answer, NotCalibrated)
    assert bench.answer.why is Obstacle.BY_HAND
    assert bench.till.asked == []


def test_a_key_alone_waits_for_the_rest_of_a_scan(bench: Bench, qtbot: QtBot) -> None:
    bench.check()
    with qtbot.waitSignal(bench.raw.pressed, timeout=2000) as pressed:
        bench.hands.press("Esc")
        assert bench.drawer.page is DevicePage.SCANNER, "it may be a scanner's first key"
    assert pressed.args is not None
    assert bench.drawer.page is DevicePage.CARDS


def test_the_codes_are_shown_in_whole_pixels(bench: Bench) -> None:
    bench.check()
    assert bench.drawer.check.qr.module_px() >= 4
    assert bench.drawer.check.bars.module_px() >= 2


def test_codes_on_the_screen_read_back(bench: Bench) -> None:
    import numpy as np
    import zxingcpp

    bench.check()
    picture = (
        bench.window.grab().toImage().convertToFormat(bench.window.grab().toImage().Format.Format_RGB888)
    )
    pixels = np.frombuffer(picture.constBits(), np.uint8).reshape(picture.height(), picture.bytesPerLine())
    pixels = pixels[:, : picture.width() * 3].reshape(picture.height(), picture.width(), 3)
    found = {symbol.text for symbol in zxingcpp.read_barcodes(np.ascontiguousarray(pixels))}
    assert found >= {LONG_TEST, SHORT_TEST}


def test_the_sheet_is_saved_where_one_says(bench: Bench, tmp_path: Path) -> None:
    bench.check()
    bench.drawer.save_sheet(tmp_path / "codes.pdf")
    assert bench.devices.written == [tmp_path / "codes.pdf"]
    assert bench.drawer.check.intro.text() == "Saved as codes.pdf. Print it at full size."
    bench.devices.error = KnownError("codes.pdf could not be written: disk full.")
    bench.drawer.save_sheet(tmp_path / "codes.pdf")
    assert bench.drawer.check.intro.text() == "codes.pdf could not be written: disk full."


def test_closing_in_any_way_gives_the_keys_back(bench: Bench) -> None:
    bench.check()
    bench.window.ways.show_queue()
    bench.hands.press("Esc")
    assert not bench.window.queue.isVisible()
    bench.hands.scan(CODE)
    assert bench.till.asked == [("scan", CODE)]


# --- how it looks ----------------------------------------------------------------------------------


@pytest.mark.parametrize("name", device_states.STATES)
@pytest.mark.parametrize("size", SIZES)
def test_everything_fits(qtbot: QtBot, name: str, size: tuple[int, int]) -> None:
    window = make_window(FakeTill(sample_views.idle()), size=size)
    qtbot.addWidget(window)
    device_states.open_in(window, name)
    drawer = window.drawers.top()
    assert drawer is not None
    assert cut_off(drawer, {LONG_NAME}) == []
    assert overlaps(drawer) == []
    assert too_small(drawer) == []


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=lambda theme: theme.name)
def test_codes_are_black_on_white_in_every_theme(qtbot: QtBot, theme: Theme) -> None:
    bench = Bench(qtbot, theme=theme)
    bench.check()
    view = bench.drawer.check.qr
    image = view.grab().toImage()
    colours = {image.pixelColor(x, image.height() // 2).name() for x in range(8, image.width() - 8)}
    assert colours == {"#000000", "#ffffff"}


def test_what_is_spoken(bench: Bench) -> None:
    bench.hands.press("F10", "1")
    names = [card.accessibleName() for card in bench.drawer.cards.values()]
    assert names[0] == "Scanner that types, Most scanners on a USB cable, Up to 35 ms between characters"
    assert bench.window.screen_of_till.header.menu.accessibleName() == "Menu, F10"
    bench.hands.press("1")
    bench.scan(UnknownScanner(), LONG_TEST)
    assert bench.drawer.check.result.accessibleName().startswith("This scanner works, it seems. 4 ms")
    assert bench.drawer.check.result.strip.accessibleName().startswith("4 ms between characters")
