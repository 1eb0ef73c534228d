"""What the return screen shows: one frozen snapshot per moment, rendered by the window."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from enum import StrEnum

from msgspec import Struct

from cashier_app.domain.amount_entry import AmountEntry
from cashier_app.domain.money import Money
from cashier_app.domain.refund import RefundPlan
from cashier_app.ports.journal import SaleLine
from cashier_app.services.returnable import Returnable
from cashier_app.services.returning import NotReturnable


class ReturnStep(StrEnum):
    """Where the return is."""

    FIND = "find"
    AMOUNT = "amount"
    CONFIRM = "confirm"
    DONE = "done"


class ReturnRemarkKind(StrEnum):
    """A passing remark; never something that must not be missed."""

    SCAN_NOT_USED = "scan not used"
    RECEIPT_OFFERED = "receipt offered"
    WHOLE_ONLY = "whole only"


class ReturnRemark(Struct, frozen=True):
    """A remark for the toast; `sequence` grows with each. `text` is the number of the receipt, if one is."""

    sequence: int
    kind: ReturnRemarkKind
    text: str = ""


class ReturnView(Struct, frozen=True):
    """Everything the return screen needs, and nothing it must work out.

    Args:
        entry: What stands typed in the scan field.
        listed: Sales to choose from, the newest first; `several` where they are what was asked for, else
            today's last ones.
        marked: The place in `listed` that Enter takes.
        problem: Why what was asked for cannot come back.
        found: The sale that comes back.
        amount: What goods come back, as typed; None for all that is left.
        plan: What that does to points and money; `refused` where it cannot be.
        balance: What the member has now; None while or where that is not known.
        busy: A search or the return itself is under way: Enter waits.
        changed: The backend booked something else meanwhile: the figures are others than those confirmed.
        trouble: One sentence about what failed here and now.
        done: What was given back, once it was.
        done_at: When, UTC.
        closed: The cashier is done with it: the till is wanted.
    """

    step: ReturnStep = ReturnStep.FIND
    entry: str = ""
    listed: tuple[SaleLine, ...] = ()
    several: bool = False
    marked: int = 0
    problem: NotReturnable | None = None
    found: Returnable | None = None
    amount: AmountEntry | None = None
    plan: RefundPlan | None = None
    balance: Decimal | None = None
    busy: bool = False
    changed: bool = False
    trouble: str = ""
    remark: ReturnRemark | None = None
    done: RefundPlan | None = None
    done_at: datetime | None = None
    closed: bool = False

    @property
    def goods(self) -> Money | None:
        """Return what the goods that come back cost on the bill; None for all that is left."""
        return None if self.amount is None else self.amount.money

    @property
    def touched(self) -> bool:
        """Say whether something was changed by hand that a scan must not throw away."""
        return self.step is ReturnStep.CONFIRM or self.amount is not None
