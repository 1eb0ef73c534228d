"""Quote requests: exact figures, one meaning for what may be left out, a path for what is refused."""

from __future__ import annotations

from contextlib import suppress
from datetime import datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cashier_app.documents.program_document import read_program_value
from cashier_app.documents.quote_request import read_quote_request, request_id_of
from cashier_app.documents.request_fields import RequestError
from cashier_app.domain.bill import Already
from cashier_app.domain.choice import (
    All,
    TakeAmount,
    TakeMaximum,
    TakeNothing,
    TakePoints,
    TakeReward,
    TakeTogether,
)
from cashier_app.domain.money import Money
from tests.unit.quote_requests import INR, NOW, PROGRAM, error, read


def line(**fields: object) -> tuple[int, int]:
    """Return amount and tax of one line, in minor units."""
    prices = {key: fields.pop(key) for key in ("prices_include_tax",) if key in fields}
    found = read({"lines": [fields], **prices}).bill.lines[0]
    return found.amount, found.tax


def test_what_is_left_out_is_as_the_documentation_says() -> None:
    request = read()
    assert request.at == NOW
    assert request.online
    assert request.store == ""
    assert request.paid_with == ""
    assert request.request_id is None
    assert request.account.balance == 0
    assert request.account.tier is None
    assert request.member.blocked_since is None
    assert request.choice == TakeMaximum()
    assert request.refunds is None
    assert request.bill.lines == ()


def test_null_counts_as_left_out() -> None:
    assert read(account=None, choice=None, at=None, store=None, refunds=None) == read()


@pytest.mark.parametrize("written", [1000, Decimal("1000.00"), "1000", "1000.00", "1000.0000"])
def test_a_figure_may_be_a_number_or_text(written: object) -> None:
    assert read(written).bill.total == Money(100000, INR)


@pytest.mark.parametrize(
    "written",
    ["1,000", "1e3", " 1000", "+1000", "-1", "", "NaN", True, Decimal("0.001"), Decimal("1e999"), 10**30, []],
)
def test_anything_else_is_no_amount(written: object) -> None:
    assert error(written).path == "bill"


def test_a_line_costs_price_times_quantity_less_its_discount() -> None:
    assert line(price="12.50", quantity=3, discount="7.50") == (3000, 0)
    assert line(amount="12.50", quantity=3) == (1250, 0)


def test_a_fractional_quantity_is_rounded_half_up_once() -> None:
    assert line(price="0.99", quantity="0.5") == (50, 0)
    assert line(price="0.99", quantity="0.495") == (49, 0)


def test_tax_in_a_price_is_worked_out_from_what_is_left_of_it() -> None:
    assert line(price=118, tax_percent=18) == (11800, 1800)
    assert line(price=118, discount=59, tax_percent=18) == (5900, 900)
    assert line(price=118, tax="18.00") == (11800, 1800)


def test_tax_on_top_of_a_price_is_added() -> None:
    assert line(price=100, quantity=2, tax_percent="7.5", prices_include_tax=False) == (21500, 1500)
    assert line(price=100, tax=5, prices_include_tax=False) == (10500, 500)


def test_half_a_minor_unit_of_tax_is_rounded_up() -> None:
    assert line(price="0.10", tax_percent=5, prices_include_tax=False) == (11, 1)


def test_a_discount_marks_its_line_unless_the_line_says_otherwise() -> None:
    bill = read(
        {
            "lines": [
                {"price": 10, "discount": 1},
                {"price": 10, "discount": 1, "discounted": False},
                {"price": 10, "discounted": True},
                {"price": 10},
            ],
            "discount": 3,
        }
    ).bill
    assert [each.discounted for each in bill.lines] == [True, False, True, False]


def test_a_discount_off_the_bill_is_shared_by_largest_remainder() -> None:
    bill = read({"lines": [{"price": 10}, {"price": 10}, {"price": 10}], "discount": "0.01"}).bill
    assert [each.amount for each in bill.lines] == [999, 1000, 1000]
    assert bill.total == Money(2999, INR)


def test_a_discount_off_the_bill_takes_its_part_of_the_tax() -> None:
    bill = read({"amount": 118, "tax": 18, "discount": 59}).bill
    assert (bill.total.minor, bill.tax) == (5900, 900)
    bill = read({"amount": 100, "tax_percent": 18, "discount": 50, "prices_include_tax": False}).bill
    assert (bill.total.minor, bill.tax) == (5900, 900)


def test_amount_beside_lines_must_be_their_sum_as_written() -> None:
    lines = {"lines": [{"price": 10, "tax_percent": 10}], "prices_include_tax": False}
    assert read({**lines, "amount": 10}).bill.total == Money(1100, INR)
    wrong = error({**lines, "amount": 11})
    assert (wrong.path, wrong.value) == ("bill.amount", 11)
    assert "10.00" in wrong.expected


