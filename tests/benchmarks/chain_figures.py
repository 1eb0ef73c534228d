"""A month of a chain of 12 tills with a million sales each, from a PostgreSQL ledger, against bare SQL.

Bare is the same splits straight from the roll-ups, by SQL alone, on a connection of its own: sums by day, by
part and by till, and medians as rows. The ledger is filled by its own functions in larger pieces than tills
deliver in; that this comes to the same is proved on a small sample first. `make bench-chain`.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from datetime import date, timedelta
from statistics import median
from typing import LiteralString

import psycopg

from cashier_app.ledger import figures as ledger_figures
from cashier_app.ledger.checking import check
from cashier_app.ledger.figures import PostgresFigures
from cashier_app.ports.figures import EVERYTHING, Scope
from tests.benchmarks.goal import Goal
from tests.fakes.ledgers import Ledger
from tests.fakes.postgres_server import MANAGER, OWNER, PostgresServer, temporary_folder

STORES, TILLS, SALES = 3, 4, 1_000_000
SAMPLE = 3_000
DAYS = 365
LAST = date(2026, 11, 20)
ROUNDS = 15
MOST_TIMES_BARE = 1.5
PIECE = 40_000
BATCH = 500
AT_ONCE = 2
SERVER = ("shared_buffers=1GB", "max_wal_size=8GB", "autovacuum=off", "work_mem=32MB", "jit=off")

# One till's year: sales over twelve hours of each day, three in five with a member, and for those a second
# movement when the points are posted. Chance comes from the numbers: every run makes the same.
_MAKE: LiteralString = """
CREATE TEMPORARY TABLE made ON COMMIT DROP AS
WITH sold AS (
  SELECT n, (%(last)s::date - (%(days)s - 1 - (n - 1) / %(a_day)s))::date AS day,
    9 + (n - 1) %% %(a_day)s * 12 / %(a_day)s AS hour,
    abs(hashint4extended(n, %(till)s)) AS chance
  FROM generate_series(1, %(sales)s) AS n
), known AS (
  SELECT *, CASE WHEN chance %% 10 < 6 THEN (chance / 10 %% 30000)::integer END AS who FROM sold
), first_seen AS (
  SELECT *, who IS NOT NULL AND row_number() OVER (PARTITION BY who ORDER BY n) = 1 AS is_first FROM known
)
SELECT row_number() OVER (ORDER BY n, step) AS sequence, day,
  'act-' || %(till)s || '-' || n AS act,
  day + interval '1 hour' * hour - interval '330 minutes' AS at, hour, 'INR' AS currency, %(name)s AS till,
  (ARRAY['asha', 'meera', 'arun', 'devika', 'rahul'])[1 + chance %% 5] AS staff,
  CASE WHEN who IS NULL THEN '' ELSE (ARRAY['', 'Silver', 'Gold'])[1 + who %% 3] END AS tier,
  CASE WHEN who IS NULL THEN ''
    ELSE (ARRAY['wallet code', 'phone', 'member number'])[1 + chance %% 3] END AS way,
  CASE WHEN step = 1 AND is_first THEN lpad(to_hex(who), 32, '0')::uuid END AS member,
  CASE WHEN step = 1 THEN (30 + chance %% 400)::integer END AS tenths,
  step = 1 AS is_sale, who IS NOT NULL AS has_member, chance %% 20 = 0 AS uses,
  5000 + chance %% 400000 AS bill
FROM first_seen CROSS JOIN generate_series(1, 2) AS step
WHERE step = 1 OR who IS NOT NULL
"""
_TOLD: LiteralString = """
SELECT sequence, day, act, at, hour::smallint, currency, till, staff, tier, way, member, tenths,
  false AS restated, true AS whole,
  is_sale::int AS sales, (is_sale AND has_member)::int AS member_sales,
  (is_sale AND uses)::int AS redeemed_sales,
  (is_sale AND has_member)::int AS known_sales, is_sale::int AS timed_sales,
  CASE WHEN is_sale THEN bill END AS bill, CASE WHEN is_sale THEN bill END AS paid,
  CASE WHEN NOT is_sale THEN bill * 10 END AS earned,
  CASE WHEN has_member THEN CASE WHEN is_sale THEN bill * 10 ELSE -bill * 10 END END AS waiting_earned
FROM made WHERE sequence BETWEEN %s AND %s
"""
_FILL: LiteralString = (
    """
SELECT add_movements(%s, %s, array_agg(json_populate_record(NULL::told_movement, row_to_json(told))))
FROM ("""
    + _TOLD
    + """) AS told
