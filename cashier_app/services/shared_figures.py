"""Figures of a store or a chain from its ledger, and of this till from its own journal, ledger or none."""

from __future__ import annotations

from datetime import date

from cashier_app.domain.figures import PeriodFigures
from cashier_app.errors import KnownError
from cashier_app.ports.figures import EVERYTHING, FiguresAwayError, FiguresSource, Scope
from cashier_app.ports.ledger import LedgerAwayError, LedgerRefusedError

AWAY = "The store's ledger cannot be reached."


class SharedFigures:
    """A `FiguresSource` of two: its own journal answers for this till alone, the ledger for all else.

    Args:
        ledger: The figures of all tills.
        own: The figures of this till.
        here: This store and till, as the ledger knows them.
    """

    def __init__(self, ledger: FiguresSource, own: FiguresSource, here: Scope) -> None:
        self._ledger = ledger
        self._own = own
        self._here = here

    def figures(
        self, first: date, last: date, scope: Scope = EVERYTHING, currency: str = ""
    ) -> PeriodFigures:
        """Return what is counted from one business day to another, both counted.

        Raises:
            FiguresAwayError: The ledger cannot be read; this till's own figures are offered.
            KnownError: Nor can those.
        """
        if scope == self._here:
            return self._own.figures(first, last, currency=currency)
        try:
            return self._ledger.figures(first, last, scope, currency)
        except LedgerAwayError as error:
            raise FiguresAwayError(AWAY, self._here, error.detail) from error
        except LedgerRefusedError as error:
            raise FiguresAwayError(error.sentence, self._here, error.detail) from error

    def stores(self) -> tuple[str, ...]:
        """Return the stores that can be asked for; this one while the ledger is away."""
        try:
            return self._ledger.stores() or (self._here.store,)
        except (LedgerAwayError, LedgerRefusedError):
            return (self._here.store,)

    def names(self) -> dict[str, str]:
        """Return what this till calls its staff: the ledger knows no names."""
        try:
            return self._own.names()
        except KnownError:
            return {}  # nothing was ever sold here, as on the computer in the office

    def close(self) -> None:
        """Let go of connections."""
        self._ledger.close()
        self._own.close()
