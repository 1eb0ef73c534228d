"""Nector knows no keys: each effect takes hold once, wherever the till dies: it is looked up first."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from decimal import Decimal

import pytest
from msgspec.structs import replace

from cashier_app.backends.nector import values
from cashier_app.backends.nector.adapter import NectorBackend
from cashier_app.domain.outcome import AlreadyApplied, Applied, NotApplied, Unknown
from cashier_app.domain.sale import Effect
from cashier_app.testing.people import Books
from cashier_app.testing.pretend_till import PretendTill
from cashier_app.testing.running import RunningStandIn
from cashier_app.testing.stage import StandInStage
from cashier_app.testing.stand_ins.faults import StagedFault, Trouble
from cashier_app.testing.suite_selling import served
from tests.contract.nector_shop import BILL, stage_with

SHOPS: dict[str, tuple[dict[str, object], str]] = {
    "both ways in": ({}, "mobile"),
    "merchant api alone": ({"checkout": "none"}, "lead"),
}
HALVES = {"a sale": 0, "and half of it back": 1, "and all of it back": 2}


@pytest.fixture(scope="module")
def running() -> Iterator[RunningStandIn]:
    with RunningStandIn("nector") as stand_in:
        yield stand_in


def shop_of(running: RunningStandIn, name: str) -> StandInStage:
    settings, ids = SHOPS[name]
    stage = stage_with(running, **settings)  # type: ignore[arg-type]
    running.switch("member ids", ids)
    return stage


def whole_story(stage: StandInStage, halves: int, send: Callable[[Effect], None]) -> Books:
    """Make a sale, and have goods of it come back; return what the books say then."""
    backend = stage.open()
    try:
        till, found = PretendTill(backend), served(stage, backend)
        ticket = till.quoted(found, BILL)
        effects = till.planned(ticket)
        for effect in effects:
            send(effect)
        if halves:
            returned = till.returned(ticket, effects, ticket.quote.earns if ticket.quote else Decimal(0))
            if halves == 1:
                returned = till.returned(ticket, effects, returned.taken_back, halves=1)
            for effect in backend.plan_refund(returned):
                send(effect)
    finally:
        backend.close()
    return stage.books(found.member.member_id)


class MortalTill:
    """Dies after each request, and is started again with nothing but the effects it wrote down.

    Args:
        stage: The shop.
        lose: Which requests that write lose their answer, counted from 0; `held` says whether they took hold.
    """

    def __init__(self, stage: StandInStage, lose: int, *, held: bool) -> None:
        self._stage = stage
        self._lose = lose
        self._held = held
        self._sent = 0

    def send(self, effect: Effect) -> None:
        """Bring one effect about, as the sender does: whatever is in doubt is looked up first."""
        if self._sent == self._lose:
            self._stage.stage(StagedFault(trouble=Trouble.LOST_ANSWER, takes_hold=self._held))
        self._sent += 1
        outcome = self._once(lambda till: till.send(effect))
        if isinstance(outcome, Unknown):
            outcome = self._once(lambda till: till.look_up(effect))
            if outcome == NotApplied():
                outcome = self._once(lambda till: till.send(effect))
        assert isinstance(outcome, Applied | AlreadyApplied), (effect.kind, outcome)

    def _once(self, ask: Callable[[PretendTill], object]) -> object:
        backend = self._stage.open()
        try:
            return ask(PretendTill(backend))
        finally:
            backend.close()


@pytest.mark.parametrize("held", [True, False], ids=["held", "not held"])
@pytest.mark.parametrize("halves", HALVES.values(), ids=HALVES)
@pytest.mark.parametrize("shop", SHOPS)
def test_wherever_the_till_dies_everything_happens_once(
    running: RunningStandIn, shop: str, halves: int, *, held: bool
) -> None:
    undisturbed = whole_story(
        shop_of(running, shop), halves, MortalTill(shop_of(running, shop), -1, held=held).send
    )
    assert undisturbed.moves == (2 if halves == 0 else 4)
    for place in range(undisturbed.moves):
        stage = shop_of(running, shop)
        assert whole_story(stage, halves, MortalTill(stage, place, held=held).send) == undisturbed, place


@pytest.mark.parametrize("names", ["yes", "no"])
def test_a_ledger_that_names_no_order_decides_as_well(running: RunningStandIn, names: str) -> None:
    for place in range(2):
        stage = shop_of(running, "both ways in")
        running.switch("ledger names the order", names)
        books = whole_story(stage, 0, MortalTill(stage, place, held=True).send)
        assert books.moves == 2


def told_without_a_hash(self: values.Move, owner: dict[str, str]) -> dict[str, object]:
    return {name: value for name, value in REAL_BODY(self, owner).items() if name != "hash"}


REAL_BODY = values.Move.body


def nothing_looked_up(_: NectorBackend, effect: Effect) -> NotApplied:
    assert replace(effect) == effect
    return NotApplied()


@pytest.mark.parametrize("place", [0, 1], ids=["redemption", "earning"])
def test_the_control_that_looks_nothing_up_doubles(
    running: RunningStandIn, monkeypatch: pytest.MonkeyPatch, place: int
) -> None:
    monkeypatch.setattr(NectorBackend, "reconcile", nothing_looked_up)
    stage = shop_of(running, "both ways in")
    assert whole_story(stage, 0, MortalTill(stage, place, held=True).send).moves == 3


def test_the_control_that_leaves_the_key_out_is_never_sure(
    running: RunningStandIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(values.Move, "body", told_without_a_hash)
    stage = shop_of(running, "both ways in")
    with pytest.raises(AssertionError, match="an answer to another request"):
        whole_story(stage, 0, MortalTill(stage, 1, held=True).send)
