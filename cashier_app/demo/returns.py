"""What a return of a booked sale does, by the rules the sale was made under."""

from __future__ import annotations

from cashier_app.demo.ledger import Declined, Ledger
from cashier_app.demo.messages import RefundBody
from cashier_app.demo.shop import Shop
from cashier_app.demo.sold import thawed
from cashier_app.domain.money import Money
from cashier_app.domain.points import from_units
from cashier_app.domain.refund import (
    MoreThanSold,
    NoSuchLine,
    NothingReturned,
    RefundPlan,
    Returned,
    refund_plan,
)


class Returns:
    """Plans returns of the sales in a ledger."""

    def __init__(self, ledger: Ledger, shop: Shop) -> None:
        self._ledger = ledger
        self._shop = shop

    def plan(self, sale_key: str, bill: int) -> RefundPlan:
        """Return what a return of goods of this price, minor units, does to a sale booked under this key."""
        sale_id, member_id, version, text = self._ledger.rows(
            "SELECT sale_id, member_id, program_version, frozen FROM sales WHERE key = ?", (sale_key,)
        )[0]
        program = self._ledger.published(version) or self._shop.program
        before = self._ledger.rows(
            "SELECT bill FROM returns WHERE sale_key = ? ORDER BY sequence", (sale_key,)
        )
        rows = self._ledger.read_members("member_id", member_id or "")
        balance = rows[0].balance if rows else 0
        return refund_plan(
            program,
            thawed(text, program, self.captured(sale_id)),
            Returned(amount=Money(bill, program.currency)),
            tuple(Returned(amount=Money(minor, program.currency)) for (minor,) in before),
            from_units(balance, program.point_scale),
        )

    def captured(self, sale_id: str) -> int:
        """Return the units taken for good for a sale."""
        found = self._ledger.rows(
            "SELECT coalesce(sum(r.units), 0) FROM reservations AS r JOIN movements AS m"
            " ON m.reservation_id = r.reservation_id AND m.kind = 'capture' WHERE r.sale_id = ?",
            (sale_id,),
        )
        return int(found[0][0])


def differs(body: RefundBody, plan: RefundPlan) -> Declined | None:
    """Return why a return is not as the rules of its sale have it, or None."""
    match plan.refused:
        case MoreThanSold():
            return Declined("not_allowed", "more would be returned than was sold")
        case NothingReturned() | NoSuchLine():
            return Declined("not_allowed", "nothing would be returned")
    discount, paid = plan.discount_back.minor, plan.money_back.minor
    if (body.discount.minor, body.paid.minor) == (discount, paid):
        return None
    return Declined("not_allowed", f"of this return, {discount} was discount and {paid} was paid")
