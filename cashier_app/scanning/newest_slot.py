"""A place for one frame: whoever is slow gets the newest and never a queue of old ones."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

from msgspec import Struct

if TYPE_CHECKING:
    from cashier_app.scanning.frame_source import Frame


class Arrived(Struct, frozen=True):
    """A frame and when it arrived, in seconds of the monotonic clock."""

    frame: Frame
    at: float


class NewestSlot:
    """Holds the newest frame until it is taken; between two threads."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._newest: Arrived | None = None
        self._closed = False
        self._finished = False
        self.dropped = 0
        """Frames replaced by a newer one before anybody took them."""

    @property
    def is_closed(self) -> bool:
        """Tell whether `close` was called: nobody waits for results any more."""
        return self._closed

    @property
    def is_over(self) -> bool:
        """Tell whether nothing will be given out any more."""
        with self._changed:
            return self._closed or (self._finished and self._newest is None)

    def put(self, arrived: Arrived) -> None:
        """Replace what is there; after `close`, for nobody."""
        with self._changed:
            if self._closed:
                return
            self.dropped += self._newest is not None
            self._newest = arrived
            self._changed.notify()

    def take(self, seconds: float) -> Arrived | None:
        """Wait at most so long and take the newest frame; None after `close` or when none came."""
        with self._changed:
            if self._newest is None and not (self._closed or self._finished):
                self._changed.wait(seconds)
            taken, self._newest = self._newest, None
            return taken

    def finish(self) -> None:
        """Say that no more will be put; the last one can still be taken."""
        with self._changed:
            self._finished = True
            self._changed.notify_all()

    def close(self) -> None:
        """Let a waiting `take` return; nothing is given out any more."""
        with self._changed:
            self._closed = True
            self._newest = None
            self._changed.notify_all()
