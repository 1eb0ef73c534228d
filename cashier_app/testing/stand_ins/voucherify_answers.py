"""What the Voucherify stand-in answers, in Voucherify's words."""

from __future__ import annotations

from cashier_app.testing.stand_ins.voucherify_books import (
    CAMPAIGN,
    CAMPAIGN_NAME,
    EARNING_RULE,
    TIERS,
    Body,
    Card,
    now_text,
)
from cashier_app.testing.stand_ins.voucherify_vouchers import DeclinedError, OwnVoucher

TIERS_ALL: list[Body] = [
    {
        "id": tier_id,
        "name": name,
        "campaign_id": CAMPAIGN,
        "points": {"from": lowest, "to": lowest + 499},
        "created_at": "2026-02-01T10:12:00.000Z",
        "object": "loyalty_tier",
    }
    for tier_id, name, lowest in TIERS
]

CAMPAIGN_BODY: Body = {
    "id": CAMPAIGN,
    "name": CAMPAIGN_NAME,
    "campaign_type": "LOYALTY_PROGRAM",
    "type": "AUTO_UPDATE",
    "active": True,
    "created_at": "2026-02-01T10:12:00.000Z",
    "updated_at": "2026-08-01T10:12:00.000Z",
    "object": "campaign",
}

STACKING_RULES = {
    "redeemables_limit": 30,
    "applicable_redeemables_limit": 5,
    "applicable_exclusive_redeemables_limit": 1,
    "applicable_redeemables_per_category_limit": 1,
    "applicable_redeemables_category_limits": {},
    "exclusive_categories": [],
    "joint_categories": [],
    "redeemables_application_mode": "ALL",
    "redeemables_sorting_rule": "REQUESTED_ORDER",
    "redeemables_no_effect_rule": "REDEEM_ANYWAY",
    "no_effect_skip_categories": [],
    "no_effect_redeem_anyway_categories": [],
    "redeemables_rollback_order_mode": "WITH_ORDER",
}


def earning_rule(per_unit: int) -> Body:
    """Return the program's rule: one point for each main unit of the bill."""
    amount = {"every": per_unit, "points": 1}
    earned = {"type": "PROPORTIONAL", "calculation_type": "ORDER_AMOUNT", "order": {"amount": amount}}
    return {
        "id": EARNING_RULE,
        "created_at": "2026-02-01T10:12:00.000Z",
        "loyalty": earned,
        "event": "order.paid",
        "source": {"object_id": CAMPAIGN, "object_type": "campaign", "banner": "Order paid"},
        "active": True,
        "object": "earning_rule",
    }


def reward_body(reward_id: str, name: str, kind: str, parameters: Body, points: int | None) -> Body:
    """Return a reward with its price."""
    created = "2026-02-01T10:12:00.000Z"
    reward = {"id": reward_id, "name": name, "type": kind, "parameters": parameters, "stock": None}
    assignment: Body = {
        "id": f"rewa_{reward_id[4:]}",
        "reward_id": reward_id,
        "related_object_id": CAMPAIGN,
        "related_object_type": "campaign",
        "created_at": created,
        "object": "reward_assignment",
    }
    if points is not None:
        assignment["parameters"] = {"loyalty": {"points": points}}
    return {
        "reward": reward | {"created_at": created, "object": "reward"},
        "assignment": assignment,
        "object": "loyalty_reward",
    }


def listed(data: list[Body], *, total: bool = True) -> Body:
    """Return a list as Voucherify frames it."""
    answer: Body = {"object": "list", "data_ref": "data", "data": data}
    return answer | ({"total": len(data)} if total else {"has_more": False, "more_starting_after": None})


def error_of(error: DeclinedError) -> Body:
    """Return a refusal."""
    return {
        "code": error.status,
        "key": error.key,
        "message": error.message,
        "details": "staged by the stand-in",
        "request_id": "v-000000000000",
    }


def card_body(card: Card, *, hides_locks: bool) -> Body:
    """Return a card."""
    balance = card.free() if hides_locks else card.balance
    return {
        "id": card.id,
        "code": card.code,
        "campaign": CAMPAIGN_NAME,
        "campaign_id": card.campaign,
        "type": "LOYALTY_CARD",
        "loyalty_card": {"points": card.ever, "balance": balance},
        "active": card.active,
        "start_date": None,
        "expiration_date": None,
        "metadata": {},
        "is_referral_code": False,
        "created_at": "2026-02-01T10:12:00.000Z",
        "holder_id": card.holder,
        "object": "voucher",
    }


def order_body(order: Body) -> Body:
    """Return an order."""
    told = {name: value for name, value in order.items() if name != "discount"}
    taken = order["discount"]
    return told | {
        "total_discount_amount": taken,
        "discount_amount": taken,
        "total_amount": order["amount"] - taken,
        "customer": {"id": order.get("customer_id"), "object": "customer"},
        "metadata": {},
    }


def voucher_body(voucher: OwnVoucher) -> Body:
    """Return a discount voucher."""
    return {
        "id": voucher.id,
        "code": voucher.code,
        "campaign": None,
        "campaign_id": None,
        "type": "DISCOUNT_VOUCHER",
        "discount": {"type": "AMOUNT", "amount_off": voucher.off, "effect": "APPLY_TO_ORDER"},
        "active": True,
        "start_date": None,
        "expiration_date": "2026-03-01T10:12:00.000Z" if voucher.expired else None,
        "metadata": {},
        "is_referral_code": False,
        "created_at": "2026-02-01T10:12:00.000Z",
        "holder_id": None,
        "object": "voucher",
    }


def validated_voucher(voucher: OwnVoucher, amount: int, answer: Body) -> Body:
    """Return what a validation says of a voucher; `answer` is what all validations have."""
    try:
        voucher.refuse_unless_good(amount)
    except DeclinedError as error:
        no = {"status": "INAPPLICABLE", "id": voucher.code, "object": "voucher"}
        return answer | {"redeemables": [no | {"result": {"error": error_of(error)}}]}
    off = min(voucher.off, amount)
    order = {
        "amount": amount,
        "discount_amount": off,
        "total_discount_amount": off,
        "total_amount": amount - off,
        "applied_discount_amount": off,
        "total_applied_discount_amount": off,
        "customer_id": None,
        "referrer_id": None,
        "object": "order",
    }
    discount = {"type": "AMOUNT", "amount_off": voucher.off, "effect": "APPLY_TO_ORDER"}
    yes = {"status": "APPLICABLE", "id": voucher.code, "object": "voucher", "order": order, "metadata": {}}
    return answer | {
        "valid": True,
        "redeemables": [yes | {"result": {"discount": discount}}],
        "order": order,
    }


def redeemed_voucher(voucher: OwnVoucher, used: Body) -> Body:
    """Return what the use of a voucher answers."""
    order = order_body(used["order"])
    redemption = {
        "id": used["id"],
        "object": "redemption",
        "date": now_text(),
        "customer_id": used["order"].get("customer_id"),
        "tracking_id": "track_stand_in",
        "metadata": {},
        "redemption": None,
        "result": "SUCCESS",
        "status": "SUCCEEDED",
        "channel": {"channel_id": "stand-in", "channel_type": "API"},
        "order": order,
        "related_object_type": "voucher",
        "related_object_id": voucher.id,
        "voucher": voucher_body(voucher),
    }
    return {
        "redemptions": [redemption],
        "order": order,
        "inapplicable_redeemables": [],
        "skipped_redeemables": [],
    }
