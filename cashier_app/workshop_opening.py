"""Opens a till's database and loyalty backend, and puts together what works on them in worker threads."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from msgspec import Struct

from cashier_app.backends.when_ready import BackendWhenReady
from cashier_app.claim_opening import open_claims, open_same_person
from cashier_app.config import check_region
from cashier_app.data_folder import JOURNAL_FILE
from cashier_app.health_opening import OpenedHealth, TillParts, measured, open_health
from cashier_app.keeping_secrets import Keeper
from cashier_app.ledger_opening import OpenLedger, ledger_queue
from cashier_app.ports.clock import Clock
from cashier_app.ports.loyalty import BackendRules, LoyaltyBackend
from cashier_app.return_opening import open_returns
from cashier_app.services.answer_times import AnswerTimes
from cashier_app.services.backend_change import check_backend
from cashier_app.services.checkout import Checkout
from cashier_app.services.connection import ConnectionWatch
from cashier_app.services.delivery import Delivery
from cashier_app.services.enrolments import Enrolments
from cashier_app.services.ledger_delivery import LedgerSender
from cashier_app.services.lookup import MemberLookup
from cashier_app.services.sales_queue import SalesQueue
from cashier_app.services.sender import Sender
from cashier_app.services.sign_in import SignIn
from cashier_app.services.till_settings import TillSettings
from cashier_app.services.till_status import StatusReader
from cashier_app.services.undoing import Undoing
from cashier_app.services.used_codes import UsedCodes
from cashier_app.services.workshop import Workshop
from cashier_app.storage.housekeeping import Housekeeping
from cashier_app.storage.journal import SqliteJournal
from cashier_app.storage.opening import open_journal


class WorkshopParts(Struct, frozen=True):
    """What a workshop is opened with. What each says stands with `bootstrap.Till`.

    Args:
        changed: Called from other threads whenever the till's status is another one.
    """

    settings: TillSettings
    folder: Path
    clock: Clock
    make_backend: Callable[[], LoyaltyBackend]
    rules: Callable[[], BackendRules]
    address: str
    kind: str
    shop: Callable[[], str]
    keeper: Keeper | None
    door: Callable[[SqliteJournal, Clock], SignIn]
    ledger: OpenLedger
    changed: Callable[[], None]


class OpenedWorkshop(Struct, frozen=True):
    """A workshop with everything under it, to be closed together."""

    workshop: Workshop
    backend: LoyaltyBackend
    journal: SqliteJournal
    housekeeping: Housekeeping
    health: OpenedHealth
    ledger: LedgerSender | None

    def close(self) -> None:
        """Close everything but the sender, which has stopped by now."""
        if self.ledger is not None:
            self.ledger.stop()
        self.health.end_errands()
        self.backend.close()
        self.housekeeping.stop()
        self.health.close()
        self.journal.close()


class _Line(NamedTuple):
    """The way to the loyalty system: who answers, how it is doing, and what sends to it."""

    backend: BackendWhenReady
    times: AnswerTimes
    connection: ConnectionWatch
    sender: Sender
    lookup: MemberLookup


def open_workshop(parts: WorkshopParts) -> OpenedWorkshop:
    """Open everything and start the sender. Blocking.

    Raises:
        KnownError: The database cannot be used, or its unsent sales are for another backend.
    """
    settings, clock = parts.settings, parts.clock
    check_region(settings)
    journal = open_journal(
        parts.folder / JOURNAL_FILE, settings.till, clock.now(), settings.zone, training=settings.training
    )
    housekeeping = Housekeeping(journal, clock)
    line = _open_line(parts, journal)
    ledger = parts.ledger(journal)
    health = open_health(
        TillParts(
            journal=journal,
            backend=line.backend,
            connection=line.connection,
            clock=clock,
            settings=settings,
            housekeeping=housekeeping,
            sender=line.sender,
            lookup=line.lookup,
            times=line.times,
            ledger=lambda: ledger_queue(ledger),
            send_ledger=None if ledger is None else ledger.wake,
        )
    )
    workshop = _workshop(parts, journal, line, health)
    try:
        if parts.address or parts.kind != "contract":
            check_backend(journal, parts.address, parts.kind, parts.shop())
        health.start()
        if ledger is not None:
            ledger.start()
        line.sender.start()
    except BaseException:
        if ledger is not None:
            ledger.stop()
        health.end_errands()
        journal.close()
        raise
    housekeeping.start()
    return OpenedWorkshop(workshop, line.backend, journal, housekeeping, health, ledger)


def _open_line(parts: WorkshopParts, journal: SqliteJournal) -> _Line:
    settings, clock = parts.settings, parts.clock
    times = AnswerTimes(clock, settings.zone)
    backend = BackendWhenReady(measured(parts.make_backend, times, clock), clock, parts.rules())
    connection = ConnectionWatch(clock)
    connection.subscribe(parts.changed)
    delivery = Delivery(backend, journal, clock, connection)
    sender = Sender(delivery, journal, clock, connection, parts.changed, settings.posts_at_once)
    lookup = MemberLookup(backend, journal, connection, UsedCodes(journal, clock))
    return _Line(backend, times, connection, sender, lookup)


def _workshop(parts: WorkshopParts, journal: SqliteJournal, line: _Line, health: OpenedHealth) -> Workshop:
    settings, clock, keeper = parts.settings, parts.clock, parts.keeper
    backend, _, connection, sender, lookup = line
    checkout = Checkout(backend, journal, clock, connection, settings.offline, settings.zone)
    returns = open_returns(
        journal, backend, checkout, lookup, connection, clock, settings, keeper, sender.wake
    )
    return Workshop(
        lookup=lookup,
        checkout=checkout,
        status=StatusReader(journal, connection, clock, settings, journal.local_state),
        queue=SalesQueue(journal, sender, clock, training=settings.training),
        returns=returns.returning,
        exchanges=returns.exchanges,
        sender=sender,
        health=health.desk,
        sign_in=parts.door(journal, clock),
        undoing=Undoing(
            journal,
            backend,
            returns.refunds,
            lookup,
            connection,
            clock,
            settings,
            returns.returning.returned_there,
            returns.asked_first,
        ),
        enrolments=Enrolments(backend, journal, lookup, connection, clock, settings, sending=sender.wake),
        claims=open_claims(backend, journal, lookup, connection, clock, settings, keeper, sender.wake),
        same_person=open_same_person(journal, clock, settings),
    )
