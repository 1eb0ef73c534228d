"""A sale as it was made: what the backend was told of it, what it earned and used, and what came back."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from msgspec import Struct
from msgspec.structs import replace

from cashier_app.domain.basket import Basket
from cashier_app.domain.counting import return_count
from cashier_app.domain.earning import EarningSale, points_earned
from cashier_app.domain.points import NO_POINTS
from cashier_app.domain.program import Program
from cashier_app.domain.program.tiers import TakenBack
from cashier_app.domain.refund import Returned, Sold
from cashier_app.domain.sale import (
    OF_RETURNS,
    OF_SALES,
    TAKES_POINTS,
    Effect,
    EffectKind,
    EffectState,
    Sale,
    effect_key,
)
from cashier_app.ports.capabilities import Capabilities
from cashier_app.ports.journal import EffectRow

EARNING = frozenset({EffectKind.SALE, EffectKind.LINK})
"""What tells the backend whose points a sale is."""


class Made(Struct, frozen=True):
    """A sale as it was made: what the backend was told of it, and what it earned and used by the book."""

    sale: Sale
    effects: tuple[Effect, ...]
    earned: Decimal
    used: Decimal


def reckons(program: Program, sold: Sold) -> bool:
    """Say whether the rules, told what the journal keeps of a sale, give what was really booked for it.

    It does not keep all that rules may look at: where more mattered, parts cannot be reckoned by them.
    """
    basket = Basket(sold.bill)
    basket.take(sold.taken)
    alone = EarningSale(basket=basket, now=sold.now, redeemed=sold.redeemed)
    return points_earned(program, alone).points == sold.earned


def by_share(program: Program) -> Program:
    """Return the program with earned points taken back by share."""
    if program.refunds.earned in {TakenBack.NEVER, TakenBack.ALL}:
        return program
    return replace(program, refunds=replace(program.refunds, earned=TakenBack.PROPORTIONAL))


def claimed_by(rows: Sequence[EffectRow]) -> str:
    """Return whose a sale made without a member has become since; empty where it is still nobody's."""
    told = (row.effect for row in rows if row.effect.kind in EARNING and row.state is not EffectState.DROPPED)
    return next((effect.member_id for effect in told if effect.member_id), "")


def told_to_nobody(made: Sequence[Effect]) -> bool:
    """Say whether the backend was told of the sale without being told whose it is."""
    return any(
        one.kind is EffectKind.SALE and not (one.member_id or one.identified_by) for one in made
    ) and not any(one.kind in TAKES_POINTS for one in made)


def told_elsewhere(sale: Sale, can: Capabilities) -> tuple[Effect, ...]:
    """Return what another till had the backend do for a sale, as far as it decides how that is undone."""
    kinds = [(EffectKind.SALE, sale.points_expected)]
    if sale.points_used:
        takes = EffectKind.CAPTURE if can.holds_points else EffectKind.REDEEM
        kinds.insert(0, (takes, sale.points_used))
    return tuple(
        Effect(
            key=effect_key(sale.sale_id, kind),
            kind=kind,
            sale_id=sale.sale_id,
            member_id=sale.member_id,
            points=points,
            bill=sale.bill,
            discount=sale.discount,
            paid=sale.paid,
            at=sale.at,
            program_version=sale.program_version,
            utc_offset=sale.utc_offset,
        )
        for kind, points in kinds
    )


def came_back(rows: Sequence[EffectRow]) -> tuple[Returned, ...]:
    """Return what came back before, oldest first; a return may have led to several effects."""
    told = {
        return_count(row.effect): row.effect
        for row in rows
        if row.effect.kind in OF_RETURNS and not row.withdrawn
    }
    return tuple(_came_back(told[count]) for count in sorted(told, key=int))


def _came_back(effect: Effect) -> Returned:
    return Returned(lines=effect.lines) if effect.lines else Returned(amount=effect.bill)


def told_of_sale(rows: Sequence[EffectRow]) -> tuple[Effect, ...]:
    """Return what the backend was told of the sale itself."""
    return tuple(row.effect for row in rows if row.effect.kind in OF_SALES)


def claimed_as(made: Sequence[Effect]) -> str:
    """Return the tier of whoever claimed a sale late."""
    return next((one.tier for one in made if one.claimed), "")


def earned_by(rows: Sequence[EffectRow]) -> Decimal:
    """Return what the sale earned by the book, or is expected to, as if nothing had come back before."""
    told = [row for row in rows if row.effect.kind in EARNING and row.state is not EffectState.DROPPED]
    if not told:
        return NO_POINTS
    # A sale told without a member earns once it is given to one.
    told.sort(key=lambda row: row.effect.kind is not EffectKind.LINK)
    booked, effect = told[0].booked, told[0].effect
    earned = abs(booked.points) if booked and booked.points is not None else effect.points
    return earned + effect.left_out


def used_on(rows: Sequence[EffectRow]) -> Decimal:
    """Return the points the sale took; those given offline and never booked are not given back."""
    took = [row for row in rows if row.effect.kind in TAKES_POINTS and row.state is not EffectState.DROPPED]
    return sum((row.effect.points for row in took), NO_POINTS)
