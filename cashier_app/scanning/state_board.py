"""The one place where a camera's threads write its state, told to the window in order."""

from __future__ import annotations

import threading
from collections.abc import Callable

from msgspec.structs import replace

from cashier_app.scanning.camera_state import CameraHint, CameraPhase, CameraState


class StateBoard:
    """Keeps the newest state and reports each change once, in order, until it is closed.

    Args:
        on_state: Called from the camera's threads; it must only hand the state over.
    """

    def __init__(self, on_state: Callable[[CameraState], None]) -> None:
        self._on_state = on_state
        self._lock = threading.RLock()
        self._closed = False
        self._state = CameraState(CameraPhase.OFF)

    @property
    def state(self) -> CameraState:
        """Return the newest state."""
        return self._state

    def show(self, phase: CameraPhase, name: str, reason: str = "") -> None:
        """Change the phase; a hint is gone with it."""
        if phase is CameraPhase.LOOKING and self._state.phase is phase:
            return  # once for every frame, and the hint stays
        self._publish(CameraState(phase, name, reason))

    def hint(self, hint: CameraHint | None) -> None:
        """Change the hint while the camera is looking."""
        with self._lock:
            if self._state.phase is CameraPhase.LOOKING:
                self._publish(replace(self._state, hint=hint))

    def close(self, name: str) -> None:
        """Report that the camera is off; nothing is reported after that."""
        with self._lock:
            self._publish(CameraState(CameraPhase.OFF, name))
            self._closed = True

    def _publish(self, state: CameraState) -> None:
        with self._lock:
            if self._closed or state == self._state:
                return
            self._state = state
            self._on_state(state)
