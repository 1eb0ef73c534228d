"""Putting together where figures are read: this till's own journal, or the ledger a store's tills share."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

from cashier_app.config import TillConfig, till_settings
from cashier_app.data_folder import JOURNAL_FILE
from cashier_app.errors import KnownError
from cashier_app.keeping_secrets import Keeper, credentials_of

if TYPE_CHECKING:
    from cashier_app.ports.figures import Difference, FiguresSource
    from cashier_app.services.till_settings import TillSettings
    from cashier_app.storage.figures_source import SqliteFigures

Progress = Callable[[int, int], None]
"""Told now and then how many sales of how many are counted."""


def till_figures(settings: TillSettings, folder: Path) -> SqliteFigures:
    """Return the figures of one till's journal, also while it sells; nothing is opened before it is asked."""
    from cashier_app.storage.figures_source import SqliteFigures

    return SqliteFigures(
        folder / JOURNAL_FILE, settings.store, settings.till, settings.currency.code, settings.zone
    )


def figures_source(config: TillConfig, folder: Path, keeper: Keeper | None = None) -> FiguresSource:
    """Return the figures the settings name: of the ledger where it may be read, else of this till.

    `keeper` is where the till's secrets are kept, where they are open already.
    """
    own = till_figures(till_settings(config), folder)
    if not config.ledger.figures_url:
        return own
    from cashier_app.ledger_opening import open_ledger_figures

    secrets = keeper or Keeper(lambda: credentials_of(config, folder))
    return open_ledger_figures(config, folder, secrets, own)


def verify_figures(
    config: TillConfig, folder: Path, progress: Progress = lambda _done, _of: None
) -> list[Difference]:
    """Count this till's sales again and return which kept figures differ, day by day. Blocking.

    A till may sell meanwhile. A minute for a million sales; what `progress` raises ends it.

    Raises:
        KnownError: There are no sales, or they cannot be read.
    """
    figures = till_figures(till_settings(config), folder)
    try:
        return figures.differences(progress)
    finally:
        figures.close()


def count_again(config: TillConfig, folder: Path, progress: Progress = lambda _done, _of: None) -> None:
    """Count this till's sales again and put right what is kept otherwise. Blocking.

    A till may sell meanwhile.

    Raises:
        KnownError: There are no sales, or they cannot be read.
    """
    from cashier_app.storage.figures_source import NO_SALES
    from cashier_app.storage.journal import SqliteJournal

    settings = till_settings(config)
    if not (folder / JOURNAL_FILE).is_file():
        raise KnownError(NO_SALES)
    with closing(SqliteJournal(folder / JOURNAL_FILE, settings.till, zone=settings.zone)) as journal:
        journal.count_again(progress)
