"""The sender's thread: woken by a commit, by the network's return or by a due time."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable

from cashier_app.errors import KnownError
from cashier_app.ports.clock import Clock
from cashier_app.ports.journal import Journal
from cashier_app.services.connection import ConnectionWatch
from cashier_app.services.crew import Crew
from cashier_app.services.delivery import Delivery
from cashier_app.services.moves import SIGN_IN_WAIT_SECONDS

logger = logging.getLogger(__name__)

IDLE_SECONDS = 30.0
LEAST_PAUSE_SECONDS = 0.05
AFTER_TROUBLE_SECONDS = 1.0
SAID_EVERY_SECONDS = 0.5
"""How often a long queue's progress is told: who listens reads the database each time."""


class Sender:
    """The one thread that owns delivery, woken by a commit, by the network's return or by a due time.

    Args:
        changed: Told that effects moved: at once after a rest, and a few times a second in a long queue.
        at_once: How many accounts may be sent for at the same time.
    """

    def __init__(
        self,
        delivery: Delivery,
        journal: Journal,
        clock: Clock,
        connection: ConnectionWatch,
        changed: Callable[[], None],
        at_once: int = 4,
    ) -> None:
        self._delivery = delivery
        self._journal = journal
        self._clock = clock
        self._connection = connection
        self._changed = changed
        self._crew = Crew(delivery, at_once)
        self._untold = False
        self._told_at = float("-inf")
        self._awake = threading.Event()
        self._stopping = threading.Event()
        self._hurried = threading.Event()
        self._settled = threading.Event()
        self._wishes: list[str] = []
        self._thread = threading.Thread(target=self._run, name="sender", daemon=True)
        connection.subscribe(self._wake_when_online)

    def start(self) -> None:
        """Settle what an earlier process left behind, then start the thread.

        It is settled before anybody can sell: later, a hold under way could be taken for one left behind.

        Raises:
            KnownError: The database cannot be written.
        """
        self._delivery.recover()
        self._thread.start()

    def wake(self) -> None:
        """Look at the queue now. From any thread."""
        self._awake.set()

    def hurry(self) -> None:
        """Look at the queue now, even while the backend fails; what it asked for holds. From any thread."""
        self._hurried.set()
        self.wake()

    def settled(self) -> None:
        """Tell that a person ended an effect, and go on with what waited behind it. From any thread."""
        self._settled.set()
        self.wake()

    def look_up(self, key: str) -> None:
        """Look this effect up as soon as possible. From any thread."""
        self._wishes.append(key)
        self.wake()

    def stop(self) -> None:
        """End all threads after the requests they are in, at most one post's deadline away."""
        self._stopping.set()
        self._delivery.end()
        self.wake()
        if self._thread.ident is not None:
            self._thread.join()

    def _wake_when_online(self) -> None:
        # A cashier's scan may be the first to notice that the backend is back.
        if self._connection.online:
            self.wake()

    def _run(self) -> None:
        while not self._stopping.is_set():
            self._awake.clear()
            pause = self._guarded_round()
            if not self._stopping.is_set():
                self._awake.wait(pause)
        self._crew.close()

    def _round(self) -> None:
        if self._settled.is_set():
            self._settled.clear()
            self._untold = True
        if self._wishes:
            self._crew.finish()
        while self._wishes and not self._stopping.is_set():
            self._delivery.look_up(self._wishes.pop(0))
            self._changed()
        if self._hurried.is_set():
            self._hurried.clear()
            self._delivery.pace.back()
        if not self._connection.online and self._delivery.pace.probe_wait() <= 0:
            self._delivery.probe()
        self._delivery.tidy()
        try:
            self._send_what_is_due()
        finally:
            self._tell_of(0, last=True)

    def _send_what_is_due(self) -> None:
        while not (self._stopping.is_set() or self._wishes or self._hurried.is_set()):
            self._crew.hand_out()
            if not self._crew.busy:
                return
            self._tell_of(self._crew.collect(SAID_EVERY_SECONDS))

    def _tell_of(self, moved: int, *, last: bool = False) -> None:
        self._untold = self._untold or moved > 0
        now = self._clock.monotonic()
        if self._untold and (last or now - self._told_at >= SAID_EVERY_SECONDS):
            self._untold, self._told_at = False, now
            self._changed()

    def _pause(self) -> float:
        pace = self._delivery.pace
        if not self._connection.online:
            return max(pace.probe_wait(), LEAST_PAUSE_SECONDS)
        due = self._journal.next_due_at()
        if due is None:
            return IDLE_SECONDS
        if self._connection.sign_in_needed:
            return SIGN_IN_WAIT_SECONDS
        until_due = (due - self._clock.now()).total_seconds()
        return min(max(until_due, pace.wait(), LEAST_PAUSE_SECONDS), IDLE_SECONDS)

    def _guarded_round(self) -> float:
        """Keep the thread alive, whatever a round meets: sales must be posted. Return seconds to wait."""
        try:
            self._round()
            return self._pause()
        except KnownError as error:
            logger.warning("the sender goes on: %s", error.sentence)
        except Exception:
            logger.exception("the sender met a bug and goes on")
        # Not on the event: each wish and each commit would try again at once.
        self._stopping.wait(AFTER_TROUBLE_SECONDS)
        return IDLE_SECONDS
