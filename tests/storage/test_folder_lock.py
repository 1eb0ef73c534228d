"""One process per data folder, and the lock ends with the process, however that ends."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from cashier_app.errors import KnownError
from cashier_app.storage.folder_lock import FolderLock

HOLD_IT = """
import sys
from pathlib import Path
from cashier_app.storage.folder_lock import FolderLock
lock = FolderLock(Path(sys.argv[1]))
print("held", flush=True)
sys.stdin.read()
"""


def test_a_second_till_is_refused_until_the_first_is_done(tmp_path: Path) -> None:
    first = FolderLock(tmp_path / "data")
    with pytest.raises(KnownError, match="already open"):
        FolderLock(tmp_path / "data")
    first.release()
    FolderLock(tmp_path / "data").release()


def test_a_killed_process_leaves_no_lock(tmp_path: Path) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", HOLD_IT, str(tmp_path)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=Path(__file__).parents[2],
    ) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "held\n"
        with pytest.raises(KnownError, match="already open"):
            FolderLock(tmp_path)
        holder.kill()
    FolderLock(tmp_path).release()


def test_a_folder_that_cannot_be_made_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(KnownError, match="cannot be written"):
        FolderLock(tmp_path / "file")


def test_a_lock_file_that_is_something_else_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "till.lock").write_text("not what SQLite expects here" * 100)
    with pytest.raises(KnownError, match="cannot be written"):
        FolderLock(tmp_path)
