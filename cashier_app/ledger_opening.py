"""Putting the ledger a store's tills share together: what a till tells it, and what a manager reads there.

Everything of PostgreSQL is imported where it is used: it takes 100 ms, and few shops have a ledger.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from cashier_app.config import TillConfig
from cashier_app.ledger_section import check_ledger_url

if TYPE_CHECKING:
    from cashier_app.keeping_secrets import Keeper
    from cashier_app.ledger.checking import LedgerState
    from cashier_app.ledger.connecting import LedgerAddress
    from cashier_app.ports.figures import FiguresSource
    from cashier_app.ports.journal import Journal
    from cashier_app.ports.ledger import LedgerQueue
    from cashier_app.security.vault import Vault
    from cashier_app.services.health import LedgerFeed
    from cashier_app.services.ledger_delivery import LedgerSender
    from cashier_app.storage.journal import SqliteJournal

PASSWORD_NAME = "ledger-password"  # noqa: S105 - the name of one
FIGURES_PASSWORD_NAME = "ledger-figures-password"  # noqa: S105 - the same

OpenLedger = Callable[["SqliteJournal"], "LedgerSender | None"]


def no_ledger(journal: SqliteJournal) -> None:
    """Keep nothing for a ledger any more, should there have been one in the settings."""
    if journal.feed_state() is not None:
        journal.end_feed()


def ledger_of(config: TillConfig, folder: Path, keeper: Keeper) -> OpenLedger:
    """Return what opens a till's delivery to the ledger its settings name; nothing is done before."""
    if not config.ledger.url:
        return no_ledger

    def open_ledger(journal: SqliteJournal) -> LedgerSender:
        from cashier_app.ledger.lazy import LazyLine
        from cashier_app.services.ledger_delivery import LedgerDelivery, LedgerSender

        line = LazyLine(lambda: address_of(config, folder, keeper))
        return LedgerSender(LedgerDelivery(line, journal, store_at_ledger(config), config.store.till))

    return open_ledger


def ledger_queue(sender: LedgerSender | None) -> LedgerFeed | None:
    """Return what the ledger is still to be told, for the till's health; None where there is no ledger.

    Raises:
        KnownError: The database cannot be read.
    """
    if sender is None:
        return None
    from cashier_app.services.health import LedgerFeed

    queue = sender.delivery.queue()
    return LedgerFeed(queue.waiting, queue.oldest_at)


def open_ledger_figures(
    config: TillConfig, folder: Path, keeper: Keeper, own: FiguresSource
) -> FiguresSource:
    """Return the figures of all tills that tell the ledger; `own` are this till's, for while it is away."""
    from cashier_app.ledger.figures import PostgresFigures
    from cashier_app.ports.figures import Scope
    from cashier_app.services.shared_figures import SharedFigures

    ledger = PostgresFigures(lambda: address_of(config, folder, keeper, figures=True), config.store.currency)
    return SharedFigures(ledger, own, Scope(store_at_ledger(config), config.store.till))


def store_at_ledger(config: TillConfig) -> str:
    """Return what the ledger knows this store by."""
    return config.ledger.store or config.store.name[:80]


def address_of(config: TillConfig, folder: Path, keeper: Keeper, *, figures: bool = False) -> LedgerAddress:
    """Return where the ledger is, with the stored password if there is one. Blocking: asks the key store.

    Raises:
        KnownError: The till's secrets cannot be opened.
    """
    from cashier_app.ledger.connecting import LedgerAddress

    section = config.ledger
    name, url = (FIGURES_PASSWORD_NAME, section.figures_url) if figures else (PASSWORD_NAME, section.url)
    ca_file = str(config.folder / section.ca_file) if section.ca_file else ""
    return LedgerAddress(url, ca_file, secrets_of(keeper, folder).read(name))


def secrets_of(keeper: Keeper, folder: Path) -> Vault:
    """Return the sealed secrets of a till, also where a token file holds its backend's token."""
    from cashier_app.keeping_secrets import vault_of
    from cashier_app.security.vault import Vault

    kept = keeper.credentials()
    return kept if isinstance(kept, Vault) else vault_of(folder)


def set_up(url: str, ca_file: str = "") -> list[str]:
    """Bring a ledger's schema up to date as its owner, and return what was applied. Blocking.

    Raises:
        KnownError: The address is not right, or the ledger cannot be reached or changed.
    """
    from cashier_app.ledger.migrating import migrate

    return migrate(_owners(url, ca_file))


def check(url: str, ca_file: str = "") -> LedgerState:
    """Count everything in a ledger again and compare. Blocking, for minutes.

    Raises:
        KnownError: The address is not right, or the ledger cannot be reached or read.
    """
    from cashier_app.ledger.checking import check as check_all

    return check_all(_owners(url, ca_file))


def try_out(config: TillConfig, folder: Path, keeper: Keeper) -> None:
    """Connect as the till does, and see whether the ledger's version fits. Blocking.

    Raises:
        KnownError: It does not, or cannot be reached, or lets nobody in.
    """
    from cashier_app.ledger.line import PostgresLine

    PostgresLine(lambda: address_of(config, folder, keeper)).try_out()


def waiting(journal: Journal) -> LedgerQueue:
    """Return what a till's journal keeps for the ledger.

    Raises:
        KnownError: It cannot be read.
    """
    from cashier_app.ports.ledger import LedgerQueue
    from cashier_app.storage.journal import SqliteJournal

    return journal.ledger_queue() if isinstance(journal, SqliteJournal) else LedgerQueue()


def _owners(url: str, ca_file: str) -> LedgerAddress:
    from cashier_app.ledger.connecting import LedgerAddress

    check_ledger_url("The address", url)
    return LedgerAddress(url, ca_file)
