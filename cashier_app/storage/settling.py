"""What was settled by hand, the age of the queue, and what a comparison with the backend reads.

The record of a settlement is its row in the audit log, which is chained: nobody can change it unseen.
"""

from __future__ import annotations

from datetime import datetime

import apsw
from msgspec import Struct

from cashier_app.domain.sale import EffectState
from cashier_app.domain.settlement import Settlement, Truth
from cashier_app.ports.journal import RecordedSale, SettledEffect
from cashier_app.storage import audit
from cashier_app.storage.reading import UNFINISHED_SALES, effects_of
from cashier_app.storage.rows import from_json, moment, sale_of, to_json

SETTLED = "settled by hand"
_STATES = {Truth.TOOK_HOLD: EffectState.POSTED, Truth.NOT_BOOKED: EffectState.DROPPED}
_OLDEST_UNSENT = f"""
SELECT min(coalesce(committed_at, opened_at)) FROM sale
WHERE state IN ('committed', 'act') AND sale_id IN ({UNFINISHED_SALES})
"""  # noqa: S608 - constants


class _Detail(Struct, frozen=True):
    """What the audit row says besides key and time."""

    truth: Truth
    by: str
    reason: str


def ending(truth: Truth) -> tuple[EffectState, str]:
    """Return where an effect ends that is settled like this, and its last answer, in the words of the log."""
    return _STATES[truth], f"{SETTLED}: {truth.value}"


def record(connection: apsw.Connection, settlement: Settlement) -> None:
    """Write who settled what, and why, inside the caller's transaction."""
    detail = to_json(_Detail(settlement.truth, settlement.by, settlement.reason))
    audit.append(connection, settlement.at, settlement.key, SETTLED, detail)


def settled(connection: apsw.Connection, limit: int) -> list[SettledEffect]:
    """Return what was settled by hand, the newest first."""
    rows = connection.execute(
        "SELECT audit.at, audit.subject, audit.detail, sale.body, sale.sale_id FROM audit "
        "JOIN effect ON effect.key = audit.subject JOIN sale ON sale.sale_id = effect.sale_id "
        "WHERE audit.event = ? AND sale.state IN ('committed', 'act') ORDER BY audit.sequence DESC LIMIT ?",
        (SETTLED, limit),
    ).fetchall()
    found = []
    for at, key, text, body, sale_id in rows:
        detail = from_json(text, _Detail)
        row = next(one for one in effects_of(connection, str(sale_id)) if one.effect.key == key)
        word = Settlement(str(key), detail.truth, detail.by, detail.reason, datetime.fromisoformat(str(at)))
        found.append(SettledEffect(word, sale_of(body), row))
    return found


def oldest_unsent(connection: apsw.Connection) -> datetime | None:
    """Return when the oldest sale not wholly posted was made, UTC."""
    row = connection.execute(_OLDEST_UNSENT).fetchone()
    return None if row is None or row[0] is None else datetime.fromisoformat(str(row[0]))


def count_recorded(connection: apsw.Connection, since: datetime) -> int:
    """Return how many sales since then have effects."""
    row = connection.execute(
        "SELECT count(*) FROM sale WHERE state = 'committed' AND committed_at >= ? "
        "AND EXISTS (SELECT 1 FROM effect WHERE effect.sale_id = sale.sale_id)",
        (moment(since),),
    ).fetchone()
    return 0 if row is None else int(str(row[0]))


def recorded(connection: apsw.Connection, since: datetime, after: int, limit: int) -> list[RecordedSale]:
    """Return sales with effects made since then, behind this count, in the order of their numbers."""
    rows = connection.execute(
        "SELECT counter, body, sale_id FROM sale WHERE state = 'committed' AND committed_at >= ? "
        "AND counter > ? AND EXISTS (SELECT 1 FROM effect WHERE effect.sale_id = sale.sale_id) "
        "ORDER BY counter LIMIT ?",
        (moment(since), after, limit),
    ).fetchall()
    return [
        RecordedSale(int(str(counter)), sale_of(body), tuple(effects_of(connection, str(sale_id))))
        for counter, body, sale_id in rows
    ]
