"""What the window asks of the desk, so that tests can put another there."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from cashier_app.domain.staff import StaffMember
from cashier_app.services.approval import Approval, ApprovalAsked, Reason
from cashier_app.services.desk_view import DeskView


class Desk(Protocol):
    """Who is at the till, as the window knows it. All methods belong to the UI thread and return at once."""

    @property
    def view(self) -> DeskView:
        """Return the snapshot on show."""

    @property
    def people(self) -> tuple[StaffMember, ...]:
        """Return who may sign in, as last read."""

    @property
    def asks_pin(self) -> bool:
        """Say whether approvals come from PINs here, not from a typed name."""

    def subscribe(self, listener: Callable[[DeskView], None]) -> None:
        """Call the listener with this snapshot now and with every new one."""

    def start(self) -> None:
        """Read the staff."""

    def choose(self, staff_id: str) -> None:
        """Say whose PIN is going to be typed."""

    def choose_again(self) -> None:
        """Go back from the digits to the choice of people."""

    def type_digit(self, digit: str) -> None:
        """Take one digit of the PIN."""

    def delete(self) -> None:
        """Take the last digit back."""

    def choose_reason(self, reason: Reason) -> None:
        """Say why the limit is lifted."""

    def enter(self) -> None:
        """Check the PIN."""

    def badge(self, text: str) -> bool:
        """Take a scan; say whether it was the desk's."""

    def cancel(self) -> None:
        """Go back to the till without an answer."""

    def lock(self) -> None:
        """Lock now, or as soon as the payment under way is done."""

    def switch(self) -> None:
        """Ask who takes over."""

    def refunded(self) -> None:
        """Lock after a refund."""

    def touched(self) -> None:
        """Somebody is there."""

    def show_manager_page(self, *, shown: bool) -> None:
        """Say that a page only managers see is on show."""

    def tick(self) -> None:
        """Look at the clock: once a second."""

    def ask(self, asked: ApprovalAsked, answered: Callable[[Approval | None], None]) -> None:
        """Ask somebody with the right to allow something."""
