"""A shop on Open Loyalty's stand-in, as Open Loyalty's own tests set it up."""

from __future__ import annotations

from pathlib import Path

from cashier_app.backends.openloyalty.kind import KIND
from cashier_app.domain.money import Currency, Money
from cashier_app.testing.running import RunningStandIn
from cashier_app.testing.stage import StandInStage

EXAMPLES = Path(__file__).parents[2] / "examples"
BILL = Money(236000, Currency("INR", 2))
POINTS = 6000
NOBODY = "0a1b2c3d-0000-4000-8000-00000000ffff"
SETTINGS: dict[str, object] = {"store_code": "default", "program": "openloyalty-program.toml"}


def stage_with(
    running: RunningStandIn,
    *,
    bill: Money = BILL,
    folder: Path = EXAMPLES,
    region: str = "IN",
    **settings: object,
) -> StandInStage:
    """Return an empty shop whose sales earn at once."""
    stage = StandInStage(
        running,
        KIND,
        bill,
        points=POINTS,
        unknown_member_id=NOBODY,
        settings=SETTINGS | settings,
        folder=folder,
        region=region,
    )
    running.switch("earning", "at once")
    running.switch("currency", bill.currency.code)
    return stage
