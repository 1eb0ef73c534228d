"""A scanner that types: made-up codes as the key presses a computer reports, stalls and layouts included."""

from __future__ import annotations

import string
from random import Random

from msgspec import Struct

from cashier_app.scanning.keyboard_wedge import WedgeSettings
from tests.fakes.key_presses import LAYOUTS, KeyPress, typed_by, us_key

VISIBLE = string.ascii_letters + string.digits + string.punctuation
_CODES = string.ascii_uppercase + string.digits
_ANNOUNCEMENTS = ("]Q1", "]z0", "]L2", "]C0")
_SHIFT_CODE = 42
LONGEST_STALL_MS = 120


class Trace(Struct, frozen=True):
    """One code, scanned.

    Args:
        text: What must come out.
        presses: What the computer reports.
        settings: How the till has been told that this scanner types.
        aim: The AIM identifier before it, or None.
    """

    text: str
    presses: tuple[KeyPress, ...]
    settings: WedgeSettings
    aim: str | None = None


class TypingScanner:
    """Types codes.

    A scanner is recognised by the mean gap of a whole code, stall included. Two of seven traces may be slower
    in the mean than the default allows: those are from a scanner that was calibrated (`mean_gap_ms` at most 2
    ms above its own mean), has a prefix, or announces its codes. All others keep to 35 ms in the mean.

    Args:
        chance: Seeded by the caller.
    """

    def __init__(self, chance: Random) -> None:
        self._chance = chance

    def trace(self) -> Trace:
        """Return one code scanned in any way."""
        chance = self._chance
        end = chance.choice(["\r", "\r", "\r", "\t", "\r\n", ""])
        how = chance.choice(["plain", "plain", "plain", "calibrated", "prefix", "suffix", "aim"])
        prefix = chance.choice(["\x02", "~", "{B}"]) if how == "prefix" else ""
        suffix = chance.choice(["\x03", "#", "{E}"]) if how == "suffix" else ""
        announced = chance.choice(_ANNOUNCEMENTS) if how == "aim" else ""
        text = self._text()
        typed = prefix + announced + text + suffix
        slow = how == "calibrated" or (how in {"prefix", "aim"} and chance.random() < 0.5)
        gaps = self._gaps(len(typed), slow=slow, sure=len(prefix + announced))
        mean = sum(gaps) / len(gaps)
        settings = WedgeSettings(prefix=prefix, suffix=suffix)
        if how == "calibrated":
            settings = WedgeSettings(mean_gap_ms=min(80, max(35, int(mean) + 2)))
        presses = self._presses(typed, [0, *gaps], end)
        return Trace(text, presses, settings, announced or None)

    def scan(self, text: str, gap_ms: int = 4, start_ms: int = 1000, end: str = "\r") -> tuple[KeyPress, ...]:
        """Return one code typed evenly on a US keyboard, as a calibration or a demonstration wants it."""
        return self._typed("us", text + end, [gap_ms * i for i in range(len(text + end))], start_ms)

    def _text(self) -> str:
        chance = self._chance
        token = "".join(chance.choices(_CODES, k=chance.randint(4, 24)))
        return chance.choice(
            [
                "LC1:" + token,
                "LR1:" + token + ":" + "".join(chance.choices(_CODES, k=10)),
                "".join(chance.choices(string.digits, k=chance.randint(6, 14))),
                "https://shop.example/m/" + token.lower() + "?v=1&x=%20",
                "".join(chance.choices(VISIBLE.replace("]", ""), k=chance.randint(6, 60))),
            ]
        )

    def _gaps(self, characters: int, *, slow: bool, sure: int) -> list[int]:
        """Return the gaps between so many characters, ms; `sure` of them come before the scanner is known."""
        chance, count = self._chance, characters - 1
        while True:
            if slow:
                low = chance.randint(20, 40)
                gaps = [chance.randint(low, 40) for _ in range(count)]
            else:
                low = chance.randint(1, 34)
                gaps = [chance.randint(low, min(40, low + chance.randint(0, 20))) for _ in range(count)]
            if chance.random() < 0.3:
                stalled = chance.randint(sure, count - 1)
                gaps[stalled] = chance.randint(10, LONGEST_STALL_MS)
            # An announcement counts only at the scanner's speed, hence its first gaps.
            first = gaps[: max(sure - 1, 0)]
            in_step = sum(first) <= 35 * len(first)
            if in_step and (slow or sum(gaps) <= 35 * count):
                return gaps

    def _presses(self, typed: str, gaps: list[int], end: str) -> tuple[KeyPress, ...]:
        chance = self._chance
        start, times = chance.randint(1000, 2**31), []
        for gap in [*gaps, *[chance.randint(1, 30) for _ in end]]:
            start += gap
            times.append(start)
        layout, caps_lock = chance.choice(LAYOUTS), chance.random() < 0.25
        return self._typed(layout, typed + end, times, 0, caps_lock=caps_lock)

    def _typed(
        self, layout: str, typed: str, times: list[int], start_ms: int, *, caps_lock: bool = False
    ) -> tuple[KeyPress, ...]:
        presses: list[KeyPress] = []
        last = ""
        for character, time in zip(typed, times, strict=True):
            at = start_ms + time
            code, shift = us_key(character)
            if shift:
                presses.append(KeyPress(_SHIFT_CODE, "", at, modifier=True))
            text = typed_by(layout, code, shift=shift, caps_lock=caps_lock) if code else character
            # X11 calls the second of two equal characters a repetition.
            presses.append(KeyPress(code, text, at, shift, auto_repeat=character == last))
            last = character
        return tuple(presses)
