"""Sales that were booked without a member, given to one afterwards."""

from __future__ import annotations

from datetime import datetime

from cashier_app.demo.booking import Bookings
from cashier_app.demo.ledger import Declined, Done, Ledger, Write, Written
from cashier_app.demo.messages import LinkBody, MoneyBody, SaleBody
from cashier_app.demo.returns import taken_back
from cashier_app.demo.sold import frozen, rules_had
from cashier_app.domain.points import to_units

UNKNOWN_SALE = Declined("unknown_sale", "no sale of this id was booked", status=404)
ALREADY_LINKED = Declined("already_linked", "the sale is a member's already")


class Linking:
    """Gives anonymous sales to members, each at most once."""

    def __init__(self, ledger: Ledger, bookings: Bookings) -> None:
        self._ledger = ledger
        self._bookings = bookings

    def link(self, write: Write, body: LinkBody) -> Written:
        """Give a sale to a member, who earns by the rules of its day."""
        return self._ledger.write_once(write, lambda: self._link(write, body))

    def _link(self, write: Write, body: LinkBody) -> Done | Declined:
        found = self._ledger.rows(
            "SELECT member_id, key, bill, refunded_bill, refunded_discount FROM sales WHERE sale_id = ?",
            (body.sale_id,),
        )
        if not found:
            return UNKNOWN_SALE
        owner, key, bill, refunded, refunded_discount = found[0]
        if owner is not None:
            return ALREADY_LINKED
        if bill and refunded >= bill:
            return Declined("not_allowed", "nothing is left of this sale")
        row = self._bookings.whose(body.member_id, body.identified_by, body.at)
        if isinstance(row, Declined):
            return row
        sale = self._told(key)
        program = self._ledger.published(sale.program_version) or self._bookings.shop.program
        sold = self._bookings.earned(row, program, sale)
        if isinstance(sold, Declined):
            return sold
        scale = program.point_scale
        # What came back meanwhile earns nothing.
        back = to_units(taken_back(program, sold, self._bookings.returns.before(key)), scale)
        earned = to_units(sold.earned, scale)
        self._ledger.execute(
            "UPDATE sales SET member_id = ?, tier = ?, earned = ?, taken_back = ?, frozen = ? WHERE key = ?",
            (row.member_id, sold.now.tier, earned, back, frozen(sold), key),
        )
        for name in rules_had(program, self._bookings.records.account(row, sale.at), sold):
            self._ledger.execute("INSERT INTO rule_uses (sale_key, name) VALUES (?, ?)", (key, name))
        spend = sale.paid.minor - (refunded - refunded_discount)
        self._ledger.move(
            write.key, "link", row.member_id, earned - back, at=body.at, sale_id=body.sale_id, spend=spend
        )
        self._bookings.note_visit(row.member_id, sale.at)
        return self._bookings.done(write, row.member_id, f"ln-{body.sale_id}", earned - back)

    def _told(self, key: str) -> SaleBody:
        """Return a booked sale as the till told it."""
        code = self._bookings.shop.program.currency.code
        sale_id, bill, discount, paid, at, version, reward_id = self._ledger.rows(
            "SELECT sale_id, bill, discount, paid, at, program_version, reward_id FROM sales WHERE key = ?",
            (key,),
        )[0]
        return SaleBody(
            sale_id=sale_id,
            bill=MoneyBody(minor=bill, currency=code),
            discount=MoneyBody(minor=discount, currency=code),
            paid=MoneyBody(minor=paid, currency=code),
            at=datetime.fromisoformat(at),
            program_version=version,
            reward_id=reward_id or None,
        )
