"""Answers of the loyalty contract, checked before anything is made of them. See `loyalty-backend.yaml`."""

from __future__ import annotations

import re
from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, TypeVar

import msgspec
from msgspec import Meta

from cashier_app.domain.money import MAX_MINOR
from cashier_app.domain.program import MAX_RULES, ProgramError, RewardKind

Text = Annotated[str, Meta(max_length=2000)]
Name = Annotated[str, Meta(min_length=1, max_length=200)]
Id = Annotated[str, Meta(pattern=r"^[A-Za-z0-9_-]{1,64}\Z")]
Mark = Annotated[str, Meta(max_length=64)]
Points = Annotated[str, Meta(pattern=r"^-?[0-9]{1,12}(?:\.[0-9]{1,4})?\Z")]
NoDebt = Annotated[str, Meta(pattern=r"^[0-9]{1,16}(?:\.[0-9]{1,4})?\Z")]
Minor = Annotated[int, Meta(ge=0, le=MAX_MINOR)]
CurrencyCode = Annotated[str, Meta(pattern=r"^[A-Z]{3}\Z")]
Moment = Annotated[datetime, Meta(tz=True)]

_PATH = re.compile(r" - at `\$\.?(.*)`\Z")
_INDEX = re.compile(r"[^.\[\]]+")

AnyAnswer = TypeVar("AnyAnswer", bound=msgspec.Struct)


class MoneyAnswer(msgspec.Struct, frozen=True):
    """An amount in minor units."""

    minor: Minor
    currency: CurrencyCode


class MemberAnswer(msgspec.Struct, frozen=True):
    """A member; the phone number, if any, is masked at once and goes no further."""

    member_id: Id
    name: Text
    phone: Annotated[str, Meta(pattern=r"^\+[1-9][0-9]{6,14}\Z")] | None = None
    number: Annotated[str, Meta(pattern=r"^[A-Z]{0,3}-?[0-9]{4,12}\Z")] | None = None
    blocked_since: date | None = None
    last_visit: date | None = None


class TierAnswer(msgspec.Struct, frozen=True):
    """A tier; `progress` in thousandths."""

    name: Name
    rank: Annotated[int, Meta(ge=1, le=100)]
    of: Annotated[int, Meta(ge=1, le=100)]
    progress: Annotated[int, Meta(ge=0, le=1000)]
    next_name: Annotated[str, Meta(max_length=200)] = ""
    missing: MoneyAnswer | None = None


class LapseAnswer(msgspec.Struct, frozen=True):
    """Points about to lapse."""

    points: Points
    on: date


class AccountAnswer(msgspec.Struct, frozen=True):
    """A balance and what belongs to it."""

    balance: Points
    as_of: Moment
    version: Mark = ""
    tier: TierAnswer | None = None
    lapses: LapseAnswer | None = None
    store_credit: MoneyAnswer | None = None


class FoundAnswer(msgspec.Struct, frozen=True):
    """One member with their account."""

    member: MemberAnswer
    account: AccountAnswer


class FindAnswer(msgspec.Struct, frozen=True):
    """All members that answer to an identifier."""

    found: Annotated[list[FoundAnswer], Meta(min_length=1, max_length=20)]


class BookedAnswer(msgspec.Struct, frozen=True):
    """What a write did; `points` is by how much the balance changed."""

    key: Mark
    sale_id: Mark
    reference: Annotated[str, Meta(pattern=r"^[A-Za-z0-9_-]{1,128}\Z")]
    balance: Points | None = None
    points: Points | None = None
    expires_at: Moment | None = None


class ProblemAnswer(msgspec.Struct, frozen=True):
    """A refusal (RFC 9457) with our members."""

    code: Annotated[str, Meta(pattern=r"^[a-z_]{1,64}\Z")]
    detail: Text = ""
    key: Mark = ""
    sale_id: Mark = ""
    account: AccountAnswer | None = None
    made_at: Moment | None = None
    life_seconds: Annotated[int, Meta(ge=1, le=86_400)] = 300


class HealthAnswer(msgspec.Struct, frozen=True):
    """The backend is up."""

    status: str


class CurrencyDocument(msgspec.Struct, frozen=True):
    """The program's currency with the decimals in use."""

    code: CurrencyCode
    decimals: Annotated[int, Meta(ge=0, le=4)]


class PointNameDocument(msgspec.Struct, frozen=True):
    """What points are called."""

    singular: Name
    plural: Name


class ConversionDocument(msgspec.Struct, frozen=True):
    """What points are worth."""

    points: NoDebt
    value: int
    whole_blocks: bool = False


class CapDocument(msgspec.Struct, frozen=True):
    """A cap from a bill on."""

    from_bill: int
    maximum: int


class RedemptionDocument(msgspec.Struct, frozen=True):
    """Limits on paying with points."""

    conversion: ConversionDocument
    start_points: NoDebt = "0"
    minimum_bill: int = 0
    caps: Annotated[list[CapDocument], Meta(max_length=MAX_RULES)] = []
    maximum_percent: int | None = None
    minimum_to_pay: int = 0


class EarningDocument(msgspec.Struct, frozen=True):
    """How a sale earns."""

    points: NoDebt
    per: int
    minimum_bill: int = 0
    tier_multipliers: Annotated[dict[Name, NoDebt], Meta(max_length=MAX_RULES)] = {}


class RewardDocument(msgspec.Struct, frozen=True):
    """A catalogue reward."""

    reward_id: Id
    name: Name
    kind: RewardKind
    cost: NoDebt
    value: int = 0
    maximum: int | None = None
    minimum_bill: int = 0


class ProgramDocument(msgspec.Struct, frozen=True):
    """The whole program."""

    name: Name
    version: Annotated[str, Meta(min_length=1, max_length=64)]
    currency: CurrencyDocument
    point_name: PointNameDocument
    point_scale: int
    earning: EarningDocument
    redemption: RedemptionDocument
    rewards: Annotated[list[RewardDocument], Meta(max_length=MAX_RULES)] = []


def read_answer(value: object, kind: type[AnyAnswer]) -> AnyAnswer | None:
    """Return the answer, or None when it is not of this shape."""
    try:
        return msgspec.convert(value, kind)
    except (msgspec.ValidationError, OverflowError):
        return None


def read_program(value: object) -> ProgramDocument:
    """Return the program document.

    Raises:
        ProgramError: Naming the first part that is not of its shape, its value and what was expected.
    """
    try:
        return msgspec.convert(value, ProgramDocument)
    except msgspec.ValidationError as error:
        sentence = str(error)
        found = _PATH.search(sentence)
        path = found[1] if found else ""
        expected = sentence.removeprefix("Expected ").removesuffix(found[0] if found else "")
        raise ProgramError(path or "program", _shown(value, path), expected) from None


def _shown(value: object, path: str) -> str:
    """Return the value at a path, as short text; a path msgspec cannot name in full gives the part above."""
    for part in _INDEX.findall(path):
        if isinstance(value, dict) and part in value:
            value = value[part]
        elif isinstance(value, list) and part.isdigit() and int(part) < len(value):
            value = value[int(part)]
        else:
            break
    shown = str(value) if isinstance(value, Decimal) else repr(value)
    return shown if len(shown) <= 60 else shown[:57] + "..."
