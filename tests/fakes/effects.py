"""Made-up sales and effects."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from cashier_app.domain.member import Way
from cashier_app.domain.money import Money, zero
from cashier_app.domain.sale import Effect, EffectKind, Sale, effect_key
from tests.fakes.clock import START
from tests.fakes.shop import RUPEE

BILL, DISCOUNT, PAID = Money(236000, RUPEE), Money(20000, RUPEE), Money(216000, RUPEE)


def sale_id(count: int) -> str:
    """Return the id of the n-th sale, shaped as a real one."""
    return f"01935b6e-0000-7000-8000-{count:012d}"


def sale(count: int = 1, *, member_id: str = "m-1", points: int = 200, at: datetime = START) -> Sale:
    """Return a sale of the pictures; without a member when `member_id` is empty."""
    return Sale(
        sale_id=sale_id(count),
        number="",
        member_id=member_id,
        display_name="Priya R." if member_id else "",
        way=Way.WALLET_CODE if member_id else None,
        bill=BILL,
        discount=DISCOUNT if member_id else zero(RUPEE),
        paid=PAID if member_id else BILL,
        points_used=Decimal(points if member_id else 0),
        points_expected=Decimal(21 if member_id else 0),
        at=at,
        program_version="7",
    )


def effect(
    kind: EffectKind, count: int = 1, *, member_id: str = "m-1", at: datetime = START, reservation: str = ""
) -> Effect:
    """Return one effect of the n-th sale."""
    return Effect(
        key=effect_key(sale_id(count), kind),
        kind=kind,
        sale_id=sale_id(count),
        member_id=member_id,
        points=Decimal(21 if kind is EffectKind.SALE else 200),
        bill=BILL,
        discount=DISCOUNT,
        paid=PAID,
        at=at,
        program_version="7",
        reservation=reservation,
    )
