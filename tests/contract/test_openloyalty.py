"""Open Loyalty passes the suite: holding points by blocks, and holding none."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from cashier_app.testing.backend_contract import BackendContract
from cashier_app.testing.running import RunningStandIn
from cashier_app.testing.stage import ShopStage
from cashier_app.testing.stand_ins.openloyalty_answers import CHANNEL, CONVERSION, TIER_SET
from tests.contract.openloyalty_shop import stage_with


@pytest.fixture(scope="module")
def running() -> Iterator[RunningStandIn]:
    with RunningStandIn("openloyalty") as stand_in:
        yield stand_in


class TestHolding(BackendContract):
    @pytest.fixture
    def stage(self, running: RunningStandIn) -> ShopStage:
        return stage_with(running, holds_points=True, pass_prefix="LC1:", tier_set=TIER_SET, channel=CHANNEL)


class TestHoldingNothing(BackendContract):
    @pytest.fixture
    def stage(self, running: RunningStandIn) -> ShopStage:
        return stage_with(running, conversion_reward=CONVERSION, passes_hold_card_numbers=False)
