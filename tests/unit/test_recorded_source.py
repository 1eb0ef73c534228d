"""Videos, pictures and folders in place of a camera: paced, looped, hostile ones refused in a sentence."""

from __future__ import annotations

import os
import threading
import zlib
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from cashier_app.errors import KnownError
from cashier_app.scanning import film
from cashier_app.scanning.camera_device import CameraDevice
from cashier_app.scanning.camera_state import CameraFault, CameraPhase
from cashier_app.scanning.decoders import decode
from cashier_app.scanning.frame_source import open_source
from cashier_app.scanning.opencv import opencv
from cashier_app.scanning.recorded_source import RecordedSource
from scripts.make_clip import code_picture, frame_showing, frames_of, write_clip

TEXT = "LC1:PRYA7K2M4Q9XW3TB"
Frame = NDArray[np.uint8]


class Pauses:
    """A clock that jumps to the end of each pause at once."""

    def __init__(self) -> None:
        self.now = 100.0
        self.asked: list[float] = []

    def monotonic(self) -> float:
        return self.now

    def wait(self, ended: threading.Event, seconds: float) -> bool:
        self.asked.append(seconds)
        self.now += seconds
        return ended.is_set()


@pytest.fixture(scope="module")
def clip(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a clip of one customer."""
    path = tmp_path_factory.mktemp("clips") / "clip.mp4"
    write_clip(path, (frame[::2, ::2] for frame in frames_of([TEXT])))
    return path


def all_frames(source: RecordedSource) -> list[Any]:
    source.open()
    try:
        frames = []
        while (frame := source.read()) is not None:
            frames.append(frame)
        return frames
    finally:
        source.close()


def brightness(number: int) -> Frame:
    return np.full((48, 64, 3), number, np.uint8)


def test_a_choice_names_a_source() -> None:
    recorded = open_source("file:/some/clip.mp4")
    assert isinstance(recorded, RecordedSource)
    assert (recorded.name, recorded.comes_back) == ("clip.mp4", False)
    camera = open_source("HD Webcam")
    assert isinstance(camera, CameraDevice)
    assert (camera.name, camera.comes_back) == ("HD Webcam", True)
    assert isinstance(open_source(""), CameraDevice)


def test_a_clip_shows_its_code(clip: Path) -> None:
    pauses = Pauses()
    frames = all_frames(RecordedSource(clip, loop=False, waiting=pauses))
    assert len(frames) == 30
    assert frames[0].shape == (360, 640, 3)
    texts = [symbol.text for frame in frames for symbol in decode(frame)]
    assert len(texts) >= 12
    assert set(texts) == {TEXT}


def test_a_clip_keeps_its_own_pace(clip: Path) -> None:
    pauses = Pauses()
    all_frames(RecordedSource(clip, loop=False, waiting=pauses))
    assert pauses.asked[0] == 0
    assert pauses.asked[1:] == pytest.approx([1 / 15] * 29)


def test_a_slow_machine_is_not_slowed_further(clip: Path) -> None:
    pauses = Pauses()
    source = RecordedSource(clip, loop=False, waiting=pauses)
    source.open()
    for _ in range(5):
        source.read()
        pauses.now += 1
    assert pauses.asked == [0.0] * 5
    source.close()


def test_looped_it_begins_again(clip: Path) -> None:
    source = RecordedSource(clip, waiting=Pauses())
    source.open()
    frames = [source.read() for _ in range(65)]
    source.close()
    assert all(frame is not None for frame in frames)
    assert np.array_equal(frames[10], frames[40])  # type: ignore[arg-type]


def test_interrupted_it_returns_at_once(clip: Path) -> None:
    source = RecordedSource(clip)
    source.open()
    source.interrupt()
    assert source.read() is None
    source.close()
    assert source.read() is None


def test_a_folder_shows_each_picture_for_a_second_by_name(tmp_path: Path) -> None:
    for name, level in (("b.png", 20), ("a.JPG", 10), ("c.webp", 30)):
        Image.new("RGB", (64, 48), (level, level, level)).save(tmp_path / name)
    (tmp_path / "notes.txt").write_text("no picture")
    (tmp_path / ".hidden.png").write_bytes(b"no picture")
    pauses = Pauses()
    frames = all_frames(RecordedSource(tmp_path, loop=False, waiting=pauses))
    assert [round(frame.mean(), -1) for frame in frames] == [10] * 10 + [20] * 10 + [30] * 10
    assert sum(pauses.asked) == pytest.approx(2.9)


def test_a_picture_is_blue_green_red_upright_and_as_large_as_a_camera_shows(tmp_path: Path) -> None:
    picture = Image.new("RGB", (4000, 2000), (250, 120, 5))
    turned = Image.Exif()
    turned[0x0112] = 6  # a quarter turn
    picture.save(tmp_path / "p.png", exif=turned)
    frames = all_frames(RecordedSource(tmp_path / "p.png", loop=False, waiting=Pauses()))
    assert frames[0].shape == (1280, 640, 3)
    assert frames[0][0, 0].tolist() == [5, 120, 250]
    assert frames[0].flags["C_CONTIGUOUS"]


@pytest.mark.parametrize("symbology", ["QR Code", "Aztec", "PDF417", "Code 128"])
def test_rendered_codes_are_read(symbology: str) -> None:
    frame = frame_showing(code_picture(TEXT, symbology))
    assert [(symbol.text, symbol.symbology) for symbol in decode(frame)] == [(TEXT, symbology)]


def png_of(width: int, height: int) -> bytes:
    """Return a tiny file that claims to be a huge picture."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        check = zlib.crc32(kind + data).to_bytes(4, "big")
        return len(data).to_bytes(4, "big") + kind + data + check

    header = width.to_bytes(4, "big") + height.to_bytes(4, "big") + bytes([8, 2, 0, 0, 0])
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", b"") + chunk(b"IEND", b"")


HOSTILE: dict[str, tuple[str, Callable[[Path], object], str]] = {
    "missing": ("clip.mp4", lambda _: None, "There is no file or folder with that name."),
    "name with NUL": ("a\0b.mp4", lambda _: None, "The file could not be read."),
    "pipe": ("clip.mp4", os.mkfifo if hasattr(os, "mkfifo") else Path.touch, "That is neither a file"),
    "empty folder": ("clips", Path.mkdir, "There is no picture in this folder."),
    "empty file": ("clip.mp4", Path.touch, "This is neither a picture nor a video"),
    "text": ("clip.mp4", lambda path: path.write_text("hello"), "This is neither a picture nor a video"),
    "play list": (
        "clip.mp4",
        lambda path: path.write_text("#EXTM3U\n#EXTINF:1,\nhttp://127.0.0.1:9/x.ts\n"),
        "This is neither a picture nor a video",
    ),
    "concat": (
        "clip.mp4",
        lambda path: path.write_text("ffconcat version 1.0\nfile '/etc/passwd'\n"),
        "This is neither a picture nor a video",
    ),
    "noise with a video's head": (
        "clip.mp4",
        lambda path: path.write_bytes(b"\0\0\0\x1cftypisom" + bytes(range(256)) * 40),
        "The video is damaged",
    ),
    "empty AVI": ("clip.avi", lambda path: path.write_bytes(b"RIFF\0\0\0\0AVI LIST"), "The video is damaged"),
    "Matroska of nothing": (
        "clip.mkv",
        lambda path: path.write_bytes(b"\x1a\x45\xdf\xa3" + b"\0" * 500),
        "The video is damaged",
    ),
    "picture of text": ("card.png", lambda path: path.write_text("hello"), "This is not a picture"),
    "huge picture": (
        "card.png",
        lambda path: path.write_bytes(png_of(60_000, 60_000)),
        "The picture has more than 50 million pixels",
    ),
    "picture cut off": (
        "card.png",
        lambda path: path.write_bytes(png_of(100, 100)),
        "The picture is damaged",
    ),
}


@pytest.mark.parametrize("kind", HOSTILE)
def test_hostile_files_are_one_sentence(kind: str, tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    name, make, sentence = HOSTILE[kind]
    path = tmp_path / name
    make(path)
    source = RecordedSource(path, waiting=Pauses())
    with pytest.raises(CameraFault) as caught:
        all_frames(source)
    assert caught.value.phase is CameraPhase.FAILED
    assert caught.value.sentence.startswith(sentence)
    assert "\n" not in caught.value.sentence
    assert capfd.readouterr() == ("", ""), "libraries must not talk on the terminal"


def test_a_bad_picture_in_a_folder_is_named(tmp_path: Path) -> None:
    Image.new("L", (8, 8)).save(tmp_path / "a.png")
    (tmp_path / "b\x1b[2J.png").write_text("hello")
    with pytest.raises(CameraFault) as caught:
        all_frames(RecordedSource(tmp_path, waiting=Pauses()))
    assert caught.value.sentence.startswith("b?[2J.png: This is not a picture")


def test_a_forbidden_file_is_said(clip: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def forbid(*_: object, **__: object) -> None:
        raise PermissionError

    monkeypatch.setattr(Path, "open", forbid)  # rights mean nothing to a root user
    with pytest.raises(KnownError, match="may not be opened"):
        RecordedSource(clip).open()


def test_a_clip_cut_off_shows_what_is_left_or_says_so(
    clip: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    whole = clip.read_bytes()
    for kept in range(0, len(whole), max(1, len(whole) // 12)):
        cut = tmp_path / "cut.mp4"
        cut.write_bytes(whole[:kept])
        with suppress(CameraFault):
            all_frames(RecordedSource(cut, loop=False, waiting=Pauses()))
    assert capfd.readouterr() == ("", "")


def test_a_spoilt_clip_never_gets_further_than_a_sentence(
    clip: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    chance = np.random.default_rng(7)
    for _ in range(12):
        data = bytearray(clip.read_bytes())
        for place in chance.integers(0, len(data), 200):
            data[place] ^= 0x55
        spoilt = tmp_path / "spoilt.mp4"
        spoilt.write_bytes(data)
        with suppress(CameraFault):
            assert len(all_frames(RecordedSource(spoilt, loop=False, waiting=Pauses()))) <= 31
    assert capfd.readouterr() == ("", "")


def test_too_large_a_video(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "clip.avi"
    write_clip(path, iter([brightness(3)]))
    monkeypatch.setattr(film, "LONGEST_SIDE", 60)
    with pytest.raises(CameraFault, match="larger than 4096 x 4096"):
        RecordedSource(path).open()
    monkeypatch.setattr(film, "LARGEST_VIDEO", 100)
    with pytest.raises(CameraFault, match="larger than 2 GiB"):
        RecordedSource(path).open()


def test_too_many_pictures(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(film, "MOST_PICTURES", 3)
    for number in range(4):
        (tmp_path / f"{number}.png").touch()
    with pytest.raises(CameraFault, match="more than 2000 pictures"):
        RecordedSource(tmp_path).open()


@pytest.mark.parametrize("told", [0.5, 5000.0])
def test_a_senseless_pace_is_thirty(tmp_path: Path, told: float) -> None:
    path = tmp_path / "clip.avi"
    write_clip(path, iter([brightness(3)] * 3), told)
    pauses = Pauses()
    all_frames(RecordedSource(path, loop=False, waiting=pauses))
    assert pauses.asked[1:] == pytest.approx([1 / 30] * 2)


def test_opencv_is_silent_and_keeps_to_one_thread(capfd: pytest.CaptureFixture[str]) -> None:
    cv2 = opencv()
    assert not cv2.VideoCapture(77).isOpened()
    assert cv2.getNumThreads() == 1
    assert capfd.readouterr() == ("", "")
    assert os.environ["OPENCV_VIDEOIO_MSMF_ENABLE_HW_TRANSFORMS"] == "0"
    assert os.environ["OPENCV_AVFOUNDATION_SKIP_AUTH"] == "1"
