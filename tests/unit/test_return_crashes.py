"""Goods come back by two corrections, and the till may die between them: each takes hold once."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from msgspec import Struct
from msgspec.structs import replace

from cashier_app.backends.plain_backend import PointsRules
from cashier_app.domain.sale import EffectKind, EffectState, SaleReturn
from cashier_app.services.delivery import Delivery
from tests.fakes.backend import CAPABILITIES
from tests.fakes.counter import PRIYAS_CODE, Counter
from tests.unit.crash_cases import Deaths, Faults, at_a_counter, deaths, faults
from tests.unit.test_plan_crashes import KEYLESS, NO_HOLD, Crashes, ForgetsTheRest, PowerCut, SendsAnew

BACK = (EffectKind.CLAW_BACK, EffectKind.RESTORE)


class Case(Struct, frozen=True):
    """One unlucky return, whole or in two halves."""

    holds: bool
    keyless: bool
    halves: bool
    deaths: Deaths
    faults: Faults


CASES = st.builds(
    Case,
    holds=st.booleans(),
    keyless=st.booleans(),
    halves=st.booleans(),
    deaths=deaths(6, 3),
    faults=faults(5),
)


def returned(case: Case, delivery: type[Delivery] = Delivery) -> list[str]:
    """Sell, take the goods back while everything goes wrong that should; say what is not as it must be."""
    return at_a_counter(lambda counter: _returned(case, counter), delivery)


def _returned(case: Case, counter: Counter) -> list[str]:
    backend = counter.backend
    can = CAPABILITIES if case.holds else NO_HOLD
    backend.can = replace(can, **KEYLESS) if case.keyless else can
    backend.forgets_keys = case.keyless
    before = backend.members["m-1"].balance
    counter.session.scan(PRIYAS_CODE)
    counter.type("2360")
    counter.press_enter(3)
    counter.drain()
    backend.took_hold.clear()
    apply = backend.apply
    backend.apply = Crashes(counter, case.deaths)  # type: ignore[method-assign]
    backend.faults.extend(case.faults)
    for count in (1, 2) if case.halves else (1,):
        assert counter.journal.queue_refund(PointsRules().plan_refund(_facts(counter, case, count)))
    for _ in range(40):
        try:
            counter.drain()
            break
        except PowerCut:
            counter.restart()
    else:
        return ["it never came to rest"]
    backend.apply = apply  # type: ignore[method-assign]
    times = 2 if case.halves else 1
    wrong = [
        f"{kind} took hold {backend.took_hold[sale_id, kind]} times"
        for sale_id in {row.effect.sale_id for row in counter.rows()}
        for kind in BACK
        if backend.took_hold[sale_id, kind] != times
    ]
    if left := backend.members["m-1"].balance - before:
        wrong.append(f"the balance is off by {left}")
    if {row.state for row in counter.rows()} != {EffectState.POSTED}:
        wrong.append("something is not posted")
    return wrong


def _facts(counter: Counter, case: Case, count: int) -> SaleReturn:
    effects = tuple(row.effect for row in counter.rows() if row.effect.kind not in BACK)
    found = counter.journal.sale(effects[0].sale_id)
    assert found is not None
    sale, _ = found
    # 21 points were earned and 200 used: the second half takes back what the first left.
    taken, given_back = sale.points_expected, sale.points_used
    if case.halves:
        taken = taken // 2 if count == 1 else taken - taken // 2
        given_back /= 2
    return SaleReturn(
        sale=sale,
        count=count,
        whole=not case.halves,
        bill=sale.bill,
        discount=sale.discount,
        paid=sale.paid,
        taken_back=taken,
        restored=given_back,
        at=counter.clock.now(),
        effects=effects,
    )


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(CASES)
def test_each_step_of_a_return_takes_hold_once(case: Case) -> None:
    assert returned(case) == []


CUTS = [((call, after),) for call in (1, 2) for after in (False, True)]


@pytest.mark.parametrize("keyless", [False, True], ids=["keys", "no keys"])
@pytest.mark.parametrize("holds", [False, True], ids=["redeemed", "captured"])
def test_a_power_cut_at_each_step_of_a_return(*, holds: bool, keyless: bool) -> None:
    for cuts in CUTS:
        assert returned(Case(holds, keyless, False, cuts, ())) == [], cuts


@pytest.mark.parametrize("bug", [SendsAnew, ForgetsTheRest])
def test_a_planted_bug_is_caught(bug: type[Delivery]) -> None:
    assert any(returned(Case(False, False, False, deaths, ()), bug) for deaths in CUTS)
