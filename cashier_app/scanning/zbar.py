"""libzbar through pyzbar's own bindings: QR and Code 128, as a second opinion that may not be installed.

pyzbar's `decode` scans every line and gives texts whose alphabet libzbar has guessed, wrong for most names.
Asked directly, libzbar scans every second line if told so, in half the time, and gives the bytes as they are.
"""

from __future__ import annotations

import ctypes
from typing import TYPE_CHECKING, Any, Final

from cashier_app.scanning import symbologies
from cashier_app.scanning.decoded import Corner, DecodedSymbol

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cashier_app.scanning.pixels import Gray

QUICK: Final = 2
THOROUGH: Final = 1
# libzbar 0.23.1 and later; pyzbar has no name for it. Older ones refuse it and go on guessing.
_GIVE_BYTES: Final = 4
# The first of a symbol's modifiers: FNC1 came first. AIM identifiers without it and with it.
_GS1: Final = 1
_AIM: Final = {symbologies.QR_CODE: ("]Q1", "]Q3"), symbologies.CODE_128: ("]C0", "]C1")}
_GRAY_FORMAT: Final = int.from_bytes(b"Y800", "little")


def works() -> bool:
    """Tell whether libzbar is installed and can be loaded."""
    try:
        _bindings()
    except (ImportError, OSError):
        return False
    return True


def read(gray: Gray, formats: tuple[str, ...], lines_apart: int = QUICK) -> list[DecodedSymbol]:
    """Read QR and Code 128, as far as the formats name them; nothing where libzbar is not installed.

    Args:
        gray: The picture.
        formats: Names in `symbologies`.
        lines_apart: `QUICK` or `THOROUGH`, which takes twice as long and reads smaller QR codes.
    """
    try:
        zbar = _bindings()
    except (ImportError, OSError):
        return []
    kinds = {zbar.ZBarSymbol.QRCODE: symbologies.QR_CODE, zbar.ZBarSymbol.CODE128: symbologies.CODE_128}
    wanted = {kind: name for kind, name in kinds.items() if name in formats}
    if not wanted:
        return []
    scanner, image = zbar.zbar_image_scanner_create(), zbar.zbar_image_create()
    try:
        honest = _set_up(zbar, scanner, wanted, lines_apart)
        pixels = gray.tobytes()  # must outlive the scan: libzbar keeps no copy
        height, width = gray.shape
        zbar.zbar_image_set_format(image, _GRAY_FORMAT)
        zbar.zbar_image_set_size(image, width, height)
        zbar.zbar_image_set_data(
            image, ctypes.cast(ctypes.c_char_p(pixels), ctypes.c_void_p), len(pixels), None
        )
        if zbar.zbar_scan_image(scanner, image) <= 0:
            return []
        return [
            DecodedSymbol(raw.decode("utf-8"), raw, name, corners, _AIM[name][gs1])
            for raw, name, corners, gs1 in _symbols(zbar, image, wanted)
            if _can_be_trusted(raw, honest)
        ]
    finally:
        zbar.zbar_image_destroy(image)
        zbar.zbar_image_scanner_destroy(scanner)


def _bindings() -> Any:  # noqa: ANN401 - published without types
    """Load pyzbar.

    Raises:
        ImportError: It is not packaged, or libzbar is not installed.
        OSError: A runtime of libzbar is missing, or it is made for another machine.
    """
    from pyzbar import wrapper  # loads a system library that may not be there

    return wrapper


def _set_up(zbar: Any, scanner: Any, wanted: dict[Any, str], lines_apart: int) -> bool:  # noqa: ANN401 - see _bindings
    """Choose kinds and lines; tell whether bytes will come as they are."""
    configure, setting = zbar.zbar_image_scanner_set_config, zbar.ZBarConfig
    honest = True
    for kind in zbar.ZBarSymbol:
        configure(scanner, kind, setting.CFG_ENABLE, int(kind in wanted))
    for kind in wanted:
        honest &= configure(scanner, kind, _GIVE_BYTES, 1) == 0
    configure(scanner, 0, setting.CFG_X_DENSITY, lines_apart)
    configure(scanner, 0, setting.CFG_Y_DENSITY, lines_apart)
    return honest


def _symbols(
    zbar: Any,  # noqa: ANN401 - see _bindings
    image: Any,  # noqa: ANN401 - see _bindings
    wanted: dict[Any, str],
) -> Iterator[tuple[bytes, str, tuple[Corner, ...], bool]]:
    names = {int(kind): name for kind, name in wanted.items()}
    modifiers = zbar.zbar_function("zbar_symbol_get_modifiers", ctypes.c_uint, ctypes.c_void_p)
    symbol = zbar.zbar_image_first_symbol(image)
    while symbol:
        name = names.get(symbol.contents.type)
        if name is not None:
            length = zbar.zbar_symbol_get_data_length(symbol)
            raw = ctypes.string_at(zbar.zbar_symbol_get_data(symbol), length)
            places = range(zbar.zbar_symbol_get_loc_size(symbol))
            across = [zbar.zbar_symbol_get_loc_x(symbol, place) for place in places]
            down = [zbar.zbar_symbol_get_loc_y(symbol, place) for place in places]
            yield raw, name, _outline(across, down), bool(modifiers(symbol) & _GS1)
        symbol = zbar.zbar_symbol_next(symbol)


def _outline(across: list[int], down: list[int]) -> tuple[Corner, ...]:
    """Return four corners: of bars libzbar tells a point for every line it read."""
    if len(across) == 4:
        return tuple(zip(across, down, strict=True))
    if not across:
        return ()
    left, right, top, bottom = min(across), max(across), min(down), max(down)
    return ((left, top), (right, top), (right, bottom), (left, bottom))


def _can_be_trusted(raw: bytes, honest: bool) -> bool:  # noqa: FBT001 - private, one caller
    if raw.isascii():
        return bool(raw)
    try:
        raw.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return honest
