"""That everything takes hold once at Voucherify, which knows no keys; and what it leaves open, both ways."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import uuid4

import pytest
from msgspec.structs import replace

from cashier_app.backends.voucherify.kind import VoucherifyRules, VoucherifySettings
from cashier_app.domain.choice import TakeNothing
from cashier_app.domain.identifier import PhoneNumber
from cashier_app.domain.outcome import (
    AlreadyApplied,
    Applied,
    MemberFound,
    NotApplied,
    Refused,
    RefusedBecause,
    RetryLater,
    Unknown,
)
from cashier_app.domain.sale import Effect, EffectKind, SaleReturn, effect_key
from cashier_app.ports.loyalty import LoyaltyBackend
from cashier_app.services.ticket import Ticket
from cashier_app.testing.people import Person
from cashier_app.testing.pretend_till import PretendTill
from cashier_app.testing.running import RunningStandIn
from cashier_app.testing.stage import StandInStage
from cashier_app.testing.stand_ins.faults import StagedFault, Trouble
from cashier_app.testing.stand_ins.voucherify_books import CAMPAIGN, COIN
from tests.contract.voucherify_shop import altered, backend, running, stage
from tests.contract.voucherify_shop import served as served_there

__all__ = ["backend", "running", "stage"]  # fixtures

ASHA = Person("Asha Menon", "+919845055501", points=Decimal(1000))
LOST = StagedFault(trouble=Trouble.LOST_ANSWER, takes_hold=True)
EARNS = Decimal(50)


def served(stage: StandInStage, backend: LoyaltyBackend) -> MemberFound:
    return served_there(stage, backend, ASHA)


class Sold:
    """A sale of 50.00 with 500 points, which earned 50; or one without points."""

    def __init__(self, stage: StandInStage, backend: LoyaltyBackend, *, with_points: bool = True) -> None:
        self.till = PretendTill(backend)
        found = served(stage, backend)
        self.member_id = found.member.member_id
        choice = None if with_points else TakeNothing()
        self.ticket, self.effects = self.till.sell(found, stage.bill, choice)
        stage.settle()
        self.after = Decimal(550 if with_points else 1050)
        assert stage.books(self.member_id).spendable == self.after

    def returned(self, halves: int = 2) -> SaleReturn:
        return self.till.returned(self.ticket, self.effects, EARNS, halves=halves)


def kinds(effects: Sequence[Effect]) -> list[EffectKind]:
    return [effect.kind for effect in effects]


# Returns: the plan.
def test_the_plan_of_a_return(stage: StandInStage, backend: LoyaltyBackend) -> None:
    sold = Sold(stage, backend)
    whole, half = sold.returned(), sold.returned(halves=1)
    assert kinds(backend.plan_refund(whole)) == [EffectKind.REFUND, EffectKind.CLAW_BACK]
    assert kinds(backend.plan_refund(half)) == [EffectKind.RESTORE, EffectKind.CLAW_BACK]
    old = replace(whole, at=whole.sale.at + timedelta(days=100))
    assert kinds(backend.plan_refund(old)) == [EffectKind.RESTORE, EffectKind.CLAW_BACK]
    nothing = replace(half, taken_back=Decimal(0), restored=Decimal(0))
    assert backend.plan_refund(nothing) == ()
    keeps = replace(whole, restored=Decimal(0))
    [refund, _] = backend.plan_refund(keeps)
    assert refund.original_key == effect_key(whole.sale.sale_id, EffectKind.SALE)


def test_points_a_shop_does_not_give_back_stay_used(stage: StandInStage, backend: LoyaltyBackend) -> None:
    sold = Sold(stage, backend)
    for effect in backend.plan_refund(replace(sold.returned(), restored=Decimal(0))):
        sold.till.post(effect)
    stage.settle()
    assert stage.books(sold.member_id).spendable == 500


def test_a_sale_too_old_to_be_rolled_back_is_undone_by_its_balance(
    stage: StandInStage, backend: LoyaltyBackend
) -> None:
    sold = Sold(stage, backend)
    whole = sold.returned()
    for effect in backend.plan_refund(replace(whole, at=whole.sale.at + timedelta(days=100))):
        sold.till.post(effect)
    stage.settle()
    assert stage.books(sold.member_id).spendable == 1000


# Returns: what Voucherify does to earned points by itself.
@pytest.mark.parametrize("with_points", [True, False], ids=["rolled back", "cancelled"])
@pytest.mark.parametrize("by_itself", ["no", "yes"])
def test_what_was_earned_is_taken_back_once(
    running: RunningStandIn,
    stage: StandInStage,
    backend: LoyaltyBackend,
    by_itself: str,
    *,
    with_points: bool,
) -> None:
    running.switch("takes earned back", by_itself)
    sold = Sold(stage, backend, with_points=with_points)
    for effect in backend.plan_refund(sold.returned()):
        sold.till.post(effect)
        stage.settle()
    assert stage.books(sold.member_id).spendable == 1000


def test_half_twice_is_the_whole(stage: StandInStage, backend: LoyaltyBackend) -> None:
    sold = Sold(stage, backend)
    for count in (1, 2):
        for effect in backend.plan_refund(replace(sold.returned(halves=1), count=count)):
            sold.till.post(effect)
        stage.settle()
    assert stage.books(sold.member_id).spendable == 1000


def test_points_that_were_not_booked_yet_are_waited_for(stage: StandInStage, backend: LoyaltyBackend) -> None:
    till, found = PretendTill(backend), served(stage, backend)
    ticket, effects = till.sell(found, stage.bill, TakeNothing())
    back = backend.plan_refund(till.returned(ticket, effects, EARNS, halves=1))
    [claw_back] = back
    assert isinstance(till.send(claw_back), RetryLater)
    stage.settle()
    till.post(claw_back)
    stage.settle()
    assert stage.books(found.member.member_id).spendable == 1025


def test_points_that_never_came_are_not_waited_for_long(stage: StandInStage, backend: LoyaltyBackend) -> None:
    till, found = PretendTill(backend), served(stage, backend)
    ticket, effects = till.sell(found, stage.bill, TakeNothing())
    [_, claw_back] = backend.plan_refund(till.returned(ticket, effects, EARNS))
    long_ago = replace(claw_back, at=datetime.now(UTC) - timedelta(hours=2))
    assert isinstance(till.send(long_ago), AlreadyApplied)


def test_movements_that_name_the_order_by_its_id_only(
    stage: StandInStage, backend: LoyaltyBackend, monkeypatch: pytest.MonkeyPatch
) -> None:
    def nameless(body: Any) -> None:  # noqa: ANN401 - any JSON
        for row in body["data"]:
            row["details"].get("order", {}).pop("source_id", None)

    sold = Sold(stage, backend)
    altered(monkeypatch, "/transactions", nameless)
    for effect in backend.plan_refund(sold.returned()):
        sold.till.post(effect)
    stage.settle()
    assert stage.books(sold.member_id).spendable == 1000


def test_a_removal_answered_as_in_the_vendors_sample(
    running: RunningStandIn,
    stage: StandInStage,
    backend: LoyaltyBackend,
) -> None:
    running.switch("removal answers positive", "yes")
    sold = Sold(stage, backend)
    for effect in backend.plan_refund(sold.returned(halves=1)):
        sold.till.post(effect)


def test_a_sale_undone_at_the_dashboard_is_undone(stage: StandInStage, backend: LoyaltyBackend) -> None:
    sold = Sold(stage, backend)
    [refund, *_] = backend.plan_refund(sold.returned())
    sold.till.post(refund)
    again = sold.till.send(replace(refund, key=refund.key[:-1] + "2"))
    assert isinstance(again, AlreadyApplied), again
    assert stage.books(sold.member_id).spendable == 1050


def test_another_rollback_under_way_is_looked_up(
    running: RunningStandIn,
    stage: StandInStage,
    backend: LoyaltyBackend,
) -> None:
    sold = Sold(stage, backend)
    [refund, *_] = backend.plan_refund(sold.returned())
    for key in ("multiple_requests", "already_rolled_back"):
        running.switch("next error", f"400 {key}")
        assert isinstance(sold.till.send(refund), Unknown)
        assert sold.till.look_up(refund) == NotApplied()
    sold.till.post(refund)


def test_a_sale_nobody_knows_cannot_be_undone(stage: StandInStage, backend: LoyaltyBackend) -> None:
    sold = Sold(stage, backend)
    [refund, *_] = backend.plan_refund(sold.returned())
    strange = str(uuid4())
    outcome = backend.apply(replace(refund, sale_id=strange, key=effect_key(strange, EffectKind.REFUND)))
    assert not isinstance(outcome, Applied), outcome


# Answers lost, and the till killed.
Plan = Callable[[Sold], Sequence[Effect]]
PLANS: dict[str, tuple[bool, int]] = {"whole": (True, 2), "half": (True, 1), "whole, no points": (False, 2)}


@pytest.mark.parametrize("place", range(2))
@pytest.mark.parametrize("plan", PLANS)
def test_a_lost_answer_to_a_return_is_looked_up(
    stage: StandInStage, backend: LoyaltyBackend, plan: str, place: int
) -> None:
    with_points, halves = PLANS[plan]
    sold = Sold(stage, backend, with_points=with_points)
    expected = 1000 if halves == 2 else 550 + 250 - 25
    for count, effect in enumerate(backend.plan_refund(sold.returned(halves))):
        assert sold.till.look_up(effect) == NotApplied()
        if count == place:
            stage.stage(LOST)
            assert isinstance(sold.till.send(effect), Unknown)
        else:
            sold.till.post(effect)
        stage.settle()
        assert isinstance(sold.till.look_up(effect), Applied | AlreadyApplied), effect.kind
    assert stage.books(sold.member_id).spendable == expected


def test_a_repeat_without_a_look_up_would_be_done_twice(stage: StandInStage, backend: LoyaltyBackend) -> None:
    """The planted bug: nothing at Voucherify keeps a repeat away, so that leaving the look-up out shows."""
    sold = Sold(stage, backend)
    [restore, _] = backend.plan_refund(sold.returned(halves=1))
    for _ in range(2):
        sold.till.post(restore)
    stage.settle()
    assert stage.books(sold.member_id).spendable == sold.after + 500
    [capture, _] = sold.effects
    assert isinstance(sold.till.send(replace(capture, kind=EffectKind.REDEEM)), Unknown)
    assert stage.books(sold.member_id).spendable == sold.after
    assert isinstance(sold.till.look_up(capture), Unknown)


def test_a_lost_answer_to_a_release_is_looked_up(stage: StandInStage, backend: LoyaltyBackend) -> None:
    till, found = PretendTill(backend), served(stage, backend)
    ticket = till.held(till.quoted(found, stage.bill))
    release = replace(till.release(ticket), reservation=ticket.reservation)
    assert till.look_up(release) == NotApplied()
    stage.stage(LOST)
    assert isinstance(till.send(release), Unknown)
    assert isinstance(till.look_up(release), AlreadyApplied)
    assert stage.books(found.member.member_id).spendable == 1000


@pytest.mark.parametrize("dies_after", range(6))
def test_the_till_dies_between_any_two_steps(stage: StandInStage, dies_after: int) -> None:
    """Hold, take, tell, undo, take back: after each of them, a till that knows nothing but its journal."""
    backend = stage.open()
    till, steps = PretendTill(backend), 0

    def step(effect: Effect) -> None:
        nonlocal till, steps
        if steps == dies_after:
            till.backend.close()
            done = till.done
            till = PretendTill(stage.open())
            till.done = done
            assert till.look_up(effect) == NotApplied(), effect.kind
        till.post(effect)
        stage.settle()
        steps += 1

    try:
        found = served(stage, backend)
        ticket = till.quoted(found, stage.bill)
        hold = till.hold(ticket)
        step(hold)
        effects = till.planned(replace_reservation(ticket, till))
        for effect in effects:
            step(effect)
        for effect in till.backend.plan_refund(till.returned(ticket, effects, EARNS)):
            step(effect)
        books = stage.books(found.member.member_id)
        assert (books.spendable, books.held, books.sales) == (1000, 0, 1)
    finally:
        till.backend.close()


def replace_reservation(ticket: Ticket, till: PretendTill) -> Ticket:
    [(_, booked)] = till.done.values()
    assert booked is not None
    return replace(ticket, reservation=booked.reference)


# Holds.
def test_a_project_that_locks_no_cards_holds_nothing(
    running: RunningStandIn,
    stage: StandInStage,
    backend: LoyaltyBackend,
) -> None:
    """A schema of the vendor's says that sessions cannot be established for loyalty cards."""
    running.switch("locks cards", "no")
    till = PretendTill(backend)
    outcome = till.send(till.hold(till.quoted(served(stage, backend), stage.bill)))
    assert isinstance(outcome, Refused), outcome
    assert "hold_points = false" in outcome.detail


