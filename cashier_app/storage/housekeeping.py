"""One quiet thread that keeps the till's folder in order: the reserve, backups, what is to be forgotten."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Iterable
from datetime import timedelta

from cashier_app.errors import KnownError
from cashier_app.ports.clock import Clock
from cashier_app.storage import backups, retention
from cashier_app.storage.database import SCHEMA_VERSION
from cashier_app.storage.journal import SqliteJournal

logger = logging.getLogger(__name__)

ROUND_SECONDS = 60.0
BACKUP_EVERY = timedelta(hours=1)
FORGET_EVERY_SECONDS = 24 * 3600.0


Step = Callable[[], None]


class Housekeeping:
    """Works on a thread of its own, never on the window's; nothing a cashier does waits for it."""

    def __init__(self, journal: SqliteJournal, clock: Clock) -> None:
        self._journal = journal
        self._clock = clock
        self._stopping = threading.Event()
        self._awake = threading.Event()
        self._short: tuple[Step, ...] = ()
        self._daily: tuple[Step, ...] = ()
        self._thread = threading.Thread(target=self._run, name="housekeeping", daemon=True)
        self._backed_up_at: float | None = None
        self._forgot_at: float | None = None

    def also(self, *, short: Iterable[Step] = (), daily: Iterable[Step] = ()) -> None:
        """Take more steps on, before the start.

        Args:
            short: Done each minute, and soon after each `wake`; milliseconds each.
            daily: Done once a day while the clock is believed.
        """
        self._short, self._daily = (*self._short, *short), (*self._daily, *daily)

    def wake(self) -> None:
        """Have the short steps done soon. From any thread; returns at once."""
        self._awake.set()

    def start(self) -> None:
        """Begin: the reserve at once, the rest in a minute, when the shop is open."""
        self._thread.start()

    def stop(self) -> None:
        """End after the step it is in; a backup of a year's sales takes about a second."""
        self._stopping.set()
        self._awake.set()
        if self._thread.ident is not None:
            self._thread.join()

    def look_after(self) -> None:
        """Do what is due now. A step that fails is tried again at the next round."""
        self._take((*self._short, self._journal.reserve.keep, self._back_up, self._forget))

    def _take(self, steps: Iterable[Step]) -> None:
        for step in steps:
            if self._stopping.is_set():
                return
            try:
                step()
            except KnownError as error:
                logger.warning("housekeeping: %s %s", error.sentence, error.detail)
            except Exception:
                logger.exception("housekeeping met a bug and goes on")

    def _run(self) -> None:
        self._journal.reserve.keep()
        round_at = time.monotonic() + ROUND_SECONDS
        while not self._stopping.is_set():
            woken = self._awake.wait(max(round_at - time.monotonic(), 0.0))
            self._awake.clear()
            if woken:
                self._take(self._short)
            else:
                self.look_after()
                round_at = time.monotonic() + ROUND_SECONDS

    def _back_up(self) -> None:
        now, here = self._clock.now(), self._clock.monotonic()
        if self._backed_up_at is None:
            newest = next(iter(backups.all_of(self._journal.database.path)), None)
            # The one written before a migration is of no use to this version.
            made = backups.made_at(newest) if newest and backups.schema_of(newest) == SCHEMA_VERSION else None
            # Started often, it goes by the time of day; a clock that was set back is no reason to wait.
            if made is not None and timedelta(0) <= now - made < BACKUP_EVERY:
                self._backed_up_at = here - (now - made).total_seconds()
        if self._backed_up_at is None or here - self._backed_up_at >= BACKUP_EVERY.total_seconds():
            self._journal.back_up(now)
            self._backed_up_at = here

    def _forget(self) -> None:
        here = self._clock.monotonic()
        if self._forgot_at is not None and here - self._forgot_at < FORGET_EVERY_SECONDS:
            return
        now = self._clock.now()
        if retention.clock_is_believed(self._journal.database, now):
            retention.forget_names(self._journal.database, now)
            retention.compact(self._journal.database, self._journal.rollups, now)
            self._take(self._daily)
        self._forgot_at = here
