"""From pixels to the texts of the codes in them: zxing-cpp, and pyzbar as a second opinion.

zxing-cpp reads all four formats that our cards use. pyzbar reads only QR and Code 128, is several times
slower and turns text outside ASCII into other letters, yet it alone reads some codes under glare: it is
asked only when zxing-cpp finds nothing, and believed only when the text is plain ASCII.

A live camera should call `read_with_zxing` on every frame and `read_with_zbar` on some of the empty ones.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from msgspec import Struct

from cashier_app.scanning import symbologies

if TYPE_CHECKING:
    import zxingcpp

# A corner: x and y in px from the top left of the picture.
Corner = tuple[int, int]
# A numpy array of uint8 (height x width, or height x width x BGR), a PIL image, or a buffer of that shape.
Picture = Any


class DecodedSymbol(Struct, frozen=True):
    """One code found in a picture.

    Args:
        text: The text as the decoder understood it.
        raw: The bytes in the symbol; for text outside ASCII they are the truth and the text is a guess.
        symbology: One of the names in `cashier_app.scanning.symbologies`.
        corners: The outline in px, going round.
    """

    text: str
    raw: bytes
    symbology: str
    corners: tuple[Corner, ...]


def decode(picture: Picture) -> list[DecodedSymbol]:
    """Read every code in a picture; an empty list is an answer, two codes are two results.

    Raises:
        TypeError: The object is not a picture.
    """
    return read_with_zxing(picture) or read_with_zbar(picture)


def read_with_zxing(picture: Picture) -> list[DecodedSymbol]:
    """Read QR, Aztec, PDF417 and Code 128 with zxing-cpp.

    Raises:
        TypeError: The object is not a picture.
    """
    import zxingcpp  # the window must be up before any decoder is loaded

    found = zxingcpp.read_barcodes(
        picture,
        formats=_zxing_formats(),
        # Phones held close need the downscaling, dark mode the inverting: each is worth its time.
        try_rotate=True,
        try_downscale=True,
        try_invert=True,
        # The default text mode puts parentheses into GS1 data.
        text_mode=zxingcpp.TextMode.Plain,
    )
    return _without_repeats(
        DecodedSymbol(
            text=barcode.text,
            raw=barcode.bytes,
            symbology=str(barcode.symbology),
            corners=_corners(barcode.position),
        )
        for barcode in found
    )


def read_with_zbar(picture: Picture) -> list[DecodedSymbol]:
    """Read QR and Code 128 with pyzbar; an empty list where its system library is not installed."""
    try:
        # ImportError: not packaged. OSError and FileNotFoundError: libzbar or a runtime of it is missing.
        from pyzbar import pyzbar  # loads a system library that may not be there
    except (ImportError, OSError):
        return []
    pixels = _gray_pixels(picture)
    if pixels is None:
        return []
    names = {pyzbar.ZBarSymbol.QRCODE: symbologies.QR_CODE, pyzbar.ZBarSymbol.CODE128: symbologies.CODE_128}
    found = pyzbar.decode(pixels, symbols=list(names))
    return _without_repeats(
        DecodedSymbol(
            text=barcode.data.decode("ascii"),
            raw=barcode.data,
            symbology=names[pyzbar.ZBarSymbol[barcode.type]],
            corners=tuple((int(point.x), int(point.y)) for point in barcode.polygon),
        )
        for barcode in found
        if barcode.data.isascii()
    )


def zbar_works() -> bool:
    """Tell whether the second opinion is there."""
    try:
        from pyzbar import pyzbar  # noqa: F401 - loads a system library that may not be there
    except (ImportError, OSError):
        return False
    return True


@lru_cache(maxsize=1)
def _zxing_formats() -> zxingcpp.BarcodeFormats:
    import zxingcpp  # see read_with_zxing

    known = zxingcpp.BarcodeFormat
    return zxingcpp.BarcodeFormats([known.QRCode, known.Aztec, known.PDF417, known.Code128])


def _corners(position: zxingcpp.Position) -> tuple[Corner, ...]:
    points = (position.top_left, position.top_right, position.bottom_right, position.bottom_left)
    return tuple((point.x, point.y) for point in points)


def _gray_pixels(picture: Picture) -> tuple[bytes, int, int] | None:
    """Return one byte a pixel, width and height, without needing numpy; None for other objects."""
    if hasattr(picture, "convert"):
        gray = picture.convert("L")
        return gray.tobytes(), gray.width, gray.height
    try:
        view = memoryview(picture)
    except TypeError:
        return None
    if view.ndim not in {2, 3} or view.itemsize != 1 or view.shape is None:
        return None
    height, width = view.shape[:2]
    channels = view.shape[2] if view.ndim == 3 else 1
    # The second of three channels is green, in RGB and BGR alike: most of the brightness.
    return view.tobytes()[min(1, channels - 1) :: channels], width, height


def _without_repeats(symbols: Iterable[DecodedSymbol]) -> list[DecodedSymbol]:
    """Keep the first of those with the same text: a card may show its number as QR and as bars."""
    kept: dict[str, DecodedSymbol] = {}
    for symbol in symbols:
        kept.setdefault(symbol.text, symbol)
    return list(kept.values())