def test_a_balance_without_what_is_held_looks_like_no_hold(
    running: RunningStandIn,
    stage: StandInStage,
    backend: LoyaltyBackend,
) -> None:
    """Then a hold whose answer was lost is given up: it ends by itself, and nothing is taken."""
    running.switch("balance hides locks", "yes")
    till, found = PretendTill(backend), served(stage, backend)
    hold = till.hold(till.quoted(found, stage.bill))
    stage.stage(LOST)
    assert isinstance(till.send(hold), Unknown)
    assert isinstance(till.look_up(hold), NotApplied | AlreadyApplied | Unknown)
    assert stage.books(found.member.member_id).held == 500


def test_holding_again_under_the_same_key_holds_once(stage: StandInStage, backend: LoyaltyBackend) -> None:
    till, found = PretendTill(backend), served(stage, backend)
    hold = till.hold(till.quoted(found, stage.bill))
    till.post(hold)
    till.post(hold)
    assert stage.books(found.member.member_id).held == 500


def test_a_hold_that_ran_out_is_taken_while_the_points_are_there(
    running: RunningStandIn,
    stage: StandInStage,
    backend: LoyaltyBackend,
) -> None:
    till, found = PretendTill(backend), served(stage, backend)
    ticket = till.held(till.quoted(found, stage.bill))
    running.switch("holds end", "")
    capture, sale = till.planned(ticket)
    till.post(capture)
    till.post(sale)
    assert stage.books(found.member.member_id).spendable == 500


