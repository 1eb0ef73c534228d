"""What is worked out from counted figures: shares and averages, exact; None without anything to divide by.

How they are rounded to be shown stands here, once: half away from zero, to what the unit shows; but a little
is never shown as nothing, nor nearly all as all.
"""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

from msgspec import Struct

from cashier_app.domain.figures import Figures

_TENTH = Decimal("0.1")


class Rates(Struct, frozen=True):
    """Worked out from the figures of a period or of a part of it.

    Args:
        without_member: Finished sales without a member.
        attach_rate: Sales with a member of all sales.
        redeemed_share: Sales with points or a reward used, of those with a member.
        redemption_rate: Points used of points earned; may be above 1.
        discount_share: Discount of revenue; may be above 1.
        average_bill: Before discount, in minor units; so are the two below.
        average_bill_redeemed: Of sales with points or a reward used.
        average_bill_others: Of all other sales.
        repeat_sales: Sales to members who had bought before.
        repeat_rate: Of sales to members the till knew by id.
        offline_share: Sales finished offline of all sales.
        reversed_points: Earned points taken back and used points given back, together.
        waiting_points: All points not posted yet: earned, used and back.
        refused_points: All points that need attention or were dropped.
    """

    without_member: int
    attach_rate: Fraction | None
    redeemed_share: Fraction | None
    redemption_rate: Fraction | None
    discount_share: Fraction | None
    average_bill: Fraction | None
    average_bill_redeemed: Fraction | None
    average_bill_others: Fraction | None
    repeat_sales: int
    repeat_rate: Fraction | None
    offline_share: Fraction | None
    reversed_points: Decimal
    waiting_points: Decimal
    refused_points: Decimal


RATE_NAMES: tuple[str, ...] = Rates.__struct_fields__


def rates_of(figures: Figures) -> Rates:
    """Return what follows from these figures."""
    repeat = figures.known_sales - figures.first_sales
    return Rates(
        without_member=figures.sales - figures.member_sales,
        attach_rate=_ratio(figures.member_sales, figures.sales),
        redeemed_share=_ratio(figures.redeemed_sales, figures.member_sales),
        redemption_rate=_ratio(figures.used, figures.earned),
        discount_share=_ratio(figures.discount, figures.paid),
        average_bill=_ratio(figures.bill, figures.sales),
        average_bill_redeemed=_ratio(figures.redeemed_bill, figures.redeemed_sales),
        average_bill_others=_ratio(
            figures.bill - figures.redeemed_bill, figures.sales - figures.redeemed_sales
        ),
        repeat_sales=repeat,
        repeat_rate=_ratio(repeat, figures.known_sales),
        offline_share=_ratio(figures.offline_sales, figures.sales),
        reversed_points=figures.taken_back + figures.given_back,
        waiting_points=figures.waiting_earned + figures.waiting_used + figures.waiting_back,
        refused_points=figures.refused_earned + figures.refused_used + figures.refused_back,
    )


def percent_of(share: Fraction) -> Decimal:
    """Return a share in percent as it is shown: whole, below 10 with one decimal.

    What is above nothing shows at least 0.1, what is below all at most 99.
    """
    percent = share * 100
    if not percent or percent >= 100:
        return Decimal(nearest(percent))
    if percent < 10:
        tenths = max(Decimal(nearest(percent * 10)) * _TENTH, _TENTH)
        return Decimal(10) if tenths == 10 else tenths
    return Decimal(min(nearest(percent), 99))


def nearest(amount: Fraction) -> int:
    """Return the nearest whole number, halves away from zero: minor units of an average."""
    whole, rest = divmod(abs(amount), 1)
    rounded = int(whole) + (rest * 2 >= 1)
    return -rounded if amount < 0 else rounded


def minutes_of(seconds: int) -> int:
    """Return the nearest whole minutes; some seconds are at least one."""
    return max(nearest(Fraction(seconds, 60)), 1) if seconds else 0


def decimals_of(share: Fraction, places: int) -> Decimal:
    """Return a share with so many decimals, for files."""
    return Decimal(nearest(share * 10**places)).scaleb(-places)


def _ratio(part: Decimal | int, whole: Decimal | int) -> Fraction | None:
    return Fraction(part) / Fraction(whole) if whole > 0 else None
