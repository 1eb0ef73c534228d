"""The demo shop: its program, tiers and codes, read from data, and the standing of its members."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

import msgspec
from msgspec import Struct

from cashier_app.domain.member import Account, Lapse, Member, TierStanding
from cashier_app.domain.money import Money
from cashier_app.domain.points import from_units
from cashier_app.domain.program import Program, check_program
from cashier_app.paths import resources


class Tier(Struct, frozen=True):
    """A tier, held from this much spend on (minor units)."""

    name: str
    from_spend: int


class Shop(Struct, frozen=True):
    """What the server needs to know besides its ledger.

    Args:
        tiers: Rising; the first from no spend at all.
        code_key: Secret behind rotating wallet codes; everybody may know the demo shop's.
        code_life_seconds: How long a rotating code may be used.
        hold_minutes: How long reserved points stay held.
    """

    program: Program
    tiers: tuple[Tier, ...]
    code_key: str
    code_life_seconds: int
    hold_minutes: int


class MemberRow(Struct, frozen=True):
    """A member as the ledger holds them: points in smallest units, amounts in minor units."""

    member_id: str
    name: str
    phone: str | None
    number: str | None
    blocked_since: date | None
    last_visit: date | None
    store_credit: int | None
    lapse_units: int
    lapse_on: date | None
    balance: int
    spend: int
    version: int


def load_shop(path: Path | None = None) -> Shop:
    """Return the demo shop, or the one described by this file.

    Raises:
        ProgramError: The program makes no sense.
        msgspec.ValidationError: The file is not of this shape.
    """
    text = (path or resources() / "demo" / "program.toml").read_bytes()
    shop = msgspec.toml.decode(text, type=Shop)
    check_program(shop.program)
    return shop


def member_of(row: MemberRow) -> Member:
    """Return what the rules need to know of a member."""
    return Member(row.member_id, row.name, blocked_since=row.blocked_since, last_visit=row.last_visit)


def account_of(row: MemberRow, shop: Shop, as_of: datetime) -> Account:
    """Return a member's account as the ledger has it now."""
    program = shop.program
    scale, currency = program.point_scale, program.currency
    near = row.lapse_units > 0 and row.lapse_on is not None
    return Account(
        balance=from_units(row.balance, scale),
        as_of=as_of.astimezone(UTC),
        tier=standing(shop, row.spend),
        lapses=Lapse(from_units(row.lapse_units, scale), row.lapse_on) if near and row.lapse_on else None,
        store_credit=None if row.store_credit is None else Money(row.store_credit, currency),
        version=str(row.version),
    )


def standing(shop: Shop, spend: int) -> TierStanding:
    """Return where this much spend (minor units) stands among the shop's tiers."""
    tiers = shop.tiers
    held = max((index for index, tier in enumerate(tiers) if tier.from_spend <= spend), default=0)
    if held + 1 == len(tiers):
        return TierStanding(tiers[held].name, held + 1, len(tiers))
    start, above = tiers[held].from_spend, tiers[held + 1]
    return TierStanding(
        name=tiers[held].name,
        rank=held + 1,
        of=len(tiers),
        next_name=above.name,
        missing=Money(above.from_spend - spend, shop.program.currency),
        progress=max(spend - start, 0) * 1000 // (above.from_spend - start),
    )
