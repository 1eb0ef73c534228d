"""Works the kept figures out again from the sales themselves, now and then, without getting in the way."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import timedelta

from cashier_app.errors import KnownError
from cashier_app.ports.clock import Clock
from cashier_app.ports.journal import Journal
from cashier_app.services.health import FiguresVerified
from cashier_app.services.health_marks import keep_mark, mark_in

VERIFY_EVERY = timedelta(days=1)
PAUSE_SECONDS = 0.02
"""Between two slices of the sales, so that whoever serves a customer meanwhile has the processor."""

Progress = Callable[[int, int], None]
Verify = Callable[[Progress], int]
Rebuild = Callable[[Progress], None]
"""Goes through all sales, telling how many of how many it has done; what the listener raises ends it."""


class StoppedError(KnownError):
    """The verification was asked to stop."""


class FiguresCheck:
    """Verifies by itself once a day, and at a person's wish. Blocking, for one thread at a time.

    Args:
        verify: Compares every kept figure with the sales, changing nothing; returns how many differ.
        rebuild: Works all figures out anew; whoever sells meanwhile waits for it.
    """

    def __init__(self, journal: Journal, clock: Clock, verify: Verify, rebuild: Rebuild) -> None:
        self._journal = journal
        self._clock = clock
        self._verify = verify
        self._rebuild = rebuild
        self._working = threading.Lock()

    @property
    def is_due(self) -> bool:
        """Say whether a day has passed since the last time; a clock set back makes it due, too.

        Raises:
            KnownError: The database cannot be read.
        """
        last = mark_in(self._journal, FiguresVerified)
        return last is None or not timedelta(0) <= self._clock.now() - last.at < VERIFY_EVERY

    def verify(self, progress: Progress, stop: threading.Event, *, pause: float = 0.0) -> FiguresVerified:
        """Verify all figures, keep what came of it and return it.

        Args:
            progress: Hears how many of how many sales are done.
            stop: Ends it between two slices.
            pause: Seconds to leave to others between two slices.

        Raises:
            KnownError: It was stopped, or the database cannot be read.
        """
        with self._working:
            differences = self._verify(_in_slices(progress, stop, pause))
            verified = FiguresVerified(self._clock.now(), differences)
            keep_mark(self._journal, verified)
        return verified

    def verify_when_due(self, stop: threading.Event) -> None:
        """Verify in slices, when a day has passed.

        Raises:
            KnownError: It was stopped, or the database cannot be read.
        """
        if self.is_due:
            self.verify(lambda _done, _all: None, stop, pause=PAUSE_SECONDS)

    def rebuild(self, progress: Progress, stop: threading.Event) -> FiguresVerified:
        """Work all figures out anew, then verify them.

        Raises:
            KnownError: It was stopped, or the database cannot be written.
        """
        with self._working:
            self._rebuild(_in_slices(progress, stop, 0.0))
        return self.verify(progress, stop)


def _in_slices(progress: Progress, stop: threading.Event, pause: float) -> Progress:
    def told(done: int, in_all: int) -> None:
        if stop.is_set() or (pause and stop.wait(pause)):
            raise StoppedError("Stopped. Nothing was changed.")
        progress(done, in_all)

    return told
