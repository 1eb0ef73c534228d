"""Build the installers for Windows from the bundle, there or on Linux: `python installer/build_setup.py`.

Two from one script: one for whoever is signed in, which asks for no rights, and one for every user of the
computer. Needs makensis (NSIS 3.08 or newer), and the environment the bundle was built in: it draws the icon.
"""

from __future__ import annotations

import argparse
import json
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import NamedTuple

from artwork_files import write_ico
from bundle_contents import ROOT
from program_facts import PUBLISHER, version_number
from setup_payload import UnfitPayloadError, write_payload

HERE = ROOT / "installer" / "windows"
SCRIPT = HERE / "cashier.nsi"
SCOPES = {"user": "setup", "machine": "setup-all-users"}
"""For whom, and how the file is called."""
EXIT_FAILED = 1


class Setup(NamedTuple):
    """What an installer is made of.

    Args:
        bundle: The folder installer/build.py made.
        version: Of the program, in Python's form.
        compressor: `lzma`, `zlib` or `bzip2`; all but the first are for trying.
        target: The kind of the installer's own program; NSIS's usual one when empty.
        uninstaller: Where a copy of the uninstaller is put, if anywhere.
    """

    bundle: Path
    version: str
    compressor: str = "lzma"
    target: str = ""
    uninstaller: Path | None = None


class NotBuiltError(Exception):
    """There is no makensis, or it refused; the sentence says which."""


def main() -> int:
    """Build both and say where they are."""
    parser = argparse.ArgumentParser(description="Build the installers for Windows.")
    parser.add_argument(
        "--bundle", type=Path, default=ROOT / "dist" / "cashier-app", help="what is installed"
    )
    parser.add_argument("--out", type=Path, default=ROOT / "dist", help="the folder they are put in")
    options = parser.parse_args()
    try:
        setup = Setup(options.bundle, version_of(options.bundle))
        for scope in SCOPES:
            made = build(setup, scope, options.out)
            print(f"{made}: {made.stat().st_size / 1e6:.0f} MB")
    except (NotBuiltError, UnfitPayloadError) as error:
        sys.stderr.write(f"{error}\n")
        return EXIT_FAILED
    return 0


def build(setup: Setup, scope: str, out: Path) -> Path:
    """Make one installer and return its file; a warning of makensis is an error.

    Args:
        setup: What it is made of.
        scope: A key of `SCOPES`.
        out: The folder it is put in.

    Raises:
        NotBuiltError: There is no makensis, or it found something wrong.
        UnfitPayloadError: A file of the bundle cannot be on Windows.
    """
    tool = makensis()
    if tool is None:
        raise NotBuiltError("The program makensis is missing. On Debian: sudo apt-get install nsis")
    out.mkdir(parents=True, exist_ok=True)
    made = out.resolve() / f"cashier-app-{setup.version}-{SCOPES[scope]}.exe"
    with tempfile.TemporaryDirectory(prefix="cashier-setup-") as scratch:
        payload = Path(scratch) / "payload.nsh"
        size = write_payload(setup.bundle.resolve(), payload)
        defined = {
            "SCOPE": scope,
            "OUT": made,
            "PAYLOAD": payload,
            "VERSION": setup.version,
            "VERSION_NUMBER": version_number(setup.version),
            "PUBLISHER": PUBLISHER,
            "ICON": write_ico(Path(scratch) / "cashier-app.ico"),
            "SIZE_KIB": size // 1024,
            "COMPRESSOR": setup.compressor,
            **({"TARGET": setup.target} if setup.target else {}),
            **({"UNINSTALLER_COPY": setup.uninstaller} if setup.uninstaller else {}),
        }
        command = [tool, "-NOCD", "-V2", "-WX", "-INPUTCHARSET", "UTF8"]
        command += [f"-D{name}={value}" for name, value in defined.items()]
        done = subprocess.run(  # noqa: S603 - a tool of the system
            [*command, str(SCRIPT)], check=False, capture_output=True, text=True, cwd=HERE
        )
    if done.returncode:
        made.unlink(missing_ok=True)
        raise NotBuiltError(f"makensis refused the installer.\n{done.stdout}{done.stderr}")
    return made


def makensis() -> str | None:
    """Return where makensis is; None where it is not installed."""
    beside = Path("C:/Program Files (x86)/NSIS/makensis.exe")
    return shutil.which("makensis") or (str(beside) if beside.is_file() else None)


def version_of(bundle: Path) -> str:
    """Return the version a bundle says it has.

    Raises:
        NotBuiltError: It is no bundle.
    """
    stamp = bundle / "_internal" / "cashier_app" / "resources" / "build.json"
    try:
        return str(json.loads(stamp.read_text(encoding="utf-8"))["version"])
    except (OSError, ValueError, KeyError) as error:
        raise NotBuiltError(f"{bundle} is no bundle. Build it first: python installer/build.py") from error


if __name__ == "__main__":
    sys.exit(main())
