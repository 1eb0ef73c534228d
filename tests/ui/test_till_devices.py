"""What is chosen takes effect at once, is kept, and holds after a restart."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from cashier_app.demo_shop import DemoShop
from cashier_app.device_sections import ScannerSection
from cashier_app.preferences import Preferences, PreferencesFile
from cashier_app.scanning.keyboard_wedge import WedgeSettings
from cashier_app.wording.menu import Colours
from tests.unit.wording_shown import WORDING
from ui.application import build_window
from ui.background import Background
from ui.main_window import MainWindow
from ui.theme.motion import STILL
from ui.till_devices import TillDevices

FOUND = ScannerSection(prefix="^", mean_gap_ms=80)


class Opened:
    """The demo shop's window with its real devices."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.worn: list[Colours] = []
        self.background = Background()
        self.shop = DemoShop(folder)
        till = self.shop.till
        self.window: MainWindow = build_window(
            till, till.new_session(self.background), self.background, motion=STILL
        )
        self.devices = TillDevices(till, self.window, self.background, self.worn.append, "system")

    def close(self) -> Preferences:
        """Close it and return what is on disk."""
        self.window.close()
        self.background.close()
        self.shop.till.close()
        return PreferencesFile(self.folder).read()


@pytest.fixture
def opened(qtbot: QtBot, tmp_path: Path) -> Iterator[Opened]:
    made = Opened(tmp_path)
    qtbot.addWidget(made.window)
    yield made
    made.close()


def settings_of(window: MainWindow) -> tuple[WedgeSettings, bool]:
    return window.wedge._wedge._settings, window.wedge.reader.by_position


def test_a_scanner_is_read_that_way_at_once_and_after_a_restart(qtbot: QtBot, opened: Opened) -> None:
    opened.devices.use_scanner(FOUND)
    now = settings_of(opened.window)
    assert (now[0].prefix, now[0].mean_gap_ms, now[1]) == ("^", 80, True)
    assert opened.devices.scanner_before() == ScannerSection()
    assert opened.close().scanner == FOUND
    again = Opened(opened.folder)
    qtbot.addWidget(again.window)
    try:
        assert settings_of(again.window) == now
        assert again.devices.facts().scanner == FOUND
        again.devices.use_scanner(ScannerSection(layout="computer"))
        assert not settings_of(again.window)[1]
    finally:
        again.close()


def test_everything_else_is_kept_too(opened: Opened) -> None:
    devices = opened.devices
    devices.use_camera("Logitech HD Pro Webcam C920")
    devices.use_sound("quiet")
    devices.use_colours("light")
    devices.use_colours("dark")
    opened.window.switch_keypad()
    shown = opened.window.screen_of_till.shows_keypad()
    assert (devices.facts().camera, devices.facts().sound) == ("Logitech HD Pro Webcam C920", "quiet")
    assert (opened.worn, devices.colours()) == (["light", "dark"], "dark")
    kept = opened.close()
    assert (kept.camera, kept.sound, kept.theme) == ("Logitech HD Pro Webcam C920", "quiet", "dark")
    assert kept.keypad is shown


def test_the_keypad_chosen_last_is_shown(qtbot: QtBot, tmp_path: Path) -> None:
    for keypad in (True, False):
        PreferencesFile(tmp_path).change(keypad=keypad)
        made = Opened(tmp_path)
        qtbot.addWidget(made.window)
        assert made.window.screen_of_till.shows_keypad() is keypad
        made.close()


def test_many_quick_changes_end_with_the_last(opened: Opened) -> None:
    for name in [f"camera {number}" for number in range(50)]:
        opened.devices.use_camera(name)
    assert opened.close().camera == "camera 49"


def test_what_others_keep_is_not_written_over(opened: Opened) -> None:
    opened.shop.till.preferences.change(camera_on=True, serial_device="COM3")
    opened.devices.use_sound("off")
    kept = opened.close()
    assert (kept.camera_on, kept.serial_device, kept.sound) == (True, "COM3", "off")


def test_the_sheet_is_written(opened: Opened, tmp_path: Path) -> None:
    path = tmp_path / "codes.pdf"
    opened.devices.write_sheet(path, WORDING)
    assert path.read_bytes().startswith(b"%PDF")


def test_what_the_serial_scanner_read_is_shown_masked(opened: Opened) -> None:
    told: list[str] = []
    opened.devices.subscribe(lambda: told.append(opened.devices.facts().last_serial))
    opened.window.take_scan("LC1:PRYA7K2M4Q9XW3TB")
    assert told == ["LC1…TB"]
    opened.window.take_scan("4711")
    assert opened.devices.facts().last_serial == "••••"


def test_nothing_is_heard_before_there_are_sounds(opened: Opened) -> None:
    opened.devices.hear()
    assert opened.window.sounds is None


def test_the_menu_has_everything_once_the_devices_are_there(opened: Opened, qtbot: QtBot) -> None:
    opened.window.ways.devices = opened.devices
    opened.window.show()
    QTest.mouseClick(opened.window.screen_of_till.header.menu, Qt.MouseButton.LeftButton)
    labels = [row.words() for row in opened.window.drawers.menu.rows.values()]
    assert labels[0] == "Scanner and camera"
    assert "Return" in labels
    assert len(labels) == 9
