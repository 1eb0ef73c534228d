"""Discounts no points paid for. Each is in the audit log, too, which outlives a damaged table."""

from __future__ import annotations

from datetime import datetime

import apsw

from cashier_app.domain.discrepancy import Discrepancy
from cashier_app.domain.sale import EffectKind, effect_key
from cashier_app.ports.journal import EffectRow
from cashier_app.storage import audit
from cashier_app.storage.rollups import Rollups
from cashier_app.storage.rows import from_json, moment, sale_of, to_json

EVENT = "discrepancy"


def add(connection: apsw.Connection, rollups: Rollups, row: EffectRow, because: str, at: datetime) -> None:
    """Write down and count a discount that was not paid for, once for each sale; nothing without one."""
    effect = row.effect
    sale = connection.execute("SELECT body FROM sale WHERE sale_id = ?", (effect.sale_id,)).fetchone()
    if effect.discount.minor <= 0 or sale is None or sale[0] is None:
        return
    found = Discrepancy(
        key=effect_key(effect.sale_id, EffectKind.CAPTURE),
        sale_id=effect.sale_id,
        number=sale_of(sale[0]).number,
        member_id=effect.member_id,
        loss=effect.discount,
        because=because,
        at=at,
    )
    if _insert(connection, found):
        rollups.lost(connection, found)
        audit.append(connection, at, effect.sale_id, EVENT, to_json(found))


def newest(connection: apsw.Connection, limit: int) -> list[Discrepancy]:
    """Return the losses, the newest first."""
    rows = connection.execute("SELECT body FROM discrepancy ORDER BY at DESC, key LIMIT ?", (limit,))
    return [from_json(body, Discrepancy) for (body,) in rows]


def last_loss(connection: apsw.Connection, member_id: str) -> datetime | None:
    """Return when a redemption of this member was last found uncovered, UTC."""
    row = connection.execute("SELECT max(at) FROM discrepancy WHERE member_id = ?", (member_id,)).fetchone()
    return None if row is None or row[0] is None else datetime.fromisoformat(str(row[0]))


def restore(connection: apsw.Connection) -> int:
    """Write the rows anew that the audit log knows and the table has lost; return how many.

    What belongs to a sale that is lost itself stays in the log alone.
    """
    rows = connection.execute(
        "SELECT audit.detail FROM audit JOIN sale ON sale.sale_id = audit.subject "
        "WHERE audit.event = ? ORDER BY audit.sequence",
        (EVENT,),
    ).fetchall()
    return sum(_insert(connection, from_json(detail, Discrepancy)) for (detail,) in rows)


def _insert(connection: apsw.Connection, found: Discrepancy) -> bool:
    row = connection.execute(
        "INSERT INTO discrepancy (key, sale_id, member_id, at, minor, body) "
        "SELECT ?1, ?2, ?3, ?4, ?5, ?6 WHERE EXISTS (SELECT 1 FROM sale WHERE sale_id = ?2) "
        "ON CONFLICT (key) DO NOTHING RETURNING 1",
        (found.key, found.sale_id, found.member_id, moment(found.at), found.loss.minor, to_json(found)),
    ).fetchone()
    return row is not None
