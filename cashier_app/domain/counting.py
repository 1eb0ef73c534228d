"""What each event at the till contributes to the figures: the one place that says so.

Roll-ups, their check, the store's ledger and its first filling all go by it. Nothing here knows a clock or a
database; times come with the events, frozen when the cashier acted.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta, tzinfo
from decimal import Decimal

from msgspec import Struct
from msgspec.structs import replace

from cashier_app.domain.acts import Act, ActKind
from cashier_app.domain.discrepancy import Discrepancy
from cashier_app.domain.figures import NO_FIGURES, Figures, Split
from cashier_app.domain.outcome import Booked
from cashier_app.domain.points import MAX_SCALE, NO_POINTS, from_units, to_units
from cashier_app.domain.sale import (
    OF_RETURNS,
    TAKES_POINTS,
    UNDOES_A_SALE,
    Effect,
    EffectKind,
    EffectState,
    Sale,
)

MOST_POINTS = Decimal(10**9)
"""More than this is counted of no single event: a backend's absurd word must not make sums overflow."""


class Place(Struct, frozen=True):
    """Where something is counted: on which business day, and in which part of each split.

    Args:
        hour: 0 to 23, the shop's time.
        currency: ISO 4217 letters.
    """

    day: date
    hour: int
    currency: str
    staff_id: str
    till: str
    tier: str
    way: str

    @property
    def parts(self) -> Mapping[Split, str]:
        """Return the part it belongs to in each split."""
        return {
            Split.HOUR: str(self.hour),
            Split.STAFF: self.staff_id,
            Split.TILL: self.till,
            Split.TIER: self.tier,
            Split.WAY: self.way,
        }


class Movement(Struct, frozen=True):
    """What one event adds to the figures; amounts that leave a bucket are below zero.

    Args:
        subject: The sale's id, the effect's key or the act's.
        at: When the cashier acted, UTC.
        took_tenths: Of a finished sale whose time is known: one more of this duration.
        member_id: Of a finished sale whose member the till knew. Whether it is their first is for whoever
            keeps the figures to find out: `first_sales` is zero here.
    """

    subject: str
    at: datetime
    place: Place
    figures: Figures
    took_tenths: int | None = None
    member_id: str = ""


class Standing(Struct, frozen=True):
    """Where an effect stands, and what the backend wrote for it."""

    state: EffectState
    booked: Booked | None = None


WAITING = Standing(EffectState.WAITING)


class Recorded(Struct, frozen=True):
    """One effect of a sale as it stands; `settled` when a person settled it by hand."""

    effect: Effect
    standing: Standing
    settled: bool = False


def finished(sale: Sale, effects: Sequence[Effect], zone: tzinfo) -> Movement:
    """Return what a sale counts when it is finished and nothing of it is posted.

    Args:
        sale: With its number.
        effects: What the backend is to be told of it.
        zone: Whose days those are that were recorded before the shop's clock was.
    """
    with_member = sale.way is not None
    rewarded = any(effect.reward_id for effect in effects)
    redeemed = rewarded or sale.points_used > 0 or sale.discount.minor > 0
    figures = Figures(
        sales=1,
        member_sales=int(with_member),
        redeemed_sales=int(redeemed),
        known_sales=int(bool(sale.member_id)),
        offline_sales=int(sale.offline),
        timed_sales=int(sale.took_tenths is not None),
        bill=sale.bill.minor,
        redeemed_bill=sale.bill.minor if redeemed else 0,
        discount=sale.discount.minor,
        paid=sale.paid.minor,
        overrides=int(any(effect.approved_by for effect in effects)),
    )
    for effect in effects:
        figures = _plus(figures, points_of(effect, WAITING))
    return Movement(
        subject=sale.sale_id,
        at=sale.at,
        place=place_of_sale(sale, zone),
        figures=figures,
        took_tenths=sale.took_tenths,
        member_id=sale.member_id,
    )


def moved(sale: Sale, effect: Effect, before: Standing, after: Standing, zone: tzinfo) -> Movement | None:
    """Return what changes when an effect of a finished sale comes to stand elsewhere; None for nothing."""
    if effect.asked_first:
        # It is a return once it is booked, and nothing before.
        booked = after.state is EffectState.POSTED
        return returned(sale, [effect], after, zone) if booked else None
    figures = points_of(effect, after) - points_of(effect, before)
    return None if figures == NO_FIGURES else _of_effect(sale, effect, figures, zone)


def queued_later(sale: Sale, effect: Effect, zone: tzinfo) -> Movement | None:
    """Return what it counts that an effect was queued after its sale was finished; None for nothing.

    The points of a sale claimed later count with the sale, on its day. It stays one without a member: nobody
    was served as one.
    """
    figures = points_of(effect, WAITING)
    return None if figures == NO_FIGURES else _of_effect(sale, effect, figures, zone)


