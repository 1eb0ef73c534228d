"""Sales in rupees, and what they earn by a few rules."""

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from msgspec.structs import replace

from cashier_app.domain.basket import Basket
from cashier_app.domain.bill import Bill, Line
from cashier_app.domain.circumstances import Circumstances
from cashier_app.domain.earning import Earned, EarningSale, points_earned
from cashier_app.domain.member import RewardUse, Usage
from cashier_app.domain.money import Currency, Money
from cashier_app.domain.program import Program
from cashier_app.domain.program.conditions import Lines
from cashier_app.domain.program.earning import (
    AnyEarningRule,
    Earning,
    PerAmount,
)
from cashier_app.domain.program.figures import Factor, Points, Rate
from cashier_app.domain.program.tiers import Tier, Tiers

INR, JPY, KWD = Currency("INR", 2), Currency("JPY", 0), Currency("KWD", 3)
SATURDAY = datetime(2026, 11, 21, 10, tzinfo=UTC)
BOOKS, FOOD = Lines(only_categories=("books",)), Lines(only_categories=("food",))
ONE_PER_TEN = PerAmount(points=Points(1), per=Rate(10))
GOLD = Tiers(levels=(Tier(name="Silver"), Tier(name="Gold", multiplier=Factor(2))))


def line(
    amount: int, category: str = "", *, tax: int = 0, quantity: str = "1", discounted: bool = False
) -> Line:
    categories = (category,) if category else ()
    return Line(amount * 100, tax * 100, Decimal(quantity), categories=categories, discounted=discounted)


def earned(
    *rules: AnyEarningRule,
    lines: tuple[Line, ...] = (line(1000),),
    taken: int = 0,
    stored: int = 0,
    tier: str = "",
    before: Usage | None = None,
    uses: dict[str, RewardUse] | None = None,
    scale: int = 0,
    tiers: Tiers | None = None,
    at: datetime = SATURDAY,
    **earning: object,
) -> Earned:
    """Return what rupees on lines earn, `taken` of them redeemed and `stored` of them paid from a balance."""
    program = Program(
        currency=INR,
        point_scale=scale,
        tiers=tiers or Tiers(),
        earning=replace(Earning(rules=rules), **earning),
    )
    basket = Basket(Bill(Money(sum(each.amount for each in lines), INR), lines=lines))
    basket.take_off(taken * 100, range(len(lines)))
    now = Circumstances(at, tier=tier)
    return points_earned(
        program, EarningSale(basket, now, stored * 100, taken > 0, before or Usage(), uses or {})
    )


def points(*rules: AnyEarningRule, **sale: object) -> Decimal:
    how: dict[str, Any] = sale
    return earned(*rules, **how).points
