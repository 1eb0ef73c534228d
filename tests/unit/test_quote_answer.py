"""What an answer says of distances and returns, and how requests with odd parts are refused."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest

from cashier_app.documents.program_document import read_program_value
from cashier_app.documents.quote_answer import answer_to
from cashier_app.documents.quote_request import read_quote_request
from cashier_app.documents.request_fields import RequestError

NOW = datetime(2026, 11, 21, 10)  # noqa: DTZ001 - the shop's own time
LEVELS = [{"name": "Blue"}, {"name": "Gold", "threshold": 100}]


def answer(program: dict[str, Any] | None = None, **fields: object) -> dict[str, Any]:
    request = {"program": {"currency": "EUR", **(program or {})}, "bill": 30, "choice": "nothing", **fields}
    return dict(answer_to(read_quote_request(request, NOW, read_program_value)))


@pytest.mark.parametrize(
    ("by", "account", "missing"),
    [
        ("spend", {"qualifying": 10}, "60.00"),
        ("points", {"qualifying": 10}, "60"),
        ("visits", {"qualifying": 10}, "89"),
        ("balance", {"balance": 10}, "60"),
        ("spend", {"tier": "Blue"}, None),
    ],
)
def test_the_way_to_the_next_tier_is_told_by_what_tiers_go_by(
    by: str, account: dict[str, object], missing: str | None
) -> None:
    program = {
        "tiers": {"by": by, "levels": LEVELS},
        "earning": {"rules": [{"kind": "per_amount", "points": 1}]},
    }
    assert answer(program, account=account)["next_tier"] == {"name": "Gold", "missing": missing}


def test_above_the_last_tier_there_is_none() -> None:
    assert answer({"tiers": {"levels": LEVELS}}, account={"qualifying": 100})["next_tier"] is None
    assert answer()["next_tier"] is None


def test_more_than_was_sold_is_refused_with_its_numbers() -> None:
    lines = [{"line": 0, "quantity": 1}]
    found = answer(bill={"lines": [{"price": 5}]}, refunds=[{"lines": lines}, {"lines": lines}])
    assert found["refunds"][1]["refusal"] == {
        "reason": "more_than_sold",
        "line": 0,
        "quantity": "0",
        "amount": None,
    }


@pytest.mark.parametrize(
    ("fields", "path"),
    [
        ({"account": {"blocked_since": "2026-11-21T10:00"}}, "account.blocked_since"),
        ({"account": {"lots": [{"points": 1, "last_day": 20261121}]}}, "account.lots[0].last_day"),
        ({"rewards_given_today": []}, "rewards_given_today"),
        ({"paid_with": 5}, "paid_with"),
        ({"paid_with": "x" * 201}, "paid_with"),
    ],
)
def test_a_part_of_another_kind_is_refused(fields: dict[str, Any], path: str) -> None:
    with pytest.raises(RequestError) as error:
        answer(**fields)
    assert error.value.path == path


def test_how_it_was_paid_counts_again_when_goods_come_back() -> None:
    rule = {"kind": "per_amount", "points": 1, "when": {"paid_with": ["card"]}}
    found = answer(
        {"earning": {"rules": [rule]}},
        paid_with="card",
        bill={"lines": [{"price": 20}, {"price": 10}]},
        refunds=[{"lines": [{"line": 1}]}, "all"],
    )
    assert [one["points_taken_back"] for one in found["refunds"]] == ["10", "20"]


def test_what_was_needed_may_come_back_and_takes_its_points_along() -> None:
    needs = {"lines": {"only_categories": ["dessert"]}}
    program = {
        "earning": {
            "rules": [{"kind": "per_amount", "points": 1}],
            "multipliers": [{"factor": 2, "needs": needs}],
        }
    }
    found = answer(
        program,
        bill={"lines": [{"price": 20}, {"price": 5, "category": "dessert"}]},
        refunds=[{"lines": [{"line": 1}]}, {"lines": [{"line": 0}]}],
    )
    assert found["points_earned"] == "50"
    # The main dish alone earns 20.
    assert [one["points_taken_back"] for one in found["refunds"]] == ["30", "20"]
