from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from cashier_app.backends.nector.identity import Identities, Named
from cashier_app.backends.nector.kind import KIND, NectorSettings
from cashier_app.domain.money import Currency, Money
from cashier_app.ports.credentials import Secret
from cashier_app.testing.backend_contract import BackendContract
from cashier_app.testing.running import RunningStandIn
from cashier_app.testing.stage import ShopStage, StandInStage
from cashier_app.testing.stand_ins.nector import WORKSPACE

EXAMPLES = Path(__file__).parents[2] / "examples"
BILL = Money(236000, Currency("INR", 2))
BOTH = {"program": "nector-program.toml", "workspace": WORKSPACE}


@pytest.fixture(scope="module")
def running() -> Iterator[RunningStandIn]:
    with RunningStandIn("nector") as stand_in:
        yield stand_in


def stage_with(running: RunningStandIn, unknown: Named, **settings: object) -> StandInStage:
    ids = Identities(NectorSettings(program="none"), "IN", Secret(running.secrets["webhook id"]))
    stage = StandInStage(
        running,
        KIND,
        BILL,
        settings=BOTH | settings,
        unknown_member_id=ids.member_id(unknown),
        folder=EXAMPLES,
    )
    running.switch("limit", "off")
    return stage


class TestNectorByMobile(BackendContract):
    """Both ways in, customers known by their mobile numbers."""

    @pytest.fixture
    def stage(self, running: RunningStandIn) -> ShopStage:
        return stage_with(running, Named(mobile="9845099999"))


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
        stage = stage_with(running, Named(mobile="9845099999"), merchant_key="none", checkout="shiprocket")
        running.switch("refusals tell the balance", "yes")
        return stage
