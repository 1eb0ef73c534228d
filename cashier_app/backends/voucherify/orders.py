"""What is done by orders: points taken, sales told, whole sales undone.

Each order carries the sale's id as its `source_id`, and says what was done to it: that is what is looked up
before anything is sent a second time.
"""

from __future__ import annotations

from decimal import Decimal

from cashier_app.backends.http_client import HttpClient
from cashier_app.backends.paths import path_of
from cashier_app.backends.replies import Answered, Reply, answer_of, outcome_of, reconciled_of
from cashier_app.backends.voucherify.cards import KnownCard
from cashier_app.backends.voucherify.holds import request_of
from cashier_app.backends.voucherify.messages import (
    ErrorAnswer,
    OrderAnswer,
    RedemptionsAnswer,
    RollbackAnswer,
)
from cashier_app.backends.voucherify.values import Units, declined, discount_of, redeemed, told, undone
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
    Unknown,
)
from cashier_app.domain.sale import TAKES_POINTS, Effect, EffectKind, ReturnReason, effect_key


class Orders:
    """Writes and reads orders. Safe from any thread."""

    def __init__(self, http: HttpClient, units: Units) -> None:
        self._http = http
        self._units = units

    def redeem(self, card: KnownCard, effect: Effect, seconds: float) -> Outcome:
        """Take points, those held or any, on an order that is not paid yet: `SALE` pays it."""
        asked = request_of(card, effect, self._units, {"status": "CREATED"})
        if effect.kind is EffectKind.CAPTURE:
            asked["session"] = {"type": "LOCK", "key": effect.reservation}

        def taken(reply: Answered) -> Outcome:
            answer = answer_of(reply, RedemptionsAnswer)
            if answer is None:
                return Unknown("an answer of the wrong form")
            [one] = answer.redemptions
            if (one.voucher.id, one.order.source_id) != (card.card_id, effect.sale_id):
                return Unknown("an answer to another request")
            if one.result != "SUCCESS" or one.amount != effect.points:
                return Unknown("another number of points was taken")
            if discount_of(one.order) != self._units.of(effect.discount):
                return Unknown("the points took off another amount")
            held = one.voucher.loyalty_card
            balance = Decimal(held.balance) if held else None
            return Applied(Booked(one.id, balance=balance, points=effect.points))

        return outcome_of(self._http.post("/v1/redemptions", asked, seconds=seconds), taken, declined)

    def tell(self, card: KnownCard, effect: Effect, seconds: float) -> Outcome:
        """Set the redemption's order to paid, or make a paid one where nothing was redeemed."""

        def done(reply: Answered) -> Outcome:
            order = answer_of(reply, OrderAnswer)
            found = (
                told(order, effect, self._units.of(effect.bill), card.holder)
                if order
                else Unknown("an answer of the wrong form")
            )
            match found:
                case AlreadyApplied(booked):
                    return Applied(booked)
                case NotApplied():
                    return Unknown("the order is not paid")
            return found

        if not card.holder:
            return Refused(RefusedBecause.NOT_ALLOWED, "Nobody holds this card.")
        if effect.rule_id or effect.reward_id:
            path = path_of("v1", "orders", effect.sale_id)
            reply = self._http.put(path, {"status": "PAID"}, seconds=seconds)
            if not (isinstance(reply, Answered) and reply.status == 404):
                return outcome_of(reply, done, declined)
            # Points used offline that Voucherify then refused: the sale was made all the same.
        order = {
            "source_id": effect.sale_id,
            "status": "PAID",
            "amount": self._units.of(effect.bill),
            "customer": {"id": card.holder},
        }
        return outcome_of(self._http.post("/v1/orders", order, seconds=seconds), done, declined)

    def undo(self, effect: Effect, seconds: float) -> Outcome:
        """Undo a whole sale: roll its redemption back, or cancel its order where nothing was redeemed.

        The voucher of a sale that should not have been is rolled back too, and may be used again; that of
        goods that come back stays used.
        """
        before = self.look_up(effect, seconds)
        if not isinstance(before, NotApplied):
            return RetryLater(0, before.reason) if isinstance(before, Unknown) else before
        rolls_back = _rolls_back(effect)
        redemption = effect.original_reference if rolls_back else self._voucher_use(effect, seconds)
        if redemption is None:
            return RetryLater(reason="the order could not be read")
        if not redemption and not rolls_back:
            path = path_of("v1", "orders", effect.sale_id)
            reply = self._http.put(path, {"status": "CANCELED"}, seconds=seconds)
            return outcome_of(reply, lambda reply: _done(self._looked_up(reply, effect)), _no_order)
        path = path_of("v1", "redemptions", redemption, "rollback")
        body = {"reason": f"Return of {effect.sale_id}"}

        def rolled_back(reply: Answered) -> Outcome:
            answer = answer_of(reply, RollbackAnswer)
            if answer is None or answer.result != "SUCCESS":
                return Unknown("an answer of the wrong form")
            if answer.redemption != redemption:
                return Unknown("an answer about another redemption")
            return Applied(Booked(answer.id, points=effect.points))

        return outcome_of(self._http.post(path, body, seconds=seconds), rolled_back, _no_order)

    def _voucher_use(self, effect: Effect, seconds: float) -> str | None:
        """Return the redemption of a voucher that is to be given back; empty for none, None for no answer."""
        if effect.reason is ReturnReason.RETURN:
            return ""
        reply = self._order(effect, seconds)
        order = answer_of(reply, OrderAnswer) if isinstance(reply, Answered) and reply.is_success else None
        if order is None:
            return None
        # What was redeemed of the member's own card are points, which have effects of their own.
        used = [
            name
            for name, one in (order.redemptions or {}).items()
            if one.rollback_id is None and one.related_object_id not in {None, effect.member_id}
        ]
        return used[0] if len(used) == 1 else ""

    def claimed(self, effect: Effect, seconds: float) -> tuple[Reconciled, str]:
        """Look up whether a sale was told for anybody, and the customer's id it was told for."""
        reply = self._order(effect, seconds)
        found = reconciled_of(reply, lambda reply: self._looked_up(reply, effect))
        order = answer_of(reply, OrderAnswer) if isinstance(reply, Answered) and reply.is_success else None
        if isinstance(found, AlreadyApplied) and not (order and order.whose):
            return Unknown("an order of nobody"), ""
        return found, order.whose if order else ""

    def look_up(self, effect: Effect, seconds: float) -> Reconciled:
        """Look up whether points were taken, the sale told, or the whole of it undone."""
        return reconciled_of(self._order(effect, seconds), lambda reply: self._looked_up(reply, effect))

    def _looked_up(self, reply: Answered, effect: Effect) -> Reconciled:
        """Return what an order says of an effect."""
        order = answer_of(reply, OrderAnswer)
        if order is None:
            return Unknown("an answer of the wrong form")
        if effect.kind in TAKES_POINTS:
            return redeemed(order, effect)
        if effect.kind is EffectKind.SALE:
            return told(order, effect, self._units.of(effect.bill))
        return undone(order, effect, rolled_back=_rolls_back(effect))

    def _order(self, effect: Effect, seconds: float) -> Reply:
        return self._http.get(path_of("v1", "orders", effect.sale_id), seconds=seconds)


def _rolls_back(effect: Effect) -> bool:
    """Say whether a return undoes a redemption; its original is what took the points."""
    return effect.original_key in {effect_key(effect.sale_id, kind) for kind in TAKES_POINTS}


def _done(found: Reconciled) -> Outcome:
    """Return what the answer to a write says that is read as a look-up is."""
    match found:
        case AlreadyApplied(booked):
            return Applied(booked)
        case NotApplied():
            return Unknown("it was answered, and not done")
    return found


def _no_order(reply: Answered) -> Outcome:
    """Return what a refusal to undo means; what was undone before is looked up."""
    error = answer_of(reply, ErrorAnswer)
    if error is not None and error.key == "already_rolled_back":
        return Unknown("it was rolled back before")
    return declined(reply, RefusedBecause.UNKNOWN_SALE)
