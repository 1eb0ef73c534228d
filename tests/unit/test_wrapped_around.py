"""What stands between the till and a backend hands on what is done around a sale, and says when it cannot."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from msgspec.structs import replace

from cashier_app.backends.measured import MeasuredBackend
from cashier_app.backends.plain_backend import PlainRules
from cashier_app.backends.when_ready import TRY_AGAIN_SECONDS, BackendWhenReady
from cashier_app.domain.bill import bill_of
from cashier_app.domain.enrolment import Enrolled, NewMember
from cashier_app.domain.invitation import Invitation, InvitationOpen
from cashier_app.domain.outcome import Applied, RetryLater, SignInNeeded, Unreachable
from cashier_app.domain.sale import EffectKind
from cashier_app.domain.vouchers import ReferralUnknown, VoucherRefused
from cashier_app.errors import KnownError
from cashier_app.ports.capabilities import Capabilities
from cashier_app.ports.loyalty import LoyaltyBackend
from cashier_app.services.answer_times import AnswerTimes
from tests.fakes.backend import Fault
from tests.fakes.backend_around import AROUND, AroundBackend
from tests.fakes.clock import FakeClock
from tests.fakes.counter import new_backend
from tests.fakes.effects import BILL, effect

MERGE = replace(effect(EffectKind.MERGE), other_member_id="m-2")
LINK = replace(effect(EffectKind.LINK), member_id="m-1")


class Rules(PlainRules):
    """What is known beforehand."""

    @property
    def capabilities(self) -> Capabilities:
        return AROUND


class SlowAround(AroundBackend):
    """A backend whose answers around a sale take a tenth of a second."""

    def __getattribute__(self, name: str) -> object:
        found = super().__getattribute__(name)
        slow = {"enrol", "link", "ask_to_merge", "check_voucher", "check_referral", "invite", "invitation"}
        return _delayed(self, found) if name in slow else found


def _delayed(backend: AroundBackend, ask: Callable[..., object]) -> Callable[..., object]:
    def asked(*what: object) -> object:
        backend.clock.advance(0.1)
        return ask(*what)

    return asked


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock(datetime(2026, 11, 20, 9, tzinfo=UTC))


@pytest.fixture
def inner(clock: FakeClock) -> AroundBackend:
    return AroundBackend(clock, new_backend(clock).the_program)


def joins(clock: FakeClock) -> NewMember:
    return NewMember("key-1", clock.now(), name="Asha Menon", phone="+919845055501")


def everything_is_handed_on(backend: LoyaltyBackend, clock: FakeClock) -> None:
    assert isinstance(backend.enrol(joins(clock)), Enrolled)
    assert isinstance(backend.ask_to_merge(MERGE), Applied)
    assert not isinstance(backend.link(LINK), Applied)
    assert isinstance(backend.check_voucher("NONE", "", bill_of(BILL)), VoucherRefused)
    assert isinstance(backend.check_referral("NONE"), ReferralUnknown)
    made = backend.invite()
    assert isinstance(made, Invitation)
    assert backend.invitation(made.invitation_id) == InvitationOpen()


def test_it_is_handed_on_and_timed(clock: FakeClock) -> None:
    times, slow = (
        AnswerTimes(clock, ZoneInfo("Asia/Kolkata")),
        SlowAround(clock, new_backend(clock).the_program),
    )
    everything_is_handed_on(MeasuredBackend(slow, times, clock), clock)
    # All but the page that is asked after while a customer types.
    assert sum(times.take().values()) == 6


def test_it_is_handed_on_once_there_is_a_backend(inner: AroundBackend, clock: FakeClock) -> None:
    everything_is_handed_on(BackendWhenReady(lambda: inner, clock, Rules()), clock)


def test_without_a_backend_nothing_is_promised(clock: FakeClock) -> None:
    def locked() -> LoyaltyBackend:
        raise KnownError("The key store is locked.")

    backend = BackendWhenReady(locked, clock, Rules())
    later = RetryLater(reason="The key store is locked.", reached=False)
    assert backend.enrol(joins(clock)) == later
    assert backend.link(LINK) == backend.ask_to_merge(MERGE) == later
    silence = Unreachable("The key store is locked.")
    assert backend.check_voucher("NONE", "", bill_of(BILL)) == silence
    assert backend.check_referral("NONE") == silence
    assert backend.invite() == backend.invitation("inv-1") == silence


@pytest.mark.parametrize("asked", ["enrol", "link", "merge"])
def test_a_token_refused_here_is_read_anew(inner: AroundBackend, clock: FakeClock, asked: str) -> None:
    opened: list[AroundBackend] = []

    def open_one() -> LoyaltyBackend:
        opened.append(inner)
        return inner

    backend = BackendWhenReady(open_one, clock, Rules())
    inner.faults.append(Fault.SIGN_IN)
    answer = {
        "enrol": lambda: backend.enrol(joins(clock)),
        "link": lambda: backend.link(LINK),
        "merge": lambda: backend.ask_to_merge(MERGE),
    }[asked]()
    assert answer == SignInNeeded()
    clock.advance(TRY_AGAIN_SECONDS)
    assert backend.is_reachable()
    assert len(opened) == 2
