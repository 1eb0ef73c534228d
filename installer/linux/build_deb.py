"""Build the Debian package from the bundle: `make deb`.

The same bundle makes the same package, byte for byte. Needs dpkg-deb, and the environment the bundle was
built in: it draws the icons and writes the manual pages.
"""

from __future__ import annotations

import argparse
import gzip
import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

import artwork
import deb_control
import elf_needs
import manual
from elf_needs import ROOT

BUNDLE = ROOT / "dist" / "cashier-app"
PARTS = Path(__file__).resolve().parent / "package"
COMMANDS = ("cashier-app", "cashier-cli")
EXIT_FAILED = 1
_HOME = Path("usr/lib/cashier-app")
_DOCUMENTS = Path("usr/share/doc/cashier-app")
_NO_GIT_EPOCH = 1767225600


class Build(NamedTuple):
    """What a package is made of.

    Args:
        bundle: The folder `make bundle` built.
        version: Of the program, in Python's form.
        debian_version: Of the package.
        maintainer: ``Name <address>``.
        epoch: The time of every file, in seconds since 1970, UTC.
        compression: How dpkg-deb packs it.
    """

    bundle: Path
    version: str
    debian_version: str
    maintainer: str
    epoch: int
    compression: str


def main() -> int:
    """Build it, and say where it is and how large."""
    options = _options()
    try:
        made = build(_asked(options), options.out)
    except (FileNotFoundError, ValueError, elf_needs.UnknownLibraryError) as error:
        sys.stderr.write(f"{error}\n")
        return EXIT_FAILED
    print(f"{made}: {made.stat().st_size / 1e6:.0f} MB")
    return 0


def build(asked: Build, out: Path) -> Path:
    """Make the package in a folder and return its file.

    Raises:
        FileNotFoundError: The bundle or a tool is missing.
        ValueError: The bundle is for a machine that is not known.
        elf_needs.UnknownLibraryError: It needs a library no package is known for.
    """
    tool = shutil.which("dpkg-deb")
    if tool is None:
        raise FileNotFoundError("The program dpkg-deb is missing. It comes with Debian and Ubuntu.")
    if not (asked.bundle / COMMANDS[0]).is_file():
        raise FileNotFoundError(f"There is no bundle in {asked.bundle}. Run make bundle first.")
    out.mkdir(parents=True, exist_ok=True)
    architecture = elf_needs.architecture(asked.bundle / COMMANDS[0])
    depends = elf_needs.dependencies(elf_needs.needs_of(asked.bundle))
    target = out / f"{deb_control.PACKAGE}_{asked.debian_version}_{architecture}.deb"
    with tempfile.TemporaryDirectory(prefix="cashier-deb-", dir=out) as made:
        tree = Path(made)
        tree.chmod(0o755)
        stage(asked, tree)
        zbar = elf_needs.optional_packages()["libzbar.so.0"]
        _write(
            tree / "DEBIAN/control",
            deb_control.control(
                asked.debian_version, architecture, asked.maintainer, _size_kib(tree), depends, zbar
            ),
        )
        _write(tree / "DEBIAN/md5sums", deb_control.check_sums(tree))
        for script in ("postinst", "prerm", "postrm"):
            _write(tree / "DEBIAN" / script, _filled(script, asked), mode=0o755)
        _same_times(tree, asked.epoch)
        command = [tool, "--root-owner-group", *asked.compression.split(), "--build", str(tree), str(target)]
        environment = {**os.environ, "SOURCE_DATE_EPOCH": str(asked.epoch)}
        subprocess.run(command, env=environment, check=True, stdout=subprocess.DEVNULL)  # noqa: S603
    return target


def stage(asked: Build, tree: Path) -> None:
    """Lay everything the package installs into a folder as it lies on a system."""
    program = tree / _HOME / "package"
    shutil.copytree(asked.bundle, program, symlinks=True)
    _plain_modes(program)
    for command in COMMANDS:
        link = tree / "usr/bin" / command
        link.parent.mkdir(parents=True, exist_ok=True)
        link.symlink_to(f"../lib/cashier-app/current/{command}")
    (tree / "etc/cashier-app").mkdir(parents=True)
    shared = {
        "cashier-app.desktop": "usr/share/applications/cashier-app.desktop",
        "cashier-app.metainfo.xml": "usr/share/metainfo/invalid.cashier_app.till.metainfo.xml",
        "cashier-app.service": "usr/lib/systemd/user/cashier-app.service",
        "70-cashier-app-scanners.rules": "usr/lib/udev/rules.d/70-cashier-app-scanners.rules",
        "lintian-overrides": "usr/share/lintian/overrides/cashier-app",
        "README.Debian": f"{_DOCUMENTS}/README.Debian",
        "kiosk.md": f"{_DOCUMENTS}/examples/kiosk.md",
        "till.toml": f"{_DOCUMENTS}/examples/till.toml",
    }
    for name, place in shared.items():
        _write(tree / place, _filled(name, asked))
    _icons(tree / "usr/share/icons/hicolor")
    _documents(asked, program, tree / _DOCUMENTS)
    for command, page in manual.pages(asked.version, asked.epoch).items():
        _write_packed(tree / "usr/share/man/man1" / f"{command}.1.gz", page)


