"""A sale that may be undone, or given to another member, and why it may not."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from enum import StrEnum

from msgspec import Struct

from cashier_app.domain.identifier import Identifier
from cashier_app.domain.member import Member, Way
from cashier_app.domain.quote import Quote
from cashier_app.domain.refund import RefundPlan
from cashier_app.domain.sale import Sale
from cashier_app.domain.voiding import WhyNotVoid
from cashier_app.services.returnable import Returnable


class Undoable(Struct, frozen=True):
    """A sale that may be undone, and what that does.

    Args:
        member_id: Whose points it moves; empty for nobody's, or where only the loyalty system knows.
        found: The sale as a return of it would be reckoned.
        used: Points used on it that the loyalty system cannot give back.
        moves: Whether anything is to be told to the loyalty system.
        voucher_free: Whether the voucher used on it may be used again; None where none was.
    """

    sale: Sale
    member_id: str
    found: Returnable
    used: Decimal
    moves: bool
    voucher_free: bool | None = None

    def plan(self, balance: Decimal | None = None) -> RefundPlan:
        """Return what comes back, all of it; `balance` as for `Returnable.plan`."""
        return self.found.plan(None, balance)

    def still(self, shown: Undoable, balance: Decimal | None) -> bool:
        """Say whether undoing would do what was shown, to whom it was shown."""
        return self.member_id == shown.member_id and self.found.still(shown.found, None, balance)


class NotUndoable(Struct, frozen=True):
    """Why a sale cannot be undone; `at` is when what stands in the way happened, UTC, where that is known."""

    sale: Sale
    why: WhyNotVoid
    at: datetime | None = None


class NothingSold(Struct, frozen=True):
    """Nothing was sold at this till yet."""


class NotForThem(StrEnum):
    """Why a sale cannot be given to whoever was scanned or typed."""

    NOBODY = "nobody"
    SEVERAL = "several"
    SAME = "same"
    BLOCKED = "blocked"
    CODE_RAN_OUT = "code ran out"


class NotMovable(Struct, frozen=True):
    """A sale cannot be given to them; `name` is the first name, where somebody was found."""

    why: NotForThem
    name: str = ""


class Movable(Struct, frozen=True):
    """What giving a sale to another member does.

    Args:
        undone: What it does to the first member.
        member: Whose it is to be; None where the till has not met them: they are named when it is posted.
        identifier: What they were found by.
        quote: The sale for them, by the rules of its moment, without what the first member's points paid.
        sale_id: Of the new sale, made once: it is committed once however often that is asked.
        rules_kept: Whether the rules are those it was made by.
        seen_as: What may be shown of the identifier.
    """

    undone: Undoable
    member: Member | None
    identifier: Identifier
    way: Way
    quote: Quote
    sale_id: str
    rules_kept: bool
    seen_as: str = ""

    @property
    def dropped(self) -> bool:
        """Say whether a discount falls away, so that more is to be taken from the customer."""
        return bool(self.undone.sale.discount)


Looked = Undoable | NotUndoable | NothingSold
