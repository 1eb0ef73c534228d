"""Codes out of picture files, which come from anywhere and may be broken, huge or made to harm.

Everything wrong with a file becomes one `KnownError`; a good picture without a code is an empty list.
Pillow is imported at the first picture, not when the program starts.
"""

from __future__ import annotations

import io
import os
import stat
import warnings
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Final

from msgspec.structs import replace

from cashier_app.errors import KnownError
from cashier_app.scanning import second_looks, symbologies
from cashier_app.scanning.decoders import DecodedSymbol, decode
from cashier_app.scanning.pixels import gray_pixels

if TYPE_CHECKING:
    from types import ModuleType

    import numpy as np
    from numpy.typing import NDArray
    from PIL import Image

LARGEST_FILE: Final = 20 * 1024 * 1024  # bytes
MOST_PIXELS: Final = 50_000_000
LONGEST_SIDE: Final = 65_535  # px; zxing-cpp takes no more
FORMATS: Final = ("PNG", "JPEG", "WEBP", "BMP", "GIF", "TIFF")

# Longest side in px of the first attempt: a phone's picture is read from it in a fifth of the time.
_WORKING_SIDE: Final = 2000
# Degrees. PDF417 reads only within 5 degrees of upright, Code 128 within 15; quarter turns are tried anyway.
_ROTATIONS: Final = (15, -15, 30, -30, 45)

_NOT_FOUND: Final = "There is no file with that name."
_NOT_A_FILE: Final = "That is not a file; please choose a picture file."
_NO_PERMISSION: Final = "This picture may not be opened by you; please check its permissions."
_UNREADABLE: Final = "The picture file could not be read."
_TOO_LARGE: Final = "The picture file is larger than 20 MiB; please choose a smaller one."
_TOO_MANY_PIXELS: Final = "The picture has more than 50 million pixels; please choose a smaller one."
_TOO_LONG: Final = "The picture is too long and narrow to hold a code."
_NOT_A_PICTURE: Final = "This is not a picture in PNG, JPEG, WebP, BMP, GIF or TIFF format."
_DAMAGED: Final = "The picture is damaged or incomplete."


def decode_picture_file(
    path: str | os.PathLike[str], formats: tuple[str, ...] = symbologies.WALLET
) -> list[DecodedSymbol]:
    """Read every code in a picture file; corners are px of the upright picture in its full size.

    Args:
        path: The file.
        formats: The kinds to look for, by their names in `symbologies`.

    Raises:
        KnownError: The file is missing, unreadable, too large, damaged or not a picture.
    """
    return decode_picture_bytes(_contents(Path(path)), formats)


def decode_picture_bytes(data: bytes, formats: tuple[str, ...] = symbologies.WALLET) -> list[DecodedSymbol]:
    """Read every code in the bytes of a picture file, for example pasted or dropped ones.

    Args:
        data: The file's bytes.
        formats: The kinds to look for, by their names in `symbologies`.

    Raises:
        KnownError: The bytes are too many, damaged or not a picture.
    """
    if len(data) > LARGEST_FILE:
        raise KnownError(_TOO_LARGE)
    upright = _gray_and_upright(_opened(data))
    working = upright.copy()
    working.thumbnail((_WORKING_SIDE, _WORKING_SIDE))
    found = _scaled(decode(working, formats), upright.width / working.width)
    if not found and working.size != upright.size:
        found = decode(upright, formats)
    return found or _scaled(_read_tilted(working, formats), upright.width / working.width)


def colour_frame_of(path: Path, longest_side: int) -> NDArray[np.uint8]:
    """Return a picture file as rows x columns x blue, green, red, upright and no larger than asked for.

    Raises:
        KnownError: See `decode_picture_file`.
    """
    import numpy as np  # see _pillow

    contents = _contents(path)
    if len(contents) > LARGEST_FILE:
        raise KnownError(_TOO_LARGE)
    upright = _upright(_opened(contents)).convert("RGB")
    upright.thumbnail((longest_side, longest_side))
    return np.ascontiguousarray(np.asarray(upright)[:, :, ::-1])


