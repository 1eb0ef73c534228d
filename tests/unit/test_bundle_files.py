from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import msgspec
import pytest

from cashier_app import bundle_files
from cashier_app.bundle_files import Damage, damage_of, told, write_list

LIBRARY = Path(msgspec.__file__).parent / "_core"
REPLACEABLE = "_internal/PySide6/libQt6Made.so.6"


@pytest.fixture
def bundle(tmp_path: Path) -> Path:
    """A bundle of five files and a link."""
    library = next(LIBRARY.parent.glob("_core*.so"), None)
    if library is None:
        pytest.skip("LIBRARIES CUT SHORT WERE NOT TRIED: this system's are of another kind")
    contents = {
        "cashier-app": b"program",
        "_internal/base_library.zip": b"modules",
        "_internal/own/core.so": library.read_bytes(),
        REPLACEABLE: library.read_bytes(),
        "_internal/PySide6/größe.txt": b"",
    }
    for place, content in contents.items():
        (tmp_path / place).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / place).write_bytes(content)
    (tmp_path / "_internal/link.so").symlink_to("own/core.so")
    write_list(tmp_path)
    return tmp_path


def test_as_built_nothing_is_told(bundle: Path) -> None:
    damage = damage_of(bundle)
    assert damage == Damage((), (), (), 5)
    assert told(damage) == []


def test_the_list_is_one_other_tools_read(bundle: Path) -> None:
    tool = shutil.which("sha256sum")
    if tool is None:
        pytest.skip("THE LIST WAS NOT READ BY ANOTHER TOOL: sha256sum is not here")
    command = [tool, "--check", "--strict", "--quiet", bundle_files.FILE_LIST]
    assert subprocess.run(command, cwd=bundle, check=False).returncode == 0
    (bundle / "cashier-app").write_bytes(b"another")
    assert subprocess.run(command, cwd=bundle, check=False, capture_output=True).returncode == 1


def test_what_is_missing_or_changed_is_named(bundle: Path) -> None:
    (bundle / "_internal/base_library.zip").unlink()
    (bundle / "cashier-app").write_bytes(b"progra")
    (bundle / "_internal/own/core.so").write_bytes(b"")
    assert told(damage_of(bundle)) == [
        "One file is missing: _internal/base_library.zip.",
        "2 files are changed or cut short: _internal/own/core.so, cashier-app.",
    ]


def test_a_library_of_ones_own_is_fine(bundle: Path) -> None:
    with (bundle / REPLACEABLE).open("ab") as opened:
        opened.write(b"built by somebody else")
    damage = damage_of(bundle)
    assert damage.replaced == (REPLACEABLE,)
    assert told(damage) == []


@pytest.mark.parametrize("kept", [0, 40, 64, 600, 0.5, 0.7])
def test_a_library_that_was_cut_short_is_not(bundle: Path, kept: float) -> None:
    file = bundle / REPLACEABLE
    content = file.read_bytes()
    file.write_bytes(content[: kept if isinstance(kept, int) else int(len(content) * kept)])
    assert damage_of(bundle).broken == (REPLACEABLE,)


@pytest.mark.parametrize("content", [None, b"", b"\xff\xfe", b"no list at all\n"])
def test_without_a_list_nobody_can_say(bundle: Path, content: bytes | None) -> None:
    if content is None:
        (bundle / bundle_files.FILE_LIST).unlink()
    else:
        (bundle / bundle_files.FILE_LIST).write_bytes(content)
    assert "SHA256SUMS" in told(damage_of(bundle))[0]


def test_many_are_counted_and_some_named() -> None:
    (sentence,) = told(Damage(tuple("abcdefg"), (), (), 9))
    assert sentence == "7 files are missing: a, b, c, d, e and 2 more."
