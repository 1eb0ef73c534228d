"""What the sounds are made of, and the thread that plays them: soft, never in the way, never a queue."""

from __future__ import annotations

import itertools
import logging
import threading
import time
from collections.abc import Callable

import pytest

from cashier_app.sound.player import Device, Player, Taker
from cashier_app.sound.sounds import NOTES, SAMPLE_RATE, Level, Sound, samples_of

LEVELS: tuple[Level, ...] = ("quiet", "normal")


@pytest.mark.parametrize("sound", Sound)
@pytest.mark.parametrize("level", LEVELS)
def test_no_sound_clicks_or_clips(sound: Sound, level: Level) -> None:
    samples = samples_of(sound, level)
    assert abs(samples[0]) <= 1
    assert abs(samples[-1]) <= 1
    assert max(map(abs, samples)) < 32_767 // 2
    # The steepest sine of this loudness: a step above that would be heard as a click.
    hertz = max(note.hertz for note in NOTES[sound])
    steepest = 2 * 3.1416 * hertz * 2 / SAMPLE_RATE * max(map(abs, samples))
    assert max(abs(b - a) for a, b in itertools.pairwise(samples)) <= steepest


def test_the_sounds_last_as_long_as_specified() -> None:
    lengths = {sound: round(len(samples_of(sound, "normal")) * 1000 / SAMPLE_RATE) for sound in Sound}
    assert lengths[Sound.FOUND] == 90
    assert lengths[Sound.NOT_USED] == 150
    assert lengths[Sound.DONE] == 180
    for sound, milliseconds in lengths.items():
        assert milliseconds == sum(note.milliseconds for note in NOTES[sound])
    assert sum(len(samples_of(sound, "normal")) * 2 for sound in Sound) < 100_000


def test_good_news_goes_up_and_bad_news_is_low() -> None:
    for good, notes in ((Sound.FOUND, 2), (Sound.DONE, 3)):
        heights = [note.hertz for note in NOTES[good]]
        assert heights == sorted(heights)
        assert len(heights) == notes
    for bad, notes in ((Sound.NOT_USED, 1), (Sound.TOO_OLD, 2)):
        low = [note.hertz for note in NOTES[bad] if note.hertz]
        assert len(low) == notes
        assert max(low) < min(note.hertz for note in NOTES[Sound.QUESTION])


def test_quiet_is_softer_and_off_is_silent() -> None:
    assert max(samples_of(Sound.FOUND, "quiet")) < max(samples_of(Sound.FOUND, "normal")) / 2
    assert not any(samples_of(Sound.FOUND, "off"))


class FakeDevice:
    """Takes samples at once, on a thread as a real one does, and keeps them."""

    def __init__(self, *, takes: bool = True) -> None:
        self.heard: list[int] = []
        self.takes = takes
        self.starts = 0
        self.stopped = threading.Event()
        self.closed = threading.Event()
        self._thread: threading.Thread | None = None

    def start(self, callback_generator: Taker) -> None:
        self.starts += 1
        self.stopped.clear()
        if self.takes:
            self._thread = threading.Thread(target=self._take, args=(callback_generator,))
            self._thread.start()

    def _take(self, taker: Taker) -> None:
        while not self.stopped.wait(0.001):
            part = memoryview(taker.send(441)).cast("h").tolist()
            self.heard += part

    def stop(self) -> None:
        self.stopped.set()
        if self._thread is not None:
            self._thread.join()

    def close(self) -> None:
        self.stop()
        self.closed.set()


def wait_for(true: Callable[[], bool], seconds: float = 5.0) -> None:
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end, "it never happened"
        threading.Event().wait(0.002)


def test_a_sound_is_played_whole_and_the_device_rests_after_it() -> None:
    device = FakeDevice()
    player = Player(open_device=lambda: device)
    player.play(Sound.FOUND)
    wait_for(lambda: device.starts == 1)
    wait_for(device.stopped.is_set)
    wanted = samples_of(Sound.FOUND, "normal").tolist()
    assert device.heard[: len(wanted)] == wanted
    assert not any(device.heard[len(wanted) :])
    player.close()
    assert device.closed.is_set()


