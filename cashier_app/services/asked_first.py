"""Returns the loyalty system is asked for before any money is given: two tills may hold the same receipt.

Both would tell it by the same key, the first return of this sale, and each with its own moment: the backend
takes one of them and refuses the other.
"""

from __future__ import annotations

import threading
from collections.abc import Callable

from cashier_app.domain.refund import RefundPlan
from cashier_app.domain.sale import EffectState, Sale
from cashier_app.errors import KnownError
from cashier_app.ports.claims import ClaimSigner
from cashier_app.ports.clock import Clock
from cashier_app.ports.journal import EffectRow, Journal
from cashier_app.ports.loyalty import LoyaltyBackend
from cashier_app.services.connection import ConnectionWatch
from cashier_app.services.returnable import AskedReturn, Returnable
from cashier_app.services.untold_returns import UntoldReturns

ANSWER_SECONDS = 5.0
LOOK_EVERY_SECONDS = 0.03
REFUSED = (
    "The loyalty system does not take this back: it may have come back at another till. Give nothing back."
)
NOT_SAID = (
    "The loyalty system has not said yet whether it takes this back. Give nothing back. Enter asks again."
)
NOT_ASKED = "The loyalty system could not be asked. Nothing was returned: give nothing back."
WITHDRAWN = "withdrawn: no money was given"
_OPEN = frozenset({EffectState.WAITING, EffectState.SENDING, EffectState.UNKNOWN})


class AskedFirst:
    """Blocking: for worker threads.

    Args:
        journal: Says what came of it.
        backend: Says whether it keeps tills from returning the same.
        keys: Say whether other tills can read this one's receipts.
        sending: Called once it is in the queue: it is to be sent now.
        pause: Waits so many seconds between two looks at what came of it.
    """

    def __init__(
        self,
        journal: Journal,
        backend: LoyaltyBackend,
        connection: ConnectionWatch,
        clock: Clock,
        keys: Callable[[], ClaimSigner],
        sending: Callable[[], None] = lambda: None,
        pause: Callable[[float], None] | None = None,
    ) -> None:
        self._journal, self._backend, self._connection = journal, backend, connection
        self._clock, self._keys, self._sending = clock, keys, sending
        self._pause = pause or _wait
        self._untold = UntoldReturns(journal)

    def wanted(self, found: Returnable) -> bool:
        """Say whether a return of this sale is asked for first: another till could return it now as well.

        Raises:
            KnownError: The keys cannot be read.
        """
        can = self._backend.capabilities
        if not (can.guards_returns and can.reads_ledger and found.made and self._connection.online):
            return False
        return found.elsewhere or (found.posted and self._keys().shared)

    def untold(self, sale_id: str) -> AskedReturn | None:
        """Return what was asked for of a sale last, where nobody saw it to its end.

        Raises:
            KnownError: The database cannot be read.
        """
        found = self._untold.of(self._journal.effects_of(sale_id))
        return AskedReturn(found[0].effect, shown=found[1]) if found else None

    def untold_sales(self) -> tuple[Sale, ...]:
        """Return the sales of which something was asked for that nobody saw to its end, the newest first.

        Raises:
            KnownError: The database cannot be read.
        """
        kept = (self._journal.sale(row.effect.sale_id) for row in self._untold.all())
        return tuple(found[0] for found in kept if found is not None)

    def asking(self, key: str, then: str = "") -> None:
        """Note that a return is about to be asked for; `then` is the sale to be rung up once it is booked.

        Raises:
            KnownError: It cannot be written: it must not be asked for then.
        """
        self._untold.note(key, then)

    def finished(self, sale_id: str) -> None:
        """Note that whoever asked was told, and saw it to its end.

        Raises:
            KnownError: It cannot be written.
        """
        self._untold.forget(sale_id)

    def before(self, shown: Returnable, plan: RefundPlan) -> EffectRow | None:
        """Return what was asked for since a sale was shown, where it is this very return; else None."""
        rows = self._journal.effects_of(shown.sale.sale_id)
        since = rows[shown.seen.effects :] if shown.seen else []
        match since:
            case [row] if shown.untold is not None:
                return row if row.effect.key == shown.untold.effect.key and not row.withdrawn else None
            case [row] if row.effect.asked_first and not row.withdrawn:
                goods = plan.money_back + plan.discount_back
                return row if (row.effect.paid, row.effect.bill) == (plan.money_back, goods) else None
        return None

    def settle(self, sale_id: str) -> None:
        """Wait until the return asked for last is booked, and note that this is about to be said.

        Raises:
            KnownError: It is refused, or nobody can say yet; no money is to be given then.
        """
        self._sending()
        until = self._clock.monotonic() + ANSWER_SECONDS
        row = self._last(sale_id)
        while row and _is_open(row, online=self._connection.online) and self._clock.monotonic() < until:
            self._pause(LOOK_EVERY_SECONDS)
            row = self._last(sale_id)
        if row is None:
            return
        if row.state is EffectState.POSTED:
            self._untold.show(row.effect.key)
            return
        unsent = row.state is EffectState.WAITING and not row.attempts and not self._connection.online
        refused = row.state is EffectState.NEEDS_ATTENTION
        if unsent or refused:
            # Nothing took hold, and nobody was given anything: it is as if nobody had asked.
            self._journal.move(row.effect.key, EffectState.DROPPED, answer=WITHDRAWN, at=self._clock.now())
            self._untold.forget(sale_id)
            raise KnownError(REFUSED if refused else NOT_ASKED)
        raise KnownError(NOT_SAID)

    def _last(self, sale_id: str) -> EffectRow | None:
        asked = (row for row in reversed(self._journal.effects_of(sale_id)) if row.effect.asked_first)
        return next(asked, None)


def _is_open(row: EffectRow, *, online: bool) -> bool:
    """Say whether an answer may still come: what was sent may have arrived, also while nobody answers."""
    return row.state in _OPEN and (online or row.attempts > 0)


def _wait(seconds: float) -> None:
    threading.Event().wait(seconds)
