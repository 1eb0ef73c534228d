"""`cashier-cli stats` in a process of its own, beside the till whose sales it counts."""

from __future__ import annotations

import csv
import io
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from cashier_app.data_folder import JOURNAL_FILE
from cashier_app.storage.database import Database
from tests.fakes.clock import START
from tests.fakes.counter import PRIYAS_CODE, RAHULS_CODE, Counter
from tests.fakes.keys import serve

DAY = "2025-05-10"
NOON = datetime(2025, 5, 10, 6, 30, tzinfo=UTC)
"""Long ago, so that the day is over wherever this runs; 12:00 in the shop."""


def cli(folder: Path, *options: str, encoding: str = "utf-8") -> subprocess.CompletedProcess[bytes]:
    command = [sys.executable, "-W", "error", "-m", "cashier_app", "stats", "--demo", "--data", str(folder)]
    environment = {**os.environ, "PYTHONIOENCODING": encoding}
    return subprocess.run([*command, *options], capture_output=True, timeout=60, check=False, env=environment)


def answer(folder: Path, *options: str) -> dict[str, Any]:
    done = cli(folder, "--json", *options)
    assert done.returncode == 0, done.stderr
    found: dict[str, Any] = json.loads(done.stdout)
    return found


@pytest.fixture
def till(tmp_path: Path) -> Iterator[Counter]:
    """Return a till that sold with points, without, and to nobody; and is still open."""
    opened = Counter(tmp_path)
    opened.clock.jump((NOON - START).total_seconds())
    opened.open_for_business()
    serve(opened, PRIYAS_CODE, "2360")
    opened.press_enter(3)
    opened.drain()
    opened.clock.advance(3600)
    serve(opened, RAHULS_CODE, "1150")
    opened.press_enter(3)
    opened.session.without_member()
    opened.type("500")
    opened.press_enter(3)
    yield opened
    opened.close()


def test_the_figures_of_a_till_that_is_open(till: Counter, tmp_path: Path) -> None:
    sold = [line.sale for line in till.journal.recent(10)]
    assert len(sold) == 3
    found = answer(tmp_path, "--date", DAY)
    figures = found["figures"]
    assert (figures["sales"], figures["member_sales"], figures["redeemed_sales"]) == (3, 2, 1)
    assert figures["bill"] == sum(sale.bill.minor for sale in sold)
    assert figures["paid"] == sum(sale.paid.minor for sale in sold)
    assert figures["discount"] == 200_00
    assert (figures["used"], figures["waiting_used"]) == ("200", "0")
    assert float(figures["earned"]) > 0, "posted"
    assert float(figures["waiting_earned"]) > 0, "the second sale is not posted yet"
    assert figures["attach_rate"] == "0.666667"
    assert [one["hour"] for one in found["hours"]] == [12, 13]
    assert [one["figures"]["sales"] for one in found["hours"]] == [1, 2]
    assert {one["part"]: one["figures"]["sales"] for one in found["ways"]} == {"wallet code": 2, "": 1}
    till.drain()
    assert answer(tmp_path, "--date", DAY)["figures"]["waiting_earned"] == "0"


def test_every_way_to_ask(till: Counter, tmp_path: Path) -> None:
    assert len(till.journal.recent(10)) == 3
    for options in (
        ("--week", "--date", DAY),
        ("--month", "--date", DAY),
        ("--from", "2025-01-01", "--to", "2025-12-31"),
        ("--date", DAY, "--till", "2", "--store", "Marigold Stores"),
    ):
        assert answer(tmp_path, *options)["figures"]["sales"] == 3
    printed = cli(tmp_path, "--date", DAY, "--explain")
    assert printed.returncode == 0, printed.stderr
    text = printed.stdout.decode()
    assert "Saturday 10 May" in text
    assert "67%" in text
    assert "\N{REPLACEMENT CHARACTER}" not in text
    table = cli(tmp_path, "--date", DAY, "--csv", "--bom").stdout
    assert table.startswith(b"\xef\xbb\xbfTRAINING,first,")
    rows = list(csv.DictReader(io.StringIO(table.decode("utf-8-sig"), newline="")))
    assert rows[0]["sales"] == "3"
    check = cli(tmp_path, "--check")
    assert (check.returncode, check.stderr) == (0, b"")


def test_the_check_finds_a_figure_that_was_changed(till: Counter, tmp_path: Path) -> None:
    till.close()
    database = Database(tmp_path / JOURNAL_FILE)
    with database.writing() as connection:
        connection.execute("UPDATE day_figure SET bill = bill + 1 WHERE split = ''")
    database.close()
    check = cli(tmp_path, "--check")
    assert check.returncode == 1
    lines = check.stdout.decode().splitlines()
    assert len(lines) == 2
    assert lines[1].startswith(f"  {DAY} INR bill: kept ")


def test_a_terminal_that_cannot_write_everything(till: Counter, tmp_path: Path) -> None:
    assert till.journal.recent(1)
    whole = answer(tmp_path, "--date", DAY, "--explain")
    printed = cli(tmp_path, "--date", DAY, encoding="ascii")
    assert (printed.returncode, printed.stderr) == (0, b"")
    assert b"?3,810.00" in printed.stdout
    narrow = json.loads(cli(tmp_path, "--date", DAY, "--explain", "--json", encoding="ascii").stdout)
    assert narrow["definitions"] == whole["definitions"]
    assert cli(tmp_path, "--date", DAY, "--csv", encoding="ascii").returncode == 0


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        ((), "This till has no sales yet."),
        (("--check",), "This till has no sales yet."),
        (("--date", "9999-12-31"), "9999-12-31 has not come yet."),
    ],
)
def test_nothing_there(tmp_path: Path, options: tuple[str, ...], sentence: str) -> None:
    done = cli(tmp_path, *options)
    assert (done.returncode, done.stdout, done.stderr.decode()) == (2, b"", f"{sentence}\n")
    assert list(tmp_path.iterdir()) == []
