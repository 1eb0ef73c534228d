"""What `cashier-app --self-check` looks at: everything in `cashier_app.self_check`, and what needs Qt."""

from __future__ import annotations

import ctypes
import os
import pkgutil
import sys
import tempfile
from pathlib import Path

from cashier_app import self_check, system_libraries
from cashier_app.build_stamp import read_stamp, version_line
from cashier_app.self_check import BrokenError

EXIT_BROKEN = 1
_FRAME = (1280, 800)
_FEWEST_COLOURS = 16
_PLATFORMS = {
    "linux": ("libqxcb.so", "libqwayland.so", "libqoffscreen.so"),
    "win32": ("qwindows.dll", "qoffscreen.dll"),
    "darwin": ("libqcocoa.dylib", "libqoffscreen.dylib"),
}


def run() -> int:
    """Look at everything, say a line for each thing, and return the exit code: 1 when something is broken."""
    # Nobody is to see a window, and a shop's screen may not be there while it is installed.
    os.environ["QT_QPA_PLATFORM"] = "offscreen"
    _say(version_line())
    broken = 0
    with tempfile.TemporaryDirectory(prefix="cashier-app-self-check-") as folder:
        for finding in self_check.findings((*self_check.LOOKS, *LOOKS), Path(folder)):
            broken += not finding.fine
            _say(f"{'ok  ' if finding.fine else 'FAIL'} {finding.name}: {finding.words}")
    _say(f"{broken} broken" if broken else "All of it is there and works.")
    return EXIT_BROKEN if broken else 0


def look_at_window_modules(_: Path) -> str:
    """Import every module of the window."""
    stamp = read_stamp()
    names = [name for name in stamp.modules if name.startswith("ui")] if stamp else _own_modules()
    self_check.import_all(names)
    return f"{len(names)} are there"


def look_at_plugins(_: Path) -> str:
    """Load the plugins Qt shows itself with, and those it reads our pictures with."""
    from PySide6.QtCore import QLibraryInfo
    from PySide6.QtGui import QImageReader

    folder = Path(QLibraryInfo.path(QLibraryInfo.LibraryPath.PluginsPath)) / "platforms"
    names = _PLATFORMS.get(sys.platform, ())
    missing = [name for name in names if not (folder / name).is_file()]
    if missing:
        raise BrokenError(f"missing: {', '.join(missing)}")
    formats = {bytes(name.data()) for name in QImageReader.supportedImageFormats()}
    if not {b"svg", b"png"} <= formats:
        raise BrokenError("Qt reads no SVG")
    unusable = [name for name in names if not _loads(folder / name)]
    return f"{', '.join(names)}" + (f"; {', '.join(unusable)} lacks a system library" if unusable else "")


def look_at_frame(scratch: Path) -> str:
    """Paint one frame of the demo shop's till, and see that something is on it."""
    from PySide6.QtGui import QImage
    from PySide6.QtWidgets import QApplication

    from cashier_app.demo_shop import DemoShop
    from ui.application import build_window
    from ui.background import Background
    from ui.theme.motion import STILL
    from ui.theme.style import apply_theme
    from ui.theme.tokens import LIGHT
    from ui.theme.typography import families

    application = QApplication.instance() or QApplication(["cashier-app", "-style", "Fusion"])
    shop, runner = DemoShop(scratch / "demo"), Background()
    try:
        window = build_window(shop.till, shop.till.new_session(runner), runner, motion=STILL)
        if isinstance(application, QApplication):
            apply_theme(application, LIGHT)
        window.resize(*_FRAME)
        window.set_theme(LIGHT)
        frame = window.grab().toImage().convertToFormat(QImage.Format.Format_RGB888)
        colours = {frame.pixel(x, y) for x in range(0, frame.width(), 4) for y in range(0, frame.height(), 4)}
        window.close()
    finally:
        runner.close()
        shop.till.close()
    if len(colours) < _FEWEST_COLOURS:
        raise BrokenError(f"only {len(colours)} colours are on it")
    if families()[0] != "Inter":
        raise BrokenError("the typeface is missing")
    return f"{frame.width()} x {frame.height()}, {len(colours)} colours"


def look_at_charts(_: Path) -> str:
    """Load what draws the manager's day."""
    import pyqtgraph

    from ui.widgets.day_plot import DayPlot

    return f"pyqtgraph {pyqtgraph.__version__} for {DayPlot.__name__}"


LOOKS: tuple[tuple[str, self_check.Look], ...] = (
    ("libraries of the system", lambda _: _system_libraries()),
    ("window modules", look_at_window_modules),
    ("plugins", look_at_plugins),
    ("frame", look_at_frame),
    ("charts", look_at_charts),
)


def _system_libraries() -> str:
    lacking = system_libraries.missing_required(environment={"QT_QPA_PLATFORM": "xcb"})
    names = ", ".join(need.name for need in lacking)
    return f"windows on X11 need {names} too" if lacking else "all that X11 needs"


def _own_modules() -> list[str]:
    import ui

    found = pkgutil.walk_packages(ui.__path__, "ui.")
    return [module.name for module in found if not module.name.endswith("__main__")]


def _loads(plugin: Path) -> bool:
    try:
        ctypes.CDLL(str(plugin))
    except OSError:
        return False
    return True


def _say(line: str) -> None:
    if sys.stdout is not None:  # a program with a window has none on Windows
        sys.stdout.write(f"{line}\n")
        sys.stdout.flush()
