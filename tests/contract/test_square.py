from __future__ import annotations

from collections.abc import Iterator

import pytest

from cashier_app.backends.square.kind import KIND
from cashier_app.domain.money import Currency, Money
from cashier_app.testing.backend_contract import BackendContract
from cashier_app.testing.running import RunningStandIn
from cashier_app.testing.stage import ShopStage, StandInStage

BILL = Money(5000, Currency("USD", 2))


@pytest.fixture(scope="module")
def running() -> Iterator[RunningStandIn]:
    with RunningStandIn("square") as stand_in:
        yield stand_in


class TestSquare(BackendContract):
    """Nothing is asked at a bill: the program's rewards, reckoned by the till."""

    @pytest.fixture
    def stage(self, running: RunningStandIn) -> ShopStage:
        settings = {"location": "LOC1", "offer_issued": False}
        return StandInStage(running, KIND, BILL, settings=settings, unknown_member_id="acct-none")


class TestSquareReckonsBills(BackendContract):
    """The same where Square is asked what each reward takes off, and for rewards taken out before."""

    @pytest.fixture
    def stage(self, running: RunningStandIn) -> ShopStage:
        settings = {"location": "LOC1", "orders": True}
        return StandInStage(running, KIND, BILL, settings=settings, unknown_member_id="acct-none")
