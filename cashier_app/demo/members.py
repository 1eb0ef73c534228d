"""Seed an empty ledger with the demo shop's members, their dates counted from today."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Literal

import msgspec

from cashier_app.demo.ledger import Ledger
from cashier_app.demo.records import SET_BACK
from cashier_app.demo.shop import Shop
from cashier_app.demo.vouchers import Voucher, Vouchers
from cashier_app.documents.program_document import program_value, read_program_value
from cashier_app.errors import KnownError
from cashier_app.paths import resources

FRIDAY = 4
CURRENCY = "INR"
"""What the vouchers of the demo shop are worth something in."""


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
    referral: str | None = None


class SeedVoucher(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One voucher; days are counted from today, the reward is a part of a program document."""

    code: str
    reward: dict[str, object]
    member_id: str = ""
    first: int | None = None
    last: int | None = None
    uses: int = 1


class SeedOffer(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One offer for one member."""

    member_id: str
    kind: Literal["birthday", "win_back", "other"]
    title: str
    last: int | None = None
    voucher: str | None = None


class Seed(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The whole file."""

    members: list[SeedMember]
    vouchers: list[SeedVoucher] = []
    offers: list[SeedOffer] = []


def load_seed(path: Path | None = None) -> list[SeedMember]:
    """Return the demo shop's members.

    Raises:
        msgspec.ValidationError: The file is not of this shape.
    """
    return load_seed_file(path).members


def load_seed_file(path: Path | None = None) -> Seed:
    """Return everything an empty ledger is filled with.

    Raises:
        msgspec.ValidationError: The file is not of this shape.
    """
    text = (path or resources() / "demo" / "members.toml").read_bytes()
    return msgspec.toml.decode(text, type=Seed)


def seed(ledger: Ledger, shop: Shop) -> None:
    """Fill an empty ledger; one that has members is left as it is."""
    if ledger.rows("SELECT 1 FROM members LIMIT 1"):
        return
    now = ledger.clock.now()
    scale = 10**shop.program.point_scale
    with ledger.transaction():
        filled = load_seed_file()
        for member in filled.members:
            _add(ledger, member, now, scale)
        if shop.program.currency.code == CURRENCY:
            _add_vouchers(ledger, shop, filled.vouchers, now.date())
            _add_offers(ledger, filled.offers, now.date())


def set_back(ledger: Ledger, shop: Shop, member_ids: Sequence[str]) -> None:
    """Make members what they were when the shop opened, but for what is written about them: that stays.

    Their balance and spend are corrected by a movement, what they bought before it counts for no tier and no
    limit any more, and their vouchers may be used again.

    Raises:
        KnownError: The shop has no such member.
    """
    seeded = {member.member_id: member for member in load_seed()}
    now, scale = ledger.clock.now(), 10**shop.program.point_scale
    for member_id in member_ids:
        with ledger.transaction():
            row = ledger.member(member_id)
            if row is None or member_id not in seeded:
                raise KnownError(f"The practice shop has no member {member_id}.")
            member = seeded[member_id]
            units = member.coins * scale - row.balance
            spend = member.spent - row.spend
            if units or spend or ledger.rows("SELECT 1 FROM sales WHERE member_id = ? LIMIT 1", (member_id,)):
                ledger.move(f"{SET_BACK}{uuid.uuid4().hex}", "adjust", member_id, units, at=now, spend=spend)
            ledger.execute(
                "UPDATE members SET name = ?, phone = ?, blocked_since = ?, last_visit = ?, store_credit = ?,"
                " lapse_units = ?, lapse_on = ?, version = version + 1 WHERE member_id = ?",
                (member.name, member.phone, *_dated(member, now, scale), member_id),
            )
            ledger.execute(
                "DELETE FROM voucher_uses WHERE code IN (SELECT code FROM vouchers WHERE member_id = ?)",
                (member_id,),
            )


def free_phones(ledger: Ledger, phones: Sequence[str]) -> None:
    """Take phone numbers, E.164, from whoever joined with them in practice.

    Raises:
        KnownError: One is a member's of the shop as it opened.
    """
    seeded = {member.phone for member in load_seed()}
    for phone in phones:
        if phone in seeded:
            raise KnownError("A phone number that is to be nobody's is a member's of the practice shop.")
        ledger.execute("UPDATE members SET phone = NULL WHERE phone = ?", (phone,))


def coming_friday(today: date) -> date:
    """Return the first Friday after today."""
    return today + timedelta(days=(FRIDAY - today.weekday() - 1) % 7 + 1)


def _add(ledger: Ledger, member: SeedMember, now: datetime, scale: int) -> None:
    ledger.execute(
        "INSERT INTO members (member_id, name, phone, number, token, referral, blocked_since, last_visit,"
        " store_credit, lapse_units, lapse_on) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (member.member_id, member.name, member.phone, member.number, member.token, member.referral,
         *_dated(member, now, scale)),
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


def _dated(member: SeedMember, now: datetime, scale: int) -> tuple[object, ...]:
    """Return blocked since, last visit, store credit, lapsing points and the day they lapse."""
    today = now.date()
    blocked = None if member.blocked is None else _days_before(today, member.blocked)
    lapse_on = coming_friday(today).isoformat() if member.lapsing else None
    visited = _days_before(today, member.visited)
    return blocked, visited, member.store_credit, member.lapsing * scale, lapse_on


def _add_vouchers(ledger: Ledger, shop: Shop, vouchers: list[SeedVoucher], today: date) -> None:
    books, value = Vouchers(ledger, shop), program_value(shop.program)
    for one in vouchers:
        reward = read_program_value({**value, "rewards": [one.reward]}).rewards[0]
        first, last = (None if day is None else today + timedelta(days=day) for day in (one.first, one.last))
        books.add(Voucher(one.code, reward, one.member_id, first, last, one.uses))


def _add_offers(ledger: Ledger, offers: list[SeedOffer], today: date) -> None:
    for one in offers:
        last = None if one.last is None else (today + timedelta(days=one.last)).isoformat()
        ledger.execute(
            "INSERT INTO personal_offers (member_id, kind, title, last_day, voucher) VALUES (?, ?, ?, ?, ?)",
            (one.member_id, one.kind, one.title, last, one.voucher),
        )


def _days_before(today: date, days: int) -> str:
    return (today - timedelta(days=days)).isoformat()
