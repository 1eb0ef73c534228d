"""Points that lapse: what may be spent today, which go first, and when new ones lapse."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from msgspec.structs import replace

from cashier_app.domain.member import Account, Lapse, Lot
from cashier_app.domain.points import NO_POINTS
from cashier_app.domain.program import Program
from cashier_app.domain.program.tiers import Expiry, ExpiryEnd


def spendable(account: Account, today: date) -> Decimal:
    """Return the points that may be used on a day: the balance, or of its lots those that have not lapsed.

    Lots never make it more than the balance, which is the backend's word: lots may lag behind what was spent.
    """
    balance = max(NO_POINTS, account.balance)
    return min(balance, _sum(_usable(account, today))) if account.lots else balance


def spent_oldest_first(
    account: Account, points: Decimal, today: date
) -> tuple[tuple[Lot, ...], tuple[Lot, ...]]:
    """Return the lots that pay for these points, the soonest to lapse first, and the lots that remain.

    A lot that pays in part is in both. Lapsed lots are in neither; lots not yet usable remain. Where the lots
    hold more than the balance, the soonest to lapse are taken for spent already. Where they hold fewer points
    than asked for, all of them pay.
    """
    usable = _usable(account, today)
    _, current = _split(usable, _sum(usable) - max(NO_POINTS, account.balance))
    paying, rest = _split(current, points)
    return paying, tuple(sorted([*rest, *_not_yet_usable(account, today)], key=_order))


def soonest_lapse(account: Account, today: date) -> Lapse | None:
    """Return the points lost next if nothing is used: of the lots, or as the backend said."""
    if not account.lots:
        said = account.lapses
        return said if said is not None and said.on >= today else None
    _, kept = spent_oldest_first(account, NO_POINTS, today)
    first = kept[0].last_day if kept else None
    if first is None:
        return None
    return Lapse(_sum(tuple(lot for lot in kept if lot.last_day == first)), first)


def earned_lot(program: Program, points: Decimal, today: date) -> Lot:
    """Return points earned today with their first and last day.

    A day beyond the calendar counts as its last, 31 December 9999.
    """
    expiry = program.expiry
    wait = expiry.usable_after_days
    return Lot(points, _last_day(expiry, today), _days_after(today, wait) if wait else None)


def _usable(account: Account, today: date) -> tuple[Lot, ...]:
    """Return the lots that may be used on a day, the soonest to lapse first."""
    lots = [
        lot
        for lot in account.lots
        if _unlapsed(lot, today) and (lot.first_day is None or lot.first_day <= today)
    ]
    return tuple(sorted(lots, key=_order))


def _not_yet_usable(account: Account, today: date) -> list[Lot]:
    return [
        lot
        for lot in account.lots
        if _unlapsed(lot, today) and lot.first_day is not None and lot.first_day > today
    ]


def _unlapsed(lot: Lot, today: date) -> bool:
    return lot.points > 0 and (lot.last_day is None or lot.last_day >= today)


def _order(lot: Lot) -> tuple[date, date]:
    """Return what lots are sorted by: the last day, none after every day, then the first day."""
    return lot.last_day or date.max, lot.first_day or date.min


def _split(lots: tuple[Lot, ...], points: Decimal) -> tuple[tuple[Lot, ...], tuple[Lot, ...]]:
    """Return lots as those that make up so many points, in order, and the rest."""
    paying, rest = [], []
    for lot in lots:
        part = max(NO_POINTS, min(lot.points, points))
        points -= part
        if part:
            paying.append(replace(lot, points=part))
        if part < lot.points:
            rest.append(replace(lot, points=lot.points - part))
    return tuple(paying), tuple(rest)


def _sum(lots: tuple[Lot, ...]) -> Decimal:
    return sum((lot.points for lot in lots), NO_POINTS)


def _last_day(expiry: Expiry, today: date) -> date | None:
    """Return the last day of points earned today: months on, days on, then to the end or the named day."""
    named = expiry.until_day is not None or expiry.until_end_of is not ExpiryEnd.DAY
    if expiry.months is None and expiry.days is None and not named:
        return None
    day = _days_after(months_after(today, expiry.months or 0), expiry.days or 0)
    if expiry.until_day is not None:
        return _next(expiry.until_day, day)
    match expiry.until_end_of:
        case ExpiryEnd.DAY:
            return day
        case ExpiryEnd.MONTH:
            return _end_of_month(day.year, day.month)
        case ExpiryEnd.QUARTER:
            return _end_of_month(day.year, -(-day.month // 3) * 3)
        case ExpiryEnd.HALF_YEAR:
            return _end_of_month(day.year, 6 if day.month <= 6 else 12)
        case _:
            return date(day.year, 12, 31)


def _next(month_and_day: str, day: date) -> date:
    """Return the first such day on or after a day."""
    month, of_month = map(int, month_and_day.split("-"))
    year = day.year + ((month, of_month) < (day.month, day.day))
    return date.max if year > date.max.year else date(year, month, of_month)


def _days_after(day: date, days: int) -> date:
    return date.fromordinal(min(day.toordinal() + days, date.max.toordinal()))


def months_after(day: date, months: int) -> date:
    """Return the same day so many months later, or the last of a shorter month."""
    years, month = divmod(day.month - 1 + months, 12)
    if day.year + years > date.max.year:
        return date.max
    last = _end_of_month(day.year + years, month + 1)
    return last.replace(day=min(day.day, last.day))


def _end_of_month(year: int, month: int) -> date:
    from calendar import monthrange  # 1 ms, with the words for months

    return date(year, month, monthrange(year, month)[1])
