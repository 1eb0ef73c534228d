"""The contract suite means something: adapters with a planted bug do not pass it."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from msgspec.structs import replace

from cashier_app.backends.contract import ContractBackend
from cashier_app.backends.contract_kind import KIND
from cashier_app.domain.identifier import Identifier
from cashier_app.domain.money import Currency, Money
from cashier_app.domain.outcome import (
    Applied,
    Booked,
    Lookup,
    NoSuchMember,
    NotApplied,
    Outcome,
    Reconciled,
    RetryLater,
    Unknown,
    Unreachable,
)
from cashier_app.domain.sale import Effect, EffectKind
from cashier_app.ports.loyalty import LoyaltyBackend
from cashier_app.testing.backend_contract import BackendContract
from cashier_app.testing.running import RunningStandIn
from cashier_app.testing.stage import StandInStage
from cashier_app.testing.stand_ins.faults import StagedFault, Trouble

SUITE = BackendContract()


@pytest.fixture(scope="module")
def running() -> Iterator[RunningStandIn]:
    with RunningStandIn("contract") as stand_in:
        yield stand_in


@pytest.fixture
def stage(running: RunningStandIn) -> StandInStage:
    bill = Money(236000, Currency("INR", 2))
    return StandInStage(running, KIND, bill, points=1240, shares_phones=True)


@pytest.fixture
def backend(stage: StandInStage) -> Iterator[LoyaltyBackend]:
    opened = stage.open()
    yield opened
    opened.close()


def taken_for_nobody(backend: ContractBackend, patch: pytest.MonkeyPatch) -> None:
    find = backend.find

    def found(identifier: Identifier) -> Lookup:
        answer = find(identifier)
        return NoSuchMember() if isinstance(answer, Unreachable) else answer

    patch.setattr(backend, "find", found)


def doubt_taken_for_refusal(backend: ContractBackend, patch: pytest.MonkeyPatch) -> None:
    apply = backend.apply

    def applied(effect: Effect) -> Outcome:
        outcome = apply(effect)
        return RetryLater() if isinstance(outcome, Unknown) else outcome

    patch.setattr(backend, "apply", applied)


def doubt_taken_for_done(backend: ContractBackend, patch: pytest.MonkeyPatch) -> None:
    apply = backend.apply

    def applied(effect: Effect) -> Outcome:
        outcome = apply(effect)
        return Applied(Booked("surely")) if isinstance(outcome, Unknown) else outcome

    patch.setattr(backend, "apply", applied)


def a_new_name_for_each_attempt(backend: ContractBackend, patch: pytest.MonkeyPatch) -> None:
    apply, count = backend.apply, iter(range(2, 1000))

    def applied(effect: Effect) -> Outcome:
        return apply(replace(effect, key=f"{effect.key[:-1]}{next(count)}"))

    patch.setattr(backend, "apply", applied)


def never_found_again(backend: ContractBackend, patch: pytest.MonkeyPatch) -> None:
    def reconciled(_: Effect) -> Reconciled:
        return NotApplied()

    patch.setattr(backend, "reconcile", reconciled)


def points_taken_twice(backend: ContractBackend, patch: pytest.MonkeyPatch) -> None:
    apply = backend.apply

    def applied(effect: Effect) -> Outcome:
        if effect.kind is EffectKind.SALE:
            effect = replace(effect, points=effect.points * 2)
        return apply(effect)

    patch.setattr(backend, "apply", applied)


Bug = Callable[[ContractBackend, pytest.MonkeyPatch], None]
CAUGHT_BY: list[tuple[Bug, str]] = [
    (doubt_taken_for_refusal, "test_a_lost_answer_is_looked_up"),
    (doubt_taken_for_done, "test_a_lost_answer_is_looked_up"),
    (doubt_taken_for_refusal, "test_a_lost_answer_to_a_return_is_looked_up"),
    (never_found_again, "test_a_lost_answer_to_a_release_is_looked_up"),
    (a_new_name_for_each_attempt, "test_each_effect_is_found_again_and_never_doubled"),
    (never_found_again, "test_each_effect_is_found_again_and_never_doubled"),
    (points_taken_twice, "test_what_the_till_expects_to_be_earned_is_earned"),
]


@pytest.mark.parametrize(("bug", "test"), CAUGHT_BY)
def test_a_planted_bug_does_not_pass(
    stage: StandInStage, backend: ContractBackend, monkeypatch: pytest.MonkeyPatch, bug: Bug, test: str
) -> None:
    getattr(SUITE, test)(stage, backend)
    bug(backend, monkeypatch)
    stage._running.reset()
    with pytest.raises(AssertionError):
        getattr(SUITE, test)(stage, backend)


def test_silence_taken_for_nobody_does_not_pass(stage: StandInStage, monkeypatch: pytest.MonkeyPatch) -> None:
    opened = stage.open

    def sabotaged(**more: object) -> LoyaltyBackend:
        backend = opened(**more)  # type: ignore[arg-type]
        assert isinstance(backend, ContractBackend)
        taken_for_nobody(backend, monkeypatch)
        return backend

    fault = StagedFault(trouble=Trouble.STATUS, status=500, writes_only=False, times=9)
    SUITE.test_no_answer_is_never_taken_for_nobody(stage, fault)
    monkeypatch.setattr(stage, "open", sabotaged)
    stage._running.reset()
    with pytest.raises(AssertionError):
        SUITE.test_no_answer_is_never_taken_for_nobody(stage, fault)


def test_what_the_document_does_not_allow_is_remembered(stage: StandInStage, backend: LoyaltyBackend) -> None:
    assert stage.failures() == []
    assert isinstance(backend, ContractBackend)
    backend._http.post("/v1/members/find", {"phone": 98450}, seconds=5)
    (failure,) = stage.failures()
    assert "POST /v1/members/find: the request is not as documented" in failure
