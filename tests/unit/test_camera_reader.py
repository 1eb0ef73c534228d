"""The camera's threads: the newest frame only, unplugged and plugged in again, and always let go."""

from __future__ import annotations

import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import psutil
import pytest
from numpy.typing import NDArray

from cashier_app.errors import KnownError
from cashier_app.scanning import camera
from cashier_app.scanning.camera import CameraReader
from cashier_app.scanning.camera_state import CameraFault, CameraPhase
from cashier_app.scanning.capture_loop import LONGEST_PAUSE
from cashier_app.scanning.decode_loop import PATIENCE
from cashier_app.scanning.decoders import DecodedSymbol
from tests.fakes.frame_sources import MemorySource, SteppedWaiting, Witness

Frame = NDArray[np.uint8]
ROOT = Path(__file__).parents[2]


def frame_saying(number: int) -> Frame:
    """Return a frame that `Numbers` reads: flat, so that any difference is a movement."""
    return np.full((72, 128, 3), number, np.uint8)


class Numbers:
    """A decoder for frames that are one gray: it reads the gray. Black holds no code."""

    def __init__(self) -> None:
        self.read_so_far: list[int] = []
        self.gate = threading.Event()
        self.gate.set()
        self.entered = threading.Event()
        self.breaks = False

    def read(self, frame: Frame) -> list[DecodedSymbol]:
        """Return one code, after the gate is open."""
        assert frame.ndim == 2, "decoders get gray"
        self.entered.set()
        self.gate.wait()
        number = int(frame[0, 0])
        self.read_so_far.append(number)
        if self.breaks:
            raise ValueError("planted")
        return [DecodedSymbol(str(number), b"", "QR Code", ())] if number else []


class Stand:
    """A reader with everything around it in the test's hand."""

    def __init__(self) -> None:
        self.source = MemorySource()
        self.decoder = Numbers()
        self.witness = Witness()
        self.waiting = SteppedWaiting()
        self.reader = CameraReader(
            self.make_source,
            lambda: self.decoder,
            on_symbols=self.witness.on_symbols,
            on_state=self.witness.on_state,
            waiting=self.waiting,
        )

    def make_source(self) -> MemorySource:
        """Return the same camera, as a fresh object after it was interrupted."""
        if self.source.opened:
            self.source = MemorySource(comes_back=self.source.comes_back)
        return self.source

    def look_at(self, number: int) -> None:
        """Show a frame and wait until it was decoded."""
        before = len(self.decoder.read_so_far)
        self.source.show(frame_saying(number))
        wait_until(lambda: len(self.decoder.read_so_far) > before)


def wait_until(holds: Callable[[], object]) -> None:
    """Wait for a condition nobody announces."""
    pause = threading.Event()
    for _ in range(5000):
        if holds():
            return
        pause.wait(0.002)
    raise AssertionError("it did not come true")


@pytest.fixture
def stand() -> Iterator[Stand]:
    made = Stand()
    yield made
    made.decoder.gate.set()
    made.source.hangs_in_open.set()
    made.reader.stop()
    assert not made.source.is_open


def test_what_is_shown_is_read(stand: Stand) -> None:
    stand.reader.start()
    stand.source.show(frame_saying(200))
    stand.witness.wait_for(lambda: stand.witness.texts)
    assert stand.witness.texts == ["200"]
    assert stand.witness.seen[0][1] == stand.waiting.monotonic()
    assert stand.witness.phases == [CameraPhase.OPENING, CameraPhase.LOOKING]
    assert stand.reader.state.name == "HD Webcam"


def test_stop_reports_off_and_nothing_after(stand: Stand) -> None:
    stand.reader.start()
    stand.source.show(frame_saying(200))
    stand.witness.wait_for(lambda: stand.witness.texts)
    stand.reader.stop()
    assert stand.witness.phases[-1] is CameraPhase.OFF
    assert stand.reader.state.phase is CameraPhase.OFF
    told = len(stand.witness.states)
    stand.source.show(frame_saying(100))
    stand.reader.stop()
    assert len(stand.witness.states) == told
    assert stand.witness.texts == ["200"]


def test_one_thread_does_everything_with_the_camera(stand: Stand) -> None:
    stand.reader.start()
    stand.look_at(200)
    stand.reader.stop()
    assert stand.source.threads == {"camera capture"}
    assert stand.source.opened == stand.source.closed == 1


