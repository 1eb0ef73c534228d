"""The adapter against a mock made from Nector's published document alone: it must reject no request.

The document describes no answers and no checkout webhook: answers follow the vendor's help pages, and the
merchant API is tried without the webhook.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from zoneinfo import ZoneInfo

import httpx
import pytest
from uuid6 import uuid7

from cashier_app.backends.nector.kind import API_KEY, KIND, NectorSettings
from cashier_app.domain.adjustment import Adjustment
from cashier_app.domain.enrolment import Enrolled
from cashier_app.domain.identifier import MemberNumber, PhoneNumber, WalletToken
from cashier_app.domain.money import Currency, Money, zero
from cashier_app.domain.outcome import (
    AlreadyApplied,
    Applied,
    MemberFound,
    NoSuchMember,
    NotApplied,
    Unknown,
    Unreachable,
)
from cashier_app.domain.sale import Effect, EffectKind, effect_key
from cashier_app.paths import resources
from cashier_app.ports.backend_kind import Surroundings
from cashier_app.ports.clock import SystemClock
from cashier_app.ports.credentials import Secret
from cashier_app.ports.loyalty import LoyaltyBackend
from cashier_app.testing.stand_ins.nector import API, WORKSPACE
from cashier_app.testing.suite_members import newcomer
from tests.contract.document_mock import DocumentMock, served

RUPEE = Currency("INR", 2)
LEAD = "0c1b6f0a-52a9-4c1e-9d86-3c1f3b5b7a10"
PERSON = {"_id": LEAD, "customer_id": "custom_website-MC20001", "name": "Asha Rao", "available": "450"}
DOCUMENT = resources() / "openapi" / "vendors" / "nector" / "openapi.json"


def opened(address: str) -> LoyaltyBackend:
    settings = NectorSettings(program="nector-program.toml", workspace=WORKSPACE, checkout="none")
    examples = Path(__file__).parents[2] / "examples"
    around = Surroundings(
        address, RUPEE, ZoneInfo("Asia/Kolkata"), "IN", "Corner Shop", "2", SystemClock(), folder=examples
    )
    return KIND.open_backend(settings, {API_KEY.name: Secret("made-up")}, around)


def effect(kind: EffectKind, points: int) -> Effect:
    sale_id, bill = str(uuid7()), Money(236000, RUPEE)
    key = effect_key(sale_id, kind)
    now = datetime.now(UTC)
    return Effect(
        key, kind, sale_id, f"lead-{LEAD}", Decimal(points), bill, zero(RUPEE), bill, now, "nector-1"
    )


def every_call(backend: LoyaltyBackend) -> None:
    assert isinstance(backend.find(PhoneNumber("+919845055501")), MemberFound)
    assert isinstance(backend.find(MemberNumber("MC20001")), MemberFound)
    assert isinstance(backend.find(WalletToken("ASHA450")), MemberFound)
    assert isinstance(backend.find(WalletToken("asha@shop.example")), MemberFound)
    assert isinstance(backend.refresh(f"lead-{LEAD}"), MemberFound)
    for kind in (EffectKind.SALE, EffectKind.REDEEM, EffectKind.CLAW_BACK, EffectKind.RESTORE):
        one = effect(kind, 20)
        assert isinstance(backend.apply(one), Applied), kind
        assert backend.reconcile(one) == NotApplied()
    correction = Adjustment(
        str(uuid7()), f"lead-{LEAD}", Decimal(-5), "Typed twice", "Meera", datetime.now(UTC)
    )
    assert isinstance(backend.adjust(correction), Applied)
    assert not isinstance(backend.reconcile_adjustment(correction), AlreadyApplied)
    assert isinstance(backend.enrol(newcomer()), Enrolled)
    assert backend.probe().works
    assert backend.is_reachable()


@pytest.fixture
def mock() -> DocumentMock:
    instead = {
        "GET /leads/{id}": {"meta": {"code": 200}, "data": {"item": PERSON}},
        "POST /wallettransactions": {"meta": {"code": 200}, "data": {"item": {"_id": "w-1"}}},
        "GET /wallettransactions": {"meta": {"code": 200}, "data": {"items": [], "count": 0}},
    }
    return DocumentMock(DOCUMENT, API, instead)


def test_the_document_rejects_no_request_of_the_adapter(
    mock: DocumentMock, monkeypatch: pytest.MonkeyPatch
) -> None:
    person = dict(PERSON)
    mock.instead = {**mock.instead, "GET /leads/{id}": {"data": {"item": person}}}

    def first_nobody(backend: LoyaltyBackend) -> None:
        """Let the search before an enrolment find nobody, so that the customer is really told."""
        read: Callable[..., object] = backend._enrolled  # type: ignore[attr-defined]
        calls: list[int] = []

        def enrolled(named: object, customer_id: str) -> object:
            calls.append(1)
            if len(calls) == 1:
                return NoSuchMember()
            person["customer_id"] = customer_id
            return read(named, customer_id)

        monkeypatch.setattr(backend, "_enrolled", enrolled)

    with served(mock) as address:
        backend = opened(address)
        first_nobody(backend)
        try:
            every_call(backend)
        finally:
            backend.close()
    assert mock.rejected == []
    assert set(mock.asked) == {
        "GET /leads/{id}",
        "POST /leads",
        "POST /wallettransactions",
        "GET /wallettransactions",
    }


def test_a_request_that_is_not_as_documented_is_counted(mock: DocumentMock) -> None:
    """The control: a figure as text, a header left out, a path that is not there."""
    headers = {"x-apikey": "made-up", "x-workspaceid": WORKSPACE, "x-source": "unix"}
    body = {"lead_id": LEAD, "title": "a", "description": "b", "amount": "20", "operation": "cr"}
    with served(mock) as address, httpx.Client(base_url=address + API, trust_env=False) as client:
        assert client.post("/wallettransactions", json=body, headers=headers).status_code == 400
        assert client.get(f"/leads/{LEAD}").status_code == 400
        assert client.get("/orders", headers=headers).status_code == 400
        assert client.get(f"/leads/{LEAD}", headers=headers).status_code == 200
    assert len(mock.rejected) == 3


@pytest.mark.parametrize(
    "answer",
    [
        {"data": {"item": PERSON | {"_id": "11111111-52a9-4c1e-9d86-3c1f3b5b7a10"}}},
        {"data": {"item": {"name": "Asha Rao", "available": "450"}}},
        {"data": {"item": PERSON | {"available": "NaN"}}},
        {"data": {"item": PERSON | {"available": "1e30"}}},
        {"data": {"item": PERSON | {"available": None}}},
        {"data": {"item": PERSON | {"available": True}}},
        {"data": {"item": PERSON | {"_id": "../../coupons"}}},
        {"data": {"item": PERSON | {"tier": {"name": "Gold"}}}},
        {"data": {"items": [PERSON]}},
        {"meta": {"code": 422}, "data": {"item": PERSON}},
        {"data": None},
        [],
        {},
    ],
)
def test_answers_that_cannot_be_are_no_member(mock: DocumentMock, answer: object) -> None:
    mock.instead = {"GET /leads/{id}": answer}
    with served(mock) as address:
        backend = opened(address)
        try:
            assert isinstance(backend.refresh(f"lead-{LEAD}"), Unreachable)
        finally:
            backend.close()


def test_texts_of_a_lead_are_plain_and_figures_in_any_form(mock: DocumentMock) -> None:
    told = PERSON | {
        "name": "Asha\u202e\x07 <b>Rao</b>",
        "tier": "Gold\u2066",
        "mobile": "98******10",
        "wallet": {"available": 12.5},
    }
    mock.instead = {"GET /leads/{id}": {"data": {"item": told, "something": "new"}}}
    with served(mock) as address:
        backend = opened(address)
        try:
            found = backend.refresh(f"lead-{LEAD}")
        finally:
            backend.close()
    assert isinstance(found, MemberFound)
    assert found.member.name == "Asha <b>Rao</b>"
    assert found.member.masked_phone == "98\u2022\u2022\u2022\u2022\u2022\u202210"
    assert found.account.balance == Decimal("12.5")
    assert found.account.tier is not None
    assert (found.account.tier.name, found.account.tier.rank, found.account.tier.of) == ("Gold", 1, 1)


@pytest.mark.parametrize(
    ("written", "known"),
    [
        ({"_id": "w-1", "hash": "another"}, False),
        ({"_id": "w-1", "operation": "dr"}, False),
        ({"_id": "w-1", "amount": 21}, False),
        ({"_id": "w-1", "amount": "20"}, True),
        ({"item": {"_id": "w-1"}}, True),
        ({}, False),
        ({"_id": "<b>"}, True),
    ],
)
def test_only_an_answer_about_this_very_row_is_believed(
    mock: DocumentMock, written: dict[str, object], *, known: bool
) -> None:
    mock.instead = {"POST /wallettransactions": {"data": written}}
    with served(mock) as address:
        backend = opened(address)
        try:
            outcome = backend.apply(effect(EffectKind.SALE, 20))
        finally:
            backend.close()
    assert isinstance(outcome, Applied if known else Unknown), outcome
    if isinstance(outcome, Applied):
        assert outcome.booked.reference in {"w-1", ""}
