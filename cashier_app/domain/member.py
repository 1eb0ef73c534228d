"""Who is served: the member, their account, and how they were identified."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum

from msgspec import Struct, field

from cashier_app.domain.money import Money
from cashier_app.domain.personal_offer import PersonalOffer
from cashier_app.domain.points import NO_POINTS


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
        missing: Spend still needed for it; None at the top, or where tiers go by something else.
        progress: Thousandths of the way from this tier to the next, 0 to 1000.
        missing_points: Points still needed for the next tier, where tiers go by points.
        missing_visits: Sales still needed for it, where tiers go by visits.
    """

    name: str
    rank: int
    of: int
    next_name: str = ""
    missing: Money | None = None
    progress: int = 1000
    missing_points: Decimal | None = None
    missing_visits: int | None = None


class Lapse(Struct, frozen=True):
    """Points that will be lost on a day if not used before."""

    points: Decimal
    on: date


class Lot(Struct, frozen=True):
    """Points earned together.

    Args:
        points: What is left of them.
        last_day: Last day on which they may be used; None where they do not lapse.
        first_day: First day on which they may be used; None for at once.
    """

    points: Decimal
    last_day: date | None = None
    first_day: date | None = None


class Visit(Struct, frozen=True):
    """One earlier sale, as tiers count it: minor units spent and points earned."""

    on: date
    spend: int = 0
    points: Decimal = NO_POINTS


class Used(Struct, frozen=True):
    """What a member did in a while.

    Args:
        points: Points redeemed.
        discount: Taken off, minor units.
        uses: Sales on which something was redeemed.
        earned: Points earned.
    """

    points: Decimal = NO_POINTS
    discount: int = 0
    uses: int = 0
    earned: Decimal = NO_POINTS


class Usage(Struct, frozen=True):
    """What a member did in the day, week, month and year of the sale, and ever, before it."""

    day: Used = Used()
    week: Used = Used()
    month: Used = Used()
    year: Used = Used()
    ever: Used = Used()


class RewardUse(Struct, frozen=True):
    """How often a member had a reward, or earned by a rule, today and ever."""

    day: int = 0
    ever: int = 0


NEVER_USED = Usage()


class Account(Struct, frozen=True):
    """A member's balance as the backend said it at one moment.

    Args:
        balance: Spendable points, of the program's scale.
        as_of: When the backend said so, UTC.
        tier: None where the backend has no tiers, or leaves them to the program.
        lapses: The soonest lapse, if any is near.
        store_credit: Money held for the member; None where there is none.
        version: Opaque mark that changes with the balance; empty where the backend has none.
        gift_balance: Gift money held for the member; None where there is none.
        lots: The balance by lapse, where the backend tells; lapsed and not yet usable ones do not count.
        usage: What was redeemed and earned before.
        reward_uses: How often each reward was had, by its id.
        rule_uses: How often each earning rule or multiplier that has a limit was had, by its name.
        tags: What the shop says of the member, such as ``staff``.
        qualifying: What counts towards tiers in their window: points, visits, or spend in the main unit.
        history: Earlier sales to count that from, instead.
        offers: What the backend has for this member in particular.
    """

    balance: Decimal
    as_of: datetime
    tier: TierStanding | None = None
    lapses: Lapse | None = None
    store_credit: Money | None = None
    version: str = ""
    gift_balance: Money | None = None
    lots: tuple[Lot, ...] = ()
    usage: Usage = NEVER_USED
    reward_uses: dict[str, RewardUse] = field(default_factory=dict)
    rule_uses: dict[str, RewardUse] = field(default_factory=dict)
    tags: tuple[str, ...] = ()
    qualifying: Decimal | None = None
    history: tuple[Visit, ...] = ()
    offers: tuple[PersonalOffer, ...] = ()
