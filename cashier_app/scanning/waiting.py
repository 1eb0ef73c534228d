"""Time as the camera's threads see it, so that tests need not wait."""

from __future__ import annotations

import threading
import time
from typing import Protocol


class Waiting(Protocol):
    """A clock that never jumps, and a way to wait that ends early."""

    def monotonic(self) -> float:
        """Return seconds that only ever grow."""

    def wait(self, ended: threading.Event, seconds: float) -> bool:
        """Wait so long, or until the event is set; tell whether it is set."""


class SystemWaiting:
    """The computer's own clock."""

    def monotonic(self) -> float:
        """Return seconds that only ever grow."""
        return time.monotonic()

    def wait(self, ended: threading.Event, seconds: float) -> bool:
        """Wait so long, or until the event is set; tell whether it is set."""
        return ended.wait(seconds)
