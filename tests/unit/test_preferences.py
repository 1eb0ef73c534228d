"""What was chosen at a till comes back, and a broken file costs no more than the choices."""

from pathlib import Path

import pytest

from cashier_app.device_sections import ScannerSection
from cashier_app.preferences import FILE_NAME, Preferences, PreferencesFile


def test_nothing_chosen_yet(tmp_path: Path) -> None:
    assert PreferencesFile(tmp_path).read() == Preferences()


def test_choices_come_back_after_a_restart(tmp_path: Path) -> None:
    PreferencesFile(tmp_path).change(camera="Logitech C920", scanner=ScannerSection(prefix="\x02"))
    PreferencesFile(tmp_path).change(sound="quiet")
    read = PreferencesFile(tmp_path).read()
    assert read == Preferences(camera="Logitech C920", scanner=ScannerSection(prefix="\x02"), sound="quiet")


@pytest.mark.parametrize("text", ["", "{", '{"camera": 3}', '{"sound": "loud"}', "[" * 20_000, " " * 70_000])
def test_a_damaged_file_is_put_aside(tmp_path: Path, text: str) -> None:
    (tmp_path / FILE_NAME).write_text(text)
    preferences = PreferencesFile(tmp_path)
    assert preferences.read() == Preferences()
    assert (tmp_path / "preferences.damaged").read_text() == text
    preferences.change(keypad=True)
    assert PreferencesFile(tmp_path).read().keypad is True


def test_a_later_version_s_choices_do_no_harm(tmp_path: Path) -> None:
    (tmp_path / FILE_NAME).write_text('{"camera": "A", "hologram": true}')
    assert PreferencesFile(tmp_path).read().camera == "A"


def test_a_disk_that_refuses_keeps_the_choice_for_now(tmp_path: Path) -> None:
    preferences = PreferencesFile(tmp_path / "not there")
    assert preferences.change(theme="dark").theme == "dark"
    assert preferences.read().theme == "dark"


def test_what_was_chosen_last_is_kept_in_whatever_order_it_is_written(tmp_path: Path) -> None:
    preferences = PreferencesFile(tmp_path)
    keepers = [preferences.choose(camera=name) for name in ("first", "second", "last")]
    assert preferences.read().camera == "last"
    assert not (tmp_path / FILE_NAME).exists()
    for keep in reversed(keepers):
        keep()
        assert PreferencesFile(tmp_path).read().camera == "last"


def test_an_unknown_choice_is_a_bug(tmp_path: Path) -> None:
    with pytest.raises(TypeError):
        PreferencesFile(tmp_path).change(hologram=True)
