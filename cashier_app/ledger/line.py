"""The ledger as one till writes it: its own line, one batch a transaction."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

import psycopg

from cashier_app.ledger.connecting import (
    CALL_SECONDS,
    LedgerAddress,
    connect,
    cut,
    deadline,
    translated_errors,
)
from cashier_app.ledger.migrating import check_version
from cashier_app.ledger.wire import rows_of
from cashier_app.ports.ledger import FeedState, LedgerAwayError, LineEnd, ToldMovement

MOST_AT_ONCE = 500
"""Movements of one transaction: some 20 ms for the ledger, and little to tell again."""

_OPEN = "SELECT last_sequence, mark, salt FROM ledger.open_feed(%s, %s, %s)"
_APPEND = "SELECT ledger.append(%s, %s, %s, %s)"


class PostgresLine:
    """Speaks for one till, over one connection that is made when needed. For one thread, but for `interrupt`.

    Args:
        address: Returns where the ledger is; asked each time: its password may be stored late.
        seconds: After which a call is given up.
    """

    def __init__(self, address: Callable[[], LedgerAddress], seconds: float = CALL_SECONDS) -> None:
        self._address = address
        self._seconds = seconds
        self._connection: psycopg.Connection | None = None
        self._salt = ""
        self._lock = threading.Lock()
        self._interrupted = False

    def end_of(self, state: FeedState) -> LineEnd:
        """Return how far a line is at the ledger; the first call begins it."""
        connection = self._open()
        with self._asked(connection):
            row = connection.execute(_OPEN, (state.line, state.store, state.till)).fetchone()
            connection.commit()
        sequence, mark, self._salt = row or (0, "", "")
        return LineEnd(sequence, mark)

    def append(self, state: FeedState, movements: Sequence[ToldMovement]) -> int:
        """Add the next movements to a line, all or none, and return the last sequence there is."""
        if self._connection is None or not self._salt:
            self.end_of(state)
        connection = self._open()
        rows = rows_of(movements, self._salt)
        values = (state.line, movements[0].sequence, movements[-1].mark, rows)
        with self._asked(connection):
            row = connection.execute(_APPEND, values).fetchone()
            connection.commit()
        return int(row[0]) if row else 0

    def try_out(self) -> None:
        """Connect, see whether the ledger's version fits, and let go again."""
        try:
            self._open()
        finally:
            self.close()

    def interrupt(self) -> None:
        """End the call another thread is in, and all later ones."""
        with self._lock:
            self._interrupted = True
            if self._connection is not None:
                cut(self._connection)

    def close(self) -> None:
        """Let go of the connection."""
        connection, self._connection = self._connection, None
        if connection is not None:
            connection.close()

    def _open(self) -> psycopg.Connection:
        if self._connection is None or self._connection.closed:
            connection = connect(self._address(), seconds=self._seconds)
            try:
                with translated_errors(connection), deadline(connection, self._seconds):
                    check_version(connection)
            except BaseException:
                connection.close()
                raise
            self._connection = connection
        with self._lock:
            if self._interrupted:
                self.close()
                raise LedgerAwayError("The till is being closed.")
        return self._connection

    @contextmanager
    def _asked(self, connection: psycopg.Connection) -> Iterator[None]:
        """Bound what runs inside in time; after any failure the connection is given up."""
        try:
            with translated_errors(connection), deadline(connection, self._seconds):
                yield
        except BaseException:
            self.close()
            raise
