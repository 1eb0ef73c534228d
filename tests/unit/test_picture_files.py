"""Picture files from anywhere: good ones are read, bad ones are refused in one sentence."""

import contextlib
import io
import os
import random
import struct
import sys
import tracemalloc
import zlib
from pathlib import Path

import numpy as np
import pytest
import zxingcpp
from PIL import Image

from cashier_app.errors import KnownError
from cashier_app.paths import resources
from cashier_app.scanning import picture_files
from cashier_app.scanning.decoders import DecodedSymbol, decode
from cashier_app.scanning.picture_files import (
    FORMATS,
    LARGEST_FILE,
    decode_picture_bytes,
    decode_picture_file,
)

TOKEN = "LC1:PRYA7K2M4Q9XW3TB"


def code(symbology: zxingcpp.BarcodeFormat = zxingcpp.BarcodeFormat.QRCode, scale: int = 4) -> Image.Image:
    drawn = Image.fromarray(np.asarray(zxingcpp.create_barcode(TOKEN, symbology).to_image(scale=scale)))
    page = Image.new("L", (drawn.width + 200, drawn.height + 100), 255)
    page.paste(drawn, (20, 60))
    return page


def encoded(picture: Image.Image, picture_format: str = "PNG", **options: object) -> bytes:
    buffer = io.BytesIO()
    picture.save(buffer, picture_format, **options)
    return buffer.getvalue()


def texts(data: bytes) -> list[str]:
    return [symbol.text for symbol in decode_picture_bytes(data)]


def sentence(data: bytes) -> str:
    with pytest.raises(KnownError) as caught:
        decode_picture_bytes(data)
    return caught.value.sentence


def png_header(width: int, height: int) -> bytes:
    """Return a PNG that only claims its size."""

    def chunk(name: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))

    header = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + header + chunk(b"IDAT", zlib.compress(b"")) + chunk(b"IEND", b"")


@pytest.mark.parametrize("picture_format", FORMATS)
def test_every_promised_format_is_read(picture_format: str, tmp_path: Path) -> None:
    file = tmp_path / "named otherwise.bin"
    file.write_bytes(encoded(code().convert("RGB"), picture_format))
    assert [symbol.text for symbol in decode_picture_file(file)] == [TOKEN]
    assert [symbol.text for symbol in decode_picture_file(str(file))] == [TOKEN]


@pytest.mark.parametrize("picture_format", ["PPM", "ICO", "PCX", "TGA", "PDF", "EPS"])
def test_other_formats_are_refused_even_if_pillow_knows_them(picture_format: str) -> None:
    data = encoded(code().convert("RGB"), picture_format)
    assert sentence(data).startswith("This is not a picture in PNG")


def test_only_the_first_frame_counts() -> None:
    blank = Image.new("L", code().size, 255)
    assert texts(encoded(code(), "GIF", save_all=True, append_images=[blank])) == [TOKEN]
    assert texts(encoded(blank, "GIF", save_all=True, append_images=[code()])) == []


@pytest.mark.parametrize("orientation", range(1, 9))
def test_exif_orientation_is_applied(orientation: int) -> None:
    undo = {
        2: Image.Transpose.FLIP_LEFT_RIGHT,
        3: Image.Transpose.ROTATE_180,
        4: Image.Transpose.FLIP_TOP_BOTTOM,
        5: Image.Transpose.TRANSPOSE,
        6: Image.Transpose.ROTATE_90,
        7: Image.Transpose.TRANSVERSE,
        8: Image.Transpose.ROTATE_270,
    }
    upright = code()
    stored = upright.transpose(undo[orientation]) if orientation in undo else upright
    exif = Image.Exif()
    exif[0x0112] = orientation
    (symbol,) = decode_picture_bytes(encoded(stored, "JPEG", exif=exif))
    (expected,) = decode_picture_bytes(encoded(upright))
    assert symbol.text == TOKEN
    assert np.abs(np.subtract(symbol.corners, expected.corners)).max() <= 2


