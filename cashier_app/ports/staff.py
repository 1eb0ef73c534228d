"""Who works here: what is kept of them, and the counting of wrong PINs. Blocking: for worker threads."""

from __future__ import annotations

from datetime import datetime
from typing import Protocol

from msgspec import Struct

from cashier_app.domain.staff import StaffMember
from cashier_app.domain.tries import LOCKED_AT, Verdict
from cashier_app.ports.credentials import Secret


class PinVerifier(Struct, frozen=True, forbid_unknown_fields=True):
    """What a PIN is checked with: Argon2id (RFC 9106) over a keyed hash of person and PIN.

    Args:
        salt: 16 random bytes.
        digest: 32 bytes.
        memory: KiB.
        passes: Argon2's time cost.
        lanes: Argon2's parallelism.
        pepper: Names the key that was used, so that a lost key is not taken for a wrong PIN.
    """

    salt: bytes
    digest: bytes
    memory: int
    passes: int
    lanes: int
    pepper: str


class StaffRecord(Struct, frozen=True):
    """All that is kept of one person.

    Args:
        pin: None where no PIN was set yet.
        badge: Keyed hash of their badge's code; None without a badge.
        failures: PINs tried since the last right one or reset.
        locked: Whether only a manager's reset lets them try again.
    """

    member: StaffMember
    pin: PinVerifier | None = None
    badge: bytes | None = None
    failures: int = 0
    locked: bool = False


class StaffBook(Protocol):
    """The people of one till. When a method that writes returns, the rows are on disk.

    Raises:
        KnownError: From every method when the disk is failing or the rows are damaged.
    """

    def records(self) -> tuple[StaffRecord, ...]:
        """Return everybody ever added, in the order they were added."""

    def record(self, staff_id: str) -> StaffRecord | None:
        """Return one of them."""

    def owner_of(self, badge: bytes) -> StaffRecord | None:
        """Return whose badge has this keyed hash."""

    def keep(self, record: StaffRecord, what: tuple[str, ...], by: str, at: datetime) -> None:
        """Add somebody or replace what is kept of them, with its audit row in the same transaction.

        Args:
            record: Its `failures` and `locked` are not written here.
            what: What was changed, such as ``pin`` or ``badge``: a rescue goes by these two.
            by: Who did it, for the audit log.
            at: When, UTC.

        Raises:
            KnownError: Somebody else has this badge, or the disk is full.
        """

    def begin_try(
        self, subject: str, at: datetime, monotonic: float, locked_at: int | None = LOCKED_AT
    ) -> Verdict:
        """Count a try before anything is checked, or refuse it. Counted tries are on disk when this returns.

        Args:
            subject: ``staff:`` and a staff id, or what stands for people nobody knows.
            at: The wall clock, UTC.
            monotonic: Seconds of the clock that only grows.
            locked_at: How many wrong tries lock; None where only waits grow.
        """

    def passed(self, subject: str, event: str, detail: str, at: datetime) -> None:
        """Forget the tries of somebody whose PIN was right, and write what it was for into the audit log.

        `detail` is written as one more row of the same transaction, unless it is empty.
        """

    def reset(self, staff_id: str, by: str, at: datetime) -> None:
        """Let somebody try again from nothing, with its audit row."""

    def note(self, staff_id: str, event: str, detail: str, at: datetime) -> None:
        """Write a row of the audit log about somebody."""


class PinHashing(Protocol):
    """Hashes PINs and badges under a key that is not in the database.

    Raises:
        KnownError: The key cannot be had.
    """

    def make(self, staff_id: str, pin: Secret) -> PinVerifier:
        """Return what this person's PIN will be checked with. Takes as long as a check."""

    def fits(self, verifier: PinVerifier | None, staff_id: str, pin: Secret) -> bool:
        """Say whether a PIN is right; does the same work for None, which never fits.

        Raises:
            KnownError: The PIN was hashed under another key.
        """

    def ready(self, verifier: PinVerifier | None) -> None:
        """Read the key if that was not done yet, so that nothing is counted while it cannot be had.

        Raises:
            KnownError: It cannot be had, or is not the one this verifier was made with.
        """

    def is_current(self, verifier: PinVerifier) -> bool:
        """Say whether it was made as strong as PINs are hashed now."""

    def badge(self, code: str) -> bytes:
        """Return the keyed hash of a badge's code, 32 bytes."""

    def stand_in(self, staff_id: str) -> str:
        """Return what tries for a person nobody knows are counted under: one of a few, the same each time."""

    def kept_by(self) -> str:
        """Say what keeps the key, for the diagnosis."""
