"""The ledger before PostgreSQL's client is imported: the first thread that speaks to it does that."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from cashier_app.ports.ledger import FeedState, LedgerAwayError, LineEnd, ToldMovement

if TYPE_CHECKING:
    from cashier_app.ledger.connecting import LedgerAddress
    from cashier_app.ledger.line import PostgresLine


class LazyLine:
    """The `SharedLedger` of a till, opened by its sender's thread."""

    def __init__(self, address: Callable[[], LedgerAddress]) -> None:
        self._address = address
        self._line: PostgresLine | None = None
        self._lock = threading.Lock()
        self._ended = False

    def end_of(self, state: FeedState) -> LineEnd:
        """Return how far a line is at the ledger."""
        return self._opened().end_of(state)

    def append(self, state: FeedState, movements: Sequence[ToldMovement]) -> int:
        """Add the next movements to a line, all or none, and return the last sequence there is."""
        return self._opened().append(state, movements)

    def interrupt(self) -> None:
        """End the call another thread is in, and all later ones."""
        with self._lock:
            self._ended = True
            if self._line is not None:
                self._line.interrupt()

    def close(self) -> None:
        """Let go of the connection."""
        if self._line is not None:
            self._line.close()

    def _opened(self) -> PostgresLine:
        from cashier_app.ledger.line import PostgresLine

        with self._lock:
            if self._ended:
                raise LedgerAwayError("The till is being closed.")
            if self._line is None:
                self._line = PostgresLine(self._address)
            return self._line
