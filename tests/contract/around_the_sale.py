"""Around a sale, over the reference server: a newcomer, a sale of nobody's, its link and its return."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from decimal import Decimal

from uuid6 import uuid7

from cashier_app.domain.enrolment import NewMember
from cashier_app.domain.outcome import MemberFound
from cashier_app.domain.sale import Effect, EffectKind
from cashier_app.ports.loyalty import LoyaltyBackend
from tests.contract.support import SaleMaker

Connect = Callable[..., LoyaltyBackend]
ASHA_PHONE = "+919845055501"


def newcomer(**more: object) -> NewMember:
    """Return somebody who joins."""
    told: dict[str, object] = {"name": "Asha Menon", "phone": ASHA_PHONE, "agrees_to_terms": True}
    return NewMember(str(uuid7()), datetime.now(UTC), **(told | more))  # type: ignore[arg-type]


def nobodys(sale: SaleMaker, **more: object) -> Effect:
    """Return a sale told without a member."""
    return sale.plain_sale(0, **({"member_id": ""} | more))


def link(sale: SaleMaker, **more: object) -> Effect:
    """Return what gives that sale to a member."""
    return sale.effect(EffectKind.LINK, 0, 1, **({"member_id": "mem-ravi"} | more))


def balance(backend: LoyaltyBackend, member_id: str) -> Decimal:
    """Return what a member has by now."""
    found = backend.refresh(member_id)
    assert isinstance(found, MemberFound)
    return found.account.balance


def whole_return(sale: SaleMaker, count: int = 1, **more: object) -> Effect:
    """Return all of the sale as goods that come back."""
    return sale.refund(2360, 0, count, **more)
