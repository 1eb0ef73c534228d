"""Putting the health of a till together: what records it, what judges it, what cures it."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from contextlib import closing
from datetime import timedelta
from typing import TYPE_CHECKING

from msgspec import Struct

from cashier_app import __version__
from cashier_app.data_folder import JOURNAL_FILE
from cashier_app.errors import KnownError

if TYPE_CHECKING:
    from pathlib import Path

    from cashier_app.ports.capabilities import Capabilities
    from cashier_app.ports.clock import Clock
    from cashier_app.ports.loyalty import LoyaltyBackend
    from cashier_app.services.answer_times import AnswerTimes
    from cashier_app.services.connection import ConnectionWatch
    from cashier_app.services.health import HealthReport, LedgerFeed
    from cashier_app.services.health_check import HealthCheck
    from cashier_app.services.health_desk import HealthDesk
    from cashier_app.services.health_errands import Errand, HealthErrands
    from cashier_app.services.health_marks import Pulse
    from cashier_app.services.health_recorder import HealthRecorder
    from cashier_app.services.holds_watch import HoldsWatch
    from cashier_app.services.lookup import MemberLookup
    from cashier_app.services.sender import Sender
    from cashier_app.services.till_settings import TillSettings
    from cashier_app.storage.housekeeping import Housekeeping
    from cashier_app.storage.journal import SqliteJournal

logger = logging.getLogger(__name__)


class TillParts(Struct, frozen=True):
    """What of a till its health is about.

    Args:
        ledger: What a shared ledger has not been told; `send_ledger` tells it.
    """

    journal: SqliteJournal
    backend: LoyaltyBackend
    connection: ConnectionWatch
    clock: Clock
    settings: TillSettings
    housekeeping: Housekeeping
    sender: Sender
    lookup: MemberLookup
    times: AnswerTimes
    ledger: Callable[[], LedgerFeed | None] = lambda: None
    send_ledger: Callable[[], None] | None = None


class OpenedHealth(Struct, frozen=True):
    """A till's health, with the threads behind it."""

    desk: HealthDesk
    check: HealthCheck
    recorder: HealthRecorder
    errands: HealthErrands

    def start(self) -> None:
        """End what a killed process left open, and begin to ask and check.

        Raises:
            KnownError: The database cannot be written.
        """
        self.recorder.settle_left_open()
        self.recorder.write()
        self.check.take_pulse()
        self.errands.start()

    def ask_to_stop(self) -> None:
        """End what is under way soon; returns at once."""
        self.errands.ask_to_stop()

    def end_errands(self) -> None:
        """End what asks the backend, and wait for it; before the backend is closed."""
        self.errands.stop()

    def close(self) -> None:
        """Write what is not written yet; a disk that takes none is no reason not to close."""
        try:
            self.recorder.close()
            self.check.take_pulse(last=True)
        except KnownError as error:
            logger.warning("how the till was doing was not written: %s", error.sentence)


def measured(
    make_backend: Callable[[], LoyaltyBackend], times: AnswerTimes, clock: Clock
) -> Callable[[], LoyaltyBackend]:
    """Return the same maker of backends, of which each answer is timed."""

    def make() -> LoyaltyBackend:
        from cashier_app.backends.measured import MeasuredBackend

        return MeasuredBackend(make_backend(), times, clock)

    return make


