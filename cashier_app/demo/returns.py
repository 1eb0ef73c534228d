"""What a return of a booked sale does, by the rules the sale was made under.

The till says how much of what came back had been paid with points: where it knows the lines of the bill, and
here only their sum is known, that is not always a share of the whole. What is left of either is the limit.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal

from msgspec import Struct
from msgspec.structs import replace

from cashier_app.demo.ledger import Declined, Ledger
from cashier_app.demo.shop import Shop
from cashier_app.demo.sold import thawed
from cashier_app.domain.bill import Bill, Line
from cashier_app.domain.money import Money
from cashier_app.domain.points import NO_POINTS, from_units
from cashier_app.domain.program import Program
from cashier_app.domain.program.tiers import Below, GivenBack
from cashier_app.domain.refund import Returned, ReturnedLine, Sold, refund_plan

_BY_THE_WHOLE = frozenset({GivenBack.POINTS_FIRST, GivenBack.MONEY_FIRST})
"""What decides how much of a return had been paid with points, whatever came back."""


class Came(Struct, frozen=True):
    """Goods that came back: what they cost, and how much of it points had paid; minor units."""

    bill: int
    discount: int


class Undone(Struct, frozen=True):
    """What a return does: points taken and given, or in one sentence why it cannot be."""

    taken_back: Decimal = NO_POINTS
    restored: Decimal = NO_POINTS
    refused: str = ""


class Returns:
    """Plans returns of the sales in a ledger."""

    def __init__(self, ledger: Ledger, shop: Shop) -> None:
        self._ledger = ledger
        self._shop = shop

    def plan(self, sale_key: str, bill: int, discount: int) -> Undone:
        """Return what a return does.

        Args:
            sale_key: The sale is booked under it.
            bill: What the goods cost, minor units.
            discount: How much of that points had paid.
        """
        sale_id, member_id, version, text = self._ledger.rows(
            "SELECT sale_id, member_id, program_version, frozen FROM sales WHERE key = ?", (sale_key,)
        )[0]
        program = self._ledger.published(version) or self._shop.program
        rows = self._ledger.read_members("member_id", member_id or "")
        balance = from_units(rows[0].balance if rows else 0, program.point_scale)
        sold = thawed(text, program, self.captured(sale_id))
        return undone(program, sold, self.before(sale_key), Came(bill, discount), balance)

    def before(self, sale_key: str) -> tuple[Came, ...]:
        """Return what came back of a sale, oldest first."""
        rows = self._ledger.rows(
            "SELECT bill, discount FROM returns WHERE sale_key = ? ORDER BY sequence", (sale_key,)
        )
        return tuple(Came(*row) for row in rows)

    def captured(self, sale_id: str) -> int:
        """Return the units taken for good for a sale."""
        found = self._ledger.rows(
            "SELECT coalesce(sum(r.units), 0) FROM reservations AS r JOIN movements AS m"
            " ON m.reservation_id = r.reservation_id AND m.kind = 'capture' WHERE r.sale_id = ?",
            (sale_id,),
        )
        return int(found[0][0])


def undone(program: Program, sale: Sold, before: Sequence[Came], came: Came, balance: Decimal) -> Undone:
    """Return what a return does, after what came back before; `balance` is what the member has."""
    refused = _misfit(program, sale, [*before, came])
    if refused:
        return Undone(refused=refused)
    totals = list(_totals(program, sale, [*before, came]))
    last, then = totals[-1], totals[-2] if len(totals) > 1 else Undone()
    restored, owed = last.restored - then.restored, last.taken_back - then.taken_back
    if program.refunds.below is Below.FLOOR:
        owed = min(owed, max(NO_POINTS, balance + restored))
    return Undone(owed, restored)


def taken_back(program: Program, sale: Sold, came: Sequence[Came]) -> Decimal:
    """Return what all that came back takes of what the sale earned, with nothing of it spent yet."""
    totals = list(_totals(program, sale, came))
    return totals[-1].taken_back if totals else NO_POINTS


def differs(plan: Undone) -> Declined | None:
    """Return why a return cannot be, or None."""
    return Declined("not_allowed", plan.refused) if plan.refused else None


def _totals(program: Program, sale: Sold, came: Sequence[Came]) -> Iterator[Undone]:
    """Yield what all returns up to each one come to."""
    bill = discount = 0
    most = Undone()
    for each in came:
        bill, discount = bill + each.bill, discount + each.discount
        now = _up_to(program, sale, bill, discount)
        # A smaller basket may earn more, such as below a maximum bill: what was taken back stays so.
        most = Undone(max(most.taken_back, now.taken_back), max(most.restored, now.restored))
        yield most


def _up_to(program: Program, sale: Sold, bill: int, discount: int) -> Undone:
    """Return what returns of so much together come to."""
    # Points taken stay taken, whatever the balance is by now.
    program = replace(program, refunds=replace(program.refunds, below=Below.NEGATIVE))
    plan = refund_plan(program, sale, Returned(amount=Money(bill, program.currency)))
    if plan.discount_back.minor != discount:
        # As if what came back and what stays sold had been two lines.
        parts = ((bill, discount), (sale.bill.total.minor - bill, sale.discount - discount))
        lines = tuple(Line(amount) for amount, _ in parts)
        split = replace(sale, bill=Bill(sale.bill.total, 0, lines), taken=tuple(off for _, off in parts))
        plan = refund_plan(program, split, Returned(lines=(ReturnedLine(0, Decimal(1)),)))
    return Undone(plan.taken_back, plan.restored)


def _misfit(program: Program, sale: Sold, came: Sequence[Came]) -> str:
    """Return why so much cannot have come back; empty where it can."""
    bill, discount = sum(each.bill for each in came), sum(each.discount for each in came)
    if came[-1].bill <= 0:
        return "nothing would be returned"
    if bill > sale.bill.total.minor:
        return "more would be returned than was sold"
    left = sale.discount - discount
    if left < 0 or bill - discount > sale.paid:
        return "more discount or more money would be returned than is left of it"
    if program.refunds.used not in _BY_THE_WHOLE:
        return ""
    asked = refund_plan(program, sale, Returned(amount=Money(bill, program.currency))).discount_back.minor
    return "" if asked == discount else f"of all returns, {asked} was discount and {bill - asked} was paid"