def test_what_was_redeemed_before_is_kept() -> None:
    assert read({"amount": 100, "already": {"discount": 5, "points": "2.5"}}).bill.already == Already(
        500, Decimal("2.5")
    )


@pytest.mark.parametrize(
    ("bill", "path"),
    [
        ({}, "bill"),
        ({"lines": []}, "bill.lines"),
        ({"lines": {}}, "bill.lines"),
        ({"lines": [{}]}, "bill.lines[0]"),
        ({"lines": [{"price": 1}, {"price": 1, "amount": 1}]}, "bill.lines[1]"),
        ({"lines": [{"price": 1, "quantity": 0}]}, "bill.lines[0].quantity"),
        ({"lines": [{"price": 1, "quantity": -1}]}, "bill.lines[0].quantity"),
        ({"lines": [{"price": 1, "quantity": "1e5"}]}, "bill.lines[0].quantity"),
        ({"lines": [{"price": "1.005"}]}, "bill.lines[0].price"),
        ({"lines": [{"price": 1, "tax": 2}]}, "bill.lines[0].tax"),
        ({"lines": [{"price": 1, "tax": 0, "tax_percent": 0}]}, "bill.lines[0].tax"),
        ({"lines": [{"price": 1, "discount": 2}]}, "bill.lines[0].discount"),
        ({"lines": [{"price": 1, "category": "a", "categories": []}]}, "bill.lines[0].category"),
        ({"lines": [{"price": 1, "discounted": 1}]}, "bill.lines[0].discounted"),
        ({"lines": [{"price": 1}], "tax": 1}, "bill.tax"),
        ({"lines": [{"price": 1}], "discount": 2}, "bill.discount"),
        ({"lines": [{"price": 10**13, "quantity": 999}]}, "bill.lines[0]"),
        ({"amount": 1, "already": {"discount": 2}}, "bill.already.discount"),
        ({"lines": [{"price": 1}] * 1001}, "bill.lines"),
    ],
)
def test_a_bill_that_makes_no_sense_is_refused_with_its_path(bill: object, path: str) -> None:
    assert error(bill).path == path


def test_an_unknown_key_names_the_nearest_known_one() -> None:
    wrong = error({"lines": [{"prise": 1}]})
    assert wrong.path == "bill.lines[0].prise"
    assert "'price'" in wrong.expected
    assert "balance" in error(account={"ballance": 1}).expected


def test_an_unlike_key_names_all_known_ones() -> None:
    assert "refunds" in error(zzzz=1).expected


def test_a_line_remembers_what_it_cost_before_the_shops_discounts() -> None:
    def before(**bill: object) -> list[int | None]:
        return [each.before_discount for each in read(bill).bill.lines]

    assert before(lines=[{"price": 10}]) == [None]
    assert before(lines=[{"price": 10, "discount": 1}]) == [1000]
    assert before(lines=[{"price": 10, "discount": 1, "tax_percent": 10}], prices_include_tax=False) == [1100]
    assert before(amount=10, discount=1) == [1000]
    assert before(amount=10) == []


@pytest.mark.parametrize(
    ("choice", "expected"),
    [
        ("maximum", TakeMaximum()),
        ("nothing", TakeNothing()),
        ({"points": 5}, TakePoints(Decimal(5))),
        ({"points": "maximum"}, TakeMaximum()),
        ({"points": "5.5", "rule": "points"}, TakePoints(Decimal("5.5"), "points")),
        ({"amount": "12.50"}, TakeAmount(Money(1250, INR))),
        ({"rule": "points"}, TakeMaximum("points")),
        ({"reward": "mug"}, TakeReward("mug")),
        ({"reward": "mug", "points": 5}, TakeTogether(TakePoints(Decimal(5)), ("mug",))),
        ({"rewards": ["mug", "mug"]}, TakeTogether(TakeNothing(), ("mug", "mug"))),
        ({"store_credit": "maximum", "gift_balance": 3},
         TakeTogether(store_credit=All(), gift_balance=Money(300, INR))),
    ],
)  # fmt: skip
def test_choices(choice: object, expected: object) -> None:
    assert read(choice=choice).choice == expected


@pytest.mark.parametrize(
    ("choice", "path"),
    [
        ("most", "choice"),
        (5, "choice"),
        ({}, "choice"),
        ({"points": 5, "amount": 5}, "choice.amount"),
        ({"points": "most"}, "choice.points"),
        ({"points": -5}, "choice.points"),
        ({"reward": "mug", "rewards": []}, "choice.reward"),
        ({"rewards": "mug"}, "choice.rewards"),
        ({"rewards": [5]}, "choice.rewards[0]"),
    ],
)
def test_a_choice_that_makes_no_sense_is_refused_with_its_path(choice: object, path: str) -> None:
    assert error(choice=choice).path == path


