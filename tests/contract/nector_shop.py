"""A shop on Nector's stand-in, as Nector's own tests set it up."""

from __future__ import annotations

from pathlib import Path

from cashier_app.backends.nector.identity import Identities, Named
from cashier_app.backends.nector.kind import KIND, NectorSettings
from cashier_app.domain.money import Currency, Money
from cashier_app.ports.credentials import Secret
from cashier_app.testing.running import RunningStandIn
from cashier_app.testing.stage import StandInStage
from cashier_app.testing.stand_ins.nector import WORKSPACE

EXAMPLES = Path(__file__).parents[2] / "examples"
BILL = Money(236000, Currency("INR", 2))
SETTINGS: dict[str, object] = {
    "program": "nector-program.toml",
    "workspace": WORKSPACE,
    "calls_a_minute": 100_000,
}
NOBODYS = Named(mobile="9845099999")


def stage_with(
    running: RunningStandIn,
    unknown: Named = NOBODYS,
    *,
    bill: Money = BILL,
    folder: Path = EXAMPLES,
    **settings: object,
) -> StandInStage:
    """Return an empty shop without Nector's limit of calls."""
    ids = Identities(NectorSettings(program="none"), "IN", Secret(running.secrets["webhook id"]))
    stage = StandInStage(
        running,
        KIND,
        bill,
        settings=SETTINGS | settings,
        unknown_member_id=ids.member_id(unknown),
        folder=folder,
    )
    running.switch("limit", "off")
    return stage