def test_a_slow_decoder_gets_the_newest_frame_only(stand: Stand) -> None:
    stand.reader.start()
    stand.decoder.gate.clear()
    stand.source.show(frame_saying(10))
    assert stand.decoder.entered.wait(10)
    stand.source.show(*[frame_saying(number) for number in range(20, 120, 10)])
    wait_until(lambda: not stand.source._frames)
    # The last frame is in the slot once the camera waits for another one.
    stand.source.show(frame_saying(120))
    wait_until(lambda: not stand.source._frames)
    stand.decoder.gate.set()
    stand.witness.wait_for(lambda: len(stand.witness.texts) >= 2 and stand.witness.texts[-1] == "120")
    assert stand.witness.texts[0] == "10"
    assert len(stand.witness.texts) <= 3, "old frames were queued"


def test_unplugged_and_plugged_in_again(stand: Stand) -> None:
    stand.reader.start()
    stand.look_at(200)
    stand.source.unplug()
    state = stand.witness.wait_for_phase(CameraPhase.UNPLUGGED)
    assert state.reason == "The camera is unplugged. Plug it in again, or type the phone number."
    assert not stand.source.is_open, "held while unplugged, no other program and no replug gets it"
    for count in range(1, 8):
        stand.waiting.wait_for_pause(count)
        stand.waiting.advance(stand.waiting.pauses[-1])
    stand.waiting.wait_for_pause(8)
    assert stand.waiting.pauses == [0.5, 1.0, 2.0, 4.0, *[LONGEST_PAUSE] * 4]
    assert stand.witness.states[-1] == state, "looking again is not worth a word"
    stand.source.plug_in()
    stand.waiting.advance(LONGEST_PAUSE)
    stand.source.show(frame_saying(150))
    stand.witness.wait_for_phase(CameraPhase.LOOKING)
    stand.witness.wait_for(lambda: "150" in stand.witness.texts)
    stand.reader.stop()
    assert stand.source.opened == stand.source.closed == 2


@pytest.mark.parametrize("phase", [CameraPhase.NO_CAMERA, CameraPhase.REFUSED, CameraPhase.IN_USE])
def test_what_may_pass_is_said_and_tried_again(stand: Stand, phase: CameraPhase) -> None:
    stand.source.unplug(CameraFault(phase, "One sentence."))
    stand.reader.start()
    assert stand.witness.wait_for_phase(phase).reason == "One sentence."
    stand.waiting.wait_for_pause(1)
    stand.source.plug_in()
    stand.source.show(frame_saying(200))
    stand.waiting.advance(LONGEST_PAUSE)
    stand.witness.wait_for(lambda: stand.witness.texts)
    assert stand.witness.phases == [CameraPhase.OPENING, phase, CameraPhase.LOOKING]


@pytest.mark.parametrize("fault", [KnownError("Broken."), CameraFault(CameraPhase.FAILED, "Broken.")])
def test_what_cannot_pass_ends_both_threads(stand: Stand, fault: KnownError) -> None:
    stand.source.unplug(fault)
    stand.reader.start()
    assert stand.witness.wait_for_phase(CameraPhase.FAILED).reason == "Broken."
    wait_until(lambda: not camera_threads())
    assert stand.waiting.pauses == []


def test_a_film_is_decoded_to_its_last_frame(stand: Stand) -> None:
    stand.source.comes_back = False
    stand.source.show(frame_saying(40), None)
    stand.reader.start()
    stand.witness.wait_for_phase(CameraPhase.ENDED)
    assert stand.witness.texts == ["40"]
    wait_until(lambda: not camera_threads())


def test_stop_while_opening(stand: Stand) -> None:
    stand.source.hangs_in_open.clear()
    stand.reader.start()
    stand.witness.wait_for_phase(CameraPhase.OPENING)
    threading.Timer(0.05, stand.source.hangs_in_open.set).start()
    stand.reader.stop()
    assert stand.source.opened == stand.source.closed
    assert not camera_threads()


def test_stop_while_unplugged_does_not_wait_for_the_pause(stand: Stand) -> None:
    stand.source.unplug()
    stand.reader.start()
    stand.waiting.wait_for_pause(1)
    stand.reader.stop()
    assert not camera_threads()


def test_stop_while_decoding(stand: Stand) -> None:
    stand.reader.start()
    stand.decoder.gate.clear()
    stand.source.show(frame_saying(10))
    assert stand.decoder.entered.wait(10)
    threading.Timer(0.05, stand.decoder.gate.set).start()
    stand.reader.stop()
    assert stand.witness.texts == [], "nobody waits for it any more"


def test_stop_before_start_and_start_twice(stand: Stand) -> None:
    stand.reader.stop()
    stand.reader.start()
    stand.reader.start()
    stand.look_at(10)
    assert len(camera_threads()) == 2
    assert stand.source.opened == 1


