"""The shop's loyalty program as the till applies it: how points are earned and what they are worth.

This is the part of a program that the reference contract carries. A program is data: it is fetched from the
backend, frozen into every quote by its version, and never changed under a running sale.
"""

from __future__ import annotations

from decimal import Decimal
from enum import StrEnum
from math import gcd

from msgspec import Struct, field

from cashier_app.domain.money import MAX_MINOR, Currency
from cashier_app.domain.points import MAX_SCALE, PointName, to_units

MAX_RULES = 100


class Conversion(Struct, frozen=True):
    """What points are worth: so many points pay for so much.

    Args:
        points: Points in one block, above zero.
        value: Worth of one block in minor units, above zero.
        whole_blocks: Only whole blocks may be used; otherwise the smallest exact part of one.
    """

    points: Decimal
    value: int
    whole_blocks: bool = False

    def step(self, scale: int) -> Step:
        """Return the smallest redemption that leaves no dust: whole point units for whole minor units."""
        units = to_units(self.points, scale)
        shared = 1 if self.whole_blocks else gcd(units, self.value)
        return Step(units // shared, self.value // shared)


class Step(Struct, frozen=True):
    """The smallest exact redemption: `units` smallest point units pay `minor` minor units."""

    units: int
    minor: int


class Cap(Struct, frozen=True):
    """The most that may be taken off a bill of at least `from_bill` (both minor units)."""

    from_bill: int
    maximum: int


class Redemption(Struct, frozen=True):
    """Limits on paying with points; amounts in minor units, zero or None where there is no limit.

    Args:
        conversion: What points are worth.
        start_points: Balance needed before any point may be used.
        minimum_bill: Smallest bill on which points may be used.
        caps: Most to take off, by size of bill, rising `from_bill`; the last band not above the bill counts.
        maximum_percent: Largest share of the bill, 1 to 100.
        minimum_to_pay: Money that must remain to be paid.
    """

    conversion: Conversion
    start_points: Decimal = Decimal(0)
    minimum_bill: int = 0
    caps: tuple[Cap, ...] = ()
    maximum_percent: int | None = None
    minimum_to_pay: int = 0


class Earning(Struct, frozen=True):
    """How a sale earns: `points` for each whole or part `per` minor units of what was paid.

    Args:
        points: Points for each `per`.
        per: Minor units.
        minimum_bill: Smallest bill that earns, minor units.
        tier_multipliers: Tier name to factor; a tier not named earns once.
    """

    points: Decimal
    per: int
    minimum_bill: int = 0
    tier_multipliers: dict[str, Decimal] = field(default_factory=dict)


class RewardKind(StrEnum):
    """What a catalogue reward gives."""

    AMOUNT_OFF = "amount_off"
    PERCENT_OFF = "percent_off"
    GIFT = "gift"


class Reward(Struct, frozen=True):
    """A catalogue reward.

    Args:
        cost: Points it takes.
        value: Minor units for an amount off, percent for a percent off, unused for a gift handed over.
        maximum: Most a percent reward takes off, minor units; None without limit.
        minimum_bill: Smallest bill it may be used on, minor units.
    """

    reward_id: str
    name: str
    kind: RewardKind
    cost: Decimal
    value: int = 0
    maximum: int | None = None
    minimum_bill: int = 0


class Program(Struct, frozen=True):
    """A whole program. `version` names its rules and travels with every quote and sale."""

    name: str
    version: str
    currency: Currency
    point_name: PointName
    point_scale: int
    earning: Earning
    redemption: Redemption
    rewards: tuple[Reward, ...] = ()


class ProgramError(ValueError):
    """A program document that cannot be applied: says which part, its value and what was expected."""

    def __init__(self, path: str, value: object, expected: str) -> None:
        super().__init__(f"{path} is {value}: expected {expected}")
        self.path = path


def check_program(program: Program) -> Program:
    """Return the program if every figure makes sense.

    Raises:
        ProgramError: Naming the first part that does not.
    """
    _check(0 <= program.point_scale <= MAX_SCALE, "point_scale", program.point_scale, "0 to 4")
    _check_redemption(program.redemption, program.point_scale)
    _check_points(program.earning.points, program.point_scale, "earning.points")
    _check(0 < program.earning.per <= MAX_MINOR, "earning.per", program.earning.per, "an amount above zero")
    _check_amount(program.earning.minimum_bill, "earning.minimum_bill")
    for tier, factor in program.earning.tier_multipliers.items():
        path = f"earning.tier_multipliers.{tier}"
        _check(factor.is_finite() and 0 <= factor <= 100, path, factor, "0 to 100")
    _check(len(program.rewards) <= MAX_RULES, "rewards", len(program.rewards), f"at most {MAX_RULES}")
    for index, reward in enumerate(program.rewards):
        _check_reward(reward, program.point_scale, f"rewards[{index}]")
    return program


def _check_redemption(redemption: Redemption, scale: int) -> None:
    conversion = redemption.conversion
    _check_points(conversion.points, scale, "redemption.conversion.points")
    _check(conversion.points > 0, "redemption.conversion.points", conversion.points, "more than zero")
    path = "redemption.conversion.value"
    _check(0 < conversion.value <= MAX_MINOR, path, conversion.value, "an amount above zero")
    _check_points(redemption.start_points, scale, "redemption.start_points")
    _check_amount(redemption.minimum_bill, "redemption.minimum_bill")
    _check_amount(redemption.minimum_to_pay, "redemption.minimum_to_pay")
    percent = redemption.maximum_percent
    _check(percent is None or 1 <= percent <= 100, "redemption.maximum_percent", percent, "1 to 100")
    _check(len(redemption.caps) <= MAX_RULES, "redemption.caps", len(redemption.caps), f"at most {MAX_RULES}")
    floor = -1
    for index, cap in enumerate(redemption.caps):
        _check_amount(cap.maximum, f"redemption.caps[{index}].maximum")
        path = f"redemption.caps[{index}].from_bill"
        _check(floor < cap.from_bill <= MAX_MINOR, path, cap.from_bill, "more than the band before")
        floor = cap.from_bill


def _check_reward(reward: Reward, scale: int, path: str) -> None:
    _check_points(reward.cost, scale, f"{path}.cost")
    _check(reward.cost > 0, f"{path}.cost", reward.cost, "more than zero")
    _check_amount(reward.value, f"{path}.value")
    percent = reward.kind is RewardKind.PERCENT_OFF
    _check(not percent or 1 <= reward.value <= 100, f"{path}.value", reward.value, "1 to 100 percent")
    _check_amount(reward.minimum_bill, f"{path}.minimum_bill")
    if reward.maximum is not None:
        _check_amount(reward.maximum, f"{path}.maximum")


def _check_points(points: Decimal, scale: int, path: str) -> None:
    whole = points.is_finite() and 0 <= points <= MAX_MINOR and points == round(points, scale)
    _check(whole, path, points, f"zero or more with at most {scale} decimals")


def _check_amount(minor: int, path: str) -> None:
    _check(0 <= minor <= MAX_MINOR, path, minor, "zero or more minor units")


def _check(holds: bool, path: str, value: object, expected: str) -> None:  # noqa: FBT001 - an assertion
    if not holds:
        raise ProgramError(path, value, expected)
