"""Why a discount is not larger, and what would make it so: values that `wording` turns into sentences."""

from __future__ import annotations

from datetime import date, time
from decimal import Decimal
from enum import StrEnum

from msgspec import Struct

from cashier_app.domain.money import Money
from cashier_app.domain.program.conditions import Weekday


class Period(StrEnum):
    """A while in which only so much may be redeemed or earned."""

    DAY = "day"
    WEEK = "week"
    MONTH = "month"
    YEAR = "year"
    EVER = "ever"


class _Reason(Struct, frozen=True, tag_field="reason"):
    pass


# Why there is not more.
class CappedAmount(_Reason, frozen=True, tag="capped_amount"):
    """The program's maximum a bill; `under` is where the next, larger maximum begins."""

    maximum: Money
    under: Money | None = None


class CappedPercent(_Reason, frozen=True, tag="capped_percent"):
    """A share of the bill, or of the lines that points may pay for."""

    percent: Decimal
    of_lines: bool = False


class CappedPoints(_Reason, frozen=True, tag="capped_points"):
    """The most points a bill."""

    maximum: Decimal


class CappedShareOfBalance(_Reason, frozen=True, tag="capped_share_of_balance"):
    """The largest share of the balance a bill."""

    percent: Decimal


class CappedPerItem(_Reason, frozen=True, tag="capped_per_item"):
    """The most that points pay of each item, added up."""

    maximum: Money


class CappedInPeriod(_Reason, frozen=True, tag="capped_in_period"):
    """What is left of a member's limit in a while: of points or of money, the other is None."""

    period: Period
    points: Decimal | None = None
    discount: Money | None = None
    used_points: Decimal | None = None
    used_discount: Money | None = None


class WholeBalance(_Reason, frozen=True, tag="whole_balance"):
    """The member has no more points."""

    points: Decimal


class KeptPoints(_Reason, frozen=True, tag="kept_points"):
    """Some points must stay in the account."""

    kept: Decimal


class WholeSteps(_Reason, frozen=True, tag="whole_steps"):
    """Only whole blocks may be used; `left` points of the balance stay."""

    step: Money
    left: Decimal


class LeftToPay(_Reason, frozen=True, tag="left_to_pay"):
    """Some money must remain to be paid."""

    minimum: Money


class LinesCovered(_Reason, frozen=True, tag="lines_covered"):
    """All that points may pay for is paid; `rest` of the bill cannot take points."""

    covered: Money
    rest: Money


class BillCovered(_Reason, frozen=True, tag="bill_covered"):
    """The whole bill is paid with points."""


class ChosenReward(_Reason, frozen=True, tag="chosen_reward"):
    """A catalogue reward was picked instead of paying with points."""

    name: str


# Why there is nothing at all.
class NeedsBill(_Reason, frozen=True, tag="needs_bill"):
    """The bill, or the part of it that counts, is too small."""

    minimum: Money
    missing: Money


class BillTooLarge(_Reason, frozen=True, tag="bill_too_large"):
    """The bill, or the part of it that counts, is above the largest for this."""

    maximum: Money


class NeedsPoints(_Reason, frozen=True, tag="needs_points"):
    """The balance is below what redemption starts from."""

    needed: Decimal
    has: Decimal


class NeedsDiscount(_Reason, frozen=True, tag="needs_discount"):
    """Less than the smallest discount, or the fewest points, that may be used at once is allowed here."""

    minimum: Money
    allowed: Money


class NeedsItems(_Reason, frozen=True, tag="needs_items"):
    """Too few matching items are on the bill."""

    needed: Decimal
    has: Decimal


class NothingEligible(_Reason, frozen=True, tag="nothing_eligible"):
    """No line of this bill may be paid with points, or none takes the reward."""


class MemberBlocked(_Reason, frozen=True, tag="member_blocked"):
    """The member may neither earn nor redeem."""

    since: date


class NotOffline(_Reason, frozen=True, tag="not_offline"):
    """Points cannot be used without the backend."""


class NotYet(_Reason, frozen=True, tag="not_yet"):
    """It begins on a later day."""

    starts: date


class Over(_Reason, frozen=True, tag="over"):
    """It ended on an earlier day."""

    ended: date


class NotNow(_Reason, frozen=True, tag="not_now"):
    """It holds on other days of the week or at other hours."""

    weekdays: tuple[Weekday, ...] = ()
    from_time: time | None = None
    until_time: time | None = None


class NotInStore(_Reason, frozen=True, tag="not_in_store"):
    """It holds in other stores."""

    stores: tuple[str, ...]


class NotPaidWith(_Reason, frozen=True, tag="not_paid_with"):
    """It is for other kinds of payment."""

    kinds: tuple[str, ...]


class NotForTier(_Reason, frozen=True, tag="not_for_tier"):
    """It is for members of other tiers."""

    tiers: tuple[str, ...]


class NotForMember(_Reason, frozen=True, tag="not_for_member"):
    """It is for other members."""


class UsedUp(_Reason, frozen=True, tag="used_up"):
    """The member has had all that is allowed in a while."""

    period: Period


class UsedUpOnBill(_Reason, frozen=True, tag="used_up_on_bill"):
    """All that is allowed on one bill was redeemed on it before."""


class OutOfStock(_Reason, frozen=True, tag="out_of_stock"):
    """The shop gives no more of it today."""


class NotTogether(_Reason, frozen=True, tag="not_together"):
    """It cannot be used beside what is chosen already."""


class NoWayToPay(_Reason, frozen=True, tag="no_way_to_pay"):
    """Points pay for rewards only, or for nothing."""


class UnknownChoice(_Reason, frozen=True, tag="unknown_choice"):
    """The program has no rule or reward of this id."""

    chosen: str


ProgramLimit = (
    CappedAmount
    | CappedPercent
    | CappedPoints
    | CappedShareOfBalance
    | CappedPerItem
    | CappedInPeriod
    | WholeBalance
    | KeptPoints
    | WholeSteps
    | LeftToPay
    | LinesCovered
    | BillCovered
)
Limit = ProgramLimit | ChosenReward
Unmet = NotYet | Over | NotNow | NotInStore | NotPaidWith | NotForTier | NotForMember
Refusal = (
    NeedsBill
    | BillTooLarge
    | NeedsPoints
    | NeedsDiscount
    | NeedsItems
    | NothingEligible
    | MemberBlocked
    | NotOffline
    | Unmet
    | UsedUp
    | UsedUpOnBill
    | OutOfStock
    | NotTogether
    | NoWayToPay
    | UnknownChoice
)


# What would raise it.
class MoreBill(Struct, frozen=True, tag_field="step", tag="more_bill"):
    """This much more on the bill unlocks this much more discount."""

    more: Money
    gains: Money


class MorePoints(Struct, frozen=True, tag_field="step", tag="more_points"):
    """This many more points unlock this discount."""

    more: Decimal
    gains: Money


class EarnsTowards(Struct, frozen=True, tag_field="step", tag="earns_towards"):
    """This sale earns some of the points missing before redemption starts."""

    earns: Decimal
    still_missing: Decimal


NextStep = MoreBill | MorePoints | EarnsTowards
