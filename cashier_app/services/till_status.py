"""What goes on around the sale: connection, queue, today's figures, and how far the last sale has got."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal

from msgspec import Struct

from cashier_app.domain.sale import OF_RETURNS, UNDOES_A_SALE, EffectKind, EffectState
from cashier_app.ports.clock import Clock
from cashier_app.ports.journal import DayFigures, EffectRow, Journal, QueueCounts, SaleLine
from cashier_app.ports.local_state import LocalState
from cashier_app.services.connection import ConnectionWatch
from cashier_app.services.till_settings import TillSettings
from cashier_app.services.till_view import Connection, Posting, Today

LAST_SALES = 3
TOLD_FOR = timedelta(days=1)
"""How long the idle screen tells that a damaged database was set right."""

NO_FIGURES = DayFigures(0, 0, 0, Decimal(0), None, None)
UNKNOWN_CONNECTION = Connection(online=True, offline_since=None, counts=QueueCounts(0, 0))


class Progress(Struct, frozen=True):
    """How far the backend has got with one sale.

    Args:
        earned: Points it booked for the sale; None until it said so.
        balance: Balance after the last effect it booked; None until it said so.
    """

    sale_id: str
    posting: Posting
    earned: Decimal | None
    balance: Decimal | None


class Status(Struct, frozen=True):
    """One reading of everything around the sale."""

    connection: Connection
    today: Today
    progress: Progress | None


class StatusReader:
    """Blocking reads of the journal, for a worker thread."""

    def __init__(
        self,
        journal: Journal,
        connection: ConnectionWatch,
        clock: Clock,
        settings: TillSettings,
        local_state: Callable[[], LocalState] | None = None,
    ) -> None:
        self._journal = journal
        self._local_state = local_state
        self._connection = connection
        self._clock = clock
        self._settings = settings

    def read(self, sale_id: str | None) -> Status:
        """Read the state of the till and, when asked, of one finished sale."""
        zone = self._settings.zone
        watch = self._connection
        now = self._clock.now()
        figures = self._journal.day_figures(now.astimezone(zone).date())
        local = None if self._local_state is None else self._local_state()
        recovery = local.recovery if local and local.recovery and now - local.recovery.at < TOLD_FOR else None
        last_sales = tuple(self._journal.recent(LAST_SALES))
        return Status(
            connection=Connection(
                watch.online,
                watch.offline_since,
                self._journal.counts(),
                watch.sign_in_needed,
                self._journal.oldest_unsent(),
            ),
            today=Today(
                figures,
                last_sales,
                recovery,
                short_of_space=local is not None and local.short_of_space,
                undone=self._undone_of(last_sales),
            ),
            progress=None if sale_id is None else self._progress(sale_id),
        )

    def _undone_of(self, lines: tuple[SaleLine, ...]) -> frozenset[str]:
        ids = (line.sale.sale_id for line in lines)
        return frozenset(sale_id for sale_id in ids if self._is_undone(sale_id))

    def _is_undone(self, sale_id: str) -> bool:
        rows = self._journal.effects_of(sale_id)
        return any(
            row.effect.kind in OF_RETURNS and row.effect.reason in UNDOES_A_SALE and not row.withdrawn
            for row in rows
        )

    def _progress(self, sale_id: str) -> Progress:
        rows = [row for row in self._journal.effects_of(sale_id) if _counts(row)]
        booked = [row.booked for row in rows if row.booked is not None]
        earned = next(
            (row.booked.points for row in rows if row.booked and row.effect.kind is EffectKind.SALE), None
        )
        return Progress(sale_id, self._posting(rows), earned, booked[-1].balance if booked else None)

    def _posting(self, rows: list[EffectRow]) -> Posting:
        states = {row.state for row in rows}
        if not rows:
            return Posting.NOTHING_TO_POST
        if EffectState.NEEDS_ATTENTION in states:
            return Posting.NEEDS_ATTENTION
        if states <= {EffectState.POSTED, EffectState.DROPPED}:
            # What was settled by hand as not booked is not called posted.
            return Posting.POSTED if EffectState.DROPPED not in states else Posting.NOTHING_TO_POST
        waiting = not self._connection.online or self._connection.sign_in_needed
        return Posting.WAITING if waiting else Posting.POSTING


def _counts(row: EffectRow) -> bool:
    """A hold is not part of the finished sale."""
    return row.effect.kind not in {EffectKind.RESERVE, EffectKind.RELEASE}
