"""Finding a sale again for goods that come back, and what such a return leaves in the journal."""

from __future__ import annotations

from datetime import datetime

import apsw

from cashier_app.domain.sale import OF_RETURNS, Effect, EffectState
from cashier_app.ports.journal import SaleLine
from cashier_app.storage import audit, effect_rows, reading
from cashier_app.storage.database import Database
from cashier_app.storage.rollups import Rollups
from cashier_app.storage.rows import moment, sale_of
from cashier_app.storage.seals import SALE_HOLDS

_NUMBERED = f"SELECT body, sale_id FROM sale WHERE state = 'committed' AND counter = ? AND {SALE_HOLDS}"  # noqa: S608 - constants
_BETWEEN = f"""
SELECT body, sale_id FROM sale
WHERE state = 'committed' AND committed_at >= ? AND committed_at < ? AND {SALE_HOLDS}
ORDER BY committed_at DESC, counter DESC LIMIT ?
"""  # noqa: S608 - constants
_LARGEST_COUNT = 2**63 - 1


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

    def note_return(self, returned: Effect) -> bool:
        """Keep a return that leads to nothing at the backend, so that what is left of its sale is known."""
        if returned.kind not in OF_RETURNS or returned.points:
            raise ValueError("only a return without points leads to nothing")
        with self._database.writing() as connection:
            if connection.execute("SELECT 1 FROM effect WHERE key = ?", (returned.key,)).fetchone():
                return False
            effect_rows.insert(connection, returned, EffectState.POSTED)
            audit.append(connection, returned.at, returned.key, "returned", str(returned.paid.minor))
            self.rollups.returned(connection, [returned], EffectState.POSTED)
            return True


def _lines(connection: apsw.Connection, query: str, values: tuple[str | int, ...]) -> list[SaleLine]:
    found = connection.execute(query, values).fetchall()
    return [reading.sale_line(connection, sale_of(body), str(sale_id)) for body, sale_id in found]
