"""How a sale earns points: the rules as a document states them."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

from msgspec import Meta, Struct

from cashier_app.domain.program.conditions import ALL_LINES, ALWAYS, Lines, Needs, Part, Share, When
from cashier_app.domain.program.figures import Amount, ExactPoints, Factor, Percent, Points, Rate
from cashier_app.domain.rounding import Rounding

MAX_RULES = 100
Label = Annotated[str, Meta(max_length=200)]


class Redeemed(StrEnum):
    """Whether an amount is looked at before or after what was redeemed."""

    BEFORE = "before"
    AFTER = "after"


class Basis(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """Which part of the bill earns.

    What earns of a line is exact, to fractions of a minor unit: points are rounded, amounts are not.
    A line of which nothing is left earns by no rule, not even by one that counts items or sales.

    Args:
        redemption: ``after``: what points and rewards took off earns nothing. ``before``: it earns.
        tax: Whether tax earns; of a line partly redeemed, the same share of its tax is left out.
        stored_value: Whether what is paid from store credit or a gift balance earns. Where it does not, all
            lines of the bill bear it in proportion to what is left to pay of each. ``only`` leaves just that.
        discounts: Whether what the shop's own discounts took off the price earns, as if they had not.
        lines: Lines that earn.
    """

    redemption: Redeemed = Redeemed.AFTER
    tax: Part = Part.INCLUDED
    stored_value: Share = Share.INCLUDED
    discounts: Part = Part.EXCLUDED
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
        on: ``bill`` rounds once, ``rule`` what each rule gives, ``line`` what each rule gives on each line,
            ``item`` on each single item of a line; what is weighed or measured is one item. Whole steps are
            counted on the same.
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
        minimum_bill: Smallest bill, all of it before redemption and with tax, on which the rule earns.
        maximum_bill: Largest such bill on which it earns; None without limit.
        minimum_quantity: Number of items needed on the lines that earn by it.
        needs: What else must be on the bill.
        maximum_points: Most points this rule gives on one bill, before multipliers; lines keep their shares.
        on_top: Earns beside the rule chosen by ``first`` or ``best``.
        multiplied: Whether multipliers apply to it.
        last: Where this rule holds, none after it is asked.
        per_day: How often one member may earn by it in a day, counted under its name; None without limit.
        per_member: How often one member may earn by it ever; None without limit.
    """

    name: Label = ""
    when: When = ALWAYS
    lines: Lines = ALL_LINES
    basis: Basis | None = None
    minimum_bill: Amount = Amount(0)
    maximum_bill: Amount | None = None
    minimum_quantity: int = 0
    needs: Needs | None = None
    maximum_points: Points | None = None
    on_top: bool = False
    multiplied: bool = True
    last: bool = False
    per_day: int | None = None
    per_member: int | None = None


class PerAmount(EarningRule, frozen=True, kw_only=True, tag="per_amount"):
    """So many points for so much money.

    Args:
        points: Points for each `per`.
        per: Main units.
        whole_steps: Only each full `per` earns; otherwise a part of it earns its part. Full ones are counted
            on what the rounding is on: all lines of the rule together, each line, or each single item.
        started_steps: Each `per` that was begun earns in full, counted as full ones are.
        from_amount: Only what lies above this earns, of all lines of the rule together; lines keep their
            shares.
        up_to_amount: Only what lies below this earns; None without limit.
    """

    points: ExactPoints
    per: Rate = Rate(1)
    whole_steps: bool = False
    started_steps: bool = False
    from_amount: Amount = Amount(0)
    up_to_amount: Amount | None = None


class PercentBack(EarningRule, frozen=True, kw_only=True, tag="percent"):
    """Points worth a share of the money, one point to the main unit: 5 percent of 200.00 are 10 points."""

    percent: Percent
    from_amount: Amount = Amount(0)
    up_to_amount: Amount | None = None


