"""What a US keyboard types, by key position: the way to read a scanner on a computer with another layout.

A scanner in keyboard mode presses keys of a US keyboard. The system turns them into its own layout's letters
(`:` becomes `Ö` on a German computer), but the key positions still say what was meant.

Windows set-1 codes and Linux evdev codes are the same numbers for these keys. X11 counts evdev from 8 on.
macOS gives virtual key codes of its own (Carbon's `kVK_ANSI_A` and so on), which name positions as well.
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
# By macOS virtual key code from 0 on; a space where the key has none of these characters.
_MAC_PLAIN: Final = "asdfhgzxcv bqweryt123465=97-80]ou[ip lj'k;\\,/nm."
_MAC_SHIFTED: Final = 'ASDFHGZXCV BQWERYT!@#$^%+(&_*)}OU{IP LJ"K:|<?NM>'
_MAC_OTHERS: Final = {36: "\r", 48: "\t", 49: " ", 76: "\r"}


def us_character_on_mac(key_code: int, *, shift: bool) -> str | None:
    """Return what a US keyboard types with this macOS virtual key code, or None."""
    if key_code == 50:
        return "~" if shift else "`"
    row = _MAC_SHIFTED if shift else _MAC_PLAIN
    character = row[key_code] if 0 <= key_code < len(row) else " "
    return _MAC_OTHERS.get(key_code) or (character if character != " " else None)


def us_character(scan_code: int, *, shift: bool) -> str | None:
    """Return what a US keyboard types with this key, or None for a key that types nothing there.

    Caps Lock is left out on purpose: a scanner knows nothing of it.

    Args:
        scan_code: A Windows set-1 or an evdev code; for X11 take `XCB_OFFSET` off first.
        shift: Whether Shift is down.
    """
    return _ALWAYS.get(scan_code) or (_SHIFTED if shift else _PLAIN).get(scan_code)