def returned(sale: Sale, effects: Sequence[Effect], standing: Standing, zone: tzinfo) -> Movement:
    """Return what one return counts when it is taken in.

    Args:
        sale: Of which goods came back.
        effects: All that this one return leads to; at least one.
        standing: How they stand: waiting, or posted where there is nothing to tell.
        zone: As for `finished`.
    """
    first = effects[0]
    figures = Figures(
        returns=1,
        returned_bill=first.bill.minor,
        returned_discount=first.discount.minor,
        returned_paid=first.paid.minor,
        voids=int(first.reason in UNDOES_A_SALE),
    )
    for effect in effects:
        figures = _plus(figures, points_of(effect, standing))
    return _of_effect(sale, first, figures, zone)


def corrected(sale: Sale, effect: Effect, zone: tzinfo) -> Movement:
    """Return what it counts that a person settled an effect by hand; the points move besides."""
    return _of_effect(sale, effect, Figures(corrections=1), zone)


def lost(sale: Sale, discrepancy: Discrepancy, zone: tzinfo) -> Movement:
    """Return what a discount no points paid for counts, on the day it was given."""
    figures = Figures(discrepancies=1, discrepancy=discrepancy.loss.minor)
    return Movement(discrepancy.key, sale.at, place_of_sale(sale, zone), figures)


def done(act: Act) -> Movement:
    """Return what an act besides the sales counts."""
    day, hour = business_hour(act.at, act.utc_offset, UTC)
    figures = Figures(
        enrolled=int(act.kind is ActKind.ENROLLED),
        overrides=int(act.kind is ActKind.OVERRIDE),
        lapsed=_counted(act.points) if act.kind is ActKind.LAPSED else NO_POINTS,
    )
    place = Place(day, hour, act.currency, act.staff_id, act.till, act.tier, act.way)
    return Movement(act.key, act.at, place, figures)


def as_it_stands(
    sale: Sale, effects: Iterable[Recorded], losses: Iterable[Discrepancy], zone: tzinfo
) -> list[Movement]:
    """Return all that a finished sale counts by now, its returns included: the sum of all that moved it."""
    return together(each_as_it_stands(sale, effects, losses, zone))


def each_as_it_stands(
    sale: Sale, effects: Iterable[Recorded], losses: Iterable[Discrepancy], zone: tzinfo
) -> list[Movement]:
    """Return the same with nothing added up: one movement or more for each subject."""
    of_sale: list[Recorded] = []
    returns: dict[str, list[Recorded]] = {}
    for row in effects:
        if row.effect.kind in OF_RETURNS:
            returns.setdefault(return_count(row.effect), []).append(row)
        else:
            of_sale.append(row)
    movements = [finished(sale, [row.effect for row in of_sale], zone)]
    # A return with nothing to tell was never waiting; it moves no points either way.
    movements += [
        returned(sale, [row.effect for row in rows], WAITING, zone)
        for rows in returns.values()
        if not rows[0].effect.asked_first
    ]
    for row in (*of_sale, *(row for rows in returns.values() for row in rows)):
        movements += since_waiting(sale, row, zone)
    return movements + [lost(sale, loss, zone) for loss in losses]


def since_waiting(sale: Sale, row: Recorded, zone: tzinfo) -> list[Movement]:
    """Return what an effect counts by now besides what it counted while it waited."""
    later = moved(sale, row.effect, WAITING, row.standing, zone)
    movements = [] if later is None else [later]
    return [*movements, corrected(sale, row.effect, zone)] if row.settled else movements


def together(movements: Iterable[Movement]) -> list[Movement]:
    """Return movements with those of one place added up; each keeps the first's subject."""
    by_place: dict[Place, Movement] = {}
    for movement in movements:
        first = by_place.get(movement.place)
        if first is not None:
            movement = replace(first, figures=_plus(first.figures, movement.figures))  # noqa: PLW2901
        by_place[movement.place] = movement
    return [movement for movement in by_place.values() if movement.figures != NO_FIGURES]


def points_of(effect: Effect, standing: Standing) -> Figures:
    """Return the points an effect counts as it stands; holds, their release and new members count none."""
    kind = effect.kind
    if kind in {EffectKind.SALE, EffectKind.LINK}:
        return _earned(effect, standing)
    if kind in TAKES_POINTS:
        return _used(_counted(effect.points), standing.state)
    return _back(effect, standing) if kind in OF_RETURNS else NO_FIGURES


def place_of_sale(sale: Sale, zone: tzinfo) -> Place:
    """Return where a sale counts, and whatever is found out about it later."""
    day, hour = business_hour(sale.at, sale.utc_offset, zone)
    return Place(day, hour, sale.bill.currency.code, sale.staff_id, till_of(sale), sale.tier, _way(sale))


