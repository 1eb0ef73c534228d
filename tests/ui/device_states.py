"""The menu and the page of devices in every state worth a picture."""

from __future__ import annotations

import random

from cashier_app.scanning.calibration import LONG_TEST, SHORT_TEST
from tests.fakes.unknown_scanner import UnknownScanner
from tests.ui.fake_devices import FakeDevices
from ui.main_window import MainWindow
from ui.screens.devices_drawer import DevicePage
from ui.screens.scanner_check import ScannerCheck

STATES = (
    "menu",
    "devices",
    "devices-scan-refused",
    "devices-camera",
    "devices-no-camera",
    "devices-serial",
    "devices-sound",
    "devices-not-listed",
    "scanner-waiting",
    "scanner-found",
    "scanner-capitals",
    "scanner-too-slow",
)
_PAGES = {
    "devices-camera": DevicePage.CAMERA,
    "devices-no-camera": DevicePage.CAMERA,
    "devices-serial": DevicePage.SERIAL,
    "devices-sound": DevicePage.SOUND,
    "devices-not-listed": DevicePage.CAMERA,
}


def open_in(window: MainWindow, name: str) -> None:
    """Bring a window that is shown into one of the states."""
    devices = FakeDevices(window)
    window.ways.devices = devices
    if name == "menu":
        window.ways.show_menu()
        return
    window.ways.show_devices()
    drawer = window.drawers.devices_page(devices)
    if name.startswith("scanner"):
        drawer.show_page(DevicePage.SCANNER)
        _scan(drawer.check, name)
    elif name == "devices-scan-refused":
        drawer.refuse_scan()
    elif name != "devices":
        _prepare(devices, name)
        drawer.show_page(_PAGES[name])
        if name == "devices-not-listed":
            drawer.refuse_scan()


def _prepare(devices: FakeDevices, name: str) -> None:
    if name == "devices-camera":
        devices.change(camera=devices.plugged[0], camera_on=True)
    elif name == "devices-no-camera":
        devices.plugged = []
    elif name == "devices-serial":
        devices.use_serial(devices.ports[0].device_id)


def _scan(check: ScannerCheck, name: str) -> None:
    chance = random.Random(3)
    abroad = UnknownScanner(computer="fr", prefix="\x02", aim=True, gap_ms=45, jitter_ms=4, stall_ms=35)
    scans = {
        "scanner-found": [(abroad, LONG_TEST), (abroad, SHORT_TEST), (abroad, LONG_TEST)],
        "scanner-capitals": [(UnknownScanner(gap_ms=8, jitter_ms=3), LONG_TEST.upper())],
        "scanner-too-slow": [(UnknownScanner(gap_ms=95, jitter_ms=6), LONG_TEST)],
    }
    for scanner, text in scans.get(name, []):
        check.take(scanner.scan(text, chance))