def open_health(till: TillParts) -> OpenedHealth:
    """Return the health of a till, recording from now on; its housekeeping must not have started yet."""
    from cashier_app.services.figures_check import FiguresCheck
    from cashier_app.services.health_actions import Curing, HealthActions
    from cashier_app.services.health_check import HealthCheck, HealthSources, LiveTill
    from cashier_app.services.health_desk import HealthDesk
    from cashier_app.services.health_errands import HealthErrands
    from cashier_app.services.health_recorder import HealthRecorder
    from cashier_app.services.holds_watch import HoldsWatch
    from cashier_app.services.lapsed_points import LapsedReader
    from cashier_app.storage.health_rows import SqliteHealth
    from cashier_app.storage.lapsed_rows import SqliteLapsed

    journal, clock = till.journal, till.clock
    rows = SqliteHealth(journal.database)
    keeping = till.housekeeping
    recorder = HealthRecorder(rows, till.times, till.connection, clock, till.settings.zone, keeping.wake)
    holds = HoldsWatch(till.backend, journal, clock)
    lapsed = LapsedReader(till.backend, SqliteLapsed(journal), clock, till.settings)
    figures_check = FiguresCheck(
        journal,
        clock,
        lambda progress: len(journal.figures_apart(progress)),
        journal.count_again,
    )
    check = HealthCheck(
        HealthSources(
            journal=journal,
            rows=rows,
            local_state=journal.local_state,
            clock=clock,
            settings=till.settings,
            version=__version__,
            capabilities=lambda: till.backend.capabilities,
            live=LiveTill(lambda: _pulse(till, holds), till.times.pending, recorder.unwritten),
            ledger=till.ledger,
            staff_locked=lambda: _locked_out(journal),
        )
    )
    actions = HealthActions(
        Curing(
            journal=journal,
            backend=till.backend,
            connection=till.connection,
            clock=clock,
            sender=till.sender,
            lookup=till.lookup,
            holds=holds,
            back_up=lambda: journal.back_up(clock.now()),
            keep_reserve=journal.reserve.keep,
            local_state=journal.local_state,
            figures=figures_check,
            send_ledger=till.send_ledger,
        )
    )
    keeping.also(short=(recorder.write, check.take_pulse), daily=(recorder.forget,))
    errands = HealthErrands(
        (
            _while_online(till, lambda _stop: holds.look()),
            _while_online(till, lapsed.read_when_due),
            figures_check.verify_when_due,
        )
    )
    return OpenedHealth(HealthDesk(check, actions, holds), check, recorder, errands)


def look_at(
    folder: Path, settings: TillSettings, clock: Clock, capabilities: Callable[[], Capabilities]
) -> HealthReport:
    """Return how the till of a data folder is doing, also while it runs; nothing is asked and no row changed.

    Raises:
        KnownError: There is no till, or its database cannot be read.
    """
    from cashier_app.services.health_check import HealthCheck, HealthSources
    from cashier_app.storage.health_rows import SqliteHealth
    from cashier_app.storage.journal import SqliteJournal

    path = folder / JOURNAL_FILE
    if not path.is_file():
        raise KnownError("This till has no sales yet.")
    with closing(SqliteJournal(path, settings.till, zone=settings.zone)) as journal:
        return HealthCheck(
            HealthSources(
                journal=journal,
                rows=SqliteHealth(journal.database),
                local_state=journal.local_state,
                clock=clock,
                settings=settings,
                version=__version__,
                capabilities=capabilities,
                ledger=lambda: _feed_of(journal),
                staff_locked=lambda: _locked_out(journal),
            )
        ).report()


def _locked_out(journal: SqliteJournal) -> int:
    from cashier_app.storage.staff_book import SqliteStaffBook

    book = SqliteStaffBook(journal.database, journal.reserve)
    return sum(one.member.active and one.locked for one in book.records())


def _feed_of(journal: SqliteJournal) -> LedgerFeed | None:
    from cashier_app.services.health import LedgerFeed

    if journal.feed_state() is None:
        return None
    queue = journal.ledger_queue()
    return LedgerFeed(queue.waiting, queue.oldest_at, queue.trouble)


def _pulse(till: TillParts, holds: HoldsWatch) -> Pulse:
    from cashier_app.services.health_marks import Pulse

    behind, seen = till.backend.clock_ahead, holds.seen
    return Pulse(
        at=till.clock.now(),
        offline_since=till.connection.offline_since,
        sign_in_needed=till.connection.sign_in_needed,
        clock_ahead=None if behind is None else -behind / timedelta(seconds=1),
        holds=None if seen is None else seen.holds,
        holds_at=None if seen is None else seen.at,
        forgotten=0 if seen is None else seen.forgotten,
        forgotten_since=None if seen is None else seen.since,
        damaged_rows=till.journal.local_state().damaged_rows,
    )


def _while_online(till: TillParts, errand: Errand) -> Errand:
    """Return an errand that asks the backend, done only while it answers and takes our credentials."""

    def run(stop: threading.Event) -> None:
        if till.connection.online and not till.connection.sign_in_needed:
            errand(stop)

    return run
