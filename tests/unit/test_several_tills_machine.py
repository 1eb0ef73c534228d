"""Any order of all that is done at several tills: lines, vouchers, one person twice, others who claim.

As `test_around_the_sale_machine`, with more of a shop; the books by hand know lines, too.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence

import pytest
from hypothesis import HealthCheck, Phase, find, given, settings
from hypothesis import strategies as st
from hypothesis.errors import NoSuchExample
from msgspec.structs import replace

from cashier_app.domain.sale import Effect, EffectKind, Sale, SaleReturn
from cashier_app.ports.journal import EffectRow
from cashier_app.services.delivery import Delivery
from tests.fakes.counter import Counter
from tests.fakes.day_steps import More, MoreStep, Step
from tests.fakes.fuller_days import FullerDays, live_fully
from tests.fakes.shop_days import as_it_is
from tests.unit.test_around_the_sale_machine import BACKENDS, claim_by_another_key, step_of

MORE = [*More, More.SELL_LINES, More.TAKE_LINES, More.TAKE_LINES, More.CLAIMED_ELSEWHERE]
EXAMPLES = 8


def any_step(seed: str, more: Sequence[More] = MORE) -> Step | MoreStep:
    """Return one thing to be done, as often one of these as one of those."""
    chance, step = random.Random(f"{seed} more"), step_of(seed)
    return MoreStep(chance.choice(more), step) if chance.random() < 0.5 else step


def steps(of: str, more: Sequence[More] = MORE) -> st.SearchStrategy[tuple[Step | MoreStep, ...]]:
    """Return what is done in some days; each name has others."""
    one = st.integers(0, 2**32).map(lambda seed: any_step(f"{of} {seed}", more))
    return st.lists(one, min_size=12, max_size=20).map(tuple)


@pytest.mark.parametrize("backend", BACKENDS)
def test_the_ledger_is_as_reckoned_by_hand(backend: str) -> None:
    @settings(max_examples=EXAMPLES, suppress_health_check=list(HealthCheck))
    @given(steps(backend))
    def lived(done: tuple[Step | MoreStep, ...]) -> None:
        live_fully(BACKENDS[backend], done)

    lived()


def test_all_of_it_happens() -> None:
    """Nothing is proved of what never comes about."""
    backend, seen = "told late, no holds", set[str]()
    for seed in range(60):
        chance = random.Random(seed)
        days = FullerDays(BACKENDS[backend])
        try:
            for _ in range(20):
                step = any_step(f"{backend} {chance.randint(0, 2**32)}")
                if isinstance(step, MoreStep):
                    days.do_more(step)
                else:
                    days.do(step)
            seen |= days.happened()
        finally:
            days.close()
        if seen == WANTED:
            return
    assert seen == WANTED


WANTED = {
    "lines came back",
    "a voucher was used",
    "two are one",
    "another till was first",
    "this till was too late",
    "given away elsewhere, back here",
    "goods of another till",
}


# Bugs it must catch.


def takes_lines_for_an_amount(till: Counter) -> None:
    """Lines that come back are written down as an amount."""
    plan = till.backend.plan_refund

    def told(returned: SaleReturn) -> tuple[Effect, ...]:
        return plan(replace(returned, lines=()))

    till.backend.plan_refund = told  # type: ignore[method-assign]


def asks_nobody_whose_it_is(till: Counter) -> None:
    """A sale of nobody's is undone without a look at who claimed it elsewhere."""
    till.workshop.returns._refunds._claimed = None


def earns_on_the_voucher(till: Counter) -> None:
    """What a voucher paid earns as money does."""
    plan = till.backend.plan

    def planned(effects: Sequence[Effect]) -> tuple[Effect, ...]:
        more = (replace(one, points=one.points + 1) if one.voucher else one for one in effects)
        return plan(tuple(more))

    till.backend.plan = planned  # type: ignore[method-assign]


def forgets_what_came_back(till: Counter) -> None:
    """Of another till's sale, what came back here before is forgotten."""
    refunds = till.workshop.returns._refunds
    known = refunds.of_another_till

    def anew(sale: Sale, _rows: Sequence[EffectRow] = ()) -> object:
        return known(sale, ())

    refunds.of_another_till = anew  # type: ignore[method-assign, assignment]


class AsksAnew(Delivery):
    """A request in doubt to join two records is made once more, under another key."""

    def _send(self, row: EffectRow, effect: Effect) -> None:
        if effect.kind is EffectKind.MERGE and row.attempts:
            effect = replace(effect, key=f"{effect.key}{row.attempts}")
        super()._send(row, effect)

    def _reconcile(self, row: EffectRow) -> None:
        if row.effect.kind is EffectKind.MERGE:
            self._send_again(row)
        else:
            super()._reconcile(row)


BUGS: dict[str, tuple[type[Delivery], Callable[[Counter], None]]] = {
    "lines are an amount": (Delivery, takes_lines_for_an_amount),
    "nobody is asked whose it is": (Delivery, asks_nobody_whose_it_is),
    "a voucher earns": (Delivery, earns_on_the_voucher),
    "another till's goods come back twice": (Delivery, forgets_what_came_back),
    "two are made one twice": (AsksAnew, as_it_is),
    "two tills give one sale away": (Delivery, claim_by_another_key),
}


WHERE = {
    "lines are an amount": [More.SELL_LINES, More.TAKE_LINES],
    "nobody is asked whose it is": [More.CLAIMED_ELSEWHERE],
    "a voucher earns": [More.SELL_WITH_VOUCHER],
    "another till's goods come back twice": [More.GOODS_OF_ANOTHER_TILL],
    "two are made one twice": [More.SAY_THEY_ARE_ONE],
    "two tills give one sale away": [More.CLAIMED_ELSEWHERE],
}


def goes_wrong(done: tuple[Step | MoreStep, ...], bug: str) -> bool:
    delivery, plant = BUGS[bug]
    try:
        live_fully(BACKENDS["told late, no holds"], done, delivery, plant)
    except AssertionError:
        return True
    return False


@pytest.mark.parametrize("bug", BUGS)
def test_a_planted_bug_is_caught(bug: str) -> None:
    quickly = settings(max_examples=200, phases=[Phase.generate])
    try:
        find(steps(bug, WHERE[bug]), lambda done: goes_wrong(done, bug), settings=quickly)
    except NoSuchExample:
        pytest.fail("the check would not notice")
