"""What the bundle takes on disk, against a bare program frozen with the same large libraries."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path

from tests.benchmarks.goal import Goal

ROOT = Path(__file__).resolve().parent.parent.parent
BUNDLE = ROOT / "dist" / "cashier-app"
BUILDER = ROOT / ".venv-bundle" / "bin" / "python"
GOAL = 1.35
BARE = """
import sys
import cv2, numpy, zxingcpp
from PySide6.QtWidgets import QApplication, QLabel

application = QApplication(["bare"])
label = QLabel(f"{cv2.__version__} {numpy.__version__} {zxingcpp.__name__}")
label.show()
print(label.text())
sys.exit(0)
"""
"""The large libraries the till cannot do without, and a window with one label; PyInstaller's own defaults."""


def measure(bundle: Path = BUNDLE, builder: Path = BUILDER) -> list[Goal]:
    """Build the bare program, see that it runs, and return the ratio of the sizes.

    Args:
        bundle: The built bundle.
        builder: A Python with PyInstaller and the till's libraries.
    """
    with tempfile.TemporaryDirectory() as folder:
        bare = _built(Path(folder), builder)
        sizes = [installed_bytes(each) for each in (bare, bundle)]
    print(f"size: bare {sizes[0] / 1e6:.0f} MB, bundle {sizes[1] / 1e6:.0f} MB")
    detail = "all files, links not counted"
    return [Goal("installed size / bare PyInstaller build", sizes[1] / sizes[0], GOAL, detail)]


def installed_bytes(folder: Path) -> int:
    """Return the bytes of all files in a folder; a link counts nothing."""
    files = (file for file in folder.rglob("*") if file.is_file() and not file.is_symlink())
    return sum(file.stat().st_size for file in files)


def _built(folder: Path, builder: Path) -> Path:
    script = folder / "bare.py"
    script.write_text(BARE, encoding="utf-8")
    command = [str(builder), "-m", "PyInstaller", "--noconfirm", "--log-level", "ERROR", "--windowed"]
    command += ["--distpath", str(folder / "dist"), "--workpath", str(folder / "build")]
    subprocess.run(
        [*command, "--specpath", str(folder), str(script)], check=True, capture_output=True, timeout=900
    )
    bare = folder / "dist" / "bare"
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen"}
    subprocess.run([str(bare / "bare")], check=True, env=environment, stdout=sys.stderr, timeout=60)
    return bare
