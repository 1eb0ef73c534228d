"""What cures a till's problems: each action of a report that is more than opening a page."""

from __future__ import annotations

import threading
from collections.abc import Callable

from msgspec import Struct
from msgspec.structs import replace

from cashier_app.errors import KnownError
from cashier_app.ports.clock import Clock
from cashier_app.ports.journal import Journal
from cashier_app.ports.local_state import LocalState
from cashier_app.ports.loyalty import LoyaltyBackend
from cashier_app.services.connection import ConnectionWatch
from cashier_app.services.figures_check import FiguresCheck
from cashier_app.services.health import MOST_DISCOUNTS, Action
from cashier_app.services.health_marks import Seen, keep_mark, mark_in
from cashier_app.services.holds_watch import HoldsWatch
from cashier_app.services.lookup import MemberLookup
from cashier_app.services.sender import Sender

Progress = Callable[[int, int], None]

OF_THE_WINDOW = frozenset(
    {
        *(Action.OPEN_QUEUE, Action.OPEN_SIGN_IN, Action.OPEN_STAFF, Action.OPEN_RETURN),
        *(Action.COMPARE, Action.CLOSE_TILL),
    }
)
"""What only opens or closes something."""


class Curing(Struct, frozen=True):
    """Whoever can cure something.

    Args:
        back_up: Writes a backup now and reads it back.
        keep_reserve: Sets room aside for a full disk again.
        figures: None where no figures are kept.
        send_ledger: Sends what a shared ledger has not been told; None where there is none.
    """

    journal: Journal
    backend: LoyaltyBackend
    connection: ConnectionWatch
    clock: Clock
    sender: Sender
    lookup: MemberLookup
    holds: HoldsWatch
    back_up: Callable[[], object]
    keep_reserve: Callable[[], None]
    local_state: Callable[[], LocalState]
    figures: FiguresCheck | None = None
    send_ledger: Callable[[], None] | None = None


class HealthActions:
    """Does one thing at a person's wish. Blocking, for a worker thread."""

    def __init__(self, curing: Curing) -> None:
        self._with = curing

    def do(  # noqa: C901 - a case an action
        self,
        action: Action,
        by: str = "",
        progress: Progress = lambda _done, _all: None,
        stop: threading.Event | None = None,
    ) -> None:
        """Do what the button of a problem says; the next report tells what came of it.

        Args:
            action: None of `OF_THE_WINDOW`: asking for one of those is a bug.
            by: Who wished it, for the audit log.
            progress: Hears how far it is, on this thread, where it takes long.
            stop: Ends what takes long.

        Raises:
            KnownError: It did not work; the sentence says why.
        """
        stop = stop or threading.Event()
        match action:
            case Action.SEND_NOW:
                self._with.journal.make_due()
                self._with.sender.hurry()
            case Action.LOOK_NOW:
                self._look_now()
            case Action.READ_PROGRAM:
                self._with.lookup.program()
            case Action.RELEASE_HOLDS:
                self._release_holds()
            case Action.BACK_UP:
                self._with.back_up()
            case Action.FREE_SPACE:
                self._with.keep_reserve()
            case Action.VERIFY_FIGURES:
                self._figures().verify(progress, stop)
            case Action.REBUILD_FIGURES:
                self._figures().rebuild(progress, stop)
            case Action.SEND_LEDGER if self._with.send_ledger is not None:
                self._with.send_ledger()
            case Action.DISCOUNTS_SEEN:
                self._discounts_seen(by)
            case Action.LOSS_SEEN:
                self._loss_seen(by)
            case _:
                raise ValueError(f"{action.value} is not done here")

    def _look_now(self) -> None:
        connection = self._with.connection
        if not self._with.backend.is_reachable():
            connection.silent()
            raise KnownError("The loyalty system does not answer.")
        connection.answered(sign_in_needed=connection.sign_in_needed)
        self._with.sender.hurry()

    def _release_holds(self) -> None:
        self._with.holds.release()
        self._with.sender.hurry()

    def _figures(self) -> FiguresCheck:
        if self._with.figures is None:
            raise ValueError("no figures are kept here")
        return self._with.figures

    def _discounts_seen(self, by: str) -> None:
        losses = self._with.journal.discrepancies(MOST_DISCOUNTS)
        self._seen(replace(self._marked(), discounts=tuple(loss.key for loss in losses)), "discounts", by)

    def _loss_seen(self, by: str) -> None:
        recovery = self._with.local_state().recovery
        if recovery is not None:
            self._seen(replace(self._marked(), recovery=recovery.at), "lost sales", by)

    def _marked(self) -> Seen:
        return mark_in(self._with.journal, Seen) or Seen()

    def _seen(self, seen: Seen, what: str, by: str) -> None:
        keep_mark(self._with.journal, seen)
        self._with.journal.note("health", "seen", f"{what} {by}".rstrip(), self._with.clock.now())
