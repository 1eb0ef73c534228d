"""`cashier-cli health` beside a till that runs, and after one that was killed."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import apsw
import pytest

from cashier_app.demo_shop import DemoShop


def health(folder: Path, *more: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-W", "error", "-m", "cashier_app", "health", "--demo", "--data", str(folder)]
    return subprocess.run([*command, *more], capture_output=True, text=True, timeout=60, check=False)


@contextmanager
def offline_till(folder: Path) -> Iterator[subprocess.Popen[str]]:
    command = [sys.executable, str(Path(__file__).with_name("offline_till.py")), str(folder)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            assert process.stdout.readline() == "offline\n"
            yield process
        finally:
            process.kill()


def spells(folder: Path) -> list[tuple[str, bool]]:
    with closing(apsw.Connection(str(folder / "till.sqlite"))) as connection:
        return [
            (str(state), 0 <= int(str(milliseconds)) < 60_000)
            for state, milliseconds in connection.execute("SELECT state, milliseconds FROM offline_spell")
        ]


def test_a_running_till_is_seen_and_a_killed_ones_spell_is_ended_by_the_next(tmp_path: Path) -> None:
    with offline_till(tmp_path) as till:
        beside = health(tmp_path)
        assert (beside.returncode, beside.stderr) == (1, "")
        assert "1 problem" in beside.stdout
        assert "Offline since" in beside.stdout
        till.kill()
        till.wait()
    assert spells(tmp_path) == [("open", True)]
    shop = DemoShop(tmp_path)
    try:
        shop.till.workshop()
        assert spells(tmp_path) == [("cut short", True)]
    finally:
        shop.till.close()
    after = health(tmp_path, "--json")
    found = json.loads(after.stdout)
    assert (after.returncode, found["ok"], found["offline_since"]) == (0, True, None)
    assert found["latency"]["calls"] == 0


def test_without_a_till_it_says_so(tmp_path: Path) -> None:
    done = health(tmp_path)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.strip().splitlines() == ["This till has no sales yet."]


@pytest.mark.parametrize("more", [(), ("--json",)])
def test_a_damaged_database_is_one_sentence(tmp_path: Path, more: tuple[str, ...]) -> None:
    (tmp_path / "till.sqlite").write_bytes(b"SQLite format 3\0" + b"\xff" * 5000)
    done = health(tmp_path, *more)
    assert done.returncode == 2
    assert "Traceback" not in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1
