"""Plays sounds on a thread of its own; a till without a sound device is a silent till, nothing else."""

from __future__ import annotations

import logging
import os
import sys
import threading
import time
from array import array
from collections.abc import Callable, Generator
from pathlib import Path
from typing import Protocol

from cashier_app.sound.sounds import SAMPLE_RATE, Level, Sound, samples_of

logger = logging.getLogger(__name__)

_BUFFER_MS = 20
_TAIL_SECONDS = 0.15  # what the device may still hold when it has taken the last sample
_GRACE_SECONDS = 1.0  # a device that takes so much longer than a sound lasts is gone
_CLOSE_SECONDS = 3.0
_FADE = SAMPLE_RATE * 4 // 1000  # samples in which a sound gives way to a newer one
_RETRY_SECONDS = 30.0  # opening a device may take a moment of a core, and what failed fails again

Taker = Generator[bytes, int, None]


class Device(Protocol):
    """A sound device as `miniaudio.PlaybackDevice` is one."""

    def start(self, callback_generator: Taker) -> None:
        """Begin to ask the generator, which was started, for frames; from a thread of the device."""

    def stop(self) -> None:
        """Stop asking."""

    def close(self) -> None:
        """Let the device go."""


class Player:
    """Plays the newest sound asked for; one that is not over yet gives way.

    The thread and the device begin with the first sound that is not silent.

    Args:
        level: How loud.
        open_device: Returns a device of one 16-bit channel at `SAMPLE_RATE`; any exception means silence.
    """

    def __init__(self, level: Level = "normal", open_device: Callable[[], Device] | None = None) -> None:
        self._level = level
        self._open_device = open_device or open_default_device
        self._changed = threading.Condition()
        self._wanted: Sound | None = None
        self._closed = False
        self._thread: threading.Thread | None = None
        # Everything below belongs to the sound thread.
        self._device: Device | None = None
        self._silent_until = float("-inf")
        self._told = False

    def play(self, sound: Sound) -> None:
        """Play a sound soon; returns at once. From any thread."""
        with self._changed:
            if self._closed or self._level == "off":
                return
            self._wanted = sound
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name="sound", daemon=True)
                self._thread.start()
            self._changed.notify()

    @property
    def level(self) -> Level:
        """Return how loud sounds are."""
        return self._level

    def set_level(self, level: Level) -> None:
        """Play louder or softer from the next sound on. From any thread."""
        self._level = level

    def close(self) -> None:
        """End the thread and let the device go; what is playing is cut off. Closing again does nothing."""
        with self._changed:
            self._closed = True
            self._changed.notify()
            thread = self._thread
        if thread is not None:
            # A device whose driver hangs must not keep the till open: the thread is a daemon.
            thread.join(_CLOSE_SECONDS)

    def _run(self) -> None:
        while (sound := self._next()) is not None:
            if time.monotonic() >= self._silent_until:
                self._play(sound)
        self._let_device_go()

    def _next(self) -> Sound | None:
        with self._changed:
            self._changed.wait_for(lambda: self._closed or self._wanted is not None)
            if self._closed:
                return None
            sound, self._wanted = self._wanted, None
            return sound

    def _play(self, sound: Sound) -> None:
        """Play until nothing newer is wanted, then stop the device: an idle till has no running device."""
        try:
            if self._device is None:
                self._device = self._open_device()
            voice = _Voice()
            taker = voice.frames()
            next(taker)
            voice.begin(samples_of(sound, self._level))
            self._device.start(taker)
            self._follow(voice)
            self._device.stop()
        except Exception as error:  # noqa: BLE001 - whatever a driver does, the sale goes on in silence
            self._failed(error)

    def _follow(self, voice: _Voice) -> None:
        while True:
            length = voice.seconds
            with self._changed:
                newer = self._changed.wait_for(
                    lambda: self._closed or self._wanted is not None, length + _TAIL_SECONDS
                )
                if self._closed:
                    return
                sound, self._wanted = self._wanted, None
            if newer and sound is not None:
                voice.begin(samples_of(sound, self._level))
            elif not voice.over.wait(_GRACE_SECONDS):
                raise OSError("the device takes nothing")
            else:
                return

    def _failed(self, error: Exception) -> None:
        if not self._told:
            logger.info("no sound: %s", error)
        self._told = True
        self._silent_until = time.monotonic() + _RETRY_SECONDS
        self._let_device_go()

    def _let_device_go(self) -> None:
        device, self._device = self._device, None
        if device is not None:
            try:
                device.close()
            except Exception as error:  # noqa: BLE001 - it is gone either way
                logger.info("the sound device did not close: %s", error)


class _Voice:
    """The samples a device takes next. `begin` and `frames` run on different threads."""

    def __init__(self) -> None:
        self.over = threading.Event()
        self._samples: array[int] = array("h")
        self._at = 0
        self._lock = threading.Lock()

    @property
    def seconds(self) -> float:
        """Return how long what is left lasts."""
        return max(0, len(self._samples) - self._at) / SAMPLE_RATE

    def begin(self, samples: array[int]) -> None:
        """Play these from the start; what was playing fades out below them."""
        with self._lock:
            rest = self._samples[self._at : self._at + _FADE]
            mixed = array("h", samples)
            for place, sample in enumerate(rest[: len(mixed)]):
                faded = mixed[place] + sample * (len(rest) - place) // (len(rest) + 1)
                mixed[place] = max(-32768, min(32767, faded))
            self._samples, self._at = mixed, 0
            self.over.clear()

    def frames(self) -> Taker:
        """Give the device as many frames as it asks for, silence after the end."""
        count = yield b""
        while True:
            count = yield self._take(count)

    def _take(self, count: int) -> bytes:
        with self._lock:
            part = self._samples[self._at : self._at + count].tobytes()
            self._at += count
            if self._at >= len(self._samples):
                self.over.set()
        return part.ljust(2 * count, b"\0")


def open_default_device() -> Device:
    """Return the system's default sound device.

    Raises:
        OSError: There is none.
    """
    if sys.platform == "linux" and not _linux_has_sound():
        raise OSError("there is no sound device")
    import miniaudio  # the first sound, not the first frame, waits for it

    device = miniaudio.PlaybackDevice(
        output_format=miniaudio.SampleFormat.SIGNED16,
        nchannels=1,
        sample_rate=SAMPLE_RATE,
        buffersize_msec=_BUFFER_MS,
        app_name="cashier-app",
    )
    if device.backend == "Null":
        device.close()
        raise OSError("there is no sound device")
    made: Device = device
    return made


def _linux_has_sound() -> bool:
    """Say whether a sound server or card is there; asked in vain, ALSA writes 36 lines to the terminal."""
    runtime = Path(os.environ.get("XDG_RUNTIME_DIR") or f"/run/user/{os.getuid()}")
    if os.environ.get("PULSE_SERVER") or (runtime / "pulse" / "native").exists():
        return True
    return any(Path("/dev/snd").glob("pcm*p"))
