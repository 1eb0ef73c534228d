"""A sale whose goods come back: what is left of it, and what a return of some or all would do."""

from __future__ import annotations

from datetime import datetime

from msgspec import Struct
from msgspec.structs import replace

from cashier_app.domain.money import Money
from cashier_app.domain.points import NO_POINTS
from cashier_app.domain.program import Program
from cashier_app.domain.refund import RefundPlan, Returned, Sold, refund_plan
from cashier_app.domain.sale import Sale


class Returnable(Struct, frozen=True):
    """One sale with everything that decides a return of it; asks nobody, so that each digit is answered.

    Args:
        sold: What was sold, used and earned.
        program: The rules returns of it follow.
        rules_kept: Whether these are the rules it was made by; False where only those of now are known.
        before: What came back before, oldest first.
        last_return: When something last came back, UTC.
        about: Whether the backend works the points out by what only it knows, so that ours are near them.
        posted: Whether the backend has all of the sale.
        parts: Whether the backend takes back a part of a sale.
        restores: Whether it gives used points back.
    """

    sale: Sale
    sold: Sold
    program: Program
    rules_kept: bool
    before: tuple[Returned, ...]
    last_return: datetime | None
    about: bool
    posted: bool
    parts: bool
    restores: bool

    @property
    def returned(self) -> Money:
        """Return what came back before, by what it cost on the bill."""
        currency = self.sale.bill.currency
        return Money(sum(each.amount.minor for each in self.before if each.amount), currency)

    @property
    def left(self) -> Money:
        """Return what can still come back, by what it cost on the bill."""
        return self.sale.bill - self.returned

    def plan(self, amount: Money | None = None) -> RefundPlan:
        """Return what a return of goods that cost this much would do; None for all that is left."""
        back = Returned(everything=True) if amount is None else Returned(amount=amount)
        plan = refund_plan(self.program, self.sold, back, self.before)
        if self.restores or not plan.restored:
            return plan
        return replace(plan, restored=NO_POINTS, balance_change=-plan.taken_back)

    def takes(self, amount: Money | None) -> bool:
        """Say whether the backend can be told of this much."""
        return self.parts or (not self.before and amount in {None, self.sale.bill})
