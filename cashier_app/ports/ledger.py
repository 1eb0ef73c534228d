"""The ledger the tills of a store share: what a till tells it, and what waits here to be told."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from msgspec import Struct

from cashier_app.domain.counting import Movement
from cashier_app.errors import KnownError


class LedgerAwayError(KnownError):
    """The ledger gave no answer: whether it took what it was told is not known until it is asked."""


class LedgerRefusedError(KnownError):
    """The ledger answered, and will not have it: a password, rights, its version, a full disk."""


class LineBrokenError(KnownError):
    """The ledger's line of this till and the till's own do not fit together."""


class ToldMovement(Struct, frozen=True):
    """One movement in a till's line to the ledger.

    Args:
        sequence: From 1, without gaps.
        mark: A hash over this movement and all before it.
        act: What happened as a whole: a sale, one return of it, another act. The same for all that follows.
        movement: Its member's id is there only where this till saw the member for the first time.
        restated: This is all the act counts by now, not only what changed: told again, or late.
        whole: Everything the act counts is still known here; what is not, the ledger knows better.
    """

    sequence: int
    mark: str
    act: str
    movement: Movement
    restated: bool = False
    whole: bool = True


class LineEnd(Struct, frozen=True):
    """How far a line is; sequence 0 and no mark at its beginning."""

    sequence: int = 0
    mark: str = ""


class FeedState(Struct, frozen=True):
    """A till's line as the till knows it.

    Args:
        line: A UUID, new for each beginning.
        store: As the ledger knows it.
        till: This till's number.
        confirmed: What the ledger is known to have.
        made: The last movement written here.
    """

    line: str
    store: str
    till: str
    confirmed: LineEnd
    made: LineEnd


class LedgerQueue(Struct, frozen=True):
    """What the ledger is still to be told, for whoever looks after the till.

    Args:
        waiting: Movements.
        oldest_at: When the oldest of them was written here, UTC; None without any.
        filling: Sales of before are still being told.
        trouble: One sentence while they cannot be delivered; empty when all is well.
    """

    waiting: int = 0
    oldest_at: datetime | None = None
    filling: bool = False
    trouble: str = ""


class SharedLedger(Protocol):
    """The ledger as a till writes it; blocking, for one worker thread.

    Raises:
        KnownError: One of the three above, from every method.
    """

    def end_of(self, state: FeedState) -> LineEnd:
        """Return how far a line is at the ledger; the first call begins it."""

    def append(self, state: FeedState, movements: Sequence[ToldMovement]) -> int:
        """Add the next movements to a line, all or none, and return the last sequence there is."""

    def interrupt(self) -> None:
        """End the call another thread is in; it raises `LedgerAwayError`."""

    def close(self) -> None:
        """Let go of the connection."""


class LedgerFeed(Protocol):
    """What the till keeps for the ledger until it has it. When a method that writes returns, it is on disk.

    Raises:
        KnownError: From every method, when the database cannot be read or written.
    """

    def feed_state(self) -> FeedState | None:
        """Return the line that was begun, or None where nothing is kept for a ledger."""

    def begin_feed(self, line: str, store: str, till: str) -> None:
        """Begin a new line: what waits is let go of, and everything is told again as it stands."""

    def end_feed(self) -> None:
        """Keep nothing for a ledger any more."""

    def next_movements(self, limit: int) -> list[ToldMovement]:
        """Return what is to be delivered next, in order."""

    def mark_at(self, sequence: int) -> str | None:
        """Return the mark of a movement that waits here, or None when it does not."""

    def confirm_feed(self, end: LineEnd) -> None:
        """Let go of everything up to there: the ledger has it."""

    def fill_feed(self, limit: int) -> bool:
        """Write some more sales of before into the line; False once all are in it."""

    def ledger_queue(self) -> LedgerQueue:
        """Return what waits, without trouble, which is not known here."""