def test_transparent_pictures_lie_on_white() -> None:
    ink = code().point(lambda level: 255 - level)
    clear = Image.new("RGBA", ink.size, (0, 0, 0, 0))
    clear.paste((0, 0, 0, 255), mask=ink)
    assert texts(encoded(clear)) == [TOKEN]
    assert texts(encoded(clear, "WEBP")) == [TOKEN]


@pytest.mark.parametrize("mode", ["1", "P", "RGB", "CMYK", "YCbCr", "LA", "I;16", "F"])
def test_colour_models_do_not_matter(mode: str) -> None:
    if mode == "I;16":
        # A pale code in the upper half of 16 bits: cut off at 255 it would be all white.
        picture = Image.fromarray((np.asarray(code()).astype(np.uint32) * 100 + 9000).astype(np.uint16))
    else:
        picture = code().convert(mode)
    assert texts(encoded(picture, "PNG" if mode in {"1", "P", "RGB", "LA", "I;16"} else "TIFF")) == [TOKEN]


def test_large_photographs_are_read_small_first(monkeypatch: pytest.MonkeyPatch) -> None:
    sizes: list[tuple[int, int]] = []

    def recording(picture: Image.Image, formats: tuple[str, ...]) -> list[DecodedSymbol]:
        sizes.append(picture.size)
        return decode(picture, formats)

    monkeypatch.setattr(picture_files, "decode", recording)
    scene = Image.new("L", (3000, 1500), 255)
    scene.paste(code(scale=8), (1800, 600))
    (symbol,) = decode_picture_bytes(encoded(scene))
    assert sizes == [(2000, 1000)]
    assert all(1800 <= x <= 1800 + code(scale=8).width and y >= 600 for x, y in symbol.corners)


def test_a_code_too_small_for_that_is_read_in_full_size() -> None:
    scene = Image.new("L", (5000, 2500), 255)
    scene.paste(code(scale=2), (4000, 1800))
    (symbol,) = decode_picture_bytes(encoded(scene))
    assert symbol.text == TOKEN
    assert all(x >= 4000 and y >= 1800 for x, y in symbol.corners)


@pytest.mark.parametrize("symbology", [zxingcpp.BarcodeFormat.PDF417, zxingcpp.BarcodeFormat.Code128])
@pytest.mark.parametrize("degrees", [-40, -30, -18, 18, 30, 45])
def test_bars_that_lie_askew_are_read(symbology: zxingcpp.BarcodeFormat, degrees: int) -> None:
    upright = code(symbology)
    data = encoded(upright.rotate(degrees, Image.Resampling.BICUBIC, expand=True, fillcolor=255))
    (symbol,) = decode_picture_bytes(data)
    assert symbol.text == TOKEN
    (level,) = decode_picture_bytes(encoded(upright))
    size = Image.open(io.BytesIO(data)).size
    cosine, sine = np.cos(np.radians(degrees)), np.sin(np.radians(degrees))
    turn = np.array([[cosine, -sine], [sine, cosine]])
    expected = (np.array(level.corners) - np.array(upright.size) / 2) @ turn + np.array(size) / 2
    # Tilted bars are found by their middle lines, so only where they are is compared.
    assert np.abs(np.mean(symbol.corners, axis=0) - expected.mean(axis=0)).max() <= 12


@pytest.mark.parametrize(
    ("name", "text"), [("wallet-priya.jpg", TOKEN), ("wallet-aztec.png", "LC1:RAVI5N8C2H6ZD4KP")]
)
def test_the_demo_pictures_are_read(name: str, text: str) -> None:
    assert [symbol.text for symbol in decode_picture_file(resources() / "demo" / name)] == [text]


def test_the_demo_photograph_is_small_and_tells_nothing_else() -> None:
    file = resources() / "demo" / "wallet-priya.jpg"
    assert file.stat().st_size < 250_000
    with Image.open(file) as picture:
        assert picture.size == (1280, 960)
        assert len(picture.getexif()) == 0


def test_a_picture_without_a_code_is_an_answer() -> None:
    assert decode_picture_bytes(encoded(Image.new("RGB", (300, 200), "green"))) == []


