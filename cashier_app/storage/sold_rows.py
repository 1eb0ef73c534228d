"""Finding a sale again for goods that come back, and what such a return leaves in the journal."""

from __future__ import annotations

from datetime import datetime

import apsw
from msgspec import Struct

from cashier_app.domain.sale import Effect
from cashier_app.ports.journal import SaleLine, Seen
from cashier_app.storage import reading, return_rows
from cashier_app.storage.database import Database
from cashier_app.storage.rollups import Rollups
from cashier_app.storage.rows import from_json, moment, sale_of
from cashier_app.storage.seals import DAY_CLOSING_HOLDS, SALE_HOLDS

_NUMBERED = f"SELECT body, sale_id FROM sale WHERE state = 'committed' AND counter = ? AND {SALE_HOLDS}"  # noqa: S608 - constants
_BETWEEN = f"""
SELECT body, sale_id FROM sale
WHERE state = 'committed' AND committed_at >= ? AND committed_at < ? AND {SALE_HOLDS}
ORDER BY committed_at DESC, counter DESC LIMIT ?
"""  # noqa: S608 - constants
_LARGEST_COUNT = 2**63 - 1


_OF_MEMBER = f"""
SELECT body, sale_id FROM sale
WHERE state = 'committed' AND {SALE_HOLDS} AND sale_id IN (
  SELECT sale_id FROM effect WHERE kind = 'sale' AND account_key <> '' AND account_key = ?1
  UNION SELECT sale_id FROM effect
  WHERE kind = 'link' AND json_valid(body) AND json_extract(body, '$.member_id') = ?1)
ORDER BY counter DESC LIMIT ?2
"""  # noqa: S608 - constants
_LAST_CLOSE = f"SELECT body FROM day_closing WHERE {DAY_CLOSING_HOLDS} ORDER BY number DESC LIMIT 1"  # noqa: S608 - constants


class _Closed(Struct, frozen=True):
    until: datetime


class SoldRows:
    """Methods of the journal; see the port for what each promises."""

    _database: Database
    rollups: Rollups

    def sold_as(self, count: int) -> SaleLine | None:
        """Return the committed sale with this count."""
        if not 0 < count <= _LARGEST_COUNT:
            return None
        with self._database.reading() as connection:
            return next(iter(_lines(connection, _NUMBERED, (count,))), None)

    def sold_between(self, since: datetime, until: datetime, limit: int) -> list[SaleLine]:
        """Return what was sold from then until before then, UTC, the newest first."""
        with self._database.reading() as connection:
            return _lines(connection, _BETWEEN, (moment(since), moment(until), limit))

    def note_return(self, returned: Effect, seen: Seen | None = None) -> bool:
        """Keep a return that leads to nothing at the backend, so that what is left of its sale is known."""
        with self._database.writing() as connection:
            return return_rows.note(connection, self.rollups, returned, seen)

    def sales_of(self, member_id: str, limit: int) -> list[SaleLine]:
        """Return the committed sales of a member at this till, the newest first."""
        with self._database.reading() as connection:
            return _lines(connection, _OF_MEMBER, (member_id, limit))

    def closed_until(self) -> datetime | None:
        """Return when the day was closed last at this till, UTC."""
        with self._database.reading() as connection:
            row = connection.execute(_LAST_CLOSE).fetchone()
        return None if row is None else from_json(row[0], _Closed).until


def _lines(connection: apsw.Connection, query: str, values: tuple[str | int, ...]) -> list[SaleLine]:
    found = connection.execute(query, values).fetchall()
    return [reading.sale_line(connection, sale_of(body), str(sale_id)) for body, sale_id in found]
