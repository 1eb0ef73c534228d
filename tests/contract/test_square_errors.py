"""Square's own: its table of errors, its program and members, and what it leaves open tried both ways."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from msgspec.structs import replace
from uuid6 import uuid7

from cashier_app.backends.square.client import said
from cashier_app.backends.square.messages import ErrorAnswer
from cashier_app.domain.adjustment import Adjustment
from cashier_app.domain.choice import TakeNothing
from cashier_app.domain.enrolment import (
    AlreadyMember,
    Enrolled,
    EnrolmentField,
    EnrolmentRefused,
    NewMember,
)
from cashier_app.domain.identifier import MemberNumber, PhoneNumber, WalletToken
from cashier_app.domain.member import Lapse
from cashier_app.domain.money import Currency, Money
from cashier_app.domain.outcome import (
    AlreadyApplied,
    Applied,
    MemberFound,
    NoSuchMember,
    Refused,
    RefusedBecause,
    RetryLater,
    SeveralMembers,
    SignInNeeded,
    Unknown,
)
from cashier_app.domain.probe import Found
from cashier_app.errors import KnownError
from cashier_app.testing.people import Person
from cashier_app.testing.pretend_till import PretendTill
from cashier_app.testing.stand_ins.faults import StagedFault, Trouble
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


ERRORS = [
    (400, "BAD_REQUEST", Refused(RefusedBecause.NOT_ALLOWED, "BAD_REQUEST: staged")),
    (
        400,
        "MISSING_REQUIRED_PARAMETER",
        Refused(RefusedBecause.INVALID, "MISSING_REQUIRED_PARAMETER: staged"),
    ),
    (400, "INVALID_VALUE", Refused(RefusedBecause.INVALID, "INVALID_VALUE: staged")),
    (400, "VALUE_TOO_LONG", Refused(RefusedBecause.INVALID, "VALUE_TOO_LONG: staged")),
    (400, "IDEMPOTENCY_KEY_REUSED", Refused(RefusedBecause.INVALID, "IDEMPOTENCY_KEY_REUSED: staged")),
    (404, "NOT_FOUND", Refused(RefusedBecause.INVALID, "NOT_FOUND: staged")),
    (401, "UNAUTHORIZED", SignInNeeded()),
    (401, "ACCESS_TOKEN_EXPIRED", SignInNeeded()),
    (401, "ACCESS_TOKEN_REVOKED", SignInNeeded()),
    (403, "FORBIDDEN", SignInNeeded()),
    (403, "INSUFFICIENT_SCOPES", SignInNeeded()),
    (403, "MERCHANT_SUBSCRIPTION_NOT_FOUND", SignInNeeded()),
    (400, "MERCHANT_SUBSCRIPTION_NOT_FOUND", SignInNeeded()),
    (409, "CONFLICT", Unknown("not decided (409)")),
    (400, "TEMPORARY_ERROR", Unknown("not decided (400)")),
    (408, "REQUEST_TIMEOUT", Unknown),
    (429, "RATE_LIMITED", RetryLater),
    (500, "INTERNAL_SERVER_ERROR", Unknown),
    (502, "BAD_GATEWAY", Unknown),
    (503, "SERVICE_UNAVAILABLE", Unknown),
    (503, "TEMPORARY_ERROR", Unknown),
    (504, "GATEWAY_TIMEOUT", Unknown),
]


@pytest.mark.parametrize(("status", "code", "expected"), ERRORS, ids=[f"{one[0]} {one[1]}" for one in ERRORS])
def test_the_table_of_errors(here: SquareHere, status: int, code: str, expected: object) -> None:
    backend = here.open()
    found, till = here.dana(100, backend), PretendTill(backend)
    sale = till.planned(till.quoted(found, BILL, TakeNothing()))[0]
    here.stand_in.whims.first_codes.append((status, code))
    outcome = till.send(sale)
    assert outcome == expected if not isinstance(expected, type) else isinstance(outcome, expected), outcome
    assert here.stand_in.books(found.member.member_id).moves == 0
    assert here.stand_in.failures == []


def test_what_square_says_is_plain_text_without_phone_numbers() -> None:
    told = "No\u202e +1 (415) 555-0142 here\x07, 123 points"
    error = ErrorAnswer("INVALID_REQUEST_ERROR", "BAD_REQUEST", told)
    assert said(error) == "BAD_REQUEST: No … here, 123 points"


def test_trying_it_out_while_nobody_answers(here: SquareHere) -> None:
    backend = here.open()
    here.staged.append(StagedFault(trouble=Trouble.LOST_ANSWER, writes_only=False, times=99))
    assert {one.found for one in backend.probe().rights} == {Found.UNREACHABLE}


@pytest.mark.parametrize("code", ["UNSUPPORTED_LOYALTY_REWARD_TIER", "UNAUTHORIZED", "INTERNAL_SERVER_ERROR"])
def test_a_program_that_cannot_be_had_is_one_sentence(here: SquareHere, code: str) -> None:
    status = {"UNAUTHORIZED": 401, "INTERNAL_SERVER_ERROR": 500}.get(code, 400)
    here.stand_in.whims.program_error = (status, code)
    with pytest.raises(KnownError) as error:
        here.open().program()
    assert error.value.sentence.endswith(".")


def test_a_key_used_for_another_sale_is_no_success(here: SquareHere) -> None:
    backend = here.open()
    found, till = here.dana(100, backend), PretendTill(backend)
    sale = till.planned(till.quoted(found, BILL, TakeNothing()))[0]
    till.post(sale)
    outcome = till.send(replace(sale, points=sale.points + 1))
    assert isinstance(outcome, Refused)
    assert outcome.because is RefusedBecause.INVALID
    assert here.stand_in.books(found.member.member_id).moves == 1


# The program.
def test_an_inactive_program_and_one_of_other_locations(here: SquareHere) -> None:
    here.stand_in.shop.status = "INACTIVE"
    with pytest.raises(KnownError, match="not active"):
        here.open().program()
    here.stand_in.shop.status = "ACTIVE"
    with pytest.raises(KnownError, match="location"):
        here.open(location="LOC2").program()


def test_a_program_in_another_currency(here: SquareHere) -> None:
    here.begin("JPY")
    backend = here.open()
    here.spelling(lambda text: text.replace('"JPY"', '"EUR"'))
    with pytest.raises(KnownError, match="EUR"):
        backend.program()


def test_a_reward_on_certain_goods_is_not_offered(here: SquareHere) -> None:
    backend = here.open()
    assert [reward.reward_id for reward in backend.program().rewards] == ["tier-10pct", "tier-5off"]
    assert any("certain goods" in remark for remark in backend.probe().remarks)


def test_a_catalogue_version_may_be_text(here: SquareHere) -> None:
    here.spelling(
        lambda text: text.replace('"catalog_version":1767517200000', '"catalog_version":"1767517200000"')
    )
    assert len(here.open().program().rewards) == 2


def test_another_discount_is_another_version(here: SquareHere) -> None:
    backend = here.open()
    before = backend.program()
    assert backend.program() == before
    here.stand_in.shop.tiers["tier-5off"] = (300, "5 off the sale")
    assert backend.program().version != before.version


def test_points_by_visit_need_the_least_amount_before_tax(here: SquareHere) -> None:
    least = {"tax_mode": "BEFORE_TAX", "minimum_amount_money": here.stand_in.shop.money(1000)}
    here.stand_in.shop.accrual = [{"accrual_type": "VISIT", "points": 3, "visit_data": least}]
    backend = here.open()
    found, till = here.dana(0, backend), PretendTill(backend)
    for minor, earns in ((999, 0), (1000, 3), (90000, 3)):
        ticket = till.quoted(found, Money(minor, BILL.currency))
        assert ticket.quote is not None
        assert ticket.quote.earns == earns
        assert len(till.planned(ticket)) == (1 if earns else 0), "nothing is told of what earns nothing"


def test_points_for_goods_are_not_earned_and_that_is_said(here: SquareHere) -> None:
    here.stand_in.shop.accrual = [{"accrual_type": "CATEGORY", "points": 3}]
    backend = here.open()
    ticket = PretendTill(backend).quoted(here.dana(0, backend), BILL)
    assert ticket.quote is not None
    assert ticket.quote.earns == 0
    assert any("categories" in remark for remark in backend.probe().remarks)


# Members.
def test_a_balance_below_zero_and_points_about_to_lapse(here: SquareHere) -> None:
    backend = here.open()
    found = here.dana(0, backend)
    account = here.stand_in.shop.accounts[found.member.member_id]
    account.balance = -40
    account.deadlines = [
        {"points": 30, "expires_at": "2027-03-01T03:00:00Z"},
        {"points": 10, "expires_at": "2027-02-01T03:00:00Z"},
    ]
    again = backend.refresh(found.member.member_id)
    assert isinstance(again, MemberFound)
    assert again.account.balance == -40
    assert again.account.tier is None
    assert again.account.lapses == Lapse(Decimal(10), date(2027, 1, 31)), "by the shop's own day"


def test_found_by_phone_code_reference_and_account_id(here: SquareHere) -> None:
    backend = here.open()
    found = here.dana(5, backend)
    for shown in (
        PhoneNumber(DANA.phone),
        WalletToken(DANA.phone),
        MemberNumber(DANA.number),
        WalletToken(DANA.number),
        WalletToken(found.member.member_id),
    ):
        again = backend.find(shown)
        assert isinstance(again, MemberFound), shown
        assert again.member == found.member
    assert found.member.number == DANA.number
    assert backend.find(PhoneNumber("12345")) == NoSuchMember(), "Square refuses such a number"


def test_one_reference_of_two_customers(here: SquareHere) -> None:
    backend = here.open()
    here.dana(5, backend)
    here.stand_in.add_member(Person("Ben Okoro", "+14155550143", DANA.number))
    assert isinstance(backend.find(MemberNumber(DANA.number)), SeveralMembers)


def test_a_customer_without_an_account_is_nobody(here: SquareHere) -> None:
    backend = here.open()
    found = here.dana(5, backend)
    del here.stand_in.shop.accounts[found.member.member_id]
    assert backend.find(MemberNumber(DANA.number)) == NoSuchMember()


@pytest.mark.parametrize("status", [403, 404])
def test_without_a_profile_a_member_is_served_without_a_name(here: SquareHere, status: int) -> None:
    backend = here.open()
    here.dana(5, backend)
    here.staged.append(
        StagedFault(trouble=Trouble.STATUS, status=status, path="/v2/customers/", writes_only=False)
    )
    found = backend.find(PhoneNumber(DANA.phone))
    assert isinstance(found, MemberFound)
    assert (found.member.name, found.account.balance) == ("", 5)


def joiner(**changes: object) -> NewMember:
    told = NewMember(
        key=str(uuid7()),
        at=datetime.now(UTC),
        name="Nina Mary Kurian",
        phone="+14155550199",
        email="n@a.example",
    )
    return replace(told, **changes)


@pytest.mark.parametrize("answer", [(400, "BAD_REQUEST"), (409, "CONFLICT")])
def test_a_number_that_got_an_account_meanwhile(here: SquareHere, answer: tuple[int, str]) -> None:
    """Whatever Square says to a second account, the first one is found."""
    backend = here.open()
    here.stand_in.whims.second_account = answer
    first = backend.enrol(joiner())
    assert isinstance(first, Enrolled)
    assert first.found.member.name == "Nina Mary Kurian"
    # The search before is answered as if nobody were there: somebody else is quicker.
    here.stand_in.whims.blind_searches = 1
    later = joiner(at=datetime.now(UTC) + timedelta(seconds=5))
    again = backend.enrol(later)
    if answer[0] == 409:
        assert isinstance(again, Unknown)
        again = backend.enrol(later)
    assert isinstance(again, AlreadyMember)
    assert len(here.stand_in.shop.accounts) == 1


def test_an_address_square_does_not_take_is_told_and_mended(here: SquareHere) -> None:
    backend = here.open()
    new = joiner(email="not an address")
    refused = backend.enrol(new)
    assert isinstance(refused, EnrolmentRefused)
    assert refused.field is EnrolmentField.EMAIL
    mended = backend.enrol(replace(new, email="nina@shop.example"))
    assert isinstance(mended, Enrolled)
    assert len(here.stand_in.shop.accounts) == 1
    assert next(iter(here.stand_in.shop.customers.values())).email_address == "nina@shop.example"


def test_a_number_square_does_not_take(here: SquareHere) -> None:
    refused = here.open().enrol(joiner(phone="12"))
    assert isinstance(refused, EnrolmentRefused)
    assert refused.field is EnrolmentField.PHONE
    assert here.stand_in.shop.accounts == {}


def test_a_new_profile_is_found_by_its_card_only_later(here: SquareHere) -> None:
    backend = here.open()
    assert isinstance(backend.enrol(joiner(number="MC20099")), Enrolled)
    assert backend.find(MemberNumber("MC20099")) == NoSuchMember()
    here.stand_in.settle()
    assert isinstance(backend.find(MemberNumber("MC20099")), MemberFound)


@pytest.mark.parametrize("negative", [True, False])
def test_a_balance_below_zero_is_the_shops_choice(here: SquareHere, *, negative: bool) -> None:
    backend = here.open(negative_balance=negative)
    assert backend.capabilities.negative_balance is negative
    found = here.dana(10, backend)
    correction = Adjustment(
        str(uuid7()), found.member.member_id, Decimal(-30), "Counted twice", "Meera", datetime.now(UTC)
    )
    outcome = backend.adjust(correction)
    if negative:
        assert isinstance(outcome, Applied)
    else:
        assert isinstance(outcome, Refused)
        assert outcome.because is RefusedBecause.BALANCE_TOO_LOW
        assert outcome.account is not None
        assert outcome.account.balance == 10
    assert here.stand_in.books(found.member.member_id).spendable == (-20 if negative else 10)


# Rewards.
@pytest.mark.parametrize("vanish", [True, False])
def test_a_deleted_reward_is_deleted_once(here: SquareHere, *, vanish: bool) -> None:
    here.stand_in.whims.deleted_rewards_vanish = vanish
    backend = here.open()
    found, till = here.dana(300, backend), PretendTill(backend)
    ticket = till.held(till.quoted(found, BILL))
    release = replace(till.release(ticket), reservation=ticket.reservation)
    here.staged.append(StagedFault(trouble=Trouble.LOST_ANSWER, takes_hold=True))
    assert isinstance(till.send(release), Unknown)
    assert isinstance(till.look_up(release), AlreadyApplied)
    assert isinstance(till.send(release), AlreadyApplied)
    assert here.stand_in.books(found.member.member_id).spendable == 300


@pytest.mark.parametrize("conflict", [True, False])
def test_a_capture_whose_key_is_forgotten(here: SquareHere, *, conflict: bool) -> None:
    here.stand_in.whims.redeems_twice = conflict
    here.stand_in.whims.keys_are_forgotten = True
    backend = here.open()
    found, till = here.dana(300, backend), PretendTill(backend)
    ticket = till.held(till.quoted(found, BILL))
    capture = till.planned(ticket)[0]
    till.post(capture)
    outcome = till.send(capture)
    if conflict:
        assert isinstance(outcome, Unknown)
        outcome = till.look_up(capture)
    assert isinstance(outcome, AlreadyApplied)
    assert here.stand_in.books(found.member.member_id).moves == 2


def test_a_redeemed_reward_cannot_be_let_go(here: SquareHere) -> None:
    backend = here.open()
    found, till = here.dana(300, backend), PretendTill(backend)
    ticket = till.held(till.quoted(found, BILL))
    till.post(till.planned(ticket)[0])
    outcome = till.send(replace(till.release(ticket), reservation=ticket.reservation))
    assert isinstance(outcome, Refused)
    assert outcome.because is RefusedBecause.RESERVATION_GONE


def test_a_reward_let_go_cannot_be_captured(here: SquareHere) -> None:
    backend = here.open()
    found, till = here.dana(300, backend), PretendTill(backend)
    ticket = till.held(till.quoted(found, BILL))
    till.post(replace(till.release(ticket), reservation=ticket.reservation))
    outcome = till.send(till.planned(ticket)[0])
    assert isinstance(outcome, Refused)
    assert outcome.because is RefusedBecause.RESERVATION_GONE


def test_too_few_points_are_said_with_the_balance(here: SquareHere) -> None:
    backend = here.open()
    found, till = here.dana(300, backend), PretendTill(backend)
    ticket = till.quoted(found, BILL)
    here.stand_in.use_points(found.member.member_id, "290")
    outcome = till.send(till.hold(ticket))
    assert isinstance(outcome, Refused)
    assert outcome.because is RefusedBecause.BALANCE_TOO_LOW
    assert outcome.account is not None
    assert outcome.account.balance == 10


@pytest.mark.parametrize("orders", [True, False])
def test_a_reward_taken_out_elsewhere_is_offered_and_redeemed_once(here: SquareHere, *, orders: bool) -> None:
    backend = here.open(offer_issued=True, orders=orders)
    found, till = here.dana(100, backend), PretendTill(backend)
    issued = here.stand_in.shop.take_out(found.member.member_id, "tier-10pct")
    just_now = till.quoted(found, BILL)
    assert just_now.quote is not None
    assert just_now.quote.discount.minor == 0, "its customer may be paying at another till"
    issued.created_at = "2026-01-04T09:00:00Z"
    other = PretendTill(here.open(offer_issued=True))
    ticket, too_late = till.quoted(found, BILL), other.quoted(found, BILL)
    assert ticket.quote is not None
    assert (ticket.points, ticket.quote.discount.minor) == (0, 500)
    for effect in till.planned(ticket):
        till.post(effect)
    assert issued.status == "REDEEMED"
    outcome = other.send(other.planned(too_late)[0])
    assert isinstance(outcome, Refused)
    assert outcome.because is RefusedBecause.RESERVATION_GONE
    books = here.stand_in.books(found.member.member_id)
    assert (books.spendable, books.held) == (Decimal(45), 0)
    assert here.stand_in.failures == []
