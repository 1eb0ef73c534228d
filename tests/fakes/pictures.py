"""Pages with codes on them, and a stand-in for libzbar."""

import sys
from enum import IntEnum
from types import SimpleNamespace

import numpy as np
import pytest
import zxingcpp
from PIL import Image

TOKEN = "LC1:PRYA7K2M4Q9XW3TB"
WIDTH, HEIGHT = 700, 400


def drawn(text: str, symbology: zxingcpp.BarcodeFormat = zxingcpp.BarcodeFormat.QRCode) -> Image.Image:
    code = zxingcpp.create_barcode(text, symbology).to_image(scale=2)
    return Image.fromarray(np.asarray(code))


def sheet(*codes: Image.Image) -> Image.Image:
    page = Image.new("L", (WIDTH, HEIGHT), 255)
    for i, code in enumerate(codes):
        page.paste(code, (20 + 330 * i, 40))
    return page


def fake_zbar(
    monkeypatch: pytest.MonkeyPatch,
    *found: tuple[str, bytes],
    honest: bool = True,
    times: int = 99,
    modifiers: int = 0,
    lines: list[int] | None = None,
) -> list[tuple[int, int]]:
    """Put a stand-in for libzbar in its place; return the list it keeps of the sizes it was asked to scan.

    Args:
        monkeypatch: Puts the real one back.
        found: Kinds and bytes it finds in any picture.
        honest: Whether it knows how to give bytes as they are, as libzbar 0.23.1 and later do.
        times: In how many pictures it finds them, before it finds nothing any more.
        modifiers: What it says of each code; the lowest bit is for GS1.
        lines: Gets how far apart the lines are that it is to look at.
    """
    asked: list[tuple[int, int]] = []
    kinds = IntEnum("Kinds", {"QRCODE": 64, "CODE128": 128, "EAN13": 13})
    settings = IntEnum("Settings", {"CFG_ENABLE": 0, "CFG_X_DENSITY": 256, "CFG_Y_DENSITY": 257})

    def configure(_scanner: object, _kind: int, setting: int, value: int) -> int:
        if lines is not None and setting == settings.CFG_X_DENSITY:
            lines.append(value)
        return 0 if honest or setting != 4 else 1

    def symbol(place: int) -> SimpleNamespace | None:
        if place >= len(found):
            return None
        kind = int(kinds[found[place][0]])
        return SimpleNamespace(contents=SimpleNamespace(type=kind), data=found[place][1], place=place)

    def data_of(image: object, _format: object, length: int, _cleanup: object) -> None:
        assert length == asked[-1][0] * asked[-1][1], "one byte a pixel"

    module = SimpleNamespace(
        ZBarSymbol=kinds,
        ZBarConfig=settings,
        zbar_image_scanner_create=object,
        zbar_image_create=object,
        zbar_image_scanner_destroy=lambda _: None,
        zbar_image_destroy=lambda _: None,
        zbar_image_scanner_set_config=configure,
        zbar_image_set_format=lambda *_: None,
        zbar_image_set_size=lambda _, width, height: asked.append((width, height)),
        zbar_image_set_data=data_of,
        zbar_scan_image=lambda *_: len(found) if len(asked) <= times else 0,
        zbar_image_first_symbol=lambda _: symbol(0),
        zbar_symbol_next=lambda before: symbol(before.place + 1),
        zbar_symbol_get_data=lambda of: of.data,
        zbar_symbol_get_data_length=lambda of: len(of.data),
        zbar_function=lambda *_: lambda _: modifiers,
        zbar_symbol_get_loc_size=lambda _: 4,
        zbar_symbol_get_loc_x=lambda _, place: (3, 9, 9, 3)[place],
        zbar_symbol_get_loc_y=lambda _, place: (4, 4, 8, 8)[place],
    )
    monkeypatch.setitem(sys.modules, "pyzbar", SimpleNamespace(wrapper=module))
    monkeypatch.setitem(sys.modules, "pyzbar.wrapper", module)
    return asked
