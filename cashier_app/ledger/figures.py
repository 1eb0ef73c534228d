"""Figures of a till, a store or a chain of stores, from the ledger's roll-ups."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any, LiteralString, TypeVar

import psycopg

from cashier_app.domain.figures import (
    FIGURE_NAMES,
    NO_FIGURES,
    POINT_FIGURES,
    Figures,
    PeriodFigures,
    Split,
    figures_of,
    times_of,
)
from cashier_app.domain.points import MAX_SCALE, from_units
from cashier_app.ledger.connecting import LedgerAddress, connect, deadline, translated_errors
from cashier_app.ledger.migrating import check_version
from cashier_app.ports.figures import EVERYTHING, Scope

Answer = TypeVar("Answer")

ANSWER_SECONDS = 15.0
BETWEEN = " / "
"""Between store and till where the tills of several stores are told apart."""

TILLS = "SELECT till_id, store.name, till.name FROM ledger.till JOIN ledger.store USING (store_id)"
_SUMS: LiteralString = """
  sum(sales)::bigint, sum(member_sales)::bigint, sum(redeemed_sales)::bigint, sum(known_sales)::bigint,
  sum(first_sales)::bigint, sum(offline_sales)::bigint, sum(timed_sales)::bigint, sum(bill)::bigint,
  sum(redeemed_bill)::bigint, sum(discount)::bigint, sum(paid)::bigint, sum(enrolled)::bigint,
  sum(earned)::bigint, sum(waiting_earned)::bigint, sum(refused_earned)::bigint, sum(used)::bigint,
  sum(waiting_used)::bigint, sum(refused_used)::bigint, sum(taken_back)::bigint, sum(given_back)::bigint,
  sum(waiting_back)::bigint, sum(refused_back)::bigint, sum(lapsed)::bigint, sum(returns)::bigint,
  sum(returned_bill)::bigint, sum(returned_discount)::bigint, sum(returned_paid)::bigint,
  sum(voids)::bigint, sum(overrides)::bigint, sum(corrections)::bigint, sum(discrepancies)::bigint,
  sum(discrepancy)::bigint
