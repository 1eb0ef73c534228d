"""The reference server against its own contract: every operation, valid and invalid requests, all checks."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, cast

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, settings
from schemathesis.checks import CHECKS

from cashier_app.demo.server import DemoServer
from cashier_app.paths import resources

CONTRACT = resources() / "openapi" / "loyalty-backend.yaml"
schema = schemathesis.openapi.from_path(CONTRACT)


@pytest.fixture(scope="module")
def server() -> Iterator[DemoServer]:
    with DemoServer() as running:
        yield running


@schema.parametrize()
@settings(
    max_examples=40,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)
def test_contract(case: schemathesis.Case[Any], server: DemoServer) -> None:
    case.call_and_validate(
        base_url=server.base_url,
        headers={"Authorization": f"Bearer {server.token.reveal()}"},
        checks=CHECKS.get_all(),  # type: ignore[arg-type]  # checks may be classes as well
    )


def test_the_answers_of_a_whole_sale_conform(server: DemoServer) -> None:
    money = (
        {"minor": 236000, "currency": "INR"},
        {"minor": 20000, "currency": "INR"},
        {"minor": 216000, "currency": "INR"},
    )
    sale_id = "01934f5c-9a7e-7c11-8f3a-2f5d0c9a4e99"
    common = {"sale_id": sale_id, "member_id": "mem-priya", "at": "2026-11-21T09:03:40Z"}
    amounts = dict(zip(("bill", "discount", "paid"), money, strict=True))

    def call(method: str, path: str, effect: str, body: object, **parts: str) -> dict[str, Any]:
        headers = {"Authorization": f"Bearer {server.token.reveal()}"}
        if effect:
            headers["Idempotency-Key"] = f"{sale_id}-{effect}-1"
        case = schema[path][method].Case(
            path_parameters=parts or None,
            query={"sale_id": sale_id} if path == "/v1/ledger" else None,
            headers=headers,
            body=cast("Any", body or schemathesis.core.NOT_SET),
            media_type="application/json" if body else None,
        )
        response = case.call(base_url=server.base_url)
        case.validate_response(response)
        assert response.status_code == (201 if effect == "enrol" else 200)
        return dict(response.json())

    two = {name: amounts[name] for name in ("bill", "discount")}
    held = call(
        "POST",
        "/v1/reservations",
        "reserve",
        common | two | {"points": "200", "program_version": "marigold-1"},
    )
    listed = call("GET", "/v1/reservations", "", None)["open"]
    assert [(row["key"], row["points"]) for row in listed] == [(f"{sale_id}-reserve-1", "200")]
    settle = common | {"points": "200"}
    call(
        "POST",
        "/v1/reservations/{reservation_id}/capture",
        "capture",
        settle,
        reservation_id=held["reference"],
    )
    call("POST", "/v1/sales", "sale", common | amounts | {"points": "21", "program_version": "marigold-1"})
    call("POST", "/v1/refunds", "refund", common | amounts | {"original_key": f"{sale_id}-sale-1"})
    enrol = {"sale_id": sale_id, "name": "Asha Menon", "phone": "+919845055501", "at": common["at"]}
    enrolled = call("POST", "/v1/members", "enrol", enrol)
    assert (
        call("GET", "/v1/members/{member_id}/account", "", None, member_id=enrolled["member_id"])["account"][
            "balance"
        ]
        == "0"
    )
    call("GET", "/v1/effects/{key}", "", None, key=f"{sale_id}-sale-1")
    corrected = common | {"points": "-40", "reason": "Booked twice by hand", "by": "Meera"}
    assert call("POST", "/v1/adjustments", "adjust", corrected)["points"] == "-40"
    listed = call("GET", "/v1/ledger", "", None)["movements"]
    assert [row["points"] for row in listed] == ["-200", "0", "21", "179", "0", "-40"]
    assert call("GET", "/v1/reservations", "", None)["open"] == []
