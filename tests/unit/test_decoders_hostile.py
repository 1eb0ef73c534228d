"""Frames that no camera should give: each is answered with nothing or refused as a bug of the caller."""

from typing import Any

import numpy as np
import pytest
import segno
import zxingcpp
from PIL import Image

from cashier_app.scanning import second_looks, zxing
from cashier_app.scanning.decoded import DecodedSymbol
from cashier_app.scanning.decoders import decode, read_with_zbar, read_with_zxing
from cashier_app.scanning.pixels import gray_pixels, tilt, turned
from cashier_app.scanning.zxing import Look, Reading
from tests.fakes.pictures import TOKEN, drawn, fake_zbar, sheet

PAGE = np.asarray(sheet(drawn(TOKEN)))
COLOURS = np.repeat(PAGE[:, :, None], 3, axis=2)


@pytest.mark.parametrize(
    "frame",
    [
        np.zeros((0, 0), np.uint8),
        np.zeros((0, 0, 3), np.uint8),
        np.zeros((0, 640, 3), np.uint8),
        np.zeros((1, 1), np.uint8),
        np.zeros((1, 1, 3), np.uint8),
        np.zeros((9, 3000), np.uint8),
        np.zeros((70_000, 12), np.uint8),
        np.broadcast_to(np.zeros((1, 1), np.uint8), (60_000, 60_000)),
        Image.new("L", (1, 1)),
        Image.new("RGB", (0, 0)),
    ],
    ids=lambda frame: str(getattr(frame, "shape", None) or frame.size),
)
def test_no_code_fits_into_it(frame: Any) -> None:  # noqa: ANN401 - that is the point
    assert decode(frame) == read_with_zxing(frame) == read_with_zbar(frame) == []


@pytest.mark.parametrize("shape", [(10, 10), (10, 11, 3), (11, 2000), (64, 10, 3), (13, 17, 4), (15, 15, 1)])
@pytest.mark.parametrize("fill", ["dark", "light", "noise", "lines"])
def test_small_and_narrow_frames_are_looked_at(shape: tuple[int, ...], fill: str) -> None:
    frame = np.zeros(shape, np.uint8)
    if fill == "light":
        frame += 255
    if fill == "noise":
        frame = np.random.default_rng(1).integers(0, 256, shape).astype(np.uint8)
    if fill == "lines":
        frame[:, ::3] = 255
    assert decode(frame) == []


@pytest.mark.parametrize(
    "frame",
    [
        None,
        "picture.png",
        b"flat bytes",
        memoryview(b"flat"),
        object(),
        [[0, 255], [255, 0]],
        PAGE.astype(np.float32),
        PAGE.astype(np.float64) / 255,
        PAGE.astype(np.uint16),
        PAGE.astype(np.int8),
        PAGE > 128,
        np.full((20, 20), np.nan),
        PAGE.astype(object),
        np.zeros((20, 20, 2), np.uint8),
        np.zeros((20, 20, 5), np.uint8),
        np.zeros((2, 20, 20, 3), np.uint8),
        np.zeros(400, np.uint8),
        np.uint8(3),
    ],
    ids=lambda frame: f"{type(frame).__name__} {getattr(frame, 'dtype', '')} {getattr(frame, 'shape', '')}",
)
def test_what_is_no_picture_is_a_type_error(frame: Any) -> None:  # noqa: ANN401 - that is the point
    for read in (decode, read_with_zxing, read_with_zbar):
        with pytest.raises(TypeError, match="picture"):
            read(frame)


@pytest.mark.parametrize(
    "frame",
    [
        COLOURS[:, :, ::-1],
        COLOURS[::-1],
        np.asfortranarray(COLOURS),
        np.repeat(np.repeat(COLOURS, 2, axis=0), 2, axis=1)[::2, ::2],
        COLOURS[:, :, 1],
        np.dstack([COLOURS, np.full(PAGE.shape, 255, np.uint8)]),
        PAGE[:, :, None],
        np.broadcast_to(PAGE[:, :, None], (*PAGE.shape, 3)),
        PAGE.T,
        bytearray(PAGE.tobytes()) and memoryview(bytearray(PAGE.tobytes())).cast("B", PAGE.shape),
    ],
    ids=[
        "rgb",
        "flipped",
        "fortran",
        "strided",
        "channel",
        "bgra",
        "1 channel",
        "broadcast",
        "turned",
        "view",
    ],
)
def test_any_layout_of_memory_is_read_and_left_as_it_is(frame: Any) -> None:  # noqa: ANN401 - see above
    before = bytes(np.asarray(frame).tobytes())
    assert [symbol.text for symbol in decode(frame)] == [TOKEN]
    assert bytes(np.asarray(frame).tobytes()) == before


def test_a_gray_frame_is_not_copied_and_may_be_read_only() -> None:
    frame = PAGE.copy()
    assert gray_pixels(frame) is frame
    frame.setflags(write=False)
    assert [symbol.text for symbol in decode(frame)] == [TOKEN]


