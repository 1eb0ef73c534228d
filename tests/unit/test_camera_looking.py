"""What the camera's reader makes of frames: how often it decodes, its hints, its preview, never a mirror."""

from __future__ import annotations

import itertools
import threading
from collections.abc import Callable, Iterator

import numpy as np
import pytest
from numpy.typing import NDArray

from cashier_app.scanning import decode_loop
from cashier_app.scanning.camera import CameraReader
from cashier_app.scanning.camera_state import CameraHint, CameraPhase
from cashier_app.scanning.decode_rate import DecodeRate
from cashier_app.scanning.decoders import LiveDecoder, decode
from cashier_app.scanning.frame_measures import Glance, gray_of, in_the_dark, sharpness
from cashier_app.scanning.hints import BLURRED, Hints
from cashier_app.scanning.opencv import opencv
from cashier_app.scanning.preview_maker import PreviewMaker
from scripts.make_clip import code_picture, frame_showing
from tests.fakes.frame_sources import MemorySource, SteppedWaiting, Witness

Frame = NDArray[np.uint8]
TEXT = "LC1:PRYA7K2M4Q9XW3TB"
LEFT = 60  # px from the left edge, so that a mirrored frame has the code on the other side


def decoded_in(rate: DecodeRate, times: Iterator[float], *, moved: bool = False) -> int:
    return sum(rate.is_due(now, moved=moved) for now in times)


def frames_at(start: float, seconds: float, a_second: int = 30) -> Iterator[float]:
    return (start + number / a_second for number in range(round(seconds * a_second)))


@pytest.mark.parametrize("a_second", [10, 15, 24, 30, 60, 120])
def test_idle_at_most_fifteen_a_second_at_any_frame_rate(a_second: int) -> None:
    rate = DecodeRate()
    decoded = decoded_in(rate, frames_at(100, 10, a_second))
    assert min(a_second, 13) * 10 <= decoded <= 150


def test_every_frame_for_a_second_after_a_movement() -> None:
    rate = DecodeRate()
    rate.is_due(100, moved=True)
    assert decoded_in(rate, frames_at(100.01, 0.95)) == 28
    assert decoded_in(rate, frames_at(101.1, 2)) <= 30


def test_every_frame_after_something_new_was_read_but_not_for_a_card_left_lying() -> None:
    rate = DecodeRate()
    rate.is_due(100, moved=False)
    rate.note(100, frozenset({"a"}))
    assert decoded_in(rate, frames_at(100.01, 0.95)) == 28
    for now in frames_at(101, 10):
        rate.is_due(now, moved=False)
        rate.note(now, frozenset({"a"}))
    assert decoded_in(rate, frames_at(111, 2)) <= 30
    rate.note(113, frozenset({"b"}))
    assert decoded_in(rate, frames_at(113.01, 0.95)) == 28


def test_noise_is_no_movement_a_card_is() -> None:
    glance = Glance()
    assert glance.at(frame_showing(None, seed=1)), "the first frame"
    for seed in range(2, 30):
        assert not glance.at(frame_showing(None, seed=seed))
    card = code_picture(TEXT, width=120)
    assert glance.at(frame_showing(card, left=200))
    assert not glance.at(frame_showing(card, left=200, seed=3))
    assert glance.at(frame_showing(card, left=230))
    assert glance.at(np.zeros((480, 640), np.uint8)), "another size"


def test_noise_in_the_dark_is_soon_no_movement_but_a_moving_hand_stays_one() -> None:
    chance = np.random.default_rng(5)

    def noisy(level: float, deviation: float = 14) -> Frame:
        frame = chance.normal(level, deviation, (360, 640))
        return np.clip(frame, 0, 255).astype(np.uint8)

    glance = Glance()
    moved = [glance.at(noisy(60)) for _ in range(60)]
    assert sum(moved[30:]) <= 1
    hand = [glance.at(noisy(120 - 60 * (step % 2))) for step in range(60)]
    assert all(hand)


def test_dark_and_light() -> None:
    glance = Glance()
    glance.at(frame_showing(None))
    assert not glance.is_dark
    glance.at((frame_showing(None) * 0.3).astype(np.uint8))
    assert glance.is_dark


