"""Codes out of pixels: what is read, what is refused, who is asked second."""

import builtins
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence

import numpy as np
import pytest
import zxingcpp
from PIL import Image

from cashier_app.scanning.decoders import DecodedSymbol, decode, read_with_zbar, read_with_zxing, zbar_works
from tests.fakes.pictures import HEIGHT, TOKEN, WIDTH, drawn, fake_zbar, sheet

FORMATS = {
    "QR Code": zxingcpp.BarcodeFormat.QRCode,
    "Aztec": zxingcpp.BarcodeFormat.Aztec,
    "PDF417": zxingcpp.BarcodeFormat.PDF417,
    "Code 128": zxingcpp.BarcodeFormat.Code128,
}


def without_zbar(monkeypatch: pytest.MonkeyPatch, fault: Exception) -> None:
    genuine = builtins.__import__

    def refusing(
        name: str,
        globals_: Mapping[str, object] | None = None,
        locals_: Mapping[str, object] | None = None,
        fromlist: Sequence[str] | None = (),
        level: int = 0,
    ) -> object:
        if name.startswith("pyzbar"):
            raise fault
        return genuine(name, globals_, locals_, fromlist or (), level)

    monkeypatch.setattr(builtins, "__import__", refusing)


@pytest.mark.parametrize("symbology", FORMATS)
def test_each_wallet_format_is_read(symbology: str) -> None:
    (symbol,) = decode(sheet(drawn(TOKEN, FORMATS[symbology])))
    assert (symbol.text, symbol.raw, symbol.symbology) == (TOKEN, TOKEN.encode(), symbology)
    assert len(symbol.corners) == 4
    assert all(20 <= x <= WIDTH and 40 <= y <= HEIGHT for x, y in symbol.corners)


@pytest.mark.parametrize(
    "text_format",
    [zxingcpp.BarcodeFormat.EAN13, zxingcpp.BarcodeFormat.DataMatrix, zxingcpp.BarcodeFormat.Code39],
)
def test_goods_on_the_counter_are_not_customers(text_format: zxingcpp.BarcodeFormat) -> None:
    text = "4006381333931" if text_format is zxingcpp.BarcodeFormat.EAN13 else "MEMBER1"
    page = sheet(drawn(text, text_format))
    assert zxingcpp.read_barcodes(page), "the picture itself can be read"
    assert decode(page) == []


def test_two_codes_are_two_results() -> None:
    found = decode(sheet(drawn(TOKEN), drawn("LC1:OTHER", zxingcpp.BarcodeFormat.Aztec)))
    assert {symbol.text for symbol in found} == {TOKEN, "LC1:OTHER"}


def test_one_number_shown_twice_is_one_result() -> None:
    found = decode(sheet(drawn(TOKEN), drawn(TOKEN, zxingcpp.BarcodeFormat.Code128)))
    assert [symbol.text for symbol in found] == [TOKEN]


def test_the_same_pixels_are_read_in_every_form() -> None:
    page = sheet(drawn(TOKEN))
    gray = np.asarray(page)
    colours = np.ascontiguousarray(np.repeat(gray[:, :, None], 3, axis=2))
    pictures = [
        page,
        page.convert("RGB"),
        gray,
        colours,
        memoryview(page.tobytes()).cast("B", (HEIGHT, WIDTH)),
        gray[:, ::-1][:, ::-1],
    ]
    assert [[symbol.text for symbol in decode(picture)] for picture in pictures] == [[TOKEN]] * len(pictures)


@pytest.mark.parametrize(
    "change",
    [
        lambda page: page.point(lambda level: 255 - level),
        lambda page: page.rotate(90, expand=True),
        lambda page: page.resize((WIDTH * 4, HEIGHT * 4)),
    ],
    ids=["dark mode", "on its side", "held close"],
)
def test_phones_are_held_in_any_way(change: Callable[[Image.Image], Image.Image]) -> None:
    assert [symbol.text for symbol in decode(change(sheet(drawn(TOKEN))))] == [TOKEN]


def test_names_outside_ascii_keep_their_letters() -> None:
    (symbol,) = decode(sheet(drawn("Priya Nair Müller")))
    assert symbol.text == "Priya Nair Müller"


def test_gs1_data_is_given_plainly() -> None:
    code = zxingcpp.create_barcode("(01)04006381333931(10)AB12", zxingcpp.BarcodeFormat.Code128, gs1=True)
    (symbol,) = decode(sheet(Image.fromarray(np.asarray(code.to_image(scale=2)))))
    assert "(" not in symbol.text
    assert symbol.text.startswith("0104006381333931")


def test_an_empty_picture_is_an_answer() -> None:
    assert decode(sheet()) == []


def test_what_is_no_picture_is_a_bug_of_the_caller() -> None:
    with pytest.raises(TypeError):
        decode("picture.png")


def test_zbar_is_asked_only_when_zxing_finds_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = fake_zbar(monkeypatch, ("QRCODE", b"SECOND"))
    assert [symbol.text for symbol in decode(sheet(drawn(TOKEN)))] == [TOKEN]
    assert asked == []
    corners = ((3, 4), (9, 4), (9, 8), (3, 8))
    assert decode(sheet()) == [DecodedSymbol("SECOND", b"SECOND", "QR Code", corners, "]Q1")]
    assert asked == [(WIDTH, HEIGHT)]
    assert read_with_zxing(sheet()) == []


