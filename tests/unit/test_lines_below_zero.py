"""Lines below zero in a request: discounts on all other lines, and no items."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cashier_app.documents.bill_request import StatedBill, read_bill
from cashier_app.documents.program_document import read_program_value
from cashier_app.documents.quote_answer import answer_to
from cashier_app.documents.quote_request import read_quote_request
from cashier_app.documents.request_fields import Reader, RequestError
from cashier_app.domain.money import Currency

READER = Reader(Currency("EUR", 2), 0)
NOW = datetime(2026, 11, 21, 10)  # noqa: DTZ001 - the shop's own time


def bill(*lines: dict[str, Any], **more: object) -> StatedBill:
    return read_bill({"lines": list(lines), **more}, "bill", READER)


def answer(*lines: dict[str, Any], program: dict[str, Any] | None = None, **more: object) -> dict[str, Any]:
    document = {"currency": "EUR", **(program or {})}
    request = {"program": document, "bill": {"lines": list(lines)}, **more}
    return dict(answer_to(read_quote_request(request, NOW, read_program_value)))


def refused(*lines: dict[str, Any], **more: object) -> tuple[str, object, str]:
    with pytest.raises(RequestError) as error:
        bill(*lines, **more)
    return error.value.path, error.value.value, error.value.expected


@pytest.mark.parametrize(
    "off", [{"price": -3}, {"amount": "-3.00"}, {"price": Decimal("-1.50"), "quantity": 2}]
)
def test_it_is_a_discount_on_the_other_lines(off: dict[str, Any]) -> None:
    stated = bill({"price": 10}, off, {"price": 5})
    assert [line.amount for line in stated.bill.lines] == [8_00, 4_00]
    assert [line.before_discount for line in stated.bill.lines] == [10_00, 5_00]
    assert [line.discounted for line in stated.bill.lines] == [False, False]
    assert stated.bill.total.minor == 12_00
    assert (stated.places, stated.stated) == ((0, 2), 3)


def test_it_is_shared_out_with_the_discount_of_the_bill_at_once() -> None:
    lines = [{"price": "0.05"}] * 3
    together = bill(*lines, {"price": "-0.02"}, discount="0.02")
    assert [line.amount for line in together.bill.lines] == [3, 4, 4]
    assert together.bill == bill(*lines, discount="0.04").bill


def test_the_tax_of_the_others_falls_with_it() -> None:
    off = {"price": -114, "tax_percent": 20}
    one = bill({"price": 120, "tax_percent": 20}, off).bill
    assert (one.total.minor, one.tax) == (6_00, 1_00)
    told = bill({"price": 120, "tax": 20}, {"price": -114, "tax": "-19.00"}).bill
    assert (told.total.minor, told.tax) == (6_00, 1_00)
    on_top = bill({"price": 100, "tax_percent": 20}, {"price": -95}, prices_include_tax=False).bill
    assert (on_top.total.minor, on_top.tax) == (6_00, 1_00)


def test_a_price_is_rounded_as_one_above_zero_is() -> None:
    stated = bill({"price": 1}, {"price": "-0.01", "quantity": "2.5"})
    assert stated.bill.total.minor == 97


def test_nothing_may_be_left() -> None:
    assert bill({"price": 5}, {"price": -5}).bill.total.minor == 0


def test_all_lines_together_are_not_below_zero() -> None:
    assert refused({"price": 5}, {"price": "-5.01"}) == (
        "bill.lines",
        "-0.01",
        "lines of zero or more together",
    )
    assert refused({"price": -1})[0] == "bill.lines"


def test_the_discount_of_the_bill_is_no_more_than_what_they_leave() -> None:
    assert refused({"price": 5}, {"price": -4}, discount="1.01")[0] == "bill.discount"
    assert bill({"price": 5}, {"price": -4}, discount=1).bill.total.minor == 0


@pytest.mark.parametrize(
    ("line", "path"),
    [
        ({"price": "-0.001"}, "bill.lines[1].price"),
        ({"amount": Decimal("-1E+20")}, "bill.lines[1].amount"),
        ({"price": "--1"}, "bill.lines[1].price"),
        ({"price": -1, "discount": "0.01"}, "bill.lines[1].discount"),
        ({"price": -1, "tax": "-0.001"}, "bill.lines[1].tax"),
        ({"price": -1, "quantity": -1}, "bill.lines[1].quantity"),
    ],
)
def test_what_is_wrong_in_it_is_refused(line: dict[str, Any], path: str) -> None:
    found, value, _ = refused({"price": 5}, line)
    assert found == path
    assert value in {"-0.001", "-1E+20", "--1", "0.01", -1}


def test_a_line_above_zero_has_no_tax_below_it() -> None:
    assert refused({"price": 5, "tax": -1})[:2] == ("bill.lines[0].tax", -1)


def test_the_sum_told_beside_lines_counts_it() -> None:
    assert bill({"price": 5}, {"price": -2}, amount=3).bill.total.minor == 3_00
    path, _, expected = refused({"price": 5}, {"price": -2}, amount=5)
    assert (path, expected) == ("bill.amount", "3.00, which the lines add up to")


def test_it_is_no_item_and_earns_nothing() -> None:
    rules = [{"kind": "per_item", "points": 1}, {"kind": "per_sale", "points": 5, "minimum_quantity": 2}]
    program = {
        "earning": {"rules": rules},
        "rewards": [
            {
                "kind": "gift",
                "reward_id": "cup",
                "name": "Cup",
                "cost": 0,
                "needs": {"lines": {}, "quantity": 2},
            }
        ],
    }
    found = answer({"price": 5}, {"price": -1, "item": "coupon"}, program=program, choice={"reward": "cup"})
    assert found["points_earned"] == "1"
    assert found["refusal"] == {"reason": "needs_items", "needed": "2", "has": "1"}


def test_lines_keep_their_places_in_discounts_and_returns() -> None:
    program = {"redemption": [{"conversion": {"points": 1, "value": 1}}]}
    lines = ({"price": -2}, {"price": 4}, {"price": 8})
    refunds = [{"lines": [{"line": 2}]}, {"lines": [{"line": 1}]}]
    found = answer(*lines, program=program, account={"balance": 5}, refunds=refunds)
    assert found["payable"] == "5.00"
    assert found["line_discounts"] == ["0.00", "1.67", "3.33"]
    assert [one["money_back"] for one in found["refunds"]] == ["3.34", "1.66"]
    assert found["points_restored"] == "5"


@pytest.mark.parametrize(("line", "expected"), [(0, "not below zero"), (-1, "from 0"), (True, "from 0")])
def test_it_cannot_come_back(line: object, expected: str) -> None:
    with pytest.raises(RequestError) as error:
        answer({"price": -2}, {"price": 4}, {"price": 8}, refunds=[{"lines": [{"line": line}]}])
    assert error.value.path == "refunds[0].lines[0].line"
    assert expected in error.value.expected


@pytest.mark.parametrize(
    ("back", "refusal"),
    [
        ({"line": 3}, {"reason": "no_such_line", "line": 3}),
        ({"line": 3, "quantity": 2}, {"reason": "no_such_line", "line": 3}),
        (
            {"line": 2, "quantity": 4},
            {"reason": "more_than_sold", "line": 2, "quantity": "1", "amount": None},
        ),
    ],
)
def test_a_refused_return_names_the_line_as_the_request_counts_it(back: object, refusal: object) -> None:
    found = answer({"price": -2}, {"price": 4}, {"price": 8}, refunds=[{"lines": [back]}, {"amount": 11}])
    assert [one["refusal"] for one in found["refunds"]] == [
        refusal,
        {"reason": "more_than_sold", "line": None, "quantity": None, "amount": "10.00"},
    ]
    assert found["money_back"] == "0.00"


def test_a_bill_without_lines_has_no_line_to_come_back() -> None:
    with pytest.raises(RequestError, match="a bill with lines"):
        read_quote_request(
            {"program": {"currency": "EUR"}, "bill": 5, "refunds": [{"lines": [{"line": 0}]}]},
            NOW,
            read_program_value,
        )


@given(st.lists(st.integers(-500, 2000), min_size=1, max_size=8))
def test_a_bill_adds_up_whatever_is_below_zero(amounts: list[int]) -> None:
    lines = [{"amount": Decimal(amount).scaleb(-2)} for amount in amounts]
    if sum(amounts) < 0:
        assert refused(*lines)[0] == "bill.lines"
        return
    stated = bill(*lines)
    assert stated.bill.total.minor == sum(amounts)
    assert [amounts[place] for place in stated.places] == [amount for amount in amounts if amount >= 0]
    for line, place in zip(stated.bill.lines, stated.places, strict=True):
        assert 0 <= line.amount <= amounts[place]
