"""Tiers, expiry and returns, as a document states them."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

from msgspec import Meta, Struct

from cashier_app.domain.program.conditions import Name
from cashier_app.domain.program.figures import Amount, Factor, Percent, Points, Threshold
from cashier_app.domain.rounding import Rounding

MAX_TIERS = 50


class TiersBy(StrEnum):
    """What a tier is reached by; a balance falls when points are used, and the tier with it."""

    POINTS = "points"
    BALANCE = "balance"
    SPEND = "spend"
    VISITS = "visits"


class Window(StrEnum):
    """The time over which it is counted."""

    LIFETIME = "lifetime"
    ROLLING_DAYS = "rolling_days"
    ROLLING_MONTHS = "rolling_months"
    CALENDAR_YEAR = "calendar_year"


class Spend(StrEnum):
    """What of this bill counts towards a tier reached by spend."""

    PAID = "paid"
    BILL = "bill"
    NET = "net"


class TierLimits(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """Limits of redemption that hold for a tier in place of those of every rule."""

    start_points: Points | None = None
    maximum_points: Points | None = None
    maximum_discount: Amount | None = None
    maximum_percent: Percent | None = None
    minimum_bill: Amount | None = None


class Tier(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """A tier.

    Args:
        threshold: Points, visits, or an amount in the main unit, from which it is held; rising by tier.
        multiplier: What the points a sale earns are multiplied by.
        limits: Limits of redemption for this tier.
    """

    name: Name
    threshold: Threshold = Threshold(0)
    multiplier: Factor = Factor(1)
    limits: TierLimits = TierLimits()


class Tiers(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """The tiers of a program.

    Args:
        levels: Rising thresholds; below the first a member holds no tier.
        by: What is counted: points earned, money spent, or sales.
        window: Over which time: all of it, the last `days`, or the calendar year of today.
        days: Length of a window of rolling days, today included.
        months: Length of a window of rolling months: what happened on this day so many months ago is out.
        spend: What of this bill counts as spend: what is paid once points and rewards are taken off, the bill
            before redemption, or the bill without tax.
        counts_this_bill: Whether the sale that reaches a tier already earns by it.
    """

    levels: Annotated[tuple[Tier, ...], Meta(max_length=MAX_TIERS)] = ()
    by: TiersBy = TiersBy.SPEND
    window: Window = Window.LIFETIME
    days: Annotated[int, Meta(ge=1, le=36_600)] = 365
    months: Annotated[int, Meta(ge=1, le=1200)] = 12
    spend: Spend = Spend.PAID
    counts_this_bill: bool = False


class ExpiryEnd(StrEnum):
    """Until when points that lapse on a day are kept."""

    DAY = "day"
    MONTH = "month"
    QUARTER = "quarter"
    HALF_YEAR = "half_year"
    YEAR = "year"


class Expiry(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """When points lapse; never, where none of `days`, `months`, an end of month or year and a day is given.

    Args:
        days: They may be used for the last time so many days after they were earned; after `months`, if both.
        months: So many months after, the last day of a shorter month standing for those it lacks.
        until_end_of: The day itself, or the end of its month, quarter, half year or year.
        until_day: Month and day such as ``09-30``, in place of that: they are kept until the first such day
            from then on; not 29 February.
        usable_after_days: Days before points just earned may be used; the time to their lapse runs meanwhile.
    """

    days: Annotated[int, Meta(ge=1, le=36_600)] | None = None
    months: Annotated[int, Meta(ge=1, le=1200)] | None = None
    until_end_of: ExpiryEnd = ExpiryEnd.DAY
    until_day: str | None = None
    usable_after_days: Annotated[int, Meta(ge=0, le=3660)] = 0


class TakenBack(StrEnum):
    """How earned points are taken back on a return."""

    RECALCULATED = "recalculated"
    OF_RETURNED = "of_returned"
    PROPORTIONAL = "proportional"
    ALL = "all"
    NEVER = "never"


class GivenBack(StrEnum):
    """How used points are given back on a return."""

    PROPORTIONAL = "proportional"
    POINTS_FIRST = "points_first"
    MONEY_FIRST = "money_first"
    WHOLE_RETURN = "whole_return"
    NEVER = "never"


class Below(StrEnum):
    """What happens where more points would be taken back than the member has."""

    NEGATIVE = "negative"
    FLOOR = "floor"


class Refunds(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """What a return does with points.

    Args:
        earned: ``recalculated`` takes back what the remaining basket would not have earned; ``of_returned``
            what the returned goods would earn alone; ``proportional`` the share of what was paid; ``all``
            takes everything back with the first return.
        used: ``proportional`` gives points back in step with the discount; ``points_first`` pays the return
            in points before money; ``whole_return`` only when everything came back.
        below: Whether a balance may fall below zero.
        rounding: How the part taken back is rounded where it is proportional; None takes the program's.
    """

    earned: TakenBack = TakenBack.RECALCULATED
    used: GivenBack = GivenBack.PROPORTIONAL
    below: Below = Below.NEGATIVE
    rounding: Rounding | None = None
