"""Codes a customer brings along, for a bill or from who sent them: what they are good for, or why not."""

from __future__ import annotations

from datetime import date
from enum import StrEnum

from msgspec import Struct

from cashier_app.domain.money import Money
from cashier_app.domain.outcome import Unreachable
from cashier_app.domain.program.rewards import Reward

MAX_CODE = 64
"""The longest voucher or referral code, in characters."""


class VoucherOffer(Struct, frozen=True):
    """A voucher is good for this member and this bill.

    Args:
        code: As the backend writes it; what effects name as their `voucher`.
        reward: What it gives, in the program's own terms; its `reward_id` is not one of the program's.
        until: Its last day; None where it has none.
        with_points: Whether points may pay for the rest of the same bill.
    """

    code: str
    reward: Reward
    until: date | None = None
    with_points: bool = True


class WhyNoVoucher(StrEnum):
    """Why a voucher is good for nothing here."""

    UNKNOWN = "unknown"
    USED = "used"
    EXPIRED = "expired"
    NOT_YET = "not yet"
    OTHER_MEMBER = "other member"
    BILL_TOO_SMALL = "bill too small"
    NOT_COMBINABLE = "not combinable"
    NOT_ALLOWED = "not allowed"


class VoucherRefused(Struct, frozen=True):
    """A voucher is not good here.

    Args:
        on: The last day of one that expired, the first of one that is not good yet; None where not said.
        minimum: The smallest bill it is good for, where the bill is too small and the backend says so.
        detail: The backend's own words, plain text, cut to 200 characters.
    """

    because: WhyNoVoucher
    on: date | None = None
    minimum: Money | None = None
    detail: str = ""


VoucherAnswer = VoucherOffer | VoucherRefused | Unreachable


class ReferralKnown(Struct, frozen=True):
    """A referral code is good.

    Args:
        code: As the backend writes it; what a new member is enrolled with.
        by: First name and initial of who gave it; empty where the backend does not say.
    """

    code: str
    by: str = ""


class ReferralUnknown(Struct, frozen=True):
    """A referral code is not good, or no longer; `detail` is in the backend's own words, cut to 200."""

    detail: str = ""


ReferralAnswer = ReferralKnown | ReferralUnknown | Unreachable
