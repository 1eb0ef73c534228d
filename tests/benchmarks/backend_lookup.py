"""A member found through an adapter, against the bare requests it makes, sent with the same HTTP library.

Both in turn, to the same stand-in over loopback. The adapter also ends every call at its deadline, caps and
checks the answer, and makes values of it.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path
from statistics import median
from typing import Any, Self

import httpx

from cashier_app.backends import registry
from cashier_app.domain.identifier import PhoneNumber
from cashier_app.domain.money import Currency, Money
from cashier_app.domain.outcome import MemberFound
from cashier_app.ports.loyalty import LoyaltyBackend
from cashier_app.testing.people import Person
from cashier_app.testing.running import RunningStandIn
from cashier_app.testing.stage import StandInStage
from cashier_app.testing.stand_ins.registry import PLACES, stand_in_for
from tests.benchmarks.goal import Goal

EXAMPLES = Path(__file__).parents[2] / "examples"
AT_MOST = 1.2
SAMPLES = 600
WARM_UP = 60
SETTINGS: dict[str, dict[str, object]] = {"nector": {"calls_a_minute": 100_000}}
SWITCHES = {"nector": {"limit": "off"}}
"""What keeps a kind within a vendor's limit of calls would be measured instead."""
CURRENCIES = {"square": Currency("USD", 2)}
MEMBER = Person("Asha Menon", "+919845055501", points=Decimal(1000))


def measure() -> list[Goal]:
    """Return, for each kind of backend, the median of its look-up as a multiple of the bare requests'."""
    return [_of_kind(kind) for kind in PLACES]


def _of_kind(kind: str) -> Goal:
    with RunningStandIn(kind) as running:
        bill = Money(5000, CURRENCIES.get(kind, Currency("INR", 2)))
        settings = {**type(stand_in_for(kind)).settings, **SETTINGS.get(kind, {})}
        stage = StandInStage(running, registry.kind_of(kind), bill, settings=settings, folder=EXAMPLES)
        for name, value in SWITCHES.get(kind, {}).items():
            running.switch(name, value)
        stage.add_member(MEMBER)
        stage.settle()
        backend = stage.open()
        try:
            through, bare, requests = _interleaved(backend, running.address)
        finally:
            backend.close()
    factor = median(through) / median(bare)
    detail = (
        f"{median(through) * 1000:.2f} ms for {requests} requests, bare {median(bare) * 1000:.2f} ms, "
        f"medians of {SAMPLES}"
    )
    print(f"look-up through {kind}: {detail}, {factor:.2f} of the bare requests")
    return Goal(f"look-up through {kind} / bare requests", factor, AT_MOST, detail)


def _interleaved(backend: LoyaltyBackend, address: str) -> tuple[list[float], list[float], int]:
    found = backend.find(PhoneNumber(MEMBER.phone))
    assert isinstance(found, MemberFound), found
    with _Recorder() as recorder:
        backend.find(PhoneNumber(MEMBER.phone))
    through, bare = [], []
    with httpx.Client(base_url=address, trust_env=False) as client:
        for count in range(SAMPLES + WARM_UP):
            for values, work in (
                (through, lambda: backend.find(PhoneNumber(MEMBER.phone))),
                (bare, lambda: _send(client, recorder.requests)),
            ):
                started = time.perf_counter()
                work()
                if count >= WARM_UP:
                    values.append(time.perf_counter() - started)
    return through, bare, len(recorder.requests)


class _Recorder:
    """Notes the requests that leave this process."""

    def __init__(self) -> None:
        self.requests: list[tuple[str, str, dict[str, str], bytes]] = []
        self._send = httpx.Client.send

    def __enter__(self) -> Self:
        noted, send = self.requests, self._send

        def recording(client: httpx.Client, request: httpx.Request, **more: Any) -> httpx.Response:  # noqa: ANN401
            headers = {name: value for name, value in request.headers.items() if name != "host"}
            noted.append((request.method, request.url.raw_path.decode(), headers, request.content))
            return send(client, request, **more)

        httpx.Client.send = recording  # type: ignore[method-assign]
        return self

    def __exit__(self, *_: object) -> None:
        httpx.Client.send = self._send  # type: ignore[method-assign]


def _send(client: httpx.Client, requests: Sequence[tuple[str, str, dict[str, str], bytes]]) -> None:
    for method, path, headers, content in requests:
        client.request(method, path, headers=headers, content=content).json()


if __name__ == "__main__":
    for goal in measure():
        print(goal)
