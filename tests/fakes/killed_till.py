"""A till that delivers to a ledger and kills itself on the way: `python -m tests.fakes.killed_till ...`.

Arguments: folder, store, till, address, what it dies after, and how many times it does that first.
"""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Sequence
from pathlib import Path

from cashier_app.ledger.connecting import LedgerAddress
from cashier_app.ledger.line import PostgresLine
from cashier_app.ports.credentials import Secret
from cashier_app.ports.ledger import FeedState, LineEnd, ToldMovement
from cashier_app.services import ledger_delivery
from cashier_app.services.ledger_delivery import LedgerDelivery
from cashier_app.storage.journal import SqliteJournal
from tests.fakes.chain_till import INDIA
from tests.fakes.postgres_server import PASSWORDS, TILL


class _Dying:
    """Counts down, then kills its own process as a power cut would."""

    def __init__(self, after: str, times: int) -> None:
        self._after = after
        self._left = times

    def passed(self, where: str) -> None:
        if where == self._after:
            self._left -= 1
            if self._left < 0:
                os.kill(os.getpid(), signal.SIGKILL)


class _Line(PostgresLine):
    def __init__(self, address: LedgerAddress, dying: _Dying) -> None:
        super().__init__(lambda: address)
        self._dying = dying

    def append(self, state: FeedState, movements: Sequence[ToldMovement]) -> int:
        self._dying.passed("before append")
        last = super().append(state, movements)
        self._dying.passed("append")
        return last


class _Journal(SqliteJournal):
    dying: _Dying

    def confirm_feed(self, end: LineEnd) -> None:
        super().confirm_feed(end)
        self.dying.passed("confirm")

    def fill_feed(self, limit: int) -> bool:
        more = super().fill_feed(limit)
        self.dying.passed("fill")
        return more


class MarkedSentFirst(LedgerDelivery):
    """A planted bug: movements are let go of before the ledger has them."""

    def _send(self, state: FeedState, movements: list[ToldMovement]) -> None:
        self._feed.confirm_feed(LineEnd(movements[-1].sequence, movements[-1].mark))
        self._ledger.append(state, movements)
        self._is_known = True


def deliver(
    folder: Path, store: str, till: str, address: str, after: str, times: int, kind: str = "right"
) -> None:
    """Deliver everything, unless killed before."""
    ledger_delivery.BATCH = 7
    ledger_delivery.FILLED_AT_ONCE = 5
    dying = _Dying(after, times)
    journal = _Journal(folder / "till.sqlite", till, zone=INDIA)
    journal.dying = dying
    line = _Line(LedgerAddress(address, password=Secret(PASSWORDS[TILL])), dying)
    made = MarkedSentFirst if kind == "marked sent first" else LedgerDelivery
    delivery = made(line, journal, store, till)
    while delivery.step():
        pass
    delivery.close()
    journal.close()


if __name__ == "__main__":
    given = sys.argv[1:]
    deliver(Path(given[0]), given[1], given[2], given[3], given[4], int(given[5]), *given[6:])
