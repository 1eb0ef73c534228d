"""Which serial devices are listed, and how one is found again on another port."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pytest
from serial.tools import list_ports

from cashier_app.scanning import serial_devices
from cashier_app.scanning.serial_devices import devices_of, find_port


@dataclass
class PluggedIn:
    """A port as pyserial tells of it."""

    device: str
    vid: int | None = None
    pid: int | None = None
    serial_number: str | None = None
    location: str | None = None
    manufacturer: str | None = None
    product: str | None = None
    description: str = "n/a"
    hwid: str = "n/a"


HONEYWELL = PluggedIn("/dev/ttyACM0", 0x0C2E, 0x0B6A, "20045B2E6F", "1-1.2", "Honeywell", "1950 Area-Imaging")
VTAP = PluggedIn("/dev/ttyACM10", 0x1FC9, 0x0094, "V100-0007", "1-1.3:1.1", "Dot Origin", "VTAP100")
CHEAP = PluggedIn("/dev/ttyUSB0", 0x1A86, 0x7523, None, "1-1.4", None, "USB Serial")
TWIN = PluggedIn("/dev/ttyUSB1", 0x1A86, 0x7523, None, "2-3", None, "USB Serial")


@pytest.fixture
def plugged(monkeypatch: pytest.MonkeyPatch) -> list[PluggedIn]:
    ports: list[PluggedIn] = []
    monkeypatch.setattr(list_ports, "comports", lambda: ports)
    return ports


def test_devices_have_a_name_for_people_and_an_id_that_stays() -> None:
    listed = devices_of([VTAP, CHEAP, HONEYWELL])
    assert [(one.device_id, one.name) for one in listed] == [
        ("0C2E:0B6A:20045B2E6F", "Honeywell 1950 Area-Imaging (/dev/ttyACM0)"),
        ("1FC9:0094:V100-0007", "Dot Origin VTAP100 (/dev/ttyACM10)"),
        ("1A86:7523@1-1.4", "USB Serial (/dev/ttyUSB0)"),
    ]


def test_a_device_is_found_by_its_id_whatever_port_it_gets(plugged: list[PluggedIn]) -> None:
    plugged.append(HONEYWELL)
    (remembered,) = serial_devices.serial_devices()
    plugged[:] = [TWIN, PluggedIn("/dev/ttyACM3", 0x0C2E, 0x0B6A, "20045B2E6F", "2-1")]
    assert find_port(remembered.device_id) == "/dev/ttyACM3"
    assert find_port(remembered.device_id.lower()) == "/dev/ttyACM3"
    plugged.clear()
    assert find_port(remembered.device_id) is None


def test_twins_without_a_serial_number_are_told_apart_by_their_place(plugged: list[PluggedIn]) -> None:
    plugged[:] = [CHEAP, TWIN]
    assert find_port("1A86:7523@1-1.4") == "/dev/ttyUSB0"
    assert find_port("1A86:7523@2-3") == "/dev/ttyUSB1"
    assert find_port("1A86:7523") is None, "which of them is meant is not guessed"
    plugged.remove(CHEAP)
    assert find_port("1A86:7523@1-1.4") is None, "the other one may be a printer's"
    assert find_port("1A86:7523") == "/dev/ttyUSB1", "typed by hand, the only one of its kind is meant"


def test_twins_with_the_same_serial_number_are_told_apart_too(plugged: list[PluggedIn]) -> None:
    first = PluggedIn("COM3", 0x1EAB, 0x0003, "00000000", "1-1")
    second = PluggedIn("COM7", 0x1EAB, 0x0003, "00000000", "1-2")
    plugged.append(first)
    (alone,) = serial_devices.serial_devices()
    plugged.append(second)
    assert [one.device_id for one in serial_devices.serial_devices()] == [
        "1EAB:0003:00000000@1-1",
        "1EAB:0003:00000000@1-2",
    ]
    assert find_port(alone.device_id) is None, "chosen while it was alone, it is not guessed among two"
    assert find_port("1EAB:0003:00000000@1-2") == "COM7"
    plugged.remove(first)
    assert find_port("1EAB:0003:00000000@1-2") == "COM7", "still that one when its twin has gone"
    assert find_port("1EAB:0003:00000000@1-1") is None


def test_what_a_device_calls_itself_is_plain_text_and_its_id_has_no_strange_signs() -> None:
    hostile = PluggedIn("COM9", 1, 2, "a:b@c\x1b[2J\n" + "x" * 500, "1-1", "\x1b[31mEvil\u202e", "S" * 500)
    (listed,) = devices_of([hostile])
    assert listed.name.isprintable()
    assert len(listed.name) < 80
    assert listed.device_id.startswith("0001:0002:a_b_c__2J_x")
    assert len(listed.device_id) < 80
    assert serial_devices.is_usb_id(listed.device_id)


def test_ports_that_no_scanner_can_be_at_are_left_out(
    plugged: list[PluggedIn], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    for name, kind in (("ttyS0", "4"), ("ttyS1", "0"), ("ttyS2", "4")):
        (tmp_path / name).mkdir()
        (tmp_path / name / "type").write_text(f"{kind}\n", encoding="ascii")
    (tmp_path / "console").mkdir()
    (tmp_path / "console" / "active").write_text("tty0 ttyS0\n", encoding="ascii")
    monkeypatch.setattr(serial_devices, "_KNOWN_TO_LINUX", tmp_path)
    incoming = r"BTHENUM\{00001101-0000-1000-8000-00805F9B34FB}_LOCALMFG&0000\7&1A&0&000000000000_00000000"
    paired = r"BTHENUM\{00001101-0000-1000-8000-00805F9B34FB}_VID&0001\7&1A&0&94FB29A1B2C3_C00000000"
    plugged[:] = [
        *[PluggedIn(f"/dev/ttyS{number}") for number in range(32)],
        PluggedIn("/dev/cu.Bluetooth-Incoming-Port"),
        PluggedIn("/dev/cu.debug-console"),
        PluggedIn("/dev/cu.wlan-debug"),
        PluggedIn("COM4", hwid=incoming, description="Standard Serial over Bluetooth link (COM4)"),
        PluggedIn("COM5", hwid=paired, description="Standard Serial over Bluetooth link (COM5)"),
        PluggedIn("/dev/rfcomm0"),
        PluggedIn("COM1", hwid=r"ACPI\PNP0501\1", description="Communications Port (COM1)"),
        CHEAP,
    ]
    assert [one.port for one in serial_devices.serial_devices()] == [
        "/dev/rfcomm0",
        "/dev/ttyS2",
        "/dev/ttyUSB0",
        "COM1",
        "COM5",
    ]


@pytest.mark.parametrize("stumble", [TypeError, ValueError, OSError])
def test_a_device_that_goes_while_it_is_described_breaks_nothing(
    monkeypatch: pytest.MonkeyPatch, stumble: type[Exception]
) -> None:
    def half_gone() -> list[PluggedIn]:
        raise stumble

    monkeypatch.setattr(list_ports, "comports", half_gone)
    assert serial_devices.serial_devices() == []
    assert find_port("0C2E:0B6A:20045B2E6F") is None


def test_windows_names_the_port_already() -> None:
    (listed,) = devices_of([PluggedIn("COM1", description="Communications Port (COM1)")])
    assert listed.name == "Communications Port (COM1)"


def test_a_port_is_found_by_its_name(tmp_path: Path) -> None:
    assert find_port("/dev/null") == "/dev/null"
    assert find_port(str(tmp_path / "none")) is None
    assert find_port("\0") is None
    assert find_port("x" * 5000) is None
    assert not serial_devices.is_usb_id("COM3")
    assert not serial_devices.is_usb_id("/dev/serial/by-id/usb-1A86:7523")


def test_ports_are_listed_by_their_number() -> None:
    ports = [PluggedIn("COM10"), PluggedIn("COM9"), PluggedIn("COM1")]
    assert [one.port for one in devices_of(ports)] == ["COM1", "COM9", "COM10"]
