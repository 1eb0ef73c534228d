"""Whose passes a trainee holds up, and what each of them is good for: values of the practice shop."""

from __future__ import annotations

from decimal import Decimal
from enum import StrEnum

from msgspec import Struct

from cashier_app.domain.money import Money
from cashier_app.domain.points import NO_POINTS


class Redeems(StrEnum):
    """What a member may do with their points as a lesson begins."""

    NOTHING_BLOCKED = "blocked"
    NOTHING_YET = "no points"
    TOO_FEW = "too few"
    ENOUGH = "enough"
    MORE_THAN_A_BILL_TAKES = "more than a bill takes"


class PassHolder(Struct, frozen=True, kw_only=True):
    """A member of the practice shop as a lesson finds them.

    Args:
        phone: In E.164.
        points: Spendable, of the program's scale; `missing` of them are missing to redeem any.
        tier: The name of the tier held; empty for none.
        lapsing: Points that lapse on the coming Friday.
        lapsed: Points that are gone already.
        sharing: Names of other members with the same phone number.
        multiplier: What the tier multiplies earning by.
    """

    member_id: str
    name: str
    phone: str
    number: str
    points: Decimal
    redeems: Redeems
    missing: Decimal = NO_POINTS
    tier: str = ""
    lapsing: Decimal = NO_POINTS
    lapsed: Decimal = NO_POINTS
    store_credit: Money | None = None
    sharing: tuple[str, ...] = ()
    multiplier: Decimal = Decimal(1)
