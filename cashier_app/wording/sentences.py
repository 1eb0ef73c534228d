"""What a sentence is to those who paint it: words in a long and a short form, an icon and a tone."""

from __future__ import annotations

import unicodedata
from enum import StrEnum

from msgspec import Struct

_FIRST_STRONG_ISOLATE = "\N{FIRST STRONG ISOLATE}"
_POP_ISOLATE = "\N{POP DIRECTIONAL ISOLATE}"
_DIRECTION_CONTROLS = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200e\u200f\u061c")


class Sentence(Struct, frozen=True):
    """Words for a person. Plain text always; `short` is for where `full` has no room."""

    full: str
    short: str

    @classmethod
    def of(cls, full: str, short: str = "") -> Sentence:
        """Return a sentence; without a short form the full one stands for both."""
        return cls(full, short or full)

    def __str__(self) -> str:
        return self.full


class Tone(StrEnum):
    """What a line means; the colour follows from it, never the other way round."""

    PLAIN = "plain"
    MUTED = "muted"
    GOOD = "good"
    WAIT = "wait"
    STOP = "stop"


class Row(Struct, frozen=True):
    """An icon, by the name of its file in resources/icons, and a sentence."""

    icon: str
    sentence: Sentence
    tone: Tone = Tone.PLAIN


def plain(text: str) -> str:
    """Return a text from outside fit for one line: without control characters and direction tricks."""
    kept = (
        " " if unicodedata.category(character) in {"Cc", "Zl", "Zp"} else character
        for character in text
        if character not in _DIRECTION_CONTROLS
    )
    return " ".join("".join(kept).split())


def name_in_sentence(text: str) -> str:
    """Return a name fit for the middle of a sentence: right-to-left names are isolated from what follows."""
    clean = plain(text)
    if any(unicodedata.bidirectional(character) in {"R", "AL"} for character in clean):
        return f"{_FIRST_STRONG_ISOLATE}{clean}{_POP_ISOLATE}"
    return clean
