"""A sale before it is paid: all that is decided about it, and the id it was born with."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING

from msgspec import Struct

from cashier_app.domain.identifier import Identifier
from cashier_app.domain.member import Member, Way
from cashier_app.domain.money import Money
from cashier_app.domain.offline_policy import Proof
from cashier_app.domain.points import NO_POINTS

if TYPE_CHECKING:
    from cashier_app.domain.quote import Quote
    from cashier_app.services.pasted_bill import PastedBill


class OfflineTerms(Struct, frozen=True):
    """How points are used on a sale made while the backend cannot be asked.

    Args:
        proof: How the member was identified.
        as_of: When the backend told the balance, UTC.
        approved_by: Who confirmed it; empty where nobody had to.
        approved_because: Why, from the choice there was; empty where there was none.
        approved_over: The limit that was lifted, minor units; None for none.
    """

    proof: Proof
    as_of: datetime
    approved_by: str = ""
    approved_because: str = ""
    approved_over: int | None = None


class Ticket(Struct, frozen=True):
    """All that is decided about a sale before it is paid.

    Args:
        sale_id: UUIDv7, born when the quote was accepted.
        member: None for a sale without a member, or one identified offline.
        identifier: What was scanned, when the member is not known yet.
        quote: None for a sale without a member.
        reservation: The backend's reference of the hold; empty where nothing is held.
        held_until: End of the hold, UTC.
        offline: Set where points are used without a hold, to be confirmed later.
        balance: The balance the quote was made on; None where no points are used.
        staff_id: Who rings it up; empty where nobody signs in.
        pasted: The bill with its lines, where it came with them.
        program_version: The rules in force, for a sale nobody quoted.
        claim_days: How many days a sale without a member may be claimed by one; 0 for not at all.
        voucher: The code of the voucher that takes something off it, or empty.
        began: Monotonic seconds when the customer's service began; None where that is not known.
    """

    sale_id: str
    member: Member | None
    identifier: Identifier | None
    way: Way | None
    bill: Money
    quote: Quote | None
    reservation: str = ""
    held_until: datetime | None = None
    offline: OfflineTerms | None = None
    balance: Decimal | None = None
    staff_id: str = ""
    began: float | None = None
    program_version: str = ""
    claim_days: int = 0
    pasted: PastedBill | None = None
    voucher: str = ""

    @property
    def points(self) -> Decimal:
        """Return the points this sale takes."""
        return self.quote.points_used if self.quote else NO_POINTS


def new_sale_id() -> str:
    """Return a new sale id: UUIDv7, so that ids sort by time and never repeat."""
    from uuid6 import uuid7

    return str(uuid7())