"""
_OF: LiteralString = "day BETWEEN %s AND %s AND currency = %s AND till_id = ANY(%s)"
BY_DAY: LiteralString = f"SELECT day, {_SUMS} FROM ledger.day_figure WHERE {_OF} AND split = '' GROUP BY day"  # noqa: S608
BY_TILL: LiteralString = (
    f"SELECT till_id, {_SUMS} FROM ledger.day_figure WHERE {_OF} AND split = '' GROUP BY till_id"  # noqa: S608
)
BY_PART: LiteralString = (
    f"SELECT split, part, {_SUMS} FROM ledger.day_figure WHERE {_OF} AND split <> '' GROUP BY split, part"  # noqa: S608
)
_TIMES: LiteralString = f"""
SELECT staff, tenths, sum(sales)::bigint FROM ledger.day_time WHERE {_OF} GROUP BY staff, tenths
"""  # noqa: S608 - constants
CURRENCIES = """
SELECT DISTINCT currency FROM ledger.day_figure
WHERE day BETWEEN %s AND %s AND split = '' AND till_id = ANY(%s)
"""


class PostgresFigures:
    """The `FiguresSource` of a ledger; one connection, made when first asked. Safe from any thread.

    Args:
        address: Returns where it is; its user may read.
        currency: What is asked for when nobody says: the shop's own.
    """

    def __init__(
        self,
        address: Callable[[], LedgerAddress],
        currency: str,
        seconds: float = ANSWER_SECONDS,
    ) -> None:
        self._address = address
        self._currency = currency
        self._seconds = seconds
        self._connection: psycopg.Connection | None = None
        self._lock = threading.Lock()

    def figures(
        self, first: date, last: date, scope: Scope = EVERYTHING, currency: str = ""
    ) -> PeriodFigures:
        """Return what is counted from one business day to another, both counted.

        Raises:
            KnownError: The ledger cannot be reached or read.
        """
        wanted = currency or self._currency
        return self._asked(lambda connection: _period(connection, first, last, scope, wanted))

    def stores(self) -> tuple[str, ...]:
        """Return the stores that have told the ledger anything, by name.

        Raises:
            KnownError: The ledger cannot be reached or read.
        """
        rows = self._asked(lambda connection: connection.execute(TILLS).fetchall())
        return tuple(sorted({store for _, store, _ in rows}))

    def names(self) -> dict[str, str]:
        """Return nothing: the ledger knows nobody by name."""
        return {}

    def close(self) -> None:
        """Let go of the connection."""
        with self._lock:
            self._let_go()

    def _asked(self, ask: Callable[[psycopg.Connection], Answer]) -> Answer:
        """Ask in one read-only transaction: everything of one answer is of one moment."""
        with self._lock:
            connection = self._opened()
            try:
                with translated_errors(connection), deadline(connection, self._seconds):
                    connection.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
                    answer = ask(connection)
                    connection.rollback()
            except BaseException:
                self._let_go()
                raise
            return answer

    def _opened(self) -> psycopg.Connection:
        if self._connection is None or self._connection.closed:
            connection = connect(self._address(), read_only=True, seconds=self._seconds)
            try:
                with translated_errors(connection), deadline(connection, self._seconds):
                    check_version(connection)
            except BaseException:
                connection.close()
                raise
            self._connection = connection
        return self._connection

    def _let_go(self) -> None:
        connection, self._connection = self._connection, None
        if connection is not None:
            connection.close()


def _period(
    connection: psycopg.Connection, first: date, last: date, scope: Scope, currency: str
) -> PeriodFigures:
    tills = _names_of_tills(connection, scope)
    ids = list(tills)
    of = (first, last, currency, ids)
    by_day = {row[0]: _figures(row[1:]) for row in connection.execute(BY_DAY, of)}
    by: dict[Split, dict[str, Figures]] = {split: {} for split in Split}
    for split, part, *values in connection.execute(BY_PART, of):
        by[Split(split)][part] = _figures(values)
    for till_id, *values in connection.execute(BY_TILL, of):
        by[Split.TILL][tills[till_id]] = _figures(values)
    taken: dict[str, Counter[int]] = {}
    for staff, tenths, sales in connection.execute(_TIMES, of):
        taken.setdefault(staff, Counter())[tenths] = sales
    others = connection.execute(CURRENCIES, (first, last, ids)).fetchall()
    return PeriodFigures(
        first=first,
        last=last,
        currency=currency,
        total=sum(by_day.values(), NO_FIGURES),
        by_day={day: figures for day, figures in sorted(by_day.items()) if figures != NO_FIGURES},
        by={split: _counted(parts) for split, parts in by.items()},
        times=times_of(sum(taken.values(), Counter())),
        times_by_staff={staff: times_of(counts) for staff, counts in taken.items()},
        other_currencies=tuple(sorted({row[0] for row in others} - {currency})),
    )


def _counted(parts: Mapping[str, Figures]) -> dict[str, Figures]:
    return {part: figures for part, figures in parts.items() if figures != NO_FIGURES}


def _names_of_tills(connection: psycopg.Connection, scope: Scope) -> dict[int, str]:
    """Return the tills a scope means, by id; where several stores are meant, with the store's name."""
    found = {
        till_id: (store, till)
        for till_id, store, till in connection.execute(TILLS)
        if scope.store in {"", store} and scope.till in {"", till}
    }
    several = len({store for store, _ in found.values()}) > 1
    return {
        till_id: f"{store}{BETWEEN}{till}" if several else till for till_id, (store, till) in found.items()
    }


def _figures(values: Sequence[Any]) -> Figures:
    return figures_of(
        from_units(value, MAX_SCALE) if name in POINT_FIGURES else value
        for name, value in zip(FIGURE_NAMES, values, strict=True)
    )
