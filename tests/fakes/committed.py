"""Sales committed at a counter, and what became of their effects."""

from __future__ import annotations

from cashier_app.domain.sale import EffectKind
from cashier_app.ports.journal import EffectRow
from tests.fakes.counter import Counter
from tests.fakes.effects import effect, sale, sale_id


def commit(counter: Counter, count: int = 1, member_id: str = "m-1") -> str:
    """Commit the n-th sale and return the key of its one effect."""
    one = effect(EffectKind.SALE, count, member_id=member_id)
    counter.journal.commit_sale(sale(count, member_id=member_id), [one])
    return one.key


def row(counter: Counter, count: int = 1, kind: EffectKind = EffectKind.SALE) -> EffectRow:
    """Return the effect of this kind of the n-th sale."""
    return next(one for one in counter.journal.effects_of(sale_id(count)) if one.effect.kind is kind)


def earned_once(counter: Counter, count: int = 1) -> bool:
    """Say whether the n-th sale took hold at the backend, and once only."""
    return counter.backend.took_hold[sale_id(count), EffectKind.SALE] == 1
