"""Looks at a whole ledger: roll-ups against the movements they come from, partitions, lines."""

from __future__ import annotations

from datetime import datetime

import psycopg
from msgspec import Struct

from cashier_app.domain.figures import FIGURE_NAMES
from cashier_app.ledger.connecting import LedgerAddress, connect, deadline, translated_errors
from cashier_app.ledger.migrating import check_version

CHECK_SECONDS = 3600.0

_COUNTED = tuple(name for name in FIGURE_NAMES if name != "first_sales")
_SUMS = ", ".join(f"coalesce(sum({name}), 0)::bigint AS {name}" for name in _COUNTED)
_NAMES = ", ".join(_COUNTED)
_NONZERO = " OR ".join(f"{name} <> 0" for name in _COUNTED)
# Movements of months that were put away are not there to be counted: their roll-ups are left alone.
_SINCE = "(SELECT before FROM put_away)"
_FIGURES_APART = f"""
WITH counted AS (
  SELECT day, currency, split, part, till_id, {_SUMS}
  FROM movement CROSS JOIN LATERAL (
    VALUES ('', ''), ('hour', hour::text), ('staff', staff), ('tier', tier), ('way', way)
  ) AS one (split, part)
  WHERE day >= {_SINCE} GROUP BY 1, 2, 3, 4, 5
), kept AS (
  SELECT day, currency, split, part, till_id, {_SUMS}
  FROM day_figure WHERE day >= {_SINCE} GROUP BY 1, 2, 3, 4, 5
)
SELECT DISTINCT day FROM (
  (SELECT * FROM counted WHERE {_NONZERO} EXCEPT ALL SELECT * FROM kept)
  UNION ALL
  (SELECT * FROM kept WHERE {_NONZERO} EXCEPT ALL SELECT * FROM counted)
) AS apart ORDER BY day
"""  # noqa: S608 - constants
_TIMES_APART = f"""
WITH counted AS (
  SELECT day, currency, staff, tenths, till_id, sum(timed_sales)::bigint AS sales
  FROM movement WHERE day >= {_SINCE} AND tenths IS NOT NULL AND timed_sales <> 0 GROUP BY 1, 2, 3, 4, 5
), kept AS (
  SELECT day, currency, staff, tenths, till_id, sum(sales)::bigint AS sales
  FROM day_time WHERE day >= {_SINCE} GROUP BY 1, 2, 3, 4, 5
)
SELECT DISTINCT day FROM (
  (SELECT * FROM counted EXCEPT ALL SELECT * FROM kept)
  UNION ALL (SELECT * FROM kept EXCEPT ALL SELECT * FROM counted)
) AS apart ORDER BY day
"""  # noqa: S608 - constants
_FIRSTS_APART = """
WITH counted AS (
  SELECT day, currency, one.split, one.part, till_id, count(*) AS first_sales
  FROM member_first CROSS JOIN LATERAL (
    VALUES ('', ''), ('hour', hour::text), ('staff', staff), ('tier', tier), ('way', way)
  ) AS one (split, part)
  GROUP BY 1, 2, 3, 4, 5
), kept AS (
  SELECT day, currency, split, part, till_id, sum(first_sales)::bigint AS first_sales
  FROM day_figure GROUP BY 1, 2, 3, 4, 5 HAVING sum(first_sales) <> 0
)
SELECT DISTINCT day FROM (
  (SELECT * FROM counted EXCEPT ALL SELECT * FROM kept)
  UNION ALL (SELECT * FROM kept EXCEPT ALL SELECT * FROM counted)
) AS apart ORDER BY day
"""
_EARLIER_FIRSTS = """
SELECT count(*) FROM (
  SELECT store_id, member, min(at) AS at FROM movement JOIN till USING (till_id)
  WHERE member IS NOT NULL GROUP BY store_id, member
) AS came LEFT JOIN member_first AS kept USING (store_id, member)
WHERE kept.at IS NULL OR came.at < kept.at
"""
_TILLS = """
SELECT store.name, till.name, sum(last_sequence)::bigint, max(delivered_at), count(*)
FROM feed JOIN till USING (till_id) JOIN store USING (store_id) GROUP BY 1, 2 ORDER BY 1, 2
"""


class TillSeen(Struct, frozen=True):
    """One till as the ledger knows it; `lines` is more than one where it had to begin anew."""

    store: str
    till: str
    movements: int
    delivered_at: datetime | None
    lines: int


class LedgerState(Struct, frozen=True):
    """What a check found.

    Args:
        problems: One sentence each; none when all is well.
        months: Partitions there are.
        tills: All tills that ever told anything.
    """

    problems: tuple[str, ...]
    months: int
    tills: tuple[TillSeen, ...]


def check(address: LedgerAddress) -> LedgerState:
    """Count everything again and compare. Blocking: minutes for a year of many tills.

    Raises:
        KnownError: The ledger cannot be reached or read.
    """
    connection = connect(address, read_only=True, seconds=CHECK_SECONDS)
    try:
        with translated_errors(connection), deadline(connection, CHECK_SECONDS):
            check_version(connection)
            connection.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
            connection.execute("SET LOCAL search_path = ledger")
            found = tuple(TillSeen(*row) for row in connection.execute(_TILLS))
            return LedgerState(tuple(_problems(connection)), _months(connection), found)
    finally:
        connection.close()


def _problems(connection: psycopg.Connection) -> list[str]:
    problems = []
    for what, query in (
        ("The figures", _FIGURES_APART),
        ("The times", _TIMES_APART),
        ("The first sales", _FIRSTS_APART),
    ):
        days = [row[0] for row in connection.execute(query)]
        if days:
            problems.append(
                f"{what} of {len(days)} days are not what their movements come to, from {days[0]}."
            )
    if _number(connection, _EARLIER_FIRSTS):
        problems.append("Some members were in a store before what is kept as their first sale.")
    if strange := _number(connection, "SELECT count(*) FROM movement_other"):
        problems.append(f"{strange} movements lie on days no calendar has. Look at the clocks of the tills.")
    if not _number(connection, "SELECT count(to_regclass('ledger.movement_' || to_char(now(), 'YYYY_MM')))"):
        problems.append("This month has no partition of its own. Run `cashier-cli ledger migrate`.")
    return problems


def _months(connection: psycopg.Connection) -> int:
    return _number(
        connection, "SELECT count(*) - 1 FROM pg_inherits WHERE inhparent = 'ledger.movement'::regclass"
    )


def _number(connection: psycopg.Connection, query: str) -> int:
    row = connection.execute(query).fetchone()
    return int(row[0]) if row else 0
