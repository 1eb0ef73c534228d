"""What a till forgets: names after a month, and of posted sales after a year all that no day's figures need.

Nothing that is unsent, in doubt or waiting for a person is touched, however old it is, nor any damaged row.
The clock decides what is old, so it is believed only once it has gone evenly for days: set a year ahead by
mistake it would have a year's sales forgotten.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import apsw
import msgspec
from msgspec import Struct
from msgspec.structs import replace

from cashier_app.domain.sale import Sale, SaleState
from cashier_app.storage import audit, member_cache, recount
from cashier_app.storage.compacted import compacted
from cashier_app.storage.database import Database
from cashier_app.storage.kept_acts import KeptAct
from cashier_app.storage.rollups import Rollups
from cashier_app.storage.rows import from_json, moment, to_json
from cashier_app.storage.seals import EFFECT_HOLDS, SALE_HOLDS, SEAL_KEPT, SEAL_SALE

DAYS_OF_DETAIL = 400
DAYS_OF_NAMES = 30
BATCH = 50
CLOCK_NAME = "retention clock"
LONGEST_SILENCE = timedelta(days=30)
STEADY_FOR = timedelta(days=3)

_SETTLED = f"""
  NOT EXISTS (
    SELECT 1 FROM effect WHERE effect.sale_id = sale.sale_id
    AND (effect.state NOT IN ('posted', 'dropped') OR NOT ({EFFECT_HOLDS})))
  AND {SALE_HOLDS}
"""  # noqa: S608 - constants
_NAMED = f"""
SELECT sale_id, body, state FROM sale
WHERE (state = 'committed' AND committed_at < ?1 OR state = 'act' AND opened_at < ?1)
  AND json_extract(body, '$.display_name') <> '' AND {_SETTLED} LIMIT ?2
"""  # noqa: S608 - constants
_DETAILED = f"""
SELECT sale_id, body, state FROM sale
WHERE (state = 'committed' AND committed_at < ?1 OR state IN ('abandoned', 'act') AND opened_at < ?1)
  AND EXISTS (SELECT 1 FROM effect WHERE effect.sale_id = sale.sale_id) AND {_SETTLED} LIMIT ?2
"""  # noqa: S608 - constants


_Change = Callable[[apsw.Connection, str, Sale | None], None]


class _Clock(Struct, frozen=True):
    last: datetime
    steady_since: datetime


def clock_is_believed(database: Database, now: datetime) -> bool:
    """Return whether the clock has gone evenly for three days; to be asked at least once a month."""
    with database.writing() as connection:
        row = connection.execute("SELECT text FROM kept WHERE name = ?", (CLOCK_NAME,)).fetchone()
        seen = _clock(row)
        even = seen is not None and timedelta(0) <= now - seen.last <= LONGEST_SILENCE
        steady = seen.steady_since if seen is not None and even else now
        text = msgspec.json.encode(_Clock(now, steady)).decode()
        connection.execute("INSERT OR REPLACE INTO kept (name, text) VALUES (?, ?)", (CLOCK_NAME, text))
        connection.execute(SEAL_KEPT, (CLOCK_NAME,))
    return now - steady >= STEADY_FOR


def forget_names(database: Database, now: datetime) -> int:
    """Wipe the names of members from posted sales of more than 30 days ago, and members not seen since.

    Returns:
        How many sales were changed. One transaction for each 50, so that no commit waits long.
    """
    before = now - timedelta(days=DAYS_OF_NAMES)
    with database.writing() as connection:
        member_cache.forget_before(connection, before)
    return _in_batches(database, _NAMED, before, "names wiped", now, _without_name)


def compact(database: Database, rollups: Rollups, now: datetime, days: int = DAYS_OF_DETAIL) -> int:
    """Keep of posted sales of more than so many days ago only number, time, amounts and what they counted.

    Returns:
        How many sales were changed.
    """

    def change(connection: apsw.Connection, sale_id: str, sale: Sale | None) -> None:
        _compact(connection, rollups, sale_id, sale)

    return _in_batches(database, _DETAILED, now - timedelta(days=days), "compacted", now, change)


def _in_batches(
    database: Database,
    query: str,
    before: datetime,
    event: str,
    now: datetime,
    change: _Change,
) -> int:
    changed = 0
    while True:
        with database.writing() as connection:
            rows = connection.execute(query, (moment(before), BATCH)).fetchall()
            for sale_id, body, state in rows:
                kind = KeptAct if state == SaleState.ACT else Sale
                change(connection, str(sale_id), None if body is None else from_json(body, kind))
                connection.execute(SEAL_SALE, (sale_id,))
            if rows:
                audit.append(connection, now, "database", event, f"{len(rows)} sales before {before.date()}")
        changed += len(rows)
        if len(rows) < BATCH:
            return changed


def _without_name(connection: apsw.Connection, sale_id: str, sale: Sale | None) -> None:
    if sale is not None:
        body = to_json(replace(sale, display_name=""))
        connection.execute("UPDATE sale SET body = ? WHERE sale_id = ?", (body, sale_id))


def _compact(connection: apsw.Connection, rollups: Rollups, sale_id: str, sale: Sale | None) -> None:
    if sale is not None:
        member = rollups.member_key(sale.member_id) if sale.member_id else b""
        body = to_json(compacted(sale, recount.stands(connection, sale_id, rollups.zone), member))
        connection.execute("UPDATE sale SET body = ?, effects = 0 WHERE sale_id = ?", (body, sale_id))
    connection.execute("DELETE FROM effect WHERE sale_id = ?", (sale_id,))


def _clock(row: tuple[apsw.SQLiteValue, ...] | None) -> _Clock | None:
    try:
        return None if row is None else msgspec.json.decode(str(row[0]), type=_Clock)
    except msgspec.DecodeError:
        return None
