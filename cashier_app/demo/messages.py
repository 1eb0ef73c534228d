"""Requests of the loyalty contract, checked against the same limits as `loyalty-backend.yaml`."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from cashier_app.domain.money import MAX_MINOR

KEY_PATTERN = (
    r"^[A-Za-z0-9-]{8,64}-(?:reserve|capture|release|sale|refund|enrol|adjust|link|merge)-[0-9]{1,4}\Z"
)

Id = Annotated[str, Meta(pattern=r"^[A-Za-z0-9_-]{1,64}\Z")]
SaleId = Annotated[str, Meta(pattern=r"^[A-Za-z0-9-]{8,64}\Z")]
Key = Annotated[str, Meta(pattern=KEY_PATTERN)]
Phone = Annotated[str, Meta(pattern=r"^\+[1-9][0-9]{6,14}\Z")]
MemberNumber = Annotated[str, Meta(pattern=r"^[A-Z]{0,3}-?[0-9]{4,20}\Z")]
Token = Annotated[str, Meta(pattern=r"^[A-Za-z0-9_.~:-]{4,256}\Z")]
IdentifiedBy = Annotated[
    str,
    Meta(
        pattern=r"^(?:wallet:[A-Za-z0-9_.~:-]{4,256}|phone:\+[1-9][0-9]{6,14}|number:[A-Z]{0,3}-?[0-9]{4,20})\Z"
    ),
]
Points = Annotated[str, Meta(pattern=r"^[0-9]{1,12}(?:\.[0-9]{1,4})?\Z")]
SignedPoints = Annotated[str, Meta(pattern=r"^-?[0-9]{1,12}(?:\.[0-9]{1,4})?\Z")]
Minor = Annotated[int, Meta(ge=0, le=MAX_MINOR)]
CurrencyCode = Annotated[str, Meta(pattern=r"^[A-Z]{3}\Z")]
Name = Annotated[str, Meta(min_length=1, max_length=200)]
Version = Annotated[str, Meta(max_length=64)]
Moment = Annotated[datetime, Meta(tz=True)]
Code = Annotated[str, Meta(pattern=r"^[A-Za-z0-9._~-]{1,64}\Z")]
Email = Annotated[str, Meta(pattern=r"^[!-?A-~]{1,64}@[!-?A-~]{1,190}\Z", max_length=254)]
Language = Annotated[str, Meta(pattern=r"^[A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8}){0,3}\Z")]
Mark = Annotated[str, Meta(min_length=1, max_length=64)]


class Request(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What every request body shares: a member of the object that is not known is refused."""


class MoneyBody(Request, frozen=True, kw_only=True):
    """An amount in minor units."""

    minor: Minor
    currency: CurrencyCode


class FindBody(Request, frozen=True, kw_only=True):
    """Exactly one way to find a member."""

    wallet_token: Token | None = None
    phone: Phone | None = None
    member_number: MemberNumber | None = None


class ChoiceBody(Request, frozen=True, kw_only=True):
    """What the cashier chose."""

    kind: Literal["maximum", "amount", "nothing", "reward"]
    amount: MoneyBody | None = None
    reward_id: Id | None = None


class QuoteBody(Request, frozen=True, kw_only=True):
    """What may be redeemed on this bill?"""

    member_id: Id
    bill: MoneyBody
    choice: ChoiceBody


class ReserveBody(Request, frozen=True, kw_only=True):
    """Hold these points for this sale."""

    sale_id: SaleId
    member_id: Id
    points: Points
    bill: MoneyBody
    discount: MoneyBody
    program_version: Version
    at: Moment
    reward_id: Id | None = None
    voucher: Code | None = None


class SettleBody(Request, frozen=True, kw_only=True):
    """Take or give back what a reservation holds."""

    sale_id: SaleId
    member_id: Id
    points: Points
    at: Moment


class SaleBody(Request, frozen=True, kw_only=True):
    """Book a finished sale, with the figures frozen when it was made."""

    sale_id: SaleId
    bill: MoneyBody
    discount: MoneyBody
    paid: MoneyBody
    at: Moment
    program_version: Version
    points: Points | None = None
    member_id: Id | None = None
    identified_by: IdentifiedBy | None = None
    reward_id: Id | None = None
    voucher: Code | None = None


class RefundBody(Request, frozen=True, kw_only=True):
    """Undo a sale, wholly or in part."""

    sale_id: SaleId
    original_key: Key
    bill: MoneyBody
    discount: MoneyBody
    paid: MoneyBody
    at: Moment
    member_id: Id | None = None
    reason: Literal["return", "void", "moved"] = "return"


class ConsentBody(Request, frozen=True, kw_only=True):
    """What a new member agreed to."""

    version: Mark
    language: Language
    at: Moment
    staff_id: Annotated[str, Meta(max_length=64)] = ""


class EnrolBody(Request, frozen=True, kw_only=True):
    """Take a new member into the program."""

    sale_id: SaleId
    name: Name
    phone: Phone
    at: Moment
    member_number: MemberNumber | None = None
    wallet_token: Token | None = None
    email: Email | None = None
    birthday: date | None = None
    agrees_to_marketing: bool = False
    consent: ConsentBody | None = None
    referral: Code | None = None


class LinkBody(Request, frozen=True, kw_only=True):
    """Give a sale that was booked without a member to one."""

    sale_id: SaleId
    at: Moment
    member_id: Id | None = None
    identified_by: IdentifiedBy | None = None


class MergeBody(Request, frozen=True, kw_only=True):
    """Two records are of one person; `sale_id` names the request."""

    sale_id: SaleId
    member_id: Id
    other_member_id: Id
    at: Moment


class VoucherBody(Request, frozen=True, kw_only=True):
    """What is this voucher good for?"""

    code: Code
    bill: MoneyBody
    member_id: Id | None = None


class ReferralBody(Request, frozen=True, kw_only=True):
    """Is this referral code good?"""

    code: Code


class AgreementBody(Request, frozen=True, kw_only=True):
    """What a page asks a customer to agree to."""

    version: Mark
    language: Language
    text: Annotated[str, Meta(min_length=1, max_length=4000)]


class InviteBody(Request, frozen=True, kw_only=True):
    """Make a page on which one customer types their particulars."""

    consent: AgreementBody | None = None


class AdjustBody(Request, frozen=True, kw_only=True):
    """Give points or take them, outside any sale; `sale_id` names the correction."""

    sale_id: SaleId
    member_id: Id
    points: SignedPoints
    reason: Annotated[str, Meta(min_length=1, max_length=200)]
    by: Annotated[str, Meta(min_length=1, max_length=100)]
    at: Moment


def in_units(points: str, scale: int) -> int | None:
    """Return points as smallest units, or None when they have more decimals than the program."""
    units = Decimal(points).scaleb(scale)
    return int(units) if units == units.to_integral_value() else None