@pytest.mark.parametrize("symbology", ["QR Code", "Aztec", "PDF417", "Code 128"])
def test_sharpness_tells_blur_from_focus(symbology: str) -> None:
    cv2 = opencv()
    gray = gray_of(frame_showing(code_picture(TEXT, symbology)))
    blurred = cv2.GaussianBlur(gray, (0, 0), 9)
    noisy = np.clip(blurred + np.random.default_rng(1).normal(0, 3, gray.shape), 0, 255).astype(np.uint8)
    assert sharpness(gray) > BLURRED * 2
    assert sharpness(noisy) < BLURRED
    assert decode(noisy) == []
    assert sharpness(np.full((720, 1280), 99, np.uint8)) == 0


def test_hints_come_after_five_seconds_without_a_read_and_at_most_once_a_second() -> None:
    hints = Hints()
    hints.note(100, found=False)
    assert not hints.is_due(104.9)
    assert hints.is_due(105)
    assert hints.best(105, dark=True, sharpness=1.0) is CameraHint.BRIGHTER
    assert not hints.is_due(105.5)
    assert hints.is_due(106)
    assert hints.best(106, dark=False, sharpness=0.01) is CameraHint.FURTHER_AWAY
    assert hints.best(107, dark=False, sharpness=1.0) is CameraHint.WHOLE_CODE
    hints.note(108, found=True)
    hints.note(109, found=False)
    assert not hints.is_due(112.9)
    assert hints.is_due(113)


class Preview:
    """A preview maker and its clock."""

    def __init__(self) -> None:
        self.waiting = SteppedWaiting()
        self.maker = PreviewMaker(self.waiting, itertools.count(1))

    def see(self, frame: Frame, after: float = 0.1) -> None:
        """Let time pass and a frame come."""
        self.waiting.advance(after)
        self.maker.see(frame)


@pytest.fixture
def preview() -> Preview:
    return Preview()


def test_a_preview_covers_what_was_asked_for_and_is_mirrored(preview: Preview) -> None:
    frame = np.zeros((720, 1280, 3), np.uint8)
    frame[:, :640] = (10, 20, 30)
    preview.maker.ask(300, 200, mirrored=True)
    assert preview.maker.newest() is None
    preview.see(frame)
    made = preview.maker.newest()
    assert made is not None
    assert (made.width, made.height) == (356, 200)
    assert (made.frame_width, made.frame_height, made.mirrored, made.number) == (1280, 720, True, 1)
    pixels = np.frombuffer(made.pixels, np.uint8).reshape(200, 356, 3)
    assert pixels[0, -1].tolist() == [10, 20, 30]
    assert pixels[0, 0].tolist() == [0, 0, 0]
    assert frame[0, 0].tolist() == [10, 20, 30], "the frame itself is never turned"
    preview.maker.ask(300, 200, mirrored=False)
    preview.see(frame[:, :, 0].copy())
    plain = preview.maker.newest()
    assert plain is not None
    assert not plain.mirrored
    assert plain.pixels[:3] == bytes([10, 10, 10])


def test_previews_at_most_fifteen_a_second_and_only_for_somebody(preview: Preview) -> None:
    frame = np.zeros((72, 128, 3), np.uint8)
    preview.see(frame)
    assert preview.maker.newest() is None, "no size was asked for"
    preview.maker.ask(64, 36, mirrored=True)
    for _ in range(60):
        preview.maker.newest()
        preview.see(frame, 1 / 30)
    newest = preview.maker.newest()
    assert newest is not None
    assert 18 <= newest.number <= 31
    for _ in range(60):
        preview.see(frame, 1 / 30)
    later = preview.maker.newest()
    assert later is not None
    assert later.number - newest.number <= 16, "nobody looked for a second"
    preview.maker.forget()
    assert preview.maker.newest() is None


def test_a_preview_is_never_larger_than_the_frame_or_a_screen(preview: Preview) -> None:
    preview.maker.ask(10**9, 10**9, mirrored=True)
    preview.maker.newest()
    preview.see(np.zeros((72, 128, 3), np.uint8))
    made = preview.maker.newest()
    assert made is not None
    assert (made.width, made.height) == (128, 72)


def wait_until(holds: Callable[[], object]) -> None:
    """Wait for a condition nobody announces."""
    pause = threading.Event()
    for _ in range(5000):
        if holds():
            return
        pause.wait(0.002)
    raise AssertionError("it did not come true")


