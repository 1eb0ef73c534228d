"""Points: decimals with the scale the program sets, and the name the shop gives them."""

from __future__ import annotations

from decimal import ROUND_FLOOR, Decimal

from msgspec import Struct

MAX_SCALE = 4
NO_POINTS = Decimal(0)


class PointName(Struct, frozen=True):
    """What the shop calls its points, such as ``coin`` and ``coins``."""

    singular: str
    plural: str


def to_units(points: Decimal, scale: int) -> int:
    """Return points as a whole number of the smallest unit of this scale, rounded down."""
    return int(points.scaleb(scale).to_integral_value(rounding=ROUND_FLOOR))


def from_units(units: int, scale: int) -> Decimal:
    """Return a whole number of smallest units as points of this scale."""
    return Decimal(units).scaleb(-scale)