def test_a_hold_that_ran_out_and_points_that_are_gone(
    running: RunningStandIn,
    stage: StandInStage,
    backend: LoyaltyBackend,
) -> None:
    till, found = PretendTill(backend), served(stage, backend)
    ticket = till.held(till.quoted(found, stage.bill))
    running.switch("holds end", "")
    stage.use_points(found.member.member_id, "900")
    capture, sale = till.planned(ticket)
    outcome = till.send(capture)
    assert isinstance(outcome, Refused), outcome
    assert outcome.because is RefusedBecause.BALANCE_TOO_LOW
    till.post(sale)
    stage.settle()
    books = stage.books(found.member.member_id)
    assert (books.spendable, books.sales) == (150, 1)


def test_an_old_hold_is_over_without_asking(stage: StandInStage, backend: LoyaltyBackend) -> None:
    till, found = PretendTill(backend), served(stage, backend)
    hold = till.hold(till.quoted(found, stage.bill))
    old = replace(hold, at=hold.at - timedelta(minutes=17))
    stage.stage(replace(LOST, writes_only=False, times=9))
    assert backend.reconcile(old) == NotApplied()
    assert isinstance(backend.reconcile(replace(old, kind=EffectKind.RELEASE)), AlreadyApplied)


# Orders.
def test_an_order_that_redeeming_pays_is_told_once(
    running: RunningStandIn,
    stage: StandInStage,
    backend: LoyaltyBackend,
) -> None:
    """The till leaves the order unpaid; a project that pays it all the same earns once."""
    running.switch("redeeming pays", "yes")
    sold = Sold(stage, backend)
    assert stage.books(sold.member_id).sales == 1


