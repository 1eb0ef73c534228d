"""A backend opened when it can be, and anew when it refuses the till's token."""

from __future__ import annotations

from datetime import timedelta

import pytest

from cashier_app.backends.contract_kind import CAPABILITIES, ContractRules
from cashier_app.backends.when_ready import TRY_AGAIN_SECONDS, BackendWhenReady
from cashier_app.domain.outcome import Applied, RetryLater, SignInNeeded, Unreachable
from cashier_app.domain.sale import EffectKind
from cashier_app.errors import KnownError
from tests.fakes.backend import FakeBackend, Fault
from tests.fakes.clock import FakeClock
from tests.fakes.counter import new_backend
from tests.fakes.effects import effect

SALE = effect(EffectKind.SALE)


class Opened:
    """Opens a new fake each time, or says why not."""

    def __init__(self, clock: FakeClock) -> None:
        self.clock = clock
        self.all: list[FakeBackend] = []
        self.problem = ""

    def __call__(self) -> FakeBackend:
        if self.problem:
            raise KnownError(self.problem)
        self.all.append(new_backend(self.clock))
        return self.all[-1]


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
def opened(clock: FakeClock) -> Opened:
    return Opened(clock)


@pytest.fixture
def backend(opened: Opened, clock: FakeClock) -> BackendWhenReady:
    return BackendWhenReady(opened, clock, ContractRules())


def test_its_clock_is_known_once_it_is_open(backend: BackendWhenReady, clock: FakeClock) -> None:
    clock.jump(-600)
    assert backend.clock_ahead is None
    backend.is_reachable()
    assert backend.clock_ahead == timedelta(seconds=600)


def test_until_it_can_be_opened_nothing_is_sent(
    backend: BackendWhenReady, opened: Opened, clock: FakeClock
) -> None:
    opened.problem = "The key store is locked."
    assert backend.apply(SALE) == RetryLater(reason=opened.problem, reached=False)
    assert backend.reconcile(SALE) == RetryLater(reason=opened.problem, reached=False)
    assert backend.refresh("m-1") == Unreachable(opened.problem)
    assert not backend.is_reachable()
    with pytest.raises(KnownError, match="locked"):
        backend.program()
    assert backend.capabilities == CAPABILITIES, "what it can do is known all the same"
    assert backend.plan((SALE,)) == (SALE,), "a sale is committed, whatever the key store says"
    opened.problem = ""
    assert not backend.is_reachable(), "a key store that asks for a password must not ask at every scan"
    clock.advance(TRY_AGAIN_SECONDS)
    assert isinstance(backend.apply(SALE), Applied)
    assert len(opened.all) == 1


def test_a_refused_token_is_read_anew(backend: BackendWhenReady, opened: Opened, clock: FakeClock) -> None:
    assert backend.is_reachable()
    opened.all[0].faults.append(Fault.SIGN_IN)
    assert backend.apply(SALE) == SignInNeeded()
    clock.advance(TRY_AGAIN_SECONDS)
    assert isinstance(backend.apply(SALE), Applied)
    assert len(opened.all) == 2
    assert not opened.all[0].closed, "another thread may be in a call"
    clock.advance(TRY_AGAIN_SECONDS * 10)
    assert backend.is_reachable()
    assert len(opened.all) == 2, "one that works is kept"
    backend.close()
    assert all(one.closed for one in opened.all)


def test_while_nobody_signs_in_few_are_kept_open(
    backend: BackendWhenReady, opened: Opened, clock: FakeClock
) -> None:
    for _ in range(5):
        assert backend.is_reachable()
        opened.all[-1].look_up_answers.append(SignInNeeded())
        assert backend.reconcile(SALE) == SignInNeeded()
        clock.advance(TRY_AGAIN_SECONDS)
    assert [one.closed for one in opened.all] == [True, True, True, False, False]


def test_a_token_taken_away_leaves_the_old_backend(
    backend: BackendWhenReady, opened: Opened, clock: FakeClock
) -> None:
    assert backend.is_reachable()
    opened.all[0].faults.append(Fault.SIGN_IN)
    backend.apply(SALE)
    opened.problem = "No token is stored."
    clock.advance(TRY_AGAIN_SECONDS)
    assert isinstance(backend.apply(SALE), Applied)
