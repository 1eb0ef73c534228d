"""Who is served: the member, their account, and how they were identified."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum

from msgspec import Struct

from cashier_app.domain.money import Money


class Way(StrEnum):
    """How the customer was identified, strongest proof first."""

    WALLET_CODE = "wallet code"
    PHONE = "phone"
    MEMBER_NUMBER = "member number"


class Member(Struct, frozen=True):
    """A person in the program.

    Args:
        member_id: The backend's own identifier; stored with sales, never shown.
        name: As the member gave it: any script, any length; plain text only.
        masked_phone: E.164 with all but the last three digits hidden, or empty.
        number: The printed member number, or empty.
        blocked_since: Day from which nothing may be earned or redeemed.
        last_visit: Day of the last sale, to tell two members on one phone apart.
    """

    member_id: str
    name: str
    masked_phone: str = ""
    number: str = ""
    blocked_since: date | None = None
    last_visit: date | None = None

    @property
    def first_name(self) -> str:
        """Return the first word of the name, for buttons and the second screen."""
        return self.name.split(maxsplit=1)[0] if self.name.strip() else ""


class TierStanding(Struct, frozen=True):
    """Where an account stands among the program's tiers.

    Args:
        name: Name of the tier held.
        rank: 1 for the lowest tier.
        of: Number of tiers.
        next_name: The next tier up, or empty at the top.
        missing: Spend still needed for it; None at the top.
        progress: Thousandths of the way from this tier to the next, 0 to 1000.
    """

    name: str
    rank: int
    of: int
    next_name: str = ""
    missing: Money | None = None
    progress: int = 1000


class Lapse(Struct, frozen=True):
    """Points that will be lost on a day if not used before."""

    points: Decimal
    on: date


class Account(Struct, frozen=True):
    """A member's balance as the backend said it at one moment.

    Args:
        balance: Spendable points, of the program's scale.
        tier: None where the backend has no tiers.
        lapses: The soonest lapse, if any is near.
        store_credit: Money held for the member; None where there is none.
        as_of: When the backend said so, UTC.
        version: Opaque mark that changes with the balance; empty where the backend has none.
    """

    balance: Decimal
    as_of: datetime
    tier: TierStanding | None = None
    lapses: Lapse | None = None
    store_credit: Money | None = None
    version: str = ""
