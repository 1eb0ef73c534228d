"""Answers of the loyalty contract, checked before anything is made of them. See `loyalty-backend.yaml`."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Literal, TypeVar

import msgspec
from msgspec import Meta

from cashier_app.domain.money import MAX_MINOR

Text = Annotated[str, Meta(max_length=2000)]
Name = Annotated[str, Meta(min_length=1, max_length=200)]
Id = Annotated[str, Meta(pattern=r"^[A-Za-z0-9_-]{1,64}\Z")]
Mark = Annotated[str, Meta(max_length=64)]
Points = Annotated[str, Meta(pattern=r"^-?[0-9]{1,12}(?:\.[0-9]{1,4})?\Z")]
NoDebt = Annotated[str, Meta(pattern=r"^[0-9]{1,12}(?:\.[0-9]{1,4})?\Z")]
Count = Annotated[int, Meta(ge=0, le=MAX_MINOR)]
Minor = Annotated[int, Meta(ge=0, le=MAX_MINOR)]
Code = Annotated[str, Meta(pattern=r"^[A-Za-z0-9._~-]{1,64}\Z")]
CurrencyCode = Annotated[str, Meta(pattern=r"^[A-Z]{3}\Z")]
Moment = Annotated[datetime, Meta(tz=True)]

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
    number: Annotated[str, Meta(pattern=r"^[A-Z]{0,3}-?[0-9]{4,20}\Z")] | None = None
    blocked_since: date | None = None
    last_visit: date | None = None


class TierAnswer(msgspec.Struct, frozen=True):
    """A tier; `progress` in thousandths. Below the first tier the name is empty and the rank zero."""

    name: Annotated[str, Meta(max_length=200)]
    rank: Annotated[int, Meta(ge=0, le=100)]
    of: Annotated[int, Meta(ge=1, le=100)]
    progress: Annotated[int, Meta(ge=0, le=1000)]
    next_name: Annotated[str, Meta(max_length=200)] = ""
    missing: MoneyAnswer | None = None
    missing_points: NoDebt | None = None
    missing_visits: Count | None = None


class LapseAnswer(msgspec.Struct, frozen=True):
    """Points about to lapse."""

    points: Points
    on: date


class LotAnswer(msgspec.Struct, frozen=True):
    """Points earned together, with the days on which they may be used."""

    points: NoDebt
    last_day: date | None = None
    first_day: date | None = None


class UsedAnswer(msgspec.Struct, frozen=True):
    """What the member did in a while; `uses` counts sales on which something was redeemed."""

    points: NoDebt = "0"
    discount: MoneyAnswer | None = None
    uses: Count = 0
    earned: NoDebt = "0"


class UsageAnswer(msgspec.Struct, frozen=True):
    """What the member did in the current day, week, month and year, and ever."""

    day: UsedAnswer = UsedAnswer()
    week: UsedAnswer = UsedAnswer()
    month: UsedAnswer = UsedAnswer()
    year: UsedAnswer = UsedAnswer()
    ever: UsedAnswer = UsedAnswer()


class RewardUseAnswer(msgspec.Struct, frozen=True):
    """How often the member had a reward, or earned by a rule."""

    day: Count = 0
    ever: Count = 0


class OfferAnswer(msgspec.Struct, frozen=True):
    """Something there is for this member in particular."""

    kind: Literal["birthday", "win_back", "other"]
    title: Name
    until: date | None = None
    voucher: Code | None = None


class AccountAnswer(msgspec.Struct, frozen=True):
    """A balance and what belongs to it. Lists are no longer than a till will ever need to read."""

    balance: Points
    as_of: Moment
    version: Mark = ""
    tier: TierAnswer | None = None
    lapses: LapseAnswer | None = None
    store_credit: MoneyAnswer | None = None
    gift_balance: MoneyAnswer | None = None
    lots: Annotated[tuple[LotAnswer, ...], Meta(max_length=1000)] = ()
    usage: UsageAnswer = UsageAnswer()
    reward_uses: Annotated[dict[Id, RewardUseAnswer], Meta(max_length=500)] = msgspec.field(
        default_factory=dict
    )
    rule_uses: Annotated[dict[Name, RewardUseAnswer], Meta(max_length=500)] = msgspec.field(
        default_factory=dict
    )
    tags: Annotated[tuple[Name, ...], Meta(max_length=100)] = ()
    offers: Annotated[tuple[OfferAnswer, ...], Meta(max_length=20)] = ()


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
    existing: bool = False
    member_id: Annotated[str, Meta(pattern=r"^[A-Za-z0-9_-]{1,64}\Z")] | None = None


class VoucherMessage(msgspec.Struct, frozen=True):
    """What a voucher gives; the reward is a part of a program document."""

    code: Code
    reward: dict[str, object]
    until: date | None = None
    with_points: bool = True


class ReferralMessage(msgspec.Struct, frozen=True):
    """A referral code that is good."""

    code: Code
    by: Annotated[str, Meta(max_length=200)] = ""


class MadeInvitationMessage(msgspec.Struct, frozen=True):
    """A page was made."""

    invitation_id: Id
    url: Annotated[str, Meta(max_length=500)]
    until: Moment


class InvitationMessage(msgspec.Struct, frozen=True):
    """How a page stands; with the member once it was sent."""

    invitation_id: Id
    state: Literal["open", "used", "over"]
    found: FoundAnswer | None = None


class OpenReservationAnswer(msgspec.Struct, frozen=True):
    """One hold that is open; `key` is that of the write that held it."""

    key: Annotated[str, Meta(max_length=128)]
    member_id: Id
    reference: Annotated[str, Meta(pattern=r"^[A-Za-z0-9_-]{1,128}\Z")]
    since: Moment


class OpenReservationsAnswer(msgspec.Struct, frozen=True):
    """All holds that are open."""

    open: Annotated[tuple[OpenReservationAnswer, ...], Meta(max_length=1000)]


class MovementAnswer(msgspec.Struct, frozen=True):
    """One row of the backend's books; `paid` on sales, where the books hold it."""

    key: Annotated[str, Meta(max_length=128)]
    kind: Annotated[str, Meta(pattern=r"^[a-z]{1,32}\Z")]
    points: Points
    paid: MoneyAnswer | None = None


