"""By when what undoes a sale must be at the backend: voids and moves, 24 hours after they were made."""

from __future__ import annotations

from datetime import timedelta

from cashier_app.ports.clock import Clock
from cashier_app.ports.journal import EffectRow, Journal

REVERSED_WITHIN = timedelta(hours=24)
"""Later than that a person looks at it; what is late is never sent by itself again."""

REVERSED_SOON = timedelta(hours=12)
"""From then on the health page says so."""

TOO_LATE = "not posted within 24 hours"
LOOK_SECONDS = 60.0


class Deadlines:
    """Finds what is late. Looks once a minute: a queue of thousands is not searched at each turn."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._looked_at = float("-inf")

    def missed(self, journal: Journal) -> list[EffectRow]:
        """Return reversals made more than 24 hours ago that still wait; nothing within the same minute."""
        here = self._clock.monotonic()
        if here - self._looked_at < LOOK_SECONDS:
            return []
        self._looked_at = here
        return journal.late_reversals(self._clock.now() - REVERSED_WITHIN)
