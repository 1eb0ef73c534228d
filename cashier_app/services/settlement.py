"""Settling by hand: what a manager says of an effect nobody else can decide."""

from __future__ import annotations

from cashier_app.domain.settlement import Settlement, SettlementProblem, Truth, one_line, problem_with
from cashier_app.errors import KnownError
from cashier_app.ports.clock import Clock
from cashier_app.ports.journal import Journal

_SENTENCES = {
    SettlementProblem.NO_NAME: "Type who settles it.",
    SettlementProblem.NAME_TOO_LONG: "The name has more than 60 characters.",
    SettlementProblem.REASON_TOO_SHORT: "Type a reason of 3 characters or more.",
    SettlementProblem.REASON_TOO_LONG: "The reason has more than 200 characters.",
}


class Settling:
    """Takes a manager's word, once, and never takes it back. Blocking: for worker threads."""

    def __init__(self, journal: Journal, clock: Clock) -> None:
        self._journal = journal
        self._clock = clock

    def settle(self, key: str, truth: Truth, by: str, reason: str) -> Settlement:
        """End an effect that needs attention; from then on it is never sent.

        Raises:
            KnownError: Name or reason cannot be taken, the effect has moved on, or the disk is full.
        """
        word = Settlement(key, truth, one_line(by), one_line(reason), self._clock.now())
        problem = problem_with(word.by, word.reason)
        if problem is not None:
            raise KnownError(_SENTENCES[problem])
        if not self._journal.settle_by_hand(word):
            raise KnownError("This has moved on meanwhile. Nothing was changed.")
        return word
