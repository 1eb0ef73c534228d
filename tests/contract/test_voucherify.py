from __future__ import annotations

import pytest

from cashier_app.testing.backend_contract import BackendContract
from cashier_app.testing.running import RunningStandIn
from cashier_app.testing.stage import ShopStage
from tests.contract.voucherify_shop import running, stage_with

__all__ = ["running"]  # a fixture


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
