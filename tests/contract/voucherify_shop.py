"""A shop on Voucherify's stand-in, as Voucherify's own tests set it up; and answers altered on their way."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import Any

import pytest

from cashier_app.backends.http_client import HttpClient
from cashier_app.backends.replies import Answered, Reply
from cashier_app.backends.voucherify.kind import KIND
from cashier_app.domain.money import Currency, Money
from cashier_app.domain.outcome import MemberFound
from cashier_app.domain.sale import Effect
from cashier_app.ports.loyalty import LoyaltyBackend
from cashier_app.testing.people import Person
from cashier_app.testing.pretend_till import PretendTill
from cashier_app.testing.running import RunningStandIn
from cashier_app.testing.stage import StandInStage
from cashier_app.testing.stand_ins.voucherify_books import CAMPAIGN

BILL = Money(5000, Currency("USD", 2))
ASHA = Person("Asha Menon", "+919845055501", "MC20001", "LC1:asha0001", points=Decimal(1000))


@pytest.fixture(scope="module")
def running() -> Iterator[RunningStandIn]:
    """Run the stand-in for a file of tests."""
    with RunningStandIn("voucherify") as stand_in:
        yield stand_in


@pytest.fixture
def stage(running: RunningStandIn) -> Iterator[StandInStage]:
    """Give an empty shop, which must not fail by itself."""
    stage = stage_with(running)
    yield stage
    assert stage.failures() == []


@pytest.fixture
def backend(stage: StandInStage) -> Iterator[LoyaltyBackend]:
    """Open the shop's backend."""
    backend = stage.open()
    yield backend
    backend.close()


def stage_with(running: RunningStandIn, bill: Money = BILL, **settings: object) -> StandInStage:
    """Return an empty shop with these settings."""
    return StandInStage(
        running,
        KIND,
        bill,
        points=1000,
        unknown_member_id="v_nobody",
        region="US",
        settings={"campaign": CAMPAIGN} | settings,
    )


def served(stage: StandInStage, backend: LoyaltyBackend, person: Person = ASHA) -> MemberFound:
    """Make somebody a member and serve them."""
    found = backend.refresh(stage.add_member(person))
    assert isinstance(found, MemberFound), found
    return found


def first(stage: StandInStage, backend: LoyaltyBackend) -> tuple[PretendTill, Effect]:
    """Return a till and the hold of its first sale, not sent yet."""
    till = PretendTill(backend)
    return till, till.hold(till.quoted(served(stage, backend), stage.bill))


Change = Callable[[Any], None]


def altered(monkeypatch: pytest.MonkeyPatch, part: str, change: Change) -> None:
    """Alter answers to requests whose path holds a part."""
    call = HttpClient.call

    def calling(client: HttpClient, method: str, path: str, *args: Any, **more: Any) -> Reply:  # noqa: ANN401
        reply = call(client, method, path, *args, **more)
        if part in path and isinstance(reply, Answered) and reply.is_success:
            change(reply.body)
        return reply

    monkeypatch.setattr(HttpClient, "call", calling)


def put(*path: str | int, to: object) -> Change:
    """Return what puts something else in one place of an answer."""

    def change(body: Any) -> None:  # noqa: ANN401 - any JSON
        for step in path[:-1]:
            body = body[step]
        body[path[-1]] = to

    return change
