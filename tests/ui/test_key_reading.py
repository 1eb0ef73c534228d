"""Key events of the three systems, read as the scanner meant them."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent

from tests.fakes.key_presses import LAYOUTS, typed_by, us_key
from ui.key_reading import KeyReader

TEXT = "]Q3LC1:ABCxyz-019/qm.a_Z"
NONE, SHIFT, CONTROL, ALT = (
    Qt.KeyboardModifier.NoModifier,
    Qt.KeyboardModifier.ShiftModifier,
    Qt.KeyboardModifier.ControlModifier,
    Qt.KeyboardModifier.AltModifier,
)
XCB = 8


def event(
    text: str,
    scan_code: int = 0,
    modifiers: Qt.KeyboardModifier = NONE,
    *,
    key: int = Qt.Key.Key_unknown,
    virtual: int = 0,
    native: int = 0,
    release: bool = False,
) -> QKeyEvent:
    kind = QEvent.Type.KeyRelease if release else QEvent.Type.KeyPress
    return QKeyEvent(kind, key, modifiers, scan_code, virtual, native, text, False, 1)


def reader(platform: str, *, by_position: bool = True) -> KeyReader:
    return KeyReader(lambda _: 1000, by_position=by_position, platform=platform)


def read(made: KeyReader, pressed: QKeyEvent) -> str:
    return made.pressed(pressed, command=False, source=None).character


@pytest.mark.parametrize("caps_lock", [False, True])
@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize(("platform", "offset"), [("xcb", XCB), ("wayland", XCB), ("windows", 0)])
def test_a_scanner_reads_the_same_on_every_layout(
    platform: str,
    offset: int,
    layout: str,
    caps_lock: bool,  # noqa: FBT001 - parametrized
) -> None:
    made, got = reader(platform), ""
    for character in TEXT:
        code, shift = us_key(character)
        text = typed_by(layout, code, shift=shift, caps_lock=caps_lock)
        got += read(made, event(text, code + offset, SHIFT if shift else NONE))
    assert got == TEXT


def test_a_scanner_set_to_this_computers_layout_is_read_by_its_letters() -> None:
    made = reader("xcb", by_position=False)
    assert read(made, event("ö", 39 + XCB)) == "ö"
    assert read(made, event("A", 30 + XCB, native=0x02)) == "a", (
        "Caps Lock is the keyboard's, not the scanner's"
    )
    assert read(made, event("a", 30 + XCB, SHIFT, native=0x02)) == "A"


@pytest.mark.parametrize(
    ("virtual", "character"), [(0, "a"), (30, "]"), (41, ";"), (29, "0"), (50, "`"), (36, "\r")]
)
def test_macos_is_read_by_its_virtual_keys(virtual: int, character: str) -> None:
    assert read(reader("cocoa"), event("?", 1, virtual=virtual)) == character


def test_macos_keys_cover_the_us_keyboard() -> None:
    made = reader("cocoa")
    typed = {
        read(made, event("", 1, shift, virtual=virtual)) for virtual in range(128) for shift in (NONE, SHIFT)
    }
    assert set(map(chr, range(32, 127))) <= typed


def test_a_platform_without_positions_is_read_by_text() -> None:
    assert read(reader("offscreen"), event("é", 3)) == "é"


def test_control_characters_come_from_the_system_and_shortcuts_are_none() -> None:
    made = reader("xcb")
    assert read(made, event("\x1d", 27 + XCB, CONTROL)) == "\x1d"
    assert read(made, event("v", 47 + XCB, CONTROL)) == ""
    assert read(made, event("@", 16 + XCB, CONTROL | ALT)) == "@", "AltGr types"


def alt_typed(made: KeyReader, number: str) -> str:
    """Type a number on the keypad while Alt is held; return what its release tells."""
    codes = (82, 79, 80, 81, 75, 76, 77, 71, 72, 73)
    for digit in number:
        assert read(made, event(digit, codes[int(digit)] + XCB, ALT)) == ""
    told = made.let_go(event("", 56 + XCB, key=Qt.Key.Key_Alt, release=True), press_unseen=False)
    return told.character if told else ""


@pytest.mark.parametrize("layout", ["xcb", "wayland"])
def test_alt_and_keypad_digits_are_characters(layout: str) -> None:
    made = reader(layout)
    assert "".join(alt_typed(made, f"{ord(character):03}") for character in TEXT) == TEXT
    assert alt_typed(made, "0065") == "A"
    assert alt_typed(made, "13") == "\r"


@pytest.mark.parametrize("number", ["", "6", "999", "99999", "7", "27", "0007"])
def test_alt_and_other_numbers_are_none(number: str) -> None:
    assert alt_typed(reader("xcb"), number) == ""


def test_windows_makes_characters_of_alt_codes_itself() -> None:
    made = reader("windows")
    made.pressed(event("6", 77, ALT), command=False, source=None)
    made.pressed(event("5", 76, ALT), command=False, source=None)
    assert made.let_go(event("", 56, key=Qt.Key.Key_Alt, release=True), press_unseen=False) is None


def test_a_key_that_an_input_method_took_is_told_by_its_release() -> None:
    made = reader("xcb")
    told = made.let_go(event("", 26 + XCB, release=True), press_unseen=True)
    assert told is not None
    assert told.character == "["
    assert made.let_go(event("", 26 + XCB, release=True), press_unseen=False) is None
    assert made.let_go(event("", 42 + XCB, key=Qt.Key.Key_Shift, release=True), press_unseen=True) is None
