"""The six sounds of the till and what they are made of.

They are made when one is first played and not shipped as files: 5 ms of arithmetic on the sound thread, no
binary in the repository, and what a sound is made of stands here to be read.
"""

from __future__ import annotations

import math
from array import array
from enum import StrEnum
from functools import lru_cache
from typing import Literal

from msgspec import Struct

Level = Literal["off", "quiet", "normal"]

SAMPLE_RATE = 44_100
_LOUDEST = 32_767
_LOUDNESS: dict[Level, float] = {"off": 0.0, "quiet": 0.09, "normal": 0.34}
_SECOND_PARTIAL = 0.18  # of the note: a pure sine is lost on the small speaker of a till
_RISE_MS = 6
_FALL_SHARE = 0.55  # of a note: it dies away like something struck, so that two notes stay two


class Sound(StrEnum):
    """What a sound tells somebody who does not look at the screen."""

    FOUND = "found"
    QUESTION = "question"
    NOT_USED = "not used"
    TOO_OLD = "too old"
    DONE = "done"
    ATTENTION = "attention"


class Note(Struct, frozen=True):
    """One tone, or silence at 0 Hz; `share` is how loud beside the others."""

    hertz: float
    milliseconds: int
    share: float = 1.0


NOTES: dict[Sound, tuple[Note, ...]] = {
    Sound.FOUND: (Note(784.0, 40), Note(1174.7, 50)),
    Sound.QUESTION: (Note(587.3, 110),),
    Sound.NOT_USED: (Note(220.0, 150),),
    Sound.TOO_OLD: (Note(261.6, 90), Note(0, 40), Note(220.0, 130)),
    Sound.DONE: (Note(523.3, 55, 0.6), Note(659.3, 55, 0.6), Note(784.0, 70, 0.6)),
    Sound.ATTENTION: (Note(440.0, 120), Note(0, 60), Note(440.0, 120)),
}


@lru_cache(maxsize=2 * len(NOTES))
def samples_of(sound: Sound, level: Level) -> array[int]:
    """Return a sound as 16-bit samples, one channel, `SAMPLE_RATE` a second; silence for the level "off"."""
    made: array[int] = array("h")
    for note in NOTES[sound]:
        made.extend(_tone(note, _LOUDNESS[level]))
    return made


def _tone(note: Note, loudness: float) -> array[int]:
    count = SAMPLE_RATE * note.milliseconds // 1000
    if not note.hertz:
        return array("h", bytes(2 * count))
    top = loudness * note.share * _LOUDEST / (1 + _SECOND_PARTIAL)
    turn = 2 * math.pi * note.hertz / SAMPLE_RATE
    waves = (math.sin(turn * at) + _SECOND_PARTIAL * math.sin(2 * turn * at) for at in range(count))
    return array("h", (round(top * _envelope(at, count) * wave) for at, wave in enumerate(waves)))


def _envelope(at: int, count: int) -> float:
    """Return how far a note is up, 0 to 1: half a cosine at either end, so that nothing clicks."""
    rise, fall = SAMPLE_RATE * _RISE_MS // 1000, round(count * _FALL_SHARE)
    if at < rise:
        return (1 - math.cos(math.pi * at / rise)) / 2
    left = count - 1 - at
    return (1 - math.cos(math.pi * left / fall)) / 2 if left < fall else 1.0
