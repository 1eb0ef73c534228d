"""Sales told to Open Loyalty without a member, and given to one afterwards: never twice."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest
from msgspec.structs import replace
from uuid6 import uuid7

from cashier_app.backends.openloyalty.adapter import OpenLoyaltyBackend
from cashier_app.domain.outcome import AlreadyApplied, Applied, NotApplied, Refused, RefusedBecause, Unknown
from cashier_app.domain.sale import Effect, EffectKind
from cashier_app.ports.loyalty import LoyaltyBackend
from cashier_app.testing.pretend_till import PretendTill
from cashier_app.testing.running import RunningStandIn
from cashier_app.testing.stage import StandInStage
from cashier_app.testing.suite_finding import ASHA
from cashier_app.testing.suite_selling import nth_person
from tests.contract.openloyalty_shop import BILL, stage_with


@pytest.fixture(scope="module")
def running() -> Iterator[RunningStandIn]:
    with RunningStandIn("openloyalty") as stand_in:
        yield stand_in


@pytest.fixture
def stage(running: RunningStandIn) -> StandInStage:
    return stage_with(running)


@pytest.fixture
def backend(stage: StandInStage) -> Iterator[LoyaltyBackend]:
    opened = stage.open()
    yield opened
    opened.close()


def told(stage: StandInStage, backend: LoyaltyBackend, member_id: str) -> tuple[PretendTill, Effect]:
    till, sale_id = PretendTill(backend), str(uuid7())
    till.post(till.told_of_nobody(BILL, sale_id))
    stage.settle()
    return till, till.link(BILL, sale_id, member_id)


def spoil(running: RunningStandIn, path: str, method: str = "GET", **values: object) -> None:
    running.switch("spoil", json.dumps({"method": method, "path": path, "with": values}))


def test_a_member_met_by_phone_only_is_given_the_sale(stage: StandInStage, backend: LoyaltyBackend) -> None:
    member_id = stage.add_member(ASHA)
    till, link = told(stage, backend, "")
    unseen = replace(link, identified_by=f"phone:{ASHA.phone}")
    assert till.look_up(unseen) == NotApplied()
    assert isinstance(till.send(unseen), Applied)
    assert isinstance(till.look_up(unseen), AlreadyApplied)
    stage.settle()
    assert stage.books(member_id).sales == 1
    nobody = replace(link, identified_by="phone:+919845000000")
    assert isinstance(till.send(nobody), Refused)
    assert till.look_up(nobody) == NotApplied()


def test_the_same_member_a_second_time_is_nothing_new(stage: StandInStage, backend: LoyaltyBackend) -> None:
    member_id = stage.add_member(ASHA)
    till, link = told(stage, backend, member_id)
    assert isinstance(till.send(link), Applied)
    assert isinstance(till.send(link), AlreadyApplied)
    assert stage.books(member_id).sales == 1


def test_anothers_sale_is_looked_up_as_not_this_ones(stage: StandInStage, backend: LoyaltyBackend) -> None:
    other = stage.add_member(nth_person(1))
    till, link = told(stage, backend, stage.add_member(ASHA))
    till.post(replace(link, member_id=other))
    assert till.look_up(link) == NotApplied()
    refused = till.send(link)
    assert isinstance(refused, Refused)
    assert refused.because is RefusedBecause.ALREADY_LINKED


def test_what_a_list_does_not_say_is_in_doubt(
    running: RunningStandIn, stage: StandInStage, backend: LoyaltyBackend
) -> None:
    till, link = told(stage, backend, stage.add_member(ASHA))
    spoil(running, "/transaction", items=[{"grossValue": 1, "documentNumber": "another"}])
    assert isinstance(till.look_up(link), Unknown)
    ours = {"grossValue": 2360, "documentNumber": f"{link.sale_id}-sale-1"}
    spoil(running, "/transaction", items=[ours | {"transactionId": None}])
    assert isinstance(till.look_up(link), Unknown)
    named = ours | {"transactionId": str(uuid7())}
    spoil(running, "/transaction", items=[named | {"matched": True}])
    assert isinstance(till.look_up(link), Unknown)
    assert isinstance(till.send(link), Unknown)


def test_goods_of_nobodys_sale_come_back(stage: StandInStage, backend: LoyaltyBackend) -> None:
    member_id = stage.add_member(ASHA)
    till, link = told(stage, backend, member_id)
    till.post(link)
    stage.settle()
    back = replace(
        till.told_of_nobody(BILL, link.sale_id),
        key=f"{link.sale_id}-refund-1",
        kind=EffectKind.REFUND,
        original_key=f"{link.sale_id}-sale-1",
    )
    assert isinstance(till.send(back), Applied)
    assert isinstance(till.look_up(back), AlreadyApplied)
    stage.settle()
    assert stage.books(member_id).spendable == 0


def test_only_links_are_linked(backend: LoyaltyBackend) -> None:
    assert isinstance(backend, OpenLoyaltyBackend)
    with pytest.raises(ValueError, match="not a sale to be linked"):
        backend.link(PretendTill(backend).told_of_nobody(BILL, str(uuid7())))
