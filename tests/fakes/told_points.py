"""How a backend is told of a return that books points and knows of no goods."""

from __future__ import annotations

from cashier_app.domain.sale import Effect, EffectKind, SaleReturn

UNDOES = {EffectKind.CLAW_BACK: EffectKind.SALE, EffectKind.RESTORE: EffectKind.CAPTURE}
"""For each effect of a return, the effect of the sale it takes back."""


def told_points(returned: SaleReturn) -> tuple[Effect, ...]:
    """Return the effects of a return: earned points taken, used points given; none where there are none."""
    points = {EffectKind.CLAW_BACK: returned.taken_back, EffectKind.RESTORE: returned.restored}
    return tuple(returned.effect(kind, points[kind], UNDOES[kind]) for kind in points if points[kind])
