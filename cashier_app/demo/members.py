"""Seed an empty ledger with the demo shop's members, their dates counted from today."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from pathlib import Path

import msgspec

from cashier_app.demo.ledger import Ledger
from cashier_app.demo.shop import Shop
from cashier_app.paths import resources

FRIDAY = 4


class SeedMember(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One line of ``members.toml``; see its head for the units."""

    member_id: str
    name: str
    phone: str
    number: str
    token: str
    coins: int
    spent: int
    visited: int
    lapsing: int = 0
    lapsed: int = 0
    blocked: int | None = None
    store_credit: int | None = None


class Seed(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The whole file."""

    members: list[SeedMember]


def load_seed(path: Path | None = None) -> list[SeedMember]:
    """Return the demo shop's members.

    Raises:
        msgspec.ValidationError: The file is not of this shape.
    """
    text = (path or resources() / "demo" / "members.toml").read_bytes()
    return msgspec.toml.decode(text, type=Seed).members


def seed(ledger: Ledger, shop: Shop) -> None:
    """Fill an empty ledger; one that has members is left as it is."""
    if ledger.rows("SELECT 1 FROM members LIMIT 1"):
        return
    now = ledger.clock.now()
    scale = 10**shop.program.point_scale
    with ledger.transaction():
        for member in load_seed():
            _add(ledger, member, now, scale)


def coming_friday(today: date) -> date:
    """Return the first Friday after today."""
    return today + timedelta(days=(FRIDAY - today.weekday() - 1) % 7 + 1)


def _add(ledger: Ledger, member: SeedMember, now: datetime, scale: int) -> None:
    today = now.date()
    blocked = None if member.blocked is None else _days_before(today, member.blocked)
    lapse_on = coming_friday(today).isoformat() if member.lapsing else None
    ledger.execute(
        "INSERT INTO members (member_id, name, phone, number, token, blocked_since, last_visit, store_credit,"
        " lapse_units, lapse_on) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (member.member_id, member.name, member.phone, member.number, member.token, blocked,
         _days_before(today, member.visited), member.store_credit, member.lapsing * scale, lapse_on),
    )  # fmt: skip
    earned = (member.coins + member.lapsed) * scale
    joined = now - timedelta(days=member.visited + 1)
    ledger.move(
        f"{member.member_id}-opening", "opening", member.member_id, earned, at=joined, spend=member.spent
    )
    if member.lapsed:
        yesterday = now - timedelta(days=1)
        ledger.move(
            f"{member.member_id}-lapsed", "lapse", member.member_id, -member.lapsed * scale, at=yesterday
        )


def _days_before(today: date, days: int) -> str:
    return (today - timedelta(days=days)).isoformat()
