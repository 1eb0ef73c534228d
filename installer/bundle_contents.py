"""What goes into the bundle and what is left out, with the reasons.

Used by `cashier.spec`, by the build and by the tests; standard library only.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable, Iterator
from fnmatch import fnmatchcase
from pathlib import Path, PurePosixPath

ROOT = Path(__file__).resolve().parent.parent
PACKAGES = ("cashier_app", "ui")

LEFT_OUT_PACKAGES = {
    "cashier_app.testing": "for who writes a backend; needs pytest and openapi-core, which no shop has",
}
"""Packages of ours that are not bundled."""

LEFT_OUT_MODULES = {
    **LEFT_OUT_PACKAGES,
    "tkinter": "another window toolkit",
    "sqlite3": "storage uses apsw, which brings a current SQLite of its own",
    "curses": "no terminal screens",
    "readline": "no prompts with history",
    "doctest": "for developers",
    "lib2to3": "for developers",
    "ensurepip": "nothing is installed into the bundle",
    "pip": "the same",
    "setuptools": "the same",
    "pkg_resources": "the same",
    "hatchling": "the same",
    "editables": "the same",
    "pytest": "tests",
    "hypothesis": "tests",
    "IPython": "for developers",
    "matplotlib": "pyqtgraph can export to it, the till does not",
    "scipy": "pyqtgraph can use it, the till does not",
    "h5py": "the same",
    "OpenGL": "the same",
    "pyqtgraph.opengl": "needs OpenGL",
    "pyqtgraph.console": "for developers",
    "pyqtgraph.examples": "for developers",
    "pyqtgraph.canvas": "a drawing program",
    "pyqtgraph.flowchart": "a drawing program",
    "numpy.f2py": "compiles Fortran",
    "numpy.distutils": "compiles C",
    "numpy.testing": "tests",
    "PIL.ImageTk": "needs tkinter",
    "PIL._avif": "no AVIF pictures are read; its library is 5 MB",
    "PIL.AvifImagePlugin": "the same",
    "phonenumbers.geodata": "where a number's owner lives is not asked; 4 MB",
    "phonenumbers.carrierdata": "nor whose network it is",
    "phonenumbers.tzdata": "nor what time it is there",
    "apsw.tests": "tests",
    "apsw.ext": "extras of apsw nobody uses",
    "apsw.shell": "the same",
    "PySide6.QtNetwork": "httpx speaks to the network; half of its licence texts are about TLS",
    "PySide6.QtQml": "no QML",
    "PySide6.QtQuick": "no QML",
    "uvloop": "the demo's server runs on asyncio",
    "trio": "the same",
}
"""Modules PyInstaller must not follow."""

LEFT_OUT_FILES = {
    "PySide6/Qt/translations/*": "the till's words are its own; Qt's standard dialogs are not used",
    "PySide6/Qt/qml/*": "no QML",
    "PySide6/Qt/plugins/egldeviceintegrations/*": "screens without X11 or Wayland are not supported",
    "PySide6/Qt/plugins/generic/*": "the same: keyboards and mice read without a display server",
    "PySide6/Qt/plugins/networkinformation/*": "the till finds out by asking its loyalty system",
    "PySide6/Qt/plugins/tls/*": "TLS is Python's",
    "PySide6/Qt/plugins/platforminputcontexts/*virtualkeyboard*": "brings QML; the till has a keypad",
    "PySide6/Qt/plugins/platforms/*eglfs*": "screens without X11 or Wayland are not supported",
    "PySide6/Qt/plugins/platforms/*linuxfb*": "the same",
    "PySide6/Qt/plugins/platforms/*minimal*": "shows nothing",
    "PySide6/Qt/plugins/platforms/*vkkhrdisplay*": "the same as eglfs",
    "PySide6/Qt/plugins/platforms/*vnc*": "would show the till to the network",
    "PySide6/Qt/plugins/platformthemes/*gtk3*": "brings GTK; the till wears its own theme",
    "PySide6/Qt/plugins/imageformats/*pdf*": "brings QtPdf; Pillow opens pictures",
    "PySide6/Qt/plugins/imageformats/*icns*": "Pillow opens pictures, Qt only our own SVG and PNG",
    "PySide6/Qt/plugins/imageformats/*tga*": "the same",
    "PySide6/Qt/plugins/imageformats/*tiff*": "the same",
    "PySide6/Qt/plugins/imageformats/*wbmp*": "the same",
    "PySide6/Qt/plugins/imageformats/*webp*": "the same",
    "PySide6/Qt/plugins/imageformats/*gif*": "the same",
    "PySide6/Qt/plugins/imageformats/*jpeg*": "the same",
    "PySide6/Qt/plugins/sqldrivers/*": "storage is apsw",
    "PySide6/Qt/plugins/qmltooling/*": "no QML",
    "PySide6/Qt/plugins/vectorimageformats/*": "no animations",
    "PySide6/Qt/plugins/wayland-graphics-integration-server/*": "the till is no compositor",
    "PySide6/Qt/lib/*Qt6Qml*": "no QML",
    "PySide6/Qt/lib/*Qt6Quick*": "no QML",
    "PySide6/Qt/lib/*Qt6Pdf*": "no PDF is shown",
    "PySide6/Qt/lib/*Qt6VirtualKeyboard*": "the till has a keypad",
    "PySide6/Qt/lib/*Qt6Network*": "httpx speaks to the network",
    "PySide6/Qt/lib/*Qt6EglF*": "screens without X11 or Wayland are not supported",
    "PySide6/opengl32sw.dll": "draws OpenGL without a graphics card; nothing of ours is OpenGL; 20 MB",
    "pyqtgraph/examples/*": "for developers",
    "pyqtgraph/icons/*.png": "the same",
    "pyqtgraph/colors/maps/*": "the till's charts have the till's colours",
    "pyqtgraph/icons/*.svg": "no buttons of pyqtgraph's are shown",
    "apsw/sqlite_extra_binaries/*": "extensions of SQLite nobody loads",
    "pillow.libs/libavif*": "no AVIF pictures are read",
    "*.dist-info/*": "names files of the build machine; what is read at run time is put in by licences.py",
}
"""Files that are taken out again, by their place on Linux (shell patterns, `*` crosses folders)."""


FONT_PACKAGES = (
    "fontpkg_inter",
    "fontpkg_noto_sans_arabic",
    "fontpkg_noto_sans_devanagari",
    "fontpkg_noto_sans_tamil",
)

LATE_LIBRARIES = (
    *("psycopg_binary", "psycopg_binary._psycopg", "psycopg_binary.pq"),  # psycopg chooses by name
    *("keyring.backends.SecretService", "keyring.backends.libsecret", "keyring.backends.kwallet"),
    *("keyring.backends.macOS", "keyring.backends.Windows", "keyring.backends.fail"),
    *("uvicorn.logging", "uvicorn.loops.asyncio", "uvicorn.loops.auto", "uvicorn.protocols.http.auto"),
    *("uvicorn.protocols.http.h11_impl", "uvicorn.lifespan.off", "uvicorn.lifespan.on"),
    "anyio._backends._asyncio",
    *("PySide6.support", "PySide6.support.deprecated"),  # PySide, from C++
    *("PySide6.QtOpenGL", "PySide6.QtOpenGLWidgets"),  # pyqtgraph, whether OpenGL is used or not
    *FONT_PACKAGES,
    "tzdata",
)
"""What libraries import by name; PyInstaller reads only import statements."""


LEFT_OUT_START_UP = {
    "pyi_rth_inspect": "finds the source of frozen functions; there is none",
    "pyi_rth_multiprocessing": "no process is forked or spawned by Python; 5 ms",
    "pyi_rth_pyqtgraph_multiprocess": "the same",
}
"""What PyInstaller would run before the programs; with Qt's it takes half as long as the command line."""


