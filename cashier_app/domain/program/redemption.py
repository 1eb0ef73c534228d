"""What points pay for, and how much of a bill they may pay: the rules as a document states them."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

from msgspec import Meta, Struct

from cashier_app.domain.program.conditions import ALL_LINES, ALWAYS, Lines, Needs, Part, When
from cashier_app.domain.program.earning import MAX_RULES, Label
from cashier_app.domain.program.figures import Amount, Percent, Points, Rate

Id = Annotated[str, Meta(pattern=r"^[A-Za-z0-9_-]{1,64}\Z")]


class Conversion(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """What points are worth: `points` pay for `value`, or take off `percent`.

    Args:
        points: Points in one block, above zero.
        value: Worth of one block, in the main unit.
        percent: Share of the matching lines one block takes off, instead of `value`.
        whole_blocks: Only whole blocks may be used; otherwise as few points as pay for the discount.
        each_item: `value` comes off each single item, or kilogram or litre, of the matching lines: one block
            takes off `value` times their quantity. It needs `whole_blocks`.
        maximum_quantity: Most items that `each_item` counts; None without limit.
    """

    points: Points = Points(1)
    value: Rate | None = None
    percent: Percent | None = None
    whole_blocks: bool = False
    each_item: bool = False
    maximum_quantity: Rate | None = None


class Cap(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """The most that may be taken off a bill of at least `from_bill`."""

    from_bill: Amount
    maximum: Amount


class ShareOf(StrEnum):
    """What a share is a share of, or a minimum is compared with."""

    BILL = "bill"
    LINES = "lines"


class PerItemCap(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """The most that points may pay of one item: an amount, a share of its price, or the smaller of both.

    Args:
        lines: Lines it is for; of several caps the first that is for a line counts.
    """

    maximum: Amount | None = None
    percent: Percent | None = None
    lines: Lines = ALL_LINES


class Quota(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """The most one member may redeem in a while: points, discount, number of sales."""

    points: Points | None = None
    discount: Amount | None = None
    uses: int | None = None


class Quotas(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """The most one member may redeem in a day, week, month, year and ever."""

    day: Quota | None = None
    week: Quota | None = None
    month: Quota | None = None
    year: Quota | None = None
    ever: Quota | None = None


class RedemptionRule(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """One way to pay with points.

    Args:
        conversion: What points are worth.
        rule_id: How a choice names it; unique.
        lines: Lines points may pay for.
        needs: What else must be on the bill.
        start_points: Balance needed before any point may be used.
        keep_points: Points that must stay in the account.
        minimum_points: Fewest points used at once.
        maximum_points: Most points used on one bill.
        maximum_percent_of_balance: Largest share of the balance used on one bill.
        starting_discount: Smallest discount given; less than that is none.
        maximum_discount: Most taken off one bill.
        maximum_by_bill: Most taken off, by size of the bill, rising; the last band not above the bill counts,
            and below the first band nothing may be used.
        maximum_percent: Largest share that may be taken off.
        percent_of: The share is of the whole bill or of the matching lines.
        percent_tax: Whether the share counts tax.
        minimum_bill: Smallest bill on which points may be used.
        maximum_bill: Largest bill on which they may be used, read as the minimum is; None without limit.
        minimum_of: The minimum is compared with the whole bill or with the matching lines.
        minimum_tax: Whether the minimum counts tax.
        covers_tax: Whether points may pay tax.
        minimum_to_pay: Money that must remain to be paid.
        discount_step: Discounts are whole multiples of this, paid for exactly.
        per_item: Most that points pay of single items; a line that no cap is for has none.
        quotas: Most one member may redeem in a while.
    """

    conversion: Conversion
    rule_id: Id = "points"
    name: Label = ""
    when: When = ALWAYS
    lines: Lines = ALL_LINES
    needs: Needs | None = None
    start_points: Points = Points(0)
    keep_points: Points = Points(0)
    minimum_points: Points = Points(0)
    maximum_points: Points | None = None
    maximum_percent_of_balance: Percent | None = None
    starting_discount: Amount = Amount(0)
    maximum_discount: Amount | None = None
    maximum_by_bill: Annotated[tuple[Cap, ...], Meta(max_length=MAX_RULES)] = ()
    maximum_percent: Percent | None = None
    percent_of: ShareOf = ShareOf.BILL
    percent_tax: Part = Part.INCLUDED
    minimum_bill: Amount = Amount(0)
    maximum_bill: Amount | None = None
    minimum_of: ShareOf = ShareOf.BILL
    minimum_tax: Part = Part.INCLUDED
    covers_tax: bool = True
    minimum_to_pay: Amount = Amount(0)
    discount_step: Amount = Amount(0)
    per_item: Annotated[tuple[PerItemCap, ...], Meta(max_length=MAX_RULES)] = ()
    quotas: Quotas = Quotas()


class RulePick(StrEnum):
    """Which of several redemption rules that hold is used when the cashier names none."""

    BEST = "best"
    FIRST = "first"


class Step(StrEnum):
    """A step of taking money off."""

    REWARDS = "rewards"
    POINTS = "points"


class Combining(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """What may be used together.

    Args:
        order: What is taken off first; the second works on what is left.
        rewards_per_bill: Catalogue rewards on one bill.
        points_with_rewards: Whether points may pay on a bill that a reward is used on.
        points_with_stored_value: Whether store credit and gift balance may pay on a bill that points or a
            reward are used on, now or before.
        rule_pick: Which redemption rule is used when several hold.
        redeeming_stops_earning: A sale on which points or a reward are used earns nothing.
    """

    order: tuple[Step, Step] = (Step.REWARDS, Step.POINTS)
    rewards_per_bill: Annotated[int, Meta(ge=0, le=MAX_RULES)] = 1
    points_with_rewards: bool = False
    points_with_stored_value: bool = True
    rule_pick: RulePick = RulePick.BEST
    redeeming_stops_earning: bool = False


class StoredValue(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """How money held for the member may pay: it is a tender, not a discount.

    Args:
        maximum_percent: Largest share of what points and rewards leave to pay.
        minimum_bill: Smallest bill, all of it before redemption and with tax, on which it may be used.
        when: Conditions.
    """

    maximum_percent: Percent = Percent(100)
    minimum_bill: Amount = Amount(0)
    when: When = ALWAYS


class Tender(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """Money held for the member that may pay; None where the shop has no such thing."""

    store_credit: StoredValue | None = None
    gift_balance: StoredValue | None = None
