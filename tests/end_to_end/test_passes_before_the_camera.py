"""Passes on the screen, held before a camera: the real reading reads every kind of code within few frames."""

from __future__ import annotations

import threading
from datetime import timedelta
from pathlib import Path

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray
from pytestqt.qtbot import QtBot

from cashier_app.demo.codes import Names, Stale, read_code
from cashier_app.demo.shop import load_shop
from cashier_app.device_opening import open_camera
from cashier_app.domain.identifier import MemberNumber, Origin, WalletToken, parse_identifier
from cashier_app.domain.lesson import Code, HoldUp
from cashier_app.practice_opening import KINDS, ROTATING_KINDS
from cashier_app.scanning.decoded import DecodedSymbol
from cashier_app.scanning.decoders import LiveDecoder
from cashier_app.scanning.recorded_source import RecordedSource
from tests.fakes.clock import FakeClock
from tests.ui.practice_windows import SCREENS, grabbed, look_of, passes, phone
from tests.unit.practice_sheets import RULES, material
from ui.theme.tokens import DARK, LIGHT

CAMERA = (1280, 720)
FRAMES = 4
"""Within how many frames a code must be read: bars are believed when they were read twice."""

SHOP = load_shop()


class NoWaiting:
    """No time passes: frames come as fast as they are asked for."""

    def monotonic(self) -> float:
        return 0.0

    def wait(self, ended: threading.Event, seconds: float) -> bool:
        return ended.is_set()


everywhere = pytest.mark.parametrize(
    ("screen", "ratio"), [(screen, ratio) for screen in SCREENS for ratio in (1, 2)], ids=str
)


def seen_by_camera(shown: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Return the window as a webcam sees it that stands a little askew before it, not quite in focus."""
    width, height = CAMERA
    scale = 0.94 * min(width / shown.shape[1], height / shown.shape[0])
    turned = cv2.getRotationMatrix2D((shown.shape[1] / 2, shown.shape[0] / 2), 2.0, scale)
    turned[:, 2] += (width / 2 - shown.shape[1] / 2, height / 2 - shown.shape[0] / 2)
    if scale < 1:
        shown = cv2.GaussianBlur(shown, (0, 0), 0.35 / scale)  # a sensor's pixel gathers what falls on it
    taken = cv2.warpAffine(shown, turned, CAMERA, flags=cv2.INTER_LINEAR, borderValue=(90, 96, 92))
    noise = np.random.default_rng(5).normal(0, 3, taken.shape)
    return np.clip(cv2.GaussianBlur(taken, (0, 0), 0.7) * 0.9 + noise, 0, 255).astype(np.uint8)


def filmed(shown: NDArray[np.uint8], path: Path) -> Path:
    assert cv2.imwrite(str(path), seen_by_camera(shown))
    return path


def read_from(path: Path, kind: str) -> DecodedSymbol:
    """Return the one code the camera's own reading finds in the first frames of a film."""
    source = RecordedSource(path, waiting=NoWaiting())
    source.open()
    decoder = LiveDecoder()
    try:
        for _ in range(FRAMES):
            frame = source.read()
            assert frame is not None
            found = decoder.read(frame)
            if found:
                (symbol,) = found
                assert symbol.symbology == kind
                return symbol
    finally:
        source.close()
    pytest.fail(f"{kind} was not read within {FRAMES} frames")


@everywhere
@pytest.mark.parametrize("kind", KINDS)
def test_a_pass_is_read(qtbot: QtBot, tmp_path: Path, screen: tuple[int, int], ratio: int, kind: str) -> None:
    window = passes(look_of(screen, DARK if ratio == 2 else LIGHT))
    qtbot.addWidget(window)
    window.take_kind(kind)
    symbol = read_from(filmed(grabbed(window, ratio), tmp_path / "pass.png"), kind)
    found = parse_identifier(symbol.announced, RULES, Origin.SCANNED)
    member = material().members[0]
    if kind == KINDS[3]:
        assert found == MemberNumber(member.number)
    else:
        assert found == WalletToken(material().codes.fixed(member.member_id))


@everywhere
@pytest.mark.parametrize("kind", ROTATING_KINDS)
def test_a_code_that_changes_is_read_off_the_phone(
    qtbot: QtBot, tmp_path: Path, screen: tuple[int, int], ratio: int, kind: str
) -> None:
    clock = FakeClock()
    window = phone(clock, look_of(screen))
    qtbot.addWidget(window)
    window.take_kind(kind)
    window.hold_up(HoldUp("mem-rahul", Code.FRESH))
    texts = set()
    for _ in range(2):
        symbol = read_from(filmed(grabbed(window, ratio), tmp_path / "phone.png"), kind)
        named = read_code(symbol.text, clock.now(), SHOP.code_key, SHOP.code_life_seconds)
        assert named == Names("RAHUJN5XCMCAFFNN")
        texts.add(symbol.text)
        clock.advance(30)
        window.tick()
    assert len(texts) == 2, "after half a minute it is another code"


def test_a_screenshot_read_later_is_stale(qtbot: QtBot, tmp_path: Path) -> None:
    clock = FakeClock()
    window = phone(clock, look_of())
    qtbot.addWidget(window)
    window.take_screenshot()
    clock.advance(timedelta(minutes=6).total_seconds())
    window.tick()
    symbol = read_from(filmed(grabbed(window), tmp_path / "phone.png"), KINDS[0])
    assert isinstance(read_code(symbol.text, clock.now(), SHOP.code_key, SHOP.code_life_seconds), Stale)


def test_the_camera_itself_reads_it(qtbot: QtBot, tmp_path: Path) -> None:
    """Source, threads and decoder as the till opens them."""
    window = phone(FakeClock(), look_of())
    qtbot.addWidget(window)
    path = filmed(grabbed(window), tmp_path / "phone.png")
    read: list[str] = []
    seen = threading.Event()

    def take(symbols: list[DecodedSymbol], _arrived: float) -> None:
        read.extend(symbol.text for symbol in symbols)
        if symbols:
            seen.set()

    camera = open_camera(f"file:{path}", on_symbols=take, on_state=lambda _: None)
    camera.start()
    try:
        assert seen.wait(20)
    finally:
        camera.stop()
    code = window.card.code()
    assert code is not None
    assert set(read) == {code.text}
