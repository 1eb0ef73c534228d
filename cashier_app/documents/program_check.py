"""What the types of a program cannot say: parts that contradict each other."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import date, time
from decimal import Decimal
from itertools import pairwise
from typing import Any, TypeVar

from msgspec import Struct

from cashier_app.documents.problems import MISSING, ProgramError, Words, amount_text
from cashier_app.domain.money import MAX_MINOR
from cashier_app.domain.program import Program
from cashier_app.domain.program.conditions import Share, When
from cashier_app.domain.program.earning import (
    Basis,
    EarningRule,
    Multiplier,
    PerAmount,
    PercentBack,
    Redeemed,
)
from cashier_app.domain.program.figures import Amount
from cashier_app.domain.program.redemption import (
    Combining,
    Conversion,
    PerItemCap,
    Quota,
    RedemptionRule,
    Step,
    StoredValue,
)
from cashier_app.domain.program.rewards import AmountOff, CatalogueReward, ItemOff, PercentOff
from cashier_app.domain.program.tiers import Expiry, ExpiryEnd, TierLimits, Tiers, TiersBy

MAX_COUNT = 1_000_000
"""Most uses, items or pieces of stock a rule may speak of."""

_UNPRINTABLE = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
_MONTH_AND_DAY = re.compile(r"[0-9]{2}-[0-9]{2}\Z")
_MAY_BE_EMPTY = frozenset({"version", "name"})

Part = TypeVar("Part", bound=Struct)


def check_program(program: Program) -> Program:
    """Return the program if its parts agree with each other.

    Raises:
        ProgramError: Naming the first part that does not, what stands there and what was expected.
    """
    _check_different([rule.rule_id for rule in program.redemption], "redemption", "rule_id")
    _check_different([reward.reward_id for reward in program.rewards], "rewards", "reward_id")
    for path, part in _parts(program, ""):
        _check_texts(path, part)
        for kind, check in _CHECKS:
            if isinstance(part, kind):
                check(program, part, path)
    return program


def _parts(part: Struct, path: str) -> Iterator[tuple[str, Struct]]:
    """Yield every table of a program with its path, from the outside in."""
    yield path, part
    for name in part.__struct_fields__:
        value = getattr(part, name)
        below = _below(path, name)
        if isinstance(value, Struct):
            yield from _parts(value, below)
        elif isinstance(value, tuple):
            for place, each in enumerate(value):
                if isinstance(each, Struct):
                    yield from _parts(each, f"{below}[{place}]")


def _below(path: str, name: str) -> str:
    return f"{path}.{name}" if path else name


def _check_texts(path: str, part: Struct) -> None:
    for name in part.__struct_fields__:
        value = getattr(part, name)
        below = _below(path, name)
        if isinstance(value, str):
            _check_text(below, value, may_be_empty=name in _MAY_BE_EMPTY)
        elif isinstance(value, tuple):
            for place, each in enumerate(value):
                if isinstance(each, str):
                    _check_text(f"{below}[{place}]", each, may_be_empty=False)


def _check_text(path: str, text: str, *, may_be_empty: bool) -> None:
    _expect(not _UNPRINTABLE.search(text), path, text, "text without control characters")
    _expect(bool(text.strip()) or (may_be_empty and not text), path, text, "text that can be seen")


def _check_different(names: list[str], path: str, field: str) -> None:
    seen: set[str] = set()
    for place, name in enumerate(names):
        _expect(name not in seen, f"{path}[{place}].{field}", name, "a name of its own")
        seen.add(name)


def _check_names(program: Program, _: Program, __: str) -> None:
    for field, name in (("singular", program.point_name.singular), ("plural", program.point_name.plural)):
        _expect(len(name) <= 200, f"point_name.{field}", name, "text of 1 to 200 characters")


def _check_when(program: Program, when: When, path: str) -> None:
    names = {tier.name for tier in program.tiers.levels}
    for place, name in enumerate(when.tiers if names else ()):
        _expect(name in names, f"{path}.tiers[{place}]", name, "the name of one of the tiers")
    if when.starts is not None and when.ends is not None:
        _expect(when.starts <= when.ends, f"{path}.ends", when.ends, f"{when.starts} or a later day")
    _check_clock(f"{path}.from_time", when.from_time)
    _check_clock(f"{path}.until_time", when.until_time)


def _check_clock(path: str, clock: time | None) -> None:
    _expect(clock is None or clock.tzinfo is None, path, clock, "the shop's own time, without a zone")


def _check_earning_rule(program: Program, rule: EarningRule, path: str) -> None:
    _check_count(f"{path}.minimum_quantity", rule.minimum_quantity, least=0)
    _check_turns(program, rule, path)


def _check_turns(program: Program, rule: EarningRule | Multiplier, path: str) -> None:
    _check_order(program, rule, path, "minimum_bill", "maximum_bill")
    _check_count(f"{path}.per_day", rule.per_day)
    _check_count(f"{path}.per_member", rule.per_member)
    counted = rule.per_day is not None or rule.per_member is not None
    _expect(
        bool(rule.name) or not counted, f"{path}.name", MISSING, "a name under which its uses are counted"
    )


def _check_basis(program: Program, basis: Basis, path: str) -> None:
    settled = basis.redemption is Redeemed.BEFORE or not program.earning.spendable_at_once
    _expect(
        settled, f"{path}.redemption", basis.redemption.value, "before, where points are spendable at once"
    )
    # Points spent on the sale itself must not be lost again to what stored value pays of it.
    earns = basis.stored_value is not Share.EXCLUDED or not program.earning.spendable_at_once
    _expect(
        earns,
        f"{path}.stored_value",
        basis.stored_value.value,
        "included or only, where points are spendable at once",
    )


def _check_band(program: Program, rule: PerAmount | PercentBack, path: str) -> None:
    above = rule.up_to_amount is None or rule.from_amount < rule.up_to_amount
    expected = f"more than from_amount, {_said(program, rule.from_amount)}"
    _expect(above, f"{path}.up_to_amount", _said(program, rule.up_to_amount), expected)


def _check_steps(_: Program, rule: PerAmount, path: str) -> None:
    one = not (rule.whole_steps and rule.started_steps)
    _expect(one, f"{path}.started_steps", rule.started_steps, "false beside whole_steps")


def _check_conversion(_: Program, conversion: Conversion, path: str) -> None:
    _expect(conversion.points > 0, f"{path}.points", conversion.points, "more than zero")
    counts = conversion.each_item or conversion.maximum_quantity is None
    _expect(counts, f"{path}.maximum_quantity", conversion.maximum_quantity, "none without each_item")
    blocks = conversion.whole_blocks or not conversion.each_item
    _expect(blocks, f"{path}.whole_blocks", False, "true where each item counts")
    if conversion.percent is None:
        _expect(conversion.value is not None, f"{path}.value", MISSING, "a value or a percent")
        return
    _expect(conversion.value is None, f"{path}.value", conversion.value, "a value or a percent, not both")
    _check_share(f"{path}.percent", conversion.percent)
    _expect(not conversion.each_item, f"{path}.each_item", True, "false where a block takes off a percent")
    _expect(conversion.whole_blocks, f"{path}.whole_blocks", False, "true where a block takes off a percent")


def _check_redemption(program: Program, rule: RedemptionRule, path: str) -> None:
    _check_share(f"{path}.maximum_percent", rule.maximum_percent)
    _check_share(f"{path}.maximum_percent_of_balance", rule.maximum_percent_of_balance)
    _check_order(program, rule, path, "minimum_points", "maximum_points")
    _check_order(program, rule, path, "minimum_bill", "maximum_bill")
    _check_order(program, rule, path, "starting_discount", "maximum_discount")
    for place, (lower, upper) in enumerate(pairwise(rule.maximum_by_bill), 1):
        rises = lower.from_bill < upper.from_bill
        spot = f"{path}.maximum_by_bill[{place}].from_bill"
        _expect(rises, spot, _said(program, upper.from_bill), "more than the band before")
    conversion = rule.conversion
    steps = rule.discount_step == 0 or not (conversion.whole_blocks or conversion.percent is not None)
    spot = f"{path}.discount_step"
    _expect(steps, spot, _said(program, rule.discount_step), "none beside whole blocks")


def _check_per_item(_: Program, cap: PerItemCap, path: str) -> None:
    _check_share(f"{path}.percent", cap.percent)


def _check_quota(_: Program, quota: Quota, path: str) -> None:
    _check_count(f"{path}.uses", quota.uses)


def _check_stored_value(_: Program, stored: StoredValue, path: str) -> None:
    _check_share(f"{path}.maximum_percent", stored.maximum_percent)


def _check_combining(_: Program, combining: Combining, path: str) -> None:
    both = set(combining.order) == set(Step)
    _expect(both, f"{path}.order", Words("the same step twice"), "rewards and points, each once")


def _check_reward(program: Program, reward: CatalogueReward, path: str) -> None:
    _check_count(f"{path}.minimum_quantity", reward.minimum_quantity, least=0)
    for field in ("per_day", "per_member", "stock_per_day"):
        _check_count(f"{path}.{field}", getattr(reward, field))
    if isinstance(reward, AmountOff):
        _expect(reward.value > 0, f"{path}.value", _said(program, reward.value), "more than zero")
    if isinstance(reward, PercentOff | ItemOff):
        _check_share(f"{path}.percent", reward.percent)


def _check_tiers(program: Program, tiers: Tiers, path: str) -> None:
    _check_different([tier.name for tier in tiers.levels], f"{path}.levels", "name")
    below = Decimal(-1)
    for place, tier in enumerate(tiers.levels):
        spot = f"{path}.levels[{place}].threshold"
        _expect(tier.threshold > below, spot, tier.threshold, "more than the tier before")
        below = tier.threshold
        decimals, what = {
            TiersBy.POINTS: (program.point_scale, "points"),
            TiersBy.SPEND: (program.currency.decimals, "an amount"),
            TiersBy.VISITS: (0, "a number of visits"),
            TiersBy.BALANCE: (program.point_scale, "points"),
        }[tiers.by]
        units = below.scaleb(decimals)
        fits = units == int(units) and units <= MAX_MINOR
        _expect(fits, spot, below, f"{what} with at most {decimals} decimals")


def _check_expiry(_: Program, expiry: Expiry, path: str) -> None:
    if expiry.until_day is None:
        return
    spot = f"{path}.until_day"
    known = _comes_every_year(expiry.until_day)
    _expect(known, spot, expiry.until_day, "a month and a day of every year, such as 09-30")
    _expect(expiry.until_end_of is ExpiryEnd.DAY, spot, expiry.until_day, "none beside until_end_of")


def _comes_every_year(month_and_day: str) -> bool:
    if not _MONTH_AND_DAY.match(month_and_day):
        return False
    try:
        date.fromisoformat(f"2001-{month_and_day}")
    except ValueError:
        return False
    return True


def _check_tier_limits(_: Program, limits: TierLimits, path: str) -> None:
    _check_share(f"{path}.maximum_percent", limits.maximum_percent)


def _check_share(path: str, share: Decimal | None) -> None:
    _expect(share is None or 0 < share <= 100, path, share, "above 0 and at most 100 percent")


def _check_count(path: str, count: int | None, least: int = 1) -> None:
    fits = count is None or least <= count <= MAX_COUNT
    _expect(fits, path, count, f"a whole number from {least} to {MAX_COUNT}")


def _check_order(program: Program, part: Struct, path: str, lower: str, upper: str) -> None:
    least, most = getattr(part, lower), getattr(part, upper)
    expected = f"no less than {lower}, {_said(program, least)}"
    _expect(most is None or least <= most, f"{path}.{upper}", _said(program, most), expected)


def _said(program: Program, figure: Decimal | Amount | None) -> Words:
    """Return a figure as the document would write it."""
    if figure is None:
        return MISSING
    return Words(amount_text(figure, program.currency) if isinstance(figure, Amount) else format(figure, "f"))


def _expect(holds: bool, path: str, value: object, expected: str) -> None:  # noqa: FBT001 - an assertion
    if not holds:
        raise ProgramError(path, value, expected)


_CHECKS: tuple[tuple[type | tuple[type, ...], Callable[[Program, Any, str], None]], ...] = (
    (Program, _check_names),
    (When, _check_when),
    (EarningRule, _check_earning_rule),
    (Multiplier, _check_turns),
    (Basis, _check_basis),
    ((PerAmount, PercentBack), _check_band),
    (PerAmount, _check_steps),
    (Conversion, _check_conversion),
    (RedemptionRule, _check_redemption),
    (PerItemCap, _check_per_item),
    (Quota, _check_quota),
    (StoredValue, _check_stored_value),
    (Combining, _check_combining),
    (CatalogueReward, _check_reward),
    (Tiers, _check_tiers),
    (TierLimits, _check_tier_limits),
    (Expiry, _check_expiry),
)
