"""Codes as rows of dark and light, for a screen or a sheet of paper: tests of a scanner, practice passes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from types import MappingProxyType
from typing import Final

from msgspec import Struct

from cashier_app.scanning import symbologies
from cashier_app.scanning.calibration import LONG_TEST, SHORT_TEST

QUIET_MODULES: Final = {
    symbologies.QR_CODE: 4,  # ISO/IEC 18004
    symbologies.AZTEC: 2,  # none is asked for; scanners like a little
    symbologies.PDF417: 2,  # ISO/IEC 15438
    symbologies.CODE_128: 10,  # ISO/IEC 15417
    symbologies.EAN_13: 11,  # GS1 General Specifications 5.2.3.4, the wider of its two sides
}
"""The white room each kind needs around it, in modules."""


class PrintedCode(Struct, frozen=True):
    """One code, without its quiet zone.

    Args:
        kind: Its symbology, as named in `symbologies`.
        text: What it says.
        rows: One text of ``1`` (dark) and ``0`` for each row of modules; a bar code has one row.
    """

    kind: str
    text: str
    rows: tuple[str, ...]

    @property
    def columns(self) -> int:
        """Return the width in modules."""
        return len(self.rows[0])

    @property
    def is_bars(self) -> bool:
        """Return whether it is a bar code, whose one row may be as high as one likes."""
        return len(self.rows) == 1


def screen_codes() -> tuple[PrintedCode, ...]:
    """Return what a screen shows: one code for scanners that see, one for those with a laser line."""
    return qr_code(), bar_code()


def sheet_codes() -> tuple[PrintedCode, ...]:
    """Return one code of each kind that customers show."""
    return qr_code(), _by_zxing(symbologies.AZTEC), _by_zxing(symbologies.PDF417), bar_code()


def qr_code(text: str = LONG_TEST) -> PrintedCode:
    """Return a text, by default the test text, as a QR code."""
    import segno

    # Micro QR is unknown to many readers.
    made = segno.make(text, error="m", micro=False)
    rows = tuple("".join("1" if module else "0" for module in row) for row in made.matrix)
    return PrintedCode(symbologies.QR_CODE, text, rows)


def bar_code(text: str = SHORT_TEST) -> PrintedCode:
    """Return a text, by default the short test text, as Code 128."""
    return _by_barcode(symbologies.CODE_128, "code128", text)


def printed_code(kind: str, text: str) -> PrintedCode:
    """Return a text as a code of one of the kinds in `QUIET_MODULES`.

    Raises:
        KeyError: There is no writer for this kind.
    """
    return _WRITERS[kind](text)


def _by_barcode(kind: str, name: str, text: str) -> PrintedCode:
    import barcode

    made = barcode.get_barcode_class(name)(text)
    return PrintedCode(kind, text, (made.build()[0].strip("0"),))


def _by_zxing(kind: str, text: str = LONG_TEST) -> PrintedCode:
    import numpy as np
    import zxingcpp

    formats = {
        symbologies.AZTEC: zxingcpp.BarcodeFormat.Aztec,
        symbologies.PDF417: zxingcpp.BarcodeFormat.PDF417,
    }
    picture = zxingcpp.create_barcode(text, formats[kind]).to_image(scale=1, add_quiet_zones=False)
    pixels = np.asarray(picture)
    rows = tuple("".join("0" if light else "1" for light in row) for row in pixels)
    return PrintedCode(kind, text, rows)


_WRITERS: Final[Mapping[str, Callable[[str], PrintedCode]]] = MappingProxyType(
    {
        symbologies.QR_CODE: qr_code,
        symbologies.AZTEC: partial(_by_zxing, symbologies.AZTEC),
        symbologies.PDF417: partial(_by_zxing, symbologies.PDF417),
        symbologies.CODE_128: bar_code,
        symbologies.EAN_13: partial(_by_barcode, symbologies.EAN_13, "ean13"),
    }
)
