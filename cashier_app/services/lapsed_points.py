"""Reads from the backend, once an hour, which points expired, and counts them on the shop's days."""

from __future__ import annotations

import logging
import threading
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal

from uuid6 import uuid7

from cashier_app.domain.acts import Act, ActKind
from cashier_app.domain.counting import utc_offset_of
from cashier_app.domain.lapsed import LapsedPoints, LapsedRead, PlaceUnknown
from cashier_app.domain.points import NO_POINTS
from cashier_app.ports.clock import Clock
from cashier_app.ports.lapsed import LapsedBook
from cashier_app.ports.loyalty import LoyaltyBackend
from cashier_app.services.till_settings import TillSettings

logger = logging.getLogger(__name__)

READ_EVERY_SECONDS = 3600.0
MOST_PAGES = 200
"""At most so many in one go; what is left is read an hour later."""

LONGEST_AGO = timedelta(days=400)


class LapsedReader:
    """Blocking, for one thread. What a page tells is counted together with where the next one begins."""

    def __init__(
        self, backend: LoyaltyBackend, book: LapsedBook, clock: Clock, settings: TillSettings
    ) -> None:
        self._backend = backend
        self._book = book
        self._clock = clock
        self._settings = settings
        self._read_at = float("-inf")

    def read_when_due(self, stop: threading.Event) -> None:
        """Read what expired since the last time, where the backend tells and an hour has passed.

        Raises:
            KnownError: The database cannot be read or written.
        """
        here = self._clock.monotonic()
        told = self._settings.counts_expired and self._backend.capabilities.tells_lapsed
        if not told or here - self._read_at < READ_EVERY_SECONDS:
            return
        if self.read(stop):
            self._read_at = here

    def read(self, stop: threading.Event) -> bool:
        """Read all there is; return whether the backend answered to the end.

        Raises:
            KnownError: The database cannot be read or written.
        """
        today = self._clock.now().astimezone(self._settings.zone).date()
        after, since = self._book.after(), self._book.begin() or today
        for _ in range(MOST_PAGES):
            if stop.is_set():
                return False
            answer = self._backend.lapsed(after, since)
            if isinstance(answer, PlaceUnknown) and after:
                logger.warning(
                    "the loyalty system's books were begun anew; what expires is counted from today"
                )
                after, since = "", today
                continue
            if not isinstance(answer, LapsedRead):
                return False
            self._book.count(self._acts(answer.lapsed), answer.after)
            if not answer.more or answer.after == after:
                return True
            after = answer.after
        return True

    def _acts(self, lapsed: Sequence[LapsedPoints]) -> list[Act]:
        """Return one act for each business day: a page may hold hundreds of members."""
        now, settings = self._clock.now(), self._settings
        days: dict[date, tuple[datetime, Decimal]] = {}
        for one in lapsed:
            # No calendar but the backend's says when points expired; one that is far off is not believed.
            at = min(max(one.at, now - LONGEST_AGO), now)
            day = at.astimezone(settings.zone).date()
            latest, points = days.get(day, (at, NO_POINTS))
            days[day] = max(latest, at), points + max(one.points, NO_POINTS)
        return [
            Act(
                key=f"expired-{uuid7()}",
                kind=ActKind.LAPSED,
                at=at,
                utc_offset=utc_offset_of(at, settings.zone),
                currency=settings.currency.code,
                till=settings.till,
                points=points,
            )
            for _, (at, points) in sorted(days.items())
        ]
