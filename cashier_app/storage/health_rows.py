"""How the backend and this till were doing, in SQLite: spells offline and counted answers."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime, time

import apsw

from cashier_app.ports.health import Held, HourBucket, OfflineSpell, SpellState, Unposted
from cashier_app.storage.database import Database
from cashier_app.storage.reading import UNFINISHED_SALES
from cashier_app.storage.rows import moment

_SPELL = "number, began_at, seen_at, milliseconds, state"

# Each part has an index of its own that holds what is not finished: a year's sales are not walked through.
_FAILED = """
SELECT last_answer, count(*) FROM (
  SELECT last_answer FROM effect INDEXED BY effect_unfinished
  WHERE state IN ('waiting', 'sending', 'unknown') AND attempts > 0 AND last_attempt_at >= ?
  UNION ALL
  SELECT last_answer FROM effect INDEXED BY effect_attention
  WHERE state = 'needs attention' AND last_attempt_at >= ?
) GROUP BY last_answer
"""
_UNPOSTED = f"""
SELECT attention, count(*), min(made_at) FROM (
  SELECT coalesce(committed_at, opened_at) AS made_at, EXISTS (
    SELECT 1 FROM effect WHERE effect.sale_id = sale.sale_id AND effect.state = 'needs attention'
  ) AS attention
  FROM sale WHERE state IN ('committed', 'act') AND sale_id IN ({UNFINISHED_SALES})
) GROUP BY attention
"""  # noqa: S608 - constants
_HOLD_OF = """
  SELECT 1 FROM effect AS hold WHERE hold.sale_id = open.sale_id AND hold.kind = 'reserve'
  AND hold.state != 'dropped'
