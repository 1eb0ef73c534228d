"""Undo a whole sale: queued behind the sale itself, so that nothing is undone before it is done."""

from __future__ import annotations

from cashier_app.domain.points import NO_POINTS
from cashier_app.domain.sale import Effect, EffectKind, effect_key
from cashier_app.errors import KnownError
from cashier_app.ports.clock import Clock
from cashier_app.ports.journal import Journal


class Refunds:
    """Blocking: for worker threads."""

    def __init__(self, journal: Journal, clock: Clock) -> None:
        self._journal = journal
        self._clock = clock

    def undo(self, sale_id: str) -> bool:
        """Queue the refund of a whole sale; False when it was queued before, and nothing more happens.

        Raises:
            KnownError: There is no such sale, it has no member, or the disk is full.
        """
        found = self._journal.sale(sale_id)
        if found is None:
            raise KnownError("There is no such sale at this till.")
        sale = found[0]
        if not sale.member_id:
            raise KnownError("This sale has no member the till knows of. Nothing was refunded.")
        refund = Effect(
            key=effect_key(sale_id, EffectKind.REFUND),
            kind=EffectKind.REFUND,
            sale_id=sale_id,
            member_id=sale.member_id,
            points=NO_POINTS,
            bill=sale.bill,
            discount=sale.discount,
            paid=sale.paid,
            at=self._clock.now(),
            program_version=sale.program_version,
            original_key=effect_key(sale_id, EffectKind.SALE),
        )
        return self._journal.queue_refund(refund)
