"""What Nector's stand-in keeps, and how its answers look."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, Literal
from uuid import UUID, uuid4

import msgspec
from msgspec import Struct
from starlette.responses import Response

CALLS_A_MINUTE = 60

SWITCHES = {
    "member ids": ("mobile", "customer id", "lead"),  # by what the adapter under test names members
    "phones": ("national", "international", "plus"),
    "key": ("full", "read only", "reduced"),  # reduced: told neither lead id nor customer id
    "limit": ("on", "off"),
    "refusals tell the balance": ("no", "yes"),
    "ledger names the order": ("yes", "no"),
    "write answers": ("item", "flat", "bare"),
    "a known order again": ("performed", "refused"),
    "a known hash again": ("booked", "refused"),
    "overdrawing": ("refused", "allowed"),
    "wrong webhook id": ("404", "400"),
    "filter by hash": ("yes", "no"),
    "webhook balance": ("same", "500 more"),
    "figures": ("text", "numbers"),
    "offers": ("one", "two", "of another bill", "absurd"),
    "perform takes": ("as listed", "twice as much"),
}
"""What the vendor leaves open, or what goes wrong at it: the first is how this behaves by itself."""


class Ask(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A request of the webhook; anything else in it is refused."""

    action: Literal["list", "perform", "revert"]
    amount: int | Decimal
    wallet_type: Literal["coins", "credits", "coins_and_credits"] = "coins"
    customer_id: str = ""
    mobile: str = ""
    country: str = ""
    reference_order_id: str = ""


@dataclass
class Customer:
    """A lead."""

    name: str
    customer_id: str
    mobile: str = ""
    email: str = ""
    referral_code: str = ""
    coins: Decimal = Decimal(0)
    credits: Decimal = Decimal(0)
    tier: str | None = None
    lead_id: str = field(default_factory=lambda: str(uuid4()))


@dataclass
class Rule:
    """The redemption rule: so many coins for each discount, at most so much, from so large a cart."""

    coins: Decimal = Decimal(100)
    discount: Decimal = Decimal(50)
    maximum: Decimal = Decimal(200)
    minimum_cart: Decimal = Decimal(500)

    def offer(self, amount: Decimal, balance: Decimal) -> tuple[Decimal, Decimal] | None:
        """Return coins and discount, or None."""
        steps = int(balance // self.coins)
        if amount < self.minimum_cart or steps < 1:
            return None
        discount = min(steps * self.discount, self.maximum)
        return self.coins * -(-discount // self.discount), discount


def is_uuid4(text: str) -> bool:
    """Say whether this is a UUID of version 4, the only ones Nector takes."""
    try:
        return UUID(text).version == 4
    except ValueError:
        return False


def without_owner(row: dict[str, Any]) -> dict[str, Any]:
    """Return a row of the ledger as Nector tells it."""
    return {name: value for name, value in row.items() if name not in {"lead_id", "order"}}


_ENCODE = msgspec.json.Encoder(decimal_format="number")


def ok(data: object) -> Response:
    """Return an answer."""
    return Response(_ENCODE.encode({"meta": {"code": 200}, "data": data}), media_type="application/json")


def item(item: object) -> Response:
    """Return an answer of one thing."""
    return ok({"item": item})


def no(status: int, message: str, more: Mapping[str, object] | None = None) -> Response:
    """Return an error."""
    body = {"meta": {"code": status}, "data": {"message": message, **(more or {})}}
    return Response(_ENCODE.encode(body), status, media_type="application/json")
