"""What the till asks of a loyalty backend: all that services know of any vendor."""

from __future__ import annotations

from datetime import timedelta
from enum import StrEnum
from typing import Protocol

from msgspec import Struct

from cashier_app.domain.identifier import Identifier
from cashier_app.domain.ledger import LedgerAnswer
from cashier_app.domain.outcome import Lookup, Outcome, Reconciled
from cashier_app.domain.program import Program
from cashier_app.domain.sale import Effect


class Reserving(StrEnum):
    """Whether points can be held between the quote and the payment."""

    HARD = "hard"
    SOFT = "soft"
    NONE = "none"


class Idempotency(StrEnum):
    """What keeps a repeated effect from taking hold twice."""

    KEY = "key"
    NATURAL_KEY = "natural key"
    READ_BACK = "read back"


class Capabilities(Struct, frozen=True):
    """What a backend can do; services read this, never a vendor's name.

    Args:
        reserving: Whether points can be held, and `hold` for how long.
        idempotency: What makes repeating safe, and `key_life` how long it does; nothing for `READ_BACK`.
        search_lag: How long after a call ended what it did may still be missing from a look-up; None where
            effects cannot be looked up at all.
        tiers: Whether accounts carry a tier.
        store_credit: Whether accounts carry store credit.
        negative_balance: Whether a claw-back may take a balance below zero.
        reads_ledger: Whether its own books of one sale can be read, by `ledger`.
    """

    reserving: Reserving
    hold: timedelta
    idempotency: Idempotency
    key_life: timedelta
    search_lag: timedelta | None
    tiers: bool
    store_credit: bool
    negative_balance: bool
    reads_ledger: bool = False


class LoyaltyBackend(Protocol):
    """One loyalty backend. Plain blocking calls, each with one total deadline; safe from any thread.

    No method raises for what the network or the backend does: that is an outcome. A bug raises.
    """

    @property
    def capabilities(self) -> Capabilities:
        """Return what this backend can do; costs nothing."""

    def program(self) -> Program:
        """Return the program in force.

        Raises:
            KnownError: It cannot be had or makes no sense; the sentence says which.
        """

    def find(self, identifier: Identifier) -> Lookup:
        """Find the member this belongs to, with the account. At most 3 s."""

    def refresh(self, member_id: str) -> Lookup:
        """Read a known member's account again. At most 3 s."""

    def apply(self, effect: Effect) -> Outcome:
        """Make the effect take hold. At most 8 s.

        `Applied` and `AlreadyApplied` only for the right status, content type, schema and echoed key;
        `RetryLater` only when it certainly did not take hold; whatever is in doubt is `Unknown`.
        """

    def reconcile(self, effect: Effect) -> Reconciled:
        """Look an effect up by its key, changing nothing. At most 8 s."""

    def ledger(self, sale_id: str) -> LedgerAnswer:
        """Read what the backend's own books hold for a sale, changing nothing. At most 8 s.

        Only where `Capabilities.reads_ledger` says so; elsewhere asking is a bug.
        """

    def is_reachable(self) -> bool:
        """Say whether the backend answers at all, with one harmless request. At most 3 s."""

    def close(self) -> None:
        """Let go of connections; further calls are bugs."""
