"""One sale at a shop on Nector, for tests of its rules."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal

from cashier_app.backends.nector.kind import NectorSettings
from cashier_app.domain.money import Currency, Money
from cashier_app.domain.sale import Effect, EffectKind, effect_key

RUPEE = Currency("INR", 2)
BILL = Money(236000, RUPEE)
SALE_ID = "0197f0a2-1111-7222-8333-444455556666"
OTHER_SALE = "0197f0a2-1111-7222-8333-444455557777"
AT = datetime(2026, 11, 22, 10, 0, tzinfo=UTC)
WORKSPACE = "5d0a2c0e-7b1f-4c55-9d7e-2f6f3a1b9c04"


def settings(**more: object) -> NectorSettings:
    """Return settings of a made-up workspace."""
    return NectorSettings(**({"program": "p.toml", "workspace": WORKSPACE} | more))  # type: ignore[arg-type]


def effect(kind: EffectKind, points: int = 400, member_id: str = "mobile-x") -> Effect:
    """Return an effect of a sale of a till of the shop."""
    key = effect_key(SALE_ID, kind)
    return Effect(
        key, kind, SALE_ID, member_id, Decimal(points), BILL, Money(20000, RUPEE), BILL, AT, "nector-1"
    )


@dataclass
class SetClock:
    """A clock that says what it is told to."""

    at: datetime = AT
    seconds: float = 0.0

    def now(self) -> datetime:
        """Return the moment, UTC."""
        return self.at

    def monotonic(self) -> float:
        """Return the seconds."""
        return self.seconds
