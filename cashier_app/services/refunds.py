"""Goods that come back: what it does to points, queued behind the sale: nothing is undone before it is."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, tzinfo
from decimal import Decimal
from typing import Protocol

from msgspec.structs import replace

from cashier_app.domain.basket import Basket
from cashier_app.domain.bill import bill_of
from cashier_app.domain.circumstances import Circumstances
from cashier_app.domain.counting import utc_offset_of
from cashier_app.domain.earning import EarningSale, points_earned
from cashier_app.domain.money import Money
from cashier_app.domain.points import NO_POINTS
from cashier_app.domain.program import Program
from cashier_app.domain.program.tiers import TakenBack
from cashier_app.domain.refund import RefundPlan, Returned, Sold
from cashier_app.domain.sale import (
    OF_RETURNS,
    OF_SALES,
    TAKES_POINTS,
    Effect,
    EffectKind,
    EffectState,
    Sale,
    SaleReturn,
)
from cashier_app.errors import KnownError
from cashier_app.ports.clock import Clock
from cashier_app.ports.journal import EffectRow, Journal
from cashier_app.ports.loyalty import LoyaltyBackend
from cashier_app.services.returnable import Returnable

NOT_HERE = "There is no such sale at this till."
NO_MEMBER = "This sale has no member the till knows of. Nothing was refunded."
WHOLE_ONLY = "The loyalty system takes back whole sales only. Nothing was refunded."
TOO_MUCH = "That is more than is left of this sale. Nothing was refunded."
_ENDED = frozenset({EffectState.POSTED, EffectState.DROPPED})


class Programs(Protocol):
    """Where the rules come from; see `MemberLookup`."""

    def program(self) -> Program:
        """Return the program in force, or the one kept from last time."""

    def program_of(self, version: str) -> Program | None:
        """Return the program of this version, where it is kept."""


class Refunds:
    """Blocking: for worker threads.

    Args:
        journal: Where sales and returns are.
        backend: Plans what it is told of a return; asked nothing here.
        programs: The rules a sale was made by, else those in force.
        clock: When goods come back.
        zone: The shop's.
    """

    def __init__(
        self,
        journal: Journal,
        backend: LoyaltyBackend,
        programs: Programs,
        clock: Clock,
        zone: tzinfo = UTC,
    ) -> None:
        self._journal = journal
        self._backend = backend
        self._programs = programs
        self._clock = clock
        self._zone = zone

    def returnable(self, sale_id: str) -> Returnable:
        """Return a sale with all that decides what a return of it does.

        Raises:
            KnownError: There is no such sale, it has no member, or no program is known.
        """
        sale, rows = self._sale(sale_id)
        made_by = self._programs.program_of(sale.program_version) if sale.program_version else None
        program = made_by or self._programs.program()
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
        known = _reckons(program, sold)
        returns = [row.effect.at for row in rows if row.effect.kind in OF_RETURNS]
        can = self._backend.capabilities
        return Returnable(
            sale=sale,
            sold=sold,
            program=program if known else _by_share(program),
            about=not known and self._backend_reckons(sale, rows),
            rules_kept=program.version == sale.program_version,
            before=_returns(rows),
            last_return=max(returns, default=None),
            posted=all(row.state in _ENDED for row in rows if row.effect.kind in OF_SALES),
            parts=can.partial_refund,
            restores=can.restores_points,
        )

    def preview(self, sale_id: str, amount: Money | None = None) -> RefundPlan:
        """Return what a return would do, queueing nothing; None for all that is left of the sale.

        Raises:
            KnownError: See `returnable`.
        """
        return self.returnable(sale_id).plan(amount)

    def undo(self, sale_id: str, staff_id: str = "") -> bool:
        """Queue the return of all that is left of a sale; False when all of it came back before.

        Raises:
            KnownError: There is no such sale, it has no member, no program is known, or the disk is full.
        """
        found = self.returnable(sale_id)
        plan = found.plan()
        return plan.refused is None and self._queue(found, plan, staff_id)

    def take_back(self, sale_id: str, amount: Money, staff_id: str = "") -> RefundPlan:
        """Queue the return of goods that cost this much on the bill; return what it comes to.

        `staff_id` is who takes them back; empty where nobody signs in.

        Raises:
            KnownError: There is no such sale, it has no member, more comes back than is left, the backend
                takes back whole sales only, no program is known, or the disk is full.
        """
        return self._take_back(self.returnable(sale_id), amount, staff_id)

    def take_back_shown(
        self, shown: Returnable, amount: Money | None, staff_id: str = ""
    ) -> RefundPlan | Returnable:
        """Queue a return that was shown before; None for all that is left.

        Nothing is queued where it would come to something else by now, such as once the backend booked other
        points: the sale as it stands is returned, to be shown again.

        Raises:
            KnownError: See `take_back`.
        """
        now = self.returnable(shown.sale.sale_id)
        if now.plan(amount) != shown.plan(amount):
            return now
        return self._take_back(now, amount, staff_id)

    def _take_back(self, found: Returnable, amount: Money | None, staff_id: str) -> RefundPlan:
        if not found.takes(amount):
            raise KnownError(WHOLE_ONLY)
        plan = found.plan(amount)
        if plan.refused is not None:
            raise KnownError(TOO_MUCH)
        self._queue(found, plan, staff_id)
        return plan

    def _sale(self, sale_id: str) -> tuple[Sale, list[EffectRow]]:
        found = self._journal.sale(sale_id)
        if found is None:
            raise KnownError(NOT_HERE)
        if not found[0].member_id:
            raise KnownError(NO_MEMBER)
        return found[0], self._journal.effects_of(sale_id)

    def _backend_reckons(self, sale: Sale, rows: Sequence[EffectRow]) -> bool:
        """Say whether the backend is told of goods and works the points out itself."""
        whole = SaleReturn(
            sale=sale,
            count=1,
            whole=True,
            bill=sale.bill,
            discount=sale.discount,
            paid=sale.paid,
            taken_back=_earned(rows),
            restored=_used(rows),
            at=sale.at,
            effects=_of_sale(rows),
        )
        return any(effect.kind is EffectKind.REFUND for effect in self._backend.plan_refund(whole))

    def _queue(self, found: Returnable, plan: RefundPlan, staff_id: str) -> bool:
        sale, rows = found.sale, self._journal.effects_of(found.sale.sale_id)
        bill, now = plan.money_back + plan.discount_back, self._clock.now()
        returned = SaleReturn(
            sale=sale,
            count=len(found.before) + 1,
            whole=bill == sale.bill,
            bill=bill,
            discount=plan.discount_back,
            paid=plan.money_back,
            taken_back=plan.taken_back,
            restored=plan.restored,
            at=now,
            effects=_of_sale(rows),
            staff_id=staff_id,
            utc_offset=utc_offset_of(now, self._zone),
        )
        told = self._backend.plan_refund(returned)
        if told:
            return self._journal.queue_refund(told)
        # Money alone came back. It is kept all the same: the next return goes on from here.
        return self._journal.note_return(returned.effect(EffectKind.CLAW_BACK, NO_POINTS, EffectKind.SALE))


def _reckons(program: Program, sold: Sold) -> bool:
    """Say whether the rules, told what the journal keeps of a sale, give what was really booked for it.

    It keeps neither lines nor tier: where those mattered, the parts cannot be reckoned by the rules.
    """
    basket = Basket(sold.bill)
    basket.take(sold.taken)
    alone = EarningSale(basket=basket, now=sold.now, redeemed=sold.redeemed)
    return points_earned(program, alone).points == sold.earned


def _by_share(program: Program) -> Program:
    """Return the program with earned points taken back by share."""
    if program.refunds.earned in {TakenBack.NEVER, TakenBack.ALL}:
        return program
    return replace(program, refunds=replace(program.refunds, earned=TakenBack.PROPORTIONAL))


def _returns(rows: Sequence[EffectRow]) -> tuple[Returned, ...]:
    """Return what came back before, oldest first; a return may have led to several effects."""
    amounts = {
        row.effect.key.rpartition("-")[2]: row.effect.bill for row in rows if row.effect.kind in OF_RETURNS
    }
    return tuple(Returned(amount=amounts[count]) for count in sorted(amounts, key=int))


def _of_sale(rows: Sequence[EffectRow]) -> tuple[Effect, ...]:
    return tuple(row.effect for row in rows if row.effect.kind in OF_SALES)


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
