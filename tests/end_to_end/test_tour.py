"""The tour as `cashier-app --demo --tour` plays it: the real window, real keys, real HTTP, the ledger."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

SCREENSHOTS = 14
PNG = b"\x89PNG\r\n\x1a\n"


def window(*arguments: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen"}
    command = [sys.executable, "-W", "error", "-m", "ui", *arguments]
    return subprocess.run(command, env=environment, capture_output=True, text=True, timeout=120, check=False)


def test_four_customers_are_served_and_each_is_in_the_ledger_once(tmp_path: Path) -> None:
    done = window("--demo", "--tour", "--screenshots", str(tmp_path))
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stderr == ""
    *customers, end = [json.loads(line) for line in done.stdout.splitlines()]
    assert [line["customer"] for line in customers] == [
        "wallet picture",
        "phone number",
        "capped",
        "network down",
    ]
    assert [line["discount_minor"] for line in customers] == [20000, 0, 25000, 0]
    assert [line["posted"] for line in customers] == [True, True, True, False]
    assert len({line["sale_id"] for line in customers}) == 4
    assert end["each_in_the_ledger_once"] is True
    assert end["fault"] == ""
    pictures = sorted(tmp_path.glob("*.png"))
    assert len(pictures) == end["screenshots"] == SCREENSHOTS
    assert all(picture.read_bytes().startswith(PNG) for picture in pictures)


def test_the_tour_takes_the_fewest_presses_the_screen_promises() -> None:
    lines = [json.loads(line) for line in window("--demo", "--tour").stdout.splitlines()]
    presses = {line["customer"]: line["key_presses_beyond_figures"] for line in lines if "customer" in line}
    assert presses["wallet picture"] == 3
    assert presses["phone number"] == 2
    assert presses["capped"] == 2


def test_nothing_slow_is_imported_before_the_first_frame(tmp_path: Path) -> None:
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen"}
    command = [sys.executable, "-m", "tests.benchmarks.till_window", "late", str(tmp_path / "data")]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=60, check=True)
    assert done.stdout.strip() == "none"


def test_nonsense_gets_one_sentence(tmp_path: Path) -> None:
    refused = [
        ("--tour",),
        ("--screenshots", str(tmp_path)),
        ("--demo", "--size", "12x12"),
        ("--demo", "--size", "\u0663\u0662\u0660x\u0664\u0660\u0660"),
        ("--nonsense",),
        ("--config", str(tmp_path / "missing.toml")),
        ("--demo", "--config", "x"),
    ]
    for arguments in refused:
        done = window(*arguments)
        assert done.returncode == 2, arguments
        assert len(done.stderr.strip().splitlines()) == 1, done.stderr


def test_a_second_till_on_the_same_folder_is_refused(tmp_path: Path) -> None:
    from cashier_app.data_folder import mark_practice
    from cashier_app.storage.folder_lock import FolderLock

    mark_practice(tmp_path)
    lock = FolderLock(tmp_path)
    try:
        done = window("--demo", "--data", str(tmp_path))
    finally:
        lock.release()
    assert done.returncode == 2
    assert done.stderr.strip() == "The till is already open on this computer."