def test_no_thread_and_no_device_before_the_first_sound_nor_when_off() -> None:
    opened: list[FakeDevice] = []

    def open_device() -> Device:
        opened.append(FakeDevice())
        return opened[-1]

    before = threading.active_count()
    player = Player("off", open_device)
    player.play(Sound.DONE)
    assert threading.active_count() == before
    player.set_level("quiet")
    player.play(Sound.DONE)
    wait_for(lambda: bool(opened) and opened[0].stopped.is_set())
    assert max(opened[0].heard) == max(samples_of(Sound.DONE, "quiet"))
    player.close()


def test_the_newest_sound_wins_and_none_piles_up() -> None:
    device = FakeDevice()
    player = Player(open_device=lambda: device)
    started = time.monotonic()
    for _ in range(200):
        player.play(Sound.NOT_USED)
    player.play(Sound.FOUND)
    asked = time.monotonic() - started
    wait_for(lambda: device.starts > 0 and device.stopped.is_set())
    player.close()
    assert asked < 0.5, "asking for a sound never waits for one"
    # 201 sounds after one another would be 30 s.
    assert len(device.heard) / SAMPLE_RATE < 5
    end = samples_of(Sound.FOUND, "normal")[-SAMPLE_RATE // 50 :].tolist()
    heard = device.heard
    assert any(heard[at : at + len(end)] == end for at in range(len(heard) - len(end) + 1))


def test_a_till_without_a_device_says_so_once_and_goes_on(caplog: pytest.LogCaptureFixture) -> None:
    tried = threading.Event()

    def no_device() -> Device:
        tried.set()
        raise OSError("there is no sound device")

    with caplog.at_level(logging.INFO, "cashier_app.sound"):
        player = Player(open_device=no_device)
        for sound in Sound:
            player.play(sound)
        assert tried.wait(5)
        wait_for(lambda: bool(caplog.records))
        player.play(Sound.FOUND)
        player.close()
    assert [record.getMessage() for record in caplog.records] == ["no sound: there is no sound device"]
    assert caplog.records[0].levelno == logging.INFO


def test_a_device_that_goes_away_while_playing_is_let_go(
    caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("cashier_app.sound.player._GRACE_SECONDS", 0.01)
    monkeypatch.setattr("cashier_app.sound.player._RETRY_SECONDS", 0.0)
    gone, back = FakeDevice(takes=False), FakeDevice()
    devices = [back, gone]
    with caplog.at_level(logging.INFO, "cashier_app.sound"):
        player = Player(open_device=devices.pop)
        player.play(Sound.FOUND)
        assert gone.closed.wait(5)
        player.play(Sound.FOUND)
        wait_for(lambda: back.starts == 1 and back.stopped.is_set())
        player.close()
    assert len(caplog.records) == 1
    assert any(back.heard)


def test_closing_cuts_a_sound_off_and_ends_the_thread() -> None:
    device = FakeDevice(takes=False)
    player = Player(open_device=lambda: device)
    player.play(Sound.ATTENTION)
    wait_for(lambda: device.starts == 1)
    started = time.monotonic()
    player.close()
    assert time.monotonic() - started < 0.25
    assert device.closed.is_set()
    player.play(Sound.ATTENTION)
    player.close()


def test_miniaudio_itself_plays_on_its_null_device() -> None:
    import miniaudio

    devices: list[miniaudio.PlaybackDevice] = []

    def null_device() -> Device:
        devices.append(
            miniaudio.PlaybackDevice(
                output_format=miniaudio.SampleFormat.SIGNED16,
                nchannels=1,
                sample_rate=SAMPLE_RATE,
                buffersize_msec=20,
                backends=[miniaudio.Backend.NULL],
            )
        )
        made: Device = devices[-1]
        return made

    player = Player(open_device=null_device)
    player.play(Sound.FOUND)
    wait_for(lambda: bool(devices) and devices[0].running)
    wait_for(lambda: not devices[0].running)
    player.play(Sound.DONE)
    wait_for(lambda: devices[0].running)
    player.close()
    assert len(devices) == 1
