"""The figures a till keeps of its own days: read for its screen, checked, and made anew."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

import apsw

from cashier_app.domain.acts import Act
from cashier_app.ports.figures import Difference
from cashier_app.ports.journal import DayFigures
from cashier_app.storage import audit, recount
from cashier_app.storage.apart import mend
from cashier_app.storage.database import Database
from cashier_app.storage.recount import Progress, no_progress
from cashier_app.storage.rollups import Rollups, points_stored
from cashier_app.storage.rows import moment, to_json

_OF_MONTH = """
SELECT day, sum(sales), sum(member_sales), sum(redeemed_sales), sum(earned) + sum(waiting_earned)
FROM day_figure WHERE day BETWEEN ? AND ? AND split = '' GROUP BY day
"""
_FIRST_SALE = """
SELECT min(committed_at) FROM sale WHERE state = 'committed' AND committed_at >= ? AND committed_at < ?
"""


class FigureRows:
    """Methods of the journal; see the port for what each promises."""

    _database: Database
    rollups: Rollups

    def count_act(self, act: Act) -> bool:
        """Write what was done besides selling into the audit log, and count it; once for each key."""
        with self._database.writing() as connection:
            return count(connection, self.rollups, act)

    def day_figures(self, day: date) -> DayFigures:
        """Return the figures of one business day."""
        wanted, zone = day.isoformat(), self.rollups.zone
        start, end = (datetime.combine(one, time.min, zone) for one in (day, day + timedelta(days=1)))
        with self._database.reading() as connection:
            rows = connection.execute(_OF_MONTH, (day.replace(day=1).isoformat(), wanted)).fetchall()
            since = connection.execute(_FIRST_SALE, (moment(start), moment(end))).fetchone()
        days = {str(row[0]): [int(str(value)) for value in row[1:]] for row in rows}
        sales, with_member, redeemed, earned = days.get(wanted, [0, 0, 0, 0])
        return DayFigures(
            sales=sales,
            with_member=with_member,
            redeemed=redeemed,
            points_earned=points_stored(earned),
            best_share=max((one[1] * 100 // one[0] for one in days.values() if one[0]), default=None),
            since=datetime.fromisoformat(str(since[0])) if since is not None and since[0] else None,
        )

    def figures_apart(self, progress: Progress = no_progress) -> list[Difference]:
        """Count everything again and return what is kept otherwise; a minute for a million sales."""
        with self._database.reading() as connection:
            return recount.apart(connection, self.rollups, progress).differences()

    def count_again(self, progress: Progress = no_progress) -> None:
        """Count everything again and put right what is kept otherwise; a till may sell meanwhile."""
        with self._database.reading() as connection:
            found = recount.apart(connection, self.rollups, progress)
        with self._database.writing() as connection:
            mend(connection, found)

    def _bring_figures_up_to_date(self) -> None:
        with self._database.reading() as connection:
            kept = recount.is_up_to_date(connection, self.rollups)
        if not kept:
            with self._database.writing() as connection:
                recount.bring_up_to_date(connection, self.rollups)


def count(connection: apsw.Connection, rollups: Rollups, act: Act) -> bool:
    """Write an act into the audit log and count it, once for its key, inside the caller's transaction."""
    # The kind stands in the text: only so does SQLite take the index that holds little else.
    known = f"SELECT 1 FROM audit WHERE event = '{act.kind.value}' AND subject = ?"  # noqa: S608
    if connection.execute(known, (act.key,)).fetchone():
        return False
    audit.append(connection, act.at, act.key, act.kind.value, to_json(act))
    rollups.done(connection, act)
    return True