def _contents(path: Path) -> bytes:
    """Return the bytes of an ordinary file, reading no more than allowed.

    Raises:
        KnownError: The file is missing, unreadable or too large.
    """
    try:
        # Asked before opening: opening a pipe would wait for ever.
        facts = path.stat()
        if not stat.S_ISREG(facts.st_mode):
            raise KnownError(_NOT_A_FILE)
        if facts.st_size > LARGEST_FILE:
            raise KnownError(_TOO_LARGE)
        with path.open("rb") as file:
            # One byte more than allowed, so that a file that grows meanwhile is refused too.
            return file.read(LARGEST_FILE + 1)
    except FileNotFoundError as fault:
        raise KnownError(_NOT_FOUND) from fault
    except PermissionError as fault:
        raise KnownError(_NO_PERMISSION) from fault
    except (OSError, ValueError) as fault:  # ValueError: NUL in the name
        raise KnownError(_UNREADABLE, detail=type(fault).__name__) from fault


@lru_cache(maxsize=1)
def _pillow() -> ModuleType:
    from PIL import Image  # not needed until somebody opens a picture

    Image.MAX_IMAGE_PIXELS = MOST_PIXELS
    # Up to twice the limit Pillow only warns; a warning helps nobody here.
    warnings.simplefilter("error", Image.DecompressionBombWarning)
    return Image


def _opened(data: bytes) -> Image.Image:
    """Return the picture with its header read and its size allowed, but no pixel unpacked yet.

    Raises:
        KnownError: It is not a picture, or too large a one.
    """
    pillow = _pillow()
    try:
        picture: Image.Image = pillow.open(io.BytesIO(data), formats=FORMATS)
    except (pillow.DecompressionBombError, pillow.DecompressionBombWarning) as fault:
        raise KnownError(_TOO_MANY_PIXELS) from fault
    except Exception as fault:  # a parser fed with a hostile file may raise anything
        raise KnownError(_NOT_A_PICTURE, detail=type(fault).__name__) from fault
    if picture.width * picture.height > MOST_PIXELS:
        raise KnownError(_TOO_MANY_PIXELS)
    if max(picture.size) > LONGEST_SIDE:
        raise KnownError(_TOO_LONG)
    return picture


def _gray_and_upright(picture: Image.Image) -> Image.Image:
    return _upright(picture).convert("L")


def _upright(picture: Image.Image) -> Image.Image:
    """Return the first frame on white, turned as its EXIF orientation says.

    Raises:
        KnownError: The pixels cannot be unpacked.
    """
    from PIL import ImageOps  # see _pillow

    try:
        picture.load()
        upright = ImageOps.exif_transpose(picture)
        if upright.has_transparency_data:
            colours = upright.convert("RGBA")
            upright = _pillow().new("RGB", colours.size, "white")
            upright.paste(colours, mask=colours)
        if upright.mode.startswith("I;16"):
            upright = upright.point(lambda level: level / 256)  # conversion alone turns all but black white
        return upright if upright.mode in {"L", "RGB"} else upright.convert("RGB")
    except Exception as fault:  # a parser fed with a hostile file may raise anything
        raise KnownError(_DAMAGED, detail=type(fault).__name__) from fault


def _read_tilted(picture: Image.Image, formats: tuple[str, ...]) -> list[DecodedSymbol]:
    """Read bars that lie askew, from copies of the picture turned by a few angles."""
    gray = gray_pixels(picture)
    bars = tuple(name for name in formats if name in symbologies.BARS)
    for degrees in _ROTATIONS if bars else ():
        found = [] if gray is None else second_looks.read_turned(gray, degrees, bars, whole=True)
        if found:
            return found
    return []


def _scaled(symbols: list[DecodedSymbol], factor: float) -> list[DecodedSymbol]:
    """Move corners found in a smaller copy into the picture it was made from."""
    return [
        replace(symbol, corners=tuple((round(x * factor), round(y * factor)) for x, y in symbol.corners))
        for symbol in symbols
    ]
