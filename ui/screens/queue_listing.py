"""What the queue's drawer lists: the sales read last, those of one tab, and where each of them stands."""

from __future__ import annotations

from datetime import datetime
from enum import Enum

from cashier_app.ports.journal import QueueCounts, SettledEffect, UnsentSale
from cashier_app.wording import Wording
from cashier_app.wording.queue import QueueRowWords, needs_person, queue_row, settled_row


class Tab(Enum):
    """Which sales are listed."""

    ALL = "all"
    NEEDS_ATTENTION = "needs attention"
    WAITING = "waiting"
    SETTLED = "settled"


class QueueListing:
    """The sales read last. `in_all` is what the header counts, which may be more than is read."""

    def __init__(self) -> None:
        self.unsent: list[UnsentSale] = []
        self.settled: list[SettledEffect] = []
        self.listed: list[UnsentSale | SettledEffect] = []
        self.in_all: QueueCounts | None = None
        self.tab = Tab.ALL

    def counts(self) -> QueueCounts:
        """Return how many sales need a person and how many do not."""
        stuck = sum(needs_person(one) for one in self.unsent)
        read = QueueCounts(len(self.unsent) - stuck, stuck)
        if self.in_all is None or _total(self.in_all) <= _total(read):
            return read
        return self.in_all  # more than a list can hold

    def list_tab(self) -> None:
        """List the sales of the tab chosen."""
        if self.tab is Tab.SETTLED:
            self.listed = list(self.settled)
        elif self.tab is Tab.ALL:
            self.listed = list(self.unsent)
        else:
            wanted = self.tab is Tab.NEEDS_ATTENTION
            self.listed = [one for one in self.unsent if needs_person(one) == wanted]

    def words_at(self, at: int, wording: Wording, now: datetime) -> QueueRowWords:
        """Return the row at a place of the list. `now` is UTC."""
        one = self.listed[at]
        if isinstance(one, SettledEffect):
            return settled_row(one, wording, now)
        return queue_row(one, wording, now)

    def place(self, row_id: str) -> int:
        """Return where a row stands in the list, or -1."""
        return next((at for at, one in enumerate(self.listed) if _row_id(one) == row_id), -1)

    def unsent_sale(self, sale_id: str) -> UnsentSale | None:
        """Return a sale not posted yet by its id."""
        return next((one for one in self.unsent if one.sale.sale_id == sale_id), None)

    def first_stuck(self) -> str:
        """Return the row of the first sale that needs a person, or an empty text."""
        return next((one.sale.sale_id for one in self.unsent if needs_person(one)), "")


def _row_id(one: UnsentSale | SettledEffect) -> str:
    return one.settlement.key if isinstance(one, SettledEffect) else one.sale.sale_id


def _total(counts: QueueCounts) -> int:
    return counts.waiting + counts.needs_attention
