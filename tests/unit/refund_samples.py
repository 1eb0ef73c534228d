"""Sales and returns with round figures, and what is looked at in a plan."""

from datetime import datetime
from decimal import Decimal

from msgspec.structs import replace

from cashier_app.domain.basket import Basket
from cashier_app.domain.bill import Bill, Line
from cashier_app.domain.circumstances import Circumstances
from cashier_app.domain.earning import EarningSale, points_earned
from cashier_app.domain.money import Currency, Money
from cashier_app.domain.program import Program
from cashier_app.domain.program.earning import (
    Earning,
    PerAmount,
)
from cashier_app.domain.program.figures import Points, Rate
from cashier_app.domain.program.tiers import Refunds
from cashier_app.domain.refund import (
    RefundPlan,
    Returned,
    ReturnedLine,
    Sold,
    refund_plan,
)

RUPEES = Currency("INR", 2)
YEN = Currency("JPY", 0)
DINARS = Currency("BHD", 3)
NOON = Circumstances(datetime(2026, 11, 21, 12, 0))  # noqa: DTZ001 - the shop's own time
EVERYTHING = Returned(everything=True)
ONE_IN_TEN = Earning(rules=(PerAmount(points=Points(1), per=Rate(10)),))
PROGRAM = Program(currency=RUPEES, earning=ONE_IN_TEN)


def rupees(units: int) -> Money:
    return Money(units * 100, RUPEES)


def amount(units: int) -> Returned:
    return Returned(amount=rupees(units))


def pieces(*places: int, quantity: str = "1") -> Returned:
    return Returned(lines=tuple(ReturnedLine(place, Decimal(quantity)) for place in places))


def bill(*lines: Line) -> Bill:
    total = Money(sum(line.amount for line in lines), RUPEES)
    return Bill(total, sum(line.tax for line in lines), lines)


def sold(whole: Bill, program: Program = PROGRAM, *, points: int = 0, off: tuple[int, ...] = ()) -> Sold:
    """Return a sale that earned what the program gives; `off` in minor units a line."""
    taken = off or (0,) * len(whole.each_line())
    sale = Sold(whole, NOON, taken, sum(taken), Decimal(points), redeemed=points > 0)
    return earning(sale, program)


def earning(sale: Sold, program: Program) -> Sold:
    basket = Basket(sale.bill)
    basket.taken = list(sale.taken)
    whole = EarningSale(basket, sale.now, sale.stored_value, sale.redeemed, sale.before, sale.uses)
    return replace(sale, earned=points_earned(program, whole).points)


def series(program: Program, sale: Sold, *all_returned: Returned) -> list[RefundPlan]:
    """Return the plans of one return after the other."""
    plans = [
        refund_plan(program, sale, returned, all_returned[:place])
        for place, returned in enumerate(all_returned)
    ]
    assert not [plan.refused for plan in plans if plan.refused]
    return plans


def figures(plan: RefundPlan) -> tuple[str, str, int, int]:
    """Return what is taken back, restored, and the money and the discount in minor units."""
    return str(plan.taken_back), str(plan.restored), plan.money_back.minor, plan.discount_back.minor


def on_balance(plan: RefundPlan) -> tuple[int, ...]:
    return tuple(map(int, (plan.restored, plan.taken_back, plan.shortfall, plan.balance_change)))


def taken_back(plans: list[RefundPlan]) -> list[int]:
    return [int(plan.taken_back) for plan in plans]


def restored(plans: list[RefundPlan]) -> list[int]:
    return [int(plan.restored) for plan in plans]


def money(plans: list[RefundPlan]) -> list[tuple[int, int]]:
    return [(plan.money_back.minor, plan.discount_back.minor) for plan in plans]


def refunds(rules: Refunds, program: Program = PROGRAM) -> Program:
    return replace(program, refunds=rules)


# Two lines of 100.00, of which 500 points paid 50.00.
TWO_LINES = sold(bill(Line(10000), Line(10000)), points=500, off=(2500, 2500))
