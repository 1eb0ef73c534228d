"""A person who types: 60 to 160 words a minute, rolling from key to key, holding keys, pausing.

Figures from 136 million keystrokes (userinterfaces.aalto.fi/136Mkeystrokes): 52 words a minute on average,
few above 120; fast typists press the next key before they let go of the last on 40 to 70 % of keys.
"""

from __future__ import annotations

from random import Random

from tests.fakes.key_presses import KeyPress, typed_by, us_key

_NAMES = ("Priya Raghunathan", "Ravi Iyer", "Anna-Maria O'Neill", "Jonas Weber", "Fatima", "Li Wei", "Sam")
_WORDS = ("the", "sale", "was", "posted", "twice", "by", "hand", "because", "power", "went", "at", "noon")
_BACKSPACE, _LEFT, _SHIFT = 14, 105, 42


class HumanTypist:
    """Types what people type at a till.

    Args:
        chance: Seeded by the caller.
        words_per_minute: Words of five characters; None for another pace each time.
    """

    def __init__(self, chance: Random, words_per_minute: int | None = None) -> None:
        self._chance = chance
        self._pace = words_per_minute
        self._at = 0
        self._owed = 0.0

    def sequence(self) -> tuple[KeyPress, ...]:
        """Return one thing typed, with the key presses a US computer reports."""
        chance = self._chance
        self._at, self._owed = chance.randint(1000, 2**31), 0.0
        mean = 12_000 / (self._pace or chance.randint(60, 160))
        rolls = chance.uniform(0.0, 0.5)
        burst = 0
        presses: list[KeyPress] = []
        for character in self._what():
            if burst == 0 and chance.random() < 0.05:
                burst = chance.randint(3, 6)
            burst = max(0, burst - 1)
            self._at += self._gap(mean * (0.75 if burst else 1.0), rolls)
            presses += self._press(character)
            if chance.random() < 0.004:
                presses += self._held_down(presses[-1])
        return tuple(presses)

    def _what(self) -> str:
        chance = self._chance
        digits = "".join(chance.choices("0123456789", k=chance.randint(1, 13)))
        return chance.choice(
            [
                digits,
                digits + "\r",
                chance.choice(["98450", "+4479", "06"]) + digits + "\r",
                chance.choice(_NAMES) + chance.choice(["", "\r", "\t"]),
                " ".join(chance.choices(_WORDS, k=chance.randint(2, 9))),
                digits[:4] + "\b\b" + digits[4:] + "\r",
                digits[:3] + "\v" + digits[3:],
            ]
        )

    def _gap(self, mean: float, rolls: float) -> int:
        chance = self._chance
        if chance.random() < 0.03:
            self._owed = 0.0
            return chance.randint(250, 1500)
        if self._owed == 0 and chance.random() < rolls:
            # The next key comes early, and the one after it when it would have come anyway.
            gap = chance.randint(1, 20)
            self._owed = mean - gap
            return gap
        gap = max(1, round(mean * chance.lognormvariate(-0.06, 0.35) + self._owed))
        self._owed = 0.0
        return gap

    def _press(self, character: str) -> list[KeyPress]:
        at = self._at
        if character == "\b":
            return [KeyPress(_BACKSPACE, "\b", at)]
        if character == "\v":
            return [KeyPress(_LEFT, "", at)]
        code, shift = us_key(character)
        before = [KeyPress(_SHIFT, "", at - 1, modifier=True)] if shift else []
        return [*before, KeyPress(code, typed_by("us", code, shift=shift), at, shift)]

    def _held_down(self, press: KeyPress) -> list[KeyPress]:
        """Hold a key: the system repeats it after 200 to 660 ms, 25 to 40 times a second."""
        chance = self._chance
        first, every = chance.randint(200, 660), chance.randint(25, 40)
        times = [self._at + first + every * i for i in range(chance.randint(1, 25))]
        self._at = times[-1]
        return [KeyPress(press.scan_code, press.text, at, press.shift, auto_repeat=True) for at in times]