def _icons(folder: Path) -> None:
    drawing = ROOT / "resources/icons/mark.svg"
    for size in artwork.SIZES:
        target = folder / f"{size}x{size}/apps/cashier-app.png"
        target.parent.mkdir(parents=True)
        artwork.draw(drawing, size, target)
    _write(folder / "scalable/apps/cashier-app.svg", drawing.read_text(encoding="utf-8"))


def _documents(asked: Build, program: Path, folder: Path) -> None:
    licence = "".join(
        f" {line}\n" if line else " .\n"
        for line in (ROOT / "LICENSE").read_text(encoding="utf-8").split("\n\n", 2)[2].splitlines()
    )
    _write(folder / "copyright", _filled("copyright", asked).replace(" @LICENCE@\n", licence))
    _write_packed(folder / "changelog.gz", (ROOT / "CHANGELOG.md").read_text(encoding="utf-8"))
    changes = deb_control.debian_changes(asked.debian_version, asked.maintainer, asked.epoch)
    _write_packed(folder / "changelog.Debian.gz", changes)
    third_party = program / "THIRD-PARTY.txt"
    if third_party.is_file():
        _write_packed(folder / "THIRD-PARTY.txt.gz", third_party.read_text(encoding="utf-8"))


def _filled(name: str, asked: Build) -> str:
    text = (PARTS / name).read_text(encoding="utf-8")
    day = datetime.fromtimestamp(asked.epoch, UTC).date().isoformat()
    return text.replace("@VERSION@", asked.version).replace("@DATE@", day)


def _write(path: Path, text: str, mode: int = 0o644) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    path.chmod(mode)


def _write_packed(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    # Without name and time in it, as gzip -9n does.
    path.write_bytes(gzip.compress(text.encode(), compresslevel=9, mtime=0))


def _plain_modes(program: Path) -> None:
    """Let only the two commands be programs; libraries are loaded, not run."""
    for file in program.rglob("*"):
        if file.is_dir():
            file.chmod(0o755)
        elif not file.is_symlink():
            file.chmod(0o755 if file.parent == program and file.name in COMMANDS else 0o644)
    program.chmod(0o755)


def _same_times(tree: Path, epoch: int) -> None:
    for path in (tree, *tree.rglob("*")):
        if path.is_dir() and not path.is_symlink():
            path.chmod(0o755)
        os.utime(path, (epoch, epoch), follow_symlinks=False)


def _size_kib(tree: Path) -> int:
    """Return the size as dpkg-gencontrol reckons it: files in whole KiB, and one for everything else."""
    return sum(
        -(-path.stat().st_size // 1024) if path.is_file() and not path.is_symlink() else 1
        for path in tree.rglob("*")
    )


def _asked(options: argparse.Namespace) -> Build:
    stamp = options.bundle / "_internal/cashier_app/resources/build.json"
    said: Mapping[str, str] = json.loads(stamp.read_text(encoding="utf-8")) if stamp.is_file() else {}
    version = options.version or said.get("version")
    if not version:
        raise ValueError(f"{options.bundle} does not say its version. Run make bundle first.")
    name, mail = os.environ.get("DEBFULLNAME"), os.environ.get("DEBEMAIL")
    return Build(
        bundle=options.bundle,
        version=version,
        debian_version=deb_control.debian_version(version, options.revision),
        maintainer=f"{name} <{mail}>" if name and mail else deb_control.NOBODY,
        epoch=int(os.environ.get("SOURCE_DATE_EPOCH") or _commit_time() or _NO_GIT_EPOCH),
        compression=options.compression,
    )


def _commit_time() -> str:
    git = shutil.which("git")
    if git is None:
        return ""
    command = [git, "-C", str(ROOT), "show", "-s", "--format=%ct", "HEAD"]
    done = subprocess.run(command, check=False, capture_output=True, text=True)  # noqa: S603
    return done.stdout.strip() if done.returncode == 0 else ""


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Build the Debian package from the bundle.")
    parser.add_argument("--bundle", type=Path, default=BUNDLE, help="the folder make bundle built")
    parser.add_argument("--out", type=Path, default=ROOT / "dist", help="where the package is made")
    parser.add_argument("--version", help="of the program, where the bundle does not say it")
    parser.add_argument("--revision", type=int, default=1, help="of the package of one version, from 1")
    parser.add_argument(
        "--compression",
        default="-Zxz -z6",
        help="options of dpkg-deb; '-Zzstd -z3' is much faster for trying out",
    )
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
