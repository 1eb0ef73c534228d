"""What Debian's own tools say of the package, and that it is built the same twice."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.packaging.debian import packages


def test_debians_own_checks_find_no_error_or_warning(built: dict[str, Path]) -> None:
    tool = shutil.which("lintian")
    if tool is None:
        pytest.skip("LINTIAN WAS NOT ASKED: sudo apt-get install lintian")
    # Packed quickly for these tests; what is given out is packed as Debian wants it.
    quick = ["--suppress-tags", "malformed-deb-archive"]
    command = [tool, "--allow-root", "--fail-on", "error,warning", *quick, str(built[packages.NEW])]
    said = subprocess.run(command, check=False, capture_output=True, text=True)
    assert said.returncode == 0, said.stdout
    found = [line for line in said.stdout.splitlines() if line.startswith(("E:", "W:"))]
    assert found == []


def test_every_dependency_debian_would_compute_is_named(built: dict[str, Path], tmp_path: Path) -> None:
    """dpkg-shlibdeps knows only libraries of this computer; what it does know must be in ours."""
    tool = shutil.which("dpkg-shlibdeps")
    if tool is None:
        pytest.skip("DEPENDENCIES WERE NOT COMPARED: sudo apt-get install dpkg-dev")
    (tmp_path / "debian").mkdir()
    (tmp_path / "debian/control").write_text(
        "Source: x\n\nPackage: x\nArchitecture: any\nDescription: x\n", encoding="ascii"
    )
    internal = packages.BUNDLE / "_internal"
    folders = {str(file.parent) for file in internal.rglob("*.so*")}
    files = [str(file) for file in internal.rglob("*.so*") if file.is_file() and not file.is_symlink()]
    programs = [str(packages.BUNDLE / name) for name in ("cashier-app", "cashier-cli")]
    command = [tool, "-O", "--ignore-missing-info", *(f"-l{folder}" for folder in sorted(folders))]
    said = subprocess.run(
        [*command, *programs, *files], cwd=tmp_path, check=False, capture_output=True, text=True
    )
    computed = said.stdout.partition("shlibs:Depends=")[2].strip()
    assert "libc6" in computed, said.stderr[-2000:]
    named = set(re.findall(r"[a-z][a-z0-9.+-]+", _field(built[packages.NEW], "Depends")))
    missing = [one for one in computed.split(", ") if one.split()[0] not in named]
    assert missing == []


def test_the_same_bundle_makes_the_same_package(
    small_built: dict[str, Path], tmp_path_factory: pytest.TempPathFactory
) -> None:
    first = small_built[packages.NEW]
    again = packages.small(packages.NEW, tmp_path_factory.mktemp("again"))
    assert again.name == first.name
    assert again.read_bytes() == first.read_bytes()


def test_a_library_nobody_knows_stops_the_build(tmp_path: Path) -> None:
    bundle = tmp_path / "bundle"
    (bundle / "_internal").mkdir(parents=True)
    program = Path("/bin/dash").read_bytes()
    (bundle / "cashier-app").write_bytes(program.replace(b"libc.so.6\0", b"libx.so.6\0"))
    with pytest.raises(AssertionError, match=r"No package is known for libx\.so\.6 \(for cashier-app\)"):
        packages.build(bundle, "0.1.0", tmp_path)


def _field(package: Path, name: str) -> str:
    command = ["dpkg-deb", "-f", str(package), name]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout
