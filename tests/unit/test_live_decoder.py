"""The camera's decoder over sequences of frames: what is believed when, and what empty frames cost."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import segno
import zxingcpp

from cashier_app.scanning import live_decoder, zbar, zxing
from cashier_app.scanning.decoded import DecodedSymbol
from cashier_app.scanning.live_decoder import LOOKS, LiveDecoder
from cashier_app.scanning.pixels import turned
from cashier_app.scanning.symbologies import AZTEC, CODE_128, PDF417, QR_CODE, WALLET
from cashier_app.scanning.zxing import Reading

RIGHT, MISCORRECTED = "LC1:HV2HI4EUXSIX", "C%.4^46 6HLISWEV"
EMPTY = np.full((240, 320), 200, np.uint8)
HERE, THERE = ((20, 20), (120, 20), (120, 60), (20, 60)), ((20, 120), (120, 120), (120, 160), (20, 160))
KINDS = {
    QR_CODE: zxingcpp.BarcodeFormat.QRCode,
    AZTEC: zxingcpp.BarcodeFormat.Aztec,
    PDF417: zxingcpp.BarcodeFormat.PDF417,
    CODE_128: zxingcpp.BarcodeFormat.Code128,
}
# What a frame shows: kind, text, and where.
Shown = tuple[str, str, Any]


def frame(*codes: tuple[str, str], degrees: float = 0, width: int = 760, height: int = 560) -> np.ndarray:
    page = np.full((height, width), 235, np.uint8)
    for place, (symbology, text) in enumerate(codes):
        code = np.asarray(zxingcpp.create_barcode(text, KINDS[symbology]).to_image(scale=3))
        top = (height - code.shape[0]) // 2 if len(codes) == 1 else 20 + 270 * place
        left = (width - code.shape[1]) // 2
        page[top : top + code.shape[0], left : left + code.shape[1]] = code
    return turned(page, degrees).gray if degrees else page


def texts(found: list[DecodedSymbol]) -> set[str]:
    return {symbol.text for symbol in found}


@pytest.fixture
def staged(monkeypatch: pytest.MonkeyPatch) -> Callable[..., list[set[str]]]:
    """Let a decoder see made-up reads, one tuple of codes a frame, and return what it believed at each."""

    def run(*frames: tuple[Shown, ...], live: LiveDecoder | None = None) -> list[set[str]]:
        now: list[Shown] = []

        def answer(_gray: object, formats: tuple[str, ...], **_options: bool) -> list[Reading]:
            shown = [DecodedSymbol(text, text.encode(), kind, place) for kind, text, place in now]
            return [Reading(symbol, 1.0) for symbol in shown if symbol.symbology in formats]

        monkeypatch.setattr(zxing, "read", answer)
        monkeypatch.setattr(zbar, "read", lambda *_: [])
        decoder = live or LiveDecoder()
        believed = []
        for codes in frames:
            now[:] = codes
            believed.append(texts(decoder.read(EMPTY)))
        return believed

    return run


def miscorrections_believed(run: Callable[..., list[set[str]]]) -> bool:
    """Return whether any of three damaged PDF417 frames among good ones gets its text believed."""
    good, bad = (PDF417, RIGHT, HERE), (PDF417, MISCORRECTED, HERE)
    other = (PDF417, MISCORRECTED[::-1], HERE)
    return bool(
        set().union(*run((bad,), (good,), (good,), (other,), (bad,), (good,), (good,), (bad,)))
        & {MISCORRECTED, MISCORRECTED[::-1]}
    )


@pytest.mark.parametrize("symbology", [QR_CODE, AZTEC])
def test_qr_and_aztec_are_believed_at_once(symbology: str) -> None:
    assert texts(LiveDecoder().read(frame((symbology, RIGHT)))) == {RIGHT}


@pytest.mark.parametrize("symbology", [PDF417, CODE_128])
def test_bars_are_believed_when_read_twice(symbology: str) -> None:
    live, shown = LiveDecoder(), frame((symbology, RIGHT))
    assert [texts(live.read(shown)) for _ in range(3)] == [set(), {RIGHT}, {RIGHT}]


def test_a_miscorrected_pdf417_is_not_believed(staged: Callable[..., list[set[str]]]) -> None:
    assert not miscorrections_believed(staged)


def test_the_miscorrection_test_notices_belief_at_first_sight(
    staged: Callable[..., list[set[str]]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(LiveDecoder, "_seen_before", lambda *_: True)
    assert miscorrections_believed(staged)


def test_the_miscorrection_test_notices_a_memory_without_contradiction(
    staged: Callable[..., list[set[str]]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(live_decoder, "_overlap", lambda *_: False)
    assert miscorrections_believed(staged)


def test_empty_frames_between_two_reads_do_not_matter_unless_they_are_many(
    staged: Callable[..., list[set[str]]],
) -> None:
    shown = ((CODE_128, RIGHT, HERE),)
    assert staged(shown, *[()] * 11, shown)[-1] == {RIGHT}
    assert staged(shown, *[()] * 12, shown)[-1] == set()


def test_alternating_codes_at_one_place_contradict_each_other(staged: Callable[..., list[set[str]]]) -> None:
    first, second = ((CODE_128, "ONE", HERE),), ((CODE_128, "TWO", HERE),)
    assert staged(*[first, second] * 5) == [set()] * 10


def test_alternating_codes_at_two_places_are_two_codes(staged: Callable[..., list[set[str]]]) -> None:
    first, second = ((CODE_128, "ONE", HERE),), ((CODE_128, "TWO", THERE),)
    assert staged(first, second, first, second) == [set(), set(), {"ONE"}, {"TWO"}]


def test_two_codes_are_answered_together() -> None:
    live, shown = LiveDecoder(), frame((QR_CODE, "LC1:ONE"), (CODE_128, "TWO"))
    assert [texts(live.read(shown)) for _ in range(3)] == [set(), {"LC1:ONE", "TWO"}, {"LC1:ONE", "TWO"}]


def test_a_certain_code_waits_one_frame_for_a_doubtful_one(staged: Callable[..., list[set[str]]]) -> None:
    certain = (QR_CODE, RIGHT, HERE)
    assert staged((certain, (CODE_128, "GLINT", THERE)), (certain,)) == [set(), {RIGHT}]
    glints = [(certain, (CODE_128, f"GLINT{number}", THERE)) for number in range(3)]
    assert staged(*glints) == [set(), {RIGHT}, {RIGHT}]


def test_one_number_as_qr_and_as_bars_is_one_code_at_once() -> None:
    found = LiveDecoder().read(frame((QR_CODE, "LC1:ONE"), (CODE_128, "LC1:ONE")))
    assert [symbol.text for symbol in found] == ["LC1:ONE"]


def test_a_rotating_text_is_followed(staged: Callable[..., list[set[str]]]) -> None:
    old, new = "MEMBER-4711-1-111111", "MEMBER-4711-2-222222"
    assert staged(*[((QR_CODE, old, HERE),)] * 2, ((QR_CODE, new, HERE),)) == [{old}, {old}, {new}]
    bars = staged(*[((PDF417, old, HERE),)] * 2, *[((PDF417, new, HERE),)] * 2)
    assert bars == [set(), {old}, set(), {new}]


def test_forgetting_begins_anew(staged: Callable[..., list[set[str]]]) -> None:
    live, shown = LiveDecoder(), ((CODE_128, RIGHT, HERE),)
    staged(shown, live=live)
    live.forget()
    assert staged(shown, live=live) == [set()]


@pytest.mark.parametrize("symbology", [PDF417, CODE_128])
@pytest.mark.parametrize("degrees", [-40, -28, -17, 12, 22, 33, 45, 75, 105])
def test_tilted_bars_are_believed_within_the_cycle(symbology: str, degrees: float) -> None:
    live, shown = LiveDecoder(), frame((symbology, RIGHT), degrees=degrees, height=760)
    answers = [live.read(shown) for _ in range(14)]
    assert set().union(*map(texts, answers)) == {RIGHT}
    found = next(answer[0] for answer in answers if answer)
    middle = np.mean(found.corners, axis=0)
    assert np.abs(middle - 380).max() < 25, "corners are moved back into the frame that was given"


@pytest.mark.parametrize("symbology", [PDF417, CODE_128])
def test_bars_light_on_dark_are_believed_within_the_cycle(symbology: str) -> None:
    live, shown = LiveDecoder(), 255 - frame((symbology, RIGHT))
    assert set().union(*(texts(live.read(shown)) for _ in range(10))) == {RIGHT}


def counted(monkeypatch: pytest.MonkeyPatch) -> dict[str, int]:
    calls = {"whole": 0, "again": 0, "zbar": 0}

    def read(_gray: object, formats: tuple[str, ...], **options: bool) -> list[Reading]:
        calls["again" if options else "whole"] += 1
        return []

    def ask(*_: object) -> list[DecodedSymbol]:
        calls["zbar"] += 1
        return []

    monkeypatch.setattr(zxing, "read", read)
    monkeypatch.setattr(zbar, "read", ask)
    return calls


def test_what_a_stream_of_empty_frames_costs(monkeypatch: pytest.MonkeyPatch) -> None:
    calls = counted(monkeypatch)
    live, striped = LiveDecoder(), EMPTY.copy()
    striped[::7] = 20  # edges that lie level: the look that levels them has nothing to do
    assert [live.read(striped) for _ in range(320)] == [[]] * 320
    assert calls == {"whole": 320, "again": 240 * (len(LOOKS) - 1) // len(LOOKS), "zbar": 80}


def test_no_copy_is_turned_where_only_square_codes_are_wanted(monkeypatch: pytest.MonkeyPatch) -> None:
    calls = counted(monkeypatch)
    live = LiveDecoder((QR_CODE, AZTEC))
    for _ in range(320):
        live.read(EMPTY)
    assert calls == {"whole": 320, "again": 240 // len(LOOKS), "zbar": 80}


def test_what_zbar_reads_needs_a_second_read_and_gets_it_next(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(zxing, "read", lambda *_, **__: [])
    seen = DecodedSymbol(RIGHT, RIGHT.encode(), QR_CODE, HERE)
    monkeypatch.setattr(zbar, "read", lambda *_: [seen])
    live = LiveDecoder()
    assert [texts(live.read(EMPTY)) for _ in range(5)] == [set(), set(), set(), set(), {RIGHT}]


def test_a_frame_in_colour_is_read() -> None:
    gray = np.kron(
        np.array(
            [
                [0 if dark else 255 for dark in row]
                for row in segno.make(RIGHT, micro=False).matrix_iter(border=4)
            ]
        ),
        np.ones((4, 4)),
    ).astype(np.uint8)
    colours = np.repeat(gray[:, :, None], 3, axis=2)
    assert texts(LiveDecoder(WALLET).read(colours)) == {RIGHT}


@pytest.mark.parametrize("strange", [np.zeros((0, 0), np.uint8), np.zeros((1, 1, 3), np.uint8)])
def test_no_frame_is_too_strange(strange: np.ndarray) -> None:
    live = LiveDecoder()
    assert live.read(strange) == []
    with pytest.raises(TypeError, match="uint8"):
        live.read(np.zeros((40, 40), np.float32))
    assert texts(live.read(frame((QR_CODE, RIGHT)))) == {RIGHT}
