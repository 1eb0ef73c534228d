"""How long the few movements last. None carries meaning; all may be turned off."""

from __future__ import annotations

from msgspec import Struct


class Motion(Struct, frozen=True):
    """Durations in ms; 0 reaches the end at once. Without the timer bar only the seconds are told."""

    fill_ms: int = 120
    drawer_ms: int = 150
    timer_bar: bool = True


STILL = Motion(fill_ms=0, drawer_ms=0, timer_bar=False)
"""For those who asked their system or us for less motion, and for tests."""
