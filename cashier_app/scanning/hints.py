"""What to tell somebody who has shown a code for five seconds without a read."""

from __future__ import annotations

from cashier_app.scanning.camera_state import CameraHint

HINT_SECONDS = 5.0
_AGAIN_SECONDS = 1.0  # a hint that changes more often cannot be read
BLURRED = 0.2
"""Below this sharpness, see `frame_measures.sharpness`, hardly a code is read."""


class Hints:
    """Counts the seconds without a read and chooses the one hint most likely to help."""

    def __init__(self) -> None:
        self._quiet_since: float | None = None
        self._next = float("-inf")

    def note(self, now: float, *, found: bool) -> None:
        """Say at each decoded frame, monotonic seconds, whether a code was read."""
        if found or self._quiet_since is None:
            self._quiet_since = now

    def is_due(self, now: float) -> bool:
        """Tell whether a hint is to be chosen now."""
        quiet = self._quiet_since is not None and now - self._quiet_since >= HINT_SECONDS
        return quiet and now >= self._next

    def best(self, now: float, *, dark: bool, sharpness: float) -> CameraHint:
        """Choose a hint and be quiet for a second."""
        self._next = now + _AGAIN_SECONDS
        if dark:
            return CameraHint.BRIGHTER
        return CameraHint.FURTHER_AWAY if sharpness < BLURRED else CameraHint.WHOLE_CODE