@pytest.mark.parametrize(("modifiers", "aim"), [(0, "]Q1"), (1, "]Q3"), (3, "]Q3")])
def test_zbar_says_whether_gs1_data_came(monkeypatch: pytest.MonkeyPatch, modifiers: int, aim: str) -> None:
    fake_zbar(monkeypatch, ("QRCODE", b"8018"), modifiers=modifiers)
    assert [symbol.announced for symbol in decode(sheet())] == [f"{aim}8018"]


def test_zbar_looks_at_every_line_only_where_a_code_seems_to_be(monkeypatch: pytest.MonkeyPatch) -> None:
    lines: list[int] = []
    fake_zbar(monkeypatch, lines=lines)
    assert decode(sheet()) == []
    assert set(lines) == {2}
    lines.clear()
    torn = drawn(TOKEN).copy()
    torn.paste(0, tuple(round(share * torn.width) for share in (0.4, 0.4, 0.7, 0.7)))
    assert decode(sheet(torn)) == []
    assert set(lines) == {1}


def test_a_code_that_only_zbar_reads_counts_beside_others(monkeypatch: pytest.MonkeyPatch) -> None:
    fake_zbar(monkeypatch, ("QRCODE", b"THIRD"))
    both = sheet(drawn(TOKEN), drawn("LC1:SECOND"))
    assert {symbol.text for symbol in decode(both)} == {TOKEN, "LC1:SECOND", "THIRD"}


def test_bars_from_zbar_need_a_second_read(monkeypatch: pytest.MonkeyPatch) -> None:
    once = fake_zbar(monkeypatch, ("CODE128", b"%CZKTMQVUT5N"), times=1)
    assert decode(sheet()) == []
    assert len(once) > 1
    fake_zbar(monkeypatch, ("CODE128", b"LCZKTMQVUT5N"))
    assert [symbol.text for symbol in decode(sheet())] == ["LCZKTMQVUT5N"]


def test_zbar_is_believed_in_ascii_or_when_it_gives_the_bytes(monkeypatch: pytest.MonkeyPatch) -> None:
    name = "Müller".encode()
    fake_zbar(monkeypatch, ("QRCODE", name), ("QRCODE", b"M\xfcller"), ("QRCODE", b"42"), ("EAN13", b"1"))
    assert [symbol.text for symbol in read_with_zbar(sheet())] == ["Müller", "42"]
    fake_zbar(monkeypatch, ("QRCODE", name), ("QRCODE", b"42"), ("QRCODE", b""), honest=False)
    assert [symbol.text for symbol in read_with_zbar(sheet())] == ["42"]


@pytest.mark.parametrize("picture", [np.zeros((13, 15), np.uint8), np.zeros((13, 15, 3), np.uint8)])
def test_zbar_gets_one_byte_a_pixel(monkeypatch: pytest.MonkeyPatch, picture: np.ndarray) -> None:
    asked = fake_zbar(monkeypatch, ("QRCODE", b"X"))
    assert [symbol.text for symbol in read_with_zbar(picture)] == ["X"]
    assert [symbol.text for symbol in read_with_zbar(Image.fromarray(picture))] == ["X"]
    assert asked == [(15, 13), (15, 13)]


def test_zbar_looks_only_for_what_is_wanted(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = fake_zbar(monkeypatch, ("QRCODE", b"X"), ("CODE128", b"Y"))
    assert [symbol.text for symbol in read_with_zbar(sheet(), ("Code 128", "PDF417"))] == ["Y"]
    asked.clear()
    assert read_with_zbar(sheet(), ("Aztec",)) == []
    assert asked == []


@pytest.mark.parametrize(
    "fault", [ImportError("no libzbar"), FileNotFoundError("libiconv.dll"), OSError("wrong architecture")]
)
def test_without_its_system_library_zbar_is_silent(monkeypatch: pytest.MonkeyPatch, fault: Exception) -> None:
    without_zbar(monkeypatch, fault)
    assert not zbar_works()
    assert decode(sheet()) == []
    assert [symbol.text for symbol in decode(sheet(drawn(TOKEN)))] == [TOKEN]


def test_real_zbar_reads_a_plain_code() -> None:
    if not zbar_works():
        pytest.skip("libzbar is not installed here; it is optional")
    for kind in ("QR Code", "Code 128"):
        page = sheet(drawn(TOKEN, FORMATS[kind])).resize((WIDTH * 2, HEIGHT * 2))
        assert [(symbol.text, symbol.symbology) for symbol in read_with_zbar(page)] == [(TOKEN, kind)]


def test_no_decoder_is_loaded_with_the_module() -> None:
    script = "import sys, cashier_app.scanning.picture_files; print(*sys.modules)"
    command = [sys.executable, "-c", script]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert not {"zxingcpp", "pyzbar", "PIL", "numpy", "cv2"} & set(done.stdout.split())
