"""The staff of a real till, as its page asks about it."""

from __future__ import annotations

from cashier_app.bootstrap import Till
from cashier_app.domain.pin import least_digits
from cashier_app.domain.staff import Role, StaffMember
from cashier_app.ports.credentials import Secret
from cashier_app.ports.staff import StaffRecord
from cashier_app.services.staff_ids import staff_id_for


class TillStaff:
    """What `ui.staff_setup.StaffSetup` asks, of one till."""

    def __init__(self, till: Till) -> None:
        self._till = till

    def records(self) -> tuple[StaffRecord, ...]:
        """Return everybody ever added."""
        return self._till.staff_office().records()

    def least_digits(self, role: Role) -> int:
        """Return how many digits a PIN of this role has at least."""
        return least_digits(role, self._till.staff.pin_digits)

    def add(self, name: str, role: Role, pin: Secret, by: str) -> StaffRecord:
        """Add somebody with their PIN, under an id made from their name."""
        office = self._till.staff_office()
        taken = {record.member.staff_id for record in office.records()}
        return office.add(StaffMember(staff_id_for(name, taken), name, role), pin, by)

    def set_pin(self, staff_id: str, pin: Secret, by: str) -> None:
        """Give somebody another PIN."""
        self._till.staff_office().set_pin(staff_id, pin, by)

    def reset(self, staff_id: str, by: str) -> None:
        """Let somebody who was locked out try again."""
        self._till.staff_office().reset(staff_id, by)

    def set_active(self, staff_id: str, active: bool, by: str) -> None:  # noqa: FBT001 - a fact
        """Note that somebody left, or is back."""
        self._till.staff_office().change(staff_id, by, active=active)
