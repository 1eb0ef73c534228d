"""The figures counted again from the rows they come from: to check them, and to make them anew.

Sales are read once, in the order they were made, and never all held in memory.
"""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from datetime import tzinfo
from itertools import groupby
from operator import itemgetter

import apsw

from cashier_app.domain.acts import Act, ActKind
from cashier_app.domain.counting import Movement, Recorded, Standing, as_it_stands, done, together
from cashier_app.domain.discrepancy import Discrepancy
from cashier_app.domain.figures import FIGURE_NAMES
from cashier_app.domain.outcome import Booked
from cashier_app.domain.sale import Effect, EffectState
from cashier_app.errors import KnownError
from cashier_app.storage import act_figures
from cashier_app.storage.apart import Apart, found_apart
from cashier_app.storage.compacted import CompactedSale, movements_of
from cashier_app.storage.rollups import KEYS, Rollups, in_units, split_keys, time_key
from cashier_app.storage.rows import from_json
from cashier_app.storage.seals import SEAL_KEPT

logger = logging.getLogger(__name__)

RULES_NAME = "figures rules"
RULES = "2"
"""By what rules figures are counted: those kept by others are counted again at the next start."""

Progress = Callable[[int, int], None]
"""Told now and then how many sales of how many are counted; what it raises ends the count."""

TABLES = ("day_figure", "day_time", "member_first")
FLUSHED_AFTER = 50_000
_TOLD_AFTER = 1_000

_SOLD = """
SELECT sale.counter, sale.body, effect.body, effect.state, effect.booked, EXISTS (
    SELECT 1 FROM audit WHERE audit.event = 'settled by hand' AND audit.subject = effect.key)
FROM sale
LEFT JOIN effect ON effect.sale_id = sale.sale_id AND (effect.kind NOT IN ('reserve', 'release')
  OR EXISTS (SELECT 1 FROM audit WHERE audit.event = 'settled by hand' AND audit.subject = effect.key))
WHERE sale.state = 'committed' ORDER BY sale.counter
"""
_ACTS = " UNION ALL ".join(f"SELECT detail FROM audit WHERE event = '{kind.value}'" for kind in ActKind)  # noqa: S608 - constants


def no_progress(_done: int, _of: int) -> None:
    """Tell nobody."""


def bring_up_to_date(connection: apsw.Connection, rollups: Rollups) -> bool:
    """Count everything again inside the caller's transaction, unless it is kept by the rules of now."""
    if is_up_to_date(connection, rollups):
        return False
    rebuild(connection, rollups)
    return True


def is_up_to_date(connection: apsw.Connection, rollups: Rollups) -> bool:
    """Say whether the figures are kept, by the rules of now and with the key of now."""
    row = connection.execute("SELECT text FROM kept WHERE name = ?", (RULES_NAME,)).fetchone()
    return row == (_rules(rollups),)


def rebuild(connection: apsw.Connection, rollups: Rollups, progress: Progress = no_progress) -> None:
    """Make the figures anew from their rows, inside the caller's transaction."""
    for table in TABLES:
        connection.execute(f"DELETE FROM {table}")  # noqa: S608 - constants
    # A shared ledger is told everything again, too: a new line to it begins.
    connection.execute("DELETE FROM ledger_feed; DELETE FROM ledger_line")
    _fill(connection, "main.", rollups, progress)
    connection.execute(
        "INSERT OR REPLACE INTO kept (name, text) VALUES (?, ?)", (RULES_NAME, _rules(rollups))
    )
    connection.execute(SEAL_KEPT, (RULES_NAME,))


def apart(connection: apsw.Connection, rollups: Rollups, progress: Progress = no_progress) -> Apart:
    """Return what is not kept as its rows come to. Writes nothing but temporary tables.

    All is read at one moment: a till may sell meanwhile.
    """
    connection.execute("BEGIN")
    try:
        for table in TABLES:
            (script,) = connection.execute(
                "SELECT sql FROM main.sqlite_schema WHERE name = ?", (table,)
            ).fetchone() or ("",)
            connection.execute(
                str(script).replace(f"CREATE TABLE {table}", f"CREATE TABLE temp.counted_{table}")
            )
        _fill(connection, "temp.counted_", rollups, progress)
        return found_apart(connection)
    finally:
        # The temporary tables go with the transaction.
        connection.execute("ROLLBACK")


def movements(
    connection: apsw.Connection, zone: tzinfo, progress: Progress = no_progress
) -> Iterator[Movement]:
    """Yield what every sale and act counts by now, the oldest sale first. For one transaction.

    What is damaged beyond reading is left out.
    """
    for movement, _ in _counted(connection, zone, progress):
        yield movement


