"""Goods that come back: what it does to points, queued behind the sale: nothing is undone before it is."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from decimal import Decimal

from msgspec.structs import replace

from cashier_app.domain.bill import bill_of
from cashier_app.domain.circumstances import Circumstances
from cashier_app.domain.money import Money
from cashier_app.domain.points import NO_POINTS
from cashier_app.domain.program import Program
from cashier_app.domain.program.tiers import TakenBack
from cashier_app.domain.refund import RefundPlan, Returned, Sold, refund_plan
from cashier_app.domain.sale import (
    OF_RETURNS,
    OF_SALES,
    TAKES_POINTS,
    EffectKind,
    EffectState,
    Sale,
    SaleReturn,
)
from cashier_app.errors import KnownError
from cashier_app.ports.clock import Clock
from cashier_app.ports.journal import EffectRow, Journal
from cashier_app.ports.loyalty import LoyaltyBackend

NOT_HERE = "There is no such sale at this till."
NO_MEMBER = "This sale has no member the till knows of. Nothing was refunded."
WHOLE_ONLY = "The loyalty system takes back whole sales only. Nothing was refunded."
TOO_MUCH = "That is more than is left of this sale. Nothing was refunded."


class Refunds:
    """Blocking: for worker threads.

    Args:
        journal: Where sales and returns are.
        backend: Plans what it is told of a return; asked nothing here.
        program: Reads the program in force, or the one kept from last time; see `MemberLookup.program`.
        clock: When goods come back.
    """

    def __init__(
        self, journal: Journal, backend: LoyaltyBackend, program: Callable[[], Program], clock: Clock
    ) -> None:
        self._journal = journal
        self._backend = backend
        self._program = program
        self._clock = clock

    def undo(self, sale_id: str) -> bool:
        """Queue the return of all that is left of a sale; False when all of it came back before.

        Raises:
            KnownError: There is no such sale, it has no member, no program is known, or the disk is full.
        """
        sale, rows = self._sale(sale_id)
        before = _returns(rows)
        plan = self._planned(sale, rows, before, Returned(everything=True))
        return plan.refused is None and self._queue(sale, rows, plan, len(before) + 1)

    def take_back(self, sale_id: str, amount: Money) -> RefundPlan:
        """Queue the return of goods that cost this much on the bill; return what it comes to.

        Raises:
            KnownError: There is no such sale, it has no member, more comes back than is left, the backend
                takes back whole sales only, no program is known, or the disk is full.
        """
        sale, rows = self._sale(sale_id)
        before = _returns(rows)
        if not self._backend.capabilities.partial_refund and (before or amount != sale.bill):
            raise KnownError(WHOLE_ONLY)
        plan = self._planned(sale, rows, before, Returned(amount=amount))
        if plan.refused is not None:
            raise KnownError(TOO_MUCH)
        self._queue(sale, rows, plan, len(before) + 1)
        return plan

    def _sale(self, sale_id: str) -> tuple[Sale, list[EffectRow]]:
        found = self._journal.sale(sale_id)
        if found is None:
            raise KnownError(NOT_HERE)
        if not found[0].member_id:
            raise KnownError(NO_MEMBER)
        return found[0], self._journal.effects_of(sale_id)

    def _planned(
        self, sale: Sale, rows: Sequence[EffectRow], before: tuple[Returned, ...], returned: Returned
    ) -> RefundPlan:
        used = _used(rows)
        sold = Sold(
            bill=bill_of(sale.bill),
            now=Circumstances(sale.at),
            taken=(sale.discount.minor,),
            discount=sale.discount.minor,
            points_used=used,
            earned=_earned(rows),
            redeemed=used > 0,
        )
        return refund_plan(_by_share(self._program()), sold, returned, before)

    def _queue(self, sale: Sale, rows: Sequence[EffectRow], plan: RefundPlan, count: int) -> bool:
        bill = plan.money_back + plan.discount_back
        returned = SaleReturn(
            sale=sale,
            count=count,
            whole=bill == sale.bill,
            bill=bill,
            discount=plan.discount_back,
            paid=plan.money_back,
            taken_back=plan.taken_back,
            restored=plan.restored if self._backend.capabilities.restores_points else NO_POINTS,
            at=self._clock.now(),
            effects=tuple(row.effect for row in rows if row.effect.kind in OF_SALES),
        )
        return self._journal.queue_refund(self._backend.plan_refund(returned))


def _by_share(program: Program) -> Program:
    """Return the program with earned points taken back by share: the journal keeps no lines and no tier."""
    if program.refunds.earned in {TakenBack.NEVER, TakenBack.ALL}:
        return program
    return replace(program, refunds=replace(program.refunds, earned=TakenBack.PROPORTIONAL))


def _returns(rows: Sequence[EffectRow]) -> tuple[Returned, ...]:
    """Return what came back before, oldest first; a return may have led to several effects."""
    amounts = {
        row.effect.key.rpartition("-")[2]: row.effect.bill for row in rows if row.effect.kind in OF_RETURNS
    }
    return tuple(Returned(amount=amounts[count]) for count in sorted(amounts, key=int))


def _earned(rows: Sequence[EffectRow]) -> Decimal:
    """Return what the sale earned by the book, or is expected to."""
    told = [
        row for row in rows if row.effect.kind is EffectKind.SALE and row.state is not EffectState.DROPPED
    ]
    if not told:
        return NO_POINTS
    booked = told[0].booked
    return abs(booked.points) if booked and booked.points is not None else told[0].effect.points


def _used(rows: Sequence[EffectRow]) -> Decimal:
    """Return the points the sale took; those given offline and never booked are not given back."""
    took = [row for row in rows if row.effect.kind in TAKES_POINTS and row.state is not EffectState.DROPPED]
    return sum((row.effect.points for row in took), NO_POINTS)
