"""The backend's own books, read through the port, against a real backend."""

from __future__ import annotations

from decimal import Decimal

import pytest

from cashier_app.demo.faults import FaultPlan
from cashier_app.demo.server import DemoServer
from cashier_app.domain.ledger import LedgerRead
from cashier_app.domain.outcome import Applied, RetryLater, SignInNeeded, Unknown
from cashier_app.ports.credentials import Secret
from cashier_app.ports.loyalty import LoyaltyBackend
from tests.contract.support import SaleMaker, booked, movements


def test_the_books_of_a_sale(backend: LoyaltyBackend, sale: SaleMaker) -> None:
    assert backend.capabilities.reads_ledger
    assert backend.ledger(sale.sale_id) == LedgerRead(())
    held = booked(backend.apply(sale.reserve()))
    earned = backend.apply(sale.sale())
    assert isinstance(backend.apply(sale.capture(held.reference)), Applied)
    assert isinstance(earned, Applied)
    found = backend.ledger(sale.sale_id)
    assert isinstance(found, LedgerRead)
    assert [(line.kind, line.points) for line in found.lines] == [
        ("reserve", Decimal(-200)),
        ("sale", earned.booked.points),
        ("capture", Decimal(0)),
    ]
    assert [line.key for line in found.lines] == [
        sale.reserve().key,
        sale.sale().key,
        sale.capture(held.reference).key,
    ]
    assert [line.paid for line in found.lines] == [None, sale.sale().paid, None]


def test_reading_changes_nothing(backend: LoyaltyBackend, server: DemoServer, sale: SaleMaker) -> None:
    backend.apply(sale.sale())
    before = movements(server, sale)
    backend.ledger(sale.sale_id)
    assert movements(server, sale) == before


@pytest.mark.parametrize(
    ("plan", "answer"),
    [
        (FaultPlan(unavailable=1, retry_after="7"), RetryLater),
        (FaultPlan(unavailable_every=1), RetryLater),
        (FaultPlan(too_many=1, retry_after="7"), RetryLater),
        (FaultPlan(captive_portal=True), Unknown),
        (FaultPlan(down=True), Unknown),
    ],
    ids=["503", "503 each time", "429", "captive portal", "no answer"],
)
def test_what_is_no_answer_is_not_taken_for_one(
    backend: LoyaltyBackend, server: DemoServer, sale: SaleMaker, plan: FaultPlan, answer: type
) -> None:
    server.faults.stage(plan)
    assert isinstance(backend.ledger(sale.sale_id), answer)


def test_a_wrong_token(server: DemoServer, connect: object, sale: SaleMaker) -> None:
    stranger = connect(server.base_url, Secret("wrong"))  # type: ignore[operator]
    assert stranger.ledger(sale.sale_id) == SignInNeeded()


@pytest.mark.parametrize("sale_id", ["", "../members", "01934f5c-9a7e-7c11-8f3a-2f5d0c9a4e21&x=1", "A" * 36])
def test_only_the_id_of_a_sale_gets_into_an_address(backend: LoyaltyBackend, sale_id: str) -> None:
    with pytest.raises(ValueError, match="not the id of a sale"):
        backend.ledger(sale_id)


def test_each_nth_request_can_be_refused(
    backend: LoyaltyBackend, server: DemoServer, sale: SaleMaker
) -> None:
    server.faults.stage(FaultPlan(unavailable_every=3))
    refused = [isinstance(backend.ledger(sale.sale_id), RetryLater) for _ in range(9)]
    assert sum(refused) == 3
    first = refused.index(True)
    assert refused == [number % 3 == first for number in range(9)]
