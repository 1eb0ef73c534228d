"""Adding people, changing what they are, giving PINs and badges: with what must always hold. Blocking."""

from __future__ import annotations

import re

from msgspec.structs import replace

from cashier_app.domain.pin import LONGEST_PIN, PinProblem, least_digits, pin_problem
from cashier_app.domain.settlement import LONGEST_NAME, one_line
from cashier_app.domain.staff import Right, Role, StaffMember
from cashier_app.errors import KnownError
from cashier_app.ports.clock import Clock
from cashier_app.ports.credentials import Secret
from cashier_app.ports.staff import PinHashing, StaffBook, StaffRecord

FEWEST_BADGE_CHARACTERS, MOST_BADGE_CHARACTERS = 8, 128
LAST_MANAGER = "Nobody else may manage the staff. Give somebody else that right first."
_ID = re.compile(r"[a-z0-9][a-z0-9._-]{0,31}")
_SENTENCES = {
    PinProblem.NOT_DIGITS: "A PIN is made of the digits 0 to 9.",
    PinProblem.TOO_LONG: f"A PIN has at most {LONGEST_PIN} digits.",
    PinProblem.TOO_SIMPLE: "This PIN is among the first anybody would try. Choose another one.",
    PinProblem.A_DATE: "This PIN reads as a date. Choose another one.",
    PinProblem.OWN_NUMBER: "This PIN is in a number of theirs. Choose another one.",
}


