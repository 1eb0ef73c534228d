from __future__ import annotations

from collections.abc import Iterator

import pytest

from cashier_app.backends.nector.identity import Named
from cashier_app.testing.backend_contract import BackendContract
from cashier_app.testing.running import RunningStandIn
from cashier_app.testing.stage import ShopStage
from tests.contract.nector_shop import stage_with


@pytest.fixture(scope="module")
def running() -> Iterator[RunningStandIn]:
    with RunningStandIn("nector") as stand_in:
        yield stand_in


class TestNectorByMobile(BackendContract):
    """Both ways in, customers known by their mobile numbers."""

    @pytest.fixture
    def stage(self, running: RunningStandIn) -> ShopStage:
        return stage_with(running)


class TestNectorByCustomerId(BackendContract):
    """Both ways in, customers known by the ids of the shop's own system."""

    @pytest.fixture
    def stage(self, running: RunningStandIn) -> ShopStage:
        stage = stage_with(running, Named(customer_id="custom_website-nobody"), identify_by="customer id")
        running.switch("member ids", "customer id")
        return stage


class TestNectorMerchantApiAlone(BackendContract):
    """No webhook: coins are used and given back by the ledger alone."""

    @pytest.fixture
    def stage(self, running: RunningStandIn) -> ShopStage:
        unknown = Named(lead_id="0c1b6f0a-52a9-4c1e-9d86-3c1f3b5b7a10")
        stage = stage_with(running, unknown, checkout="none")
        running.switch("member ids", "lead")
        return stage


class TestNectorWebhookAlone(BackendContract):
    """No merchant API: no names, nothing earned, looked up by balance."""

    @pytest.fixture
    def stage(self, running: RunningStandIn) -> ShopStage:
        stage = stage_with(running, merchant_key="none", checkout="shiprocket")
        running.switch("refusals tell the balance", "yes")
        return stage
