"""An answer refuses what was asked for, and nothing else."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest

from cashier_app.documents.program_document import read_program_value
from cashier_app.documents.quote_answer import answer_to
from cashier_app.documents.quote_request import read_quote_request

NOW = datetime(2026, 11, 21, 10)  # noqa: DTZ001 - the shop's own time
CUP = {"kind": "gift", "reward_id": "cup", "name": "Cup", "cost": 5}
EARNS = {"earning": {"rules": [{"kind": "per_amount", "points": 1}]}}
PAYS = {"redemption": [{"conversion": {"points": 1, "value": 1}, "start_points": 100}]}
NO_WAY, TOO_FEW = "no_way_to_pay", "needs_points"


def refusal(program: dict[str, Any], choice: object, **more: object) -> tuple[object, object]:
    """Return the reasons of refusal and binding for a bill of 10 and a balance of 8."""
    document = {"currency": "EUR", "tender": {"store_credit": {}}, **program}
    account = {"balance": 8, "store_credit": 3, **more}
    request = {"program": document, "account": account, "bill": 10, "choice": choice}
    answer: dict[str, Any] = dict(answer_to(read_quote_request(request, NOW, read_program_value)))
    return tuple(None if answer[key] is None else answer[key]["reason"] for key in ("refusal", "binding"))  # type: ignore[return-value]


@pytest.mark.parametrize(
    ("choice", "refused"),
    [
        (None, None),
        ("maximum", None),
        ("nothing", None),
        ({"points": "maximum"}, None),
        ({"points": 0}, None),
        ({"amount": 0}, None),
        ({"store_credit": 3}, None),
        ({"points": 1}, NO_WAY),
        ({"amount": 1}, NO_WAY),
        ({"rule": "points"}, "unknown_choice"),
        ({"gift_balance": 3}, "unknown_choice"),
    ],
)
def test_in_a_program_that_only_earns(choice: object, refused: str | None) -> None:
    assert refusal(EARNS, choice) == (refused, NO_WAY)


@pytest.mark.parametrize(
    ("choice", "refused"),
    [
        (None, TOO_FEW),
        ("maximum", TOO_FEW),
        ("nothing", None),
        ({"points": 0}, None),
        ({"points": 1}, TOO_FEW),
        ({"store_credit": 3}, None),
        ({"store_credit": 3, "points": 1}, TOO_FEW),
    ],
)
def test_in_a_program_where_points_may_not_pay_yet(choice: object, refused: str | None) -> None:
    assert refusal(PAYS, choice) == (refused, TOO_FEW)


@pytest.mark.parametrize(
    ("choice", "refused"),
    [
        ({"reward": "cup"}, None),
        ({"reward": "cup", "points": "maximum"}, NO_WAY),
        ({"rewards": ["cup", "cup"]}, "not_together"),
        ({"reward": "mug"}, "unknown_choice"),
    ],
)
def test_in_a_program_of_rewards(choice: object, refused: str | None) -> None:
    assert refusal({"rewards": [CUP]}, choice)[0] == refused


def test_a_blocked_member_is_told_wherever_points_were_asked_for() -> None:
    assert refusal(EARNS, "maximum", blocked_since="2026-01-01")[0] == "member_blocked"
    assert refusal(EARNS, "nothing", blocked_since="2026-01-01") == (None, "member_blocked")
