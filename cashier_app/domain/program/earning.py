"""How a sale earns points: the rules as a document states them."""

from __future__ import annotations

from decimal import Decimal
from enum import StrEnum
from typing import Annotated

from msgspec import Meta, Struct

from cashier_app.domain.program.conditions import ALL_LINES, ALWAYS, Lines, Part, Rounding, When
from cashier_app.domain.program.figures import Amount, Factor, Percent, Points, Rate

MAX_RULES = 100
Label = Annotated[str, Meta(max_length=200)]


class Redeemed(StrEnum):
    """Whether an amount is looked at before or after what was redeemed."""

    BEFORE = "before"
    AFTER = "after"


class Basis(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """Which part of the bill earns.

    Args:
        redemption: ``after``: what points and rewards took off earns nothing. ``before``: it earns.
        tax: Whether tax earns.
        stored_value: Whether what is paid from store credit or a gift balance earns.
        lines: Lines that earn.
    """

    redemption: Redeemed = Redeemed.AFTER
    tax: Part = Part.INCLUDED
    stored_value: Part = Part.INCLUDED
    lines: Lines = ALL_LINES


class RoundedOn(StrEnum):
    """On what points are rounded."""

    BILL = "bill"
    RULE = "rule"
    LINE = "line"
    ITEM = "item"


class EarningRounding(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """How points earned become points of the program's scale.

    Args:
        mode: None takes the program's.
        on: ``bill`` rounds once, ``rule`` each rule, ``line`` each line, ``item`` each single item of a line.
        before_multiplier: Round before multipliers, then once more after.
    """

    mode: Rounding | None = None
    on: RoundedOn = RoundedOn.BILL
    before_multiplier: bool = False


class EarningRule(
    Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True, tag_field="kind"
):
    """What every earning rule has.

    Args:
        name: For people.
        when: Conditions.
        lines: Lines that earn by this rule, out of those of the basis.
        basis: Instead of the program's.
        minimum_bill: Smallest bill, before redemption, on which the rule earns.
        maximum_bill: Largest bill on which it earns; None without limit.
        minimum_quantity: Number of matching items needed.
        maximum_points: Most points this rule gives on one bill, before multipliers.
        on_top: Earns beside the rule chosen by ``first`` or ``best``.
        multiplied: Whether multipliers apply to it.
    """

    name: Label = ""
    when: When = ALWAYS
    lines: Lines = ALL_LINES
    basis: Basis | None = None
    minimum_bill: Amount = Amount(0)
    maximum_bill: Amount | None = None
    minimum_quantity: int = 0
    maximum_points: Points | None = None
    on_top: bool = False
    multiplied: bool = True


class PerAmount(EarningRule, frozen=True, kw_only=True, tag="per_amount"):
    """So many points for so much money.

    Args:
        points: Points for each `per`.
        per: Main units.
        whole_steps: Only each full `per` earns; otherwise a part of it earns its part.
        from_amount: Only what lies above this earns.
        up_to_amount: Only what lies below this earns; None without limit.
    """

    points: Points
    per: Rate = Rate(1)
    whole_steps: bool = False
    from_amount: Amount = Amount(0)
    up_to_amount: Amount | None = None


class PercentBack(EarningRule, frozen=True, kw_only=True, tag="percent"):
    """Points worth a share of the money, one point to the main unit: 5 percent of 200.00 are 10 points."""

    percent: Percent
    from_amount: Amount = Amount(0)
    up_to_amount: Amount | None = None


class PerSale(EarningRule, frozen=True, kw_only=True, tag="per_sale"):
    """The same number of points for each sale that has a matching line."""

    points: Points


class PerItem(EarningRule, frozen=True, kw_only=True, tag="per_item"):
    """So many points for each `quantity` of matching items.

    Args:
        points: Points for each `quantity`.
        quantity: Items, or kilograms and the like.
        whole_steps: Only each full `quantity` earns.
    """

    points: Points
    quantity: Rate = Rate(1)
    whole_steps: bool = False


AnyEarningRule = PerAmount | PercentBack | PerSale | PerItem


class Multiplier(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """What points of matching lines are multiplied by.

    Args:
        factor: 2 doubles.
        minimum_bill: Smallest bill, before redemption, on which it applies.
    """

    factor: Factor
    name: Label = ""
    when: When = ALWAYS
    lines: Lines = ALL_LINES
    minimum_bill: Amount = Amount(0)


class RulesCombine(StrEnum):
    """What several earning rules that match one line do."""

    SUM = "sum"
    FIRST = "first"
    BEST = "best"


class MultipliersCombine(StrEnum):
    """What several multipliers do: 2 and 3 make 6, 3, or 4."""

    MULTIPLY = "multiply"
    HIGHEST = "highest"
    ADD = "add"


class PointsQuota(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """Most points earned on one bill, and by one member in a day, week, month, year or ever."""

    bill: Points | None = None
    day: Points | None = None
    week: Points | None = None
    month: Points | None = None
    year: Points | None = None
    ever: Points | None = None


class Earning(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """How a sale earns.

    Args:
        rules: None of them: nothing is earned.
        combine: Whether every matching rule earns, or for each line only the first, or the best.
        basis: Which part of the bill earns.
        multipliers: Beside the multiplier of the member's tier.
        multipliers_combine: How several multipliers, that of the tier among them, act together.
        rounding: How fractions of points are rounded.
        minimum_bill: Smallest bill, before redemption, that earns at all.
        minimum_basis: Smallest amount of the basis that earns at all.
        maximum: Most points.
    """

    rules: Annotated[tuple[AnyEarningRule, ...], Meta(max_length=MAX_RULES)] = ()
    combine: RulesCombine = RulesCombine.SUM
    basis: Basis = Basis()
    multipliers: Annotated[tuple[Multiplier, ...], Meta(max_length=MAX_RULES)] = ()
    multipliers_combine: MultipliersCombine = MultipliersCombine.MULTIPLY
    rounding: EarningRounding = EarningRounding()
    minimum_bill: Amount = Amount(0)
    minimum_basis: Amount = Amount(0)
    maximum: PointsQuota = PointsQuota()


NOTHING_EARNED = Earning()
ONCE = Decimal(1)
