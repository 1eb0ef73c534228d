"""Two builds of one commit bring the same files, down to the last byte."""

from __future__ import annotations

import shutil
import subprocess
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent.parent.parent
BUILDER = ROOT / ".venv-bundle" / "bin" / "python"


def test_two_builds_of_one_commit_are_the_same(tmp_path: Path) -> None:
    git = shutil.which("git")
    if git is None or not (ROOT / ".git").exists() or not BUILDER.exists():
        pytest.skip("TWO BUILDS WERE NOT COMPARED: a repository, git and .venv-bundle are needed")
    archive = tmp_path / "source.tar"
    subprocess.run([git, "-C", str(ROOT), "archive", "--output", str(archive), "HEAD"], check=True)
    source = tmp_path / "source"
    shutil.unpack_archive(archive, source, filter="data")
    # At once: whatever depends on what else runs, or on which of them is quicker, would show.
    with ThreadPoolExecutor(2) as builders:
        lists = list(
            builders.map(partial(_list_of_a_build, source), (tmp_path / "first", tmp_path / "second"))
        )
    assert len(lists[0]) > 3000
    assert lists[0] == lists[1]


def _list_of_a_build(source: Path, work: Path) -> list[str]:
    command = [str(BUILDER), str(source / "installer" / "build.py"), "--quiet", "--unchecked"]
    subprocess.run([*command, "--work", str(work), "--dist", str(work / "dist")], check=True, timeout=900)
    return (work / "files.sha256").read_text(encoding="utf-8").splitlines()
