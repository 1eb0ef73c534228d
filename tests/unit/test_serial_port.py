"""The scanner on a serial port, over real pseudo-terminals."""

from __future__ import annotations

import errno
import os
import sys
import threading
import time
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import pytest

from cashier_app.ports.serial_scanner import (
    Overlong,
    ScannedText,
    SerialRead,
    SerialState,
    SerialStatus,
    Unmarked,
)
from cashier_app.scanning.serial_devices import find_port
from cashier_app.scanning.serial_framing import MOST_WITHOUT_PAUSE, SerialFraming
from cashier_app.scanning.serial_port import Pace, Port, SerialPortScanner, open_exclusively
from tests.fakes.pty_scanner import LONG_ENOUGH, Noted, PtyScanner, until

# Windows has no pseudo-terminals, and neither of these.
fcntl = pytest.importorskip("fcntl")
grp = pytest.importorskip("grp")

CODE = "LC1:PRYA7K2M4Q9XW3TB"
QUICK = Pace(look=0.01, first_retry=0.01, longest_retry=0.05)
ONLY_PLUGGING = Pace(look=0.01, first_retry=60.0, longest_retry=60.0)
NOBODY = 65534


@pytest.fixture
def device(tmp_path: Path) -> Iterator[PtyScanner]:
    plugged = PtyScanner(tmp_path / "scanner")
    plugged.plug_in()
    yield plugged
    plugged.pull_out()


@pytest.fixture
def noted() -> Noted:
    return Noted()


@pytest.fixture
def scanner(noted: Noted) -> Iterator[SerialPortScanner]:
    made = SerialPortScanner(noted.read, noted.status, pace=QUICK)
    yield made
    assert made.stop(), "it ends in time from any state"


def scanner_with(noted: Noted, **how: object) -> SerialPortScanner:
    return SerialPortScanner(noted.read, noted.status, **({"pace": QUICK} | how))  # type: ignore[arg-type]


def heard(noted: Noted, scanner: SerialPortScanner, device: PtyScanner) -> None:
    scanner.choose(device.device)
    noted.until_state(SerialState.LISTENING)


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
        return _Dead()

    scanner = scanner_with(noted, pace=ONLY_PLUGGING, open_port=open_dead, find=lambda _: "port")
    scanner.choose("port")
    noted.until_state(SerialState.MISSING)
    assert opened == ["port"]
    assert scanner.stop()


class _Dead:
    """A port that says there is something and gives nothing, as an unplugged one does on Linux."""

    timeout: float | None = None
    in_waiting = 0

    def read(self, size: int = 1) -> bytes:
        raise OSError("device reports readiness to read but returned no data")

    def cancel_read(self) -> None: ...

    def close(self) -> None:
        raise OSError(errno.EIO, "gone")


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

    class Late(_Dead):
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
