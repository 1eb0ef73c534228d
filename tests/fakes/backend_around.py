"""The backend in memory that also does what is done around a sale: joins, links, vouchers, invitations."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from decimal import Decimal

from msgspec.structs import replace

from cashier_app.domain.bill import Bill
from cashier_app.domain.enrolment import (
    AlreadyMember,
    ConsentText,
    Enrolled,
    Enrolling,
    EnrolmentAnswer,
    EnrolmentField,
    NewMember,
)
from cashier_app.domain.invitation import (
    Invitation,
    InvitationAnswer,
    InvitationOpen,
    InvitationOver,
    InvitationUsed,
    InviteAnswer,
)
from cashier_app.domain.member import Member
from cashier_app.domain.outcome import (
    AlreadyApplied,
    Applied,
    Booked,
    MemberFound,
    Outcome,
    Refused,
    RefusedBecause,
    RetryLater,
    SignInNeeded,
    Unknown,
    Unreachable,
)
from cashier_app.domain.phone import mask_phone
from cashier_app.domain.sale import Effect, EffectKind
from cashier_app.domain.vouchers import (
    ReferralAnswer,
    ReferralKnown,
    ReferralUnknown,
    VoucherAnswer,
    VoucherOffer,
    VoucherRefused,
    WhyNoVoucher,
)
from tests.fakes.backend import CAPABILITIES, FakeBackend, Fault

AROUND = replace(
    CAPABILITIES,
    enrolling=Enrolling(
        mandatory=(EnrolmentField.PHONE, EnrolmentField.NAME),
        optional=(EnrolmentField.CONSENT_TO_TERMS, EnrolmentField.REFERRAL),
    ),
    tells_anonymous=True,
    links_sales=True,
    keeps_consent=True,
    merges=True,
    vouchers=True,
    restores_vouchers=True,
    referrals=True,
    invites=True,
    personal_offers=True,
)


@dataclass
class AroundBackend(FakeBackend):
    """`FakeBackend` with everything around a sale; its `faults` befall these writes, too.

    Args:
        joined: Who was made a member, by the key of each; `members` holds them.
        of_nobody: Sales told without a member, by sale id; linked ones stay.
        owners: Whose each linked sale is, by sale id.
        merged: Requests to join records: the record, and the other one.
        vouchers: What each code gives, in capitals; `used` those that were used, with their sale.
        referrals: Who gives each code.
        invitations: Who joined by each page; None while nobody did.
    """

    joined: dict[str, NewMember] = field(default_factory=dict)
    of_nobody: dict[str, Effect] = field(default_factory=dict)
    owners: dict[str, str] = field(default_factory=dict)
    merged: list[tuple[str, str]] = field(default_factory=list)
    vouchers: dict[str, VoucherOffer] = field(default_factory=dict)
    used: dict[str, str] = field(default_factory=dict)
    referrals: dict[str, str] = field(default_factory=dict)
    invitations: dict[str, str | None] = field(default_factory=dict)
    invitation_life: timedelta = timedelta(minutes=10)

    def __post_init__(self) -> None:
        """Declare all of it, unless a test said otherwise."""
        if self.can is CAPABILITIES:
            self.can = AROUND

    def enrol(self, new: NewMember) -> EnrolmentAnswer:
        """Make somebody a member, or fail as told."""
        self.sent.append(f"{new.key}-enrol-1")
        if self.silent:
            return RetryLater(reason="no route", reached=False)
        match self.faults.popleft() if self.faults else None:
            case Fault.NOT_REACHED:
                return RetryLater(reason="no route", reached=False)
            case Fault.BUSY:
                return RetryLater(self.busy_seconds, "busy")
            case Fault.SIGN_IN:
                return SignInNeeded()
            case Fault.REQUEST_LOST:
                return Unknown("the connection broke")
            case Fault.ANSWER_LOST:
                self._joins(new)
                return Unknown("no answer within the limit")
            case Fault.BUG:
                raise ZeroDivisionError("a bug in the adapter")
        return self._joins(new)

    def link(self, effect: Effect) -> Outcome:
        """Give a sale to a member, or fail as told."""
        return self.apply(effect)

    def ask_to_merge(self, effect: Effect) -> Outcome:
        """Note a request, or fail as told."""
        return self.apply(effect)

    def check_voucher(self, code: str, member_id: str, bill: Bill) -> VoucherAnswer:
        """Return what a code gives."""
        if self.silent:
            return Unreachable("no route")
        if code.upper() in self.used:
            return VoucherRefused(WhyNoVoucher.USED)
        return self.vouchers.get(code.upper()) or VoucherRefused(WhyNoVoucher.UNKNOWN)

    def check_referral(self, code: str) -> ReferralAnswer:
        """Return who gives a code."""
        if self.silent:
            return Unreachable("no route")
        by = self.referrals.get(code.upper())
        return ReferralUnknown() if by is None else ReferralKnown(code.upper(), by)

    def invite(self, consent: ConsentText | None = None) -> InviteAnswer:
        """Make a page."""
        if self.silent:
            return Unreachable("no route")
        made = f"inv-{len(self.invitations) + 1}"
        self.invitations[made] = None
        until = self.clock.true_now() + self.invitation_life
        return Invitation(made, f"https://loyalty.example/join/{made}", until)

    def invitation(self, invitation_id: str) -> InvitationAnswer:
        """Return what came of a page."""
        if self.silent:
            return Unreachable("no route")
        if invitation_id not in self.invitations:
            return InvitationOver()
        member_id = self.invitations[invitation_id]
        return InvitationOpen() if member_id is None else InvitationUsed(self._found(member_id))

    def _joins(self, new: NewMember) -> EnrolmentAnswer:
        if new.key in self.joined and not self.forgets_keys:
            return Enrolled(self._found(f"joined-{new.key}"))
        known = self._known_by(f"phone:{new.phone}") if new.phone else []
        if known:
            return AlreadyMember(self._found(known[0].member.member_id))
        member_id = f"joined-{new.key}"
        texts = [f"phone:{new.phone}"] if new.phone else []
        self.add(Member(member_id, new.name, mask_phone(new.phone)), 0, *texts)
        self.joined[new.key] = new
        return Enrolled(self._found(member_id))

    def _found(self, member_id: str) -> MemberFound:
        row = self.members[member_id]
        return MemberFound(row.member, self.account(row))

    def _settle(self, effect: Effect) -> Outcome:
        if effect.key in self.booked and not self.forgets_keys and effect.kind is not EffectKind.SALE:
            return AlreadyApplied(self.booked[effect.key])
        if effect.kind is EffectKind.MERGE:
            self.merged.append((effect.member_id, effect.other_member_id))
            return self._done(effect, Booked(f"merge-{effect.key}"))
        if effect.kind is EffectKind.LINK:
            return self._links(effect)
        if effect.voucher and self.used.get(effect.voucher.upper(), effect.sale_id) != effect.sale_id:
            return Refused(RefusedBecause.VOUCHER_GONE, "Used already.")
        if effect.kind is EffectKind.SALE and not (effect.member_id or effect.identified_by):
            if effect.key in self.booked and not self.forgets_keys:
                return AlreadyApplied(self.booked[effect.key])
            self.of_nobody[effect.sale_id] = effect
            outcome: Outcome = self._done(effect, Booked(f"sale-{effect.key}", points=Decimal(0)))
        else:
            outcome = super()._settle(effect)
        if effect.voucher and isinstance(outcome, Applied):
            self.used[effect.voucher.upper()] = effect.sale_id
        return outcome

    def _links(self, effect: Effect) -> Outcome:
        sale, row = self.of_nobody.get(effect.sale_id), self._row_of(effect)
        if sale is None:
            return Refused(RefusedBecause.UNKNOWN_SALE, "No such sale.")
        if effect.sale_id in self.owners:
            return Refused(RefusedBecause.ALREADY_LINKED, "It is a member's.")
        if row is None:
            return Refused(RefusedBecause.INVALID, "Nobody is known by this.")
        self.owners[effect.sale_id] = row.member.member_id
        row.balance += effect.points
        self.earned[effect.sale_id] = effect.points
        return self._done(effect, Booked(f"link-{effect.key}", self.account(row).balance, effect.points))

    def _done(self, effect: Effect, booked: Booked) -> Applied:
        self.took_hold[effect.sale_id, effect.kind] += 1
        self.order.append(effect.key)
        self.booked[effect.key] = booked
        return Applied(booked)