class StaffOffice:
    """Changes who works here. Whoever calls has checked that `by` may.

    Args:
        book: Who works here.
        pins: Hashes PINs and badges.
        clock: Times what is written.
        pin_digits: How many digits the shop asks of a PIN.
    """

    def __init__(self, book: StaffBook, pins: PinHashing, clock: Clock, pin_digits: int) -> None:
        self._book = book
        self._pins = pins
        self._clock = clock
        self._pin_digits = pin_digits

    def records(self) -> tuple[StaffRecord, ...]:
        """Return everybody ever added."""
        return self._book.records()

    def has_manager(self) -> bool:
        """Say whether anybody could manage the staff by signing in: has a PIN that works, not locked out."""
        return any(self._can_manage(record) for record in self._book.records())

    def is_empty(self) -> bool:
        """Say whether nobody was ever added: then the first manager is added without a sign-in."""
        return not self._book.records()

    def add(self, member: StaffMember, pin: Secret, by: str, known: tuple[str, ...] = ()) -> StaffRecord:
        """Add somebody; the first one must be able to manage the staff.

        Args:
            member: Who.
            pin: Theirs.
            by: Who adds them, for the audit log.
            known: Numbers of theirs that are not to be their PIN; not kept.

        Raises:
            KnownError: Id, name or PIN cannot be taken, or somebody has this id.
        """
        if not _ID.fullmatch(member.staff_id):
            raise KnownError("A staff id is up to 32 small letters, digits, dots and dashes, such as meera.")
        if self._book.record(member.staff_id) is not None:
            raise KnownError(f"There is somebody with the id {member.staff_id} already.")
        if self.is_empty() and not member.may(Right.MANAGE_STAFF):
            raise KnownError("Add a manager first.")
        member = replace(member, name=_name(member.name))
        self._check_pin(pin, member, known)
        record = StaffRecord(member, self._pins.make(member.staff_id, pin))
        self._book.keep(record, ("added", "pin"), by, self._clock.now())
        return record

    def change(
        self, staff_id: str, by: str, *, name: str = "", role: Role | None = None, active: bool | None = None
    ) -> StaffRecord:
        """Change a name, a role, or whether somebody works here; nobody is ever deleted.

        Raises:
            KnownError: There is nobody of this id, the name cannot be taken, or it was the last manager.
        """
        before = self._of(staff_id)
        member = before.member
        if name:
            member = replace(member, name=_name(name))
        if role is not None:
            member = replace(member, role=role)
        if active is not None:
            member = replace(member, active=active)
        others = (one for one in self._book.records() if one.member.staff_id != staff_id)
        stays = member.may(Right.MANAGE_STAFF) or not _manages(before)
        if not stays and not any(_manages(one) and one.pin for one in others):
            raise KnownError(LAST_MANAGER)
        what = ["name"] * bool(name) + ["role"] * (role is not None) + ["active"] * (active is not None)
        after = replace(before, member=member)
        if _asks_more(before.member, member, self._pin_digits) and before.pin is not None:
            # Their PIN may be too short for what they may do now.
            after, what = replace(after, pin=None), [*what, "pin"]
        self._book.keep(after, tuple(what), by, self._clock.now())
        return after

    def set_pin(self, staff_id: str, pin: Secret, by: str, known: tuple[str, ...] = ()) -> None:
        """Give somebody another PIN; their tries begin anew.

        Raises:
            KnownError: There is nobody of this id, or the PIN cannot be taken.
        """
        record = self._of(staff_id)
        self._check_pin(pin, record.member, known)
        verifier = self._pins.make(staff_id, pin)
        now = self._clock.now()
        self._book.keep(replace(record, pin=verifier), ("pin",), by, now)
        self._book.reset(staff_id, by, now)

    def set_badge(self, staff_id: str, code: str, by: str) -> None:
        """Give somebody a badge, or take it away with an empty code.

        Raises:
            KnownError: There is nobody of this id, the code is too short, or it is somebody's already.
        """
        record = self._of(staff_id)
        if code and not (
            FEWEST_BADGE_CHARACTERS <= len(code) <= MOST_BADGE_CHARACTERS
            and code.isascii()
            and code.isprintable()
        ):
            raise KnownError("A badge's code has 8 to 128 printable ASCII characters.")
        badge = self._pins.badge(code) if code else None
        owner = self._book.owner_of(badge) if badge else None
        if owner is not None and owner.member.staff_id != staff_id:
            raise KnownError(f"This is {owner.member.staff_id}'s badge.")
        self._book.keep(replace(record, badge=badge), ("badge",), by, self._clock.now())

    def reset(self, staff_id: str, by: str) -> None:
        """Let somebody who was locked out try again.

        Raises:
            KnownError: There is nobody of this id.
        """
        self._book.reset(self._of(staff_id).member.staff_id, by, self._clock.now())

    def _of(self, staff_id: str) -> StaffRecord:
        record = self._book.record(staff_id)
        if record is None:
            raise KnownError(f"There is nobody with the id {staff_id[:32]!r}. Run: cashier-cli staff list")
        return record

    def _can_manage(self, record: StaffRecord) -> bool:
        if not _manages(record) or record.pin is None or record.locked:
            return False
        try:
            self._pins.ready(record.pin)
        except KnownError:
            return False
        return True

    def _check_pin(self, pin: Secret, member: StaffMember, known: tuple[str, ...]) -> None:
        check_pin(pin, member, self._pin_digits, known)


def check_pin(pin: Secret, member: StaffMember, usual: int, known: tuple[str, ...] = ()) -> None:
    """Check whether a PIN can be somebody's. Hashes nothing.

    Args:
        pin: Theirs.
        member: Whose.
        usual: How many digits the shop asks of everybody.
        known: Numbers of theirs that are not to be their PIN.

    Raises:
        KnownError: It cannot; the sentence says why and does not repeat it.
    """
    problem = pin_problem(pin.reveal(), member.role, usual, (member.staff_id, *known))
    if problem is PinProblem.TOO_SHORT:
        raise KnownError(f"This PIN has fewer than {least_digits(member.role, usual)} digits.")
    if problem is not None:
        raise KnownError(_SENTENCES[problem])


def _manages(record: StaffRecord) -> bool:
    return record.member.may(Right.MANAGE_STAFF)


def _asks_more(before: StaffMember, after: StaffMember, usual: int) -> bool:
    return least_digits(after.role, usual) > least_digits(before.role, usual)


def _name(typed: str) -> str:
    name = one_line(typed)
    if not any(sign.isalnum() for sign in name) or len(name) > LONGEST_NAME:
        raise KnownError(f"A name of up to {LONGEST_NAME} characters is expected.")
    return name
