"""Settling an effect by hand, and what reports of the queue and of the backend's books read."""

from __future__ import annotations

from datetime import datetime

from cashier_app.domain.sale import EffectState
from cashier_app.domain.settlement import Settlement, Truth
from cashier_app.ports.journal import RecordedSale, SettledEffect
from cashier_app.storage import effect_rows, settling
from cashier_app.storage.database import Database
from cashier_app.storage.offline_rows import note_loss
from cashier_app.storage.rollups import Rollups
from cashier_app.storage.rows import EFFECT_COLUMNS, effect_row


class SettledRows:
    """Methods of the journal; see the port for what each promises."""

    _database: Database
    rollups: Rollups

    def oldest_unsent(self) -> datetime | None:
        """Return when the oldest sale not wholly posted was made, UTC."""
        with self._database.reading() as connection:
            return settling.oldest_unsent(connection)

    def settle_by_hand(self, settlement: Settlement) -> bool:
        """End an effect that needs attention as a manager says, in one transaction with who and why."""
        with self._database.writing() as connection:
            found = connection.execute(
                f"SELECT {EFFECT_COLUMNS} FROM effect WHERE key = ?",  # noqa: S608 - a constant
                (settlement.key,),
            ).fetchone()
            row = None if found is None else effect_row(found)
            if row is None or row.state is not EffectState.NEEDS_ATTENTION:
                return False
            state, answer = settling.ending(settlement.truth)
            effect_rows.move(connection, self.rollups, row, state, answer=answer, at=settlement.at)
            settling.record(connection, settlement)
            self.rollups.corrected(connection, row.effect)
            if settlement.truth is Truth.NOT_BOOKED:
                note_loss(connection, self.rollups, row, settling.SETTLED, settlement.at)
            return True

    def settled(self, limit: int = 500) -> list[SettledEffect]:
        """Return what was settled by hand, the newest first."""
        with self._database.reading() as connection:
            return settling.settled(connection, limit)

    def count_recorded(self, since: datetime) -> int:
        """Return how many sales with effects were made since then."""
        with self._database.reading() as connection:
            return settling.count_recorded(connection, since)

    def recorded(self, since: datetime, after: int, limit: int) -> list[RecordedSale]:
        """Return sales with effects made since then, behind this count, in the order of their numbers."""
        with self._database.reading() as connection:
            return settling.recorded(connection, since, after, limit)
