"""What the window needs from a Linux system beyond Python packages, and the command that installs it.

Qt's wheels bring Qt but not the libraries below it; without one of them Qt ends the whole process with a
message for developers. So each is tried before Qt is imported. The lists are what the shared objects of
PySide6-Essentials 6.11 name as needed (QtCore, QtGui, QtWidgets and the platform plugins).

Only the standard library is used, so that this runs before anything is installed.
"""

import argparse
import ctypes
import os
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Final, NamedTuple

Loader = Callable[[str], object]

EXIT_MISSING: Final = 2


class Need(NamedTuple):
    """Something a Linux system should have.

    Args:
        name: The library's file name, or plain words.
        package: Its package on Debian and Ubuntu.
        purpose: What is worse without it; empty for what is required.
        renamed: Its package since Ubuntu 24.04 and Debian 13, where that differs.
    """

    name: str
    package: str
    purpose: str = ""
    renamed: str = ""


_QT: Final = (
    Need("libEGL.so.1", "libegl1"),
    Need("libGL.so.1", "libgl1"),
    Need("libxkbcommon.so.0", "libxkbcommon0"),
    Need("libfontconfig.so.1", "libfontconfig1"),
    Need("libfreetype.so.6", "libfreetype6"),
    Need("libdbus-1.so.3", "libdbus-1-3"),
    Need("libglib-2.0.so.0", "libglib2.0-0", renamed="libglib2.0-0t64"),
    Need("libX11.so.6", "libx11-6"),
    Need("libz.so.1", "zlib1g"),
    Need("libzstd.so.1", "libzstd1"),
)
_X11: Final = (
    Need("libxcb.so.1", "libxcb1"),
    Need("libX11-xcb.so.1", "libx11-xcb1"),
    Need("libxkbcommon-x11.so.0", "libxkbcommon-x11-0"),
    Need("libxcb-cursor.so.0", "libxcb-cursor0"),
    Need("libxcb-icccm.so.4", "libxcb-icccm4"),
    Need("libxcb-image.so.0", "libxcb-image0"),
    Need("libxcb-keysyms.so.1", "libxcb-keysyms1"),
    Need("libxcb-randr.so.0", "libxcb-randr0"),
    Need("libxcb-render.so.0", "libxcb-render0"),
    Need("libxcb-render-util.so.0", "libxcb-render-util0"),
    Need("libxcb-shape.so.0", "libxcb-shape0"),
    Need("libxcb-shm.so.0", "libxcb-shm0"),
    Need("libxcb-sync.so.1", "libxcb-sync1"),
    Need("libxcb-util.so.1", "libxcb-util1"),
    Need("libxcb-xfixes.so.0", "libxcb-xfixes0"),
    Need("libxcb-xkb.so.1", "libxcb-xkb1"),
)
_WAYLAND: Final = (
    Need("libwayland-client.so.0", "libwayland-client0"),
    Need("libwayland-cursor.so.0", "libwayland-cursor0"),
)
_ZBAR: Final = Need("libzbar.so.0", "libzbar0", "reads some codes under glare", renamed="libzbar0t64")
# Latin letters come with the program; names in other scripts need the system's fonts.
_FONTS: Final = Need("fonts", "fonts-noto-core", "shows names in every script")

_FONT_FOLDERS: Final = ("/usr/share/fonts", "/usr/local/share/fonts", "~/.local/share/fonts", "~/.fonts")
_FONT_ENDINGS: Final = (".ttf", ".otf", ".ttc")
_NAMED: Final = 3  # libraries named in the sentence; the command names all


def missing_required(
    load: Loader = ctypes.CDLL,
    environment: Mapping[str, str] = os.environ,
    system: str = sys.platform,
) -> list[Need]:
    """Return the libraries without which the window cannot open here; empty on Windows and macOS.

    Args:
        load: Loads a library by its file name or raises OSError.
        environment: Environment variables, which decide between X11, Wayland and no screen.
        system: A value of `sys.platform`.
    """
    if not system.startswith("linux"):
        return []
    by_plugin = {"xcb": _X11, "wayland": _WAYLAND}
    return [need for need in _QT + by_plugin.get(_plugin(environment), ()) if not _loads(need, load)]


