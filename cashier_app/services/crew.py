"""Several hands for the one sender: effects of different accounts go out at once, those of one in order."""

from __future__ import annotations

import logging
from collections import deque
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait

from cashier_app.errors import KnownError
from cashier_app.ports.journal import EffectRow
from cashier_app.services.delivery import Delivery

logger = logging.getLogger(__name__)


class Crew:
    """Takes effects from the delivery and has a few threads deliver them. All methods belong to one thread.

    Threads come as they are needed: a till that posts sale by sale has one.

    Args:
        hands: How many effects may be under way at once.
    """

    def __init__(self, delivery: Delivery, hands: int) -> None:
        self._delivery = delivery
        self._hands = hands
        self._pool = ThreadPoolExecutor(hands, thread_name_prefix="sender")
        self._under_way: dict[Future[None], EffectRow] = {}
        self._taken: deque[EffectRow] = deque()

    @property
    def busy(self) -> bool:
        """Say whether anything is under way."""
        return bool(self._under_way)

    def hand_out(self) -> None:
        """Give each free hand the next effect that may be sent.

        The database is looked at once for many effects: only when all that was taken is handed out.

        Raises:
            KnownError: The journal cannot be read or written.
        """
        while len(self._under_way) < self._delivery.at_once(self._hands):
            if not self._taken:
                self._taken.extend(self._delivery.take(self._under_way.values()))
            if not self._taken:
                return
            row = self._taken.popleft()
            self._under_way[self._pool.submit(self._delivery.deliver, row)] = row
        if not self._under_way:
            # Nothing may be sent for a while; what is due then is asked anew.
            self._taken.clear()

    def collect(self, seconds: float | None = None) -> int:
        """Wait until one of those under way has ended, at most so long; return how many have.

        Raises:
            KnownError: What came of one cannot be written.
        """
        ended, _ = wait(self._under_way, seconds, FIRST_COMPLETED)
        failures = []
        for one in ended:
            del self._under_way[one]
            failure = one.exception()
            if failure is not None:
                failures.append(failure)
        for failure in failures[1:]:
            if not isinstance(failure, KnownError):
                logger.error("a hand of the sender met a bug", exc_info=failure)
        if failures:
            raise failures[0]
        return len(ended)

    def finish(self) -> None:
        """Wait until nothing is under way; what was taken besides is due again.

        Raises:
            KnownError: What came of one cannot be written.
        """
        self._taken.clear()
        while self._under_way:
            self.collect()

    def close(self) -> None:
        """End the threads after the requests they are in."""
        self._pool.shutdown(wait=True, cancel_futures=True)
