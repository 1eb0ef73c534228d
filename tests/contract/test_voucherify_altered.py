"""Answers of Voucherify that contradict what was asked: shown to nobody, taken for nothing."""

from __future__ import annotations

from decimal import Decimal

import pytest

from cashier_app.domain.bill import bill_of
from cashier_app.domain.choice import TakeNothing
from cashier_app.domain.offers import Offers
from cashier_app.domain.outcome import (
    AlreadyApplied,
    Applied,
    NotApplied,
    Refused,
    RefusedBecause,
    Unknown,
    Unreachable,
)
from cashier_app.ports.loyalty import LoyaltyBackend
from cashier_app.testing.pretend_till import PretendTill
from cashier_app.testing.stage import StandInStage
from tests.contract.voucherify_shop import (
    ASHA,
    Change,
    altered,
    backend,
    first,
    put,
    running,
    served,
    stage,
)

__all__ = ["backend", "running", "stage"]  # fixtures

HOLDING = [
    ("another key", put("session", "key", to="another")),
    ("another amount", put("order", "total_discount_amount", to=1)),
    ("other points", put("redeemables", 0, "result", "loyalty_card", "points", to=7)),
    ("another card", put("redeemables", 0, "id", to="LC-OTHER")),
]


@pytest.mark.parametrize("change", [row[1] for row in HOLDING], ids=[row[0] for row in HOLDING])
def test_a_hold_that_is_not_what_was_asked_for_is_none(
    stage: StandInStage, backend: LoyaltyBackend, monkeypatch: pytest.MonkeyPatch, change: Change
) -> None:
    till, effect = first(stage, backend)
    altered(monkeypatch, "/validations", change)
    outcome = till.send(effect)
    assert isinstance(outcome, Refused), outcome
    assert outcome.because is RefusedBecause.NOT_ALLOWED


TAKING = [
    ("another order", put("redemptions", 0, "order", "source_id", to="another")),
    ("another card", put("redemptions", 0, "voucher", "id", to="v_another")),
    ("other points", put("redemptions", 0, "amount", to=10**13)),
    ("negative points", put("redemptions", 0, "amount", to=-1000)),
    ("another amount", put("redemptions", 0, "order", "total_discount_amount", to=1)),
    ("a failure", put("redemptions", 0, "result", to="FAILURE")),
    ("no id", put("redemptions", 0, "id", to="../../x")),
    ("nothing", put("redemptions", to=[])),
    ("not even a list", put("redemptions", to=None)),
]


@pytest.mark.parametrize("change", [row[1] for row in TAKING], ids=[row[0] for row in TAKING])
def test_points_taken_otherwise_than_asked_are_in_doubt(
    stage: StandInStage, backend: LoyaltyBackend, monkeypatch: pytest.MonkeyPatch, change: Change
) -> None:
    till = PretendTill(backend)
    capture = till.planned(till.held(till.quoted(served(stage, backend), stage.bill)))[0]
    altered(monkeypatch, "/redemptions", change)
    assert isinstance(till.send(capture), Unknown)


TELLING = [
    ("another sale", put("source_id", to="another")),
    ("another amount", put("amount", to=1)),
    ("another customer", put("customer_id", to="cust_another")),
    ("an unknown state", put("status", to="LOST")),
    ("not paid", put("status", to="CREATED")),
    ("absurd", put("amount", to=10**30)),
]


@pytest.mark.parametrize("change", [row[1] for row in TELLING], ids=[row[0] for row in TELLING])
def test_a_sale_told_otherwise_is_in_doubt(
    stage: StandInStage, backend: LoyaltyBackend, monkeypatch: pytest.MonkeyPatch, change: Change
) -> None:
    found, till = served(stage, backend), PretendTill(backend)
    [sale] = till.planned(till.quoted(found, stage.bill, TakeNothing()))
    altered(monkeypatch, "/orders", change)
    assert isinstance(till.send(sale), Unknown)


READING = [
    ("another card", "/vouchers/", put("id", to="v_another")),
    ("no card", "/vouchers/", put("loyalty_card", to=None)),
    ("absurd points", "/vouchers/", put("loyalty_card", "balance", to=10**30)),
    ("another customer", "/customers/", put("id", to="cust_another")),
    ("a number for a name", "/customers/", put("name", to=12)),
]


@pytest.mark.parametrize(("part", "change"), [row[1:] for row in READING], ids=[row[0] for row in READING])
def test_another_members_record_is_not_shown(
    stage: StandInStage, backend: LoyaltyBackend, monkeypatch: pytest.MonkeyPatch, part: str, change: Change
) -> None:
    member_id = stage.add_member(ASHA)
    altered(monkeypatch, part, change)
    assert isinstance(backend.refresh(member_id), Unreachable)


def test_an_order_with_two_redemptions_is_in_doubt(
    stage: StandInStage, backend: LoyaltyBackend, monkeypatch: pytest.MonkeyPatch
) -> None:
    till = PretendTill(backend)
    ticket, effects = till.sell(served(stage, backend), stage.bill)
    capture = effects[0]
    assert isinstance(till.look_up(capture), AlreadyApplied | Applied)
    altered(monkeypatch, "/orders/", put("redemptions", "r_another", to={"related_object_id": "v_1"}))
    assert isinstance(backend.reconcile(capture), Unknown)
    assert ticket.points == capture.points


def test_an_order_of_another_card_is_in_doubt(
    stage: StandInStage, backend: LoyaltyBackend, monkeypatch: pytest.MonkeyPatch
) -> None:
    till = PretendTill(backend)
    _, effects = till.sell(served(stage, backend), stage.bill)
    altered(monkeypatch, "/orders/", put("redemptions", to={"r_1": {"related_object_id": "v_another"}}))
    assert isinstance(backend.reconcile(effects[0]), Unknown)
    altered(monkeypatch, "/orders/", put("redemptions", to=None))
    assert backend.reconcile(effects[0]) == NotApplied()


def test_a_reward_that_contradicts_itself_is_not_offered(
    stage: StandInStage, backend: LoyaltyBackend, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = served(stage, backend)
    altered(monkeypatch, "/validations", put("order", "total_discount_amount", to=777))
    offers = backend.options(found.member.member_id, bill_of(stage.bill))
    assert isinstance(offers, Offers)
    assert offers.redemption == ()


@pytest.mark.parametrize("ratio", [0, -1, Decimal("1e30"), "a lot"])
def test_an_absurd_ratio_is_not_offered(
    stage: StandInStage, backend: LoyaltyBackend, monkeypatch: pytest.MonkeyPatch, ratio: object
) -> None:
    found = served(stage, backend)
    to = {"exchange_ratio": ratio, "points_ratio": 10}
    altered(monkeypatch, "/rewards", put("data", 0, "reward", "parameters", "coin", to=to))
    offers = backend.options(found.member.member_id, bill_of(stage.bill))
    assert isinstance(offers, Unreachable) or offers.redemption == ()