@pytest.mark.parametrize("known_by", ["phone:+919845055501", "wallet:LC1:asha0001"])
def test_a_member_met_offline_is_looked_for_when_the_sale_is_told(
    stage: StandInStage, backend: LoyaltyBackend, known_by: str
) -> None:
    member_id = stage.add_member(replace(ASHA, wallet_code="LC1:asha0001"))
    found = backend.find(PhoneNumber(ASHA.phone))
    assert isinstance(found, MemberFound), found
    till = PretendTill(backend)
    [sale] = till.planned(till.quoted(found, stage.bill, TakeNothing()))
    offline = replace(sale, member_id="", identified_by=known_by)
    stage.stage(StagedFault(trouble=Trouble.STATUS, status=500, writes_only=False))
    assert isinstance(till.send(offline), RetryLater)
    till.post(offline)
    stage.settle()
    assert stage.books(member_id).spendable == 1050


def test_a_member_met_offline_whom_nobody_knows(stage: StandInStage, backend: LoyaltyBackend) -> None:
    till = PretendTill(backend)
    [sale] = till.planned(till.quoted(served(stage, backend), stage.bill, TakeNothing()))
    outcome = backend.apply(replace(sale, member_id="", identified_by="phone:+919845099999"))
    assert isinstance(outcome, Refused), outcome


def test_rules_need_nobody() -> None:
    rules = VoucherifyRules(VoucherifySettings(campaign=CAMPAIGN))
    assert rules.capabilities.key_life == timedelta(0)
    assert COIN.startswith("rew_")
