"""Ratios to whole numbers, and whole numbers shared out, without a fraction of anything getting lost."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from enum import StrEnum


class Rounding(StrEnum):
    """How a fraction becomes the smallest unit."""

    FLOOR = "floor"
    HALF_UP = "half_up"
    HALF_EVEN = "half_even"
    UP = "up"


def rounded(numerator: int, denominator: int, mode: Rounding) -> int:
    """Return a ratio of zero or more as a whole number; `denominator` is above zero."""
    whole, rest = divmod(numerator, denominator)
    match mode:
        case Rounding.FLOOR:
            return whole
        case Rounding.UP:
            return whole + (rest > 0)
        case Rounding.HALF_UP:
            return whole + (2 * rest >= denominator)
        case _:
            # To the even neighbour.
            return whole + (2 * rest > denominator or (2 * rest == denominator and whole % 2 == 1))


def shared_out(amount: int, weights: Sequence[int]) -> list[int]:
    """Return `amount` in parts proportional to `weights`, adding up exactly.

    Largest remainder: each part is rounded down, then the parts that lost most get one more, the first of
    equals before the second. Weights are zero or more; where all are zero, so are the parts.
    """
    total = sum(weights)
    if total == 0:
        return [0] * len(weights)
    parts = [amount * weight // total for weight in weights]
    left = amount - sum(parts)
    if left:
        losses = sorted(range(len(weights)), key=lambda place: (-(amount * weights[place] % total), place))
        for place in losses[:left]:
            parts[place] += 1
    return parts


def ratio_of(value: Decimal) -> tuple[int, int]:
    """Return an exact decimal as numerator and denominator."""
    return value.as_integer_ratio()
