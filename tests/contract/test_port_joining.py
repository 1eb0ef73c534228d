"""Who joins, over the reference server: one member for one phone number, consent, who sent them."""

from __future__ import annotations

import threading
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from msgspec.structs import replace

from cashier_app.demo.joining import Joining
from cashier_app.demo.server import DemoServer
from cashier_app.domain.enrolment import (
    AlreadyMember,
    Consent,
    Enrolled,
    EnrolmentAnswer,
    EnrolmentField,
    EnrolmentRefused,
)
from cashier_app.domain.identifier import PhoneNumber
from cashier_app.domain.outcome import MemberFound
from cashier_app.domain.vouchers import ReferralKnown, ReferralUnknown
from cashier_app.ports.loyalty import LoyaltyBackend
from tests.contract.around_the_sale import ASHA_PHONE, Connect, balance, newcomer


def test_a_phone_number_that_is_a_members_makes_nobody(backend: LoyaltyBackend) -> None:
    first = backend.enrol(newcomer())
    again = backend.enrol(newcomer(name="Asha M"))
    assert isinstance(first, Enrolled)
    assert isinstance(again, AlreadyMember)
    assert again.found.member == first.found.member
    assert isinstance(backend.find(PhoneNumber(ASHA_PHONE)), MemberFound)


def test_the_answer_of_then_is_given_again(backend: LoyaltyBackend) -> None:
    new, known = newcomer(), newcomer(phone="+919845034172")
    for one, answer in ((new, Enrolled), (known, AlreadyMember)):
        assert isinstance(backend.enrol(one), answer)
        assert isinstance(backend.enrol(one), answer)


def test_two_tills_that_enrol_one_customer_at_once_make_one_member(
    server: DemoServer, connect: Connect
) -> None:
    tills, answers = [connect(server.base_url, server.token) for _ in range(6)], []
    begin = threading.Barrier(len(tills))

    def enrol(till: LoyaltyBackend) -> None:
        begin.wait()
        answers.append(till.enrol(newcomer()))

    threads = [threading.Thread(target=enrol, args=(till,)) for till in tills]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(type(one).__name__ for one in answers) == ["AlreadyMember"] * 5 + ["Enrolled"]
    assert len({_id_of(one) for one in answers}) == 1
    assert server.ledger.rows("SELECT count(*) FROM members WHERE phone = ?", (ASHA_PHONE,)) == [(1,)]


def _id_of(answer: EnrolmentAnswer) -> str:
    assert isinstance(answer, Enrolled | AlreadyMember)
    return answer.found.member.member_id


def test_consent_and_referral_are_kept(server: DemoServer, backend: LoyaltyBackend) -> None:
    at = datetime(2026, 11, 21, 9, tzinfo=UTC)
    consent = Consent("2026-10", "ta", at, "7")
    new = newcomer(
        consent=consent,
        referral="PRIYA24",
        email="asha@shop.example",
        birthday=date(1990, 4, 17),
        agrees_to_marketing=True,
    )
    member_id = _id_of(backend.enrol(new))
    kept = server.ledger.rows("SELECT member_id, version, language, at, staff_id FROM consents")
    assert kept == [(member_id, "2026-10", "ta", "2026-11-21T09:00:00.000000Z", "7")]
    told = "SELECT email, birthday, agrees_to_marketing, referred_with FROM members WHERE member_id = ?"
    row = server.ledger.rows(told, (member_id,))
    assert row == [("asha@shop.example", "1990-04-17", 1, "PRIYA24")]
    backend.enrol(newcomer(consent=replace(consent, version="2026-11")))
    noted = Joining(server.ledger, server.shop).noted(member_id)
    assert (noted.consents, noted.referred_with) == (("2026-10", "2026-11"), "PRIYA24")


def test_a_referral_pays_both_once(server: DemoServer, backend: LoyaltyBackend) -> None:
    before = balance(backend, "mem-priya")
    new = newcomer(referral="priya24")
    answer = backend.enrol(new)
    member_id = _id_of(answer)
    assert answer == backend.enrol(new), "a repeat of it"
    assert balance(backend, member_id) == Decimal(50)
    assert balance(backend, "mem-priya") == before + 50
    rows = [row for row in server.ledger.movements(sale_id=str(new.key)) if row.kind == "referral"]
    assert [(row.member_id, row.units) for row in rows] == [(member_id, 50), ("mem-priya", 50)]
    backend.enrol(newcomer(referral="priya24"))  # who is a member already is sent by nobody
    assert balance(backend, "mem-priya") == before + 50


def test_who_sends_somebody_and_is_blocked_gets_nothing(server: DemoServer, backend: LoyaltyBackend) -> None:
    server.ledger.execute("UPDATE members SET blocked_since = '2026-01-01' WHERE member_id = 'mem-priya'")
    before = balance(backend, "mem-priya")
    member_id = _id_of(backend.enrol(newcomer(referral="PRIYA24")))
    assert (balance(backend, member_id), balance(backend, "mem-priya")) == (Decimal(50), before)


@pytest.mark.parametrize("code", ["NOBODY1", ""])
def test_a_code_nobody_gives_pays_nobody(server: DemoServer, backend: LoyaltyBackend, code: str) -> None:
    member_id = _id_of(backend.enrol(newcomer(referral=code)))
    assert balance(backend, member_id) == 0
    assert server.ledger.rows("SELECT 1 FROM movements WHERE kind = 'referral'") == []


def test_a_card_of_another_member_is_named(backend: LoyaltyBackend) -> None:
    answer = backend.enrol(newcomer(number="MG-104210"))
    assert answer == EnrolmentRefused(EnrolmentField.NUMBER, "another member has this number")
    assert isinstance(backend.enrol(newcomer(number="MG-104211")), Enrolled)


def test_whose_a_referral_code_is(backend: LoyaltyBackend) -> None:
    assert backend.check_referral("priya24") == ReferralKnown("PRIYA24", "Priya R.")
    assert isinstance(backend.check_referral("NOBODY1"), ReferralUnknown)
    assert backend.check_referral("no code at all") == ReferralUnknown()
