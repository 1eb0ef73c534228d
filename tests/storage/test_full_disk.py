"""A file system that really is full: the sale under way is finished with the reserve."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, suppress
from pathlib import Path

import pytest

from cashier_app.domain.sale import EffectKind, EffectState
from cashier_app.errors import KnownError
from cashier_app.storage import reserve
from cashier_app.storage.journal import SqliteJournal
from cashier_app.storage.opening import open_journal
from tests.fakes.clock import START
from tests.fakes.effects import effect, sale, sale_id

MEBIBYTE = 1024 * 1024


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """Mount a file system of 40 MiB."""
    if sys.platform != "linux" or os.geteuid() != 0:
        pytest.skip("only root on Linux may mount a small file system")
    folder = tmp_path / "small"
    folder.mkdir()
    mounted = subprocess.run(
        ["/bin/mount", "-t", "tmpfs", "-o", "size=40m", "tmpfs", str(folder)],
        check=False,
        capture_output=True,
    )
    if mounted.returncode != 0:
        pytest.skip("this system lets nobody mount a file system")
    yield folder
    subprocess.run(["/bin/umount", str(folder)], check=True)


def test_the_sale_under_way_is_posted_with_the_reserve_and_the_next_refused_at_last(
    small_disk: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reserve, "LEAST_FREE_BYTES", 0)
    with closing(open_journal(small_disk / "till.sqlite", "2", START)) as journal:
        journal.reserve.keep()
        assert journal.reserve.kept
        _fill(small_disk)
        done = _sell_until_refused(journal, small_disk)
        assert not (small_disk / reserve.RESERVE_FILE).exists()
        assert [line.state for line in journal.recent(10_000)].count(EffectState.POSTED) == 1
        assert journal.look_for_damage() == 0
        assert len(journal.recent(10_000)) == done
        (small_disk / "other").unlink()
        assert journal.commit_sale(sale(done + 1), []).number == f"2-{done + 1:04d}"
        journal.reserve.keep()
    with closing(open_journal(small_disk / "till.sqlite", "2", START)) as again:
        assert again.recovery is None
        assert len(again.recent(10_000)) == done + 1


def _fill(folder: Path) -> None:
    """Let another program use up the disk."""
    with suppress(OSError), (folder / "other").open("ab", buffering=0) as file:
        while file.write(b"x" * 4096):
            pass


def _sell_until_refused(journal: SqliteJournal, folder: Path) -> int:
    """Sell and post until the disk is full for good; return how many sales were said to be done."""
    done = 0
    while done < 5000:
        count = done + 1
        try:
            journal.commit_sale(sale(count), [effect(EffectKind.SALE, count)])
        except KnownError as error:
            assert "disk is full" in error.sentence  # noqa: PT017 - the last of many calls fails
            assert journal.effects_of(sale_id(count)) == []
            return done
        done = count
        if not journal.reserve.kept and not (folder / "posted").exists():
            key = effect(EffectKind.SALE, count).key
            journal.move(key, EffectState.SENDING, answer="", at=START)
            journal.move(key, EffectState.POSTED, answer="posted", at=START)
            # The other program takes the rest, too.
            (folder / "posted").touch()
            _fill(folder)
    raise AssertionError("the disk never filled")
