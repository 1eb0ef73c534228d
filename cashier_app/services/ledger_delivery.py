"""Takes what this till counts to the store's ledger: each movement once, in order."""

from __future__ import annotations

import logging
import random
import threading
import uuid
from collections.abc import Callable

from msgspec.structs import replace

from cashier_app.errors import KnownError
from cashier_app.ports.ledger import (
    FeedState,
    LedgerAwayError,
    LedgerFeed,
    LedgerQueue,
    LedgerRefusedError,
    LineBrokenError,
    LineEnd,
    SharedLedger,
    ToldMovement,
)
from cashier_app.services.pace import backoff

logger = logging.getLogger(__name__)

BATCH = 500
FILLED_AT_ONCE = 100
"""Sales of before in one transaction here: a cashier's commit waits for one at most."""

IDLE_SECONDS = 5.0
FIRST_WAIT_SECONDS = 1.0
LONGEST_WAIT_SECONDS = 300.0


class LedgerDelivery:
    """One till's line to the ledger. For one thread at a time, but for `trouble`.

    The ledger takes a batch as a whole and knows its own end of the line; so after anything of which the
    outcome is not known, it is asked where the line ends before anything is sent again. Where the two ends do
    not fit together (a folder or a ledger put back from a backup, a rescued till), a new line is begun and
    everything told again as it stands: the ledger counts what that changes, and nothing twice.

    Args:
        feed: What the till keeps until the ledger has it.
        store: The store's name at the ledger.
        till: This till's number.
        new_line: Names a new line; random UUIDs when not given.
    """

    def __init__(
        self,
        ledger: SharedLedger,
        feed: LedgerFeed,
        store: str,
        till: str,
        new_line: Callable[[], str] = lambda: str(uuid.uuid4()),
    ) -> None:
        self._ledger = ledger
        self._feed = feed
        self._store = store
        self._till = till
        self._new_line = new_line
        self._is_known = False
        self.trouble = ""
        """One sentence while nothing can be delivered."""

    def prepare(self) -> None:
        """See to it that from now on everything counted is kept for the ledger.

        Raises:
            KnownError: The database cannot be written.
        """
        state = self._feed.feed_state()
        if state is None or (state.store, state.till) != (self._store, self._till):
            self._begin()

    def step(self) -> bool:
        """Deliver one batch, or write down more of what was sold before; False when nothing is left to do.

        Raises:
            KnownError: Ledger or database did not do as asked; nothing is lost, and it is tried again.
        """
        self.prepare()
        state = self._state()
        try:
            if not self._is_known:
                state = self._find_end(state)
            movements = self._feed.next_movements(BATCH)
            if not movements:
                return self._feed.fill_feed(FILLED_AT_ONCE)
            self._send(state, movements)
        except LineBrokenError:
            # Raised all the same: who calls waits a little, should the ledger find nothing right.
            self._begin()
            raise
        return True

    def queue(self) -> LedgerQueue:
        """Return what waits, and why. Blocking: reads the database.

        Raises:
            KnownError: It cannot be read.
        """
        return replace(self._feed.ledger_queue(), trouble=self.trouble)

    def interrupt(self) -> None:
        """End the call that is under way, and make no other. From any thread."""
        self._ledger.interrupt()

    def close(self) -> None:
        """Let go of the ledger."""
        self._ledger.close()

    def _begin(self) -> None:
        self._is_known = False
        self._feed.begin_feed(self._new_line(), self._store, self._till)

    def _state(self) -> FeedState:
        state = self._feed.feed_state()
        if state is None:
            raise KnownError("The ledger was taken out of the settings.")
        return state

    def _send(self, state: FeedState, movements: list[ToldMovement]) -> None:
        self._is_known = False
        last = self._ledger.append(state, movements)
        if last != movements[-1].sequence:
            raise LineBrokenError("The ledger is further than this till.")
        self._feed.confirm_feed(LineEnd(last, movements[-1].mark))
        self._is_known = True

    def _find_end(self, state: FeedState) -> FeedState:
        """Ask the ledger how far the line is; let go of what it turns out to have."""
        end = self._ledger.end_of(state)
        if end != state.confirmed:
            further = state.confirmed.sequence < end.sequence <= state.made.sequence
            if not further or self._feed.mark_at(end.sequence) != end.mark:
                raise LineBrokenError("The ledger's end of the line is not this till's.")
            self._feed.confirm_feed(end)
        self._is_known = True
        return self._state()


class LedgerSender:
    """The thread that delivers: wakes by itself every few seconds, waits longer while the ledger fails.

    Args:
        changed: Told when trouble begins or ends.
        chance: Spreads tills that failed together.
    """

    def __init__(
        self,
        delivery: LedgerDelivery,
        changed: Callable[[], None] = lambda: None,
        chance: random.Random | None = None,
    ) -> None:
        self.delivery = delivery
        self._changed = changed
        self._chance = chance or random.Random()  # noqa: S311 - spreads tills, guards nothing
        self._failures = 0
        self._awake = threading.Event()
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="ledger sender", daemon=True)

    def start(self) -> None:
        """Begin a line where none is, then start the thread.

        It is begun before anybody can sell: what is sold from now on is kept for the ledger.

        Raises:
            KnownError: The database cannot be written.
        """
        self.delivery.prepare()
        self._thread.start()

    def wake(self) -> None:
        """Look at once, whatever was waited for. From any thread."""
        self._awake.set()

    def stop(self) -> None:
        """End the call under way and the thread; what is not confirmed is looked up at the next start."""
        self._stopping.set()
        self.wake()
        self.delivery.interrupt()
        if self._thread.ident is not None:
            self._thread.join()
        self.delivery.close()

    def _run(self) -> None:
        while not self._stopping.is_set():
            self._awake.clear()
            pause = self._guarded_step()
            if pause and not self._stopping.is_set():
                self._awake.wait(pause)

    def _guarded_step(self) -> float:
        """Keep the thread alive, whatever a step meets; return seconds to wait."""
        try:
            more = self.delivery.step()
        except (LedgerAwayError, LedgerRefusedError) as error:
            return self._failed(error.sentence, error.detail)
        except KnownError as error:
            logger.warning("the ledger's sender goes on: %s", error.sentence)
            return self._failed(error.sentence, "")
        except Exception:
            logger.exception("the ledger's sender met a bug and goes on")
            return self._failed("Something went wrong while the store's ledger was told.", "")
        self._failures = 0
        self._tell("")
        return 0.0 if more else IDLE_SECONDS

    def _failed(self, sentence: str, detail: str) -> float:
        self._failures += 1
        if not self._stopping.is_set():
            logger.info("the ledger: %s %s", sentence, detail)
            self._tell(sentence)
        return backoff(self._failures - 1, FIRST_WAIT_SECONDS, LONGEST_WAIT_SECONDS, self._chance)

    def _tell(self, trouble: str) -> None:
        if trouble != self.delivery.trouble:
            self.delivery.trouble = trouble
            self._changed()
