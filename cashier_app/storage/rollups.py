"""The figures of each day, brought forward by every change inside its own transaction.

A sale and what it counts are on disk together or not at all, so that nothing is ever counted twice or lost.
What each event counts is said in `domain/counting.py`; here it is only added up.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from datetime import UTC, tzinfo
from decimal import Decimal
from functools import cache
from typing import Any

import apsw
from msgspec.structs import astuple, replace

from cashier_app.domain.acts import Act
from cashier_app.domain.counting import (
    WAITING,
    Movement,
    Place,
    Recorded,
    Standing,
    as_it_stands,
    corrected,
    done,
    lost,
    moved,
    queued_later,
    returned,
)
from cashier_app.domain.counting_acts import done_here, of_this_till
from cashier_app.domain.discrepancy import Discrepancy
from cashier_app.domain.figures import FIGURE_NAMES, POINT_FIGURES, Figures, figures_of
from cashier_app.domain.outcome import Booked
from cashier_app.domain.points import MAX_SCALE, NO_POINTS, from_units, to_units
from cashier_app.domain.sale import Effect, EffectKind, EffectState, Sale, SaleState
from cashier_app.ports.journal import EffectRow
from cashier_app.storage.kept_acts import KeptAct
from cashier_app.storage.rows import from_json, sale_of
from cashier_app.storage.seals import Seals

WHOLE = ""
"""Split and part of the row that holds a whole day."""

KEYS = ("day", "currency", "split", "part")

_COUNTED = "SELECT state, body FROM sale WHERE sale_id = ? AND state IN ('committed', 'act')"
_UNCOUNTED = frozenset({EffectKind.RESERVE, EffectKind.RELEASE})
_UNITS = 10**MAX_SCALE
_POINT_PLACES = tuple(place for place, name in enumerate(FIGURE_NAMES) if name in POINT_FIGURES)
_FIRST = "INSERT INTO member_first VALUES (?, ?) ON CONFLICT DO NOTHING RETURNING 1"
_TIME = "INSERT INTO day_time VALUES (?, ?, ?, ?, 1) ON CONFLICT DO UPDATE SET sales = sales + 1"

Listener = Callable[[apsw.Connection, Sequence[Movement]], None]


class Rollups:
    """Adds movements to the figures, inside the caller's transaction.

    Args:
        row_seals: With its key members are made unreadable.
        zone: Whose days those are that were recorded before the shop's clock was.
    """

    def __init__(self, row_seals: Callable[[], Seals], zone: tzinfo = UTC) -> None:
        self._seals = row_seals
        self.zone = zone
        self.also: Listener = lambda _connection, _movements: None
        """Called with an event's movements inside its transaction: what it writes is on disk with them."""

    def count(self, connection: apsw.Connection, movements: Sequence[Movement]) -> None:
        """Add movements to the figures and hand them on."""
        if not movements:
            return
        for movement in movements:
            figures = movement.figures
            if movement.member_id and self._is_first(connection, movement):
                figures = replace(figures, first_sales=figures.first_sales + 1)
            _add(connection, movement.place, figures)
            if movement.took_tenths is not None:
                connection.execute(_TIME, time_key(movement.place, movement.took_tenths))
        self.also(connection, movements)

    def finished(self, connection: apsw.Connection, sale: Sale, effects: Sequence[Effect]) -> None:
        """Count a sale just committed, with its number; nothing of it is posted."""
        recorded = [Recorded(effect, WAITING) for effect in effects]
        self.count(connection, as_it_stands(sale, recorded, (), self.zone))

    def moved(
        self, connection: apsw.Connection, row: EffectRow, state: EffectState, booked: Booked | None
    ) -> None:
        """Count what an effect's move changes; what was booked before stands where nothing new is."""
        if row.effect.kind in _UNCOUNTED:
            return
        before, after = Standing(row.state, row.booked), Standing(state, booked or row.booked)
        self._count_of(connection, row.effect, lambda sale: moved(sale, row.effect, before, after, self.zone))

    def queued_later(self, connection: apsw.Connection, effect: Effect) -> None:
        """Count an effect just queued after its sale was finished, or beside the sales of this till."""
        self._count_of(connection, effect, lambda sale: queued_later(sale, effect, self.zone))

    def returned(self, connection: apsw.Connection, effects: Sequence[Effect], state: EffectState) -> None:
        """Count one return just written down, with all its effects."""
        standing = Standing(state)
        self._count_of(connection, effects[0], lambda sale: returned(sale, effects, standing, self.zone))

    def corrected(self, connection: apsw.Connection, effect: Effect) -> None:
        """Count an effect settled by hand; its move is counted besides."""
        self._count_of(connection, effect, lambda sale: corrected(sale, effect, self.zone))

    def lost(self, connection: apsw.Connection, discrepancy: Discrepancy) -> None:
        """Count a discount no points paid for."""
        sale = _sale(connection, discrepancy.sale_id)
        if sale is not None:
            self.count(connection, [lost(sale, discrepancy, self.zone)])

    def done(self, connection: apsw.Connection, act: Act) -> None:
        """Count what was done besides selling."""
        self.count(connection, [done(act)])

    def member_key(self, member_id: str) -> bytes:
        """Return what a member is known by here: a keyed hash of their id."""
        return hashlib.blake2b(
            member_id.encode(), key=_members_key(self._seals().key), digest_size=16
        ).digest()

    def _count_of(
        self, connection: apsw.Connection, effect: Effect, counted: Callable[[Sale], Movement | None]
    ) -> None:
        """Count what an effect counts by its sale, or at this till where that is none of its own.

        What belongs to a draft or an abandoned sale is not counted.
        """
        row = connection.execute(_COUNTED, (effect.sale_id,)).fetchone()
        if row is None:
            return
        if row[0] == SaleState.COMMITTED:
            movement = counted(sale_of(row[1]))
        else:
            act = from_json(row[1], KeptAct)
            movement = counted(done_here(act, effect, act.till))
            movement = None if movement is None else of_this_till(movement, act.till)
        self.count(connection, [] if movement is None else [movement])

    def _is_first(self, connection: apsw.Connection, movement: Movement) -> bool:
        known = (self.member_key(movement.member_id), movement.subject)
        return connection.execute(_FIRST, known).fetchone() is not None


