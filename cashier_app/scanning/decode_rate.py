"""How often frames are worth decoding: all of them while something happens, few while nothing does."""

from __future__ import annotations

IDLE_DECODES_A_SECOND = 14
"""In the mean, whatever the camera's pace; 15 would be more than 15 in some seconds."""
_IDLE_SECONDS = 1 / IDLE_DECODES_A_SECOND
LIVELY_SECONDS = 1.0
"""How long every frame is decoded after something moved or something else was read."""


class DecodeRate:
    """Decides frame by frame. A card left lying in view is nothing new and soon costs as little as none."""

    def __init__(self) -> None:
        self._lively_until = float("-inf")
        self._next_idle = float("-inf")
        self._seen: frozenset[str] = frozenset()

    def is_due(self, now: float, *, moved: bool) -> bool:
        """Tell whether the frame of this moment, monotonic seconds, is to be decoded."""
        if moved:
            self._lively_until = now + LIVELY_SECONDS
        if now < self._lively_until:
            self._next_idle = now + _IDLE_SECONDS
            return True
        if now < self._next_idle:
            return False
        # Counted on from when it was due: at 30 frames a second every third would be too few.
        self._next_idle = max(self._next_idle + _IDLE_SECONDS, now)
        return True

    def note(self, now: float, texts: frozenset[str]) -> None:
        """Say what was read; something new makes the next frames worth decoding."""
        if texts and texts != self._seen:
            self._lively_until = now + LIVELY_SECONDS
        if texts:
            self._seen = texts
