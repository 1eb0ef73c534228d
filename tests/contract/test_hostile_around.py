"""What an adapter makes of dishonest answers around a sale: nobody is made, nothing is given away."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from uuid6 import uuid7

from cashier_app.domain.bill import bill_of
from cashier_app.domain.enrolment import NewMember
from cashier_app.domain.invitation import Invitation
from cashier_app.domain.outcome import MemberFound, Unknown, Unreachable
from cashier_app.domain.sale import EffectKind
from cashier_app.domain.vouchers import VoucherOffer
from cashier_app.ports.loyalty import LoyaltyBackend
from tests.contract.support import RawServer, Respond, SaleMaker, answer
from tests.contract.test_hostile_answers import NONSENSE, PERSON, PROBLEM, found, knowing_the_program

Connect = Callable[..., LoyaltyBackend]


def joins() -> NewMember:
    return NewMember(str(uuid7()), datetime.now(UTC), name="Asha Menon", phone="+919845055501")


@pytest.mark.parametrize("respond", NONSENSE.values(), ids=NONSENSE.keys())
def test_nonsense_makes_no_member_and_gives_nothing(
    connect: Connect, sale: SaleMaker, respond: Respond
) -> None:
    bill = bill_of(sale.bill)
    with RawServer(knowing_the_program(respond)) as server:
        backend = connect(server.base_url)
        assert isinstance(backend.enrol(joins()), Unknown)
        assert isinstance(backend.link(sale.effect(EffectKind.LINK)), Unknown)
        merge = sale.effect(EffectKind.MERGE, other_member_id="mem-anil")
        assert isinstance(backend.ask_to_merge(merge), Unknown)
        assert isinstance(backend.check_voucher("WELCOME50", "", bill), Unreachable)
        assert isinstance(backend.check_referral("PRIYA24"), Unreachable)
        assert isinstance(backend.invite(), Unreachable)
        assert isinstance(backend.invitation("inv-1"), Unreachable)


VOUCHER = {
    "code": "WELCOME50",
    "reward": {"kind": "amount_off", "reward_id": "v-1", "name": "50 off", "cost": "0", "value": "50.00"},
}


@pytest.mark.parametrize(
    "changes",
    [
        {"code": "ANOTHER"},
        {"code": "<b>"},
        {"until": "soon"},
        {"reward": "50 off"},
        {"reward": VOUCHER["reward"] | {"cost": "1"}},  # type: ignore[operator]
        {"reward": VOUCHER["reward"] | {"value": 50.555}},  # type: ignore[operator]
        {"reward": VOUCHER["reward"] | {"value": "-50.00"}},  # type: ignore[operator]
        {"reward": VOUCHER["reward"] | {"kind": "magic"}},  # type: ignore[operator]
        {"reward": VOUCHER["reward"] | {"more": 1}},  # type: ignore[operator]
        {"reward": {}},
    ],
)
def test_a_voucher_that_makes_no_sense_gives_nothing(
    connect: Connect, sale: SaleMaker, changes: dict[str, object]
) -> None:
    for told, kind in ((VOUCHER, VoucherOffer), (VOUCHER | changes, Unreachable)):
        with RawServer(knowing_the_program(answer(json.dumps(told).encode()))) as server:
            backend = connect(server.base_url)
            assert isinstance(backend.check_voucher("WELCOME50", "mem-priya", bill_of(sale.bill)), kind)


@pytest.mark.parametrize(
    "problem",
    [
        {"code": "voucher_bill_too_small", "minimum": {"minor": 100, "currency": "USD"}},
        {"code": "voucher_bill_too_small", "minimum": {"minor": -100, "currency": "INR"}},
        {"code": "voucher_expired", "on": "yesterday"},
        {"code": "balance_too_low"},
        {"code": "Voucher Used"},
    ],
)
def test_a_refusal_of_a_voucher_that_makes_no_sense_is_none(
    connect: Connect, sale: SaleMaker, problem: dict[str, object]
) -> None:
    respond = answer(json.dumps(problem).encode(), "409 Conflict", kind=PROBLEM)
    with RawServer(knowing_the_program(respond)) as server:
        backend = connect(server.base_url)
        assert isinstance(backend.check_voucher("WELCOME50", "", bill_of(sale.bill)), Unreachable)


@pytest.mark.parametrize(
    "url",
    [
        "http://loyalty.example/join/x",
        "javascript:alert(1)",
        "https://name:word@loyalty.example/x",
        "https://",
        "https://loyalty.example/\u202e",
        "https://[",
        "https://loyalty.example/" + "x" * 600,
    ],
)
def test_a_customer_is_sent_to_no_strange_address(connect: Connect, url: str) -> None:
    made = {"invitation_id": "inv-1", "until": "2026-11-21T09:12:00Z"}
    for address, kind in (("https://loyalty.example/join/x", Invitation), (url, Unreachable)):
        body = json.dumps(made | {"url": address}).encode()
        with RawServer(answer(body, "201 Created")) as server:
            assert isinstance(connect(server.base_url).invite(), kind)


@pytest.mark.parametrize(
    "told",
    [
        {"invitation_id": "inv-2", "state": "open"},
        {"invitation_id": "inv-1", "state": "used"},
        {"invitation_id": "inv-1", "state": "maybe"},
        {"invitation_id": "inv-1", "state": "used", "found": {"member": {"member_id": "a/b", "name": "A"}}},
    ],
)
def test_what_became_of_a_page_is_not_guessed(connect: Connect, told: dict[str, object]) -> None:
    with RawServer(knowing_the_program(answer(json.dumps(told).encode()))) as server:
        assert isinstance(connect(server.base_url).invitation("inv-1"), Unreachable)


@pytest.mark.parametrize(
    ("status", "existing"), [("200 OK", False), ("201 Created", True), ("204 No Content", False)]
)
def test_an_enrolment_that_says_two_things_is_in_doubt(
    connect: Connect,
    status: str,
    existing: bool,  # noqa: FBT001 - a parameter
) -> None:
    new = joins()
    told = {"key": f"{new.key}-enrol-1", "sale_id": new.key, "reference": "mem-1", "existing": existing}
    with RawServer(answer(json.dumps(told).encode(), status)) as server:
        assert isinstance(connect(server.base_url).enrol(new), Unknown)


def test_invisible_marks_are_taken_out_of_offers(connect: Connect) -> None:
    offers = [{"kind": "birthday", "title": "Tea\u202e\u0007 for you", "until": "2026-12-01"}]
    with RawServer(knowing_the_program(answer(found(offers=offers)))) as server:
        person = connect(server.base_url).find(PERSON)
    assert isinstance(person, MemberFound)
    assert [one.title for one in person.account.offers] == ["Tea for you"]
    for wrong in ([{"kind": "gift", "title": "Tea"}], [{"kind": "other", "title": ""}], offers * 21):
        with RawServer(knowing_the_program(answer(found(offers=wrong)))) as server:
            assert isinstance(connect(server.base_url).find(PERSON), Unreachable)
