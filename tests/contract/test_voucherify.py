from __future__ import annotations

from collections.abc import Iterator

import pytest

from cashier_app.backends.voucherify.kind import KIND
from cashier_app.domain.money import Currency, Money
from cashier_app.testing.backend_contract import BackendContract
from cashier_app.testing.running import RunningStandIn
from cashier_app.testing.stage import ShopStage, StandInStage
from cashier_app.testing.stand_ins.voucherify_books import CAMPAIGN

BILL = Money(5000, Currency("USD", 2))


@pytest.fixture(scope="module")
def running() -> Iterator[RunningStandIn]:
    with RunningStandIn("voucherify") as stand_in:
        yield stand_in


def stage_with(running: RunningStandIn, bill: Money = BILL, **settings: object) -> StandInStage:
    return StandInStage(
        running,
        KIND,
        bill,
        points=1000,
        unknown_member_id="v_nobody",
        region="US",
        settings={"campaign": CAMPAIGN} | settings,
    )


class TestVoucherify(BackendContract):
    """Points held, customers known by their phone numbers."""

    @pytest.fixture
    def stage(self, running: RunningStandIn) -> ShopStage:
        return stage_with(running)


class TestVoucherifyWithoutHolds(BackendContract):
    """Points taken when the customer has paid, customers known by the shop's own numbers."""

    @pytest.fixture
    def stage(self, running: RunningStandIn) -> ShopStage:
        stage = stage_with(running, hold_points=False, customer_id_is="number", show_tiers=False)
        running.switch("customer id", "number")
        return stage
