"""Key presses as a computer reports them, and nine layouts that say what a key types there."""

from __future__ import annotations

from typing import Final

from msgspec import Struct

from cashier_app.scanning.keyboard_wedge import Key
from cashier_app.scanning.us_keyboard import us_character

# By scan code: 2 to 13, 16 to 27, 30 to 41, 43 to 53. Plain, then with Shift; a space is a key that types
# nothing by itself, such as an accent waiting for its letter.
_ROWS: Final = {
    "us": ("1234567890-=", "qwertyuiop[]", "asdfghjkl;'`", "\\zxcvbnm,./",
           "!@#$%^&*()_+", "QWERTYUIOP{}", 'ASDFGHJKL:"~', "|ZXCVBNM<>?"),
    "gb": ("1234567890-=", "qwertyuiop[]", "asdfghjkl;'`", "#zxcvbnm,./",
           '!"£$%^&*()_+', "QWERTYUIOP{}", "ASDFGHJKL:@¬", "~ZXCVBNM<>?"),
    "de": ("1234567890ß ", "qwertzuiopü+", "asdfghjklöä ", "#yxcvbnm,.-",
           '!"§$%&/()=? ', "QWERTZUIOPÜ*", "ASDFGHJKLÖÄ°", "'YXCVBNM;:_"),
    "fr": ("&é\"'(-è_çà)=", "azertyuiop $", "qsdfghjklmù²", "*wxcvbn,;:!",
           "1234567890°+", "AZERTYUIOP £", "QSDFGHJKLM%~", "µWXCVBN?./§"),
    "es": ("1234567890'¡", "qwertyuiop +", "asdfghjklñ º", "çzxcvbnm,.-",
           '!"·$%&/()=?¿', "QWERTYUIOP *", "ASDFGHJKLÑ ª", "ÇZXCVBNM;:_"),
    "it": ("1234567890'ì", "qwertyuiopè+", "asdfghjklòà\\", "ùzxcvbnm,.-",
           '!"£$%&/()=?^', "QWERTYUIOPé*", "ASDFGHJKLç°|", "§ZXCVBNM;:_"),
    "tr": ("1234567890*-", "qwertyu\u0131opğü", 'asdfghjklşi"', ",zxcvbnmöç.",
           "!' +%&/()=?_", "QWERTYUIOPĞÜ", "ASDFGHJKLŞİé", ";ZXCVBNMÖÇ:"),
    "ru": ("1234567890-=", "йцукенгшщзхъ", "фывапролджэё", "\\ячсмитьбю.",
           '!"№;%:?*()_+', "ЙЦУКЕНГШЩЗХЪ", "ФЫВАПРОЛДЖЭЁ", "/ЯЧСМИТЬБЮ,"),
    "gr": ("1234567890-=", ";ςερτυθιοπ[]", "ασδφγηξκλ '`", "\\ζχψωβνμ,./",
           "!@#$%^&*()_+", ": ΕΡΤΥΘΙΟΠ{}", 'ΑΣΔΦΓΗΞΚΛ "~', "|ΖΧΨΩΒΝΜ<>?"),
}  # fmt: skip
LAYOUTS: Final = tuple(_ROWS)
_FIRST_CODES: Final = (2, 16, 30, 43)
_CONTROL: Final = {"\r": 28, "\n": 28, "\t": 15, " ": 57}


class KeyPress(Struct, frozen=True):
    """One key going down as the system reports it.

    Args:
        scan_code: An evdev or Windows set-1 code.
        text: What the computer's layout makes of it; empty for a key that types nothing.
        at_ms: Its time stamp.
        shift: Whether Shift is down.
        auto_repeat: Whether the system calls it a repetition.
        modifier: Whether it is Shift itself.
    """

    scan_code: int
    text: str
    at_ms: int
    shift: bool = False
    auto_repeat: bool = False
    modifier: bool = False

    def as_key(self, *, by_position: bool = True) -> Key:
        """Return what the detector is fed, read as the window's filter reads it."""
        meant = us_character(self.scan_code, shift=self.shift) if by_position else None
        character = self.text if meant is None else meant
        return Key(
            character, self.at_ms, auto_repeat=self.auto_repeat, modifier=self.modifier, source=self.text
        )


_US_KEYS: Final = {
    character: (first + place, shifted)
    for first, plain, with_shift in zip(_FIRST_CODES, _ROWS["us"][:4], _ROWS["us"][4:], strict=True)
    for shifted, row in ((False, plain), (True, with_shift))
    for place, character in enumerate(row)
}


def us_key(character: str) -> tuple[int, bool]:
    """Return scan code and Shift of a character on a US keyboard; 0 for one that has no key there."""
    if character in _CONTROL:
        return _CONTROL[character], False
    return _US_KEYS.get(character, (0, False))


def typed_by(layout: str, scan_code: int, *, shift: bool, caps_lock: bool = False) -> str:
    """Return what a layout types with a key."""
    for control, code in _CONTROL.items():
        if code == scan_code:
            return control
    rows = _ROWS[layout]
    for i, first in enumerate(_FIRST_CODES):
        place = scan_code - first
        if 0 <= place < len(rows[i]):
            text = (rows[i + 4] if shift else rows[i])[place].strip()
            return text.swapcase() if caps_lock and text.isalpha() and len(text.swapcase()) == 1 else text
    return ""
