"""The scanner on a serial port, over real pseudo-terminals."""

from __future__ import annotations

import errno
import os
import threading
import time
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import pytest

from cashier_app.ports.serial_scanner import (
    ScannedText,
    SerialRead,
    SerialState,
    SerialStatus,
    Unmarked,
)
from cashier_app.scanning.serial_devices import find_port
from cashier_app.scanning.serial_framing import SerialFraming
from cashier_app.scanning.serial_port import Pace, Port, SerialPortScanner, open_exclusively
from tests.fakes.pty_scanner import LONG_ENOUGH, Noted, PtyScanner, until
from tests.unit.serial_host import (
    CODE,
    ONLY_PLUGGING,
    QUICK,
    DeadPort,
    heard,
    made_scanner,
    plugged_in,
    scanner_with,
)

# Windows has no pseudo-terminals, and no locks of this kind.
fcntl = pytest.importorskip("fcntl")


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


@pytest.mark.parametrize("end", [b"\r", b"\n", b"\r\n", b"\x03", b""])
@pytest.mark.parametrize("start", [b"", b"\x02"])
def test_every_framing_is_read(
    noted: Noted, scanner: SerialPortScanner, device: PtyScanner, start: bytes, end: bytes
) -> None:
    heard(noted, scanner, device)
    device.send(start + CODE.encode() + end)
    noted.until_reads(1)
    assert noted.texts == [CODE]
    assert noted.states == [SerialState.OPENING, SerialState.LISTENING]
    assert scanner.status == SerialStatus(SerialState.LISTENING, device.device)


def test_two_scans_at_once_a_scan_in_pieces_and_nothing_in_between(
    noted: Noted, scanner: SerialPortScanner, device: PtyScanner
) -> None:
    heard(noted, scanner, device)
    device.send(b"first\r\nsecond\r\nth")
    noted.until_reads(2)
    device.send(b"ird\r\n\r\n\r\n")
    device.send(b"last\r\n")
    noted.until_reads(4)
    assert noted.texts == ["first", "second", "third", "last"]


def test_1000_scans_at_full_speed_are_neither_lost_nor_doubled(
    noted: Noted, scanner: SerialPortScanner, device: PtyScanner
) -> None:
    heard(noted, scanner, device)
    sent = [f"LC1:{number:04}PRYA7K2M4Q9XW3TB" for number in range(1000)]
    device.send("".join(f"{text}\r\n" for text in sent).encode())
    noted.until_reads(1000)
    device.send(b"end\r\n")
    noted.until_reads(1001)
    assert noted.texts == [*sent, "end"]


def test_the_letters_of_an_nfc_reader_are_taken_off(noted: Noted, device: PtyScanner) -> None:
    scanner = scanner_with(noted, framing=SerialFraming(prefixes=("A", "G")))
    heard(noted, scanner, device)
    device.send(b"A" + CODE.encode() + b"\r\nG" + CODE.encode() + b"\r\n004A2B3C4D5E680\r\n")
    noted.until_reads(3)
    assert noted.reads == [ScannedText(CODE), ScannedText(CODE), Unmarked()]
    assert scanner.stop()


# --- unplugged and plugged in ------------------------------------------------------------------------


def test_an_unplugged_scanner_is_missed_and_found_again(
    noted: Noted, scanner: SerialPortScanner, device: PtyScanner
) -> None:
    heard(noted, scanner, device)
    for round_ in range(2, 5):
        device.pull_out()
        noted.until_state(SerialState.MISSING, times=round_ - 1)
        device.plug_in()
        noted.until_state(SerialState.LISTENING, times=round_)
        device.send(f"after {round_}\r".encode())
        noted.until_reads(round_ - 1)
    assert noted.texts == ["after 2", "after 3", "after 4"]


