"""The sales that are not posted yet, and what a person may do about them."""

from __future__ import annotations

from cashier_app.ports.clock import Clock
from cashier_app.ports.journal import Journal, UnsentSale
from cashier_app.services.sender import Sender


class SalesQueue:
    """The queue as people see it. Nothing here can delete a sale."""

    def __init__(self, journal: Journal, sender: Sender, clock: Clock) -> None:
        self._journal = journal
        self._sender = sender
        self._clock = clock

    def unsent(self) -> list[UnsentSale]:
        """Return the sales not posted yet; blocking, for a worker thread."""
        return self._journal.unsent()

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
