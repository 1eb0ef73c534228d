"""Finding members, their accounts and the program: what every backend adapter must do."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from cashier_app.backends.contract import ContractBackend
from cashier_app.demo.codes import rotating_code
from cashier_app.demo.members import coming_friday
from cashier_app.demo.server import DemoServer
from cashier_app.domain.identifier import (
    Identifier,
    IdentifierRules,
    MemberNumber,
    Origin,
    PhoneNumber,
    Unrecognised,
    WalletToken,
    parse_identifier,
)
from cashier_app.domain.member import Lapse, TierStanding
from cashier_app.domain.outcome import (
    CodeTooOld,
    MemberFound,
    NoSuchMember,
    SeveralMembers,
)
from cashier_app.ports.loyalty import LoyaltyBackend
from cashier_app.services.connection import ConnectionWatch
from cashier_app.services.lookup import MemberLookup
from cashier_app.services.used_codes import UsedCodes
from cashier_app.storage.opening import open_journal
from tests.contract.support import (
    PRIYA_PHONE,
    PRIYA_TOKEN,
    RUPEE,
    SaleMaker,
    TurnedClock,
    booked,
    rupees,
)
from tests.fakes.clock import FakeClock

PRIYA: list[Identifier] = [
    WalletToken(f"LC1:{PRIYA_TOKEN}"),
    PhoneNumber(PRIYA_PHONE),
    MemberNumber("MG-104210"),
]
NOBODY: list[Identifier] = [
    WalletToken("LC1:NOBODY2222222222"),
    PhoneNumber("+919845099999"),
    MemberNumber("MG-000000"),
    WalletToken("LR1:PRYA7K2M4Q9XW3TB:tp2y2o:00000000"),
]


@pytest.mark.parametrize("identifier", PRIYA, ids=lambda value: type(value).__name__)
def test_a_member_is_found_by_each_key(
    backend: LoyaltyBackend, clock: TurnedClock, identifier: Identifier
) -> None:
    found = backend.find(identifier)
    assert isinstance(found, MemberFound)
    assert found.member.member_id == "mem-priya"
    assert found.member.name == "Priya Raghunathan"
    assert found.member.blocked_since is None
    assert found.member.last_visit == clock.now().date() - timedelta(days=3)
    account = found.account
    assert account.balance == Decimal(1240)
    assert account.tier == TierStanding("Gold", 3, 4, "Platinum", rupees(4760), 720)
    assert account.lapses == Lapse(Decimal(80), coming_friday(clock.now().date()))
    assert account.store_credit == rupees(150)
    assert account.as_of == clock.now()


def test_a_full_phone_number_never_leaves_the_adapter(backend: LoyaltyBackend) -> None:
    found = backend.find(PhoneNumber(PRIYA_PHONE))
    assert isinstance(found, MemberFound)
    assert found.member.masked_phone == "+91 ••••• ••210"
    assert PRIYA_PHONE not in repr(found)


@pytest.mark.parametrize("identifier", NOBODY, ids=["wallet", "phone", "number", "forged"])
def test_nobody_is_found(backend: LoyaltyBackend, identifier: Identifier) -> None:
    assert backend.find(identifier) == NoSuchMember()


def test_two_members_share_a_phone(backend: LoyaltyBackend) -> None:
    found = backend.find(PhoneNumber("+919845060214"))
    assert isinstance(found, SeveralMembers)
    known = [
        (one.member.first_name, one.account.tier and one.account.tier.name, one.account.balance)
        for one in found.found
    ]
    assert known == [("Anil", "Silver", Decimal(320)), ("Meera", "Gold", Decimal(2115))]


def test_a_rotating_code_finds_its_member_for_its_life(
    backend: LoyaltyBackend, server: DemoServer, clock: TurnedClock
) -> None:
    code = WalletToken(rotating_code(PRIYA_TOKEN, clock.now(), server.shop.code_key))
    made_at = clock.now().replace(microsecond=0)
    clock.turn(seconds=299)
    assert isinstance(backend.find(code), MemberFound)
    clock.turn(seconds=2)
    assert backend.find(code) == CodeTooOld(made_at, 300)


@pytest.mark.parametrize("wrong_by", [-600, 600])
def test_a_till_whose_clock_is_wrong_knows_it_by_the_answers(
    server: DemoServer, tmp_path: Path, wrong_by: int
) -> None:
    till_clock = FakeClock(datetime.now(UTC))
    till_clock.jump(wrong_by)
    backend = ContractBackend(server.base_url, server.token, clock=till_clock)
    journal = open_journal(tmp_path / "till.sqlite", "2", till_clock.now())
    try:
        lookup = MemberLookup(backend, journal, ConnectionWatch(till_clock), UsedCodes(journal, till_clock))
        for seconds_ago, answer in ((0, MemberFound), (840, CodeTooOld)):
            made_at = server.clock.now() - timedelta(seconds=seconds_ago)
            code = rotating_code(PRIYA_TOKEN, made_at, server.shop.code_key)
            scanned = parse_identifier(code, IdentifierRules("IN"), Origin.SCANNED)
            assert not isinstance(scanned, Unrecognised)
            assert isinstance(lookup.find(scanned), answer)
    finally:
        journal.close()
        backend.close()


def test_a_forged_rotating_code_is_nobodys(
    backend: LoyaltyBackend, server: DemoServer, clock: TurnedClock
) -> None:
    true = rotating_code(PRIYA_TOKEN, clock.now(), server.shop.code_key)
    later = rotating_code(PRIYA_TOKEN, clock.now() + timedelta(seconds=36), server.shop.code_key)
    proof, moment = true[-8:], later.split(":")[2]
    forged = [
        true[:-1] + ("0" if true[-1] != "0" else "1"),
        f"LR1:{PRIYA_TOKEN}:{moment}:{proof}",
        true.replace(PRIYA_TOKEN, "RAVI5N8C2H6ZD4KP"),
        rotating_code(PRIYA_TOKEN, clock.now(), "another key"),
    ]
    assert [backend.find(WalletToken(code)) for code in forged] == [NoSuchMember()] * 4


def test_a_code_from_the_future_is_nobodys(
    backend: LoyaltyBackend, server: DemoServer, clock: TurnedClock
) -> None:
    made_at = clock.now() + timedelta(minutes=5)
    assert (
        backend.find(WalletToken(rotating_code(PRIYA_TOKEN, made_at, server.shop.code_key))) == NoSuchMember()
    )


def test_an_account_is_read_again(backend: LoyaltyBackend, sale: SaleMaker) -> None:
    before = backend.refresh("mem-priya")
    booked(backend.apply(sale.reserve()))
    after = backend.refresh("mem-priya")
    assert isinstance(before, MemberFound)
    assert isinstance(after, MemberFound)
    assert (before.account.balance, after.account.balance) == (Decimal(1240), Decimal(1040))
    assert before.account.version != after.account.version
    assert backend.refresh("mem-nobody") == NoSuchMember()


def test_a_blocked_member_is_found_with_the_day(backend: LoyaltyBackend, clock: TurnedClock) -> None:
    found = backend.refresh("mem-devika")
    assert isinstance(found, MemberFound)
    assert found.member.blocked_since == clock.now().date() - timedelta(days=9)


def test_the_program_is_the_shops(backend: LoyaltyBackend, server: DemoServer) -> None:
    assert backend.program() == server.shop.program
    assert backend.program() == server.shop.program


def test_the_currency_is_the_programs(backend: LoyaltyBackend) -> None:
    found = backend.find(PRIYA[0])
    assert isinstance(found, MemberFound)
    assert found.account.store_credit is not None
    assert found.account.store_credit.currency == RUPEE
