"""Asks the backend now and then which points it still holds, and tells those nobody will ever use."""

from __future__ import annotations

from datetime import datetime, timedelta

from msgspec import Struct

from cashier_app.ports.clock import Clock
from cashier_app.ports.journal import Journal
from cashier_app.ports.loyalty import HoldsRead, LoyaltyBackend
from cashier_app.services.janitor import Janitor

ASK_EVERY_SECONDS = 600.0
"""At most so often, while somebody looks at the till's health; else once in `ASK_ANYWAY_SECONDS`."""

ASK_ANYWAY_SECONDS = 3600.0
FORGOTTEN_AFTER = timedelta(minutes=15)
"""A release that is on its way needs no more; after this nobody is coming back for the points."""


class HoldsSeen(Struct, frozen=True):
    """What the backend said; `forgotten` are holds of sales this till gave up, the oldest since `since`."""

    at: datetime
    holds: int
    forgotten: int
    since: datetime | None


class HoldsWatch:
    """Remembers the last answer. Blocking, for one thread at a time; asks every ten minutes at most."""

    def __init__(self, backend: LoyaltyBackend, journal: Journal, clock: Clock) -> None:
        self._backend = backend
        self._journal = journal
        self._clock = clock
        self._asked_at = float("-inf")
        self._wanted = False
        self._seen: HoldsSeen | None = None

    @property
    def seen(self) -> HoldsSeen | None:
        """Return what the backend said last; None before."""
        return self._seen

    def want(self) -> None:
        """Say that somebody looks: from any thread, returns at once."""
        self._wanted = True

    def look(self, *, at_once: bool = False) -> None:
        """Ask, where the backend lists its holds and was not asked for ten minutes.

        Raises:
            KnownError: The journal cannot be read.
        """
        here = self._clock.monotonic()
        if not self._backend.capabilities.lists_holds:
            return
        pause = ASK_EVERY_SECONDS if self._wanted else ASK_ANYWAY_SECONDS
        if not at_once and here - self._asked_at < pause:
            return
        self._asked_at, self._wanted = here, False
        answer = self._backend.list_holds()
        if not isinstance(answer, HoldsRead):
            return
        now = self._clock.now()
        janitor = Janitor(self._backend, self._journal, self._clock)
        # Their own clock says since when: by ours they might seem to be made tomorrow.
        late = now + (self._backend.clock_ahead or timedelta(0)) - FORGOTTEN_AFTER
        forgotten = [hold.since for hold in answer.holds if hold.since <= late and janitor.is_forgotten(hold)]
        self._seen = HoldsSeen(now, len(answer.holds), len(forgotten), min(forgotten, default=None))

    def release(self) -> int:
        """Queue the release of every hold nobody will use, and look again; return how many.

        Raises:
            KnownError: The journal cannot be read or written.
        """
        released = Janitor(self._backend, self._journal, self._clock).tidy()
        self.look(at_once=True)
        return released
