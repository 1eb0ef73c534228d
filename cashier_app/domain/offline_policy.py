"""Whether points may be used while the backend cannot be asked: a shop's policy, and its answer.

Nothing is allowed unless the shop says so. What it allows is small and counted. Amounts are minor units of
the till's currency.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import IntEnum, StrEnum

from msgspec import Struct

DENIED_AFTER_LOSS = timedelta(days=30)
"""How long a member may not redeem offline after a redemption that turned out uncovered."""

CLOCK_DIFFERENCE = timedelta(minutes=2)
"""How far the till's clock may be behind the backend's before the age of a balance is not believed."""


class Proof(IntEnum):
    """How sure the till is of who stands there, weakest first."""

    TYPED = 0
    CODE = 1
    ROTATING_CODE = 2


class OfflineMode(StrEnum):
    """What a shop allows."""

    DENY = "deny"
    FLOOR = "floor"


class OfflinePolicy(Struct, frozen=True):
    """What may be redeemed while offline.

    Args:
        per_redemption: The most one sale may take off.
        per_member: Redemptions of one member that nobody has confirmed yet: those of one outage.
        open_at_till: The most that may be unconfirmed at this till in all.
        balance_age: How old the balance last heard of may be.
        manager_over: A manager confirms what is above this.
        proof: The least a member must show; what is typed is never enough.
    """

    mode: OfflineMode = OfflineMode.DENY
    per_redemption: int = 0
    per_member: int = 1
    open_at_till: int = 0
    balance_age: timedelta = timedelta(hours=24)
    manager_over: int = 0
    proof: Proof = Proof.CODE

    def asks_manager(self, discount: int) -> bool:
        """Say whether a manager must confirm this discount."""
        return discount > self.manager_over


class OfflineRecord(Struct, frozen=True):
    """What this till's journal holds against another redemption.

    Args:
        open_at_till: Taken off offline and not confirmed yet, all members together.
        by_member: How many of those are this member's.
        last_loss: When a redemption of this member last turned out uncovered, UTC; None if never.
    """

    open_at_till: int = 0
    by_member: int = 0
    last_loss: datetime | None = None


class OfflineCase(Struct, frozen=True):
    """A member at the till while offline.

    Args:
        proof: How they were identified.
        as_of: When the backend told the balance, with its zone.
        now: With its zone.
        record: None where the journal was not asked yet.
    """

    proof: Proof
    as_of: datetime
    now: datetime
    record: OfflineRecord | None


class WhyNotOffline(StrEnum):
    """Why nothing may be redeemed now."""

    DENIED = "denied"
    NOT_PROVEN = "not proven"
    BALANCE_TOO_OLD = "balance too old"
    USED_BEFORE = "used before"
    TILL_IS_FULL = "till is full"
    AFTER_A_LOSS = "after a loss"
    NOT_LOOKED_UP = "not looked up"
    ONLINE_AGAIN = "online again"


class OfflineAllowed(Struct, frozen=True):
    """So much may be taken off, to be confirmed later; `most` is above zero."""

    most: int


class OfflineDenied(Struct, frozen=True):
    """Nothing may be taken off.

    Args:
        until: When it may be tried again, UTC, where that is known.
    """

    because: WhyNotOffline
    until: datetime | None = None


OfflineAnswer = OfflineAllowed | OfflineDenied
NO_OFFLINE = OfflinePolicy()


def offline_allowance(policy: OfflinePolicy, case: OfflineCase) -> OfflineAnswer:
    """Return how much may be taken off offline, or why nothing. Total, and never above any limit."""
    if policy.mode is OfflineMode.DENY or policy.per_redemption <= 0:
        return OfflineDenied(WhyNotOffline.DENIED)
    if case.proof < max(policy.proof, Proof.CODE):
        return OfflineDenied(WhyNotOffline.NOT_PROVEN)
    age = case.now - case.as_of
    if not -CLOCK_DIFFERENCE <= age <= policy.balance_age:
        # Below zero, the clock was set back: nobody knows how old the balance is.
        return OfflineDenied(WhyNotOffline.BALANCE_TOO_OLD)
    if case.record is None:
        return OfflineDenied(WhyNotOffline.NOT_LOOKED_UP)
    return _within(policy, case.record, case.now)


def _within(policy: OfflinePolicy, record: OfflineRecord, now: datetime) -> OfflineAnswer:
    if record.last_loss is not None and now < record.last_loss + DENIED_AFTER_LOSS:
        return OfflineDenied(WhyNotOffline.AFTER_A_LOSS, record.last_loss + DENIED_AFTER_LOSS)
    if record.by_member >= policy.per_member:
        return OfflineDenied(WhyNotOffline.USED_BEFORE)
    left = policy.open_at_till - record.open_at_till
    if left <= 0:
        return OfflineDenied(WhyNotOffline.TILL_IS_FULL)
    return OfflineAllowed(min(policy.per_redemption, left))
