"""Discount vouchers at Voucherify: validated for one bill, used up by the order that tells the sale."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated

from msgspec import Meta, Struct

from cashier_app.backends.amounts import of_minor_units
from cashier_app.backends.contract_values import plain_name
from cashier_app.backends.http_client import HttpClient
from cashier_app.backends.replies import Answered, answer_of, outcome_of, reason_of, unusable
from cashier_app.backends.voucherify.cards import REFUSED, KnownCard
from cashier_app.backends.voucherify.holds import VALIDATIONS
from cashier_app.backends.voucherify.messages import (
    ErrorAnswer,
    OrderAnswer,
    RedemptionId,
    ValidationAnswer,
)
from cashier_app.backends.voucherify.values import Units, declined, discount_of, said_no
from cashier_app.domain.money import Money
from cashier_app.domain.outcome import (
    Applied,
    Booked,
    Outcome,
    Refused,
    RefusedBecause,
    SignInNeeded,
    Unknown,
    Unreachable,
)
from cashier_app.domain.program.figures import Amount, Points
from cashier_app.domain.program.rewards import AmountOff
from cashier_app.domain.sale import Effect
from cashier_app.domain.vouchers import MAX_CODE, VoucherAnswer, VoucherOffer, VoucherRefused, WhyNoVoucher

REWARD_ID = "voucher"
"""What such an amount off is called among rewards; no id of Voucherify's has this form."""

_WHY: Mapping[str, WhyNoVoucher] = {
    "not_found": WhyNoVoucher.UNKNOWN,
    "quantity_exceeded": WhyNoVoucher.USED,
    "voucher_expired": WhyNoVoucher.EXPIRED,
    "voucher_not_active": WhyNoVoucher.NOT_YET,
    "customer_rules_violated": WhyNoVoucher.OTHER_MEMBER,
}
_GONE = frozenset(
    {"not_found", "quantity_exceeded", "voucher_expired", "voucher_not_active", "voucher_disabled"}
)


class VoucherRedemption(Struct, frozen=True):
    """One voucher used; what is said of the voucher itself is not read."""

    id: RedemptionId
    result: Annotated[str, Meta(max_length=40)]
    order: OrderAnswer


class VoucherRedemptions(Struct, frozen=True):
    """What came of a request for one."""

    redemptions: Annotated[list[VoucherRedemption], Meta(min_length=1, max_length=1)]


class Vouchers:
    """Checks and uses vouchers. Safe from any thread."""

    def __init__(self, http: HttpClient, units: Units) -> None:
        self._http = http
        self._units = units

    def check(self, code: str, holder: str, bill: Money, seconds: float) -> VoucherAnswer:
        """Ask what a voucher takes off a bill, holding nothing.

        Args:
            code: As typed; capital letters matter at Voucherify.
            holder: The customer's id, or empty.
            bill: Before anything is taken off.
            seconds: At most.
        """
        if not code or len(code) > MAX_CODE or not code.isprintable():
            return VoucherRefused(WhyNoVoucher.UNKNOWN)
        asked: dict[str, object] = {
            "redeemables": [{"object": "voucher", "id": code}],
            "order": {"amount": self._units.of(bill)},
        }
        if holder:
            asked["customer"] = {"id": holder}
        reply = self._http.post(VALIDATIONS, asked, seconds=seconds)
        if isinstance(other := unusable(reply), SignInNeeded):
            return Unreachable(REFUSED)
        if other is not None or not isinstance(reply, Answered):
            return Unreachable(reason_of(reply))
        if not reply.is_success:
            error = answer_of(reply, ErrorAnswer)
            return _refused(error) if error else Unreachable(reason_of(reply))
        answer = answer_of(reply, ValidationAnswer)
        if answer is None:
            return Unreachable("an answer of the wrong form")
        return self._offer(answer, code) if answer.valid else _refused(said_no(answer))

    def tell(self, card: KnownCard, effect: Effect, seconds: float) -> Outcome:
        """Tell a paid sale by using its voucher up on the sale's order: one write does both."""
        asked = {
            "redeemables": [{"object": "voucher", "id": effect.voucher}],
            "customer": {"id": card.holder},
            "order": {
                "source_id": effect.sale_id,
                "amount": self._units.of(effect.bill),
                "status": "PAID",
            },
        }

        def used(reply: Answered) -> Outcome:
            answer = answer_of(reply, VoucherRedemptions)
            if answer is None:
                return Unknown("an answer of the wrong form")
            [one] = answer.redemptions
            if one.order.source_id != effect.sale_id or one.order.id is None:
                return Unknown("an answer to another request")
            if one.result != "SUCCESS" or discount_of(one.order) != self._units.of(effect.discount):
                return Unknown("the voucher took off another amount")
            return Applied(Booked(one.order.id))

        return outcome_of(self._http.post("/v1/redemptions", asked, seconds=seconds), used, _declined)

    def _offer(self, answer: ValidationAnswer, code: str) -> VoucherAnswer:
        [one] = answer.redeemables if len(answer.redeemables) == 1 else [None]
        if one is None or one.status != "APPLICABLE" or one.id != code:
            return Unreachable("an answer about another voucher")
        taken = discount_of(answer.order)
        off = of_minor_units(taken, self._units.decimals, self._units.currency)
        if off is None or off.minor <= 0:
            # Such as a gift card, a loyalty card, or goods for nothing: not an amount off this bill.
            return VoucherRefused(WhyNoVoucher.NOT_ALLOWED)
        reward = AmountOff(
            reward_id=REWARD_ID, name=plain_name(code), cost=Points(0), value=Amount(off.minor)
        )
        return VoucherOffer(code, reward, with_points=False)


def _refused(error: ErrorAnswer | None) -> VoucherRefused:
    if error is None:
        return VoucherRefused(WhyNoVoucher.NOT_ALLOWED)
    why = _WHY.get(error.key, WhyNoVoucher.NOT_ALLOWED)
    return VoucherRefused(why, detail=plain_name(error.message or ""))


def _declined(reply: Answered) -> Outcome:
    error = answer_of(reply, ErrorAnswer)
    if error is not None and error.key in _GONE:
        return Refused(RefusedBecause.VOUCHER_GONE, plain_name(error.message or ""))
    return declined(reply)
