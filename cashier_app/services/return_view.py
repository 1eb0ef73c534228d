"""What the return screen shows: one frozen snapshot per moment, rendered by the window."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import TYPE_CHECKING

from msgspec import Struct

from cashier_app.domain.amount_entry import AmountEntry
from cashier_app.domain.money import Money
from cashier_app.domain.refund import RefundPlan, Returned, ReturnedLine
from cashier_app.domain.sale import Sale
from cashier_app.services.pasted_bill import PastedBill
from cashier_app.services.returnable import EVERYTHING, Returnable
from cashier_app.services.searched_sales import ListedSale, NotReturnable

if TYPE_CHECKING:
    from cashier_app.domain.quote import Quote
    from cashier_app.services.exchanging import ExchangeTerms


class ReturnStep(StrEnum):
    """Where the return is."""

    FIND = "find"
    AMOUNT = "amount"
    EXCHANGE = "exchange"
    CONFIRM = "confirm"
    DONE = "done"


class ReturnRemarkKind(StrEnum):
    """A passing remark; never something that must not be missed."""

    SCAN_NOT_USED = "scan not used"
    RECEIPT_OFFERED = "receipt offered"
    WHOLE_ONLY = "whole only"
    BILL_NOT_READ = "bill not read"


class ReturnRemark(Struct, frozen=True):
    """A remark for the toast; `sequence` grows with each.

    Args:
        text: The number of the receipt offered, or the place in a bill that is not right.
    """

    sequence: int
    kind: ReturnRemarkKind
    text: str = ""


class NewBill(Struct, frozen=True):
    """What is bought in place of what comes back.

    Args:
        terms: For whom, and by which rules; made once for one exchange.
        bill: As typed.
        pasted: The bill with its lines, while its amount stands in `bill`.
        quote: What it earns; no points are used on it.
    """

    terms: ExchangeTerms
    bill: AmountEntry
    pasted: PastedBill | None = None
    quote: Quote | None = None

    @property
    def to_pay(self) -> Money:
        """Return what the new bill costs."""
        return self.quote.to_pay if self.quote is not None else self.bill.money


class ReturnView(Struct, frozen=True):
    """Everything the return screen needs, and nothing it must work out.

    Args:
        entry: What stands typed in the scan field.
        listed: Sales to choose from, the newest first; `several` where they are what was asked for, else
            today's last ones; `of_member` where all are one member's.
        marked: The place in `listed` that Enter takes; later the line that Space and the count keys change.
        problem: Why what was asked for cannot come back.
        found: The sale that comes back.
        picks: How much of each line comes back, none where lines are not known.
        amount: What goods come back, as typed; None for the lines picked, or for all that is left.
        plan: What that does to points and money; `refused` where it cannot be.
        balance: What the member has now; None while or where that is not known.
        busy: A search or the return itself is under way: Enter waits.
        changed: The backend booked something else meanwhile: the figures are others than those confirmed.
        trouble: One sentence about what failed here and now.
        exchange: What is bought in its place; None where nothing is.
        done: What was given back, once it was.
        done_at: When, UTC.
        sold: The sale made in its place, once it was.
        closed: The cashier is done with it: the till is wanted.
    """

    step: ReturnStep = ReturnStep.FIND
    entry: str = ""
    listed: tuple[ListedSale, ...] = ()
    several: bool = False
    of_member: bool = False
    marked: int = 0
    problem: NotReturnable | None = None
    found: Returnable | None = None
    picks: tuple[Decimal, ...] = ()
    amount: AmountEntry | None = None
    plan: RefundPlan | None = None
    balance: Decimal | None = None
    busy: bool = False
    changed: bool = False
    trouble: str = ""
    remark: ReturnRemark | None = None
    exchange: NewBill | None = None
    done: RefundPlan | None = None
    done_at: datetime | None = None
    sold: Sale | None = None
    closed: bool = False

    @property
    def takes_marked(self) -> bool:
        """Say whether Enter takes the marked sale of the list: after a wrong receipt that is not meant."""
        return self.step is ReturnStep.FIND and bool(self.listed) and not self.entry and self.problem is None

    @property
    def goods(self) -> Money | None:
        """Return what the goods that come back cost on the bill, as typed; None where no amount is."""
        return None if self.amount is None else self.amount.money

    @property
    def back(self) -> Returned:
        """Return what comes back."""
        if self.amount is not None:
            return Returned(amount=self.amount.money)
        if not self.picks or self.picks_all:
            return EVERYTHING
        return Returned(
            lines=tuple(ReturnedLine(place, picked) for place, picked in enumerate(self.picks) if picked)
        )

    @property
    def by_lines(self) -> bool:
        """Say whether lines are picked from, rather than an amount typed."""
        return bool(self.picks) and self.amount is None

    @property
    def picks_all(self) -> bool:
        """Say whether all that is left of every line is picked."""
        return self.found is not None and self.picks == lines_left(self.found)

    @property
    def touched(self) -> bool:
        """Say whether something was changed by hand that a scan must not throw away."""
        later = self.step in {ReturnStep.EXCHANGE, ReturnStep.CONFIRM}
        return later or self.amount is not None or (bool(self.picks) and not self.picks_all)

    @property
    def difference(self) -> Money | None:
        """Return what is to be paid for an exchange, below zero what is given back; None without one."""
        if self.exchange is None or self.plan is None:
            return None
        return self.exchange.to_pay - self.plan.money_back


def lines_left(found: Returnable) -> tuple[Decimal, ...]:
    """Return how much is left of each line; none where there are no lines to pick from."""
    from cashier_app.domain.returned import exact_quantity

    if not found.has_lines:
        return ()
    return tuple(exact_quantity(rest.items) if rest.items else Decimal(0) for rest in found.rests)
