"""Devices in words: every obstacle says what to do, and what a device calls itself cannot do harm."""

from __future__ import annotations

import pytest

from cashier_app.device_sections import ScannerSection
from cashier_app.domain.calibration import Calibration, NotCalibrated, Obstacle, Remark, Terminator
from cashier_app.ports.serial_scanner import SerialDevice, SerialState, SerialStatus
from cashier_app.wording import Tone
from cashier_app.wording.calibration import failed_words, found_words, scanner_in_brief
from cashier_app.wording.devices import (
    DeviceFacts,
    camera_page_words,
    devices_words,
    masked,
    serial_page_words,
)
from cashier_app.wording.menu import Entry, MenuFacts, menu_words
from tests.unit.wording_shown import WORDING


def a_calibration(**changes: object) -> Calibration:
    values: dict[str, object] = {
        "found": ScannerSection(prefix="\x02", suffix="$", mean_gap_ms=65),
        "terminator": Terminator.ENTER,
        "gaps": ((35, 36),),
        "mean_gap_ms": 35,
        "longest_gap_ms": 80,
    }
    return Calibration(**(values | changes))  # type: ignore[arg-type]


@pytest.mark.parametrize("why", Obstacle)
def test_every_obstacle_has_a_title_and_says_what_to_do(why: Obstacle) -> None:
    words = failed_words(NotCalibrated(why, 3), WORDING)
    assert words.title.full
    assert words.sentence.full.endswith(".")
    assert words.spoken == f"{words.title.full}. {words.sentence.full}"
    others = [
        failed_words(NotCalibrated(other, 3), WORDING).title.full for other in Obstacle if other is not why
    ]
    assert words.title.full not in others


def test_what_is_lost_is_counted() -> None:
    one, three = (failed_words(NotCalibrated(Obstacle.DROPPED, n), WORDING).title.full for n in (1, 3))
    assert (one, three) == ("1 character was lost", "3 characters were lost")


@pytest.mark.parametrize("remark", Remark)
def test_every_remark_is_said(remark: Remark) -> None:
    plain = found_words(a_calibration(), WORDING)
    words = found_words(a_calibration(remarks=(remark,)), WORDING)
    # Nothing after a code is said with its end.
    assert len(words.rows) == len(plain.rows) + (remark is not Remark.NOTHING_AFTER)


@pytest.mark.parametrize("terminator", Terminator)
def test_every_end_is_said(terminator: Terminator) -> None:
    said = found_words(a_calibration(terminator=terminator, found=ScannerSection()), WORDING).rows[0]
    assert said.sentence.full.startswith(("Presses", "Sends"))


def test_marks_and_pace() -> None:
    words = found_words(a_calibration(scans=2), WORDING)
    assert words.title.full == "This scanner works"
    assert words.sentence.full == "35 ms between characters, 80 at most. Known by its prefix."
    without = found_words(a_calibration(found=ScannerSection(mean_gap_ms=65)), WORDING)
    assert without.sentence.full == "35 ms between characters, 80 at most. Allowed: 65 ms."
    assert "Types STX before and $ after a code" in [row.sentence.full for row in words.rows]
    assert words.rows[-1].sentence.full == "2 scans agree"
    once = found_words(a_calibration(), WORDING)
    assert once.title.full == "This scanner works, it seems"
    assert once.rows[-1].tone is Tone.WAIT


def test_settings_in_one_line() -> None:
    said = scanner_in_brief(ScannerSection(suffix="\x1d", layout="computer"), WORDING)
    assert (
        said.full == "Up to 35 ms between characters, types GS after a code, read by this computer's layout"
    )
    assert said.short == "Up to 35 ms between characters"


def test_names_from_devices_are_plain_text() -> None:
    evil = "\u202eCam\nera"
    words = camera_page_words(DeviceFacts(camera=evil), [evil], WORDING)
    assert words.rows[1].label == "Cam era"
    assert devices_words(DeviceFacts(camera=evil), WORDING).cards[1].chosen.full == "Cam era"
    serial = serial_page_words(DeviceFacts(), [SerialDevice("COM3", evil, "COM3")], WORDING)
    assert serial.rows[1].label == "Cam era"


@pytest.mark.parametrize("state", SerialState)
def test_every_state_of_the_serial_scanner_is_on_its_card(state: SerialState) -> None:
    facts = DeviceFacts(serial="COM3", status=SerialStatus(state, "COM3"))
    assert devices_words(facts, WORDING).cards[2].state.sentence.full


def test_a_code_is_masked() -> None:
    assert masked("LC1:PRYA7K2M4Q9XW3TB") == "LC1…TB"
    assert masked("12345678") == "••••••••"
    assert masked("") == ""


def test_the_menu_has_each_entry_in_words() -> None:
    words = menu_words(tuple(Entry), MenuFacts(), WORDING)
    assert [entry.entry for entry in words.entries] == list(Entry)
    assert len({entry.label.full for entry in words.entries}) == len(Entry)
