"""Changes of a card's balance, each named by its effect's key, and the movements they are found in."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

from cashier_app.backends.http_client import HttpClient
from cashier_app.backends.paths import path_of
from cashier_app.backends.replies import Answered, answer_of, outcome_of, reason_of, unusable
from cashier_app.backends.voucherify.cards import MAX_PAGES, KnownCard
from cashier_app.backends.voucherify.messages import BalanceAnswer, Movement, MovementsAnswer
from cashier_app.backends.voucherify.values import declined
from cashier_app.domain.outcome import (
    AlreadyApplied,
    Applied,
    Booked,
    NotApplied,
    Outcome,
    Reconciled,
    RetryLater,
    SignInNeeded,
    Unknown,
)
from cashier_app.domain.points import NO_POINTS
from cashier_app.domain.sale import Effect, EffectKind
from cashier_app.ports.clock import Clock

ACCRUAL = "POINTS_ACCRUAL"
REMOVAL = "POINTS_REMOVAL"
WAIT_FOR_ACCRUAL = timedelta(hours=1)
ASK_AGAIN_SECONDS = 60
MAX_REASON = 200


class Balances:
    """Adds to and takes from cards. Safe from any thread."""

    def __init__(self, http: HttpClient, clock: Clock) -> None:
        self._http = http
        self._clock = clock

    def move(self, card: KnownCard, key: str, points: Decimal, reason: str, seconds: float) -> Outcome:
        """Change a balance: sent once, looked up by its key before it may be sent again."""
        body = {"points": int(points), "reason": reason[:MAX_REASON], "source_id": key}

        def moved(reply: Answered) -> Outcome:
            answer = answer_of(reply, BalanceAnswer)
            # The vendor's own sample answers the removal of 100 points with 100.
            if answer is None or abs(answer.points) != abs(int(points)):
                return Unknown("an answer of the wrong form")
            if answer.related_object is not None and answer.related_object.id != card.card_id:
                return Unknown("an answer about another card")
            balance = None if answer.balance is None else Decimal(answer.balance)
            return Applied(Booked(key, balance=balance, points=abs(points)))

        path = path_of("v1", "loyalties", "members", card.code, "balance")
        return outcome_of(self._http.post(path, body, seconds=seconds), moved, declined)

    def look_up(self, card: KnownCard, key: str, seconds: float) -> Reconciled:
        """Look a change up by its key."""
        movements = self._movements(card.code, seconds)
        if not isinstance(movements, list):
            return movements
        return _by_key(movements, key) or NotApplied()

    def claw_back(self, card: KnownCard, effect: Effect, seconds: float) -> Outcome:
        """Take back what a sale earned, as far as Voucherify has not done so by itself.

        What it books for an order that was cancelled is not published. The movements of the order say what it
        did; what they leave is taken. Points that were not booked yet are waited for: a sale that earned
        nothing in an hour never will.
        """
        movements = self._movements(card.code, seconds)
        if not isinstance(movements, list):
            # Nothing was sent yet.
            return RetryLater(0, movements.reason) if isinstance(movements, Unknown) else movements
        if (before := _by_key(movements, effect.key)) is not None:
            return before
        ours = f"{effect.sale_id}-{EffectKind.CLAW_BACK.value}-"
        of_sale = [one for one in movements if one.is_of(effect.sale_id, effect.original_reference)]
        earned = sum(one.points for one in of_sale if one.type == ACCRUAL)
        taken = sum(one.points for one in of_sale if one.type == REMOVAL)
        taken += sum(one.points for one in movements if (one.source_id or "").startswith(ours))
        if not earned and self._clock.now() < effect.at + WAIT_FOR_ACCRUAL:
            return RetryLater(ASK_AGAIN_SECONDS, "the points of the sale are not booked yet")
        rest = min(effect.points, Decimal(earned + taken))
        if rest <= 0:
            return AlreadyApplied(Booked(effect.key, points=NO_POINTS))
        return self.move(card, effect.key, -rest, f"Return of {effect.sale_id}", seconds)

    def _movements(self, code: str, seconds: float) -> list[Movement] | RetryLater | SignInNeeded | Unknown:
        movements: list[Movement] = []
        query = {"limit": "100"}
        path = path_of("v1", "loyalties", "members", code, "transactions")
        for _ in range(MAX_PAGES):
            reply = self._http.get(path, seconds=seconds, query=query)
            if (other := unusable(reply)) is not None:
                return other
            page = answer_of(reply, MovementsAnswer) if isinstance(reply, Answered) else None
            if page is None:
                return Unknown(reason_of(reply))
            movements += page.data
            if not (page.has_more and page.more_starting_after):
                return movements
            query["starting_after_id"] = page.more_starting_after
        return Unknown("the card has more movements than can be read")


def _by_key(movements: list[Movement], key: str) -> AlreadyApplied | Unknown | None:
    found = [one for one in movements if one.source_id == key]
    if len(found) > 1:
        return Unknown("the balance was changed more than once for this")
    return AlreadyApplied(Booked(key, points=Decimal(abs(found[0].points)))) if found else None