class PerSale(EarningRule, frozen=True, kw_only=True, tag="per_sale"):
    """The same number of points for each sale that has a matching line.

    They belong to the bill: a multiplier that names lines does not act on them; they are rounded as one line.
    """

    points: ExactPoints


class PerItem(EarningRule, frozen=True, kw_only=True, tag="per_item"):
    """So many points for each `quantity` of matching items.

    Args:
        points: Points for each `quantity`.
        quantity: Items, or kilograms and the like.
        whole_steps: Only each full `quantity` earns, of all lines of the rule together, or of each line where
            rounding is on lines or items.
    """

    points: ExactPoints
    quantity: Rate = Rate(1)
    whole_steps: bool = False


AnyEarningRule = PerAmount | PercentBack | PerSale | PerItem


class Multiplier(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """What points of matching lines are multiplied by.

    Args:
        factor: 2 doubles.
        when: Conditions.
        lines: Lines whose points it acts on.
        minimum_bill: Smallest bill, all of it before redemption and with tax, on which it applies.
        maximum_bill: Largest such bill on which it applies; None without limit.
        needs: What must be on the bill, whatever lines it acts on.
        last: Where it holds, none after it is asked.
        per_day: How often one member may have it in a day, counted under its name; None without limit.
        per_member: How often one member may have it ever; None without limit.
    """

    factor: Factor
    name: Label = ""
    when: When = ALWAYS
    lines: Lines = ALL_LINES
    minimum_bill: Amount = Amount(0)
    maximum_bill: Amount | None = None
    needs: Needs | None = None
    last: bool = False
    per_day: int | None = None
    per_member: int | None = None


class RulesCombine(StrEnum):
    """What several earning rules that match one line do; rules `on_top` always earn beside it.

    ``sum``: all of them earn. ``first``: in the order of the program, each rule takes the lines that no rule
    before it took, and works on those together; points per sale are earned where such a line is left.
    ``best``: each line earns by the rule that gives it most once multiplied, the first of equals, and keeps
    its share of what that rule gives on all its lines; points per sale, of one rule at most, are earned in
    place of what their lines would earn, where that is more. ``best_rule``: the one rule that gives the whole
    bill most earns, no other.
    """

    SUM = "sum"
    FIRST = "first"
    BEST = "best"
    BEST_RULE = "best_rule"


class MultipliersCombine(StrEnum):
    """What several multipliers do: 2 and 3 make 6, 3, or 4.

    ``add`` adds what each adds: 1 + (2 - 1) + (3 - 1), never below zero. A tier whose factor is 1 takes no
    part.
    """

    MULTIPLY = "multiply"
    HIGHEST = "highest"
    ADD = "add"


class PointsQuota(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """Most points earned on one bill, and by one member in a day, week, month, year or ever.

    It cuts the points once they are multiplied and rounded; in a while, less what was earned in it before.
    """

    bill: Points | None = None
    day: Points | None = None
    week: Points | None = None
    month: Points | None = None
    year: Points | None = None
    ever: Points | None = None


class Earning(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """How a sale earns.

    Args:
        rules: None of them: nothing is earned; nor on a bill of zero.
        combine: Whether every matching rule earns, or for each line only the first, or the best.
        basis: Which part of the bill earns.
        multipliers: Beside the multiplier of the member's tier.
        multipliers_combine: How several multipliers, that of the tier among them, act together.
        rounding: How fractions of points are rounded.
        minimum_bill: Smallest bill, all of it before redemption and with tax, that earns at all.
        minimum_basis: Smallest amount that the program's basis must leave of the bill for it to earn at all.
        maximum: Most points.
        minimum_points: Fewest points; a sale that would earn less earns none.
        spendable_at_once: The points a sale earns may be used on the same bill. Then every basis must be
            ``before`` redemption.
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
    minimum_points: Points = Points(0)
    spendable_at_once: bool = False


NOTHING_EARNED = Earning()
