"""What a catalogue reward takes off this bill, or why it cannot be used on it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal

from msgspec import Struct

from cashier_app.domain.basket import Basket
from cashier_app.domain.circumstances import Circumstances, unmet
from cashier_app.domain.member import RewardUse
from cashier_app.domain.money import Currency, Money
from cashier_app.domain.points import from_units, to_units
from cashier_app.domain.program import Program
from cashier_app.domain.program.conditions import ALL_LINES, Part
from cashier_app.domain.program.rewards import AmountOff, Gift, ItemOff, PercentOff, Pick, Reward
from cashier_app.domain.reasons import (
    NeedsBill,
    NeedsItems,
    NeedsPoints,
    NothingEligible,
    OutOfStock,
    Period,
    Refusal,
    UsedUp,
    UsedUpOnBill,
)
from cashier_app.domain.rounding import rounded, shared_out

NEVER_HAD = RewardUse()


class RewardOption(Struct, frozen=True):
    """A catalogue reward with the discount it would give here, or the reason it cannot be used."""

    reward: Reward
    discount: Money
    refusal: Refusal | None = None


class TakenOff(Struct, frozen=True):
    """What a reward takes off: minor units off each line, and what it leaves to pay of single items.

    Args:
        parts: One for each line; empty where nothing is taken off.
        items: The lines of single items it is given on, one entry for each, with what is left to pay of it.
    """

    parts: Sequence[int] = ()
    items: Sequence[tuple[int, int]] = ()

    def off(self, basket: Basket) -> None:
        """Take it off a basket."""
        if self.parts:
            basket.take(self.parts)
        for place, left in self.items:
            basket.put_aside(place, 1, left)


NOTHING_OFF = TakenOff()


class Catalogue(Struct, frozen=True):
    """What the rewards of one sale depend on beside the bill.

    Args:
        program: Holds the rewards.
        now: When, where and for whom.
        had: How often the member had each reward before, by its id.
        given: How many of each the shop gave today, by its id.
        barred: Why this member can use none at all, or None.
        offline: Why none can be used at the moment, or None.
    """

    program: Program
    now: Circumstances
    had: Mapping[str, RewardUse]
    given: Mapping[str, int]
    barred: Refusal | None = None
    offline: Refusal | None = None

    def option(
        self, reward: Reward, basket: Basket, balance: int, taken: Sequence[str] = ()
    ) -> tuple[RewardOption, TakenOff]:
        """Return a reward as it stands with this basket, balance in units and rewards taken already.

        Beside it what it takes off the lines; nothing where it cannot be used.
        """
        currency = self.program.currency
        refusal = self._refusal(reward, basket, balance, taken)
        off = NOTHING_OFF if refusal is not None else _taken_off(reward, basket)
        if refusal is None and not isinstance(reward, Gift) and not any(off.parts):
            # Points would be burnt for nothing.
            refusal, off = NothingEligible(), NOTHING_OFF
        return RewardOption(reward, Money(sum(off.parts), currency), refusal), off

    def _refusal(self, reward: Reward, basket: Basket, balance: int, taken: Sequence[str]) -> Refusal | None:
        scale = self.program.point_scale
        if self.barred is not None:
            return self.barred
        condition = unmet(reward.when, self.now)
        if condition is not None:
            return condition
        if max(balance, 0) < to_units(reward.cost, scale):
            return NeedsPoints(reward.cost, from_units(balance, scale))
        return (
            self.offline
            or self._used_up(reward, taken)
            or basket.lacks(reward.needs)
            or _needs_bill(reward, basket, self.program.currency)
        )

    def _used_up(self, reward: Reward, taken: Sequence[str]) -> Refusal | None:
        count = taken.count(reward.reward_id)
        had = self.had.get(reward.reward_id, NEVER_HAD)
        if count >= reward.per_bill:
            return UsedUpOnBill()
        if reward.per_member is not None and had.ever + count >= reward.per_member:
            return UsedUp(Period.EVER)
        if reward.per_day is not None and had.day + count >= reward.per_day:
            return UsedUp(Period.DAY)
        given = self.given.get(reward.reward_id, 0)
        if reward.stock_per_day is not None and given + count >= reward.stock_per_day:
            return OutOfStock()
        return None


def _needs_bill(reward: Reward, basket: Basket, currency: Currency) -> Refusal | None:
    amounts = basket.gross if reward.minimum_tax is Part.INCLUDED else basket.net
    # A gift may be fetched without buying anything.
    total, minimum = sum(amounts), max(int(reward.minimum_bill), 0 if isinstance(reward, Gift) else 1)
    if total < minimum:
        return NeedsBill(Money(minimum, currency), Money(minimum - total, currency))
    places = basket.matching(reward.lines)
    quantity = basket.quantity(places)
    if quantity < reward.minimum_quantity:
        return NeedsItems(Decimal(reward.minimum_quantity), quantity)
    left = sum(basket.left(places))
    if isinstance(reward, Gift):
        return NothingEligible() if reward.lines != ALL_LINES and not places else None
    if isinstance(reward, AmountOff) and reward.whole_value_only and left < reward.value:
        whole = Money(int(reward.value), currency)
        return NeedsBill(whole, Money(reward.value - left, currency))
    return None if left else NothingEligible()


def _taken_off(reward: Reward, basket: Basket) -> TakenOff:
    """Return what a usable reward takes off each line, in minor units."""
    places = basket.matching(reward.lines)
    left = basket.left(places)
    match reward:
        case AmountOff():
            amount = min(reward.value, sum(left))
        case PercentOff():
            base = sum(left) if reward.tax is Part.INCLUDED else _net(basket, places, left)
            percent, whole = reward.percent.as_integer_ratio()
            amount = rounded(base * percent, 100 * whole, reward.rounding)
            amount = min(amount, sum(left), sum(left) if reward.maximum is None else reward.maximum)
        case ItemOff():
            return _items_off(reward, basket, places)
        case _:
            return NOTHING_OFF
    return TakenOff(_on_lines(basket, places, shared_out(amount, left)))


def _items_off(reward: ItemOff, basket: Basket, places: Sequence[int]) -> TakenOff:
    """Return what is taken off single items, the cheapest or the dearest first, the first of equals first."""
    percent, whole = reward.percent.as_integer_ratio()
    rest = sum(basket.gross) if reward.maximum is None else int(reward.maximum)
    parts = [0] * len(basket.lines)
    given = []
    for price, place in _items(reward, basket, places)[: reward.quantity]:
        amount = min(rounded(price * percent, 100 * whole, reward.rounding), rest)
        rest -= amount
        parts[place] += amount
        given.append((place, price - amount))
    return TakenOff(parts, given)


def _items(reward: ItemOff, basket: Basket, places: Sequence[int]) -> list[tuple[int, int]]:
    """Return price and line of single items that no reward was given on yet, in the order they are picked."""
    cheapest = reward.pick is Pick.CHEAPEST
    items: list[tuple[int, int]] = []
    for place, left in zip(places, basket.left(places), strict=True):
        quantity = basket.lines[place].quantity
        given, given_left = basket.set_aside.get(place, (0, 0))
        # What is sold by weight is one item.
        count = (int(quantity) if quantity == int(quantity) else 1) - given
        each, dearer = divmod(max(left - given_left, 0), max(count, 1))
        for copy in range(min(count, reward.quantity)):
            price = each + (copy >= count - dearer if cheapest else copy < dearer)
            items.append((price, place))
    return sorted((item for item in items if item[0]), key=lambda item: item[0] if cheapest else -item[0])


def _net(basket: Basket, places: Sequence[int], left: Sequence[int]) -> int:
    return sum(
        part * basket.net[place] // basket.gross[place]
        for place, part in zip(places, left, strict=True)
        if part
    )


def _on_lines(basket: Basket, places: Sequence[int], parts: Sequence[int]) -> list[int]:
    whole = [0] * len(basket.lines)
    for place, part in zip(places, parts, strict=True):
        whole[place] = part
    return whole