def corners_read(frame: Frame) -> list[tuple[int, int]]:
    """Return the corners a reader with its preview on tells for the code in a frame."""
    source, witness = MemorySource(), Witness()
    reader = CameraReader(
        lambda: source, LiveDecoder, on_symbols=witness.on_symbols, on_state=witness.on_state
    )
    reader.ask_preview(320, 180)
    reader.start()
    try:
        reader.newest_preview()
        for shown in range(1, 20):
            source.show(frame)
            wait_until(lambda shown=shown: reader.decodes >= shown)
            if witness.seen:
                break
    finally:
        reader.stop()
    assert witness.texts[0] == TEXT
    return list(witness.seen[0][0][0].corners)


def stands_as_the_camera_sees_it(corners: list[tuple[int, int]]) -> bool:
    """Tell whether the corners lie left, where the code is, and go round clockwise as in no mirror."""
    (x0, y0), (x1, y1), (x2, y2) = corners[:3]
    turns_right = (x1 - x0) * (y2 - y1) - (y1 - y0) * (x2 - x1) > 0
    return all(x < 640 for x, _ in corners) and turns_right


@pytest.mark.parametrize("symbology", ["QR Code", "Aztec", "PDF417", "Code 128"])
def test_what_is_decoded_is_never_mirrored(symbology: str) -> None:
    frame = frame_showing(code_picture(TEXT, symbology), left=LEFT)
    assert stands_as_the_camera_sees_it(corners_read(frame))


@pytest.mark.parametrize("symbology", ["QR Code", "Aztec", "PDF417", "Code 128"])
def test_a_reader_that_decodes_the_mirror_would_be_caught(
    symbology: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(decode_loop, "gray_of", lambda frame: gray_of(frame)[:, ::-1].copy())
    frame = frame_showing(code_picture(TEXT, symbology), left=LEFT)
    assert not stands_as_the_camera_sees_it(corners_read(frame))


def hint_after_five_seconds(frame: Frame) -> CameraHint:
    source, witness, waiting = MemorySource(), Witness(), SteppedWaiting()
    reader = CameraReader(
        lambda: source,
        LiveDecoder,
        on_symbols=witness.on_symbols,
        on_state=witness.on_state,
        waiting=waiting,
    )
    reader.start()
    try:
        source.show(frame)
        witness.wait_for_phase(CameraPhase.LOOKING)
        wait_until(lambda: reader.decodes)
        waiting.advance(5.1)
        source.show(frame)
        return witness.wait_for(lambda: witness.hints)[0]
    finally:
        reader.stop()


def test_the_hint_fits_the_picture() -> None:
    cv2 = opencv()
    dark = (frame_showing(None) * 0.2).astype(np.uint8)
    blurred = cv2.GaussianBlur(frame_showing(code_picture(TEXT)), (0, 0), 12)
    assert hint_after_five_seconds(dark) is CameraHint.BRIGHTER
    assert hint_after_five_seconds(blurred) is CameraHint.FURTHER_AWAY


def in_a_dark_shop(symbology: str, seed: int, white: float, black: float, noise: float) -> Frame:
    """Return a gray frame of a dimmed phone; levels and noise of 255."""
    card = code_picture(TEXT, symbology, width=420 if symbology == "PDF417" else 200)
    gray = np.full((720, 1280), black * 0.8)
    top, left = (720 - card.shape[0]) // 2, (1280 - card.shape[1]) // 2
    gray[top : top + card.shape[0], left : left + card.shape[1]] = black + card * ((white - black) / 255)
    soft = opencv().GaussianBlur(gray, (0, 0), 1.0)
    return np.clip(soft + np.random.default_rng(seed).normal(0, noise, gray.shape), 0, 255).astype(np.uint8)


@pytest.mark.parametrize(
    ("symbology", "white", "black", "noise"), [("QR Code", 20, 6, 9), ("PDF417", 40, 10, 12)]
)
def test_a_dimmed_phone_in_a_dark_shop_is_read_though_its_frames_are_not(
    symbology: str, white: float, black: float, noise: float
) -> None:
    frames = [in_a_dark_shop(symbology, seed, white, black, noise) for seed in range(4)]
    glance = Glance()
    glance.at(frames[0])
    assert glance.is_dark
    decoder = LiveDecoder()
    assert [symbol.text for frame in frames for symbol in decoder.read(frame)] == []
    texts = [symbol.text for turn, frame in enumerate(frames) for symbol in decode(in_the_dark(frame, turn))]
    assert set(texts) == {TEXT}
