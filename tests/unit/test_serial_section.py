"""`[serial]` in the settings file."""

from __future__ import annotations

from pathlib import Path

import pytest

from cashier_app.config import read_config
from cashier_app.device_sections import SerialSection
from cashier_app.errors import KnownError
from tests.unit.test_config import GOOD, written


def test_a_scanner_with_letters_before_its_scans(tmp_path: Path) -> None:
    text = '[serial]\ndevice = "1FC9:0094:V100"\nbaud = 115200\nprefixes = ["A", "G"]\nsuffix = "$"\n'
    config = read_config(written(tmp_path, GOOD + text))
    assert config.serial == SerialSection("1FC9:0094:V100", 115200, ("A", "G"), "$")
    assert read_config(written(tmp_path, GOOD)).serial == SerialSection()


@pytest.mark.parametrize(
    ("line", "named"),
    [
        ("baud = 50", "serial.baud"),
        ('prefixes = [""]', "serial.prefixes"),
        ('prefixes = ["\u0410"]', "serial.prefixes"),
        (f"prefixes = {[str(n) for n in range(20)]}", "serial.prefixes"),
        (f'suffix = "{"x" * 17}"', "serial.suffix"),
        ("speed = 9600", "speed"),
    ],
)
def test_what_makes_no_sense_is_named(tmp_path: Path, line: str, named: str) -> None:
    with pytest.raises(KnownError) as refused:
        read_config(written(tmp_path, f"{GOOD}[serial]\n{line}\n"))
    assert named in refused.value.sentence