"""
)
_ROWS: LiteralString = "SELECT json_agg(told ORDER BY sequence) FROM (" + _TOLD + ") AS told"  # noqa: S608
_TIMES: LiteralString = """
WITH taken AS (
  SELECT staff, tenths, sum(sales) AS sales FROM ledger.day_time
  WHERE day BETWEEN %s AND %s AND currency = %s AND till_id = ANY(%s) GROUP BY staff, tenths
), either AS (
  SELECT staff, tenths, sales FROM taken
  UNION ALL SELECT NULL, tenths, sum(sales) FROM taken GROUP BY tenths
), ranked AS (
  SELECT staff, tenths, sum(sales) OVER (PARTITION BY staff ORDER BY tenths) AS up_to,
    sum(sales) OVER (PARTITION BY staff) AS total FROM either
)
SELECT staff, min(tenths) FILTER (WHERE 2 * up_to >= total),
  min(tenths) FILTER (WHERE 100 * up_to >= 95 * total)
FROM ranked GROUP BY staff
"""
_SAME = ("day_figure", "day_time", "member_first")


def main() -> int:
    """Fill, prove, measure, print; exit code 1 when a goal is missed."""
    options = argparse.ArgumentParser()
    options.add_argument("--sales", type=int, default=SALES, help="of each till")
    sales: int = options.parse_args().sales
    with _server() as server:
        _prove(server)
        goals = _measured(server, sales)
    print()
    for goal in goals:
        print(goal)
    return 0 if all(goal.met for goal in goals) else 1


def _measured(server: PostgresServer, sales: int) -> list[Goal]:
    server.new_database("chain")
    chain = Ledger(server, "chain")
    took = _timed(lambda: _fill_all(chain, sales))
    rows = chain.run("SELECT count(*) AS n FROM ledger.movement")[0]["n"]
    size = chain.run("SELECT pg_size_pretty(pg_database_size(current_database())) AS size")[0]["size"]
    print(f"{STORES * TILLS} tills, {sales:,} sales each: {rows:,} movements in {took / 1000:.0f} s, {size}")
    for name in ("day_figure", "day_time", "member_first"):
        counted = f"SELECT count(*) AS n FROM ledger.{name}"  # noqa: S608 - a constant
        rows = chain.run(counted)[0]["n"]
        size = chain.run("SELECT pg_size_pretty(pg_total_relation_size(%s)) AS size", f"ledger.{name}")[0][
            "size"
        ]
        print(f"  {name}: {rows:,} rows, {size}")
    chain.run("VACUUM ANALYZE")
    goals = []
    for name, days, scope in (
        ("day of the chain", 1, EVERYTHING),
        ("month of the chain", 30, EVERYTHING),
        ("month of a store", 30, Scope(_store(0))),
        ("year of the chain", DAYS, EVERYTHING),
    ):
        ours, plain = _interleaved(chain, days, scope)
        detail = f"median of {ROUNDS}: {ours:.1f} ms, bare SQL {plain:.1f} ms"
        print(f"{name}: {detail}")
        if name == "month of the chain":
            goals.append(Goal("month of a chain / bare SQL", ours / plain, MOST_TIMES_BARE, detail))
    _check_total(chain, sales)
    return goals


def _interleaved(chain: Ledger, days: int, scope: Scope) -> tuple[float, float]:
    first = LAST - timedelta(days=days - 1)
    ours, plain = [], []
    manager = PostgresFigures(lambda: chain.address(MANAGER), "INR")
    # Both speak to the server in the same way, over loopback with a password.
    address = chain.address(MANAGER)
    password = address.password.reveal() if address.password else ""
    with closing(manager), closing(psycopg.connect(address.url, password=password)) as bare:
        for _ in range(ROUNDS):
            ours.append(_timed(lambda: manager.figures(first, LAST, scope)))
            plain.append(_timed(lambda: _bare(bare, first, scope)))
    return median(ours), median(plain)


def _bare(bare: psycopg.Connection, first: date, scope: Scope) -> None:
    tills = bare.execute(ledger_figures.TILLS).fetchall()
    ids = [till_id for till_id, store, _ in tills if scope.store in {"", store}]
    of = (first, LAST, "INR", ids)
    for query in (ledger_figures.BY_DAY, ledger_figures.BY_PART, ledger_figures.BY_TILL, _TIMES):
        bare.execute(query, of).fetchall()
    bare.execute(ledger_figures.CURRENCIES, (first, LAST, ids)).fetchall()
    bare.rollback()


def _fill_all(chain: Ledger, sales: int) -> None:
    _make_partitions(chain)
    places = [(store, till) for store in range(STORES) for till in range(TILLS)]
    with ThreadPoolExecutor(AT_ONCE) as pool:
        for store, till in pool.map(lambda place: _fill(chain, *place, sales), places):
            print(f"  filled {_store(store)}, till {till + 1}", flush=True)


def _make_partitions(chain: Ledger) -> None:
    with closing(psycopg.connect(chain.server.at(chain.name))) as connection:
        connection.execute("SET search_path = ledger")
        for month in range(DAYS // 30 + 2):
            connection.execute("SELECT make_partitions(%s)", (LAST - timedelta(days=30 * month),))
        connection.commit()


def _fill(chain: Ledger, store: int, till: int, sales: int, piece: int = PIECE) -> tuple[int, int]:
    """Fill one till's year by the ledger's own functions, in large pieces."""
    with closing(psycopg.connect(chain.server.at(chain.name, OWNER))) as connection:
        connection.execute("SET search_path = ledger")
        line = f"00000000-0000-4000-8000-{store:04d}{till:08d}"
        connection.execute("SELECT open_feed(%s, %s, %s)", (line, _store(store), str(till + 1)))
        (feed,) = connection.execute(
            "SELECT feed_id FROM feed WHERE installation = %s", (line,)
        ).fetchone() or (0,)
        last = _make(connection, store, till, sales)
        for start in range(1, last + 1, piece):
            upto = min(start + piece - 1, last)
            connection.execute(_FILL, (feed, _store(store), start, upto))
            connection.execute("SELECT add_figures(%s, %s, %s)", (feed, start, upto))
            connection.execute("SELECT add_firsts(%s, %s, %s)", (feed, start, upto))
        connection.execute("UPDATE feed SET last_sequence = %s WHERE feed_id = %s", (last, feed))
        connection.commit()
    return store, till


def _make(connection: psycopg.Connection, store: int, till: int, sales: int) -> int:
    values = {
        "sales": sales,
        "a_day": -(-sales // DAYS),
        "days": DAYS,
        "last": LAST,
        "till": store * TILLS + till,
        "name": str(till + 1),
    }
    connection.execute(_MAKE, values)
    connection.execute("CREATE INDEX ON made (sequence); ANALYZE made")
    row = connection.execute("SELECT max(sequence) FROM made").fetchone()
    return int(row[0]) if row else 0


def _prove(server: PostgresServer) -> None:
    """Fill a small chain in pieces and deliver the same to another, and compare all that is kept."""
    kept = []
    for name, fill in (("filled", _fill), ("delivered", _deliver)):
        server.new_database(name)
        chain = Ledger(server, name)
        _make_partitions(chain)
        for till in range(2):
            fill(chain, 0, till, SAMPLE, 700)
        if check(chain.address(MANAGER)).problems:
            raise AssertionError(f"the {name} sample does not add up")
        kept.append([sorted(map(str, chain.run(f"SELECT * FROM ledger.{table}"))) for table in _SAME])  # noqa: S608
        server.drop_database(name)
    if kept[0] != kept[1] or not all(kept[0]):
        raise AssertionError("what is filled in pieces is not what tills deliver")
    print(f"2 tills, {SAMPLE:,} sales each: filled in pieces and delivered in batches come to the same rows")


def _deliver(chain: Ledger, store: int, till: int, sales: int, _piece: int) -> tuple[int, int]:
    with closing(psycopg.connect(chain.server.at(chain.name, OWNER))) as connection:
        connection.execute("SET search_path = ledger")
        line = f"00000000-0000-4000-8000-{store:04d}{till:08d}"
        connection.execute("SELECT open_feed(%s, %s, %s)", (line, _store(store), str(till + 1)))
        last = _make(connection, store, till, sales)
        for start in range(1, last + 1, BATCH):
            (rows,) = connection.execute(_ROWS, (start, min(start + BATCH - 1, last))).fetchone() or (None,)
            connection.execute(
                "SELECT append(%s, %s, 'mark', %s)", (line, start, psycopg.types.json.Json(rows))
            )
        connection.commit()
    return store, till


def _check_total(chain: Ledger, sales: int) -> None:
    manager = PostgresFigures(lambda: chain.address(MANAGER), "INR")
    with closing(manager):
        found = manager.figures(LAST - timedelta(days=DAYS - 1), LAST)
    if found.total.sales != STORES * TILLS * sales or found.total.timed_sales != found.total.sales:
        raise AssertionError("the figures measured are not those of the chain")


@contextmanager
def _server() -> Iterator[PostgresServer]:
    server = PostgresServer(temporary_folder(), SERVER)
    try:
        server.create()
        server.start()
        server.make_template()
        yield server
    finally:
        server.remove()


def _store(number: int) -> str:
    return ("Jayanagar", "Malleswaram", "Whitefield")[number]


def _timed(work: Callable[[], object]) -> float:
    """Return milliseconds."""
    started = time.perf_counter()
    work()
    return (time.perf_counter() - started) * 1000


if __name__ == "__main__":
    sys.exit(main())
