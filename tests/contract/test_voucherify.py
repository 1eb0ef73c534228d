from __future__ import annotations

from collections.abc import Iterator

import pytest

from cashier_app.backends.voucherify.kind import KIND
from cashier_app.domain.money import Currency, Money
from cashier_app.testing.backend_contract import BackendContract
from cashier_app.testing.running import RunningStandIn
from cashier_app.testing.stage import ShopStage, StandInStage
from cashier_app.testing.stand_ins.voucherify_books import CAMPAIGN

USD = Currency("USD", 2)


@pytest.fixture(scope="module")
def running() -> Iterator[RunningStandIn]:
    with RunningStandIn("voucherify") as stand_in:
        yield stand_in


class TestVoucherify(BackendContract):
    @pytest.fixture
    def stage(self, running: RunningStandIn) -> ShopStage:
        return StandInStage(
            running,
            KIND,
            Money(5000, USD),
            points=1000,
            unknown_member_id="v_nobody",
            region="US",
            settings={"campaign": CAMPAIGN},
        )