class MovementsAnswer(msgspec.Struct, frozen=True):
    """What the books hold for one sale."""

    sale_id: Mark
    movements: Annotated[tuple[MovementAnswer, ...], Meta(max_length=1000)]


class LapsedPointsAnswer(msgspec.Struct, frozen=True):
    """Points of one member that expired; who it was is not told."""

    reference: Annotated[str, Meta(pattern=r"^[A-Za-z0-9_-]{1,128}\Z")]
    points: Annotated[str, Meta(pattern=r"^[0-9]{1,12}(?:\.[0-9]{1,4})?\Z")]
    at: Moment


class LapsedAnswer(msgspec.Struct, frozen=True):
    """One page of points that expired."""

    lapsed: Annotated[tuple[LapsedPointsAnswer, ...], Meta(max_length=1000)]
    after: Annotated[str, Meta(pattern=r"^[A-Za-z0-9_-]{1,64}\Z")]
    more: bool = False


class ProblemAnswer(msgspec.Struct, frozen=True):
    """A refusal (RFC 9457) with our members."""

    code: Annotated[str, Meta(pattern=r"^[a-z_]{1,64}\Z")]
    detail: Text = ""
    key: Mark = ""
    sale_id: Mark = ""
    account: AccountAnswer | None = None
    made_at: Moment | None = None
    life_seconds: Annotated[int, Meta(ge=1, le=86_400)] = 300
    on: date | None = None
    minimum: MoneyAnswer | None = None


class HealthAnswer(msgspec.Struct, frozen=True):
    """The backend is up."""

    status: str


def read_answer(value: object, kind: type[AnyAnswer]) -> AnyAnswer | None:
    """Return the answer, or None when it is not of this shape."""
    try:
        return msgspec.convert(value, kind)
    except (msgspec.ValidationError, OverflowError):
        return None
