"""Small pictures of what the camera sees, made only while somebody looks at them."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from typing import TYPE_CHECKING

from cashier_app.scanning.camera_state import Preview
from cashier_app.scanning.opencv import opencv
from cashier_app.scanning.waiting import Waiting

if TYPE_CHECKING:
    from cashier_app.scanning.frame_source import Frame

PREVIEWS_A_SECOND = 15
_NOBODY_LOOKS = 1.0  # seconds without a question after which none is made
_LARGEST_SIDE = 1920  # px; a hostile or mistaken size must not cost memory


class PreviewMaker:
    """Scales a frame now and then for the window; the frame itself is never changed.

    Args:
        waiting: The clock.
        numbers: Gives each picture its number.
    """

    def __init__(self, waiting: Waiting, numbers: Iterator[int]) -> None:
        self._waiting = waiting
        self._numbers = numbers
        self._lock = threading.Lock()
        self._size = (0, 0)
        self._mirrored = True
        self._asked_at = float("-inf")
        self._made_at = float("-inf")
        self._newest: Preview | None = None

    def ask(self, width: int, height: int, *, mirrored: bool) -> None:
        """Say how large, in px of the screen, pictures are to be."""
        with self._lock:
            self._size = (max(0, min(width, _LARGEST_SIDE)), max(0, min(height, _LARGEST_SIDE)))
            self._mirrored = mirrored

    def newest(self) -> Preview | None:
        """Return the newest picture, which keeps them coming for a second."""
        with self._lock:
            self._asked_at = self._waiting.monotonic()
            return self._newest

    def forget(self) -> None:
        """Drop the newest picture: the camera is off or gone."""
        with self._lock:
            self._newest = None

    def see(self, frame: Frame) -> None:
        """Make a picture of this frame if one is due. Called by the thread that reads the camera."""
        now = self._waiting.monotonic()
        with self._lock:
            size, mirrored = self._size, self._mirrored
            due = now - self._made_at >= 1 / PREVIEWS_A_SECOND and now - self._asked_at < _NOBODY_LOOKS
        if not due or 0 in size:
            return
        made = self._made_of(frame, size, mirrored=mirrored)
        with self._lock:
            self._made_at = now
            self._newest = made

    def _made_of(self, frame: Frame, size: tuple[int, int], *, mirrored: bool) -> Preview:
        cv2 = opencv()
        height, width = frame.shape[:2]
        # Just large enough to cover what was asked for: the window cuts off what stands over.
        scale = min(1.0, max(size[0] / width, size[1] / height))
        small_size = (max(1, round(width * scale)), max(1, round(height * scale)))
        halved = frame
        while halved.shape[1] >= 2 * small_size[0] and halved.shape[0] > 1:
            # Exact halves are an eighth of the work of any other shrinking as smooth.
            high, wide = halved.shape[0] // 2, halved.shape[1] // 2
            halved = cv2.resize(halved[: 2 * high, : 2 * wide], (wide, high), interpolation=cv2.INTER_AREA)
        small = cv2.resize(halved, small_size, interpolation=cv2.INTER_LINEAR)
        if mirrored:
            small = cv2.flip(small, 1)
        if small.ndim == 2:
            small = cv2.cvtColor(small, cv2.COLOR_GRAY2BGR)
        return Preview(small.tobytes(), *small_size, mirrored, width, height, next(self._numbers))
