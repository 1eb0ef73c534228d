"""Where a member stands among the tiers, before and after this bill."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from msgspec import Struct
from msgspec.structs import replace

from cashier_app.domain.lots import months_after
from cashier_app.domain.member import Account, TierStanding, Visit
from cashier_app.domain.money import Money
from cashier_app.domain.points import NO_POINTS, from_units, to_units
from cashier_app.domain.program import Program
from cashier_app.domain.program.tiers import Spend, Tiers, TiersBy, Window


class BillCounts(Struct, frozen=True):
    """What this bill adds towards tiers.

    Minor units by each reading of spend, units of points earned and used, and one visit.
    """

    paid: int = 0
    bill: int = 0
    net: int = 0
    points_units: int = 0
    visits: int = 1
    used_units: int = 0


def standing(
    program: Program, account: Account, today: date, adds: BillCounts | None = None
) -> TierStanding | None:
    """Return the tier held on a day; with `adds`, the tier once this bill counts too.

    A history counts before a qualifying figure. A tier the backend named is held whatever counts, for many
    shops keep a tier for a while; what counts can only raise it, and without any figure it is returned as it
    is. A member of whom nothing is known begins at zero. Below the first threshold no tier is held: the name
    is empty, the rank zero, and the distance is that to the first tier. None only where neither the program
    nor the account knows tiers.
    """
    if program.tiers.by is TiersBy.BALANCE:
        told = account.tier is None
    else:
        told = bool(account.history) or account.qualifying is not None
    if not program.tiers.levels or (account.tier is not None and not told):
        return account.tier
    counted = _counted(program, account, today)
    if adds is not None:
        counted += _added(program, adds)
    return _standing_at(program, counted, _rank_held(program, account))


def _rank_held(program: Program, account: Account) -> int:
    """Return the rank of the tier the backend named, zero for none or one that is not in the program."""
    name = account.tier.name if account.tier else ""
    return next((rank for rank, level in enumerate(program.tiers.levels, start=1) if level.name == name), 0)


def _counted(program: Program, account: Account, today: date) -> Decimal:
    """Return what counts in the window: points, visits, or spend in the main unit."""
    tiers = program.tiers
    if tiers.by is TiersBy.BALANCE:
        return account.balance
    if not account.history:
        return account.qualifying or Decimal(0)
    visits = [visit for visit in account.history if _in_window(tiers, visit, today)]
    match tiers.by:
        case TiersBy.POINTS:
            return sum((visit.points for visit in visits), NO_POINTS)
        case TiersBy.SPEND:
            return _main_unit(program, sum(visit.spend for visit in visits))
        case _:
            return Decimal(len(visits))


def _in_window(tiers: Tiers, visit: Visit, today: date) -> bool:
    """Return whether a visit counts; one of a day to come never does."""
    if visit.on > today:
        return False
    match tiers.window:
        case Window.LIFETIME:
            return True
        case Window.ROLLING_DAYS:
            return (today - visit.on).days < tiers.days
        case Window.ROLLING_MONTHS:
            return months_after(visit.on, tiers.months) > today
        case _:
            return visit.on.year == today.year


def _added(program: Program, adds: BillCounts) -> Decimal:
    match program.tiers.by:
        case TiersBy.POINTS:
            return from_units(adds.points_units, program.point_scale)
        case TiersBy.BALANCE:
            return from_units(adds.points_units - adds.used_units, program.point_scale)
        case TiersBy.SPEND:
            spent = {Spend.PAID: adds.paid, Spend.BILL: adds.bill, Spend.NET: adds.net}
            return _main_unit(program, spent[program.tiers.spend])
        case _:
            return Decimal(adds.visits)


def _standing_at(program: Program, counted: Decimal, held: int) -> TierStanding:
    """Return the standing of a member of whom so much counts, of at least the rank held."""
    levels = program.tiers.levels
    reached = next((place for place, level in enumerate(levels) if counted < level.threshold), len(levels))
    rank = max(reached, held)
    name = levels[rank - 1].name if rank else ""
    if rank == len(levels):
        return TierStanding(name, rank, rank)
    low, high = levels[rank - 1].threshold if rank else Decimal(0), levels[rank].threshold
    gone = max(Decimal(0), counted - low)
    # Returns may count below zero: then even a first tier that begins at zero lies ahead.
    progress = int(gone * 1000 // (high - low)) if high > low else 0
    ahead = TierStanding(name, rank, len(levels), levels[rank].name, progress=progress)
    return _with_missing(program, ahead, high - counted)


def _with_missing(program: Program, ahead: TierStanding, missing: Decimal) -> TierStanding:
    """Return the standing with what is missing, rounded up so that so much is enough."""
    match program.tiers.by:
        case TiersBy.POINTS | TiersBy.BALANCE:
            points = from_units(_units_up(missing, program.point_scale), program.point_scale)
            return replace(ahead, missing_points=points)
        case TiersBy.SPEND:
            spend = Money(_units_up(missing, program.currency.decimals), program.currency)
            return replace(ahead, missing=spend)
        case _:
            return replace(ahead, missing_visits=_units_up(missing, 0))


def _units_up(value: Decimal, scale: int) -> int:
    return -to_units(-value, scale)


def _main_unit(program: Program, minor: int) -> Decimal:
    return from_units(minor, program.currency.decimals)
