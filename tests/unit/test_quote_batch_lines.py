"""A batch from inside: programs are read once, and a fault of ours is one answer, not the end."""

from __future__ import annotations

import io
import json
import logging
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

import pytest

from cashier_app.command_line import quote_batch
from cashier_app.command_line.quote_batch import KEPT_PROGRAMS, MAX_COMMAS, ProgramCache, answer_lines
from cashier_app.documents import quote_answer
from cashier_app.documents.quote_answer import plain
from cashier_app.domain.money import Currency, Money
from cashier_app.domain.program.conditions import Weekday
from cashier_app.domain.reasons import CappedAmount, NeedsPoints, NothingEligible, NotNow

NOW = datetime(2026, 11, 21, 10, 0)  # noqa: DTZ001 - the shop's own time
PROGRAM: dict[str, Any] = {
    "currency": "USD",
    "earning": {"rules": [{"kind": "per_amount", "points": 1, "per": 1}]},
    "redemption": [{"conversion": {"points": 1, "value": 1}}],
}


def answers_to(*requests: dict[str, Any]) -> tuple[list[dict[str, Any]], bool]:
    sink = io.BytesIO()
    sound = answer_lines(io.BytesIO(b"\n".join(json.dumps(one).encode() for one in requests)), sink, NOW)
    return [json.loads(line) for line in sink.getvalue().splitlines()], sound


def answer_to(**fields: object) -> dict[str, Any]:
    (answer,), sound = answers_to({"program": PROGRAM, "at": "2026-11-21", **fields})
    assert sound
    return answer


def test_too_many_figures_are_refused_before_they_are_read() -> None:
    sink = io.BytesIO()
    assert answer_lines(io.BytesIO(b"[" + b"1," * MAX_COMMAS + b"1,1]\n"), sink, NOW)
    assert "commas" in json.loads(sink.getvalue())["error"]["expected"]


@pytest.mark.parametrize(
    "path", ["earning.rules", "earning.multipliers", "redemption", "rewards", "tiers.levels"]
)
def test_too_many_rules_are_refused_by_the_path_of_their_list(path: str) -> None:
    section, _, inner = path.partition(".")
    many: object = [{}] * 10_000
    program = {"currency": "USD", section: {inner: many} if inner else many}
    (answer,), sound = answers_to({"program": program, "bill": 1})
    assert sound
    assert answer["error"]["path"] == f"program.{path}"
    assert "a list of at most" in answer["error"]["expected"]


def test_the_same_program_is_read_once() -> None:
    programs = ProgramCache()
    first = programs.read({"currency": "USD"})
    assert programs.read({"currency": "USD"}) is first
    assert programs.read({"currency": "EUR"}) is not first


def test_only_the_last_few_programs_are_kept() -> None:
    programs = ProgramCache()
    first = programs.read({"currency": "USD", "version": "0"})
    for number in range(1, KEPT_PROGRAMS):
        programs.read({"currency": "USD", "version": str(number)})
    assert programs.read({"currency": "USD", "version": "0"}) is first
    for number in range(KEPT_PROGRAMS):
        programs.read({"currency": "EUR", "version": str(number)})
    assert programs.read({"currency": "USD", "version": "0"}) is not first


