"""What of the installation is looked at: versions, libraries, fonts, screen, devices, printers."""

from __future__ import annotations

import os
import platform
import shutil
import subprocess
import sys
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, version
from importlib.util import find_spec

import apsw

from cashier_app import __version__, device_opening, system_libraries
from cashier_app.build_stamp import read_stamp, version_line
from cashier_app.examining.finding import Finding, Patient, State
from cashier_app.own_program import is_frozen

PACKAGES = ("PySide6-Essentials", "apsw", "httpx", "msgspec", "phonenumbers", "Babel", "zxing-cpp", "pyzbar")
_PRINTER_SECONDS = 2.0
_MOST_IN_LIST = 6


def program(_: Patient) -> Iterator[Finding]:
    """Say which program this is, and on what it runs."""
    stamp = read_stamp()
    how = "installed" if is_frozen() else "run from source"
    yield Finding(
        "program",
        f"{version_line()} on Python {platform.python_version()}, SQLite {apsw.sqlite_lib_version()}, {how}",
        facts={
            "version": __version__,
            "commit": stamp.commit if stamp is not None else "",
            "changed": stamp is not None and stamp.changed,
            "python": platform.python_version(),
            "sqlite": apsw.sqlite_lib_version(),
            "installed": is_frozen(),
        },
    )
    name = _system_name()
    yield Finding(
        "operating system",
        f"{name}, {platform.machine()}",
        facts={
            "system": platform.system(),
            "release": platform.release(),
            "name": name,
            "machine": platform.machine(),
        },
    )


def packages(_: Patient) -> Iterator[Finding]:
    """Say which versions of the libraries that matter are there."""
    found: dict[str, str] = {}
    missing = []
    for package in PACKAGES:
        try:
            found[package] = version(package)
        except PackageNotFoundError:
            # A bundle may leave the papers of a library out, but never the library.
            if not (is_frozen() and find_spec(_MODULES.get(package, package.lower())) is not None):
                missing.append(package)
    if missing:
        words = f"missing: {', '.join(missing)}. Install the program again."
        yield Finding("packages", words, State.FAIL, {"missing": ", ".join(missing)})
        return
    yield Finding("packages", ", ".join(f"{name} {number}" for name, number in found.items()), facts=found)


_MODULES = {"PySide6-Essentials": "PySide6", "zxing-cpp": "zxingcpp", "Babel": "babel"}


def libraries(_: Patient) -> Iterator[Finding]:
    """Say what the window needs of the system and does not find."""
    missing = system_libraries.missing_required()
    if missing:
        facts = {"missing": ", ".join(need.name for need in missing)}
        yield Finding("system libraries", system_libraries.sentence(missing), State.FAIL, facts)
        return
    optional = system_libraries.missing_optional()
    if not optional:
        yield Finding("system libraries", "all found")
        return
    words = "; ".join(f"{need.name} is missing, which {need.purpose}" for need in optional)
    yield Finding(
        "system libraries",
        f"all found but for: {words}. Run: {system_libraries.install_command(optional)}",
        State.NOTE,
        {"optional": ", ".join(need.name for need in optional)},
    )


def fonts(patient: Patient) -> Iterator[Finding]:
    """Say whether names can be read in the scripts customers have."""
    if patient.scripts is None:
        words = "which scripts they hold only the window can tell: Menu, Support"
        yield Finding("fonts", words, facts={"known": False})
        return
    missing = [name for name, there in patient.scripts.items() if not there]
    facts: dict[str, str | int | bool | None] = dict(patient.scripts)
    if missing:
        words = f"no font for {', '.join(missing)}: install Noto fonts of these scripts"
        yield Finding("fonts", words, State.NOTE, facts)
        return
    yield Finding("fonts", f"there for {', '.join(patient.scripts)}", facts=facts)


def display(_: Patient) -> Iterator[Finding]:
    """Say whether a window can be shown."""
    chosen = os.environ.get("QT_QPA_PLATFORM", "")
    if chosen:
        yield Finding("display", f"Qt platform {chosen}", facts={"platform": "chosen"})
        return
    wayland, x11 = os.environ.get("WAYLAND_DISPLAY"), os.environ.get("DISPLAY")
    if sys.platform != "linux" or wayland or x11:
        kind = "wayland" if wayland else "x11" if x11 else "desktop"
        yield Finding("display", wayland or x11 or "the desktop's own", facts={"platform": kind})
        return
    words = "none: the window cannot open here, the tour plays without one"
    yield Finding("display", words, State.NOTE, {"platform": "none"})


def scanner(_: Patient) -> Iterator[Finding]:
    """Say which decoders read pictures."""
    second = device_opening.second_decoder_works()
    more = "and libzbar for glare" if second else "(libzbar is not installed)"
    yield Finding(
        "scanner", f"scanners that type, and pictures by zxing-cpp {more}", facts={"libzbar": second}
    )


def cameras(_: Patient) -> Iterator[Finding]:
    """Say how many cameras there are; none is opened."""
    found = device_opening.cameras()
    words = f"{', '.join(found[:_MOST_IN_LIST])}" if found else "none seen: plug one in, or use a scanner"
    yield Finding("cameras", words, facts={"seen": len(found)})


def serial_scanners(_: Patient) -> Iterator[Finding]:
    """Say how many serial devices there are, and whether this user may open serial ports."""
    found = device_opening.serial_devices()
    facts = {"seen": len(found)}
    if not found:
        yield Finding("serial scanners", "none seen; scanners that type need no port", facts=facts)
        return
    words = ", ".join(device.device_id for device in found[:_MOST_IN_LIST])
    yield Finding("serial scanners", words, facts=facts)


def printers(_: Patient) -> Iterator[Finding]:
    """Say how many printers the system knows, where that is cheap to ask."""
    asks = shutil.which("lpstat")
    if asks is None:
        yield Finding("printers", "told when something is printed", facts={"known": False})
        return
    try:
        done = subprocess.run(  # noqa: S603 - a program of the system, without a word from outside
            (asks, "-e"),
            capture_output=True,
            text=True,
            timeout=_PRINTER_SECONDS,
            check=False,
            stdin=subprocess.DEVNULL,
        )
    except (OSError, subprocess.SubprocessError):
        words = "the system's printing does not answer: restart it, or the computer"
        yield Finding("printers", words, State.NOTE, {"known": False})
        return
    names = done.stdout.split()
    words = (
        f"{len(names)} set up" if names else "none set up: add one in the system's settings to print receipts"
    )
    yield Finding("printers", words, facts={"seen": len(names)})


def _system_name() -> str:
    try:
        return platform.freedesktop_os_release().get("PRETTY_NAME", platform.system())
    except OSError:
        return f"{platform.system()} {platform.release()}"
