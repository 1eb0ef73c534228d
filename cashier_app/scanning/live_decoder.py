"""Codes out of a camera's frames: what may be believed now, and other looks at frames that show nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import msgspec
from msgspec.structs import replace

from cashier_app.scanning import symbologies, zbar, zxing
from cashier_app.scanning.decoded import DecodedSymbol, without_repeats
from cashier_app.scanning.pixels import Picture, flattened, gray_pixels, inverted, tilt, turned

if TYPE_CHECKING:
    from cashier_app.scanning.pixels import Gray

# Bars read within 5 degrees of level (PDF417) or 15 (Code 128), and never light on dark. Each empty frame is
# looked at once more, by turns: turned as its edges lie, by so many degrees, inverted, or flattened, which
# takes a lamp out of a QR code.
INVERTED: Final = "inverted"
LEVELLED: Final = "levelled"
FLATTENED: Final = "flattened"
LOOKS: Final = (LEVELLED, 15.0, -15.0, INVERTED, 30.0, -30.0, 45.0, FLATTENED)
ZBAR_EVERY: Final = 4
ZBAR: Final = "zbar"

# Two reads count as two in a row while no frame between showed another text at the same place, and at most
# this many frames lie between: one round of the looks above, so that tilted bars have their second read.
_FRAMES_APART: Final = 12


class _Sighting(msgspec.Struct, frozen=True):
    """When and where a text was read: the frame's number; left, top, right, bottom in px."""

    frame: int
    place: tuple[int, int, int, int]


class LiveDecoder:
    """Reads the frames of one camera, in order. Not for several threads at once.

    QR and Aztec are believed when they are read; PDF417, Code 128 and other bars, Data Matrix and everything
    from libzbar only when a second frame says the same.

    Args:
        formats: The kinds to look for, by their names in `symbologies`.
    """

    def __init__(self, formats: tuple[str, ...] = symbologies.WALLET) -> None:
        self._formats = formats
        self._bars = tuple(name for name in formats if name in symbologies.BARS)
        self._flat = tuple(name for name in formats if name not in symbologies.BARS)
        self._frame = 0
        self._empty = 0
        self._look = 0
        self._again: str | float | None = None
        self._sightings: dict[tuple[str, str], _Sighting] = {}
        self._waited = False

    def read(self, frame: Picture) -> list[DecodedSymbol]:
        """Return the codes in a frame that may be believed now: none, one or several.

        Raises:
            TypeError: The object is not a picture.
        """
        gray = gray_pixels(frame)
        self._frame += 1
        if gray is None:
            return []
        found = [reading.symbol for reading in zxing.read(gray, self._formats)]
        way: str | float = ""
        if found:
            self._empty = 0
        else:
            self._empty += 1
            way = self._next_way()
            found = self._looked(gray, way)
            self._again = way if found else None
        sure = () if way == ZBAR else symbologies.SELF_CHECKED
        certain = [symbol for symbol in found if symbol.symbology in sure]
        return self._believed(certain, [symbol for symbol in found if symbol.symbology not in sure])

    def forget(self) -> None:
        """Begin anew, as for the next customer: what was read before confirms nothing any more."""
        self._sightings.clear()
        self._again = None
        self._waited = False

    def _next_way(self) -> str | float:
        """Return how to look at an empty frame once more: as what has just read something, or by turns."""
        if self._again is not None:
            return self._again
        if self._empty % ZBAR_EVERY == 0:
            return ZBAR
        self._look += 1
        return LOOKS[(self._look - 1) % len(LOOKS)]

    def _looked(self, gray: Gray, way: str | float) -> list[DecodedSymbol]:
        if way == ZBAR:
            return zbar.read(gray, self._formats, zbar.THOROUGH)  # one frame in four: there is time
        if way == FLATTENED and self._flat:
            found = zxing.read(flattened(gray), self._flat, sideways=False, inverse=False)
            return [reading.symbol for reading in found]
        if way == FLATTENED or not self._bars:
            return []
        if way == INVERTED:
            return self._bars_in(inverted(gray))
        degrees = tilt(gray) if way == LEVELLED else float(way)
        if degrees is None:
            return []
        copy = turned(gray, degrees)
        return [replace(symbol, corners=copy.back(symbol.corners)) for symbol in self._bars_in(copy.gray)]

    def _bars_in(self, gray: Gray) -> list[DecodedSymbol]:
        return [reading.symbol for reading in zxing.read(gray, self._bars, smaller=False, inverse=False)]

    def _believed(self, certain: list[DecodedSymbol], doubtful: list[DecodedSymbol]) -> list[DecodedSymbol]:
        """Return what is certain, and what is doubtful and was read before."""
        sure = {symbol.text for symbol in certain}
        open_questions = [symbol for symbol in without_repeats(doubtful) if symbol.text not in sure]
        agreed = [symbol for symbol in open_questions if self._seen_before(symbol)]
        # A second code in view may be another customer's: it gets one frame to be confirmed or vanish.
        if certain and len(agreed) < len(open_questions) and not self._waited:
            self._waited = True
            return []
        self._waited = self._waited and bool(certain)
        return without_repeats([*certain, *agreed])

    def _seen_before(self, symbol: DecodedSymbol) -> bool:
        """Keep a sighting; tell whether it is the second in a row."""
        key, place = (symbol.symbology, symbol.text), _place(symbol)
        before = self._sightings.pop(key, None)
        self._sightings = {
            other: sighting
            for other, sighting in self._sightings.items()
            if self._frame - sighting.frame <= _FRAMES_APART
            and (sighting.frame == self._frame or not _overlap(sighting.place, place))
        }
        self._sightings[key] = _Sighting(self._frame, place)
        return before is not None and self._frame - before.frame <= _FRAMES_APART


def _place(symbol: DecodedSymbol) -> tuple[int, int, int, int]:
    across = [x for x, _ in symbol.corners] or [0]
    down = [y for _, y in symbol.corners] or [0]
    return (min(across), min(down), max(across), max(down))


def _overlap(one: tuple[int, int, int, int], other: tuple[int, int, int, int]) -> bool:
    return one[0] <= other[2] and other[0] <= one[2] and one[1] <= other[3] and other[1] <= one[3]
