"""Whatever a backend's plan looks like, the till may die between its steps: each takes hold once."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import timedelta
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, find, given, settings
from hypothesis import strategies as st
from hypothesis.errors import NoSuchExample
from msgspec import Struct
from msgspec.structs import replace

from cashier_app.domain.outcome import Outcome
from cashier_app.domain.sale import TAKES_POINTS, Effect, EffectKind, EffectState, effect_key
from cashier_app.ports.journal import EffectRow
from cashier_app.ports.loyalty import Capabilities, Idempotency, Reserving
from cashier_app.services.delivery import Delivery
from cashier_app.services.till_view import Step
from tests.fakes.backend import CAPABILITIES
from tests.fakes.counter import PRIYAS_CODE, Counter
from tests.unit.crash_cases import Deaths, Faults, at_a_counter, deaths, faults

Shape = Callable[[Sequence[Effect]], tuple[Effect, ...]]
KEYLESS = {
    "idempotency": Idempotency.READ_BACK,
    "key_life": timedelta(0),
    "search_lag": timedelta(seconds=20),
}


class Plan(Struct, frozen=True):
    """A way a backend wants to be told of a sale."""

    can: Capabilities
    kinds: tuple[EffectKind, ...]
    shape: Shape
    earned: int = 21


def as_wanted(effects: Sequence[Effect]) -> tuple[Effect, ...]:
    return tuple(effects)


def let_go_then_take(effects: Sequence[Effect]) -> tuple[Effect, ...]:
    """Plan as a backend that cannot turn a hold into points taken."""
    return tuple(
        part
        for effect in effects
        for part in (
            (as_kind(effect, EffectKind.RELEASE), as_kind(effect, EffectKind.REDEEM))
            if effect.kind is EffectKind.CAPTURE
            else (effect,)
        )
    )


def sale_confirms(effects: Sequence[Effect]) -> tuple[Effect, ...]:
    """Plan as a backend that books everything with the capture; the sale only confirms it."""
    return tuple(
        replace(effect, points=Decimal(0)) if effect.kind is EffectKind.SALE else effect for effect in effects
    )


def as_kind(effect: Effect, kind: EffectKind) -> Effect:
    return replace(effect, kind=kind, key=effect_key(effect.sale_id, kind))


NO_HOLD = replace(CAPABILITIES, reserving=Reserving.NONE, hold=None)
HELD, TAKEN, FREED = EffectKind.RESERVE, EffectKind.CAPTURE, EffectKind.RELEASE
PLANS = {
    "reserve-capture-sale": Plan(CAPABILITIES, (HELD, TAKEN, EffectKind.SALE), as_wanted),
    "redeem-sale": Plan(NO_HOLD, (EffectKind.REDEEM, EffectKind.SALE), as_wanted),
    "release-redeem-sale": Plan(
        CAPABILITIES, (HELD, FREED, EffectKind.REDEEM, EffectKind.SALE), let_go_then_take
    ),
    "capture-sale that confirms": Plan(CAPABILITIES, (HELD, TAKEN, EffectKind.SALE), sale_confirms, 0),
}


class PowerCut(BaseException):
    """The process is gone, here and now."""


class Crashes:
    """Ends the process at some of the requests: before it leaves, or after it took hold unheard."""

    def __init__(self, counter: Counter, deaths: Sequence[tuple[int, bool]]) -> None:
        self.apply = counter.backend.apply
        self.deaths = dict(deaths)
        self.calls = 0

    def __call__(self, effect: Effect) -> Outcome:
        self.calls += 1
        after = self.deaths.pop(self.calls, None)
        if after is False:
            raise PowerCut
        outcome = self.apply(effect)
        if after is True:
            raise PowerCut
        return outcome


class Case(Struct, frozen=True):
    """One unlucky sale."""

    plan: str
    keyless: bool
    deaths: Deaths
    faults: Faults


CASES = st.builds(
    Case,
    plan=st.sampled_from(sorted(PLANS)),
    keyless=st.booleans(),
    deaths=deaths(9, 4),
    faults=faults(6),
)


def sold(case: Case, delivery: type[Delivery] = Delivery) -> list[str]:
    """Ring the sale up, let everything go wrong that should, and say what is not as it must be."""
    return at_a_counter(lambda counter: _sold(case, counter), delivery)


def _sold(case: Case, counter: Counter) -> list[str]:
    plan, backend = PLANS[case.plan], counter.backend
    backend.can = replace(plan.can, **KEYLESS) if case.keyless else plan.can
    backend.forgets_keys, backend.shape = case.keyless, plan.shape
    before = backend.members["m-1"].balance
    counter.session.scan(PRIYAS_CODE)
    counter.type("2360")
    backend.apply = Crashes(counter, case.deaths)  # type: ignore[method-assign]
    committed = rung_up(counter)
    backend.faults.extend(case.faults)
    for _ in range(40):
        try:
            counter.drain()
            break
        except PowerCut:
            counter.restart()
    else:
        return ["it never came to rest"]
    wrong = [
        f"{kind} took hold {count} times" for (_, kind), count in backend.took_hold.items() if count != 1
    ]
    if backend.open_holds():
        wrong.append("points are still held")
    left = backend.members["m-1"].balance - before
    if left != (-200 + plan.earned if committed else 0):
        wrong.append(f"the balance moved by {left}")
    if committed:
        kinds = tuple(kind for kind in plan.kinds if kind is not HELD)
        done = tuple(row.effect.kind for row in counter.rows() if row.effect.kind is not HELD)
        if done != kinds or {row.state for row in counter.rows()} - {EffectState.POSTED, EffectState.DROPPED}:
            wrong.append(f"the queue holds {done}")
    return wrong


def rung_up(counter: Counter) -> bool:
    """Press Enter until the sale is committed; say whether it was: dead before means nothing was sold."""
    try:
        counter.press_enter(3)
    except PowerCut:
        counter.restart()
        return False
    return counter.view.step is Step.DONE


@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@given(CASES)
def test_each_step_of_any_plan_takes_hold_once(case: Case) -> None:
    assert sold(case) == []


@pytest.mark.parametrize("plan", PLANS)
@pytest.mark.parametrize("keyless", [False, True], ids=["keys", "no keys"])
def test_a_power_cut_at_each_step(plan: str, *, keyless: bool) -> None:
    for call in range(1, len(PLANS[plan].kinds) + 1):
        for after in (False, True):
            assert sold(Case(plan, keyless, ((call, after),), ())) == [], (call, after)


class SendsAnew(Delivery):
    """A planted bug: every attempt has a name of its own, and nothing is looked up."""

    def _send(self, row: EffectRow, effect: Effect) -> None:
        super()._send(row, replace(effect, key=f"{effect.key[:-1]}{row.attempts + 2}"))

    def _reconcile(self, row: EffectRow) -> None:
        self._send_again(row)


class ForgetsTheRest(Delivery):
    """A planted bug: what a dead process left behind counts as done."""

    def recover(self) -> None:
        for row in self._journal.interrupted():
            self._move(row, EffectState.POSTED, "surely")
        super().recover()


@pytest.mark.parametrize("bug", [SendsAnew, ForgetsTheRest])
def test_a_planted_bug_is_caught(bug: type[Delivery]) -> None:
    try:
        find(CASES, lambda case: bool(sold(case, bug)), settings=settings(max_examples=300, deadline=None))
    except NoSuchExample:
        pytest.fail("the check would not notice")


def test_points_are_taken_by_one_step_of_each_plan() -> None:
    assert all(len(TAKES_POINTS.intersection(plan.kinds)) == 1 for plan in PLANS.values())
