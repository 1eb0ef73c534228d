"""A loyalty backend in memory that also takes new members, as a test tells it to."""

from __future__ import annotations

from collections import deque
from datetime import timedelta
from decimal import Decimal

from msgspec.structs import replace

from cashier_app.domain.enrolment import (
    AlreadyMember,
    ConsentText,
    Enrolled,
    Enrolling,
    EnrolmentAnswer,
    EnrolmentField,
    NewMember,
)
from cashier_app.domain.identifier import PhoneNumber
from cashier_app.domain.invitation import Invitation, InvitationAnswer, InvitationOpen, InviteAnswer
from cashier_app.domain.member import Member
from cashier_app.domain.outcome import MemberFound, RetryLater, Unknown, Unreachable
from cashier_app.domain.vouchers import ReferralAnswer, ReferralKnown, ReferralUnknown
from tests.fakes.backend import FakeBackend

FIELD = EnrolmentField
TAKES = Enrolling((FIELD.PHONE, FIELD.NAME), (FIELD.EMAIL,))
PAGE = "https://join.example/i/7Q2MX4ZP"


class JoiningBackend:
    """Lets a `FakeBackend` take members, by putting its methods there.

    Args:
        told: Every attempt, in order.
        answers: What the next attempts are answered, none of which makes anybody.
        lost: How many of the next attempts make a member whose answer is lost.
        friends: Referral codes that are good, with who gave them.
        page: What came of the customer's own page.
    """

    def __init__(self, backend: FakeBackend, *, enrolling: Enrolling = TAKES, invites: bool = False) -> None:
        self._backend = backend
        self.told: list[NewMember] = []
        self.answers: deque[EnrolmentAnswer] = deque()
        self.lost = 0
        self.friends: dict[str, str] = {}
        self.checked: list[str] = []
        self.page: InvitationAnswer = InvitationOpen()
        self.page_url = PAGE
        self.asked_to_agree: list[ConsentText | None] = []
        self.looks = 0
        self._made: dict[str, str] = {}
        backend.can = replace(backend.can, enrolling=enrolling, referrals=True, invites=invites)
        for name in ("enrol", "check_referral", "invite", "invitation"):
            setattr(backend, name, getattr(self, name))

    @property
    def joined(self) -> list[Member]:
        """Return everybody who became a member here."""
        return [self._backend.members[member_id].member for member_id in self._made.values()]

    def add_member(self, phone: str, name: str, number: int) -> None:
        """Put somebody into the ledger who was a member before."""
        self._backend.add(Member(f"old-{number}", name), 320, f"phone:{phone}")

    def enrol(self, new: NewMember) -> EnrolmentAnswer:
        """Make a member, once for each key and phone number."""
        self.told.append(new)
        if self._backend.silent:
            return RetryLater(0, "no route", reached=False)
        if self.answers:
            return self.answers.popleft()
        found = self._backend.find(PhoneNumber(new.phone))
        if isinstance(found, MemberFound):
            made_by_this = self._made.get(new.key) == found.member.member_id
            return Enrolled(found) if made_by_this else AlreadyMember(found)
        member_id = f"new-{len(self._made) + 1}"
        self._made[new.key] = member_id
        self._backend.add(Member(member_id, new.name, masked_phone="+91 ••••• ••"), 0, f"phone:{new.phone}")
        if self.lost:
            self.lost -= 1
            return Unknown("the answer got lost")
        row = self._backend.members[member_id]
        return Enrolled(MemberFound(row.member, self._backend.account(row)))

    def check_referral(self, code: str) -> ReferralAnswer:
        """Say whose code it is."""
        self.checked.append(code)
        if self._backend.silent:
            return Unreachable("no route")
        if code.upper() in self.friends:
            return ReferralKnown(code.upper(), self.friends[code.upper()])
        return ReferralUnknown("no such code")

    def invite(self, consent: ConsentText | None = None) -> InviteAnswer:
        """Make a page."""
        self.asked_to_agree.append(consent)
        if self._backend.silent:
            return Unreachable("no route")
        return Invitation("inv-1", self.page_url, self._backend.clock.now() + timedelta(minutes=15))

    def invitation(self, invitation_id: str) -> InvitationAnswer:
        """Say what came of it."""
        assert invitation_id == "inv-1"
        self.looks += 1
        return self.page

    def balance(self, name: str) -> Decimal:
        """Return what a member has."""
        return next(row.balance for row in self._backend.members.values() if row.member.name == name)
