"""A bill that comes with its lines: read as a whole or not at all, and kept with the sale."""

from __future__ import annotations

import json
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cashier_app.domain.money import Currency, Money
from cashier_app.domain.sale import Sale
from cashier_app.services.pasted_bill import (
    LONGEST_LABEL,
    MAX_CHARACTERS,
    BillNotRead,
    PastedBill,
    bill_on_show,
    looks_like_bill,
    read_pasted_bill,
)
from cashier_app.services.till_view import NoticeKind, Serving, Step
from tests.fakes.counter import PRIYAS_CODE, RAHULS_CODE, Counter
from tests.fakes.shop import RUPEE

KURTA = {"name": "Cotton kurta, blue, M", "price": 620, "quantity": 2, "category": "clothes"}
BOTTLE = {"name": "Steel bottle 750 ml", "price": 500, "item": "SB-750"}
BILL = json.dumps({"lines": [KURTA, BOTTLE, {"price": "620", "category": "gift"}]})


def read(text: str, currency: Currency = RUPEE) -> PastedBill | BillNotRead:
    return read_pasted_bill(text, currency, 0)


def test_a_bill_is_read_with_what_its_lines_are_called() -> None:
    pasted = read(BILL)
    assert isinstance(pasted, PastedBill)
    assert pasted.bill.total == Money(236000, RUPEE)
    assert [line.quantity for line in pasted.bill.lines] == [2, 1, 1]
    assert pasted.labels == ("Cotton kurta, blue, M", "Steel bottle 750 ml", "gift")


@pytest.mark.parametrize(
    ("text", "path"),
    [
        ("{", ""),
        ("{}", ""),
        ("[]", ""),
        ("100", ""),
        ('{"lines": []}', "lines"),
        ('{"lines": [{"price": 1, "quantity": 0}]}', "lines[0].quantity"),
        ('{"lines": [{"price": 1.005}]}', "lines[0].price"),
        ('{"lines": [{"price": 1, "colour": "red"}]}', "lines[0].colour"),
        ('{"amount": 10, "already": {"discount": 1}}', "already"),
        ('{"amount": 0}', ""),
        ('{"amount": 10, "amount": 10}', "amount"),
        ('{"amount": NaN}', ""),
        ('{"amount": 99999999999}', ""),
        ('{"amount": 10}' + " " * MAX_CHARACTERS, ""),
        ('{"amount": "\\ud800"}', ""),
    ],
)
def test_what_is_no_bill_says_where(text: str, path: str) -> None:
    refused = read(text)
    assert isinstance(refused, BillNotRead)
    assert refused.path in {path, ""}


@given(st.text(max_size=200) | st.recursive(st.none() | st.integers() | st.text(), st.lists).map(json.dumps))
def test_no_text_breaks_it(text: str) -> None:
    read(text)
    read("{" + text)
    looks_like_bill(text)


@given(name=st.text(max_size=200))
def test_labels_are_one_row_of_plain_text(name: str) -> None:
    pasted = read(json.dumps({"lines": [{"price": 1, "name": name}]}))
    if isinstance(pasted, PastedBill):
        assert len(pasted.labels[0]) <= LONGEST_LABEL
        assert pasted.labels[0].isprintable()


@settings(max_examples=40)
@given(minor=st.integers(1, 10**9), decimals=st.integers(0, 3))
def test_the_amount_is_the_one_on_the_bill(minor: int, decimals: int) -> None:
    currency = Currency("KWD", decimals)
    amount = f"{Decimal(minor).scaleb(-decimals):f}"
    pasted = read(json.dumps({"amount": amount, "lines": [{"amount": amount}]}), currency)
    assert isinstance(pasted, PastedBill)
    assert pasted.bill.total == Money(minor, currency)


def last_sale(counter: Counter) -> Sale:
    return counter.journal.recent(1)[0].sale


def test_a_pasted_bill_is_quoted_and_kept_with_its_lines(counter: Counter) -> None:
    counter.session.scan(PRIYAS_CODE)
    counter.session.scan(BILL)
    view = counter.view
    assert view.step is Step.BILL
    assert view.bill.money == Money(236000, RUPEE)
    assert len(bill_on_show(view).lines) == 3
    counter.press_enter(3)
    assert counter.view.step is Step.DONE
    sale = last_sale(counter)
    assert [line.label for line in sale.lines] == ["Cotton kurta, blue, M", "Steel bottle 750 ml", "gift"]
    assert sum(line.taken for line in sale.lines) == sale.discount.minor == 20000
    assert sale.itemised.total == sale.bill


def test_a_bill_may_come_before_the_member(counter: Counter) -> None:
    counter.session.scan(BILL)
    assert counter.view.step is Step.IDLE
    counter.session.scan(PRIYAS_CODE)
    assert isinstance(counter.view.person, Serving)
    counter.press_enter(3)
    assert len(last_sale(counter).lines) == 3


def test_typing_another_amount_leaves_the_lines_behind(counter: Counter) -> None:
    counter.session.scan(PRIYAS_CODE)
    counter.session.scan(BILL)
    counter.session.delete()
    assert not bill_on_show(counter.view).lines
    counter.press_enter(3)
    assert last_sale(counter).lines == ()


def test_lines_never_go_to_the_next_customer(counter: Counter) -> None:
    counter.session.scan(PRIYAS_CODE)
    counter.session.scan(BILL)
    counter.session.clear_all()
    assert counter.view.pasted is None
    counter.session.scan(RAHULS_CODE)
    counter.type("2360")
    counter.press_enter(3)
    assert last_sale(counter).lines == ()


def test_a_bill_after_the_sale_begins_the_next_one(counter: Counter) -> None:
    counter.session.scan(PRIYAS_CODE)
    counter.type("10")
    counter.press_enter(3)
    counter.session.scan(BILL)
    assert counter.view.step is Step.IDLE
    assert counter.view.bill.money == Money(236000, RUPEE)


@pytest.mark.parametrize("bad", ["{", '{"lines": [{"price": -1}]}', '{"bill": 1}'])
def test_what_cannot_be_used_changes_nothing_and_says_so(counter: Counter, bad: str) -> None:
    counter.session.scan(PRIYAS_CODE)
    counter.type("640")
    before = counter.view
    counter.session.scan(bad)
    notice = counter.view.notice
    assert notice is not None
    assert notice.kind is NoticeKind.BILL_NOT_READ
    assert (counter.view.bill, counter.view.step, counter.view.quote) == (
        before.bill,
        before.step,
        before.quote,
    )


def test_nothing_is_pasted_while_money_is_taken(counter: Counter) -> None:
    counter.session.scan(PRIYAS_CODE)
    counter.type("640")
    counter.press_enter(2)
    assert counter.view.step is Step.PAY
    counter.session.scan(BILL)
    assert counter.view.notice is not None
    assert counter.view.notice.kind is NoticeKind.SCAN_NOT_USED
    assert counter.view.bill.money == Money(64000, RUPEE)


def test_a_bill_in_place_of_another_is_decided_on_anew(counter: Counter) -> None:
    counter.session.scan(PRIYAS_CODE)
    counter.type("640")
    counter.press_enter()
    assert counter.view.step is Step.REWARD
    counter.session.scan(BILL)
    assert counter.view.step is Step.BILL
    assert counter.view.bill.money == Money(236000, RUPEE)


def test_a_dropped_file_goes_the_same_way(counter: Counter) -> None:
    counter.session.scan(PRIYAS_CODE)
    counter.session.read_picture(lambda: [BILL])
    assert len(bill_on_show(counter.view).lines) == 3
