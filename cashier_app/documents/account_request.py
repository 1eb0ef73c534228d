"""The account of a quote request: balance, lots, tier, and what the member did before."""

from __future__ import annotations

import re
from datetime import date, datetime
from decimal import Decimal
from difflib import get_close_matches

from msgspec import Struct

from cashier_app.documents.request_fields import (
    Fields,
    Reader,
    RequestError,
    count_of,
    day_of,
    entries_of,
    fields_of,
    list_of,
    shown,
    text_of,
    within,
)
from cashier_app.domain.member import Account, Lot, Member, RewardUse, TierStanding, Usage, Used, Visit
from cashier_app.domain.money import Money
from cashier_app.domain.points import NO_POINTS
from cashier_app.domain.program import Program
from cashier_app.domain.program.conditions import MAX_NAMES
from cashier_app.domain.program.tiers import TiersBy
from cashier_app.domain.reasons import Period

ACCOUNT_KEYS = (
    "balance",
    "lots",
    "tier",
    "qualifying",
    "history",
    "tags",
    "store_credit",
    "gift_balance",
    "used",
    "rewards_used",
    "rules_used",
    "blocked_since",
)
MAX_LOTS = 1000
MAX_VISITS = 10_000
_VISITS = re.compile(r"[0-9]{1,7}\Z")


class Served(Struct, frozen=True):
    """Who is served, and their account."""

    member: Member
    account: Account


def read_account(value: object, path: str, program: Program, reader: Reader, at: datetime) -> Served:
    """Return the member and the account a request states; left out, a member without points.

    Raises:
        RequestError: A figure is wrong, or figures contradict each other.
    """
    fields = fields_of({} if value is None else value, path, ACCOUNT_KEYS)
    lots = list_of(
        fields.get("lots", []), within(path, "lots"), MAX_LOTS, lambda lot, place: _lot(lot, place, reader)
    )
    history = list_of(
        fields.get("history", []),
        within(path, "history"),
        MAX_VISITS,
        lambda visit, place: _visit(visit, place, reader),
    )
    account = Account(
        balance=_balance(fields, path, lots, reader, at.date()),
        as_of=at,
        tier=_tier(fields, path, program),
        store_credit=_held(fields, path, "store_credit", reader),
        gift_balance=_held(fields, path, "gift_balance", reader),
        lots=lots,
        usage=_usage(fields.get("used"), within(path, "used"), reader),
        reward_uses=read_reward_uses(fields.get("rewards_used"), within(path, "rewards_used"), program),
        rule_uses=_rule_uses(fields.get("rules_used"), within(path, "rules_used"), program),
        tags=list_of(fields.get("tags", []), within(path, "tags"), MAX_NAMES, text_of),
        qualifying=_qualifying(fields, path, program, reader),
        history=history,
    )
    member = Member(
        member_id="request",
        name="",
        blocked_since=_blocked(fields, path, at.date()),
    )
    return Served(member, account)


def _blocked(fields: Fields, path: str, today: date) -> date | None:
    """Return the day a member is blocked from, unless that is still to come."""
    if "blocked_since" not in fields:
        return None
    since = day_of(fields["blocked_since"], within(path, "blocked_since"))
    return since if since <= today else None


def read_reward_uses(value: object, path: str, program: Program) -> dict[str, RewardUse]:
    """Return how often the member had each reward; `RequestError` where one is not in the program."""
    uses = entries_of({} if value is None else value, path, MAX_NAMES, _reward_use)
    for reward_id in uses:
        check_reward(reward_id, path, program)
    return uses


def _rule_uses(value: object, path: str, program: Program) -> dict[str, RewardUse]:
    """Return how often the member earned by rules and multipliers; `RequestError` where one is not there."""
    uses = entries_of({} if value is None else value, path, MAX_NAMES, _reward_use)
    known = [rule.name for rule in (*program.earning.rules, *program.earning.multipliers) if rule.name]
    for name in uses:
        if name not in known:
            raise RequestError(
                within(path, str(shown(name))), name, "the name of an earning rule or multiplier"
            )
    return uses


def check_reward(reward_id: str, path: str, program: Program) -> None:
    """Raise `RequestError` where the program has no such reward."""
    known = [reward.reward_id for reward in program.rewards]
    if reward_id not in known:
        nearest = get_close_matches(reward_id, known, n=1)
        expected = f"the reward {nearest[0]!r}" if nearest else "a reward of the program"
        raise RequestError(path, reward_id, expected)


