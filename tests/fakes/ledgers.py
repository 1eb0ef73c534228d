"""A ledger of one test, and an independent word on what its raw movements come to."""

from __future__ import annotations

import uuid
from collections import Counter, defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from typing import Any

import psycopg
from psycopg.rows import DictRow, dict_row

from cashier_app.domain.figures import (
    FIGURE_NAMES,
    NO_FIGURES,
    POINT_FIGURES,
    Figures,
    PeriodFigures,
    Split,
    Times,
)
from cashier_app.domain.points import MAX_SCALE, from_units
from cashier_app.ledger.connecting import LedgerAddress
from cashier_app.ledger.figures import PostgresFigures
from cashier_app.ledger.line import PostgresLine
from tests.fakes.postgres_server import MANAGER, OWNER, TILL, PostgresServer

_RAW = """
SELECT movement.*, store.name AS store, till.name AS till
FROM ledger.movement JOIN ledger.till USING (till_id) JOIN ledger.store USING (store_id)
ORDER BY at, feed_id, sequence
"""
FIRST, LAST = date(2000, 1, 1), date(2099, 12, 31)


class Ledger:
    """One database on the run's server."""

    def __init__(self, server: PostgresServer, name: str) -> None:
        self.server = server
        self.name = name

    def address(self, user: str) -> LedgerAddress:
        """Return where it is, for a user."""
        return self.server.address(self.name, user)

    def line(self, user: str = TILL, seconds: float = 10.0) -> PostgresLine:
        """Return it as a till writes it."""
        return PostgresLine(lambda: self.address(user), seconds)

    def figures(self, currency: str = "INR") -> PostgresFigures:
        """Return it as a manager reads it."""
        return PostgresFigures(lambda: self.address(MANAGER), currency)

    @contextmanager
    def owned(self) -> Iterator[psycopg.Connection[DictRow]]:
        """Yield an owner's connection; each statement is committed by itself."""
        with psycopg.connect(
            self.server.at(self.name, OWNER),
            autocommit=True,
            row_factory=dict_row,
            options="-c default_transaction_read_only=off",
        ) as connection:
            yield connection

    def run(self, statement: str, *values: object) -> list[DictRow]:
        """Run one statement as the owner and return its rows, if it has any."""
        with self.owned() as connection:
            done = connection.execute(statement, values)
            return done.fetchall() if done.description else []

    def movements(self) -> list[DictRow]:
        """Return every raw movement, in the order things happened."""
        return self.run(_RAW)

    def recomputed(
        self,
        store: str = "",
        till: str = "",
        currency: str = "INR",
        movements: list[DictRow] | None = None,
    ) -> PeriodFigures:
        """Return the figures as these rows come to, added up in Python without any roll-up."""
        several = not store and len(self.run("SELECT 1 FROM ledger.store")) > 1
        rows = self.movements() if movements is None else movements
        return recomputed(rows, store, till, currency, several=several)


@contextmanager
def new_ledger(server: PostgresServer) -> Iterator[Ledger]:
    """Make a ledger that is set up and empty, and drop it in the end."""
    name = f"ledger_{uuid.uuid4().hex}"
    server.new_database(name)
    try:
        yield Ledger(server, name)
    finally:
        server.drop_database(name)


def recomputed(
    movements: list[dict[str, Any]], store: str, till: str, currency: str, *, several: bool
) -> PeriodFigures:
    """Return what raw movements come to; the first sale of each member is found in each store."""
    seen: set[tuple[str, str]] = set()
    by_day: dict[date, Figures] = defaultdict(Figures)
    by: dict[Split, dict[str, Figures]] = {split: defaultdict(Figures) for split in Split}
    taken: dict[str, Counter[int]] = defaultdict(Counter)
    here = [row for row in movements if store in {"", row["store"]} and till in {"", row["till"]}]
    others = set()
    for row in movements:
        is_first = row["member"] is not None and (row["store"], row["member"]) not in seen
        seen |= {(row["store"], row["member"])} if is_first else set()
        if row not in here:
            continue
        if row["currency"] != currency:
            others.add(row["currency"])
            continue
        figures = _figures(row, first=int(is_first))
        by_day[row["day"]] += figures
        parts = {
            Split.HOUR: str(row["hour"]),
            Split.STAFF: row["staff"],
            Split.TILL: f"{row['store']} / {row['till']}" if several else row["till"],
            Split.TIER: row["tier"],
            Split.WAY: row["way"],
        }
        for split, part in parts.items():
            by[split][part] += figures
        if row["tenths"] is not None:
            taken[row["staff"]][row["tenths"]] += row["timed_sales"]
    return PeriodFigures(
        first=FIRST,
        last=LAST,
        currency=currency,
        total=sum(by_day.values(), Figures()),
        by_day={day: figures for day, figures in by_day.items() if figures != NO_FIGURES},
        by={
            split: {part: figures for part, figures in parts.items() if figures != NO_FIGURES}
            for split, parts in by.items()
        },
        times=_times(sum(taken.values(), Counter())),
        times_by_staff={staff: _times(counts) for staff, counts in sorted(taken.items())},
        other_currencies=tuple(sorted(others)),
    )


def _figures(row: dict[str, Any], first: int) -> Figures:
    told = {name: row[name] or 0 for name in FIGURE_NAMES} | {"first_sales": first}
    return Figures(
        **{
            name: from_units(value, MAX_SCALE) if name in POINT_FIGURES else value
            for name, value in told.items()
        }
    )


def _times(counts: Counter[int]) -> Times:
    took = sorted(counts.elements())
    if not took:
        return Times()
    return Times(took[-(-len(took) // 2) - 1], took[-(-len(took) * 95 // 100) - 1])
