from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from cashier_app.backends.contract import ContractBackend
from cashier_app.demo.server import DemoServer
from cashier_app.ports.backend_kind import Deadlines
from cashier_app.ports.credentials import Secret
from cashier_app.ports.loyalty import LoyaltyBackend
from tests.contract.support import SaleMaker, TurnedClock

pytest.register_assert_rewrite("cashier_app.testing")

Connect = Callable[[str, Secret, Deadlines], LoyaltyBackend]
ADAPTERS: dict[str, Connect] = {
    "contract": lambda url, token, deadlines: ContractBackend(url, token, deadlines=deadlines),
}


@pytest.fixture
def clock() -> TurnedClock:
    return TurnedClock()


@pytest.fixture
def server(clock: TurnedClock) -> Iterator[DemoServer]:
    with DemoServer(clock=clock) as running:
        yield running


@pytest.fixture(params=ADAPTERS)
def connect(request: pytest.FixtureRequest) -> Iterator[Callable[..., LoyaltyBackend]]:
    """Connect an adapter to an address; what was opened is closed after the test."""
    opened: list[LoyaltyBackend] = []

    def open_backend(
        url: str, token: Secret | None = None, *, seconds: float = 5.0, find_seconds: float | None = None
    ) -> LoyaltyBackend:
        deadlines = Deadlines(find=find_seconds or seconds, post=seconds)
        backend = ADAPTERS[request.param](url, token or Secret("made-up"), deadlines)
        opened.append(backend)
        return backend

    yield open_backend
    for backend in opened:
        backend.close()


@pytest.fixture
def backend(server: DemoServer, connect: Callable[..., LoyaltyBackend]) -> LoyaltyBackend:
    return connect(server.base_url, server.token)


@pytest.fixture
def sale(clock: TurnedClock) -> SaleMaker:
    return SaleMaker(clock.now())