def place_of_return(effect: Effect, sale: Sale, zone: tzinfo) -> Place:
    """Return where goods that come back count: when and by whom they were taken in, as the sale's member."""
    day, hour = business_hour(effect.at, effect.utc_offset, zone)
    return Place(day, hour, sale.bill.currency.code, effect.staff_id, till_of(sale), sale.tier, _way(sale))


def business_hour(at: datetime, utc_offset: int | None, zone: tzinfo) -> tuple[date, int]:
    """Return day and hour in the shop: by the minutes it was ahead of UTC, else in this zone."""
    ahead = None if utc_offset is None else timedelta(minutes=utc_offset)
    local = at.astimezone(zone) if ahead is None else at.astimezone(UTC) + ahead
    return local.date(), local.hour


def utc_offset_of(at: datetime, zone: tzinfo) -> int:
    """Return whole minutes a zone is ahead of UTC at this moment."""
    ahead = at.astimezone(zone).utcoffset() or timedelta(0)
    return ahead // timedelta(minutes=1)


def till_of(sale: Sale) -> str:
    """Return the till a sale's number names."""
    return sale.number.rpartition("-")[0]


def return_count(effect: Effect) -> str:
    """Return the how-many-th return of its sale an effect belongs to; several effects share one."""
    return effect.key.rpartition("-")[2]


def _of_effect(sale: Sale, effect: Effect, figures: Figures, zone: tzinfo) -> Movement:
    if effect.kind in OF_RETURNS:
        return Movement(effect.key, effect.at, place_of_return(effect, sale, zone), figures)
    return Movement(effect.key, sale.at, place_of_sale(sale, zone), figures)


def _earned(effect: Effect, standing: Standing) -> Figures:
    match standing.state:
        case EffectState.POSTED:
            return Figures(earned=_booked(standing.booked, effect.points))
        case EffectState.NEEDS_ATTENTION | EffectState.DROPPED:
            return Figures(refused_earned=_counted(effect.points))
        case _:
            return Figures(waiting_earned=_counted(effect.points))


def _used(points: Decimal, state: EffectState) -> Figures:
    # What a capture changes is nothing at a backend that took the points when they were held: the effect's
    # own points are what paid for the discount.
    match state:
        case EffectState.POSTED:
            return Figures(used=points)
        case EffectState.NEEDS_ATTENTION | EffectState.DROPPED:
            return Figures(refused_used=points)
        case _:
            return Figures(waiting_used=points)


def _back(effect: Effect, standing: Standing) -> Figures:
    reckoned = effect.kind is EffectKind.REFUND and not effect.points
    told = effect.taken_back + effect.restored if reckoned else effect.points
    match standing.state:
        case EffectState.POSTED if reckoned:
            return _worked_out(effect, standing.booked)
        case EffectState.POSTED:
            points = _booked(standing.booked, effect.points)
            return Figures(given_back=points) if _gives(effect) else Figures(taken_back=points)
        case EffectState.NEEDS_ATTENTION | EffectState.DROPPED:
            return Figures(refused_back=_counted(told))
        case _:
            return Figures(waiting_back=_counted(told))


def _gives(effect: Effect) -> bool:
    """Say whether an effect of a return gives used points back; else it takes earned ones."""
    if effect.kind is not EffectKind.REFUND:
        return effect.kind is EffectKind.RESTORE
    undone = effect.original_key.removeprefix(f"{effect.sale_id}-").rpartition("-")[0]
    return undone in TAKES_POINTS


def _worked_out(effect: Effect, booked: Booked | None) -> Figures:
    """Return what a return moved whose points the backend works out.

    It says by how much the balance changed, no more. The till knows what was used and is given back; the rest
    of the change was taken. A backend that does not even say that much is not spoken for.
    """
    if booked is None or booked.points is None:
        return NO_FIGURES
    given = max(effect.restored, booked.points)
    return Figures(taken_back=_counted(given - booked.points), given_back=_counted(given))


def _booked(booked: Booked | None, expected: Decimal) -> Decimal:
    told = booked.points if booked is not None else None
    return _counted(expected if told is None else abs(told))


def _counted(points: Decimal) -> Decimal:
    """Return points as finely as any program counts, within what sums can bear."""
    kept = max(NO_POINTS, min(points, MOST_POINTS))
    return from_units(to_units(kept, MAX_SCALE), MAX_SCALE) if kept % 1 else kept


def _way(sale: Sale) -> str:
    return "" if sale.way is None else sale.way.value


def _plus(figures: Figures, more: Figures) -> Figures:
    return figures if more == NO_FIGURES else figures + more
