"""Make the icon files of Windows and macOS from the one drawing there is."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from bundle_contents import ROOT

DRAWING = ROOT / "resources" / "icons" / "mark.svg"
WINDOWS_SIZES = (16, 20, 24, 32, 40, 48, 64, 256)
MAC_SIZES = (16, 32, 64, 128, 256, 512, 1024)
"""Pixels of an edge."""


def write_ico(target: Path) -> Path:
    """Write an icon file for Windows, each size drawn for itself, and return it."""
    return _write(target, "ICO", WINDOWS_SIZES)


def write_icns(target: Path) -> Path:
    """Write an icon file for macOS and return it."""
    return _write(target, "ICNS", MAC_SIZES)


def _write(target: Path, kind: str, sizes: tuple[int, ...]) -> Path:
    from PIL import Image

    if str(ROOT / "installer" / "linux") not in sys.path:
        sys.path.append(str(ROOT / "installer" / "linux"))
    from artwork import draw

    with tempfile.TemporaryDirectory() as folder:
        drawn = []
        for size in sizes:
            file = Path(folder) / f"{size}.png"
            draw(DRAWING, size, file)
            with Image.open(file) as image:
                image.load()
                drawn.append(image.copy())
    largest = drawn[-1]
    options = {"sizes": [(size, size) for size in sizes]} if kind == "ICO" else {}
    largest.save(target, kind, append_images=drawn[:-1], **options)
    return target
