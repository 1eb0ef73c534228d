"""Pictures as gray arrays, and copies of them: turned, enlarged, inverted, sharpened, flattened.

A gray array is numpy uint8, height x width, one piece of memory. numpy and OpenCV are imported when needed.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, Final

import msgspec

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Gray = NDArray[np.uint8]

# A numpy array of uint8 (height x width, or height x width x BGR), a PIL image, or a buffer of that shape.
Picture = Any
# A corner: x and y in px from the top left of the picture.
Corner = tuple[int, int]

SMALLEST_SIDE: Final = 10  # px; no code fits into less, and libzbar wants two lines at least
LONGEST_SIDE: Final = 65_535  # px; zxing-cpp takes no more
MOST_PIXELS: Final = 100_000_000
_WHITE: Final = 255
_DARK: Final = 64  # the darkest quarter of grays
_DARK_SHARE: Final = 0.25

# Edges are looked at in a copy of about this width: finer ones are noise.
_EDGE_WIDTH: Final = 240
_EDGE_BINS: Final = 45  # of 2 degrees
_CLEAR_SHARE: Final = 0.22  # of all edges within the best 6 degrees; spread evenly it would be 0.07
_LEVEL_ALREADY: Final = 4.0  # degrees that every decoder allows for


def gray_pixels(picture: Picture) -> Gray | None:
    """Return a picture as a gray array, the frame itself where it is one; None if no code can be in it.

    None is for fewer than 10 px a side, more than 65,535 px a side and more than 100 million px.

    Raises:
        TypeError: The object is not a picture of one byte a pixel and channel, with 1, 3 or 4 channels.
    """
    import numpy as np  # the window must be up before this is loaded

    if hasattr(picture, "convert") and hasattr(picture, "size"):
        if not _holds_a_code(picture.height, picture.width):
            return None
        return np.asarray(picture if picture.mode == "L" else picture.convert("L"))
    try:
        frame = picture if isinstance(picture, np.ndarray) else np.asarray(memoryview(picture))
    except (TypeError, ValueError) as fault:
        raise TypeError("a picture is expected") from fault
    channels = frame.shape[2] if frame.ndim == 3 else 1
    if frame.dtype != np.uint8 or frame.ndim not in {2, 3} or channels not in {1, 3, 4}:
        raise TypeError("a picture of uint8, height x width or height x width x BGR, is expected")
    if not _holds_a_code(*frame.shape[:2]):
        return None
    frame = np.ascontiguousarray(frame)
    if frame.ndim == 2:
        return frame
    return _without_colour(frame, channels)


def _holds_a_code(height: int, width: int) -> bool:
    return (
        min(height, width) >= SMALLEST_SIDE
        and max(height, width) <= LONGEST_SIDE
        and height * width <= MOST_PIXELS
    )


def _without_colour(frame: NDArray[np.uint8], channels: int) -> Gray:
    if channels == 1:
        return frame[:, :, 0]
    import cv2  # a colour frame comes from a camera: it is loaded already

    # A thirtieth of a look at the frame; zxing-cpp needs a seventh when it is given colours.
    return _bytes(cv2.cvtColor(frame, cv2.COLOR_BGR2GRAY if channels == 3 else cv2.COLOR_BGRA2GRAY))


def _bytes(array: Any) -> Gray:  # noqa: ANN401 - OpenCV says only that it is an array of something
    return array  # type: ignore[no-any-return]


class Turned(msgspec.Struct, frozen=True):
    """A copy of a picture turned about its middle.

    Args:
        gray: The copy.
        degrees: How far, counter-clockwise.
        middle: Of the original, in px.
    """

    gray: Any
    degrees: float
    middle: tuple[float, float]

    def back(self, corners: tuple[Corner, ...]) -> tuple[Corner, ...]:
        """Move corners found in the copy into the original."""
        cosine, sine = math.cos(math.radians(self.degrees)), math.sin(math.radians(self.degrees))
        height, width = self.gray.shape
        moved = []
        for x, y in corners:
            right, down = x - width / 2, y - height / 2
            moved.append(
                (
                    round(self.middle[0] + right * cosine - down * sine),
                    round(self.middle[1] + right * sine + down * cosine),
                )
            )
        return tuple(moved)


def turned(gray: Gray, degrees: float, *, whole: bool = False, scale: float = 1) -> Turned:
    """Turn a picture counter-clockwise; its corners are cut off unless the whole is wanted, at a price.

    Args:
        gray: The picture.
        degrees: How far.
        whole: Whether the copy grows to hold the corners.
        scale: By how much to enlarge.
    """
    import cv2

    height, width = gray.shape
    cosine, sine = abs(math.cos(math.radians(degrees))), abs(math.sin(math.radians(degrees)))
    wide, high = (round(width * cosine + height * sine), round(width * sine + height * cosine))
    if not whole:
        wide, high = round(width * scale), round(height * scale)
    matrix = cv2.getRotationMatrix2D((width / 2, height / 2), degrees, scale)
    matrix[:, 2] += (wide - width) / 2, (high - height) / 2
    copy = cv2.warpAffine(gray, matrix, (wide, high), flags=cv2.INTER_LINEAR, borderValue=(_WHITE,))
    return Turned(_bytes(copy), degrees, (width / 2, height / 2))


def inverted(gray: Gray) -> Gray:
    """Swap dark and light."""
    import cv2

    return _bytes(cv2.bitwise_not(gray))


def partly_dark(gray: Gray) -> bool:
    """Tell whether so much of a picture is dark that a screen in dark mode may be in it."""
    import cv2

    darkness = cv2.calcHist([gray[::4, ::4]], [0], None, [1], [0, _DARK])
    return float(darkness.sum()) * 16 > _DARK_SHARE * gray.size


def sharpened(gray: Gray) -> Gray:
    """Bring back edges that blur has washed out."""
    import cv2

    return _bytes(cv2.addWeighted(gray, 2.5, cv2.blur(gray, (7, 7)), -1.5, 0))


def flattened(gray: Gray) -> Gray:
    """Make every pixel black or white by what lies around it: takes lamps and shadows away."""
    import cv2

    window = max(31, min(gray.shape) // 16) | 1
    mean, binary = cv2.ADAPTIVE_THRESH_MEAN_C, cv2.THRESH_BINARY
    return _bytes(cv2.adaptiveThreshold(gray, _WHITE, mean, binary, window, 6))


def cut_out(gray: Gray, corners: tuple[Corner, ...]) -> Gray:
    """Return what lies about some corners, with a wide margin."""
    across, down = [x for x, _ in corners], [y for _, y in corners]
    margin = max(24, (max(across) - min(across)) // 5)
    left, top = max(0, min(across) - margin), max(0, min(down) - margin)
    part = gray[top : max(down) + margin, left : max(across) + margin]
    return part if min(part.shape) >= SMALLEST_SIDE else gray


def tilt(gray: Gray) -> float | None:
    """Return by how many degrees to turn a picture so that most of its edges lie level or upright.

    From -45 to 45, counter-clockwise; None where they do so already or lie in every direction.
    """
    import cv2
    import numpy as np

    step = max(1, gray.shape[1] // _EDGE_WIDTH)
    small = cv2.resize(gray, None, fx=1 / step, fy=1 / step, interpolation=cv2.INTER_AREA)
    across = cv2.Sobel(small, cv2.CV_16S, 1, 0)
    down = cv2.Sobel(small, cv2.CV_16S, 0, 1)
    strength = cv2.add(cv2.absdiff(across, 0), cv2.absdiff(down, 0))  # type: ignore[call-overload]
    strong = strength > max(80.0, 0.3 * cv2.minMaxLoc(strength)[1])
    if not strong.any():
        return None
    direction = np.arctan2(down[strong].astype(np.float32), across[strong].astype(np.float32))
    bins = (direction * (2 * _EDGE_BINS / math.pi)).astype(np.intp) % _EDGE_BINS
    shares = np.bincount(bins, minlength=_EDGE_BINS) / bins.size
    near = shares + np.roll(shares, 1) + np.roll(shares, -1)
    best = int(near.argmax())
    if near[best] < _CLEAR_SHARE:
        return None
    around = np.array([(best - 1) % _EDGE_BINS, best, (best + 1) % _EDGE_BINS])
    middle = (
        float((shares[around] * (best + np.array([-0.5, 0.5, 1.5]))).sum() / near[best]) * 90 / _EDGE_BINS
    )
    degrees = middle if middle <= 45 else middle - 90
    return degrees if abs(degrees) > _LEVEL_ALREADY else None
