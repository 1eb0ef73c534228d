"""A shop on Nector's stand-in, as Nector's own tests set it up."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import pytest
from uuid6 import uuid7

from cashier_app.backends.nector.identity import Identities, Named
from cashier_app.backends.nector.kind import API_KEY, KIND, KNOWN_CUSTOMER, WEBHOOK_ID, NectorSettings
from cashier_app.domain.adjustment import Adjustment
from cashier_app.domain.money import Currency, Money
from cashier_app.ports.credentials import Secret
from cashier_app.ports.loyalty import LoyaltyBackend
from cashier_app.testing.running import RunningStandIn
from cashier_app.testing.stage import StandInStage
from cashier_app.testing.stand_ins.faults import StagedFault, Trouble
from cashier_app.testing.stand_ins.nector import WORKSPACE

EXAMPLES = Path(__file__).parents[2] / "examples"
BILL = Money(236000, Currency("INR", 2))
SETTINGS: dict[str, object] = {
    "program": "nector-program.toml",
    "workspace": WORKSPACE,
    "calls_a_minute": 100_000,
}
NOBODYS = Named(mobile="9845099999")
LOST = StagedFault(trouble=Trouble.LOST_ANSWER, takes_hold=True)
MERCHANT, WEBHOOK = "/api/v2/merchant", "/integrations/"


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


@pytest.fixture(scope="module")
def running() -> Iterator[RunningStandIn]:
    """Run the stand-in for a file of tests."""
    with RunningStandIn("nector") as stand_in:
        yield stand_in


@pytest.fixture
def shop(running: RunningStandIn) -> Iterator[StandInStage]:
    """Give an empty shop, which must not fail by itself."""
    stage = stage_with(running)
    yield stage
    assert running.failures() == []


@contextmanager
def opened(stage: StandInStage) -> Iterator[LoyaltyBackend]:
    """Yield the backend of a shop."""
    backend = stage.open()
    try:
        yield backend
    finally:
        backend.close()


@pytest.fixture
def backend(shop: StandInStage) -> Iterator[LoyaltyBackend]:
    """Open the shop's backend."""
    with opened(shop) as backend:
        yield backend


def failing(status: int, path: str, *, writes_only: bool = False, times: int = 1) -> StagedFault:
    """Return a fault that answers with this status."""
    return StagedFault(trouble=Trouble.STATUS, status=status, path=path, writes_only=writes_only, times=times)


def correction(member_id: str, points: int) -> Adjustment:
    """Return a correction by hand."""
    return Adjustment(str(uuid7()), member_id, Decimal(points), "Typed twice", "Meera", datetime.now(UTC))


@contextmanager
def with_known(stage: StandInStage, running: RunningStandIn, known: str) -> Iterator[LoyaltyBackend]:
    """Yield the backend of a shop whose known customer is this one."""
    names = {**running.secrets, KNOWN_CUSTOMER.name: known}
    secrets = {name: Secret(value) for name, value in names.items()}
    assert {API_KEY.name, WEBHOOK_ID.name} <= set(secrets)
    backend = KIND.open_backend(stage._settings, secrets, stage._surroundings)
    try:
        yield backend
    finally:
        backend.close()
