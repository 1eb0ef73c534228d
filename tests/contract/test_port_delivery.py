"""Once and only once, and on bad days: what every backend adapter must do, against a real backend."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, timedelta
from decimal import Decimal

import pytest
from msgspec.structs import replace

from cashier_app.demo.faults import FaultPlan
from cashier_app.demo.server import DemoServer
from cashier_app.domain.identifier import WalletToken
from cashier_app.domain.outcome import (
    AlreadyApplied,
    Applied,
    MemberFound,
    NotApplied,
    Refused,
    RefusedBecause,
    RetryLater,
    SignInNeeded,
    Unknown,
    Unreachable,
)
from cashier_app.domain.sale import EffectKind, effect_key
from cashier_app.errors import KnownError
from cashier_app.ports.credentials import Secret
from cashier_app.ports.loyalty import LoyaltyBackend
from tests.contract.support import (
    PRIYA_TOKEN,
    SaleMaker,
    TurnedClock,
    booked,
    movements,
    rupees,
)

PRIYA = WalletToken(f"LC1:{PRIYA_TOKEN}")


# Once, and only once.
def test_a_repeat_changes_nothing(backend: LoyaltyBackend, server: DemoServer, sale: SaleMaker) -> None:
    reserve = sale.reserve()
    held = booked(backend.apply(reserve))
    capture, earn, undo = sale.capture(held.reference), sale.sale(), sale.refund(2360, 200)
    for effect in (capture, earn, undo):
        assert isinstance(backend.apply(effect), Applied)
    before = movements(server, sale)
    for effect in (reserve, capture, earn, undo):
        assert isinstance(backend.apply(effect), AlreadyApplied)
    assert movements(server, sale) == before
    assert len(before) == 4


def test_a_repeat_answers_what_was_answered_first(
    backend: LoyaltyBackend, clock: TurnedClock, sale: SaleMaker
) -> None:
    first = booked(backend.apply(sale.plain_sale()))
    booked(backend.apply(SaleMaker(clock.now()).plain_sale()))
    assert backend.apply(sale.plain_sale()) == AlreadyApplied(first)


def test_a_key_is_not_used_for_something_else(
    backend: LoyaltyBackend, server: DemoServer, sale: SaleMaker
) -> None:
    booked(backend.apply(sale.plain_sale()))
    refused = backend.apply(replace(sale.plain_sale(22), bill=rupees(2260), paid=rupees(2260)))
    assert isinstance(refused, Refused)
    assert refused.because is RefusedBecause.INVALID
    assert movements(server, sale) == [("sale", 23, 1263)]


def test_a_sale_is_not_booked_under_a_second_key(
    backend: LoyaltyBackend, server: DemoServer, sale: SaleMaker
) -> None:
    booked(backend.apply(sale.plain_sale()))
    again = replace(sale.plain_sale(), key=effect_key(sale.sale_id, EffectKind.SALE, 2))
    assert isinstance(backend.apply(again), Refused)
    assert len(movements(server, sale)) == 1


def test_a_refused_write_leaves_its_key_free(backend: LoyaltyBackend, sale: SaleMaker) -> None:
    assert isinstance(backend.apply(sale.reserve(201)), Refused)
    assert backend.reconcile(sale.reserve(201)) == NotApplied()
    assert isinstance(backend.apply(sale.reserve()), Applied)


def test_a_lost_answer_is_looked_up(backend: LoyaltyBackend, server: DemoServer, sale: SaleMaker) -> None:
    server.faults.stage(FaultPlan(lose_answers=1))
    effect = sale.plain_sale()
    assert isinstance(backend.apply(effect), Unknown)
    found = backend.reconcile(effect)
    assert isinstance(found, AlreadyApplied)
    assert found.booked.balance == Decimal(1263)
    assert backend.apply(effect) == found
    assert movements(server, sale) == [("sale", 23, 1263)]


def test_what_was_never_sent_is_not_there(backend: LoyaltyBackend, sale: SaleMaker) -> None:
    assert backend.reconcile(sale.plain_sale()) == NotApplied()


def test_many_threads_share_one_adapter(backend: LoyaltyBackend, clock: TurnedClock) -> None:
    effects = [SaleMaker(clock.now(), "mem-zero").plain_sale() for _ in range(200)]
    with ThreadPoolExecutor(8) as pool:
        outcomes = list(pool.map(backend.apply, effects + effects))
    assert sum(isinstance(outcome, Applied) for outcome in outcomes) == 200
    assert sum(isinstance(outcome, AlreadyApplied) for outcome in outcomes) == 200
    found = backend.refresh("mem-zero")
    assert isinstance(found, MemberFound)
    assert found.account.balance == 200 * 23


# Bad days.
def test_a_refused_token_asks_for_a_sign_in(
    server: DemoServer, connect: Callable[..., LoyaltyBackend], sale: SaleMaker
) -> None:
    stranger = connect(server.base_url, Secret("not-the-token"))
    assert stranger.apply(sale.plain_sale()) == SignInNeeded()
    assert stranger.reconcile(sale.plain_sale()) == SignInNeeded()
    assert isinstance(stranger.find(PRIYA), Unreachable)
    assert stranger.is_reachable()
    with pytest.raises(KnownError):
        stranger.program()
    assert movements(server, sale) == []


@pytest.mark.parametrize(
    ("plan", "seconds"),
    [
        (FaultPlan(unavailable=2), 0),
        (FaultPlan(unavailable=2, retry_after="7"), 7),
        (FaultPlan(too_many=2, retry_after="120"), 120),
        (FaultPlan(too_many=2, retry_after="99999999999"), 900),
        (FaultPlan(too_many=2, retry_after="soon"), 0),
    ],
    ids=["503", "503 after 7", "429 after 120", "429 after ages", "429 soon"],
)
def test_a_busy_backend_is_asked_again_later(
    backend: LoyaltyBackend, server: DemoServer, sale: SaleMaker, plan: FaultPlan, seconds: int
) -> None:
    server.faults.stage(plan)
    outcome = backend.apply(sale.plain_sale())
    assert isinstance(outcome, RetryLater)
    assert (outcome.seconds, outcome.reached) == (seconds, True)
    assert isinstance(backend.find(PRIYA), Unreachable)
    assert movements(server, sale) == []
    assert isinstance(backend.apply(sale.plain_sale()), Applied)


def test_a_retry_after_a_moment_is_understood(
    backend: LoyaltyBackend, server: DemoServer, sale: SaleMaker
) -> None:
    moment = (server.clock.now() + timedelta(seconds=60)).astimezone(UTC)
    server.faults.stage(FaultPlan(too_many=1, retry_after=moment.strftime("%a, %d %b %Y %H:%M:%S GMT")))
    outcome = backend.apply(sale.plain_sale())
    assert isinstance(outcome, RetryLater)
    assert 50 <= outcome.seconds <= 60


def test_a_sign_in_page_is_no_answer(backend: LoyaltyBackend, server: DemoServer, sale: SaleMaker) -> None:
    server.faults.stage(FaultPlan(captive_portal=True))
    assert isinstance(backend.apply(sale.plain_sale()), Unknown)
    assert isinstance(backend.reconcile(sale.plain_sale()), Unknown)
    assert isinstance(backend.find(PRIYA), Unreachable)
    assert isinstance(backend.refresh("mem-priya"), Unreachable)
    assert not backend.is_reachable()
    with pytest.raises(KnownError):
        backend.program()


def test_a_closed_connection_leaves_a_write_in_doubt(
    backend: LoyaltyBackend, server: DemoServer, sale: SaleMaker
) -> None:
    server.faults.stage(FaultPlan(down=True))
    assert isinstance(backend.apply(sale.plain_sale()), Unknown)
    assert isinstance(backend.reconcile(sale.plain_sale()), Unknown)
    assert isinstance(backend.find(PRIYA), Unreachable)
    assert not backend.is_reachable()
    server.faults.clear()
    assert isinstance(backend.apply(sale.plain_sale()), Applied)


def test_a_backend_that_is_not_there_was_certainly_not_told(
    backend: LoyaltyBackend, server: DemoServer, sale: SaleMaker
) -> None:
    assert backend.is_reachable()
    server.stop()
    outcome = backend.apply(sale.plain_sale())
    assert isinstance(outcome, RetryLater)
    assert not outcome.reached
    assert isinstance(backend.find(PRIYA), Unreachable)
    assert not backend.is_reachable()
    server.start()
    assert isinstance(backend.apply(sale.plain_sale()), Applied)


def test_a_slow_answer_leaves_a_write_in_doubt(
    server: DemoServer, connect: Callable[..., LoyaltyBackend], sale: SaleMaker
) -> None:
    backend = connect(server.base_url, server.token, seconds=0.2)
    server.faults.stage(FaultPlan(delay_ms=2000))
    assert isinstance(backend.apply(sale.plain_sale()), Unknown)
    assert isinstance(backend.find(PRIYA), Unreachable)
    server.faults.clear()
    assert isinstance(backend.find(PRIYA), MemberFound)
