"""The catalogue: rewards that cost a fixed number of points, as a document states them."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

from msgspec import Meta, Struct

from cashier_app.domain.program.conditions import ALL_LINES, ALWAYS, Lines, Name, Needs, Part, When
from cashier_app.domain.program.figures import Amount, Percent, Points
from cashier_app.domain.program.redemption import Id
from cashier_app.domain.rounding import Rounding


class CatalogueReward(
    Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True, tag_field="kind"
):
    """What every reward has.

    Args:
        reward_id: How a choice names it; unique.
        name: For people.
        cost: Points it takes; zero for what a member may have for nothing.
        when: Conditions.
        lines: Lines it takes money off; a gift needs one of them on the bill.
        minimum_bill: Smallest bill it may be used on.
        minimum_tax: Whether that minimum counts tax.
        minimum_quantity: Number of matching items needed.
        needs: What else must be on the bill.
        per_bill: How often it may be used on one bill.
        per_day: How often one member may use it in a day; None without limit.
        per_member: How often one member may use it ever; None without limit.
        stock_per_day: How many the shop gives in a day; None without limit.
        whole_value_only: Refused where the bill cannot take all of it.
    """

    reward_id: Id
    name: Name
    cost: Points
    when: When = ALWAYS
    lines: Lines = ALL_LINES
    minimum_bill: Amount = Amount(0)
    minimum_tax: Part = Part.INCLUDED
    minimum_quantity: int = 0
    needs: Needs | None = None
    per_bill: Annotated[int, Meta(ge=1, le=100)] = 1
    per_day: int | None = None
    per_member: int | None = None
    stock_per_day: int | None = None
    whole_value_only: bool = False


class AmountOff(CatalogueReward, frozen=True, kw_only=True, tag="amount_off"):
    """A fixed amount off the matching lines."""

    value: Amount


class PercentOff(CatalogueReward, frozen=True, kw_only=True, tag="percent_off"):
    """A share off the matching lines, at most `maximum`; `tax` says whether the share counts tax."""

    percent: Percent
    maximum: Amount | None = None
    tax: Part = Part.INCLUDED
    rounding: Rounding = Rounding.HALF_UP


class Pick(StrEnum):
    """Which item is taken where several match."""

    CHEAPEST = "cheapest"
    DEAREST = "dearest"


class ItemOff(CatalogueReward, frozen=True, kw_only=True, tag="item_off"):
    """Single items among the matching lines free or cheaper.

    Args:
        pick: The cheapest or the dearest item.
        quantity: Single items; fewer where the bill has fewer.
        percent: Share of the price taken off; 100 makes it free.
        maximum: Most taken off altogether.
    """

    pick: Pick = Pick.CHEAPEST
    quantity: Annotated[int, Meta(ge=1, le=1000)] = 1
    percent: Percent = Percent(100)
    maximum: Amount | None = None
    rounding: Rounding = Rounding.HALF_UP


class Gift(CatalogueReward, frozen=True, kw_only=True, tag="gift"):
    """Something handed over; the bill stays as it is."""


Reward = AmountOff | PercentOff | ItemOff | Gift
