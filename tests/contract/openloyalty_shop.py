"""A shop on Open Loyalty's stand-in, as Open Loyalty's own tests set it up."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import httpx
import pytest

from cashier_app.backends.openloyalty.kind import KIND
from cashier_app.domain.choice import TakeNothing
from cashier_app.domain.money import Currency, Money
from cashier_app.domain.outcome import MemberFound
from cashier_app.domain.sale import Effect
from cashier_app.ports.loyalty import LoyaltyBackend
from cashier_app.testing.pretend_till import PretendTill
from cashier_app.testing.running import RunningStandIn
from cashier_app.testing.stage import StandInStage

EXAMPLES = Path(__file__).parents[2] / "examples"
BILL = Money(236000, Currency("INR", 2))
POINTS = 6000
NOBODY = "0a1b2c3d-0000-4000-8000-00000000ffff"
SETTINGS: dict[str, object] = {"store_code": "default", "program": "openloyalty-program.toml"}
INR = Currency("INR", 2)
Open = Callable[..., tuple[StandInStage, LoyaltyBackend]]


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


@pytest.fixture(scope="module")
def running() -> Iterator[RunningStandIn]:
    """Run the stand-in for a file of tests."""
    with RunningStandIn("openloyalty") as stand_in:
        yield stand_in


@pytest.fixture
def shop(running: RunningStandIn) -> Iterator[Open]:
    """Give an empty shop, which must not fail by itself."""
    """Open a shop with these settings; whatever it was sent must have been as Open Loyalty wants it."""
    opened: list[LoyaltyBackend] = []

    def opener(**settings: object) -> tuple[StandInStage, LoyaltyBackend]:
        stage = stage_with(running, **settings)  # type: ignore[arg-type]
        opened.append(stage.open())
        return stage, opened[-1]

    yield opener
    for backend in opened:
        backend.close()
    assert running.failures() == []


def ask(running: RunningStandIn, path: str, query: dict[str, str] | None = None) -> dict[str, object]:
    """Read what the stand-in keeps, as any other client would."""
    headers = {"X-AUTH-TOKEN": running.secrets["api key"]}
    answer = httpx.get(
        f"{running.address}/api/default/{path}", headers=headers, params=query, trust_env=False
    )
    assert answer.status_code == httpx.codes.OK, answer.text
    found: dict[str, object] = answer.json()
    return found


def spoil(running: RunningStandIn, method: str, path: str, value: object) -> None:
    """Have the stand-in answer this call with something else."""
    running.switch("spoil", json.dumps({"method": method, "path": path, "with": value}))


def sale_of(till: PretendTill, stage: StandInStage, found: MemberFound) -> Effect:
    """Return what this till tells of a member's sale."""
    return till.planned(till.quoted(found, stage.bill, TakeNothing()))[-1]


def now() -> datetime:
    """Return the time, UTC."""
    return datetime.now(UTC)
