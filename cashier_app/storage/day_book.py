"""Loyalty at this till on one day, brought forward by what was sold since it was last asked for.

A screen asks after every sale, and twice a second while a long queue drains. Sales never change: what was
counted once is not read again.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta, tzinfo
from decimal import Decimal

import apsw
from msgspec import Struct

from cashier_app.ports.journal import DayFigures
from cashier_app.storage.rows import moment, sale_of
from cashier_app.storage.seals import SALE_HOLDS

# The plus sign keeps SQLite to the index of counts: what was counted before is not walked through.
_SOLD_SINCE = f"""
SELECT counter, committed_at, has_member, body FROM sale
WHERE state = 'committed' AND counter > ? AND +committed_at >= ? AND +committed_at < ? AND {SALE_HOLDS}
ORDER BY counter
"""  # noqa: S608 - constants


class _Page(Struct, frozen=True):
    """Figures of a day, and how many sales of each day of its month were with a member.

    Args:
        counter: The last sale counted in.
        by_day: Sales, and those with a member, of each day.
    """

    day: date
    zone: tzinfo
    counter: int
    figures: DayFigures
    by_day: dict[date, tuple[int, int]]


class DayBook:
    """Keeps the figures last asked for. Safe from any thread: whoever asks last leaves a whole page."""

    def __init__(self) -> None:
        self._page: _Page | None = None

    def figures(self, connection: apsw.Connection, day: date, zone: tzinfo) -> DayFigures:
        """Return one day's figures; the best share looks at each day of the month so far."""
        page = self._page
        if page is None or (page.day, page.zone) != (day, zone):
            page = _Page(day, zone, 0, DayFigures(0, 0, 0, Decimal(0), None, None), {})
        page = _brought_forward(connection, page)
        self._page = page
        return page.figures


def _brought_forward(connection: apsw.Connection, page: _Page) -> _Page:
    day, zone, before = page.day, page.zone, page.figures
    start, end = _bounds(day.replace(day=1), zone)[0], _bounds(day, zone)[1]
    sales, with_member, redeemed = before.sales, before.with_member, before.redeemed
    earned, since, counter = before.points_earned, before.since, page.counter
    by_day = dict(page.by_day)
    for count, committed_at, has_member, body in connection.execute(
        _SOLD_SINCE, (counter, moment(start), moment(end))
    ):
        counter = int(str(count))
        at = datetime.fromisoformat(str(committed_at))
        local = at.astimezone(zone).date()
        total, members = by_day.get(local, (0, 0))
        by_day[local] = (total + 1, members + int(bool(has_member)))
        if local != day:
            continue
        sale = sale_of(body)
        since = since or at
        sales += 1
        with_member += int(bool(has_member))
        redeemed += int(sale.points_used > 0)
        earned += sale.points_expected
    best = max((members * 100 // total for total, members in by_day.values()), default=None)
    return _Page(day, zone, counter, DayFigures(sales, with_member, redeemed, earned, best, since), by_day)


def _bounds(day: date, zone: tzinfo) -> tuple[datetime, datetime]:
    start = datetime.combine(day, time.min, zone)
    end = datetime.combine(day + timedelta(days=1), time.min, zone)
    return start.astimezone(UTC), end.astimezone(UTC)
