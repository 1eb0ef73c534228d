"""A clock that moves only when told."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

START = datetime(2026, 11, 20, 9, 2, 41, tzinfo=UTC)


class FakeClock:
    """Both clocks of the till, standing still until moved."""

    def __init__(self, now: datetime = START) -> None:
        self._now = self._true_now = now
        self._monotonic = 1000.0

    def now(self) -> datetime:
        """Return the time of day, UTC."""
        return self._now

    def true_now(self) -> datetime:
        """Return the time as everybody else has it, UTC, however the till's clock was set."""
        return self._true_now

    def monotonic(self) -> float:
        """Return seconds that only grow."""
        return self._monotonic

    def advance(self, seconds: float) -> None:
        """Let time pass."""
        self._now += timedelta(seconds=seconds)
        self._true_now += timedelta(seconds=seconds)
        self._monotonic += seconds

    def jump(self, seconds: float) -> None:
        """Set the wall clock to another time, as a person or a time server does."""
        self._now += timedelta(seconds=seconds)
