"""What points pay for, counted in blocks, so that no point is burnt for nothing and no money is invented.

A block is the fewest units of points that may be used: one unit, a whole block of the program, or as many as
pay for one step of the discount exactly. `n` blocks are worth ``floor(n * numerator / denominator)`` minor
units.
"""

from __future__ import annotations

from decimal import Decimal
from math import gcd

from msgspec import Struct

from cashier_app.domain.points import to_units
from cashier_app.domain.program import Program
from cashier_app.domain.program.redemption import Conversion, RedemptionRule


class Blocks(Struct, frozen=True):
    """Points in blocks of `units`, each worth ``numerator / denominator`` minor units."""

    units: int
    numerator: int
    denominator: int

    def worth(self, units: int) -> int:
        """Return what so many units of points pay for, in minor units."""
        return max(units, 0) // self.units * self.numerator // self.denominator

    def cost(self, minor: int) -> int:
        """Return the fewest units of points that pay for at least this."""
        return -(-minor * self.denominator // self.numerator) * self.units if minor > 0 else 0

    def snapped(self, minor: int, units: int) -> tuple[int, int]:
        """Return the largest discount within both limits, and the units that pay for it."""
        if minor <= 0 or not self.numerator:
            return 0, 0
        # The most blocks whose worth, rounded down, is still within the limit.
        most = ((minor + 1) * self.denominator - 1) // self.numerator
        discount = min(most, max(units, 0) // self.units) * self.numerator // self.denominator
        return discount, self.cost(discount)

    def least(self, minor: int, units: int) -> tuple[int, int]:
        """Return the smallest discount of at least both, and the units that pay for it."""
        if not self.numerator:
            return 0, 0
        blocks = max(-(-max(minor, 1) * self.denominator // self.numerator), -(-units // self.units))
        discount = blocks * self.numerator // self.denominator
        if self.cost(discount) < units:
            discount += 1
        return self._at_least(discount)

    @property
    def step(self) -> int:
        """Return the largest difference between two neighbouring discounts, in minor units."""
        return -(-self.numerator // self.denominator)

    def _at_least(self, minor: int) -> tuple[int, int]:
        units = self.cost(minor)
        return self.worth(units), units


def depends_on_bill(conversion: Conversion) -> bool:
    """Say whether the same points are worth something else on another bill."""
    return conversion.percent is not None or conversion.each_item


def blocks_of(
    program: Program, rule: RedemptionRule, lines: int = 0, quantity: Decimal = Decimal(0)
) -> Blocks:
    """Return the blocks of a rule.

    A percent conversion takes its share of `lines`, minor units; one for each item counts `quantity`.
    """
    conversion = rule.conversion
    units = to_units(conversion.points, program.point_scale)
    if conversion.percent is not None:
        share, whole = conversion.percent.as_integer_ratio()
        return Blocks(units, lines * share, 100 * whole)
    value = Decimal(0) if conversion.value is None else conversion.value
    numerator, denominator = value.scaleb(program.currency.decimals).as_integer_ratio()
    if conversion.each_item:
        most = conversion.maximum_quantity
        items, parts = (quantity if most is None else min(quantity, Decimal(most))).as_integer_ratio()
        return Blocks(units, numerator * items, denominator * parts)
    if rule.discount_step:
        # The smallest multiple of the step that whole units pay for exactly.
        one = rule.discount_step * units * denominator
        steps = numerator // gcd(numerator, one)
        return Blocks(steps * one // numerator, steps * rule.discount_step, 1)
    if conversion.whole_blocks:
        return Blocks(units, numerator, denominator)
    return Blocks(1, numerator, denominator * units)
