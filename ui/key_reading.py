"""What a key press says to the burst detector, read by position: layout and Caps Lock mean nothing."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication, QKeyEvent

from cashier_app.scanning.alt_codes import AltCodes, keypad_digit
from cashier_app.scanning.keyboard_wedge import Key
from cashier_app.scanning.us_keyboard import XCB_OFFSET, us_character, us_character_on_mac

Stamp = Callable[[QKeyEvent], int]

# Counted from 8 on by X11 and by Wayland, which took it over; plain on Windows; meaningless elsewhere.
_SCAN_CODE_OFFSETS = {"xcb": XCB_OFFSET, "wayland": XCB_OFFSET, "windows": 0}
# Where the system says among a key's native modifiers that Caps Lock is on.
_CAPS_LOCK = {"xcb": 0x02, "wayland": 0x02, "windows": 0x100, "cocoa": 0x10000}
_MODIFIER_KEYS = frozenset(
    {
        Qt.Key.Key_Shift,
        Qt.Key.Key_Control,
        Qt.Key.Key_Alt,
        Qt.Key.Key_AltGr,
        Qt.Key.Key_Meta,
        Qt.Key.Key_CapsLock,
        Qt.Key.Key_NumLock,
        Qt.Key.Key_ScrollLock,
    }
)
_HOTKEYS = (
    Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier | Qt.KeyboardModifier.MetaModifier
)
_SINGLE_HOTKEYS = (
    Qt.KeyboardModifier.ControlModifier,
    Qt.KeyboardModifier.AltModifier,
    Qt.KeyboardModifier.MetaModifier,
)


def is_modifier(event: QKeyEvent) -> bool:
    """Return whether a key says nothing by itself."""
    return event.key() in _MODIFIER_KEYS


class KeyReader:
    """Reads the key events of one computer.

    Args:
        stamp: Returns when a key was pressed, in ms.
        by_position: Read keys as a US keyboard would, whatever the layout is; else by what they type.
        platform: Name of Qt's platform; empty for the one in use.
    """

    def __init__(self, stamp: Stamp, *, by_position: bool, platform: str = "") -> None:
        self.stamp = stamp
        self.by_position = by_position
        self._platform = platform or QGuiApplication.platformName()
        self._offset = _SCAN_CODE_OFFSETS.get(self._platform)
        # Windows makes characters of Alt and digits by itself.
        self._alt_codes = AltCodes() if self._platform in {"xcb", "wayland"} else None

    def pressed(self, event: QKeyEvent, *, command: bool, source: object) -> Key:
        """Return a key press as the detector takes it."""
        self._note_alt_digit(event)
        return Key(
            self._character(event),
            self.stamp(event),
            auto_repeat=event.isAutoRepeat(),
            modifier=is_modifier(event),
            command=command,
            source=source,
        )

    def let_go(self, event: QKeyEvent, *, press_unseen: bool) -> Key | None:
        """Return the key that only its release tells of, or None.

        That is a character of a scanner in Alt+keypad mode, when Alt comes up; and in a text field a key
        whose press the input method took, such as an accent that waits for its letter.
        """
        character: str | None = None
        if self._alt_codes is not None and event.key() == Qt.Key.Key_Alt:
            character = self._alt_codes.let_go()
        elif press_unseen and not is_modifier(event) and event.nativeScanCode():
            character = self._at_position(event) if self.by_position else event.text()
        return Key(character, self.stamp(event)) if character else None

    def _note_alt_digit(self, event: QKeyEvent) -> None:
        alt = event.modifiers() & _HOTKEYS == Qt.KeyboardModifier.AltModifier
        if self._alt_codes is None or self._offset is None or not alt:
            return
        digit = keypad_digit(event.nativeScanCode() - self._offset)
        if digit is not None:
            self._alt_codes.press(digit)

    def _character(self, event: QKeyEvent) -> str:
        if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            return "\r"
        modifiers = event.modifiers() & _HOTKEYS
        if self.by_position and not modifiers:
            meant = self._at_position(event)
            if meant is not None:
                return meant
        # Ctrl+V types nothing, whatever text the system gives it; AltGr is Ctrl and Alt together and types.
        if modifiers in _SINGLE_HOTKEYS and event.text().isprintable():
            return ""
        caps_lock = event.nativeModifiers() & _CAPS_LOCK.get(self._platform, 0)
        return event.text().swapcase() if caps_lock else event.text()

    def _at_position(self, event: QKeyEvent) -> str | None:
        shift = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        if self._platform == "cocoa":
            return us_character_on_mac(event.nativeVirtualKey(), shift=shift)
        if self._offset is None:
            return None
        return us_character(event.nativeScanCode() - self._offset, shift=shift)
