"""The queue as the window sees it, before the services behind it are open."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    # What the first frame need not wait for.
    from cashier_app.domain.settlement import Truth
    from cashier_app.ports.journal import SettledEffect, UnsentSale
    from cashier_app.services.reconciliation import Comparison, Reconciliation, SaleComparison
    from cashier_app.services.workshop import Workshop


class LazyQueue:
    """The queue of a till whose workshop may not be open yet. Every method blocks: for worker threads."""

    def __init__(
        self, workshop: Callable[[], Workshop], reconciliation: Callable[[], Reconciliation]
    ) -> None:
        self._workshop = workshop
        self._reconciliation = reconciliation

    def unsent(self) -> list[UnsentSale]:
        """Return the sales not posted yet."""
        return self._workshop().queue.unsent()

    def send_all_now(self) -> None:
        """Try everything that waits at once."""
        self._workshop().queue.send_all_now()

    def look_up_now(self, key: str) -> None:
        """Ask the backend what became of an effect."""
        self._workshop().queue.look_up_now(key)

    def send_again(self, key: str) -> None:
        """Try one effect at once; one in doubt is looked up first."""
        self._workshop().queue.send_again(key)

    def settled(self) -> list[SettledEffect]:
        """Return what was settled by hand, the newest first."""
        return self._workshop().queue.settled()

    def settle_by_hand(self, key: str, truth: Truth, by: str, reason: str) -> None:
        """End an effect that needs attention, for good.

        Raises:
            KnownError: It cannot be taken; the sentence says why.
        """
        self._workshop().queue.settle_by_hand(key, truth, by, reason)

    def export(self, path: Path) -> None:
        """Write the queue to a .csv or .json file, for support.

        Raises:
            KnownError: The file cannot be written.
        """
        self._workshop().queue.export(path)

    def compare(
        self, since: datetime, progress: Callable[[int, int], None], stop: threading.Event
    ) -> Comparison:
        """Compare the sales since then, UTC, with the backend's books; changes nothing.

        Raises:
            KnownError: The backend's books cannot be read.
        """
        return self._reconciliation().compare(since, progress, stop)

    def compare_again(self, sale_id: str) -> SaleComparison:
        """Compare one sale again.

        Raises:
            KnownError: The backend does not answer.
        """
        return self._reconciliation().compare_again(sale_id)

    def send_after_comparing(self, key: str) -> None:
        """Send an effect the backend does not have once more, with the same key.

        Raises:
            KnownError: The backend did not take it.
        """
        self._reconciliation().send_again(key)
