"""zxing-cpp: the decoder that is asked first, and for copies of a picture again."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final

import msgspec

from cashier_app.scanning import symbologies
from cashier_app.scanning.decoded import Corner, DecodedSymbol

if TYPE_CHECKING:
    import zxingcpp

    from cashier_app.scanning.pixels import Gray

# The modifiers of AIM identifiers that tell of an alphabet named in the code itself (ECI), by their letter.
_NAMES_ITS_ALPHABET: Final = {"Q": "2456", "L": "1", "z": "3456789ABC", "d": "456"}
_HALF_WIDTH_KATAKANA: Final = ("\uff61", "\uff9f")


class Reading(msgspec.Struct, frozen=True):
    """A code that zxing-cpp read.

    Args:
        symbol: The code.
        spare: Share of the error correction left unused, 0 to 1; 1 for codes that have none.
    """

    symbol: DecodedSymbol
    spare: float


class Look(msgspec.Struct, frozen=True):
    """What zxing-cpp made of a picture.

    Args:
        readings: The codes it read.
        unread_qr: Whether it found the corner marks of a QR code that it could not read; print has such, too.
    """

    readings: list[Reading]
    unread_qr: bool


def read(
    gray: Gray,
    formats: tuple[str, ...],
    *,
    sideways: bool = True,
    smaller: bool = True,
    inverse: bool = True,
) -> list[Reading]:
    """Read all codes of some kinds.

    Args:
        gray: The picture.
        formats: Names in `symbologies`.
        sideways: Also look for bars turned by 90 degrees.
        smaller: Also look at smaller copies: phones held close are read only there.
        inverse: Also look for light on dark; for QR, Aztec and Data Matrix, it does nothing for bars.
    """
    return look(gray, formats, sideways=sideways, smaller=smaller, inverse=inverse).readings


def look(
    gray: Gray,
    formats: tuple[str, ...],
    *,
    sideways: bool = True,
    smaller: bool = True,
    inverse: bool = True,
) -> Look:
    """Read as `read` does, and tell whether there seem to be QR codes that were not read; costs no more."""
    import zxingcpp  # the window must be up before any decoder is loaded

    found = zxingcpp.read_barcodes(
        gray,
        formats=_formats(formats),
        try_rotate=sideways,
        try_downscale=smaller,
        try_invert=inverse,
        # The default text mode puts parentheses into GS1 data.
        text_mode=zxingcpp.TextMode.Plain,
        ean_add_on_symbol=zxingcpp.EanAddOnSymbol.Ignore,
        return_errors=True,
    )
    return Look(
        [_reading(barcode) for barcode in found if barcode.valid],
        any(not barcode.valid and str(barcode.symbology) == symbologies.QR_CODE for barcode in found),
    )


@lru_cache(maxsize=32)
def _formats(names: tuple[str, ...]) -> zxingcpp.BarcodeFormats:
    import zxingcpp  # see read

    known = zxingcpp.BarcodeFormat
    by_name = {
        # Not Micro QR, which no wallet shows: its smallest kind corrects nothing, floor tiles read as "20".
        symbologies.QR_CODE: (known.QRCodeModel1, known.QRCodeModel2),
        symbologies.AZTEC: (known.Aztec,),
        symbologies.PDF417: (known.PDF417,),
        symbologies.CODE_128: (known.Code128,),
        symbologies.CODE_39: (known.Code39,),
        symbologies.CODABAR: (known.Codabar,),
        symbologies.EAN_13: (known.EAN13,),
        symbologies.ITF: (known.ITF,),
        symbologies.DATA_MATRIX: (known.DataMatrix,),
    }
    return zxingcpp.BarcodeFormats([kind for name in names for kind in by_name[name]])


def _reading(barcode: zxingcpp.Barcode) -> Reading:
    raw = barcode.bytes
    symbology = str(barcode.symbology)
    place = barcode.position
    points = (place.top_left, place.top_right, place.bottom_right, place.bottom_left)
    corners: tuple[Corner, ...] = tuple((point.x, point.y) for point in points)
    extra: Any = barcode.extra  # a dictionary, or None for bars
    symbol = DecodedSymbol(
        text=_text(raw, barcode),
        raw=raw,
        symbology=symbologies.EAN_13 if symbology == "EAN/UPC" else symbology,
        corners=corners,
        aim=barcode.symbology_identifier,
    )
    return Reading(symbol, float(extra.get("UEC", 1)) if extra else 1.0)


def _text(raw: bytes, barcode: zxingcpp.Barcode) -> str:
    """Read the bytes as UTF-8, which wallets write unannounced, unless the code names another alphabet."""
    understood = barcode.text
    if raw.isascii():
        return understood
    identifier = barcode.symbology_identifier
    if identifier[2:] in _NAMES_ITS_ALPHABET.get(identifier[1:2], ""):
        return understood
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        pass
    # Two accented letters together are taken for half-width Japanese ones, which no wallet writes.
    first, last = _HALF_WIDTH_KATAKANA
    if any(first <= letter <= last for letter in understood):
        return raw.decode("iso-8859-1")
    return understood
