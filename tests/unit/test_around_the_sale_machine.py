"""Any order of all that is done at and around a sale, outages and power cuts: the ledger as reckoned by hand.

By hand: `tests.fakes.books_by_hand`, which knows what the receipts promised and nothing of the program.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Collection

import pytest
from hypothesis import HealthCheck, Phase, find, given, settings
from hypothesis import strategies as st
from hypothesis.errors import NoSuchExample
from msgspec.structs import replace

from cashier_app.backends.plain_backend import PointsRules
from cashier_app.domain.sale import (
    OF_RETURNS,
    Effect,
    EffectKind,
    EffectState,
    ReturnReason,
    Sale,
    SaleReturn,
    effect_key,
)
from cashier_app.ports.journal import EffectRow
from cashier_app.services.delivery import Delivery
from cashier_app.services.ticket import Ticket
from tests.fakes.backend import Fault
from tests.fakes.counter import Counter
from tests.fakes.day_steps import Act, Backend, Step, Trouble
from tests.fakes.shop_days import NEW, PRIYA, RAHUL, as_it_is, live

# What makes something to undo is done more often than it is undone.
ACTS = [*Act, Act.SELL, Act.SELL, Act.SELL, Act.SELL_TO_NOBODY, Act.CLAIM, Act.CLAIM, Act.TAKE_BACK]
FAULTS = [Fault.ANSWER_LOST, Fault.REQUEST_LOST, Fault.NOT_REACHED, Fault.BUSY]
BILLS = [2360_00, 5125_50, 499_99, 812_35, 100_00, 99_99, 3000_00]
TROUBLES = [None] * 14 + [*Trouble, Trouble.ONLINE, *FAULTS]


def step_of(seed: str) -> Step:
    """Return one thing to be done: any is as likely as any other, which strategies alone do not give."""
    chance = random.Random(seed)
    return Step(
        act=chance.choice(ACTS),
        phone=chance.choice([PRIYA, PRIYA, RAHUL, *NEW]),
        bill=chance.choice(BILLS),
        part=chance.choice([1000, chance.randint(1, 1000)]),
        which=chance.choice([0, 0, 1, 2, 3]),
        points=chance.random() < 0.7,
        seconds=chance.choice([1, 30, 600]),
        trouble=chance.choice(TROUBLES),
    )


def steps(of: str) -> st.SearchStrategy[tuple[Step, ...]]:
    """Return what is done in some days; each name has others."""
    one = st.integers(0, 2**32).map(lambda seed: step_of(f"{of} {seed}"))
    return st.lists(one, min_size=12, max_size=20).map(tuple)


BACKENDS = {
    "holds, links": Backend(links=True, holds=True),
    "holds, told late": Backend(links=False, holds=True),
    "links, no keys": Backend(links=True, holds=False, keyless=True),
    "told late, no holds": Backend(links=False, holds=False),
    "told late, no keys": Backend(links=False, holds=True, keyless=True),
}


@pytest.mark.parametrize("backend", BACKENDS)
def test_the_ledger_is_as_reckoned_by_hand(backend: str) -> None:
    @settings(max_examples=20, suppress_health_check=list(HealthCheck))
    @given(steps(backend))
    def lived(done: tuple[Step, ...]) -> None:
        live(BACKENDS[backend], done)

    lived()


# Bugs it must catch.


def forget_to_restore(till: Counter) -> None:
    """A void takes earned points, and keeps the used ones."""
    backend = till.backend

    def plan(returned: SaleReturn) -> tuple[Effect, ...]:
        told = PointsRules().plan_refund(returned)
        voids = returned.reason is ReturnReason.VOID
        return tuple(one for one in told if not (voids and one.kind is EffectKind.RESTORE))

    backend.plan_refund = plan  # type: ignore[method-assign]


def claim_by_another_key(till: Counter) -> None:
    """A claim has a key of its own: at another till it is another one."""
    claims = till.workshop.claims
    late_sale = claims._late_sale

    def late(sale: Sale, ticket: Ticket) -> tuple[Effect, ...]:
        return tuple(
            replace(one, key=effect_key(sale.sale_id, EffectKind.SALE, 2)) for one in late_sale(sale, ticket)
        )

    claims._late_sale = late  # type: ignore[method-assign]


def move_without_taking_back(till: Counter) -> None:
    """A sale given to another member stays the first one's, too."""
    undoing = till.workshop.undoing
    rung_up = undoing._rung_up
    undoing._rung_up = lambda shown, _told, staff, seen=None: rung_up(shown, (), staff, seen)  # type: ignore[method-assign]


class ReturnsAnew(Delivery):
    """A return in doubt is told under another key, and not looked up."""

    def _send(self, row: EffectRow, effect: Effect) -> None:
        if effect.kind in OF_RETURNS and row.attempts:
            effect = replace(effect, key=f"{effect.key}{row.attempts}")
        super()._send(row, effect)

    def _reconcile(self, row: EffectRow) -> None:
        if row.effect.kind in OF_RETURNS:
            self._send_again(row)
        else:
            super()._reconcile(row)


class SalesFirst(Delivery):
    """Who joins waits for the sales."""

    def take(self, under_way: Collection[EffectRow] = ()) -> list[EffectRow]:
        due = super().take(under_way)
        waiting = [row for one in self._journal.unsent() for row in one.effects]
        sales = [
            row
            for row in waiting
            if row.effect.kind is EffectKind.SALE
            and row.state is EffectState.WAITING
            and row.effect.identified_by
        ]
        return sales or due


BUGS: dict[str, tuple[type[Delivery], Callable[[Counter], None]]] = {
    "a void forgets what was used": (Delivery, forget_to_restore),
    "a claim has a key of its own": (Delivery, claim_by_another_key),
    "a move takes nothing back": (Delivery, move_without_taking_back),
    "a return counts twice": (ReturnsAnew, as_it_is),
    "who joins waits for the sale": (SalesFirst, as_it_is),
}


def goes_wrong(done: tuple[Step, ...], bug: str) -> bool:
    delivery, plant = BUGS[bug]
    try:
        live(BACKENDS["told late, no holds"], done, delivery, plant)
    except AssertionError:
        return True
    return False


@pytest.mark.parametrize("bug", BUGS)
def test_a_planted_bug_is_caught(bug: str) -> None:
    quickly = settings(max_examples=200, phases=[Phase.generate])
    try:
        find(steps(bug), lambda done: goes_wrong(done, bug), settings=quickly)
    except NoSuchExample:
        pytest.fail("the check would not notice")
