"""Why a discount is not larger, and what would make it so: values that `wording` turns into sentences."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from msgspec import Struct

from cashier_app.domain.money import Money


# Why there is not more, or nothing at all.
class CappedAmount(Struct, frozen=True):
    """The program's maximum a bill; `under` is where the next, larger maximum begins."""

    maximum: Money
    under: Money | None = None


class CappedPercent(Struct, frozen=True):
    """A share of the bill."""

    percent: int


class WholeBalance(Struct, frozen=True):
    """The member has no more points."""

    points: Decimal


class WholeSteps(Struct, frozen=True):
    """Only whole blocks may be used; `left` points of the balance stay."""

    step: Money
    left: Decimal


class LeftToPay(Struct, frozen=True):
    """Some money must remain to be paid."""

    minimum: Money


class BillCovered(Struct, frozen=True):
    """The whole bill is paid with points."""


class NeedsBill(Struct, frozen=True):
    """The bill is too small to use points."""

    minimum: Money
    missing: Money


class NeedsPoints(Struct, frozen=True):
    """The balance is below what redemption starts from."""

    needed: Decimal
    has: Decimal


class MemberBlocked(Struct, frozen=True):
    """The member may neither earn nor redeem."""

    since: date


class NotOffline(Struct, frozen=True):
    """Points cannot be used without the backend."""


class ChosenReward(Struct, frozen=True):
    """A catalogue reward was picked instead of paying with points."""

    name: str


_ProgramLimit = CappedAmount | CappedPercent | WholeBalance | WholeSteps | LeftToPay | BillCovered
Limit = _ProgramLimit | ChosenReward
Refusal = NeedsBill | NeedsPoints | MemberBlocked | NotOffline


# What would raise it.
class MoreBill(Struct, frozen=True):
    """This much more on the bill unlocks this much more discount."""

    more: Money
    gains: Money


class MorePoints(Struct, frozen=True):
    """This many more points unlock this discount."""

    more: Decimal
    gains: Money


class EarnsTowards(Struct, frozen=True):
    """This sale earns some of the points missing before redemption starts."""

    earns: Decimal
    still_missing: Decimal


NextStep = MoreBill | MorePoints | EarnsTowards
