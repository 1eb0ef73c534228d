"""From pixels to the texts of the codes in them: zxing-cpp, libzbar for a second opinion, second looks.

`decode` is for a picture that stays as it is, `LiveDecoder` for the frames of a camera. Nothing is loaded
with this module: zxing-cpp, libzbar, numpy and OpenCV come with the first picture.
"""

from __future__ import annotations

from cashier_app.scanning import second_looks, symbologies, zbar, zxing
from cashier_app.scanning.decoded import Corner, DecodedSymbol, without_repeats
from cashier_app.scanning.live_decoder import LiveDecoder
from cashier_app.scanning.pixels import Picture, gray_pixels

__all__ = [
    "Corner",
    "DecodedSymbol",
    "LiveDecoder",
    "Picture",
    "decode",
    "read_with_zbar",
    "read_with_zxing",
    "zbar_works",
]


def decode(picture: Picture, formats: tuple[str, ...] = symbologies.WALLET) -> list[DecodedSymbol]:
    """Read every code in a picture; an empty list is an answer, two codes are two results.

    Args:
        picture: uint8, height x width or height x width x BGR; a PIL image; or a buffer of such a shape. One
            with less than 10 px or more than 65,535 px a side, or more than 100 million px, holds no code.
        formats: The kinds to look for, by their names in `symbologies`.

    Raises:
        TypeError: The object is not a picture.
    """
    gray = gray_pixels(picture)
    return [] if gray is None else second_looks.read_still(gray, formats)


def read_with_zxing(picture: Picture, formats: tuple[str, ...] = symbologies.WALLET) -> list[DecodedSymbol]:
    """Read with zxing-cpp alone, once.

    Raises:
        TypeError: The object is not a picture.
    """
    gray = gray_pixels(picture)
    return [] if gray is None else without_repeats(found.symbol for found in zxing.read(gray, formats))


def read_with_zbar(picture: Picture, formats: tuple[str, ...] = symbologies.WALLET) -> list[DecodedSymbol]:
    """Read QR and Code 128 with libzbar alone; an empty list where it is not installed.

    Raises:
        TypeError: The object is not a picture.
    """
    gray = gray_pixels(picture)
    return [] if gray is None else without_repeats(zbar.read(gray, formats))


def zbar_works() -> bool:
    """Tell whether the second opinion is there."""
    return zbar.works()
