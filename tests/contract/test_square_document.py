"""The adapter against a mock made from Square's published document alone: it must reject no request."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

import httpx
import msgspec
import pytest
from uuid6 import uuid7

from cashier_app.backends.square.kind import KIND, TOKEN
from cashier_app.domain.adjustment import Adjustment
from cashier_app.domain.bill import bill_of
from cashier_app.domain.enrolment import Enrolled
from cashier_app.domain.identifier import MemberNumber, PhoneNumber
from cashier_app.domain.money import Currency, Money, zero
from cashier_app.domain.outcome import AlreadyApplied, Applied, MemberFound
from cashier_app.domain.sale import Effect, EffectKind, effect_key
from cashier_app.paths import resources
from cashier_app.ports.backend_kind import Surroundings
from cashier_app.ports.clock import SystemClock
from cashier_app.ports.credentials import Secret
from cashier_app.ports.loyalty import LoyaltyBackend
from cashier_app.testing.suite_members import newcomer
from tests.contract.document_mock import DocumentMock, served

# openapi-core does not try bearer tokens given out by OAuth; nor does the mock.
pytestmark = pytest.mark.filterwarnings("ignore:Unsupported scheme type")
DOCUMENT = resources() / "openapi" / "vendors" / "square" / "openapi.json"
DOLLAR = Currency("USD", 2)
LOCATION = "P034NEENMD09F"
ACCOUNT = "5adcb100-07f1-4ee7-b8c6-6bb9ebc474bd"
FOUND = "79b807d2-d786-46a9-933b-918028d7a8c5"
"""Accounts of the document's samples."""
REWARD = "9f18ac21-233a-31c3-be77-b45840f5a810"
USED = {
    "GET /v2/loyalty/programs/{program_id}",
    "GET /v2/loyalty/programs/{program_id}/promotions",
    "GET /v2/catalog/object/{object_id}",
    "GET /v2/locations",
    "POST /v2/loyalty/accounts",
    "POST /v2/loyalty/accounts/search",
    "GET /v2/loyalty/accounts/{account_id}",
    "POST /v2/loyalty/accounts/{account_id}/accumulate",
    "POST /v2/loyalty/accounts/{account_id}/adjust",
    "POST /v2/loyalty/rewards",
    "POST /v2/loyalty/rewards/search",
    "GET /v2/loyalty/rewards/{reward_id}",
    "DELETE /v2/loyalty/rewards/{reward_id}",
    "POST /v2/loyalty/rewards/{reward_id}/redeem",
    "POST /v2/loyalty/events/search",
    "POST /v2/customers/search",
    "GET /v2/customers/{customer_id}",
    "PUT /v2/customers/{customer_id}",
    "POST /v2/orders/calculate",
}


def opened(address: str) -> LoyaltyBackend:
    settings = msgspec.convert({"location": LOCATION, "orders": True}, KIND.settings)
    around = Surroundings(address, DOLLAR, ZoneInfo("UTC"), "US", "Corner Shop", "2", SystemClock())
    return KIND.open_backend(settings, {TOKEN.name: Secret("made-up")}, around)


def effect(kind: EffectKind, points: int, **more: str) -> Effect:
    sale_id, bill = str(uuid7()), Money(5000, DOLLAR)
    key, now = effect_key(sale_id, kind), datetime.now(UTC)
    return Effect(
        key, kind, sale_id, ACCOUNT, Decimal(points), bill, zero(DOLLAR), bill, now, "square-1", **more
    )


def test_the_document_rejects_no_request_of_the_adapter() -> None:
    nobody: dict[str, object] = {}
    mock = DocumentMock(DOCUMENT, instead={"POST /v2/loyalty/accounts/search": nobody})
    with served(mock) as address:
        backend = opened(address)
        try:
            assert backend.is_reachable()
            assert backend.program().earning.rules
            backend.probe()
            backend.find(PhoneNumber("+14155551234"))
            backend.find(MemberNumber("YOUR_REFERENCE_ID"))
            backend.refresh(FOUND)
            backend.options(FOUND, bill_of(Money(5000, DOLLAR)))
            rewarded = backend.program().rewards
            tier = rewarded[0].reward_id if rewarded else "tier"
            for one in (
                effect(EffectKind.RESERVE, 10, reward_id=tier),
                effect(EffectKind.CAPTURE, 10, reservation=REWARD),
                effect(EffectKind.RELEASE, 10, reservation=REWARD),
                effect(EffectKind.SALE, 6),
                effect(EffectKind.CLAW_BACK, 6),
                effect(EffectKind.RESTORE, 10),
            ):
                backend.apply(one)
                backend.reconcile(one)
            correction = Adjustment(
                str(uuid7()), ACCOUNT, Decimal(10), "Forgotten card", "Meera", datetime.now(UTC)
            )
            backend.adjust(correction)
            backend.reconcile_adjustment(correction)
            backend.enrol(newcomer())
        finally:
            backend.close()
    assert mock.rejected == []
    assert set(mock.asked) == USED


def test_the_documents_own_samples_are_understood() -> None:
    """What Square publishes as an answer is read as what it says."""
    # Its samples of an account and of a profile are of two people.
    amelia = {"customer": {"id": "Q8002FAM9V1EZ0ADB2T5609X6NET1H0", "given_name": "Amelia"}}
    mock = DocumentMock(DOCUMENT, instead={"GET /v2/customers/{customer_id}": amelia})
    with served(mock) as address:
        backend = opened(address)
        try:
            found = backend.refresh(FOUND)
            assert isinstance(found, MemberFound)
            assert (found.member.name, found.account.balance) == ("Amelia", 10)
            captured = effect(EffectKind.CAPTURE, 10, reservation=REWARD)
            assert isinstance(backend.reconcile(captured), AlreadyApplied)
            sold = backend.apply(effect(EffectKind.SALE, 6))
            assert isinstance(sold, Applied)
            assert sold.booked.points == 6
            assert isinstance(backend.apply(effect(EffectKind.RESTORE, 10)), Applied)
            assert isinstance(backend.apply(effect(EffectKind.RELEASE, 10, reservation=REWARD)), Applied)
        finally:
            backend.close()


def test_a_request_that_is_not_as_documented_is_counted() -> None:
    """The control: points as text, a key left out, a status nobody has."""
    mock = DocumentMock(DOCUMENT)
    where = f"/v2/loyalty/accounts/{ACCOUNT}/accumulate"
    right = {"accumulate_points": {"points": 6}, "location_id": LOCATION, "idempotency_key": "k"}
    headers = {"Authorization": "Bearer made-up"}
    with served(mock) as address, httpx.Client(base_url=address, trust_env=False, headers=headers) as client:
        assert client.post(where, json=right).status_code == 200
        assert client.post(where, json=right | {"accumulate_points": {"points": "6"}}).status_code == 400
        assert client.post(where, json={**right, "idempotency_key": ""}).status_code == 400
        bad = {"query": {"loyalty_account_id": ACCOUNT, "status": "LOST"}}
        assert client.post("/v2/loyalty/rewards/search", json=bad).status_code == 400
    assert len(mock.rejected) == 3


def test_enrolling_by_the_documents_samples() -> None:
    profile = {"customer": {"id": "QPTXM8PQNX3Q726ZYHPMNP46XC"}}
    instead = {"POST /v2/loyalty/accounts/search": {}, "PUT /v2/customers/{customer_id}": profile}
    mock = DocumentMock(DOCUMENT, instead=instead)
    with served(mock) as address:
        backend = opened(address)
        try:
            assert isinstance(backend.enrol(newcomer()), Enrolled)
        finally:
            backend.close()
    assert mock.rejected == []
