from __future__ import annotations

from collections.abc import Iterator

import pytest

from cashier_app.backends.contract_kind import KIND
from cashier_app.domain.money import Currency, Money
from cashier_app.testing.backend_contract import BackendContract
from cashier_app.testing.running import RunningStandIn
from cashier_app.testing.stage import ShopStage, StandInStage


@pytest.fixture(scope="module")
def running() -> Iterator[RunningStandIn]:
    with RunningStandIn("contract") as stand_in:
        yield stand_in


class TestContract(BackendContract):
    @pytest.fixture
    def stage(self, running: RunningStandIn) -> ShopStage:
        bill = Money(236000, Currency("INR", 2))
        return StandInStage(running, KIND, bill, points=1240, shares_phones=True)
