"""How long a lesson takes a person: reading by its words, doing by the keystroke-level model. Whole ms."""

from __future__ import annotations

import re
from collections.abc import Iterator

from msgspec import Struct

from cashier_app.domain.lesson import (
    DropPicture,
    Hand,
    HoldUp,
    HoldUpReceipt,
    Lesson,
    Press,
    Rest,
    Step,
    TypeIn,
    TypePhone,
    TypePin,
)

WORDS_A_MINUTE = 200
"""Adults read English prose silently at 238 words a minute (Brysbaert 2019, Journal of Memory and Language
109, 104047); instructions are read more slowly."""

# Card, Moran and Newell 1980, The keystroke-level model for user performance time with interactive systems,
# Communications of the ACM 23(7), 396-410: an average typist's key, a hand that moves to a device or back,
# pointing at something, and thinking of what to do next.
KEY_MS = 280
HOMING_MS = 400
POINTING_MS = 1100
THINKING_MS = 1350
SCAN_MS = HOMING_MS + POINTING_MS + HOMING_MS
"""A hand takes the scanner, holds it at a code, and comes back to the keys."""

_DIGITS_OF_PHONE = 10
_DIGITS_OF_PIN = 6
_TWO_WORDS = re.compile(r"\{(?:name|points|phone):[^}]*\}")
_ONE_WORD = re.compile(r"\{[^}]*\}")


class LessonTime(Struct, frozen=True):
    """What a lesson takes somebody who makes no mistake and needs no hint; ms.

    Args:
        words: That are read.
        doing: Keys, scans, thinking and what has to be waited for on purpose; not the till's own answers.
    """

    words: int
    doing: int

    @property
    def reading(self) -> int:
        """Return how long the words take."""
        return self.words * 60_000 // WORDS_A_MINUTE

    @property
    def total(self) -> int:
        """Return both together."""
        return self.reading + self.doing


def time_of(lesson: Lesson) -> LessonTime:
    """Return how long a lesson takes."""
    words = sum(words_in(sentence) for sentence in _read(lesson))
    return LessonTime(words, sum(_doing(step) for step in lesson.steps))


def words_in(sentence: str) -> int:
    """Return how many words a sentence has once its places are filled in."""
    return len(_ONE_WORD.sub("one", _TWO_WORDS.sub("one two", sentence)).split())


def _read(lesson: Lesson) -> Iterator[str]:
    yield from (lesson.title, lesson.goal, lesson.learned)
    for step in lesson.steps:
        yield from (step.say, step.praise)


def _doing(step: Step) -> int:
    return THINKING_MS + sum(_by_hand(hand) for hand in step.do)


def _by_hand(hand: Hand) -> int:
    match hand:
        case HoldUp() | HoldUpReceipt() | DropPicture():
            return SCAN_MS
        case TypeIn(text):
            return KEY_MS * len(text)
        case TypePhone():
            return KEY_MS * _DIGITS_OF_PHONE
        case TypePin():
            return KEY_MS * _DIGITS_OF_PIN
        case Press(times=times):
            return KEY_MS * times
        case Rest(milliseconds):
            return milliseconds
        case _:
            return 0  # what the till takes
