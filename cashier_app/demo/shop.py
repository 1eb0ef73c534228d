"""The demo shop: its program, time zone and codes, read from data."""

from __future__ import annotations

import hashlib
import tomllib
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Annotated
from zoneinfo import ZoneInfo

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from cashier_app.documents.program_document import program_value, read_program_value
from cashier_app.domain.member import Member
from cashier_app.domain.program import Program
from cashier_app.paths import resources


class Shop(Struct, frozen=True):
    """What the server needs to know besides its ledger.

    Args:
        store: The store its tills stand in, as the program names it.
        time_zone: Where its days begin, such as ``Asia/Kolkata``.
        code_key: Secret behind rotating wallet codes; everybody may know the demo shop's.
        code_life_seconds: How long a rotating code may be used.
        hold_minutes: How long reserved points stay held.
        referral_points: Whole points for who joins with a friend's code, and as many for that friend.
    """

    program: Program
    store: str
    time_zone: str
    code_key: str
    code_life_seconds: int
    hold_minutes: int
    referral_points: int = 0

    def local(self, at: datetime) -> datetime:
        """Return a time as the shop's clocks show it."""
        return at.astimezone(ZoneInfo(self.time_zone))

    def with_program(self, program: Program) -> Shop:
        """Return the same shop with another program; one without a version is named by its content."""
        if not program.version:
            content = hashlib.sha256(msgspec.json.encode(program_value(program))).hexdigest()
            program = replace(program, version=content[:16])
        return replace(self, program=program)


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


class _ShopFile(Struct, frozen=True, forbid_unknown_fields=True):
    program: dict[str, object]
    store: str
    time_zone: str
    code_key: str
    code_life_seconds: int
    hold_minutes: int
    referral_points: Annotated[int, msgspec.Meta(ge=0)] = 0


def load_shop(path: Path | None = None) -> Shop:
    """Return the demo shop, or the one described by this file.

    Raises:
        ProgramError: The program makes no sense.
        msgspec.ValidationError: The file is not of this shape.
    """
    text = (path or resources() / "demo" / "program.toml").read_text(encoding="utf-8")
    file = msgspec.convert(tomllib.loads(text, parse_float=Decimal), _ShopFile)
    return Shop(
        program=read_program_value(file.program),
        store=file.store,
        time_zone=file.time_zone,
        code_key=file.code_key,
        code_life_seconds=file.code_life_seconds,
        hold_minutes=file.hold_minutes,
        referral_points=file.referral_points,
    )


def member_of(row: MemberRow) -> Member:
    """Return what the rules need to know of a member."""
    return Member(row.member_id, row.name, blocked_since=row.blocked_since, last_visit=row.last_visit)
