"""What the cashier chose to use on a bill."""

from __future__ import annotations

from decimal import Decimal

from msgspec import Struct

from cashier_app.domain.money import Money


class TakeMaximum(Struct, frozen=True):
    """Use as many points as allowed; `rule_id` names the rule, or is empty for the program's pick."""

    rule_id: str = ""


class TakeAmount(Struct, frozen=True):
    """Take this much off with points, or the nearest step below it."""

    amount: Money
    rule_id: str = ""


class TakePoints(Struct, frozen=True):
    """Use this many points, or as many fewer as are allowed and needed."""

    points: Decimal
    rule_id: str = ""


class TakeNothing(Struct, frozen=True):
    """Use no points on this sale."""


class TakeReward(Struct, frozen=True):
    """Use a catalogue reward instead."""

    reward_id: str


class All(Struct, frozen=True):
    """Pay as much as allowed from money held for the member."""


class TakeTogether(Struct, frozen=True):
    """Use rewards, points and money held for the member on one bill.

    Args:
        points: What is paid with points.
        rewards: Ids of rewards, one entry for each use.
        store_credit: Money to pay from store credit, `All` of it that may be used, or None.
        gift_balance: The same from a gift balance.
    """

    points: TakeMaximum | TakeAmount | TakePoints | TakeNothing = TakeNothing()
    rewards: tuple[str, ...] = ()
    store_credit: Money | All | None = None
    gift_balance: Money | All | None = None


PointsChoice = TakeMaximum | TakeAmount | TakePoints | TakeNothing
Choice = PointsChoice | TakeReward | TakeTogether


def asks_for_points(choice: Choice) -> bool:
    """Say whether a choice uses points to pay; a reward's own are not meant."""
    match choice:
        case TakeTogether(points):
            return asks_for_something(points)
        case TakeReward():
            return False
        case _:
            return asks_for_something(choice)


def asks_for_something(choice: PointsChoice) -> bool:
    """Say whether a choice is more than nothing; an amount or points of zero are nothing."""
    match choice:
        case TakeAmount(amount):
            return amount.minor > 0
        case TakePoints(points):
            return points > 0
        case TakeMaximum():
            return True
        case _:
            return False
