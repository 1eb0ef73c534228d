from __future__ import annotations

from collections.abc import Iterator

import pytest

from cashier_app.backends.nector.identity import Named
from cashier_app.ports.loyalty import LoyaltyBackend
from cashier_app.testing.backend_contract import BackendContract
from cashier_app.testing.running import RunningStandIn
from cashier_app.testing.stage import ShopStage
from cashier_app.testing.stand_ins.faults import StagedFault, Trouble
from cashier_app.testing.suite_faults import IN_DOUBT
from cashier_app.testing.suite_finding import NO_ANSWERS
from tests.contract.nector_shop import stage_with


@pytest.fixture(scope="module")
def running() -> Iterator[RunningStandIn]:
    with RunningStandIn("nector") as stand_in:
        yield stand_in


SLOW = {Trouble.SLOW, Trouble.DRIP}
"""A second each. Two of the four shops below wait for them: all four have the same client and deadlines."""


class QuickContract(BackendContract):
    """The suite without whatever is answered too slowly."""

    @pytest.mark.parametrize("fault", [one for one in IN_DOUBT.values() if one.trouble not in SLOW])
    @pytest.mark.parametrize("takes_hold", [False, True], ids=["not done", "done"])
    def test_whatever_comes_back_the_first_effect_takes_hold_once(
        self,
        stage: ShopStage,
        hasty: LoyaltyBackend,
        fault: StagedFault,
        takes_hold: bool,  # noqa: FBT001
    ) -> None:
        super().test_whatever_comes_back_the_first_effect_takes_hold_once(stage, hasty, fault, takes_hold)

    @pytest.mark.parametrize("fault", [one for one in NO_ANSWERS.values() if one.trouble not in SLOW])
    def test_no_answer_is_never_taken_for_nobody(self, stage: ShopStage, fault: StagedFault) -> None:
        super().test_no_answer_is_never_taken_for_nobody(stage, fault)


class TestNectorByMobile(BackendContract):
    """Both ways in, customers known by their mobile numbers."""

    @pytest.fixture
    def stage(self, running: RunningStandIn) -> ShopStage:
        return stage_with(running)


class TestNectorByCustomerId(QuickContract):
    """Both ways in, customers known by the ids of the shop's own system."""

    @pytest.fixture
    def stage(self, running: RunningStandIn) -> ShopStage:
        stage = stage_with(running, Named(customer_id="custom_website-nobody"), identify_by="customer id")
        running.switch("member ids", "customer id")
        return stage


class TestNectorMerchantApiAlone(QuickContract):
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
