"""Second looks at a still picture: to read what the first look missed, and to doubt what it read.

A camera shows the next frame; a picture file has none. So a text that may be wrong is believed only when
copies of the picture, enlarged or turned a little, agree.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Final

from msgspec.structs import replace

from cashier_app.scanning import symbologies, zbar, zxing
from cashier_app.scanning.decoded import DecodedSymbol, without_repeats
from cashier_app.scanning.pixels import cut_out, flattened, inverted, partly_dark, sharpened, tilt, turned

if TYPE_CHECKING:
    from collections.abc import Iterable

    from cashier_app.scanning.pixels import Gray

# PDF417 with less of its error correction to spare may have been corrected into another text: all wrong texts
# in the measurements had none to spare, and one right one in ten.
LITTLE_TO_SPARE: Final = 0.15
# Enlargement and degrees of the copies that are asked.
_LOOKS: Final = ((1.5, 0.0), (1.0, 1.5), (0.75, 0.0), (1.25, -1.5), (2.0, 0.0))
_LARGEST_COPY: Final = 16_000_000  # px; copies above are not worth their time and memory


def read_still(gray: Gray, formats: tuple[str, ...]) -> list[DecodedSymbol]:
    """Read every code: at first sight, then by libzbar, then from copies.

    libzbar reads QR codes that zxing-cpp finds and cannot read. It looks at every line of a picture only
    where there seems to be such a code: elsewhere half the time spent on pictures without any would go there.
    """
    first = zxing.look(gray, formats)
    found = _doubted(gray, first.readings)
    # Somebody who shows several codes is told so: one that only libzbar reads counts as well.
    thorough = first.unread_qr or len(found) > 1
    if not found or thorough:
        found = without_repeats([*found, *_other_opinion(gray, formats, thorough=thorough)])
    if found:
        return found
    found, suspected = _rescued(gray, formats)
    if found or thorough or not suspected:
        return found
    return _other_opinion(gray, formats, thorough=True)


def _doubted(gray: Gray, readings: Iterable[zxing.Reading]) -> list[DecodedSymbol]:
    """Return what was read; PDF417 whose error correction was used up only if copies do not say otherwise."""
    believed = []
    for reading in readings:
        symbol: DecodedSymbol | None = reading.symbol
        if reading.symbol.symbology == symbologies.PDF417 and reading.spare < LITTLE_TO_SPARE:
            symbol = _settled(cut_out(gray, reading.symbol.corners), reading.symbol, alone=True)
        if symbol is not None:
            believed.append(symbol)
    return without_repeats(believed)


def _other_opinion(gray: Gray, formats: tuple[str, ...], *, thorough: bool) -> list[DecodedSymbol]:
    """Read with libzbar; its bars need a second read, since a frame with noise gave a wrong letter."""
    symbols = (
        # libzbar tells where lines ended, not how long the bars are: the whole picture is asked again.
        symbol if symbol.symbology in symbologies.SELF_CHECKED else _settled(gray, symbol, alone=False)
        for symbol in zbar.read(gray, formats, zbar.THOROUGH if thorough else zbar.QUICK)
    )
    return without_repeats(symbol for symbol in symbols if symbol is not None)


def _rescued(gray: Gray, formats: tuple[str, ...]) -> tuple[list[DecodedSymbol], bool]:
    """Read from copies what neither decoder read: under lamps, blurred, bars on dark, bars askew.

    Returns what was read, and whether a copy seems to hold a QR code that was not.
    """
    flat = tuple(name for name in formats if name not in symbologies.BARS)
    bars = tuple(name for name in formats if name in symbologies.BARS)
    # Lamps hide parts of QR codes; of Aztec ones it is blur, and looking for them costs as much again.
    square = tuple(name for name in flat if name == symbologies.QR_CODE)
    suspected = False
    for changed, wanted in ((flattened, square), (sharpened, flat)):
        if not wanted:
            continue
        copy = changed(gray)
        second = zxing.look(copy, wanted, sideways=False, inverse=False)
        suspected |= second.unread_qr
        found = _agreed(copy, second.readings)
        if found:
            return found, suspected
    return _rescued_bars(gray, bars) if bars else [], suspected


def _rescued_bars(gray: Gray, bars: tuple[str, ...]) -> list[DecodedSymbol]:
    if partly_dark(gray):
        copy = inverted(gray)
        found = _agreed(copy, zxing.read(copy, bars, sideways=False, inverse=False))
        if found:
            return found
    degrees = tilt(gray)
    return [] if degrees is None else read_turned(gray, degrees, bars)


def read_turned(
    gray: Gray, degrees: float, bars: tuple[str, ...], *, whole: bool = False
) -> list[DecodedSymbol]:
    """Read bars from a copy turned by some degrees, believing what further copies agree with."""
    copy = turned(gray, degrees, whole=whole)
    found = _agreed(copy.gray, zxing.read(copy.gray, bars, smaller=False, inverse=False))
    return [replace(symbol, corners=copy.back(symbol.corners)) for symbol in found]


def _agreed(gray: Gray, readings: Iterable[zxing.Reading]) -> list[DecodedSymbol]:
    """Return the codes read in a copy that may be believed."""
    symbols = (
        reading.symbol
        if reading.symbol.symbology in symbologies.SELF_CHECKED
        else _settled(cut_out(gray, reading.symbol.corners), reading.symbol, alone=False)
        for reading in readings
    )
    return without_repeats(symbol for symbol in symbols if symbol is not None)


def _settled(gray: Gray, symbol: DecodedSymbol, *, alone: bool) -> DecodedSymbol | None:
    """Return the text that is the first to be read twice, in the picture and in copies of it; else None.

    Args:
        gray: The place where the code is.
        symbol: What was read there.
        alone: Whether one read is enough if no copy reads anything at all.
    """
    formats = (symbol.symbology,)
    votes = Counter({symbol.text: 1})
    for factor, degrees in _LOOKS:
        if gray.size * factor * factor > _LARGEST_COPY:
            continue
        copy = turned(gray, degrees, scale=factor).gray
        answers = [reading.symbol for reading in zxing.read(copy, formats, inverse=False)]
        for answer in without_repeats([*answers, *zbar.read(copy, formats)]):
            votes[answer.text] += 1
            if votes[answer.text] > 1:
                return replace(symbol, text=answer.text, raw=answer.raw)
    return symbol if alone and len(votes) == 1 else None
