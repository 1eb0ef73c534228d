"""Open Loyalty knows no keys for points: each effect takes hold once, wherever the till dies."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from decimal import Decimal

import pytest
from msgspec.structs import replace

from cashier_app.backends.openloyalty.adapter import OpenLoyaltyBackend
from cashier_app.backends.openloyalty.store import Store
from cashier_app.domain.outcome import AlreadyApplied, Applied, NotApplied, Unknown
from cashier_app.domain.sale import Effect, EffectKind
from cashier_app.testing.people import Books
from cashier_app.testing.pretend_till import PretendTill
from cashier_app.testing.running import RunningStandIn
from cashier_app.testing.stage import StandInStage
from cashier_app.testing.stand_ins.faults import StagedFault, Trouble
from cashier_app.testing.suite_selling import served
from tests.contract.openloyalty_shop import BILL, stage_with

HALVES = {"a sale": 0, "and half of it back": 1, "and all of it back": 2}


@pytest.fixture(scope="module")
def running() -> Iterator[RunningStandIn]:
    with RunningStandIn("openloyalty") as stand_in:
        yield stand_in


class MortalTill:
    """Dies after each request, and is started again with nothing but what it wrote down.

    Args:
        stage: The shop.
        lose: Which effect loses its answer, counted from 0; `held` says whether it took hold.
    """

    def __init__(self, stage: StandInStage, lose: int, *, held: bool) -> None:
        self._stage = stage
        self._lose = lose
        self._held = held
        self._sent = 0
        self._hold = ""

    def send(self, effect: Effect) -> None:
        """Bring one effect about, as the sender does: whatever is in doubt is looked up first."""
        if self._sent == self._lose:
            self._stage.stage(StagedFault(trouble=Trouble.LOST_ANSWER, takes_hold=self._held))
        self._sent += 1
        if effect.kind in {EffectKind.RELEASE, EffectKind.REDEEM}:
            effect = replace(effect, reservation=self._hold)
        outcome = self._once(lambda till: till.send(effect))
        if isinstance(outcome, Unknown):
            outcome = self._once(lambda till: till.look_up(effect))
            if outcome == NotApplied():
                outcome = self._once(lambda till: till.send(effect))
        assert isinstance(outcome, Applied | AlreadyApplied), (effect.kind, outcome)
        if effect.kind is EffectKind.RESERVE:
            self._hold = outcome.booked.reference

    def _once(self, ask: Callable[[PretendTill], object]) -> object:
        backend = self._stage.open()
        try:
            return ask(PretendTill(backend))
        finally:
            backend.close()


def whole_story(stage: StandInStage, halves: int, send: Callable[[Effect], None]) -> Books:
    """Make a sale, and have goods of it come back; return what the books say then."""
    backend = stage.open()
    try:
        till, found = PretendTill(backend), served(stage, backend)
        ticket = till.quoted(found, BILL)
        holds = [till.hold(ticket)] if backend.capabilities.holds_points else []
        effects = till.planned(ticket)
        for effect in (*holds, *effects):
            send(effect)
        if halves:
            earned = ticket.quote.earns if ticket.quote else Decimal(0)
            for effect in backend.plan_refund(till.returned(ticket, effects, earned, halves=halves)):
                send(effect)
    finally:
        backend.close()
    return stage.books(found.member.member_id)


@pytest.mark.parametrize("held", [True, False], ids=["held", "not held"])
@pytest.mark.parametrize("halves", HALVES.values(), ids=HALVES)
@pytest.mark.parametrize("names", ["many times", "once"])
def test_wherever_the_till_dies_everything_happens_once(
    running: RunningStandIn, halves: int, names: str, *, held: bool
) -> None:
    stage = stage_with(running, holds_points=True)
    undisturbed = whole_story(stage, halves, MortalTill(stage, -1, held=held).send)
    effects = 4 if halves == 0 else 6
    assert undisturbed.moves == effects
    assert undisturbed.held == 0
    for place in range(effects):
        stage = stage_with(running, holds_points=True)
        running.switch("names of movements", names)
        assert whole_story(stage, halves, MortalTill(stage, place, held=held).send) == undisturbed, place


def test_points_are_free_and_never_lost_between_letting_go_and_spending(running: RunningStandIn) -> None:
    stage = stage_with(running, holds_points=True)
    backend = stage.open()
    try:
        till, found = PretendTill(backend), served(stage, backend)
        ticket = till.held(till.quoted(found, BILL))
        release, redeem, sale = till.planned(ticket)
        assert [one.kind for one in (release, redeem, sale)] == [
            EffectKind.RELEASE,
            EffectKind.REDEEM,
            EffectKind.SALE,
        ]
        till.post(release)
        between = stage.books(found.member.member_id)
        assert (between.spendable, between.held) == (stage.points, 0)
        till.post(redeem)
        till.post(sale)
        assert stage.books(found.member.member_id).held == 0
    finally:
        backend.close()


def test_points_used_offline_are_spent_at_once(running: RunningStandIn) -> None:
    stage = stage_with(running, holds_points=True)
    backend = stage.open()
    try:
        till, found = PretendTill(backend), served(stage, backend)
        ticket = till.quoted(found, BILL)
        hold = replace(till.hold(ticket), offline=True)
        take = replace(hold, kind=EffectKind.CAPTURE, key=f"{hold.sale_id}-capture-1")
        planned = backend.plan((hold, take))
        assert [(one.kind, one.offline) for one in planned] == [(EffectKind.REDEEM, True)]
    finally:
        backend.close()


def nothing_looked_up(_: OpenLoyaltyBackend, effect: Effect) -> NotApplied:
    assert effect.key
    return NotApplied()


def test_the_control_that_looks_nothing_up_doubles(
    running: RunningStandIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(OpenLoyaltyBackend, "reconcile", nothing_looked_up)
    stage = stage_with(running)
    assert whole_story(stage, 0, MortalTill(stage, 0, held=True).send).moves == 3


def test_a_sale_is_not_doubled_even_where_nothing_is_looked_up(
    running: RunningStandIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(OpenLoyaltyBackend, "reconcile", nothing_looked_up)
    stage = stage_with(running)
    books = whole_story(stage, 0, MortalTill(stage, 1, held=True).send)
    assert (books.moves, books.sales) == (2, 1)


def test_the_control_that_leaves_the_key_out_doubles(
    running: RunningStandIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    post = Store.post

    def without_key(self: Store, *parts: str, body: object = None) -> object:
        if parts[0] == "points" and isinstance(body, dict):
            body["transfer"].pop("externalTransferId", None)
        return post(self, *parts, body=body)

    monkeypatch.setattr(Store, "post", without_key)
    stage = stage_with(running)
    assert whole_story(stage, 0, MortalTill(stage, 0, held=True).send).moves == 3


def test_names_that_are_not_told_leave_it_in_doubt(running: RunningStandIn) -> None:
    stage = stage_with(running)
    running.switch("names of movements", "hidden")
    with pytest.raises(AssertionError, match="movements without names"):
        whole_story(stage, 0, MortalTill(stage, 0, held=True).send)