@pytest.mark.parametrize(
    ("at", "moment"),
    [
        ("2026-11-21T10:00", datetime(2026, 11, 21, 10, 0)),  # noqa: DTZ001
        ("2026-11-21 10:00:30", datetime(2026, 11, 21, 10, 0, 30)),  # noqa: DTZ001
        ("2026-11-21T10:00:30.123", datetime(2026, 11, 21, 10, 0, 30)),  # noqa: DTZ001
        ("2026-02-28", datetime(2026, 2, 28)),  # noqa: DTZ001
    ],
)
def test_moments_are_the_shops_own(at: str, moment: datetime) -> None:
    assert read(at=at).at == moment


@pytest.mark.parametrize(
    "at",
    [
        "2026-11-21T10:00Z",
        "2026-11-21T10:00+05:30",
        "2026-02-29",
        "0001-01-01",
        "3000-01-01",
        "today",
        2026,
        "",
    ],
)
def test_anything_else_is_no_moment(at: object) -> None:
    assert error(at=at).path == "at"


LINES = {"lines": [{"price": 10, "quantity": 3}, {"price": 20}]}


def test_returns() -> None:
    asked = read(
        LINES,
        sale={"points_used": 5, "discount": "5.00", "points_earned": 1},
        refunds=[{"lines": [{"line": 0, "quantity": 2}, {"line": 1}]}, {"amount": 5, "balance": -1}, "all"],
    )
    assert asked.refunds is not None
    lines = asked.refunds[0].returned.lines
    assert [(each.line, each.quantity) for each in lines] == [(0, Decimal(2)), (1, Decimal(1))]
    assert asked.refunds[1].returned.amount == Money(500, INR)
    assert asked.refunds[1].balance == -1
    assert asked.refunds[2].returned.everything
    assert asked.booked.discount == 500


@pytest.mark.parametrize(
    ("fields", "path"),
    [
        ({"sale": {"discount": 5}}, "sale"),
        ({"sale": {"discount": 51}, "refunds": ["all"]}, "sale.discount"),
        ({"refunds": []}, "refunds"),
        ({"refunds": "all"}, "refunds"),
        ({"refunds": [{}]}, "refunds[0]"),
        ({"refunds": [{"all": False}]}, "refunds[0].all"),
        ({"refunds": [{"all": True, "amount": 1}]}, "refunds[0]"),
        ({"refunds": ["some"]}, "refunds[0]"),
        ({"refunds": [{"lines": [{"line": 5000}]}]}, "refunds[0].lines[0].line"),
        ({"refunds": [{"lines": [{"line": -1}]}]}, "refunds[0].lines[0].line"),
        ({"refunds": [{"lines": [{"line": True}]}]}, "refunds[0].lines[0].line"),
        ({"refunds": [{"lines": [{"line": 0, "quantity": 0}]}]}, "refunds[0].lines[0].quantity"),
    ],
)
def test_returns_that_make_no_sense_are_refused_with_their_path(fields: dict[str, object], path: str) -> None:
    assert error(LINES, **fields).path == path


def test_what_may_be_below_zero_is_not_said_to_be_zero_or_more() -> None:
    for balance in ("1.55555", "-1.55555"):
        wrong = error(program={**PROGRAM, "point_scale": 0}, account={"balance": balance})
        assert wrong.expected == "points without decimals"
    for price in ("1.555", "-1.555"):
        assert error({"lines": [{"price": price}]}).expected.startswith("an amount with at most 2 decimals")


def test_lines_of_a_bill_without_lines_cannot_come_back() -> None:
    assert "a bill with lines" in error(100, refunds=[{"lines": [{"line": 0}]}]).expected


def test_a_bad_program_is_named_with_its_path() -> None:
    wrong = error(program={**PROGRAM, "point_scale": 9})
    assert (wrong.path, wrong.value) == ("program.point_scale", 9)
    assert error(program=[]).path == "program"
    assert error(program={}).path == "program.currency"


@pytest.mark.parametrize("missing", ["program", "bill"])
def test_program_and_bill_may_not_be_left_out(missing: str) -> None:
    assert error(**{missing: None}).path == missing


@pytest.mark.parametrize("value", [None, 5, "text", [], [{}]])
def test_a_request_is_an_object(value: object) -> None:
    with pytest.raises(RequestError):
        read_quote_request(value, NOW, read_program_value)
    assert request_id_of(value) is None


@pytest.mark.parametrize("request_id", ["a", 5, Decimal("1.5"), True])
def test_any_scalar_is_an_id(request_id: object) -> None:
    assert read(id=request_id).request_id == request_id
    assert request_id_of({"id": request_id}) == request_id


def test_a_list_is_no_id() -> None:
    assert error(id=[1]).path == "id"


values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.decimals() | st.text(max_size=12),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=6,
)
known = st.sampled_from(["bill", "account", "choice", "at", "store", "online", "refunds", "sale", "id"])


@given(st.dictionaries(known, values, max_size=4))
def test_whatever_comes_is_read_or_refused(fields: dict[str, object]) -> None:
    with suppress(RequestError):
        read_quote_request({"program": PROGRAM, "bill": 1, **fields}, NOW, read_program_value)