def stands(connection: apsw.Connection, sale_id: str, zone: tzinfo) -> list[Movement]:
    """Return what one committed sale, or one act, counts by now."""
    query = _SOLD.replace("ORDER BY", "AND sale.sale_id = ? ORDER BY")
    rows = connection.execute(query, (sale_id,)).fetchall()
    if rows:
        return _of_sale(connection, rows, zone)[0]
    return together(act_figures.beside_the_sales(connection, zone, sale_id))


def _rules(rollups: Rollups) -> str:
    return f"{RULES} {rollups.member_key('').hex()}"


def _counted(connection: apsw.Connection, zone: tzinfo, progress: Progress) -> Iterator[tuple[Movement, str]]:
    """Yield movements, each with the unreadable key of the member where the id is gone."""
    row = connection.execute("SELECT count(*) FROM sale WHERE state = 'committed'").fetchone()
    total = int(str(row[0])) if row else 0
    for count, (_, of_one) in enumerate(groupby(connection.execute(_SOLD), key=itemgetter(0)), 1):
        try:
            found, member_key = _of_sale(connection, list(of_one), zone)
        except KnownError:
            logger.warning("a sale whose rows are damaged was not counted")
            continue
        for movement in found:
            yield movement, member_key
        if count % _TOLD_AFTER == 0 or count == total:
            progress(count, total)
    for movement in act_figures.beside_the_sales(connection, zone):
        yield movement, ""
    for (detail,) in connection.execute(_ACTS):
        yield done(from_json(detail, Act)), ""


def _of_sale(
    connection: apsw.Connection, rows: Sequence[tuple[apsw.SQLiteValue, ...]], zone: tzinfo
) -> tuple[list[Movement], str]:
    sale = from_json(rows[0][1], CompactedSale)
    if sale.counted is not None:
        return movements_of(sale), sale.member_key
    effects = [
        Recorded(
            from_json(body, Effect),
            Standing(EffectState(str(state)), None if booked is None else from_json(booked, Booked)),
            settled=bool(settled),
        )
        for _, _, body, state, booked, settled in rows
        if body is not None
    ]
    losses = connection.execute("SELECT body FROM discrepancy WHERE sale_id = ?", (sale.sale_id,)).fetchall()
    return as_it_stands(sale, effects, [from_json(body, Discrepancy) for (body,) in losses], zone), ""


def _fill(connection: apsw.Connection, into: str, rollups: Rollups, progress: Progress) -> None:
    tally = _Tally(connection, into)
    for movement, key in _counted(connection, rollups.zone, progress):
        known = bytes.fromhex(key) if key else b""
        tally.add(movement, rollups.member_key(movement.member_id) if movement.member_id else known)
    tally.flush()


class _Tally:
    """Adds movements up, and writes the sums now and then."""

    def __init__(self, connection: apsw.Connection, into: str) -> None:
        self._connection = connection
        self._into = into
        self._figures: dict[tuple[str, str, str, str], list[int]] = {}
        self._times: Counter[tuple[str, str, str, int]] = Counter()
        self._seen: set[bytes] = set()
        self._first: list[tuple[bytes, str]] = []

    def add(self, movement: Movement, member: bytes) -> None:
        units = [(place, value) for place, value in enumerate(in_units(movement.figures)) if value]
        if member and movement.figures.sales and member not in self._seen:
            self._seen.add(member)
            self._first.append((member, movement.subject))
            units.append((_FIRST_SALES, 1))
        for key in split_keys(movement.place):
            sums = self._figures.get(key)
            if sums is None:
                sums = self._figures[key] = [0] * len(FIGURE_NAMES)
            for place, value in units:
                sums[place] += value
        if movement.took_tenths is not None:
            self._times[time_key(movement.place, movement.took_tenths)] += 1
        if len(self._times) + len(self._first) > FLUSHED_AFTER:
            self.flush()

    def flush(self) -> None:
        marks = ", ".join("?" * (len(KEYS) + len(FIGURE_NAMES)))
        sums = ", ".join(f"{name} = {name} + excluded.{name}" for name in FIGURE_NAMES)
        self._connection.executemany(
            f"INSERT INTO {self._into}day_figure VALUES ({marks}) ON CONFLICT DO UPDATE SET {sums}",  # noqa: S608 - constants
            ((*key, *values) for key, values in self._figures.items()),
        )
        self._connection.executemany(
            f"INSERT INTO {self._into}day_time VALUES (?, ?, ?, ?, ?) "  # noqa: S608 - constants
            "ON CONFLICT DO UPDATE SET sales = sales + excluded.sales",
            ((*key, sales) for key, sales in self._times.items()),
        )
        self._connection.executemany(
            f"INSERT INTO {self._into}member_first VALUES (?, ?)",  # noqa: S608 - constants
            self._first,
        )
        self._figures, self._first = {}, []
        self._times.clear()


_FIRST_SALES = FIGURE_NAMES.index("first_sales")
