"""Scanners in Alt+keypad mode: each character is typed as its number on the keypad while Alt is held.

Windows turns that into characters by itself. Elsewhere the digits arrive as they were pressed, and would act
as shortcuts; here they are put together. Codes are those of ASCII, up to 126, with or without zeros before.
"""

from __future__ import annotations

from typing import Final

_KEYPAD: Final = {82: 0, 79: 1, 80: 2, 81: 3, 75: 4, 76: 5, 77: 6, 71: 7, 72: 8, 73: 9}
_MOST_DIGITS: Final = 4


def keypad_digit(scan_code: int) -> int | None:
    """Return the digit of a key of the number pad, whatever Num Lock says, or None.

    Args:
        scan_code: An evdev or Windows set-1 code.
    """
    return _KEYPAD.get(scan_code)


class AltCodes:
    """Puts the digits of one character together."""

    def __init__(self) -> None:
        self._digits = ""

    def press(self, digit: int) -> None:
        """Take a digit pressed on the keypad while Alt is held."""
        self._digits += str(digit)

    def let_go(self) -> str:
        """Return the character whose number was typed when Alt comes up, or an empty text."""
        digits, self._digits = self._digits, ""
        if not 2 <= len(digits) <= _MOST_DIGITS:
            return ""
        code = int(digits)
        return chr(code) if 32 <= code < 127 or code in {9, 10, 13, 29} else ""
