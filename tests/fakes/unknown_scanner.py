"""Scanners nobody has set up: how they type, on computers with nine keyboard settings."""

from __future__ import annotations

import random
from itertools import pairwise

from msgspec import Struct

from cashier_app.scanning.calibration import RawKey
from cashier_app.scanning.keyboard_wedge import Burst, Key, KeyboardWedge, WedgeSettings
from cashier_app.scanning.us_keyboard import us_character

_ROWS_FROM = (2, 16, 30, 43)
# ruff: noqa: RUF001 - letters of other keyboards that look like Latin ones
# What each computer types for the keys of a US keyboard, row by row, without and with Shift.
_LAYOUTS = {
    "us": (
        "1234567890-=|qwertyuiop[]|asdfghjkl;'`|\\zxcvbnm,./",
        '!@#$%^&*()_+|QWERTYUIOP{}|ASDFGHJKL:"~|¦ZXCVBNM<>?',
    ),
    "de": (
        "1234567890ß´|qwertzuiopü+|asdfghjklöä^|#yxcvbnm,.-",
        '!"§$%&/()=?`|QWERTZUIOPÜ*|ASDFGHJKLÖÄ°|\'YXCVBNM;:_',
    ),
    "fr": (
        '&é"\'(-è_çà)=|azertyuiop^$|qsdfghjklmù²|*wxcvbn,;:!',
        "1234567890°+|AZERTYUIOP¨£|QSDFGHJKLM%~|µWXCVBN?./§",
    ),
    "gb": (
        "1234567890-=|qwertyuiop[]|asdfghjkl;'`|#zxcvbnm,./",
        '!"£$%^&*()_+|QWERTYUIOP{}|ASDFGHJKL:@¬|~ZXCVBNM<>?',
    ),
    "es": (
        "1234567890'¡|qwertyuiop`+|asdfghjklñ´º|çzxcvbnm,.-",
        '!"·$%&/()=?¿|QWERTYUIOP^*|ASDFGHJKLÑ¨ª|ÇZXCVBNM;:_',
    ),
    "tr": (
        '1234567890*-|qwertyuıopğü|asdfghjklşi"|,zxcvbnmöç.',
        "!'^+%&/()=?_|QWERTYUIOPĞÜ|ASDFGHJKLŞİé|;ZXCVBNMÖÇ:",
    ),
    "ru": (
        "1234567890-=|йцукенгшщзхъ|фывапролджэё|\\ячсмитьбю.",
        '!"№;%:?*()_+|ЙЦУКЕНГШЩЗХЪ|ФЫВАПРОЛДЖЭЁ|/ЯЧСМИТЬБЮ,',
    ),
}  # fmt: skip
COMPUTERS = (*((layout, False) for layout in _LAYOUTS), ("us", True), ("fr", True))
"""Layout and Caps Lock."""

ENDS = ("\r", "\t", "\n", "\r\n", "")


def _typed_by(layout: str) -> dict[tuple[int, bool], str]:
    table = {(57, False): " ", (57, True): " "}
    for shift, rows in zip((False, True), _LAYOUTS[layout], strict=True):
        for first, row in zip(_ROWS_FROM, rows.split("|"), strict=True):
            table |= {(first + place, shift): character for place, character in enumerate(row)}
    return table


_TYPED = {layout: _typed_by(layout) for layout in _LAYOUTS}
_KEYS = {layout: {character: key for key, character in table.items()} for layout, table in _TYPED.items()}
_KEYS["us"]["|"] = (43, True)
_TYPED["us"][43, True] = "|"


class UnknownScanner(Struct, frozen=True):
    """How one scanner types, on one computer.

    Args:
        keyboard: The layout the scanner was set to press.
        computer: The computer's layout.
        caps_lock: Whether it is on at the computer.
        positions: Whether the computer tells key positions.
        end: What it types after the suffix.
        aim: Whether it announces the kind of code.
        gap_ms: The usual gap between two characters.
        jitter_ms: By how much gaps differ.
        stall_ms: One longer gap in each code.
    """

    keyboard: str = "us"
    computer: str = "us"
    caps_lock: bool = False
    positions: bool = True
    prefix: str = ""
    suffix: str = ""
    end: str = "\r"
    aim: bool = False
    gap_ms: int = 4
    jitter_ms: int = 0
    stall_ms: int = 0

    def scan(
        self, code: str, chance: random.Random, *, kind: str = "Q1", start_ms: int = 10_000
    ) -> list[RawKey]:
        """Return the keys of one scan."""
        text = self.prefix + (f"]{kind}" if self.aim else "") + code + self.suffix + self.end
        stalls_at = chance.randrange(1, len(code))
        keys, at = [], start_ms
        for place, character in enumerate(text):
            keys += self._press(character, at)
            at += max(0, self.gap_ms + chance.randint(-self.jitter_ms, self.jitter_ms))
            at += self.stall_ms if place == stalls_at else 0
        return keys

    def _press(self, character: str, at: int) -> list[RawKey]:
        if character in "\r\t":
            return [RawKey(at, character, character)]
        if ord(character) < 32:
            return [
                RawKey(at, "", "", modifier=True),
                RawKey(at, character, character),
            ]  # Ctrl, then a letter
        pressed = _KEYS[self.keyboard].get(character)
        if pressed is None:
            return [RawKey(at, "", "", modifier=True), RawKey(at, character, character)]  # with AltGr
        code, shift = pressed
        typed = _TYPED[self.computer][code, shift]
        if self.caps_lock and typed.isalpha():
            typed = typed.swapcase()
        meant = us_character(code, shift=shift) if self.positions else None
        key = RawKey(at, typed if meant is None else meant, typed)
        return [RawKey(at, "", "", modifier=True), key] if shift else [key]


def any_scanner(chance: random.Random) -> UnknownScanner:
    """Return a scanner that settings exist for."""
    computer, caps_lock = chance.choice(COMPUTERS)
    # One that was set to the computer's own keyboard reads right by its letters, but not under Caps Lock.
    own = computer != "ru" and not caps_lock and chance.random() < 0.25
    gap = chance.choice((1, 2, 4, 8, 15, 25, 35, 45, 60))
    return UnknownScanner(
        keyboard=computer if own else "us",
        computer=computer,
        caps_lock=caps_lock,
        positions=own or (computer, caps_lock) != ("us", False) or chance.random() < 0.7,
        prefix=chance.choice(("", "", "\x02", "^", "#7", "scan:")),
        suffix=chance.choice(("", "", "\x03", "$", "end")),
        end=chance.choice(ENDS),
        aim=chance.random() < 0.3,
        gap_ms=gap,
        jitter_ms=min(gap, 8) // 2,
        stall_ms=chance.choice((0, 0, 20, 35)),
    )


def read_back(keys: list[RawKey], settings: WedgeSettings, layout: str) -> list[str]:
    """Return the scans the burst detector finds in these keys."""
    wedge = KeyboardWedge(settings)
    answers: list[object] = []
    for raw in keys:
        character = raw.by_position if layout == "us" else raw.typed
        answers += wedge.feed(Key(character, raw.at_ms, modifier=raw.modifier))
    while wedge.deadline is not None:
        answers.append(wedge.expire(wedge.deadline))
    return [answer.text for answer in answers if isinstance(answer, Burst)]


def longest_gap(keys: list[RawKey]) -> int:
    """Return the longest time between two keys, ms."""
    return max(after.at_ms - before.at_ms for before, after in pairwise(keys))
