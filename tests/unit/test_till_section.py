"""`[till]`: what may be set, and one sentence for what may not."""

from __future__ import annotations

from pathlib import Path

import pytest

from cashier_app.config import read_config, till_settings
from cashier_app.demo_shop import DEMO_CONFIG
from cashier_app.errors import KnownError

SHOP = """
[store]
name = "Marigold Stores"
till = "2"
region = "IN"
currency = "INR"
decimals = 2
locale = "en_IN"
time_zone = "Asia/Kolkata"

[backend]
address = "https://loyalty.example"
"""


def written(folder: Path, more: str = "") -> Path:
    path = folder / "till.toml"
    path.write_text(SHOP + more)
    return path


@pytest.mark.parametrize(
    ("more", "minutes"),
    [("", 10), ("[till]\nsame_member_minutes = 0", 0), ("[till]\nsame_member_minutes = 1440", 1440)],
)
def test_the_same_member_is_asked_about_for_ten_minutes_unless_set(
    tmp_path: Path, more: str, minutes: int
) -> None:
    assert till_settings(read_config(written(tmp_path, more))).same_member_minutes == minutes


@pytest.mark.parametrize("minutes", ["-1", "1441", "true", "'10'"])
def test_what_makes_no_sense_is_refused_by_name(tmp_path: Path, minutes: str) -> None:
    with pytest.raises(KnownError, match="same_member_minutes"):
        read_config(written(tmp_path, f"[till]\nsame_member_minutes = {minutes}"))


def test_who_practises_is_not_asked() -> None:
    assert till_settings(DEMO_CONFIG).same_member_minutes == 0
