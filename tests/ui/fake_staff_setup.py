"""A staff book that keeps people in a list and notes what it was asked."""

from __future__ import annotations

from msgspec.structs import replace

from cashier_app.domain.pin import least_digits
from cashier_app.domain.staff import Role, StaffMember
from cashier_app.errors import KnownError
from cashier_app.ports.credentials import Secret
from cashier_app.ports.staff import PinVerifier, StaffRecord
from cashier_app.services.staff_ids import staff_id_for
from tests.fakes.staff import STAFF, FakeSignIn

VERIFIER = PinVerifier(bytes(16), bytes(32), 8, 1, 1, "pepper")


def record_of(member: StaffMember, failures: int = 0, *, locked: bool = False) -> StaffRecord:
    """Return a record of somebody who has a PIN."""
    return StaffRecord(member, VERIFIER, None, failures, locked)


class FakeStaffSetup:
    """Everybody who is added can sign in at the given door as well.

    Args:
        sign_in: The door of the same shop, if one is watched.
    """

    def __init__(self, *members: StaffMember, sign_in: FakeSignIn | None = None) -> None:
        self.kept = [record_of(member) for member in members]
        self.sign_in = sign_in
        self.error: KnownError | None = None
        self.asked: list[tuple[object, ...]] = []

    def records(self) -> tuple[StaffRecord, ...]:
        return tuple(self.kept)

    def least_digits(self, role: Role) -> int:
        return least_digits(role, 6)

    def add(self, name: str, role: Role, pin: Secret, by: str) -> StaffRecord:
        self._note("add", name, role, by)
        taken = {record.member.staff_id for record in self.kept}
        made = record_of(StaffMember(staff_id_for(name, taken), name, role))
        self.kept.append(made)
        self._tell_door(made.member, pin)
        return made

    def set_pin(self, staff_id: str, pin: Secret, by: str) -> None:
        self._note("set_pin", staff_id, by)
        self._change(staff_id, pin=VERIFIER, failures=0, locked=False)
        self._tell_door(next(one.member for one in self.kept if one.member.staff_id == staff_id), pin)

    def reset(self, staff_id: str, by: str) -> None:
        self._note("reset", staff_id, by)
        self._change(staff_id, failures=0, locked=False)

    def set_active(self, staff_id: str, active: bool, by: str) -> None:  # noqa: FBT001 - a fact
        self._note("set_active", staff_id, active, by)
        member = next(one.member for one in self.kept if one.member.staff_id == staff_id)
        self._change(staff_id, member=replace(member, active=active))

    def _note(self, *asked: object) -> None:
        if self.error is not None:
            raise self.error
        self.asked.append(asked)

    def _change(self, staff_id: str, **changes: object) -> None:
        self.kept = [replace(one, **changes) if one.member.staff_id == staff_id else one for one in self.kept]

    def _tell_door(self, member: StaffMember, pin: Secret) -> None:
        if self.sign_in is not None:
            others = tuple(one for one in self.sign_in.staff if one.staff_id != member.staff_id)
            self.sign_in.staff = (*others, member)
            self.sign_in.pins[member.staff_id] = pin.reveal()


def some_staff() -> FakeStaffSetup:
    """Return a shop with somebody locked out, somebody without a PIN and somebody who left."""
    setup = FakeStaffSetup(*STAFF)
    setup.kept[0] = record_of(STAFF[0], 10, locked=True)
    left = StaffMember("ravi", "Ravi", Role.CASHIER, active=False)
    setup.kept += [StaffRecord(StaffMember("nila", "Nila Das", Role.TRAINER)), record_of(left)]
    return setup