def test_half_a_scan_at_the_break_is_never_joined_to_the_next(noted: Noted, device: PtyScanner) -> None:
    came = threading.Event()
    patient = Pace(look=0.01, first_retry=0.01, longest_retry=0.05, pause=60.0)
    scanner = scanner_with(noted, pace=patient, open_port=lambda name, baud: _Told(name, baud, came))
    heard(noted, scanner, device)
    device.send(b"LC1:PRYA7K2M")
    assert came.wait(LONG_ENOUGH)
    device.pull_out()
    noted.until_state(SerialState.MISSING)
    device.plug_in()
    noted.until_state(SerialState.LISTENING, times=2)
    device.send(b"4Q9XW3TB\r")
    noted.until_reads(1)
    assert noted.texts == ["4Q9XW3TB"]
    assert scanner.stop()


def test_plugged_in_again_it_is_opened_at_once_whatever_the_back_off_says(
    noted: Noted, device: PtyScanner
) -> None:
    seen_gone = threading.Event()

    def find(name: str) -> str | None:
        port = find_port(name)
        if port is None:
            seen_gone.set()
        return port

    scanner = scanner_with(noted, pace=ONLY_PLUGGING, find=find)
    heard(noted, scanner, device)
    device.pull_out()
    noted.until_state(SerialState.MISSING)
    assert seen_gone.wait(LONG_ENOUGH)
    device.plug_in()
    noted.until_state(SerialState.LISTENING, times=2)
    assert scanner.stop()


def test_a_scanner_that_is_not_there_at_the_start_is_waited_for(
    noted: Noted, scanner: SerialPortScanner, tmp_path: Path
) -> None:
    late = PtyScanner(tmp_path / "late")
    scanner.choose(late.device)
    noted.until_state(SerialState.MISSING)
    late.plug_in()
    noted.until_state(SerialState.LISTENING)
    late.pull_out()
    noted.until_state(SerialState.MISSING, times=2)


def test_tries_that_fail_come_ever_more_rarely(noted: Noted) -> None:
    tried: list[float] = []

    def fail(name: str, baud: int) -> Port:
        tried.append(time.monotonic())
        raise OSError(errno.EIO, "broken")

    pace = Pace(look=0.001, first_retry=0.01, longest_retry=0.04)
    scanner = scanner_with(noted, pace=pace, open_port=fail, find=lambda _: "port")
    scanner.choose("port")
    until(lambda: len(tried) >= 6)
    assert scanner.stop()
    waits = [after - before for before, after in pairwise(tried)]
    for wait, least in zip(waits, (0.01, 0.02, 0.04, 0.04, 0.04), strict=False):
        assert wait >= least * 0.99
    assert noted.states == [SerialState.OPENING, SerialState.MISSING], "said once, not at every try"


# --- choosing and stopping ---------------------------------------------------------------------------


def test_without_a_device_there_is_no_thread(noted: Noted, scanner: SerialPortScanner) -> None:
    before = threading.active_count()
    scanner.choose("")
    assert threading.active_count() == before
    assert scanner.status == SerialStatus(SerialState.OFF)
    assert scanner.stop()
    assert scanner.stop()
    assert noted.statuses == []


def test_another_device_is_listened_to_without_a_restart(
    noted: Noted, scanner: SerialPortScanner, device: PtyScanner, tmp_path: Path
) -> None:
    other = PtyScanner(tmp_path / "other")
    other.plug_in()
    heard(noted, scanner, device)
    scanner.choose(other.device)
    noted.until(lambda so_far: so_far.statuses[-1] == SerialStatus(SerialState.LISTENING, other.device))
    device.send(b"not heard\r")
    other.send(b"heard\r")
    noted.until_reads(1)
    scanner.choose("")
    scanner.choose(device.device)
    noted.until(lambda so_far: so_far.statuses[-1] == SerialStatus(SerialState.LISTENING, device.device))
    device.send(b"heard too\r")
    noted.until_reads(2)
    assert noted.texts == ["heard", "heard too"], "what is sent to a closed port is gone"
    other.pull_out()


