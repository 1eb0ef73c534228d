"""Checking who somebody is. The try is counted on disk first; only then is anything looked at."""

from __future__ import annotations

from msgspec import Struct
from msgspec.json import Encoder
from msgspec.structs import replace

from cashier_app.domain.money import Money
from cashier_app.domain.staff import RIGHTS, Right, Role, StaffMember
from cashier_app.domain.tries import LockedOut, Wait
from cashier_app.ports.clock import Clock
from cashier_app.ports.credentials import Secret
from cashier_app.ports.staff import PinHashing, StaffBook, StaffRecord
from cashier_app.services.approval import ApprovalAsked, Matter, Reason
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

APPROVED, SIGNED_IN, BY_BADGE = "approved", "signed in", "by badge"
BADGES = "badges"
"""What tries with badges nobody knows are counted under: all together, and they never lock."""

_ONLY_SELLS = RIGHTS[Role.CASHIER] | {Right.TRAIN}
_ENCODE = Encoder(decimal_format="string").encode


class _Approved(Struct, frozen=True):
    """What the audit row of an approval says."""

    matter: Matter
    right: Right
    subject: str
    amount: Money | None
    limit: Money | None
    reason: Reason | None
    on_duty: str


class Doorkeeper:
    """The `SignIn` of a till with staff. Blocking, some 0.1 s on purpose: for worker threads.

    Args:
        book: Who works here.
        pins: Hashes what is typed.
        clock: Both of its sides time the waits.
        in_force: Whether anybody has to sign in here at all.
    """

    def __init__(self, book: StaffBook, pins: PinHashing, clock: Clock, *, in_force: bool = True) -> None:
        self._book = book
        self._pins = pins
        self._clock = clock
        self._in_force = in_force

    def people(self) -> tuple[StaffMember, ...]:
        """Return who may sign in; nobody in a shop without sign-in."""
        if not self._in_force:
            return ()
        return tuple(record.member for record in self._book.records() if record.member.active)

    def enter(self, staff_id: str, pin: Secret, event: str = SIGNED_IN) -> Answer:
        """Sign somebody in by PIN."""
        return self._checked(staff_id, pin, None, event)

    def verify(self, staff_id: str, pin: Secret, right: Right) -> Answer:
        """Check PIN and right for something that writes its own audit row."""
        return self._checked(staff_id, pin, right, right.value)

    def approve(
        self, asked: ApprovalAsked, staff_id: str, pin: Secret, on_duty: str, reason: Reason | None
    ) -> Answer:
        """Let somebody with the right allow something, with its audit row."""
        told = _Approved(asked.matter, asked.right, asked.subject, asked.amount, asked.limit, reason, on_duty)
        return self._checked(staff_id, pin, asked.right, APPROVED, _ENCODE(told).decode())

    def badge(self, code: str, *, alone: bool) -> BadgeAnswer:
        """Take a badge; it says who, and where it is `alone` that is enough for those who only sell."""
        self._pins.ready(None)
        refused = self._refused(BADGES, None)
        if refused is not None:
            return refused
        owner = self._book.owner_of(self._pins.badge(code))
        if owner is None or not owner.member.active:
            return NotRight()
        self._book.passed(BADGES, BY_BADGE, owner.member.staff_id, self._clock.now())
        if owner.locked:
            return TooOften()
        if not alone or not RIGHTS[owner.member.role] <= _ONLY_SELLS:
            return NeedsPin(owner.member)
        self._book.note(owner.member.staff_id, SIGNED_IN, BY_BADGE, self._clock.now())
        return Allowed(owner.member)

    def _checked(
        self, staff_id: str, pin: Secret, right: Right | None, event: str, detail: str = ""
    ) -> Answer:
        record = self._book.record(staff_id)
        if record is not None and not record.member.active:
            record = None
        verifier = record.pin if record else None
        # A key that cannot be had is nobody's wrong PIN: it is asked for before anything is counted.
        self._pins.ready(verifier)
        subject = f"staff:{staff_id}" if record else self._pins.stand_in(staff_id)
        refused = self._refused(subject)
        if refused is not None:
            return refused
        fits = self._pins.fits(verifier, staff_id, pin)
        if record is None or not fits:
            return NotRight()
        if verifier is not None and not self._pins.is_current(verifier):
            self._strengthen(record, pin)
        may = right is None or record.member.may(right)
        told = (event, detail) if may else ("not theirs to do", event)
        self._book.passed(subject, *told, self._clock.now())
        return Allowed(record.member) if may else MayNot(record.member)

    def _refused(self, subject: str, *locked_at: None) -> Answer | None:
        """Count a try; say why there is none."""
        now, monotonic = self._clock.now(), self._clock.monotonic()
        match self._book.begin_try(subject, now, monotonic, *locked_at):
            case Wait(seconds):
                return TooSoon(seconds)
            case LockedOut():
                return TooOften()
        return None

    def _strengthen(self, record: StaffRecord, pin: Secret) -> None:
        staff_id = record.member.staff_id
        stronger = replace(record, pin=self._pins.make(staff_id, pin))
        self._book.keep(stronger, ("strength",), staff_id, self._clock.now())