def missing_optional(
    load: Loader = ctypes.CDLL,
    font_folders: Iterable[str] = _FONT_FOLDERS,
    system: str = sys.platform,
) -> list[Need]:
    """Return what would make the till better here; empty on Windows and macOS.

    Args:
        load: Loads a library by its file name or raises OSError.
        font_folders: Where fonts may be.
        system: A value of `sys.platform`.
    """
    if not system.startswith("linux"):
        return []
    missing = [] if _loads(_ZBAR, load) else [_ZBAR]
    return missing if _has_fonts(font_folders) else [*missing, _FONTS]


def install_command(needs: Iterable[Need], release: Mapping[str, str] | None = None) -> str:
    """Return the command that installs packages on Debian and Ubuntu.

    Args:
        needs: What to install.
        release: The fields of os-release; by default those of this computer.
    """
    fields = _os_release() if release is None else release
    renamed = _has_new_names(fields)
    packages = [need.renamed if renamed and need.renamed else need.package for need in needs]
    return "sudo apt-get install " + " ".join(packages)


def sentence(needs: Sequence[Need], release: Mapping[str, str] | None = None) -> str:
    """Say in one sentence what the window lacks and how to install it.

    Args:
        needs: At least one need.
        release: The fields of os-release; by default those of this computer.
    """
    names = [need.name for need in needs[:_NAMED]]
    if len(needs) > _NAMED:
        names.append(f"{len(needs) - _NAMED} more")
    listed = " and ".join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else names)
    return (
        f"The window cannot open without {listed}; on Debian or Ubuntu run: {install_command(needs, release)}"
    )


def main(
    arguments: Sequence[str] | None = None,
    *,
    required: Callable[[], list[Need]] = missing_required,
    optional: Callable[[], list[Need]] = missing_optional,
) -> int:
    """Print what is missing, to standard error, and return the exit code: 2 if the window cannot open."""
    parser = argparse.ArgumentParser(description="Check the system libraries that the window needs.")
    parser.add_argument("--optional", action="store_true", help="also list what would make the till better")
    options = parser.parse_args(arguments)
    missing = required()
    tell = partial(print, file=sys.stderr)
    if missing:
        tell(sentence(missing))
    if options.optional:
        for need in optional():
            tell(f"Optional: {need.name} ({need.purpose}): {install_command([need])}")
    return EXIT_MISSING if missing else 0


def _plugin(environment: Mapping[str, str]) -> str:
    """Return the platform plugin that Qt will try first: xcb, wayland, another, or none without a display."""
    asked = environment.get("QT_QPA_PLATFORM", "")
    if asked:
        return asked.split(";")[0].split(":")[0].split("-")[0]
    if environment.get("WAYLAND_DISPLAY"):
        return "wayland"
    return "xcb" if environment.get("DISPLAY") else ""


def _loads(need: Need, load: Loader) -> bool:
    try:
        load(need.name)
    except OSError:
        return False
    return True


def _has_fonts(folders: Iterable[str]) -> bool:
    return any(
        name.lower().endswith(_FONT_ENDINGS)
        for folder in folders
        for _, _, names in os.walk(Path(folder).expanduser())
        for name in names
    )


def _os_release() -> Mapping[str, str]:
    import platform  # only where something is missing

    try:
        return platform.freedesktop_os_release()
    except OSError:
        return {}


def _has_new_names(release: Mapping[str, str]) -> bool:
    """Tell whether packages were renamed for 64-bit time; the old names are still understood there."""
    since = {"ubuntu": 24, "debian": 13}.get(release.get("ID", ""))
    version = release.get("VERSION_ID", "").split(".")[0]
    return since is not None and version.isdecimal() and int(version) >= since
