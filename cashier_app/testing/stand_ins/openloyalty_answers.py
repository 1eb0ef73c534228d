"""What Open Loyalty answers: bodies of its records, pages, and errors."""

from __future__ import annotations

import json
from decimal import Decimal

from starlette.requests import Request
from starlette.responses import Response

from cashier_app.testing.stand_ins.openloyalty_books import TIER_GOAL, Document, OwnMember, Transfer, new_id

STORE = "default"
TIER_SET = "7e1a5e70-0000-4000-8000-000000000001"
CONVERSION = "7e1a5e70-0000-4000-8000-000000000002"
CHANNEL = "7e1a5e70-0000-4000-8000-000000000003"


def member_body(member: OwnMember, currency: str) -> dict[str, object]:
    """Return a member's record."""
    units = member.wallets["default"]
    return {
        "customerId": member.id,
        "active": member.active,
        "firstName": member.first_name,
        "lastName": member.last_name,
        "email": member.email or None,
        "phone": member.phone or None,
        "loyaltyCardNumber": member.card or None,
        "currency": currency,
        "storeCode": STORE,
        "transactionsAmount": member.spent,
        "defaultAccount": {
            "accountId": member.id,
            "activePoints": units.active,
            "lockedPoints": 0,
            "blockedPoints": units.blocked,
        },
        "currentLevel": {"levelId": TIER_SET, "name": "Gold" if member.spent >= TIER_GOAL else "Silver"},
        "labels": member.labels,
        **{f"agreement{place}": given for place, given in enumerate(member.agreements, start=1)},
        "segments": [],
        "anonymized": False,
    }


def wallets_body(member: OwnMember) -> dict[str, object]:
    """Return what is in each wallet."""
    return list_body(
        [
            {
                "walletType": {"code": code, "name": code.title(), "isDefault": code == "default"},
                "account": {"activeUnits": units.active, "blockedUnits": units.blocked},
            }
            for code, units in member.wallets.items()
        ]
    )


def progress_body(member: OwnMember, by: str) -> dict[str, object]:
    """Return where a member stands, by spend, units or months."""
    units = member.wallets["default"].active
    value = {"totalSpending": member.spent, "activeUnits": units}.get(by, Decimal(3))
    if value >= TIER_GOAL:
        return {"currentTierName": "Gold", "nextTierName": None, "currentProgress": 100, "manually": False}
    condition = {"conditionId": new_id(), "attribute": by, "currentValue": value, "valueGoal": TIER_GOAL}
    return {
        "currentTierName": "Silver",
        "nextTierName": "Gold",
        "nextTierId": new_id(),
        "currentProgress": value * 100 / TIER_GOAL,
        "manually": False,
        "nextTierCurrentProgress": [{**condition, "walletType": None}],
    }


def reward_bodies(ratio: str, *, conversion: bool) -> list[dict[str, object]]:
    """Return the catalogue."""
    coupon = {
        "rewardId": CONVERSION,
        "reward": "conversion_coupon",
        "name": "Points to money",
        "costInPoints": 0,
        "unitsConversion": {"ratio": Decimal(ratio), "rounding": "down"},
    }
    fixed = {"rewardId": new_id(), "reward": "static_coupon", "name": "Voucher", "couponValue": 50}
    return [fixed, coupon] if conversion else [fixed]


def transfer_body(one: Transfer, *, named: bool) -> dict[str, object]:
    """Return a movement."""
    body = {
        "transferId": one.id,
        "type": one.type,
        "value": one.value,
        "cancelled": one.cancelled,
        "pending": False,
        "externalTransferId": one.external_id or None,
        "createdAt": one.created_at.isoformat(),
        "member": {"id": one.member_id},
    }
    if not named:
        del body["externalTransferId"]
    return body


def document_body(one: Document, currency: str) -> dict[str, object]:
    """Return a sale or a return."""
    return {
        "transactionId": one.id,
        "header": {"documentNumber": one.number, "documentType": one.type},
        "told": one.request,
        "grossValue": one.gross,
        "currency": currency,
        "matched": one.matched,
        "customerId": one.member_id if one.matched else None,
        "pointsEarned": one.earned,
        "unitsDeducted": one.deducted,
    }


def page_body(request: Request, entries: list[dict[str, object]]) -> dict[str, object]:
    """Return the page that is asked for."""
    size = int(request.query_params.get("_itemsOnPage", "10"))
    begin = (int(request.query_params.get("_page", "1")) - 1) * size
    return list_body(entries[begin : begin + size], len(entries))


def list_body(entries: list[dict[str, object]], count: int | None = None) -> dict[str, object]:
    """Return a whole list."""
    many = len(entries) if count is None else count
    return {"items": entries, "total": {"all": many, "filtered": many, "estimated": False}}


def merged(value: object, other: object) -> object:
    """Return a value with parts of it replaced; null takes a part away, ``[…]`` is merged entry by entry."""
    if isinstance(value, dict) and isinstance(other, dict):
        together = {**value}
        for name, part in other.items():
            if part is None:
                together.pop(name, None)
            else:
                together[name] = merged(value.get(name), part)
        return together
    if isinstance(value, list) and isinstance(other, list) and other:
        return [merged(one, other[0]) for one in value]
    return other


def error_body(status: int, message: str, path: str = "") -> bytes:
    """Return an error, with the place of what is wrong in the request."""
    errors = [{"message": message, "parameters": [], "plural": 0, "path": path}] if path else []
    said = "Validation failed" if path else message
    return json.dumps({"code": status, "message": said, **({"errors": errors} if errors else {})}).encode()


def answered(status: int, body: bytes) -> Response:
    """Return an answer in JSON."""
    return Response(body, status, media_type="application/json")
