"""A video file, a picture or a folder of pictures in place of a camera: for training, demos and tests."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import TYPE_CHECKING

from cashier_app.scanning.film import Film, film_at
from cashier_app.scanning.waiting import SystemWaiting, Waiting

if TYPE_CHECKING:
    from cashier_app.scanning.frame_source import Frame


class RecordedSource:
    """Shows a film at its own pace, once or again and again.

    Args:
        path: A video, a picture, or a folder of pictures.
        loop: Begin again at the end.
        waiting: Clock and pauses.
    """

    comes_back = False

    def __init__(self, path: Path, *, loop: bool = True, waiting: Waiting | None = None) -> None:
        self._path = path
        self._loop = loop
        self._waiting = waiting or SystemWaiting()
        self._interrupted = threading.Event()
        self._film: Film | None = None
        self._shown = 0
        self._started = 0.0

    @property
    def name(self) -> str:
        """Return the file's name without its folder."""
        return self._path.name

    def open(self) -> None:
        """Open the file and check what can be checked before the first frame.

        Raises:
            CameraFault: It is missing, unreadable, too large, or neither video nor picture.
        """
        self.close()
        self._film = film_at(self._path)
        self._shown = 0
        self._started = self._waiting.monotonic()

    def read(self) -> Frame | None:
        """Return the next frame when its time has come; a slow machine shows them late, but all.

        Raises:
            CameraFault: It is damaged, or larger than allowed.
        """
        if self._film is None:
            return None
        frame = self._film.next_frame()
        if frame is None and self._loop and self._shown:
            self._film.rewind()
            frame = self._film.next_frame()
        if frame is None:
            return None
        due = self._started + self._shown / self._film.frames_a_second
        if self._waiting.wait(self._interrupted, max(0.0, due - self._waiting.monotonic())):
            return None
        self._shown += 1
        return frame

    def close(self) -> None:
        """Close the file."""
        film, self._film = self._film, None
        if film is not None:
            film.close()

    def interrupt(self) -> None:
        """End the pause before the next frame, for good."""
        self._interrupted.set()
