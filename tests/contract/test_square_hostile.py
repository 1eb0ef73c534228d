"""Answers no honest Square gives: nothing of them is believed, nothing is doubled."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from cashier_app.domain.bill import bill_of
from cashier_app.domain.choice import TakeNothing
from cashier_app.domain.identifier import MemberNumber, PhoneNumber
from cashier_app.domain.money import Currency, Money
from cashier_app.domain.outcome import (
    AlreadyApplied,
    MemberFound,
    Unknown,
    Unreachable,
)
from cashier_app.testing.pretend_till import PretendTill
from tests.contract.square_here import DANA, SquareHere

# openapi-core does not try bearer tokens given out by OAuth; the stand-in does.
pytestmark = pytest.mark.filterwarnings("ignore:Unsupported scheme type")
BILL = Money(5000, Currency("USD", 2))


@pytest.fixture(scope="module")
def running() -> Iterator[SquareHere]:
    with SquareHere() as here:
        yield here


@pytest.fixture
def here(running: SquareHere) -> Iterator[SquareHere]:
    running.begin()
    yield running
    running.close_all()


HOSTILE = {
    "another member's account": lambda text: text.replace('"id":"', '"id":"other-'),
    "an absurd balance": lambda text: text.replace('"balance":100', '"balance":' + "9" * 30),
    "a balance of text": lambda text: text.replace('"balance":100', '"balance":"100"'),
    "errors beside it": lambda text: text[:-1] + ',"errors":[{"category":"API_ERROR","code":"BAD_GATEWAY"}]}',
    "no account": lambda _: "{}",
    "a list": lambda _: '{"loyalty_account":[]}',
    "an id that climbs": lambda text: text.replace('"customer_id":"CUST001"', '"customer_id":"../../v2"'),
}


@pytest.mark.parametrize("change", HOSTILE.values(), ids=HOSTILE)
def test_a_strange_account_is_no_account(here: SquareHere, change: Callable[[str], str]) -> None:
    backend = here.open()
    found = here.dana(100, backend)
    here.spelling(change)
    assert isinstance(backend.refresh(found.member.member_id), Unreachable)


def test_an_account_of_another_phone_number(here: SquareHere) -> None:
    backend = here.open()
    here.dana(100, backend)
    here.spelling(lambda text: text.replace('"phone_number":"+1415', '"phone_number":"+1416'))
    assert isinstance(backend.find(PhoneNumber(DANA.phone)), Unreachable)


def test_a_profile_of_another_reference(here: SquareHere) -> None:
    backend = here.open()
    here.dana(100, backend)
    here.spelling(lambda text: text.replace(DANA.number, "CARD-000188"))
    assert isinstance(backend.find(MemberNumber(DANA.number)), Unreachable)


def test_names_keep_no_invisible_marks(here: SquareHere) -> None:
    backend = here.open()
    found = here.dana(100, backend)
    here.stand_in.shop.customers["CUST001"].given_name = "\u202eDana\u2066\x00"
    here.stand_in.shop.tiers["tier-5off"] = (250, "\u202e5 off\u2069")
    again = backend.refresh(found.member.member_id)
    assert isinstance(again, MemberFound)
    assert again.member.name == "Dana Okoro"
    assert "5 off" in {reward.name for reward in backend.program().rewards}


ECHOES = {
    "another account's event": lambda text: text.replace('"loyalty_account_id":"', '"loyalty_account_id":"x'),
    "other points": lambda text: text.replace('"points":50', '"points":51'),
    "no events": lambda _: "{}",
    "two events": lambda text: text.replace('{"events":[', '{"events":[' + text[11:-2] + ",", 1),
    "errors beside it": lambda text: text[:-1] + ',"errors":[{"category":"API_ERROR","code":"BAD_GATEWAY"}]}',
}


@pytest.mark.parametrize("change", ECHOES.values(), ids=ECHOES)
def test_points_earned_are_believed_only_as_asked(here: SquareHere, change: Callable[[str], str]) -> None:
    backend = here.open()
    found, till = here.dana(100, backend), PretendTill(backend)
    sale = till.planned(till.quoted(found, BILL, TakeNothing()))[0]
    here.spelling(change)
    assert isinstance(till.send(sale), Unknown)
    here.spelling(lambda text: text)
    assert isinstance(till.look_up(sale), AlreadyApplied)
    assert here.stand_in.books(found.member.member_id).moves == 1


@pytest.mark.parametrize("part", ["loyalty_account_id", "reward_tier_id"])
def test_a_reward_is_believed_only_as_asked(here: SquareHere, part: str) -> None:
    backend = here.open()
    found, till = here.dana(300, backend), PretendTill(backend)
    hold = till.hold(till.quoted(found, BILL))
    here.spelling(lambda text: text.replace(f'"{part}":"', f'"{part}":"x'))
    assert isinstance(till.send(hold), Unknown)
    here.spelling(lambda text: text)
    assert isinstance(till.look_up(hold), AlreadyApplied)


def test_a_bill_of_another_currency_is_no_offer(here: SquareHere) -> None:
    backend = here.open(orders=True)
    found = here.dana(300, backend)
    backend.program()
    here.spelling(lambda text: text.replace('"USD"', '"EUR"'))
    assert isinstance(backend.options(found.member.member_id, bill_of(BILL)), Unreachable)
    here.spelling(
        lambda text: text.replace(
            '"total_discount_money":{"amount":500', '"total_discount_money":{"amount":900'
        )
    )
    assert isinstance(backend.options(found.member.member_id, bill_of(BILL)), Unreachable)
