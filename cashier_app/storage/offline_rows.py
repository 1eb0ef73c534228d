"""What the journal knows of points used offline, and of refunds: the part of it that outlasts an outage."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import apsw

from cashier_app.domain.discrepancy import Discrepancy
from cashier_app.domain.offline_policy import OfflineRecord
from cashier_app.domain.sale import TAKES_POINTS, Effect, EffectState, SaleState
from cashier_app.ports.journal import EffectRow, Seen
from cashier_app.storage import audit, discrepancies, effect_rows, reading, return_rows
from cashier_app.storage.database import Database
from cashier_app.storage.rollups import Rollups
from cashier_app.storage.rows import EFFECT_COLUMNS, effect_row, to_json
from cashier_app.storage.seals import EFFECT_HOLDS

UNCOVERED = "uncovered"
_OPEN = {EffectState.WAITING, EffectState.SENDING, EffectState.UNKNOWN, EffectState.NEEDS_ATTENTION}
# Two indexes hold what is unfinished, so a till's history is not read. The text is searched before anything
# is read as JSON: a queue of ten thousand holds few of these.
_OPEN_USES = f"""
SELECT {EFFECT_COLUMNS} FROM effect WHERE sequence IN (
  SELECT sequence FROM effect WHERE state IN ('waiting', 'sending', 'unknown')
  UNION ALL SELECT sequence FROM effect WHERE state = 'needs attention'
) AND kind IN ('capture', 'redeem') AND instr(body, '"offline":true') AND {EFFECT_HOLDS}
"""  # noqa: S608 - constants


class OfflineRows:
    """Methods of the journal; see the port for what each promises."""

    _database: Database
    rollups: Rollups

    def offline_record(self, member_id: str) -> OfflineRecord:
        """Return what counts against another redemption while offline."""
        with self._database.reading() as connection:
            uses = [effect_row(row).effect for row in connection.execute(_OPEN_USES)]
            last_loss = discrepancies.last_loss(connection, member_id)
        return OfflineRecord(
            open_at_till=sum(effect.discount.minor for effect in uses),
            by_member=sum(effect.member_id == member_id for effect in uses),
            last_loss=last_loss,
        )

    def write_off(self, key: str, because: str, at: datetime) -> None:
        """End a use of points the backend refused, with its discrepancy, in one transaction."""
        with self._database.writing() as connection:
            refused = effect_rows.by_key(connection, key)
            for row in reading.effects_of(connection, refused.effect.sale_id):
                if row.effect.offline and row.state in _OPEN:
                    effect_rows.move(
                        connection,
                        self.rollups,
                        row,
                        EffectState.DROPPED,
                        answer=f"{UNCOVERED}: {because}",
                        at=at,
                    )
            discrepancies.add(connection, self.rollups, refused, because, at)

    def discrepancies(self, limit: int = 500) -> list[Discrepancy]:
        """Return the discounts no points paid for, the newest first."""
        with self._database.reading() as connection:
            return discrepancies.newest(connection, limit)

    def queue_refund(self, refund: Sequence[Effect], seen: Seen | None = None) -> bool:
        """Queue what a return leads to behind all else of its account; once, and as it was reckoned."""
        with self._database.writing() as connection:
            return return_rows.queue(connection, self.rollups, refund, seen)

    def queue_release(self, release: Effect) -> bool:
        """Queue one more release of an abandoned draft's hold; once for each key."""
        with self._database.writing() as connection:
            sale = connection.execute(
                "SELECT state FROM sale WHERE sale_id = ?", (release.sale_id,)
            ).fetchone()
            there = connection.execute("SELECT 1 FROM effect WHERE key = ?", (release.key,)).fetchone()
            if sale != (SaleState.ABANDONED.value,) or there is not None:
                return False
            effect_rows.insert(connection, release, EffectState.WAITING)
            audit.append(connection, release.at, release.key, "release queued", "still held there")
            return True


def note_uses(connection: apsw.Connection, effects: Sequence[Effect]) -> None:
    """Log what is redeemed offline and who confirmed it, inside the caller's transaction."""
    for effect in effects:
        if effect.offline and effect.kind in TAKES_POINTS:
            detail = {
                "points": str(effect.points),
                "minor": effect.discount.minor,
                "confirmed_by": effect.approved_by,
                "because": effect.approved_because,
                "over_minor": effect.approved_over,
            }
            audit.append(connection, effect.at, effect.sale_id, "redeemed offline", to_json(detail))


def note_loss(
    connection: apsw.Connection, rollups: Rollups, row: EffectRow, because: str, at: datetime
) -> None:
    """Write a discrepancy for points a manager says were never booked, inside the caller's transaction."""
    if row.effect.kind in TAKES_POINTS:
        discrepancies.add(connection, rollups, row, because, at)
