"""Counts how long the backend takes to answer, in memory; somebody else writes the counts down."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Mapping
from datetime import tzinfo

from cashier_app.ports.clock import Clock
from cashier_app.ports.health import HourBucket
from cashier_app.services.latency import UNANSWERED, bucket_of

LEAST_SECONDS = 0.0005
"""What is faster never left this computer, such as a code the backend has no use for."""


class AnswerTimes:
    """Counts by business day and hour. Safe from any thread; a call costs a few microseconds and no disk."""

    def __init__(self, clock: Clock, zone: tzinfo) -> None:
        self._clock = clock
        self._zone = zone
        self._lock = threading.Lock()
        self._counts: Counter[HourBucket] = Counter()

    def note(self, seconds: float, *, answered: bool) -> None:
        """Count one call that took so long and ends now."""
        if answered and seconds < LEAST_SECONDS:
            return
        local = self._clock.now().astimezone(self._zone)
        where = HourBucket(local.date(), local.hour, bucket_of(seconds) if answered else UNANSWERED)
        with self._lock:
            self._counts[where] += 1

    def take(self) -> dict[HourBucket, int]:
        """Return what was counted since the last time, and count anew."""
        with self._lock:
            taken, self._counts = self._counts, Counter()
        return dict(taken)

    def give_back(self, counts: Mapping[HourBucket, int]) -> None:
        """Take back what could not be written down."""
        with self._lock:
            self._counts.update(counts)

    def pending(self) -> dict[HourBucket, int]:
        """Return what nobody has taken yet."""
        with self._lock:
            return dict(self._counts)