"""
_HELD = f"""
SELECT count(*), min(opened_at) FROM sale AS open WHERE sale_id IN (
  SELECT sale_id FROM sale WHERE state = 'draft'
  UNION
  SELECT sale_id FROM effect INDEXED BY effect_unfinished
  WHERE state IN ('waiting', 'sending', 'unknown') AND kind IN ('capture', 'release')
  UNION
  SELECT sale_id FROM effect INDEXED BY effect_attention
  WHERE state = 'needs attention' AND kind IN ('capture', 'release')
) AND EXISTS ({_HOLD_OF})
"""  # noqa: S608 - constants


def offline_seconds(connection: apsw.Connection, first: date, last: date) -> int | None:
    """Return seconds offline from one business day to another, both counted; None when never watched.

    Spells are split at the shop's midnight. One that is open counts as far as it was last written, which
    is at most a minute ago.
    """
    row = connection.execute(
        "SELECT sum(milliseconds) FROM offline_day WHERE day BETWEEN ? AND ?",
        (first.isoformat(), last.isoformat()),
    ).fetchone()
    return None if row is None or row[0] is None else round(int(str(row[0])) / 1000)


class SqliteHealth:
    """The `HealthRows` of one till's database; see the port for what each method promises."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def begin_spell(self, at: datetime) -> int:
        """Write that the backend cannot be asked from now on; return the spell's number."""
        with self._database.writing() as connection:
            # Written again when nobody knows whether it was written: there is one at most.
            connection.execute(
                "INSERT INTO offline_spell (began_at, seen_at, milliseconds, state) "
                "VALUES (?1, ?1, 0, 'open') ON CONFLICT DO NOTHING",
                (moment(at),),
            )
            row = connection.execute("SELECT number FROM offline_spell WHERE state = 'open'").fetchone()
            return int(str(row[0])) if row else 0

    def grow_spell(self, number: int, milliseconds: int, days: Mapping[date, int], at: datetime) -> None:
        """Write how long an open spell lasts by now."""
        self._write_spell(number, milliseconds, days, at, SpellState.OPEN)

    def end_spell(self, number: int, milliseconds: int, days: Mapping[date, int], at: datetime) -> None:
        """Write how long a spell lasted that is over."""
        self._write_spell(number, milliseconds, days, at, SpellState.ENDED)

    def cut_short(self, number: int, milliseconds: int, days: Mapping[date, int], at: datetime) -> None:
        """End a spell that was left open at the last proof of life, and mark it."""
        self._write_spell(number, milliseconds, days, at, SpellState.CUT_SHORT)

    def open_spell(self) -> OfflineSpell | None:
        """Return the spell a process that ended left open, if any."""
        with self._database.reading() as connection:
            row = connection.execute(f"SELECT {_SPELL} FROM offline_spell WHERE state = 'open'").fetchone()  # noqa: S608
            return None if row is None else _spell(row)

    def last_act(self) -> datetime | None:
        """Return when this till last wrote down an act."""
        with self._database.reading() as connection:
            row = connection.execute("SELECT at FROM audit ORDER BY sequence DESC LIMIT 1").fetchone()
            return None if row is None else datetime.fromisoformat(str(row[0]))

    def watch(self, day: date) -> None:
        """Write that this business day was watched."""
        with self._database.reading() as connection:
            if connection.execute("SELECT 1 FROM offline_day WHERE day = ?", (day.isoformat(),)).fetchone():
                return
        with self._database.writing() as connection:
            _add_days(connection, {day: 0})

    def add_calls(self, calls: Mapping[HourBucket, int]) -> None:
        """Add counted calls."""
        if not calls:
            return
        with self._database.writing() as connection:
            connection.executemany(
                "INSERT INTO latency (day, hour, bucket, calls) VALUES (?, ?, ?, ?) "
                "ON CONFLICT (day, hour, bucket) DO UPDATE SET calls = calls + excluded.calls",
                [(where.day.isoformat(), where.hour, where.bucket, n) for where, n in calls.items()],
            )

    def calls(self, first: date, last: date) -> dict[HourBucket, int]:
        """Return counted calls from one business day to another, both counted."""
        with self._database.reading() as connection:
            rows = connection.execute(
                "SELECT day, hour, bucket, calls FROM latency WHERE day BETWEEN ? AND ?",
                (first.isoformat(), last.isoformat()),
            )
            return {
                HourBucket(date.fromisoformat(str(day)), int(str(hour)), int(str(bucket))): int(str(calls))
                for day, hour, bucket, calls in rows
            }

    def offline_seconds(self, first: date, last: date) -> int | None:
        """Return seconds offline from one business day to another, both counted."""
        with self._database.reading() as connection:
            return offline_seconds(connection, first, last)

    def offline_sales(self, day: date) -> int:
        """Return how many sales were finished on a business day while the backend could not be asked."""
        with self._database.reading() as connection:
            row = connection.execute(
                "SELECT coalesce(sum(offline_sales), 0) FROM day_figure WHERE day = ? AND split = ''",
                (day.isoformat(),),
            ).fetchone()
            return int(str(row[0])) if row else 0

    def spells(self, since: datetime, limit: int = 500) -> list[OfflineSpell]:
        """Return the spells that were not over at this time, the newest first."""
        with self._database.reading() as connection:
            rows = connection.execute(
                f"SELECT {_SPELL} FROM offline_spell WHERE seen_at >= ? OR state = 'open' "  # noqa: S608 - a constant
                "ORDER BY number DESC LIMIT ?",
                (moment(since), limit),
            )
            return [_spell(row) for row in rows]

    def failed_answers(self, since: datetime) -> dict[str, int]:
        """Return how many effects were tried since then and are not posted, by their last answer."""
        with self._database.reading() as connection:
            rows = connection.execute(_FAILED, (moment(since), moment(since)))
            return {str(answer): int(str(effects)) for answer, effects in rows}

    def unposted(self) -> Unposted:
        """Return how many sales are not posted yet, and how old they are."""
        with self._database.reading() as connection:
            rows = {
                bool(stuck): (int(str(sales)), datetime.fromisoformat(str(oldest)))
                for stuck, sales, oldest in connection.execute(_UNPOSTED)
            }
        waiting, oldest_waiting = rows.get(False, (0, None))
        stuck, oldest_stuck = rows.get(True, (0, None))
        return Unposted(waiting, stuck, oldest_waiting, oldest_stuck)

    def held(self) -> Held:
        """Return the points held for sales of this till now, as far as the till knows."""
        with self._database.reading() as connection:
            row = connection.execute(_HELD).fetchone() or (0, None)
            oldest = None if row[1] is None else datetime.fromisoformat(str(row[1]))
            return Held(int(str(row[0])), oldest)

    def forget_before(self, day: date) -> None:
        """Let go of what is older than this business day."""
        midnight = moment(datetime.combine(day, time.min, UTC))
        with self._database.writing() as connection:
            connection.execute("DELETE FROM latency WHERE day < ?", (day.isoformat(),))
            connection.execute("DELETE FROM offline_day WHERE day < ?", (day.isoformat(),))
            connection.execute(
                "DELETE FROM offline_spell WHERE began_at < ? AND state != 'open'", (midnight,)
            )

    def _write_spell(
        self, number: int, milliseconds: int, days: Mapping[date, int], at: datetime, state: SpellState
    ) -> None:
        before = milliseconds - sum(days.values())
        with self._database.writing() as connection:
            # Not by what it has already: written again, the days must not count it twice.
            written = connection.execute(
                "UPDATE offline_spell SET milliseconds = ?, seen_at = ?, state = ? "
                "WHERE number = ? AND state = 'open' AND milliseconds = ? RETURNING 1",
                (milliseconds, moment(at), state.value, number, before),
            ).fetchone()
            if written is not None:
                _add_days(connection, days)


def _add_days(connection: apsw.Connection, days: Mapping[date, int]) -> None:
    connection.executemany(
        "INSERT INTO offline_day (day, milliseconds) VALUES (?, ?) "
        "ON CONFLICT (day) DO UPDATE SET milliseconds = milliseconds + excluded.milliseconds",
        [(day.isoformat(), milliseconds) for day, milliseconds in days.items()],
    )


def _spell(row: tuple[apsw.SQLiteValue, ...]) -> OfflineSpell:
    number, began_at, seen_at, milliseconds, state = row
    return OfflineSpell(
        number=int(str(number)),
        began_at=datetime.fromisoformat(str(began_at)),
        seen_at=datetime.fromisoformat(str(seen_at)),
        milliseconds=int(str(milliseconds)),
        state=SpellState(str(state)),
    )
