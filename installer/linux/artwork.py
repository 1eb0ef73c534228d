"""Draw the program's icon in the sizes a desktop wants, from the one drawing there is."""

from __future__ import annotations

import os
from pathlib import Path

SIZES = (16, 22, 24, 32, 48, 64, 128, 256, 512)
"""Pixels of an edge."""


def draw(drawing: Path, size: int, target: Path) -> None:
    """Write a square PNG of an SVG.

    Raises:
        ValueError: The drawing cannot be read.
        OSError: The file cannot be written.
    """
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    from PySide6.QtCore import Qt
    from PySide6.QtGui import QImage, QPainter
    from PySide6.QtSvg import QSvgRenderer

    reader = QSvgRenderer(str(drawing))
    if not reader.isValid():
        raise ValueError(f"{drawing} is no drawing")
    image = QImage(size, size, QImage.Format.Format_ARGB32)
    image.fill(Qt.GlobalColor.transparent)
    painter = QPainter(image)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    reader.render(painter)
    painter.end()
    if not image.save(str(target)):
        raise OSError(f"{target} cannot be written")
