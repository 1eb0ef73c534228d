"""The adapter against a mock made from Voucherify's own document: no request of it is refused."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import httpx
import pytest
from msgspec.structs import replace
from uuid6 import uuid7

from cashier_app.backends.voucherify.kind import KIND, VoucherifySettings
from cashier_app.domain.adjustment import Adjustment
from cashier_app.domain.bill import bill_of
from cashier_app.domain.enrolment import NewMember
from cashier_app.domain.identifier import PhoneNumber, WalletToken
from cashier_app.domain.money import Currency, Money
from cashier_app.domain.offers import Offers
from cashier_app.domain.outcome import AlreadyApplied, Applied, Unknown
from cashier_app.domain.sale import Effect, EffectKind, effect_key
from cashier_app.paths import resources
from cashier_app.ports.backend_kind import Surroundings
from cashier_app.ports.clock import SystemClock
from cashier_app.ports.credentials import Secret
from cashier_app.ports.loyalty import LoyaltyBackend
from tests.contract.document_mock import DocumentMock, served

DOCUMENT = resources() / "openapi" / "vendors" / "voucherify" / "openapi.json"
CARD = "v_0aMj6Mdp0i3zuXrd9NnBKboc7746mlgF"
CODE = "MmFAzfDe"
SALE = str(uuid7())
USD = Currency("USD", 2)


def opened(address: str) -> LoyaltyBackend:
    secrets = {field.name: Secret("made-up") for field in KIND.secrets}
    around = Surroundings(
        address=address,
        currency=USD,
        zone=ZoneInfo("UTC"),
        region="US",
        store="Corner Shop",
        till="2",
        clock=SystemClock(),
        folder=Path(),
    )
    return KIND.open_backend(VoucherifySettings(campaign="camp_7s3uXI44aKfIk5IhmeOPr6ic"), secrets, around)


def effect(kind: EffectKind, original: EffectKind = EffectKind.SALE, reference: str = "ord_1") -> Effect:
    return Effect(
        key=effect_key(SALE, kind),
        kind=kind,
        sale_id=SALE,
        member_id=CARD,
        points=Decimal(100),
        bill=Money(2500, USD),
        discount=Money(1000, USD),
        paid=Money(1500, USD),
        at=datetime.now(UTC),
        program_version="1",
        reservation=effect_key(SALE, EffectKind.RESERVE),
        rule_id="rew_5POINTS0001",
        original_key=effect_key(SALE, original),
        original_reference=reference,
    )


def every_call(backend: LoyaltyBackend) -> None:
    backend.find(PhoneNumber("+14155550142"))
    backend.find(WalletToken(CODE))
    backend.refresh(CARD)
    assert isinstance(backend.options(CARD, bill_of(Money(2500, USD))), Offers)
    for kind in (
        EffectKind.RESERVE,
        EffectKind.RELEASE,
        EffectKind.CAPTURE,
        EffectKind.REDEEM,
        EffectKind.SALE,
        EffectKind.CLAW_BACK,
        EffectKind.RESTORE,
    ):
        backend.apply(effect(kind))
        backend.reconcile(effect(kind))
    backend.apply(replace(effect(EffectKind.SALE), rule_id=""))
    whole = effect(EffectKind.REFUND, EffectKind.CAPTURE, "r_0c5bf3323008a35032")
    for refund in (whole, effect(EffectKind.REFUND)):
        backend.apply(refund)
        backend.reconcile(refund)
    correction = Adjustment(str(uuid7()), CARD, Decimal(100), "Typed twice", "Meera", datetime.now(UTC))
    assert isinstance(backend.adjust(correction), Unknown | Applied)
    assert not isinstance(backend.reconcile_adjustment(correction), AlreadyApplied)
    everything = NewMember(
        str(uuid7()),
        datetime.now(UTC),
        name="Nina Kurian",
        phone="+14155550142",
        email="nina@shop.example",
        birthday=date(1990, 4, 17),
    )
    backend.enrol(everything)
    assert backend.is_reachable()
    backend.probe()


@pytest.fixture
def mock() -> DocumentMock:
    # The samples are of unrelated things; these belong together, so that every call gets as far as it can.
    card: dict[str, Any] = {
        "id": CARD,
        "code": CODE,
        "campaign_id": "camp_7s3uXI44aKfIk5IhmeOPr6ic",
        "type": "LOYALTY_CARD",
        "loyalty_card": {"points": 13435, "balance": 13135},
        "active": True,
        "holder_id": "cust_8KQmHxAERpgebYcFhSpZRr37",
    }
    order = {
        "id": "ord_1",
        "source_id": SALE,
        "status": "PAID",
        "amount": 2500,
        "redemptions": {"r_0c5bf3323008a35032": {"related_object_id": CARD}},
    }
    return DocumentMock(
        DOCUMENT,
        instead={
            "GET /v1/loyalties/members/{memberId}": card,
            "GET /v1/vouchers/{code}": card,
            "GET /v1/orders/{orderId}": order,
            "GET /v1/customers/{customerId}": {"id": card["holder_id"], "source_id": "+14155550142"},
        },
    )


def test_the_document_rejects_no_request_of_the_adapter(mock: DocumentMock) -> None:
    with served(mock) as address:
        backend = opened(address)
        try:
            every_call(backend)
        finally:
            backend.close()
    assert mock.rejected == []
    paths = mock._spec["paths"]
    documented = {
        f"{method.upper()} {path}"
        for path, item in paths.items()
        for method in item
        if method != "parameters"
    }
    # The program is read below: its sample is of another campaign.
    assert documented - set(mock.asked) == {
        "GET /v1/loyalties/{campaignId}/earning-rules",
        "GET /v1/loyalties/{campaignId}/tiers",
    }


def test_the_vendors_own_samples_of_a_program_are_read() -> None:
    mock = DocumentMock(DOCUMENT)
    sample = mock._spec["paths"]["/v1/loyalties/{campaignId}"]["get"]["responses"]["200"]["content"]
    campaign = sample["application/json"]["examples"]["Example"]["value"] | {
        "id": "camp_7s3uXI44aKfIk5IhmeOPr6ic"
    }
    mock.instead = {"GET /v1/loyalties/{campaignId}": campaign}
    with served(mock) as address:
        backend = opened(address)
        try:
            program = backend.program()
        finally:
            backend.close()
    assert program.name == "Loyalty Campaign - Tiers - 1"
    assert program.earning.rules
    assert mock.rejected == []


def test_a_request_that_is_not_as_documented_is_counted(mock: DocumentMock) -> None:
    """The control: a figure as text, keys left out, a path that is not there."""
    keys = {"X-App-Id": "made-up", "X-App-Token": "made-up"}
    with served(mock) as address, httpx.Client(base_url=address, trust_env=False) as client:
        path = f"/v1/loyalties/members/{CARD}/balance"
        assert client.post(path, json={"points": "100"}, headers=keys).status_code == 400
        assert client.get(f"/v1/loyalties/members/{CARD}").status_code == 400
        assert client.get("/v1/gifts", headers=keys).status_code == 400
        assert client.get(f"/v1/loyalties/members/{CARD}", headers=keys).status_code == 200
    assert len(mock.rejected) == 3
