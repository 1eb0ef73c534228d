"""What the page of the staff asks, so that tests can put another there."""

from __future__ import annotations

from typing import Protocol

from cashier_app.domain.staff import Role
from cashier_app.ports.credentials import Secret
from cashier_app.ports.staff import StaffRecord


class StaffSetup(Protocol):
    """Who works here. Every method blocks: for worker threads.

    Raises:
        KnownError: From every method; the sentence says what and what to do.
    """

    def records(self) -> tuple[StaffRecord, ...]:
        """Return everybody ever added, in the order they were added."""

    def least_digits(self, role: Role) -> int:
        """Return how many digits a PIN of this role has at least. Returns at once."""

    def add(self, name: str, role: Role, pin: Secret, by: str) -> StaffRecord:
        """Add somebody with their PIN."""

    def set_pin(self, staff_id: str, pin: Secret, by: str) -> None:
        """Give somebody another PIN; their tries begin anew."""

    def reset(self, staff_id: str, by: str) -> None:
        """Let somebody who was locked out try again."""

    def set_active(self, staff_id: str, active: bool, by: str) -> None:  # noqa: FBT001 - a fact
        """Note that somebody left, or is back."""