def split_keys(place: Place) -> list[tuple[str, str, str, str]]:
    """Return the keys of the rows a place counts in: the whole day and one part of each split."""
    day, currency = place.day.isoformat(), place.currency
    parts = [(day, currency, split.value, part) for split, part in place.parts.items()]
    return [(day, currency, WHOLE, WHOLE), *parts]


def time_key(place: Place, tenths: int) -> tuple[str, str, str, int]:
    """Return the key of the row that counts a duration."""
    return place.day.isoformat(), place.currency, place.staff_id, tenths


def in_units(figures: Figures) -> tuple[int, ...]:
    """Return figures as stored: points in ten-thousandths."""
    values = list(astuple(figures))
    for place in _POINT_PLACES:
        values[place] = to_units(values[place], MAX_SCALE) if values[place] else 0
    return tuple(values)


def from_stored(values: Sequence[apsw.SQLiteValue]) -> Figures:
    """Return figures from their columns in the order of `FIGURE_NAMES`."""
    stored: list[Any] = list(values)  # SQLite holds these columns to whole numbers
    for place in _POINT_PLACES:
        stored[place] = points_stored(stored[place]) if stored[place] else NO_POINTS
    return figures_of(stored)


def columns(of: str = "{}") -> str:
    """Return the columns of all figures for SQL, each put into this form, such as ``sum({})``."""
    return ", ".join(of.format(name) for name in FIGURE_NAMES)


def points_stored(units: int) -> Decimal:
    """Return points kept in ten-thousandths."""
    whole, rest = divmod(units, _UNITS)
    return Decimal(whole) if not rest else from_units(units, MAX_SCALE).normalize()


def _add(connection: apsw.Connection, place: Place, figures: Figures) -> None:
    units = in_units(figures)
    names = tuple(name for name, value in zip(FIGURE_NAMES, units, strict=True) if value)
    if not names:
        return
    values = [value for value in units if value]
    bindings: list[str | int] = []
    keys = split_keys(place)
    for key in keys:
        bindings += [*key, *values]
    connection.execute(adding(names, len(keys)), bindings)


@cache
def _members_key(key: bytes) -> bytes:
    return hashlib.blake2b(key=key, digest_size=32, person=b"first sales").digest()


@cache
def adding(names: tuple[str, ...], rows: int) -> str:
    """Return the statement that adds to these figures of so many rows, made where they are not there."""
    marks = ", ".join("?" * (len(KEYS) + len(names)))
    changes = ", ".join(f"{name} = {name} + excluded.{name}" for name in names)
    return (
        f"INSERT INTO day_figure ({', '.join((*KEYS, *names))}) "  # noqa: S608 - names of columns
        f"VALUES {', '.join([f'({marks})'] * rows)} ON CONFLICT DO UPDATE SET {changes}"
    )


def _sale(connection: apsw.Connection, sale_id: str) -> Sale | None:
    """Return a committed sale; what belongs to a draft or an abandoned one is not counted."""
    row = connection.execute(
        "SELECT body FROM sale WHERE sale_id = ? AND state = 'committed'", (sale_id,)
    ).fetchone()
    return None if row is None else sale_of(row[0])