def start_up_needed(name: str, program: str, platform: str = sys.platform) -> bool:
    """Say whether a start-up script is needed by a program, `window` or `cli`.

    PyInstaller's for Qt tells it where its plugins are and loads a part of PySide, 30 ms too early: on Linux
    `window.py` tells it. The command line has no Qt.
    """
    if not name.startswith("pyi_rth_"):
        return name not in {"window", "cli"} or name == program
    if name in LEFT_OUT_START_UP:
        return False
    return name != "pyi_rth_pyside6" or (program == "window" and not platform.startswith("linux"))


def modules(root: Path = ROOT) -> list[str]:
    """Return the names of all our modules that belong into the bundle, sorted."""
    names = (
        _module_name(file.relative_to(root))
        for package in PACKAGES
        for file in (root / package).rglob("*.py")
    )
    return sorted(name for name in names if not _is_left_out(name))


def data_files(root: Path = ROOT) -> Iterator[tuple[Path, str]]:
    """Yield each data file of ours and its folder in the bundle."""
    places = [(root / "resources", PurePosixPath("cashier_app/resources"))]
    places += [(folder, PurePosixPath(folder.relative_to(root))) for folder in _migrations(root)]
    for folder, target in places:
        for file in sorted(folder.rglob("*")):
            if file.is_file() and "__pycache__" not in file.parts and file.suffix != ".py":
                yield file, str(target / file.parent.relative_to(folder))


def is_left_out(target: str) -> bool:
    """Say whether a file is taken out again, by its place in the bundle of any system.

    The wheels of PySide6 keep the same parts elsewhere: on Windows plugins and libraries lie directly in
    `PySide6`, on macOS libraries are frameworks.
    """
    place = target.replace("\\", "/")
    place = re.sub(r"^PySide6/(plugins|translations|qml)/", r"PySide6/Qt/\1/", place)
    place = re.sub(r"^PySide6/(Qt6\w+\.dll)$", r"PySide6/Qt/lib/\1", place)
    place = re.sub(r"^PySide6/Qt/lib/Qt(\w+)\.framework/", r"PySide6/Qt/lib/Qt6\1.framework/", place)
    return any(fnmatchcase(place, pattern) for pattern in LEFT_OUT_FILES)


def is_system_library(target: str, source: str, platform: str = sys.platform) -> bool:
    """Say whether a shared library is the Linux system's own, and so left to it.

    The system keeps its libraries patched, and meets their licences. Python itself is ours, also where it is
    the system's; libraries that wheels bring lie in folders of their own.

    Args:
        target: Place in the bundle.
        source: Where the file was found.
        platform: A value of `sys.platform`.
    """
    if not platform.startswith("linux") or "/" in target or target.startswith("libpython"):
        return False
    return source.startswith(("/lib/", "/lib64/", "/usr/lib/", "/usr/lib64/"))


def _module_name(path: Path) -> str:
    return ".".join(path.with_suffix("").parts).removesuffix(".__init__")


def _is_left_out(name: str) -> bool:
    return any(name == package or name.startswith(package + ".") for package in LEFT_OUT_PACKAGES)


def _migrations(root: Path) -> Iterable[Path]:
    return sorted((root / "cashier_app").glob("*/migrations"))
