"""The manager's figures of a till with a million sales in a year, against the bare SQL of the same answer.

Bare is the same splits straight from the kept figures, by SQL alone: sums, days, medians as rows, nothing
made of them. What the raw rows would take is printed beside. A commit is measured with what it counts and
without, one of each in turn, on that same till.
"""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable
from contextlib import closing
from datetime import date, timedelta
from pathlib import Path
from statistics import median

import apsw
from msgspec.structs import replace

from cashier_app.domain.sale import EffectKind
from cashier_app.storage import figures_source, recount
from cashier_app.storage.figures_source import SqliteFigures
from cashier_app.storage.journal import SqliteJournal
from tests.benchmarks import figures_shop
from tests.benchmarks.goal import Goal
from tests.fakes.effects import effect, sale

SALES = 1_000_000
ROUNDS = 15
COMMITS = 150
MOST_MS = {"day": 100.0, "month": 300.0, "year": 1000.0}
DAYS = {"day": 1, "month": 30, "year": figures_shop.DAYS}
MOST_TIMES_BARE = 2.0
MOST_GROWTH = 1.3
"""How much more the last day of a year may cost to read than the last of a quarter."""
MOST_COMMIT = 1.5

# Median and 95th percentile of everybody and of each cashier, as SQL says it.
_TIMES = """
WITH taken AS (
  SELECT staff, tenths, sum(sales) AS sales FROM day_time
  WHERE day BETWEEN ? AND ? AND currency = ? GROUP BY staff, tenths
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
_RAW = """
SELECT date(committed_at, '+330 minutes'), json_extract(body, '$.staff_id'), count(*), sum(has_member),
  sum(json_extract(body, '$.bill.minor')), sum(json_extract(body, '$.discount.minor'))
FROM sale WHERE state = 'committed' AND committed_at >= ? GROUP BY 1, 2
"""


def measure() -> list[Goal]:
    """Return milliseconds and times bare SQL for a day, a month and a year, and what counting costs."""
    with tempfile.TemporaryDirectory() as name:
        path = Path(name) / "till.sqlite"
        written = _timed(lambda: figures_shop.write(path, SALES))
        print(f"figures: {SALES:,} sales written in {written / 1000:.0f} s")
        with closing(SqliteJournal(path, "2", zone=figures_shop.ZONE)) as journal:
            counted = _timed(lambda: _count(journal))
            checked = _timed(lambda: _hold(journal))
            print(f"figures: counted again in {counted / 1000:.0f} s, checked in {checked / 1000:.0f} s")
            goals = _reads(path)
            goals.append(_commits(journal))
    return goals


def _count(journal: SqliteJournal) -> None:
    """Count all sales, as the first start after a rescue does."""
    with journal.database.writing() as connection:
        recount.rebuild(connection, journal.rollups)


def _hold(journal: SqliteJournal) -> None:
    if journal.figures_apart():
        raise AssertionError("the figures measured are not those of the sales")


def _reads(path: Path) -> list[Goal]:
    goals, of_day = [], {}
    figures = SqliteFigures(path, "Marigold Stores", "2", "INR", figures_shop.ZONE)
    with closing(figures), closing(apsw.Connection(str(path), flags=apsw.SQLITE_OPEN_READONLY)) as bare:
        for period, days in DAYS.items():
            ours, plain = _interleaved(figures, bare, days)
            _check(figures, days)
            detail = f"median of {ROUNDS}: {ours:.1f} ms, bare SQL {plain:.1f} ms{_raw(bare, period, days)}"
            print(f"figures of a {period}: {detail}")
            goals.append(Goal(f"ms for the figures of a {period}", ours, MOST_MS[period], detail))
            goals.append(Goal(f"figures of a {period} / bare SQL", ours / plain, MOST_TIMES_BARE, detail))
        for days in (90, 180, 360):
            of_day[days] = _interleaved(figures, bare, days)[0] / days
        each = ", ".join(f"{1000 * cost:.0f} µs of {days}" for days, cost in of_day.items())
        growth = of_day[360] / of_day[90]
        goals.append(Goal("a day's cost in a year / in a quarter", growth, MOST_GROWTH, f"each day {each}"))
    return goals


def _interleaved(figures: SqliteFigures, bare: apsw.Connection, days: int) -> tuple[float, float]:
    ours, plain = [], []
    first = figures_shop.LAST - timedelta(days=days - 1)
    for _ in range(ROUNDS):
        ours.append(_timed(lambda: figures.figures(first, figures_shop.LAST)))
        plain.append(_timed(lambda: _bare(bare, first)))
    return median(ours), median(plain)


def _bare(bare: apsw.Connection, first: date) -> None:
    of = (first.isoformat(), figures_shop.LAST.isoformat(), "INR")
    for query in (figures_source.PARTS, figures_source.BY_DAY, figures_source.OTHERS):
        bare.execute(query, of).fetchall()
    bare.execute(_TIMES, of).fetchall()


def _raw(bare: apsw.Connection, period: str, days: int) -> str:
    """Return what the raw rows take for far less: a few sums by day and cashier."""
    since = (figures_shop.LAST - timedelta(days=days)).isoformat() + "T18:30"
    took = _timed(lambda: bare.execute(_RAW, (since,)).fetchall())
    return f"; four sums by day and cashier from the raw rows of a {period} {took:.0f} ms"


def _check(figures: SqliteFigures, days: int) -> None:
    found = figures.figures(figures_shop.LAST - timedelta(days=days - 1), figures_shop.LAST)
    a_day = -(-SALES // figures_shop.DAYS)
    last = SALES - a_day * (figures_shop.DAYS - 1)
    if found.total.sales != a_day * (days - 1) + last or found.total.timed_sales != found.total.sales:
        raise AssertionError("the figures measured are not those of the period")


def _commits(journal: SqliteJournal) -> Goal:
    """Return what a commit with what it counts costs, in commits without, in turn."""
    count, with_it, without = journal.rollups.count, [], []
    for number in range(COMMITS):
        with_it.append(_commit(journal, SALES + 2 * number + 1))
        journal.rollups.count = lambda _connection, _movements: None  # type: ignore[method-assign]
        without.append(_commit(journal, SALES + 2 * number + 2))
        journal.rollups.count = count  # type: ignore[method-assign]
    ours, plain = median(with_it), median(without)
    detail = f"median of {COMMITS}: {ours:.2f} ms, without counting {plain:.2f} ms"
    print(f"a commit at {SALES:,} sales: {detail}")
    return Goal("a commit with figures / without", ours / plain, MOST_COMMIT, detail)


def _commit(journal: SqliteJournal, number: int) -> float:
    made = replace(sale(number, member_id=f"m-{number % 5000}"), staff_id="asha", took_tenths=180)
    effects = [effect(kind, number) for kind in (EffectKind.CAPTURE, EffectKind.SALE)]
    return _timed(lambda: journal.commit_sale(made, effects))


def _timed(work: Callable[[], object]) -> float:
    """Return milliseconds."""
    started = time.perf_counter()
    work()
    return (time.perf_counter() - started) * 1000


if __name__ == "__main__":
    for goal in measure():
        print(goal)
