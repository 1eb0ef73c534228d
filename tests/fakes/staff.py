"""People of a made-up shop, and a sign-in that knows their PINs without any hashing."""

from __future__ import annotations

from cashier_app.domain.staff import Right, Role, StaffMember
from cashier_app.ports.credentials import Secret
from cashier_app.services.approval import ApprovalAsked, Reason
from cashier_app.services.sign_in import (
    Allowed,
    Answer,
    BadgeAnswer,
    MayNot,
    NeedsPin,
    NotRight,
    TooOften,
    TooSoon,
)

ASHA = StaffMember("asha", "Asha", Role.CASHIER)
VIKRAM = StaffMember("vikram", "Vikram Rao", Role.SUPERVISOR)
MEERA = StaffMember("meera", "Meera", Role.MANAGER)
STAFF = (ASHA, VIKRAM, MEERA)

FIGURES_OF_A_PIN = 6
LONGEST = "Maharajadhiraja Venkatanarasimharajuvaripeta Krishnamurthy Rao"[:60]
SCRIPTS = (
    StaffMember("anuradha", "श्रीमती अनुराधा वेंकटनरसिंहराजुवारिपेटा", Role.CASHIER),
    StaffMember("omar", "عمر بن عبد العزيز الصباح", Role.TRAINER),
    StaffMember("long", LONGEST, Role.SUPERVISOR),
    StaffMember("ming", "李小明", Role.CASHIER),
)


def many(count: int) -> tuple[StaffMember, ...]:
    """Return so many people of every role and script."""
    roles = tuple(Role)
    made = [
        StaffMember(f"person-{number}", f"Person {number} of the shop", roles[number % len(roles)])
        for number in range(count)
    ]
    return (*SCRIPTS, *made)[:count]


class FakeSignIn:
    """Everybody's PIN is what `pins` says; nothing is hashed and nobody waits unless told so."""

    def __init__(self, *people: StaffMember, pins: dict[str, str] | None = None) -> None:
        self.staff = people or STAFF
        self.pins = pins or {one.staff_id: pin_of(one) for one in self.staff}
        self.badges: dict[str, str] = {}
        self.waits: dict[str, int] = {}
        self.locked: set[str] = set()
        self.error: Exception | None = None
        self.asked: list[tuple[str, ...]] = []

    def people(self) -> tuple[StaffMember, ...]:
        if self.error is not None:
            raise self.error
        return self.staff

    def enter(self, staff_id: str, pin: Secret, event: str = "signed in") -> Answer:
        self.asked.append((event, staff_id))
        return self._checked(staff_id, pin)

    def badge(self, code: str, *, alone: bool) -> BadgeAnswer:
        self.asked.append(("badge", code))
        member = self._member(self.badges.get(code, ""))
        if member is None:
            return NotRight()
        return Allowed(member) if alone and not member.may(Right.APPROVE) else NeedsPin(member)

    def approve(
        self, asked: ApprovalAsked, staff_id: str, pin: Secret, on_duty: str, reason: Reason | None
    ) -> Answer:
        self.asked.append(("approve", asked.matter.value, staff_id, on_duty, reason.value if reason else ""))
        answer = self._checked(staff_id, pin)
        if isinstance(answer, Allowed) and not answer.member.may(asked.right):
            return MayNot(answer.member)
        return answer

    def verify(self, staff_id: str, pin: Secret, right: Right) -> Answer:
        answer = self._checked(staff_id, pin)
        return (
            MayNot(answer.member) if isinstance(answer, Allowed) and not answer.member.may(right) else answer
        )

    def _checked(self, staff_id: str, pin: Secret) -> Answer:
        if self.error is not None:
            raise self.error
        if staff_id in self.locked:
            return TooOften()
        if staff_id in self.waits:
            return TooSoon(self.waits[staff_id])
        member = self._member(staff_id)
        if member is None or pin.reveal() != self.pins.get(staff_id):
            return NotRight()
        return Allowed(member)

    def _member(self, staff_id: str) -> StaffMember | None:
        return next((one for one in self.staff if one.staff_id == staff_id), None)


def pin_of(member: StaffMember) -> str:
    """Return the PIN a person of the tests types: made from their id, so that none stands in a file."""
    return str(int.from_bytes(member.staff_id.encode(), "big") % 10**FIGURES_OF_A_PIN).zfill(FIGURES_OF_A_PIN)
