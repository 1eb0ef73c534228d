"""The sales that are not posted yet, and what a person may do about them."""

from __future__ import annotations

from pathlib import Path

from cashier_app.domain.settlement import Truth
from cashier_app.ports.clock import Clock
from cashier_app.ports.journal import Journal, SettledEffect, UnsentSale
from cashier_app.services.queue_export import MOST_SALES, export_lines, write_export
from cashier_app.services.sender import Sender
from cashier_app.services.settlement import Settling

MOST_LISTED = 1000
"""Sales a screen lists; the oldest go first, so the rest come into sight as these are posted."""


class SalesQueue:
    """The queue as people see it. Nothing here can delete a sale."""

    def __init__(self, journal: Journal, sender: Sender, clock: Clock, *, training: bool = False) -> None:
        self._journal = journal
        self._sender = sender
        self._clock = clock
        self._training = training
        self._settling = Settling(journal, clock)

    def unsent(self) -> list[UnsentSale]:
        """Return the sales not posted yet, at most `MOST_LISTED`; blocking, for a worker thread."""
        return self._journal.unsent(MOST_LISTED)

    def settled(self) -> list[SettledEffect]:
        """Return what was settled by hand, the newest first; blocking, for a worker thread."""
        return self._journal.settled(MOST_LISTED)

    def settle_by_hand(self, key: str, truth: Truth, by: str, reason: str) -> None:
        """End an effect that needs attention as a manager says; blocking, for a worker thread.

        Raises:
            KnownError: It cannot be taken; the sentence says why.
        """
        self._settling.settle(key, truth, by, reason)
        self._sender.settled()

    def export(self, path: Path) -> None:
        """Write the queue and all that was settled to a .csv or .json file; blocking, for a worker thread.

        Raises:
            KnownError: The file cannot be written.
        """
        lines = export_lines(self._journal.unsent(MOST_SALES), self._journal.settled(MOST_SALES))
        # Made by a press, it is opened in a spreadsheet: those know the encoding by the mark.
        write_export(path, lines, byte_order_mark=True, training=self._training)

    def send_all_now(self) -> None:
        """Try everything that waits at once, whatever its backoff says; blocking, for a worker thread."""
        self._journal.make_due()
        self._sender.hurry()

    def look_up_now(self, key: str) -> None:
        """Ask the backend what became of an effect; what it does not have is sent again with the same key."""
        self._sender.look_up(key)

    def send_again(self, key: str) -> None:
        """Try one effect at once; one in doubt is looked up first, always."""
        self._sender.look_up(key)