@pytest.mark.expects_log("the camera's driver hangs")
def test_an_open_that_hangs_is_left_behind_and_disturbs_no_later_run(
    stand: Stand, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(camera, "STOP_SECONDS", 0.05)
    hung = stand.source
    hung.hangs_in_open.clear()
    stand.reader.start()
    stand.witness.wait_for_phase(CameraPhase.OPENING)
    stand.reader.stop()
    assert stand.witness.phases[-1] is CameraPhase.OFF
    assert [thread.daemon for thread in camera_threads()] == [True]
    monkeypatch.setattr(camera, "STOP_SECONDS", 5.0)
    stand.source = MemorySource("Other")
    stand.reader.start()
    stand.look_at(200)
    hung.show(frame_saying(99))
    hung.hangs_in_open.set()
    wait_until(lambda: hung.opened)
    wait_until(lambda: not hung.is_open)
    stand.look_at(100)
    assert stand.witness.texts == ["200", "100"]
    assert stand.reader.state.name == "Other"


def test_a_driver_that_hangs_is_said(stand: Stand) -> None:
    stand.reader.start()
    stand.look_at(10)
    stand.waiting.advance(PATIENCE - 1)
    stand.look_at(20)
    # The next read has not come back for longer than any good driver takes.
    stand.waiting.advance(PATIENCE + 1)
    state = stand.witness.wait_for_phase(CameraPhase.NOT_ANSWERING)
    assert state.reason.startswith("The camera does not answer.")
    stand.look_at(30)
    stand.witness.wait_for_phase(CameraPhase.LOOKING)


@pytest.mark.expects_log("a frame could not be decoded; said once")
def test_a_decoder_that_breaks_costs_its_frames_only(stand: Stand, caplog: pytest.LogCaptureFixture) -> None:
    stand.reader.start()
    stand.decoder.breaks = True
    for number in (10, 20, 30):
        stand.look_at(number)
    stand.decoder.breaks = False
    stand.look_at(40)
    stand.witness.wait_for(lambda: stand.witness.texts)
    assert stand.witness.texts == ["40"]
    assert len([record for record in caplog.records if "decoded" in record.message]) == 1


@pytest.mark.expects_log("the camera's reading thread failed")
def test_a_bug_in_a_source_lets_go_of_the_camera(stand: Stand, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken() -> Frame:
        raise ZeroDivisionError

    monkeypatch.setattr(stand.source, "read", broken)
    stand.reader.start()
    stand.witness.wait_for_phase(CameraPhase.FAILED)
    assert stand.source.opened == stand.source.closed == 1


def test_two_hundred_starts_leave_no_thread_and_no_descriptor(stand: Stand) -> None:
    stand.reader.start()
    stand.look_at(200)
    stand.reader.stop()
    process = psutil.Process()
    descriptors = process.num_fds() if hasattr(process, "num_fds") else 0
    treated = []
    for number in range(200):
        stand.reader.start()
        treated.append(stand.source)
        if number % 2:
            stand.look_at(1 + number)
        stand.reader.stop()
    assert not camera_threads()
    assert [source for source in treated if source.opened != source.closed] == []
    if descriptors:
        assert process.num_fds() <= descriptors


def test_recorded_cycles_leave_no_descriptor(stand: Stand, tmp_path: Path) -> None:
    from cashier_app.scanning.recorded_source import RecordedSource
    from scripts.make_clip import write_clip

    clip = tmp_path / "clip.avi"
    write_clip(clip, iter([frame_saying(number) for number in (50, 100, 150)]))
    process = psutil.Process()
    counts = []
    for _ in range(5):
        source = RecordedSource(clip)
        source.open()
        assert source.read() is not None
        source.close()
        counts.append(process.num_fds() if hasattr(process, "num_fds") else 0)
    assert len(set(counts)) == 1


def camera_threads() -> list[threading.Thread]:
    """Return the camera's threads that run."""
    return [thread for thread in threading.enumerate() if thread.name.startswith("camera ")]


HANGS = """
import logging, threading
from cashier_app.scanning import camera
from tests.fakes.frame_sources import MemorySource

class Hung(MemorySource):
    def open(self):
        opening.set()
        threading.Event().wait()

opening = threading.Event()
camera.STOP_SECONDS = 0.1
reader = camera.CameraReader(Hung, lambda: None, on_symbols=print, on_state=lambda state: None)
reader.start()
opening.wait()
reader.stop()
print("closed")
"""


def test_a_driver_that_never_comes_back_does_not_hold_up_the_end_of_the_program() -> None:
    done = subprocess.run(
        [sys.executable, "-c", HANGS], capture_output=True, text=True, timeout=30, cwd=ROOT, check=False
    )
    assert (done.returncode, done.stdout) == (0, "closed\n")
    assert "the camera's driver hangs" in done.stderr