def test_unknown_kinds_are_a_bug_of_the_caller() -> None:
    with pytest.raises(KeyError):
        decode(PAGE, ("Semacode",))
    assert decode(PAGE, ("Aztec",)) == []


def test_micro_qr_is_nobody() -> None:
    rows = segno.make("20", micro=True).matrix_iter(border=4)
    tile = np.array([[0 if dark else 255 for dark in row] for row in rows], np.uint8)
    page = np.kron(tile, np.full((6, 6), 1, np.uint8))
    assert zxingcpp.read_barcodes(page), "the picture itself can be read"
    assert decode(page) == []


def made(raw: bytes, **options: Any) -> list[DecodedSymbol]:  # noqa: ANN401 - segno's
    rows = segno.make(raw, micro=False, **options).matrix_iter(scale=5, border=4)
    return decode(np.array([[0 if dark else 255 for dark in row] for row in rows], np.uint8))


@pytest.mark.parametrize("text", ["José Müller", "Zoë Ångström", "ÄÖ Renée", "naïve café"])
def test_names_are_read_in_the_bytes_wallets_write(text: str) -> None:
    for encoding in ("utf-8", "iso-8859-1"):
        (symbol,) = made(text.encode(encoding))
        assert (symbol.text, symbol.raw) == (text, text.encode(encoding))


def test_an_alphabet_named_in_the_code_is_believed() -> None:
    (symbol,) = made("Ünï €", encoding="iso-8859-15", eci=True)  # type: ignore[arg-type]
    assert symbol.text == "Ünï €"
    (kanji,) = made("点数", mode="kanji")  # type: ignore[arg-type]
    assert kanji.text == "点数"


RIGHT, WRONG = "LC1:HV2HI4EUXSIX", "C%.4^46 6HLISWEV"
CORNERS = ((100, 100), (300, 100), (300, 160), (100, 160))


def staged_pdf417(monkeypatch: pytest.MonkeyPatch, *answers: tuple[str, float] | None) -> None:
    """Let zxing-cpp read PDF417 as told: the first answer for the picture, the others for its copies."""
    left = list(answers)

    def answer(*_: object, **__: bool) -> Look:
        told = left.pop(0) if left else None
        if told is None:
            return Look([], unread_qr=False)
        symbol = DecodedSymbol(told[0], told[0].encode(), "PDF417", CORNERS)
        return Look([Reading(symbol, told[1])], unread_qr=False)

    monkeypatch.setattr(zxing, "look", answer)


@pytest.mark.parametrize(
    ("answers", "text"),
    [
        ([(RIGHT, 0.5)], RIGHT),
        ([(WRONG, 0.0), (RIGHT, 0.2), (RIGHT, 0.3)], RIGHT),
        ([(RIGHT, 0.0), None, (RIGHT, 0.0)], RIGHT),
        ([(RIGHT, 0.0)], RIGHT),
        ([(WRONG, 0.0), (RIGHT, 0.2)], None),
        ([(WRONG, 0.0), (WRONG[::-1], 0.0)], None),
    ],
)
def test_pdf417_without_correction_to_spare_is_looked_at_again(
    monkeypatch: pytest.MonkeyPatch, answers: list[tuple[str, float] | None], text: str | None
) -> None:
    staged_pdf417(monkeypatch, *answers)
    found = decode(PAGE, ("PDF417",))
    assert [symbol.text for symbol in found] == ([text] if text else [])


def test_the_look_again_test_notices_belief_at_first_sight(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(second_looks, "LITTLE_TO_SPARE", 0.0)
    staged_pdf417(monkeypatch, (WRONG, 0.0), (RIGHT, 0.2))
    assert [symbol.text for symbol in decode(PAGE, ("PDF417",))] == [WRONG]


@pytest.mark.parametrize("answers", [[None, (WRONG, 0.9)], [None, (WRONG, 0.9), (RIGHT, 0.9)]])
def test_bars_from_a_copy_need_a_second_read(
    monkeypatch: pytest.MonkeyPatch, answers: list[tuple[str, float] | None]
) -> None:
    fake_zbar(monkeypatch)
    staged_pdf417(monkeypatch, *answers)
    assert decode(PAGE, ("PDF417",)) == []


def test_the_tilt_of_edges_is_found() -> None:
    bars = np.full((600, 800), 230, np.uint8)
    widths = np.random.default_rng(4).integers(1, 5, 70) * 3
    edges = 200 + np.cumsum(widths)
    for left, right in zip(edges[::2], edges[1::2], strict=True):
        bars[200:400, left:right] = 20
    assert tilt(bars) is None
    for degrees in (-37, -20, 9, 26, 41):
        found = tilt(turned(bars, degrees).gray)
        assert found is not None
        assert abs(found + degrees) < 3
    assert tilt(np.random.default_rng(2).integers(0, 256, (600, 800)).astype(np.uint8)) is None
    assert tilt(np.full((600, 800), 7, np.uint8)) is None
