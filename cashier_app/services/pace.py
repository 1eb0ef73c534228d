"""When the backend may be asked next: never before it said so, and more and more rarely while it fails.

No retry library: those we know wait in memory, inside one call. Here a wait outlives the program, is shown on
screen and may be ended by a person: each effect's row in the database says when it is next.
"""

from __future__ import annotations

import random

from cashier_app.ports.clock import Clock

FAILURES_IN_A_ROW = 5
"""When so many effects fail one after the other the backend is at fault; one at a time is tried."""

LONGEST_PROBE_WAITS = 15
"""The longest pause between two probes, in first pauses."""


def backoff(attempts: int, first: float, longest: float, chance: random.Random) -> float:
    """Return seconds to wait: `first` doubling to `longest` with full jitter, so that tills spread out."""
    ceiling = min(longest, first * 2.0 ** min(attempts, 16))
    return chance.uniform(first / 2, ceiling)


class Pace:
    """What all effects of a till wait for together, on the clock nobody can set.

    Changed by one thread at a time.

    Args:
        chance: Spreads tills that failed together.
    """

    def __init__(self, clock: Clock, chance: random.Random) -> None:
        self._clock = clock
        self._chance = chance
        self._failures = 0
        self._failed_key = ""
        self._proven = False
        self._asked_until = float("-inf")
        self._rest_until = float("-inf")
        self._probes = 0
        self._probe_at = float("-inf")

    @property
    def storm(self) -> bool:
        """Say whether so many effects failed in a row that only one at a time is tried."""
        return self._failures >= FAILURES_IN_A_ROW

    @property
    def proven(self) -> bool:
        """Say whether the last word of the backend was that it did as asked."""
        return self._proven

    def wait(self) -> float:
        """Return seconds until an effect may be sent by itself; 0 when it may now."""
        return max(max(self._asked_until, self._rest_until) - self._clock.monotonic(), 0.0)

    def probe_wait(self) -> float:
        """Return seconds until the next probe; 0 when it may be made now."""
        return max(self._probe_at - self._clock.monotonic(), 0.0)

    def asked_to_wait(self, seconds: float) -> None:
        """Keep still for as long as the backend asks; nothing shortens this."""
        self._asked_until = max(self._asked_until, self._clock.monotonic() + seconds)

    def rest(self, seconds: float) -> None:
        """Keep still for a while, unless the backend turns out to be back."""
        self._proven = False
        self._rest_until = self._clock.monotonic() + seconds

    def failed(self, key: str, first: float, longest: float) -> None:
        """Count a failure; after a row of them keep still, at least half of the doubling time.

        One effect that fails again and again is only counted once: it waits by itself, and no other for it.
        Half is certain, so that the number of tries in a long storm is bounded for every till, not for most.
        """
        self._proven = False
        if key != self._failed_key:
            self._failures += 1
        self._failed_key = key
        if self.storm:
            ceiling = min(longest, first * 2.0 ** min(self._failures, 16))
            self.rest(self._chance.uniform(ceiling / 2, ceiling))

    def worked(self) -> bool:
        """Note that the backend did as asked; say whether that ends a storm."""
        ended = self.storm
        if ended:
            self.back()
        # A late answer to one hand does not end what another has just been told, such as to sign in.
        self._failures, self._failed_key = 0, ""
        self._proven = True
        return ended

    def back(self) -> None:
        """End the rest: the backend is back, or a person wants to know. What it asked for still holds."""
        self._failures, self._failed_key = 0, ""
        self._rest_until = float("-inf")

    def probed(self, first: float, *, answered: bool) -> None:
        """Note a probe: the next comes after `first` seconds, later and later while there is no answer."""
        self._probes = 0 if answered else self._probes + 1
        ceiling = first * min(2.0 ** min(self._probes, 8), LONGEST_PROBE_WAITS)
        self._probe_at = self._clock.monotonic() + max(first, self._chance.uniform(ceiling / 2, ceiling))