def test_stopping_from_every_state_is_quick_and_final(
    noted: Noted, device: PtyScanner, tmp_path: Path
) -> None:
    patient = Pace(look=60.0, first_retry=60.0, longest_retry=60.0)
    locked = PtyScanner(tmp_path / "locked")
    locked.plug_in()
    other = os.open(locked.device, os.O_RDWR | os.O_NOCTTY)
    fcntl.flock(other, fcntl.LOCK_EX)
    for name, state in (
        (device.device, SerialState.LISTENING),
        (str(tmp_path / "none"), SerialState.MISSING),
        (locked.device, SerialState.IN_USE),
    ):
        fresh = Noted()
        scanner = scanner_with(fresh, pace=patient)
        scanner.choose(name)
        fresh.until_state(state)
        assert scanner.stop()
        assert scanner.status == SerialStatus(SerialState.OFF)
        assert fresh.states[-1] is state, "nothing is told after the end"
    os.close(other)
    locked.pull_out()


def test_stop_is_bounded_where_a_driver_hangs_and_the_port_is_let_go_later(
    noted: Noted, device: PtyScanner
) -> None:
    go_on, closed = threading.Event(), threading.Event()

    class Late(DeadPort):
        def close(self) -> None:
            closed.set()

    def hang(name: str, baud: int) -> Port:
        assert go_on.wait(LONG_ENOUGH)
        return Late()

    scanner = scanner_with(noted, pace=Pace(stop=0.1), open_port=hang)
    scanner.choose(device.device)
    noted.until_state(SerialState.OPENING)
    assert not scanner.stop(), "it says that a thread is left"
    go_on.set()
    assert closed.wait(LONG_ENOUGH)
    assert scanner.stop()
    assert noted.states == [SerialState.OPENING], "nothing is told after the end"


def test_it_may_be_stopped_by_what_it_calls(device: PtyScanner) -> None:
    noted = Noted()

    def stop_at_once(read: SerialRead) -> None:
        noted.read(read)
        scanner.stop()

    scanner = SerialPortScanner(stop_at_once, noted.status, pace=QUICK)
    heard(noted, scanner, device)
    device.send(b"one\rtwo\r")
    until(lambda: not any(thread.name == "serial scanner" for thread in threading.enumerate()))
    assert noted.texts == ["one"]


@pytest.mark.expects_log("the serial scanner failed")
def test_a_listener_that_fails_does_not_end_the_scanner(device: PtyScanner) -> None:
    noted = Noted()

    def fail_once(read: SerialRead) -> None:
        noted.read(read)
        if len(noted.reads) == 1:
            raise ZeroDivisionError

    scanner = SerialPortScanner(fail_once, noted.status, pace=QUICK)
    heard(noted, scanner, device)
    device.send(b"one\r")
    noted.until_state(SerialState.LISTENING, times=2)
    device.send(b"two\r")
    noted.until_reads(2)
    assert scanner.stop()


def test_100_times_opened_and_closed_leave_nothing_behind(device: PtyScanner) -> None:
    scanner = SerialPortScanner(lambda _: None, lambda _: None, pace=QUICK)

    def once() -> None:
        scanner.choose(device.device)
        until(lambda: scanner.status.state is SerialState.LISTENING)
        assert scanner.stop()

    once()
    files, threads = _open_files(), threading.active_count()
    for _ in range(100):
        once()
    assert _open_files() == files
    assert threading.active_count() == threads


def _open_files() -> int:
    return len(os.listdir("/dev/fd"))  # noqa: PTH208 - a path of each would be opened to list them


class _Told:
    """A real port that tells when something has been read from it."""

    def __init__(self, name: str, baud: int, came: threading.Event) -> None:
        self._port, self._came = open_exclusively(name, baud), came

    @property
    def timeout(self) -> float | None:
        return self._port.timeout

    @timeout.setter
    def timeout(self, seconds: float | None) -> None:
        self._port.timeout = seconds

    @property
    def in_waiting(self) -> int:
        return self._port.in_waiting

    def read(self, size: int = 1) -> bytes:
        if self._port.timeout == 60.0 and not self._port.in_waiting:
            self._came.set()  # it waits for the rest of a scan
        return self._port.read(size)

    def cancel_read(self) -> None:
        self._port.cancel_read()

    def close(self) -> None:
        self._port.close()