def _lot(value: object, path: str, reader: Reader) -> Lot:
    fields = fields_of(value, path, ("points", "last_day", "first_day"))
    first, last = fields.get("first_day"), fields.get("last_day")
    return Lot(
        points=reader.points(_needed(fields, path, "points"), within(path, "points")),
        last_day=None if last is None else day_of(last, within(path, "last_day")),
        first_day=None if first is None else day_of(first, within(path, "first_day")),
    )


def _visit(value: object, path: str, reader: Reader) -> Visit:
    fields = fields_of(value, path, ("on", "spend", "points"))
    return Visit(
        on=day_of(_needed(fields, path, "on"), within(path, "on")),
        spend=reader.amount(fields.get("spend", 0), within(path, "spend")),
        points=reader.points(fields.get("points", 0), within(path, "points")),
    )


def _needed(fields: Fields, path: str, key: str) -> object:
    if key not in fields:
        raise RequestError(within(path, key), None, f"{key}, which may not be left out")
    return fields[key]


def _balance(fields: Fields, path: str, lots: tuple[Lot, ...], reader: Reader, today: date) -> Decimal:
    """Return the balance: as told, or all of the lots that has not lapsed."""
    if "balance" in fields:
        return reader.balance(fields["balance"], within(path, "balance"))
    return sum((lot.points for lot in lots if lot.last_day is None or lot.last_day >= today), NO_POINTS)


def _tier(fields: Fields, path: str, program: Program) -> TierStanding | None:
    if "tier" not in fields:
        return None
    place = within(path, "tier")
    name = text_of(fields["tier"], place)
    levels = program.tiers.levels
    if not name or not levels:
        return TierStanding(name, 1, 1) if name else None
    for rank, level in enumerate(levels, start=1):
        if level.name.casefold() == name.casefold():
            above = levels[rank].name if rank < len(levels) else ""
            return TierStanding(level.name, rank, len(levels), next_name=above)
    raise RequestError(place, name, f"a tier of the program: {', '.join(level.name for level in levels)}")


def _qualifying(fields: Fields, path: str, program: Program, reader: Reader) -> Decimal | None:
    if "qualifying" not in fields:
        return None
    value, place = fields["qualifying"], within(path, "qualifying")
    match program.tiers.by:
        case TiersBy.BALANCE:
            raise RequestError(place, value, "no such figure: tiers go by the balance")
        case TiersBy.POINTS:
            return reader.points(value, place)
        case TiersBy.SPEND:
            return Decimal(reader.amount(value, place)).scaleb(-reader.currency.decimals)
        case TiersBy.VISITS:
            written = isinstance(value, str) and _VISITS.match(value) is not None
            return Decimal(count_of(int(str(value)) if written else value, place))


def _held(fields: Fields, path: str, key: str, reader: Reader) -> Money | None:
    return reader.money(fields[key], within(path, key)) if key in fields else None


def _usage(value: object, path: str, reader: Reader) -> Usage:
    """Return what was used; a longer while counts no less than the shorter one within it."""
    fields = fields_of({} if value is None else value, path, tuple(Period))
    used: dict[str, Used] = {}
    within_it: dict[str, tuple[str, ...]] = {
        Period.DAY: (),
        Period.WEEK: (Period.DAY,),
        Period.MONTH: (Period.DAY,),
        Period.YEAR: (Period.MONTH,),
        Period.EVER: (Period.WEEK, Period.YEAR),
    }
    for period, shorter in within_it.items():
        told = _used(fields.get(period), within(path, period), reader)
        used[period] = _most([told, *(used[name] for name in shorter)])
    return Usage(**used)


def _used(value: object, path: str, reader: Reader) -> Used:
    fields = fields_of({} if value is None else value, path, ("points", "discount", "uses", "earned"))
    return Used(
        points=reader.points(fields.get("points", 0), within(path, "points")),
        discount=reader.amount(fields.get("discount", 0), within(path, "discount")),
        uses=count_of(fields.get("uses", 0), within(path, "uses")),
        earned=reader.points(fields.get("earned", 0), within(path, "earned")),
    )


def _most(several: list[Used]) -> Used:
    return Used(
        points=max(used.points for used in several),
        discount=max(used.discount for used in several),
        uses=max(used.uses for used in several),
        earned=max(used.earned for used in several),
    )


def _reward_use(value: object, path: str) -> RewardUse:
    fields = fields_of(value, path, ("day", "ever"))
    day = count_of(fields.get("day", 0), within(path, "day"))
    return RewardUse(day, max(day, count_of(fields.get("ever", 0), within(path, "ever"))))
