"""Staged faults before an application that always answers: how often, how long, and counted."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable

import msgspec
import pytest
from starlette.responses import PlainTextResponse
from starlette.types import Message

from cashier_app.demo.faults import CONNECTION, FaultPlan, Faults, FaultyApp, Tally

FIND, SALE, HEALTH = "/v1/members/find", "/v1/sales", "/v1/health"
HUNG_UP = 0


class Line:
    """A connection that can be cut."""

    def __init__(self) -> None:
        self.cut = asyncio.Event()

    def abort(self) -> None:
        """Cut it."""
        self.cut.set()


async def ask(app: FaultyApp, path: str = FIND) -> int:
    """Return the status of the answer, or `HUNG_UP`."""
    line, statuses = Line(), [HUNG_UP]

    async def receive() -> Message:
        await line.cut.wait()
        return {"type": "http.disconnect"}

    async def send(message: Message) -> None:
        if message["type"] == "http.response.start":
            statuses.append(message["status"])

    method = "GET" if path == HEALTH else "POST"
    scope = {"type": "http", "method": method, "path": path, "headers": [], "state": {CONNECTION: line}}
    await app(scope, receive, send)
    return statuses[-1]


def answers(faults: Faults, times: int, path: str = FIND) -> list[int]:
    """Ask so often, one after the other."""

    async def all_of_them() -> list[int]:
        app = FaultyApp(PlainTextResponse("fine"), faults)
        return [await ask(app, path) for _ in range(times)]

    return asyncio.run(all_of_them())


@pytest.mark.parametrize(
    ("plan", "path", "status"),
    [
        (FaultPlan(lose_percent=20, seed=7), SALE, HUNG_UP),
        (FaultPlan(unavailable_percent=20, seed=7), FIND, 503),
        (FaultPlan(too_many_percent=20, seed=7), FIND, 429),
    ],
    ids=["lost", "503", "429"],
)
def test_a_share_of_the_requests_fails_the_same_ones_again(plan: FaultPlan, path: str, status: int) -> None:
    faults = Faults()
    faults.stage(plan)
    first = answers(faults, 400, path)
    assert set(first) == {200, status}
    assert 50 <= first.count(status) <= 110  # 80 expected
    assert faults.tally == Tally(400, first.count(status))
    faults.stage(plan)
    assert answers(faults, 400, path) == first


def test_the_whole_share_is_all_and_none_throws_no_dice() -> None:
    faults = Faults()
    faults.stage(FaultPlan(unavailable_percent=100))
    assert set(answers(faults, 20)) == {503}
    faults.stage(FaultPlan(seed=3))
    assert set(answers(faults, 20)) == {200}
    assert not faults.falls(0)
    # Had dice been thrown for them, other requests would fail from here on.
    other = Faults()
    other.stage(FaultPlan(seed=3))
    assert [faults.falls(50) for _ in range(30)] == [other.falls(50) for _ in range(30)]


def test_reading_never_loses_its_answer_and_a_health_check_is_never_refused() -> None:
    faults = Faults()
    faults.stage(FaultPlan(lose_percent=100, unavailable_percent=0))
    assert answers(faults, 5, FIND) == [200] * 5
    faults.stage(FaultPlan(unavailable_percent=100))
    assert answers(faults, 5, HEALTH) == [200] * 5


@pytest.mark.parametrize(
    ("plan", "status"),
    [(FaultPlan(down=True), HUNG_UP), (FaultPlan(captive_portal=True), 200), (FaultPlan(unavailable=1), 503)],
    ids=["down", "portal", "503"],
)
def test_whatever_fails_is_counted(plan: FaultPlan, status: int) -> None:
    faults = Faults()
    faults.stage(plan)
    assert answers(faults, 1) == [status]
    assert faults.tally == Tally(asked=1, failed=1)
    faults.clear()
    assert answers(faults, 2) == [200, 200]
    assert faults.tally == Tally(asked=3, failed=1)


def test_answers_wait_around_the_delay() -> None:
    faults = Faults()
    faults.stage(FaultPlan(delay_ms=60, jitter_ms=60, seed=1))
    leans = [faults.lean() for _ in range(200)]
    assert min(leans) < -0.9
    assert max(leans) > 0.9
    faults.stage(FaultPlan(delay_ms=60, seed=1))
    assert faults.lean() == 0.0
    started = time.perf_counter()
    assert answers(faults, 1) == [200]
    assert time.perf_counter() - started >= 0.06


def test_whoever_waits_is_answered_soon_after_all_is_well_again() -> None:
    faults = Faults()
    faults.stage(FaultPlan(delay_ms=600_000))

    async def wait_and_clear() -> int:
        waiting = asyncio.create_task(ask(FaultyApp(PlainTextResponse("fine"), faults)))
        await asyncio.sleep(0)  # it begins
        assert faults.tally.asked == 1
        faults.clear()
        return await asyncio.wait_for(waiting, timeout=5)

    assert asyncio.run(wait_and_clear()) == 200


@pytest.mark.parametrize("name", ["lose_percent", "unavailable_percent", "too_many_percent"])
@pytest.mark.parametrize("share", [-1, 101])
def test_no_more_than_all_can_fail(name: str, share: int) -> None:
    read: Callable[[], FaultPlan] = lambda: msgspec.convert({name: share}, FaultPlan)  # noqa: E731
    with pytest.raises(msgspec.ValidationError):
        read()
