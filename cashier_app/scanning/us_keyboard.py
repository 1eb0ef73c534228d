"""What a US keyboard types, by key position: the way to read a scanner on a computer with another layout.

A scanner in keyboard mode presses keys of a US keyboard. The system turns them into its own layout's letters
(`:` becomes `Ö` on a German computer), but the key positions still say what was meant.

Windows set-1 codes and Linux evdev codes are the same numbers for these keys. X11 counts evdev from 8 on.
"""

from typing import Final

XCB_OFFSET: Final = 8

_FIRST_CODES: Final = (
    (2, "1234567890-=", "!@#$%^&*()_+"),
    (16, "qwertyuiop[]", "QWERTYUIOP{}"),
    (30, "asdfghjkl;'`", 'ASDFGHJKL:"~'),
    (43, "\\zxcvbnm,./", "|ZXCVBNM<>?"),
)
_PLAIN: Final = {first + i: key for first, plain, _ in _FIRST_CODES for i, key in enumerate(plain)}
_SHIFTED: Final = {first + i: key for first, _, shifted in _FIRST_CODES for i, key in enumerate(shifted)}
# Keys that Shift does not change; 96 and 0x11C are Enter of the number pad (evdev, Windows extended).
_ALWAYS: Final = {15: "\t", 28: "\r", 57: " ", 96: "\r", 0x11C: "\r"}


def us_character(scan_code: int, *, shift: bool) -> str | None:
    """Return what a US keyboard types with this key, or None for a key that types nothing there.

    Caps Lock is left out on purpose: a scanner knows nothing of it.

    Args:
        scan_code: A Windows set-1 or an evdev code; for X11 take `XCB_OFFSET` off first.
        shift: Whether Shift is down.
    """
    return _ALWAYS.get(scan_code) or (_SHIFTED if shift else _PLAIN).get(scan_code)
