"""A serial port that is not ours to use, and devices that misbehave, over real pseudo-terminals."""

from __future__ import annotations

import os
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from cashier_app.ports.serial_scanner import (
    Overlong,
    SerialState,
)
from cashier_app.scanning.serial_framing import MOST_WITHOUT_PAUSE
from cashier_app.scanning.serial_port import Pace, Port, SerialPortScanner, open_exclusively
from tests.fakes.pty_scanner import Noted, PtyScanner, until
from tests.unit.serial_host import ONLY_PLUGGING, DeadPort, heard, made_scanner, plugged_in, scanner_with

# Windows has no pseudo-terminals, and neither of these.
fcntl = pytest.importorskip("fcntl")
grp = pytest.importorskip("grp")

NOBODY = 65534


@pytest.fixture
def device(tmp_path: Path) -> Iterator[PtyScanner]:
    with plugged_in(tmp_path) as plugged:
        yield plugged


@pytest.fixture
def noted() -> Noted:
    return Noted()


@pytest.fixture
def scanner(noted: Noted) -> Iterator[SerialPortScanner]:
    with made_scanner(noted) as made:
        yield made


# --- not ours to use ---------------------------------------------------------------------------------


def test_a_port_another_program_holds_is_in_use_until_it_lets_go(
    noted: Noted, scanner: SerialPortScanner, device: PtyScanner
) -> None:
    other = os.open(device.device, os.O_RDWR | os.O_NOCTTY)
    fcntl.flock(other, fcntl.LOCK_EX | fcntl.LOCK_NB)
    scanner.choose(device.device)
    noted.until_state(SerialState.IN_USE)
    os.close(other)
    noted.until_state(SerialState.LISTENING)


def test_a_second_opener_is_turned_away(noted: Noted, scanner: SerialPortScanner, device: PtyScanner) -> None:
    heard(noted, scanner, device)
    with pytest.raises(OSError, match="lock"):
        open_exclusively(device.device, 9600)
    second = Noted()
    beside = scanner_with(second)
    beside.choose(device.device)
    second.until_state(SerialState.IN_USE)
    assert beside.stop()


def test_a_port_we_may_not_use_is_refused_and_the_group_is_named(
    noted: Noted, scanner: SerialPortScanner, device: PtyScanner, tmp_path: Path
) -> None:
    # Root may use every port: for a moment this is nobody, who may walk to the port but not open it.
    for folder in (tmp_path, *tmp_path.parents):
        if folder.stat().st_uid == os.geteuid() and folder != Path("/"):
            folder.chmod(folder.stat().st_mode | 0o055)
    port = device.path.resolve()
    open_exclusively(device.device, 9600).close()  # nobody may not import what it needs
    port.chmod(0)
    was = os.geteuid()
    if was == 0:
        os.seteuid(NOBODY)
    try:
        scanner.choose(device.device)
        noted.until_state(SerialState.REFUSED)
    finally:
        os.seteuid(was)
    group = noted.statuses[-1].group
    assert group == ("" if sys.platform != "linux" else _group_of(port))
    port.chmod(0o600)
    noted.until_state(SerialState.LISTENING)


def _group_of(port: Path) -> str:
    name: str = grp.getgrgid(port.stat().st_gid).gr_name
    return "dialout" if name == "root" else name


def test_what_is_no_serial_port_is_missing_and_nothing_breaks(
    noted: Noted, scanner: SerialPortScanner, tmp_path: Path
) -> None:
    (tmp_path / "file").write_text("LC1:PRYA7K2M4Q9XW3TB\r\n", encoding="ascii")
    for name in (str(tmp_path / "file"), str(tmp_path), "no such port", "\0", "/dev/null"):
        noted.statuses.clear()
        scanner.choose(name)
        noted.until_state(SerialState.MISSING)
    assert noted.texts == []


# --- devices that misbehave --------------------------------------------------------------------------


def test_a_device_that_never_stops_is_dropped_and_heard_when_it_does(
    noted: Noted, scanner: SerialPortScanner, device: PtyScanner
) -> None:
    heard(noted, scanner, device)
    stop = threading.Event()

    def babble() -> None:
        while not stop.is_set():
            device.send(b"\x81x" * 2000)

    babbling = threading.Thread(target=babble)
    babbling.start()
    noted.until_reads(1)
    assert noted.reads == [Overlong()], "said once"
    stop.set()
    babbling.join()
    assert noted.reads == [Overlong()]
    until(lambda: _sent_is_heard(noted, device))


def _sent_is_heard(noted: Noted, device: PtyScanner) -> bool:
    """Scan until it is heard: what comes before the device has paused belongs to the noise."""
    device.send(b"after\r")
    began = time.monotonic()
    until(lambda: "after" in noted.texts or time.monotonic() - began > 0.1)
    return "after" in noted.texts


@pytest.mark.parametrize("noise", [b"x", b"A\r", b"\r"])
def test_noise_costs_a_few_reads_and_then_a_rest_between_any_two(noted: Noted, noise: bytes) -> None:
    port = _Endless(noise)
    pace = Pace(rest=60.0)
    scanner = scanner_with(noted, pace=pace, open_port=lambda *_: port, find=lambda _: "port")
    scanner.choose("port")
    noted.until(lambda so_far: Overlong() in so_far.reads)
    assert scanner.stop(), "it rests, and still can be stopped"
    assert port.reads <= 2 * (MOST_WITHOUT_PAUSE // 4096 + 1)
    assert noted.reads.count(Overlong()) == 1


class _Endless:
    """A port that always has more."""

    timeout: float | None = None
    in_waiting = 4095

    def __init__(self, noise: bytes) -> None:
        self._noise = noise * 4096
        self.reads = 0

    def read(self, size: int = 1) -> bytes:
        self.reads += 1
        return self._noise[:size]

    def cancel_read(self) -> None: ...

    def close(self) -> None: ...


def test_reads_of_nothing_are_a_break_and_do_not_spin(noted: Noted) -> None:
    opened: list[str] = []

    def open_dead(name: str, baud: int) -> Port:
        opened.append(name)
        return DeadPort()

    scanner = scanner_with(noted, pace=ONLY_PLUGGING, open_port=open_dead, find=lambda _: "port")
    scanner.choose("port")
    noted.until_state(SerialState.MISSING)
    assert opened == ["port"]
    assert scanner.stop()