def test_a_fault_of_ours_is_answered_logged_and_told_at_the_end(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def sometimes(request: Any) -> Any:  # noqa: ANN401 - stands for any fault
        if request.request_id == 2:
            raise ZeroDivisionError
        return quote_answer.answer_to(request)

    monkeypatch.setattr(quote_batch, "answer_to", sometimes)
    requests = [{"id": number, "program": PROGRAM, "bill": 5} for number in (1, 2, 3)]
    with caplog.at_level(logging.ERROR):
        answers, sound = answers_to(*requests)
    assert not sound
    assert [answer["id"] for answer in answers] == [1, 2, 3]
    assert [answer.get("payable") for answer in answers] == ["5.00", None, "5.00"]
    assert answers[1]["line"] == 2
    assert "line 2" in caplog.text


@pytest.mark.parametrize(
    ("value", "written"),
    [
        (Money(1250, Currency("USD", 2)), "12.50"),
        (Money(-5, Currency("KWD", 3)), "-0.005"),
        (Money(1000, Currency("JPY", 0)), "1000"),
        (Decimal("1E+3"), "1000"),
        (Decimal("12.500"), "12.5"),
        (Decimal("-0.0"), "0"),
        (date(2026, 11, 21), "2026-11-21"),
        (NothingEligible(), {"reason": "nothing_eligible"}),
        (
            NeedsPoints(Decimal(100), Decimal("2.50")),
            {"reason": "needs_points", "needed": "100", "has": "2.5"},
        ),
        (
            CappedAmount(Money(100, Currency("USD", 2))),
            {"reason": "capped_amount", "maximum": "1.00", "under": None},
        ),
        (
            NotNow((Weekday.MONDAY,), time(18)),
            {"reason": "not_now", "weekdays": ["monday"], "from_time": "18:00:00", "until_time": None},
        ),
    ],
)
def test_values_are_written_plainly(value: object, written: object) -> None:
    assert plain(value) == written


def test_what_has_no_plain_form_is_a_bug() -> None:
    with pytest.raises(TypeError):
        plain(object())


def test_a_sale_booked_otherwise_comes_back_as_booked() -> None:
    answer = answer_to(
        bill={"lines": [{"price": 60}, {"price": 40}]},
        account={"balance": 50},
        sale={"points_used": 20, "discount": 20, "points_earned": 80},
        refunds=[{"lines": [{"line": 1}]}, {"all": True}],
    )
    assert answer["points_used"] == "50"
    first, second = answer["refunds"]
    assert (first["money_back"], first["discount_taken_back"], first["points_restored"]) == (
        "32.00",
        "8.00",
        "8",
    )
    assert (second["money_back"], second["points_restored"]) == ("48.00", "12")
    assert second["balance_after"] == "50"
    assert (answer["points_taken_back"], answer["points_restored"], answer["money_back"]) == (
        "80",
        "20",
        "80.00",
    )


def test_a_return_that_is_refused_changes_nothing() -> None:
    answer = answer_to(bill=100, choice="nothing", refunds=[{"amount": 101}, {"amount": 100}, "all"])
    assert [each["refusal"] and each["refusal"]["reason"] for each in answer["refunds"]] == [
        "more_than_sold",
        None,
        "nothing_returned",
    ]
    assert answer["money_back"] == "100.00"


def test_a_balance_told_at_a_return_is_the_one_that_counts() -> None:
    program = {**PROGRAM, "refunds": {"below": "floor"}}
    answer = answer_to(
        program=program, bill=100, choice="nothing", refunds=[{"amount": 50, "balance": 20}, "all"]
    )
    assert [each["points_taken_back"] for each in answer["refunds"]] == ["20", "0"]
    assert [each["points_short"] for each in answer["refunds"]] == ["30", "50"]
    assert [each["balance_after"] for each in answer["refunds"]] == ["0", "0"]


def test_a_reward_given_is_no_refusal_though_points_could_not_be_used() -> None:
    program = {
        "currency": "USD",
        "rewards": [{"kind": "gift", "reward_id": "mug", "name": "Mug", "cost": 5}],
    }
    given = answer_to(program=program, bill=10, account={"balance": 5}, choice={"reward": "mug"})
    assert (given["refusal"], given["rewards"], given["balance_after"]) == (None, ["mug"], "0")
    refused = answer_to(program=program, bill=10, account={"balance": 4}, choice={"reward": "mug"})
    assert refused["refusal"] == {"reason": "needs_points", "needed": "5", "has": "4"}
    assert refused["next_reward"]["missing"] == "1"


def test_the_same_request_gets_the_same_answer_whatever_came_before() -> None:
    request = {"program": PROGRAM, "bill": 7, "account": {"balance": 3}, "at": "2026-11-21"}
    other = {"program": {**PROGRAM, "point_scale": 2}, "bill": "6.66", "at": "2026-11-21"}
    answers, _ = answers_to(request, other, {"bill": 1}, request)
    assert answers[0] == answers[3]