@pytest.mark.parametrize(
    "data", [b"", b"hello", b"<html><body>Sign in</body></html>", b"%PDF-1.7", b"\x89PNG\r\n"]
)
def test_other_files_are_no_pictures(data: bytes) -> None:
    assert sentence(data) == "This is not a picture in PNG, JPEG, WebP, BMP, GIF or TIFF format."


@pytest.mark.parametrize("picture_format", ["PNG", "JPEG", "BMP", "TIFF"])
def test_half_a_picture_is_damaged(picture_format: str) -> None:
    data = encoded(code(), picture_format)
    assert sentence(data[: len(data) // 2]) == "The picture is damaged or incomplete."


@pytest.mark.parametrize("picture_format", FORMATS)
def test_no_broken_picture_gets_past_us(picture_format: str) -> None:
    good = encoded(code().convert("RGB"), picture_format)
    dice = random.Random(7)
    for _ in range(60):
        broken = bytearray(good)
        for _ in range(dice.randint(1, 6)):
            broken[dice.randrange(min(len(broken), dice.choice([60, len(good)])))] = dice.randrange(256)
        kept = dice.choice([len(broken), len(broken), dice.randint(1, len(broken))])
        with contextlib.suppress(KnownError):
            assert texts(bytes(broken[:kept])) in ([], [TOKEN])


@pytest.mark.parametrize("size", [(10_000, 5_001), (20_000, 20_000), (2**31 - 1, 2**31 - 1)])
def test_bombs_are_refused_before_they_are_unpacked(size: tuple[int, int]) -> None:
    tracemalloc.start()
    try:
        assert sentence(png_header(*size)).startswith("The picture has more than 50 million pixels")
        assert tracemalloc.get_traced_memory()[1] < 5_000_000
    finally:
        tracemalloc.stop()


def test_fifty_million_pixels_are_allowed_to_try() -> None:
    assert sentence(png_header(10_000, 5_000)) == "The picture is damaged or incomplete."


def test_a_picture_no_decoder_takes_is_refused() -> None:
    assert "too long and narrow" in sentence(png_header(65_536, 1))


def test_files_above_the_cap_are_not_opened(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "huge.png"
    with file.open("wb") as stream:
        stream.truncate(LARGEST_FILE + 1)
    monkeypatch.setattr(Path, "open", lambda *_: pytest.fail("opened"))
    with pytest.raises(KnownError, match="larger than 20 MiB"):
        decode_picture_file(file)


def test_bytes_above_the_cap_are_refused() -> None:
    assert (
        sentence(b"\0" * (LARGEST_FILE + 1))
        == "The picture file is larger than 20 MiB; please choose a smaller one."
    )
    assert "not a picture" in sentence(b"\0" * LARGEST_FILE)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("missing.png", "There is no file with that name."),
        ("", "That is not a file; please choose a picture file."),
        ("a\0b.png", "The picture file could not be read."),
        ("x" * 300 + ".png", "The picture file could not be read."),
    ],
)
def test_names_that_lead_nowhere(tmp_path: Path, name: str, expected: str) -> None:
    with pytest.raises(KnownError) as caught:
        decode_picture_file(f"{tmp_path}/{name}")
    assert caught.value.sentence == expected


def test_a_file_of_somebody_else_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "secret.png"
    file.write_bytes(encoded(code()))

    def refuse(*_: object) -> None:
        raise PermissionError(13, "Permission denied", str(file))

    # Not by its mode: tests may run as a user whom no mode stops.
    monkeypatch.setattr(Path, "open", refuse)
    with pytest.raises(KnownError) as caught:
        decode_picture_file(file)
    assert "permissions" in caught.value.sentence
    assert "secret" not in caught.value.sentence + caught.value.detail


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such files")
def test_a_pipe_does_not_make_us_wait(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.png")
    with pytest.raises(KnownError, match="not a file"):
        decode_picture_file(tmp_path / "pipe.png")


def test_a_file_that_grows_while_it_is_read_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "growing.png"
    file.write_bytes(b"")
    monkeypatch.setattr(Path, "open", lambda *_: io.BytesIO(b"\0" * (LARGEST_FILE * 2)))
    with pytest.raises(KnownError, match="larger than 20 MiB"):
        decode_picture_file(file)
