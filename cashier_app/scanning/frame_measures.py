"""Cheap measures of a frame: did something move, is it dark, is it sharp."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cashier_app.scanning.opencv import opencv

if TYPE_CHECKING:
    from cashier_app.scanning.frame_source import Frame

MOVED = 4.0
"""Mean change of a tile, of 255, from which on something moved. A camera's noise stays under 1."""
DARK = 50.0
"""Mean brightness, of 255, below which a phone with a dimmed screen is hard to read."""

_STEP = 8  # every eighth pixel both ways is enough to look at
_TILES = (16, 9)
_HALF = 0.5


class Glance:
    """Compares each frame with the one before, in about a tenth of a millisecond."""

    def __init__(self) -> None:
        self._before: Frame | None = None
        self._brightness = 255.0

    @property
    def is_dark(self) -> bool:
        """Tell whether the last frame was dark."""
        return self._brightness < DARK

    def at(self, frame: Frame) -> bool:
        """Look at a frame and tell whether anything moved; the first one counts as moved."""
        cv2 = opencv()
        few = frame[::_STEP, ::_STEP, 1] if frame.ndim == 3 else frame[::_STEP, ::_STEP]
        tiles: Frame = cv2.resize(few, _TILES, interpolation=cv2.INTER_AREA)
        self._brightness = float(tiles.mean())
        before, self._before = self._before, tiles
        # The tile that changed most: a hand in a corner is lost in the mean of all.
        return before is None or float(cv2.absdiff(tiles, before).max()) >= MOVED


def gray_of(frame: Frame) -> Frame:
    """Return the frame in gray, itself if it is."""
    if frame.ndim == 2:
        return frame
    cv2 = opencv()
    gray: Frame = cv2.cvtColor(frame, cv2.COLOR_BGR2GRAY)
    return gray


def in_the_dark(gray: Frame) -> Frame:
    """Return a copy with its contrast raised place by place, which a dim code is easier read from."""
    cv2 = opencv()
    equal = cv2.createCLAHE(clipLimit=4.0, tileGridSize=(8, 8))
    raised: Frame = equal.apply(cv2.GaussianBlur(gray, (3, 3), 0))
    return raised


def sharpness(gray: Frame) -> float:
    """Return how steep edges are for the contrast in the middle of the frame; fog is 0."""
    cv2 = opencv()
    height, width = gray.shape
    middle = gray[height // 4 : height - height // 4, width // 4 : width - width // 4]
    contrast = float(middle.std())
    if contrast < 1.0:
        return 0.0
    edges = cv2.Laplacian(cv2.resize(middle, None, fx=_HALF, fy=_HALF), cv2.CV_16S)
    return float(edges.std()) / contrast
