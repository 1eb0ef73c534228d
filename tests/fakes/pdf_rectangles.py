"""A reader of what our own sheets hold: filled rectangles of one uncompressed PDF page, as a picture."""

from __future__ import annotations

import re

import numpy as np
from numpy.typing import NDArray

_RECTANGLE = re.compile(rb"(-?[\d.]+) (-?[\d.]+) (-?[\d.]+) (-?[\d.]+) re")
_PAPER = re.compile(rb"/MediaBox \[0 0 ([\d.]+) ([\d.]+)\]")
_MM_IN_POINTS = 25.4 / 72


def paper_mm(document: bytes) -> tuple[float, float]:
    """Return width and height of the page, mm."""
    found = _PAPER.search(document)
    assert found is not None
    return float(found[1]) * _MM_IN_POINTS, float(found[2]) * _MM_IN_POINTS


def rectangles(document: bytes) -> list[tuple[float, float, float, float]]:
    """Return left, top, width and height of every rectangle, mm."""
    return [tuple(map(float, found)) for found in _RECTANGLE.findall(document)]  # type: ignore[misc]


def rendered(document: bytes, per_mm: float = 6) -> NDArray[np.uint8]:
    """Return the page's rectangles in black on white: an array (height, width)."""
    wide, high = paper_mm(document)
    page = np.full((round(high * per_mm), round(wide * per_mm)), 255, np.uint8)
    for left, top, width, height in rectangles(document):
        across = slice(round(left * per_mm), round((left + width) * per_mm))
        down = slice(round(top * per_mm), round((top + height) * per_mm))
        page[down, across] = 0
    return page
