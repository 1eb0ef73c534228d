"""The backend in memory does around a sale what a real one does, so that tests with it mean something."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal

import pytest
from msgspec.structs import replace

from cashier_app.domain.bill import bill_of
from cashier_app.domain.enrolment import AlreadyMember, Enrolled, NewMember
from cashier_app.domain.identifier import PhoneNumber
from cashier_app.domain.invitation import Invitation, InvitationOpen, InvitationOver
from cashier_app.domain.outcome import (
    AlreadyApplied,
    Applied,
    MemberFound,
    NotApplied,
    Refused,
    RefusedBecause,
    RetryLater,
    Unknown,
)
from cashier_app.domain.sale import EffectKind
from cashier_app.domain.vouchers import ReferralKnown, ReferralUnknown, VoucherRefused
from tests.fakes.backend import Fault
from tests.fakes.backend_around import AroundBackend
from tests.fakes.clock import FakeClock
from tests.fakes.counter import PRIYAS_PHONE, new_backend
from tests.fakes.effects import BILL, effect

PHONE = "+919845055501"


@pytest.fixture
def backend() -> AroundBackend:
    clock = FakeClock(datetime(2026, 11, 20, 9, tzinfo=UTC))
    made = new_backend(clock)
    backend = AroundBackend(clock, made.the_program)
    backend.members = made.members
    return backend


def test_who_joins_is_found_and_never_made_twice(backend: AroundBackend) -> None:
    new = NewMember("key-1", backend.clock.now(), name="Asha Menon", phone=PHONE)
    backend.faults.append(Fault.ANSWER_LOST)
    assert isinstance(backend.enrol(new), Unknown)
    assert isinstance(backend.enrol(new), Enrolled)
    assert isinstance(backend.enrol(replace(new, key="key-2")), AlreadyMember)
    assert isinstance(backend.enrol(replace(new, phone=f"+91{PRIYAS_PHONE}", key="key-3")), AlreadyMember)
    assert isinstance(backend.find(PhoneNumber(PHONE)), MemberFound)
    backend.silent = True
    assert isinstance(backend.enrol(replace(new, key="key-4")), RetryLater)


def test_a_sale_of_nobodys_is_linked_once(backend: AroundBackend) -> None:
    member_id = next(iter(backend.members))
    told = replace(effect(EffectKind.SALE, member_id=""), points=Decimal(0))
    link = replace(effect(EffectKind.LINK, member_id=member_id), points=Decimal(21))
    early = backend.link(link)
    assert isinstance(early, Refused)
    assert early.because is RefusedBecause.UNKNOWN_SALE
    assert isinstance(backend.apply(told), Applied)
    before = backend.members[member_id].balance
    backend.faults.append(Fault.ANSWER_LOST)
    assert isinstance(backend.link(link), Unknown)
    assert isinstance(backend.reconcile(link), AlreadyApplied)
    assert isinstance(backend.link(link), AlreadyApplied)
    assert backend.members[member_id].balance == before + 21
    again = backend.link(replace(link, key=f"{link.key[:-1]}2"))
    assert isinstance(again, Refused)
    assert again.because is RefusedBecause.ALREADY_LINKED


def test_requests_codes_and_pages(backend: AroundBackend) -> None:
    merge = replace(effect(EffectKind.MERGE), other_member_id="m-2")
    assert backend.reconcile(merge) == NotApplied()
    assert isinstance(backend.ask_to_merge(merge), Applied)
    assert isinstance(backend.ask_to_merge(merge), AlreadyApplied)
    assert backend.merged == [("m-1", "m-2")]
    assert isinstance(backend.check_voucher("NONE", "", bill_of(BILL)), VoucherRefused)
    backend.referrals["PRIYA24"] = "Priya R."
    assert backend.check_referral("priya24") == ReferralKnown("PRIYA24", "Priya R.")
    assert backend.check_referral("x") == ReferralUnknown()
    made = backend.invite()
    assert isinstance(made, Invitation)
    assert backend.invitation(made.invitation_id) == InvitationOpen()
    assert backend.invitation("inv-9") == InvitationOver()
