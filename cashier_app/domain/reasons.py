"""Why a discount is not larger, and what would make it so: values that `wording` turns into sentences."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from cashier_app.domain.money import Money


# Why there is not more, or nothing at all.
@dataclass(frozen=True, slots=True)
class CappedAmount:
    """The program's maximum a bill; `under` is where the next, larger maximum begins."""

    maximum: Money
    under: Money | None = None


@dataclass(frozen=True, slots=True)
class CappedPercent:
    """A share of the bill."""

    percent: int


@dataclass(frozen=True, slots=True)
class WholeBalance:
    """The member has no more points."""

    points: Decimal


@dataclass(frozen=True, slots=True)
class WholeSteps:
    """Only whole blocks may be used; `left` points of the balance stay."""

    step: Money
    left: Decimal


@dataclass(frozen=True, slots=True)
class LeftToPay:
    """Some money must remain to be paid."""

    minimum: Money


@dataclass(frozen=True, slots=True)
class BillCovered:
    """The whole bill is paid with points."""


@dataclass(frozen=True, slots=True)
class NeedsBill:
    """The bill is too small to use points."""

    minimum: Money
    missing: Money


@dataclass(frozen=True, slots=True)
class NeedsPoints:
    """The balance is below what redemption starts from."""

    needed: Decimal
    has: Decimal


@dataclass(frozen=True, slots=True)
class MemberBlocked:
    """The member may neither earn nor redeem."""

    since: date


@dataclass(frozen=True, slots=True)
class NotOffline:
    """Points cannot be used without the backend."""


@dataclass(frozen=True, slots=True)
class ChosenReward:
    """A catalogue reward was picked instead of paying with points."""

    name: str


_ProgramLimit = CappedAmount | CappedPercent | WholeBalance | WholeSteps | LeftToPay | BillCovered
Limit = _ProgramLimit | ChosenReward
Refusal = NeedsBill | NeedsPoints | MemberBlocked | NotOffline


# What would raise it.
@dataclass(frozen=True, slots=True)
class MoreBill:
    """This much more on the bill unlocks this much more discount."""

    more: Money
    gains: Money


@dataclass(frozen=True, slots=True)
class MorePoints:
    """This many more points unlock this discount."""

    more: Decimal
    gains: Money


@dataclass(frozen=True, slots=True)
class EarnsTowards:
    """This sale earns some of the points missing before redemption starts."""

    earns: Decimal
    still_missing: Decimal


NextStep = MoreBill | MorePoints | EarnsTowards
