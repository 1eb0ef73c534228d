"""Sales told without a member, given to one at Open Loyalty: found by their document number, assigned once.

What a second assignment does there is not known: a sale is read before, and again after.
"""

from __future__ import annotations

from cashier_app.backends.contract_messages import read_answer
from cashier_app.backends.openloyalty.messages import ProblemAnswer, SaleAnswer, SalesAnswer
from cashier_app.backends.openloyalty.store import Store
from cashier_app.backends.openloyalty.values import refusal_of
from cashier_app.backends.replies import Answered, outcome_of, unusable
from cashier_app.domain.outcome import (
    AlreadyApplied,
    Applied,
    Booked,
    NotApplied,
    Outcome,
    Reconciled,
    Refused,
    RefusedBecause,
    RetryLater,
    SignInNeeded,
    Unknown,
)
from cashier_app.domain.sale import Effect, EffectKind, effect_key

Read = SaleAnswer | RetryLater | SignInNeeded | Unknown | None


class Linking:
    """Assigns sales. Safe from any thread; one deadline a call, given by the caller."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def link(self, effect: Effect) -> Outcome:
        """Assign a sale to the effect's member, unless it is somebody's."""
        sale = self._sale(effect)
        if sale is None:
            return Refused(RefusedBecause.UNKNOWN_SALE, "no sale of this number was told")
        if not isinstance(sale, SaleAnswer):
            # Nothing was sent yet.
            return sale if not isinstance(sale, Unknown) else RetryLater(reason=sale.reason)
        if sale.matched or sale.customer_id:
            return _whose(sale, effect)
        body = {
            "assign": {
                "transactionDocumentNumber": effect_key(effect.sale_id, EffectKind.SALE),
                "customerId": effect.member_id,
            }
        }
        reply = self._store.post("transaction", "assign", body=body)
        return outcome_of(
            reply, lambda _: self._assigned(effect), lambda refused: self._refused(refused, effect)
        )

    def look_up(self, effect: Effect) -> Reconciled:
        """Look whether a sale is the effect's member's."""
        sale = self._sale(effect)
        if sale is None:
            return NotApplied()
        if not isinstance(sale, SaleAnswer):
            return sale
        found = _whose(sale, effect) if sale.matched or sale.customer_id else NotApplied()
        # Another's: sending it again is safe, and is told so.
        return NotApplied() if isinstance(found, Refused) else found

    def _assigned(self, effect: Effect) -> Outcome:
        sale = self._sale(effect)
        if not isinstance(sale, SaleAnswer):
            return Unknown("assigned, and not to be read")
        # Taken, and shown a little later.
        found = _whose(sale, effect) if sale.customer_id else AlreadyApplied(_booked(sale))
        return Applied(found.booked) if isinstance(found, AlreadyApplied) else found

    def _refused(self, reply: Answered, effect: Effect) -> Outcome:
        sale = self._sale(effect)
        if isinstance(sale, SaleAnswer) and sale.customer_id:
            return _whose(sale, effect)
        if reply.status == 409:
            return Unknown("the same is being done elsewhere")
        return refusal_of(read_answer(reply.body, ProblemAnswer))

    def _sale(self, effect: Effect) -> Read:
        """Return the sale by its number; None where there is none."""
        number = effect_key(effect.sale_id, EffectKind.SALE)
        reply = self._store.get("transaction", query={"header:documentNumber": number, "_itemsOnPage": "10"})
        if (other := unusable(reply)) is not None:
            return other
        assert isinstance(reply, Answered)  # noqa: S101 - for the type checker; all else is unusable
        answer = read_answer(reply.body, SalesAnswer) if reply.is_success else None
        if answer is None:
            return Unknown("a list of the wrong form")
        ours = [one for one in answer.items if one.number == number]
        if not ours:
            return Unknown("a list of other documents") if answer.items else None
        return ours[0] if ours[0].transaction_id else Unknown("a document without an id")


def _whose(sale: SaleAnswer, effect: Effect) -> AlreadyApplied | Refused | Unknown:
    if not sale.customer_id:
        return Unknown("the sale is somebody's, and it is not said whose")
    if sale.customer_id != effect.member_id:
        return Refused(RefusedBecause.ALREADY_LINKED, "the sale is another member's")
    return AlreadyApplied(_booked(sale))


def _booked(sale: SaleAnswer) -> Booked:
    return Booked(sale.transaction_id or "", points=sale.points_earned or None)
