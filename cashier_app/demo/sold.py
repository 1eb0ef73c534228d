"""What a sale earned, found again by the domain's rules, and what a return of it does."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from cashier_app.demo.shop import Shop
from cashier_app.domain.basket import Basket
from cashier_app.domain.bill import bill_of
from cashier_app.domain.circumstances import Circumstances
from cashier_app.domain.earning import EarningSale, points_earned
from cashier_app.domain.member import NEVER_USED, Account, RewardUse
from cashier_app.domain.money import Money
from cashier_app.domain.points import NO_POINTS, from_units, to_units
from cashier_app.domain.program import Program
from cashier_app.domain.refund import Sold
from cashier_app.domain.standing import standing

_USED_UP = 10**9


class Amounts(Struct, frozen=True):
    """A sale as the till told it: minor units, and whether points or a reward were used."""

    bill: int
    discount: int
    redeemed: bool


def as_told(shop: Shop, program: Program, account: Account, amounts: Amounts, at: datetime) -> Sold:
    """Return a sale of which nobody said what it earned: by the rules and the tier of its time."""
    now = _circumstances(shop, program, account, at)
    return _sold(program, account, amounts, now)


def unclaimed(shop: Shop, program: Program, amounts: Amounts, at: datetime) -> Sold:
    """Return a sale without a member: nobody's tier, nothing earned."""
    nobody = Account(NO_POINTS, at)
    return replace(as_told(shop, program, nobody, amounts, at), earned=NO_POINTS)


def as_claimed(
    shop: Shop, program: Program, account: Account, amounts: Amounts, at: datetime, units: int
) -> Sold | None:
    """Return the sale that earns just this many units, or None: the till's frozen figure stands if it can.

    The till may have known another tier, and less of what other tills sold meanwhile; and its offer may be as
    old as points are held.
    """
    for sold in _candidates(shop, program, account, amounts, at):
        if to_units(sold.earned, program.point_scale) == units:
            return sold
    return None


def rules_had(program: Program, account: Account, sold: Sold) -> list[str]:
    """Return the names of those rules and multipliers with a limit that the sale earned by."""
    limited = [
        each.name
        for each in (*program.earning.rules, *program.earning.multipliers)
        if each.name and (each.per_day is not None or each.per_member is not None)
    ]
    amounts = Amounts(sold.bill.total.minor, sold.discount, sold.redeemed)
    had = []
    for name in dict.fromkeys(limited):
        uses = {**sold.uses, name: RewardUse(_USED_UP, _USED_UP)}
        without = _sold(program, replace(account, usage=sold.before, rule_uses=uses), amounts, sold.now)
        if without.earned != sold.earned:
            had.append(name)
    return had


def frozen(sold: Sold) -> str:
    """Return a sale as the ledger keeps it."""
    return msgspec.json.encode(sold).decode()


def thawed(text: str, program: Program, captured: int) -> Sold:
    """Return a sale the ledger kept; `captured` are the units of points taken for it in the end."""
    sold = msgspec.json.decode(text, type=Sold)
    return replace(sold, points_used=from_units(captured, program.point_scale))


def _candidates(
    shop: Shop, program: Program, account: Account, amounts: Amounts, at: datetime
) -> Iterator[Sold]:
    first = _circumstances(shop, program, account, at)
    tiers = dict.fromkeys([first.tier, *(level.name for level in program.tiers.levels), ""])
    for minutes in range(shop.hold_minutes + 1):
        now = replace(first, at=first.at - timedelta(minutes=minutes))
        for tier in tiers:
            for known in (account, replace(account, usage=NEVER_USED, rule_uses={})):
                yield _sold(program, known, amounts, replace(now, tier=tier))


def _circumstances(shop: Shop, program: Program, account: Account, at: datetime) -> Circumstances:
    local = shop.local(at)
    held = standing(program, account, local.date())
    return Circumstances(local, shop.store, held.name if held else "", account.tags)


def _sold(program: Program, account: Account, amounts: Amounts, now: Circumstances) -> Sold:
    bill = bill_of(Money(amounts.bill, program.currency))
    basket = Basket(bill)
    basket.take_off(amounts.discount, _everything(basket))
    sale = EarningSale(basket, now, redeemed=amounts.redeemed, before=account.usage, uses=account.rule_uses)
    return Sold(
        bill=bill,
        now=now,
        taken=tuple(basket.taken),
        discount=amounts.discount,
        earned=points_earned(program, sale).points,
        before=account.usage,
        redeemed=amounts.redeemed,
        uses=account.rule_uses,
    )


def _everything(basket: Basket) -> Sequence[int]:
    return range(len(basket.lines))
