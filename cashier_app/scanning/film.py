"""Videos and pictures as frames, from files that come from anywhere and may be broken or made to harm."""

from __future__ import annotations

import stat
from collections.abc import Generator
from pathlib import Path
from typing import TYPE_CHECKING, Final, Protocol, cast

from cashier_app.errors import KnownError
from cashier_app.scanning.camera_state import CameraFault, CameraPhase
from cashier_app.scanning.opencv import opencv
from cashier_app.scanning.picture_files import colour_frame_of

if TYPE_CHECKING:
    import cv2

    from cashier_app.scanning.frame_source import Frame

LARGEST_VIDEO: Final = 2 * 1024**3  # bytes
LONGEST_SIDE: Final = 4096  # px of a video
MOST_PICTURES: Final = 2000
PICTURE_SIDE: Final = 1280  # px; pictures are shown as large as a camera would show them
PICTURES_A_SECOND: Final = 10.0  # frames
FRAMES_OF_A_PICTURE: Final = 10
"""Each picture stays for a second, as if somebody held it up: codes with weak checks need two reads."""

_SUFFIXES: Final = frozenset({".png", ".jpg", ".jpeg", ".webp", ".bmp", ".gif", ".tif", ".tiff"})

# First bytes, from which position. Play lists and network addresses are no videos: they would make the
# library open what they name.
_CONTAINERS: Final = (
    (4, b"ftyp"),  # MP4, MOV
    (4, b"moov"),
    (4, b"mdat"),
    (4, b"wide"),
    (8, b"AVI "),
    (0, b"\x1a\x45\xdf\xa3"),  # Matroska, WebM
)

_NOT_FOUND = "There is no file or folder with that name."
_NO_PERMISSION = "This file may not be opened by you; please check its permissions."
_UNREADABLE = "The file could not be read."
_NOT_A_FILE = "That is neither a file nor a folder; please choose a video or a folder of pictures."
_NO_PICTURES = "There is no picture in this folder."
_TOO_MANY = "There are more than 2000 pictures in this folder; please choose a smaller one."
_TOO_LARGE = "The video is larger than 2 GiB; please choose a smaller one."
_TOO_WIDE = "The video is larger than 4096 x 4096 pixels; please choose a smaller one."
_NO_VIDEO = "This is neither a picture nor a video in MP4, MOV, AVI, MKV or WebM format."
_DAMAGED = "The video is damaged, or made in a way that is not understood."


class Film(Protocol):
    """Frames in order, as fast as they are asked for."""

    frames_a_second: float

    def next_frame(self) -> Frame | None:
        """Return the next frame, None after the last one.

        Raises:
            CameraFault: It is damaged or too large.
        """

    def rewind(self) -> None:
        """Begin again."""

    def close(self) -> None:
        """Close the file."""


def film_at(path: Path) -> Film:
    """Open a video, a picture, or a folder of pictures.

    Raises:
        CameraFault: It cannot be shown.
    """
    try:
        # Asked before opening: opening a pipe would wait for ever.
        facts = path.stat()
        if stat.S_ISDIR(facts.st_mode):
            return Pictures(_pictures_in(path))
        if not stat.S_ISREG(facts.st_mode):
            raise _fault(_NOT_A_FILE)
        with path.open("rb") as file:
            beginning = file.read(16)
    except FileNotFoundError as fault:
        raise _fault(_NOT_FOUND) from fault
    except PermissionError as fault:
        raise _fault(_NO_PERMISSION) from fault
    except (OSError, ValueError) as fault:  # ValueError: NUL in the name
        raise _fault(_UNREADABLE) from fault
    if any(beginning[place : place + len(mark)] == mark for place, mark in _CONTAINERS):
        if facts.st_size > LARGEST_VIDEO:
            raise _fault(_TOO_LARGE)
        return Video(path.absolute())
    if path.suffix.lower() in _SUFFIXES:
        return Pictures([path])
    raise _fault(_NO_VIDEO)


class Video:
    """A video file through OpenCV's FFmpeg.

    Raises:
        CameraFault: It cannot be decoded, or its frames are too large.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._capture: cv2.VideoCapture | None = None
        self.rewind()

    def rewind(self) -> None:
        """Open the file again: seeking is not exact in every format."""
        cv2 = opencv()  # hides the name that only types know
        self.close()
        self._capture = capture = cv2.VideoCapture(str(self._path), cv2.CAP_FFMPEG)
        width, height = capture.get(cv2.CAP_PROP_FRAME_WIDTH), capture.get(cv2.CAP_PROP_FRAME_HEIGHT)
        if not capture.isOpened() or width < 1 or height < 1:
            self.close()
            raise _fault(_DAMAGED)
        if max(width, height) > LONGEST_SIDE:
            self.close()
            raise _fault(_TOO_WIDE)
        told = capture.get(cv2.CAP_PROP_FPS)
        self.frames_a_second = told if 1 <= told <= 120 else 30.0
        self._has_shown = False

    def next_frame(self) -> Frame | None:
        """Return the next frame; a video of which none can be decoded is damaged."""
        capture = self._capture
        frame = cast("Frame | None", capture.read()[1] if capture is not None else None)
        if frame is None:
            if not self._has_shown:
                raise _fault(_DAMAGED)
            return None
        if max(frame.shape) > LONGEST_SIDE:
            raise _fault(_TOO_WIDE)
        self._has_shown = True
        return frame

    def close(self) -> None:
        """Close the file."""
        if self._capture is not None:
            self._capture.release()
            self._capture = None


class Pictures:
    """Picture files, each held up for a second.

    Args:
        paths: In the order they are shown.
    """

    frames_a_second = PICTURES_A_SECOND

    def __init__(self, paths: list[Path]) -> None:
        self._paths = paths
        self.rewind()

    def rewind(self) -> None:
        """Begin again with the first."""
        self._frames = self._all_frames()

    def next_frame(self) -> Frame | None:
        """Return the picture that is up, or the next one."""
        return next(self._frames, None)

    def close(self) -> None:
        """Let go of the picture that is up."""
        self._frames.close()

    def _all_frames(self) -> Generator[Frame, None, None]:
        for path in self._paths:
            frame = self._frame_of(path)
            for _ in range(FRAMES_OF_A_PICTURE):
                yield frame

    def _frame_of(self, path: Path) -> Frame:
        try:
            return colour_frame_of(path, PICTURE_SIDE)
        except KnownError as fault:
            said = fault.sentence if len(self._paths) == 1 else f"{_plain(path.name)}: {fault.sentence}"
            raise _fault(said) from fault


def _pictures_in(folder: Path) -> list[Path]:
    found = []
    for path in folder.iterdir():
        if path.suffix.lower() in _SUFFIXES and not path.name.startswith("."):
            found.append(path)
            if len(found) > MOST_PICTURES:
                raise _fault(_TOO_MANY)
    if not found:
        raise _fault(_NO_PICTURES)
    return sorted(found)


def _plain(name: str) -> str:
    """Return a file's name that cannot steer a terminal or fill a screen."""
    return "".join(letter if letter.isprintable() else "?" for letter in name)[:60]


def _fault(sentence: str) -> CameraFault:
    return CameraFault(CameraPhase.FAILED, sentence)
