"""Reading a scanner by key positions, whatever layout the computer has."""

import string

import pytest

from cashier_app.scanning.us_keyboard import XCB_OFFSET, us_character

# What X11 reports for the keys that a scanner presses for "]Q3LC1:A-z/?_": key number, Shift.
X11_KEYS = [
    (35, False), (24, True), (12, False), (46, True), (54, True), (10, False), (47, True), (38, True),
    (20, False), (52, False), (61, False), (61, True), (20, True),
]  # fmt: skip


def test_x11_keys_read_as_the_scanner_meant_them() -> None:
    assert "".join(us_character(code - XCB_OFFSET, shift=shift) or "" for code, shift in X11_KEYS) == (
        "]Q3LC1:A-z/?_"
    )


@pytest.mark.parametrize(
    ("scan_code", "shift", "character"),
    [
        (2, False, "1"), (11, True, ")"), (13, True, "+"), (27, True, "}"), (40, True, '"'), (41, True, "~"),
        (43, False, "\\"), (43, True, "|"), (50, False, "m"), (51, True, "<"), (57, True, " "),
        (15, False, "\t"), (28, False, "\r"), (0x11C, False, "\r"), (96, True, "\r"),
    ],
)  # fmt: skip
def test_windows_and_evdev_codes(scan_code: int, shift: bool, character: str) -> None:  # noqa: FBT001
    assert us_character(scan_code, shift=shift) == character


@pytest.mark.parametrize(
    "scan_code", [-8, 0, 1, 14, 29, 42, 54, 55, 56, 58, 59, 71, 86, 87, 88, 0x148, 99999]
)
def test_keys_without_a_character_of_their_own_have_none(scan_code: int) -> None:
    assert us_character(scan_code, shift=False) is None
    assert us_character(scan_code, shift=True) is None


def test_every_printable_ascii_character_has_exactly_one_key() -> None:
    pressed = [us_character(code, shift=shift) for code in range(58) for shift in (False, True)]
    typed = [character for character in pressed if character and not character.isspace()]
    assert sorted(typed) == sorted(string.ascii_letters + string.digits + string.punctuation)
