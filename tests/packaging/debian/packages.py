"""Packages to try: the real one in two versions, small ones that tell a mixture, some with a planted bug."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
BUNDLE = Path(os.environ.get("CASHIER_BUNDLE") or ROOT / "dist" / "cashier-app")
QUICKLY = "-Zzstd -z1"
OLD, NEW = "0.0.9", "0.1.0"
PARTS = 40
START = "/usr/lib/cashier-app/current/_internal/start.sh"
_START_SCRIPT = f"""
here=$(dirname "$(readlink -f /proc/$$/exe)")
read -r version < "$here/_internal/version"
for part in $(seq 1 {PARTS}); do
    read -r said < "$here/_internal/part-$part" || exit 3
    [ "$said" = "part $part of $version" ] || exit 4
done
echo "$version"
"""


class NoPackageError(Exception):
    """The package cannot be built here; the text says why."""


def builder() -> list[str]:
    """Return the command that builds a package.

    Raises:
        NoPackageError: The build's own environment is not there.
    """
    python = ROOT / ".venv-bundle/bin/python"
    if not python.is_file():
        raise NoPackageError("run make bundle first: the build's environment is missing")
    return [str(python), str(ROOT / "installer/linux/build_deb.py")]


def build(bundle: Path, version: str, out: Path) -> Path:
    """Build a package of a bundle under a version and return its file.

    Raises:
        NoPackageError: There is no bundle, or nothing to build it with.
    """
    if not (bundle / "cashier-app").is_file():
        raise NoPackageError(f"run make bundle first: there is nothing in {bundle}")
    command = [*builder(), "--bundle", str(bundle), "--version", version, "--out", str(out)]
    # Written with "=": what it is given begins with a dash.
    command.append(f"--compression={QUICKLY}")
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen", "SOURCE_DATE_EPOCH": "1767225600"}
    done = subprocess.run(command, check=False, capture_output=True, text=True, env=environment)
    assert done.returncode == 0, f"the package cannot be built: {done.stderr}"
    return next(out.glob(f"*_{version}-1_*.deb"))


def small(version: str, folder: Path) -> Path:
    """Build a package of the same scripts and layout around a program that says its version, if it is whole.

    The program is a shell; what it runs compares every file beside it. Each version has a file of its own.
    """
    bundle = folder / f"bundle-{version}"
    inside = bundle / "_internal"
    inside.mkdir(parents=True)
    for name in ("cashier-app", "cashier-cli"):
        shutil.copy("/bin/dash", bundle / name)
    for part in range(1, PARTS + 1):
        (inside / f"part-{part}").write_text(f"part {part} of {version}\n", encoding="ascii")
    (inside / f"only-{version}").write_text(version, encoding="ascii")
    (inside / "version").write_text(f"{version}\n", encoding="ascii")
    (inside / "start.sh").write_text(_START_SCRIPT, encoding="ascii")
    return build(bundle, version, folder)


def changed(package: Path, script: str, text: str, folder: Path) -> Path:
    """Return a copy of a package to one of whose maintainer scripts this was added at its end."""
    tree = _unpacked(package, folder / "changed")
    with (tree / "DEBIAN" / script).open("a", encoding="ascii") as opened:
        opened.write(text)
    return _packed(tree, folder / f"changed-{package.name}")


def without_releases(package: Path, folder: Path) -> Path:
    """Return a copy of a package whose commands lie where dpkg writes: planted, for a mixture to be seen."""
    tree = _unpacked(package, folder / "in-place")
    for name in ("postinst", "prerm"):
        (tree / "DEBIAN" / name).write_text("#!/bin/sh\n", encoding="ascii")
    (tree / "usr/lib/cashier-app/current").symlink_to("package")
    return _packed(tree, folder / f"in-place-{package.name}")


def _unpacked(package: Path, tree: Path) -> Path:
    tree.parent.mkdir(exist_ok=True)
    subprocess.run(["dpkg-deb", "-R", str(package), str(tree)], check=True)  # noqa: S607 - where dpkg is
    return tree


def _packed(tree: Path, target: Path) -> Path:
    command = ["dpkg-deb", "--root-owner-group", *QUICKLY.split(), "-b", str(tree), str(target)]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    return target
