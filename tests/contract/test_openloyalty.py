"""Open Loyalty passes the suite: holding points by blocks, and holding none."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from cashier_app.backends.openloyalty.kind import KIND
from cashier_app.domain.money import Currency, Money
from cashier_app.testing.backend_contract import BackendContract
from cashier_app.testing.running import RunningStandIn
from cashier_app.testing.stage import ShopStage, StandInStage
from cashier_app.testing.stand_ins.openloyalty_answers import CHANNEL, CONVERSION, TIER_SET

NOBODY = "0a1b2c3d-0000-4000-8000-00000000ffff"
EXAMPLES = Path(__file__).parents[2] / "examples"


@pytest.fixture(scope="module")
def running() -> Iterator[RunningStandIn]:
    with RunningStandIn("openloyalty") as stand_in:
        yield stand_in


class TestHolding(BackendContract):
    @pytest.fixture
    def stage(self, running: RunningStandIn) -> ShopStage:
        settings = {
            "store_code": "default",
            "program": "openloyalty-program.toml",
            "holds_points": True,
            "pass_prefix": "LC1:",
            "tier_set": TIER_SET,
            "channel": CHANNEL,
        }
        bill = Money(236000, Currency("INR", 2))
        stage = StandInStage(
            running, KIND, bill, points=4000, unknown_member_id=NOBODY, settings=settings, folder=EXAMPLES
        )
        running.switch("earning", "at once")
        return stage


class TestHoldingNothing(BackendContract):
    @pytest.fixture
    def stage(self, running: RunningStandIn) -> ShopStage:
        settings = {
            "store_code": "default",
            "program": "openloyalty-program.toml",
            "conversion_reward": CONVERSION,
            "passes_hold_card_numbers": False,
        }
        bill = Money(236000, Currency("INR", 2))
        stage = StandInStage(
            running, KIND, bill, points=4000, unknown_member_id=NOBODY, settings=settings, folder=EXAMPLES
        )
        running.switch("earning", "at once")
        return stage
