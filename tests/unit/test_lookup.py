"""Finding members, and what is remembered of them for an outage."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import pytest

from cashier_app.domain.identifier import (
    Identifier,
    MemberNumber,
    PhoneNumber,
    WalletToken,
    identified_by,
    way_of,
)
from cashier_app.domain.member import Way
from cashier_app.domain.outcome import (
    CodeTooOld,
    MemberFound,
    NoSuchMember,
    Remembered,
    SeveralMembers,
    Unreachable,
)
from cashier_app.errors import KnownError
from cashier_app.services.lookup import MemberLookup
from tests.fakes.counter import PRIYAS_CODE, PRIYAS_PHONE, SHARED_PHONE, STRANGERS_CODE, Counter
from tests.fakes.failures import failing
from tests.fakes.shop import ANIL, COINS, MEERA, PRIYA

CODE = WalletToken(PRIYAS_CODE)
ROTATING = WalletToken("LR1:priya0001:aaaa")
PHONE = PhoneNumber(f"+91{PRIYAS_PHONE}")


@pytest.fixture
def counter(tmp_path: Path) -> Iterator[Counter]:
    opened = Counter(tmp_path)
    yield opened
    opened.close()


@pytest.fixture
def lookup(counter: Counter) -> MemberLookup:
    return counter.workshop.lookup


def test_a_member_is_found(lookup: MemberLookup) -> None:
    found = lookup.find(CODE)
    assert isinstance(found, MemberFound)
    assert (found.member, found.account.balance) == (PRIYA, Decimal(1240))


def test_what_else_may_come_of_it(counter: Counter, lookup: MemberLookup) -> None:
    counter.backend.too_old.add("wallet:LR1:old:code")
    assert isinstance(lookup.find(WalletToken(STRANGERS_CODE)), NoSuchMember)
    assert isinstance(lookup.find(WalletToken("LR1:old:code")), CodeTooOld)
    several = lookup.find(PhoneNumber(f"+91{SHARED_PHONE}"))
    assert isinstance(several, SeveralMembers)
    assert [one.member for one in several.found] == [ANIL, MEERA]
    assert counter.connection.online


@pytest.mark.parametrize(("identifier", "known"), [(CODE, True), (PHONE, True), (ROTATING, False)])
def test_offline_those_who_came_before_are_known_by_what_stays_theirs(
    counter: Counter,
    lookup: MemberLookup,
    identifier: Identifier,
    known: bool,  # noqa: FBT001
) -> None:
    lookup.find(identifier)
    counter.backend.silent = True
    found = lookup.find(identifier)
    assert isinstance(found, Remembered if known else Unreachable)
    assert not counter.connection.online


def test_offline_a_member_served_is_still_known(counter: Counter, lookup: MemberLookup) -> None:
    lookup.find(ROTATING)
    counter.backend.silent = True
    assert isinstance(lookup.refresh("m-1"), Remembered)
    assert isinstance(lookup.refresh("m-2"), Unreachable)


def test_each_of_several_is_remembered_but_not_by_the_shared_phone(
    counter: Counter, lookup: MemberLookup
) -> None:
    lookup.find(PhoneNumber(f"+91{SHARED_PHONE}"))
    counter.backend.silent = True
    assert isinstance(lookup.refresh("m-6"), Remembered)
    assert isinstance(lookup.find(PhoneNumber(f"+91{SHARED_PHONE}")), Unreachable)


def test_the_last_balance_is_the_one_remembered(counter: Counter, lookup: MemberLookup) -> None:
    lookup.find(CODE)
    counter.backend.members["m-1"].balance = Decimal(7)
    lookup.find(CODE)
    counter.backend.silent = True
    again = lookup.find(CODE)
    assert isinstance(again, Remembered)
    assert again.account.balance == Decimal(7)


def test_the_database_names_no_phone_and_no_code(counter: Counter, lookup: MemberLookup) -> None:
    lookup.find(CODE)
    lookup.find(PHONE)
    with counter.journal._database.reading() as connection:
        rows = connection.execute("SELECT lookup_key, sealed FROM member_seen").fetchall()
    assert len(rows) == 3
    for key, sealed in rows:
        assert isinstance(key, bytes)
        assert isinstance(sealed, bytes)
        assert len(key) == 32
        for text in (PRIYAS_PHONE, PRIYAS_CODE, "Priya"):
            assert text.encode() not in key + sealed


def test_the_hash_is_this_tills_own(counter: Counter, tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    other = Counter(elsewhere)
    assert counter.workshop.lookup._hash("phone:+91") == counter.workshop.lookup._hash("phone:+91")
    assert counter.workshop.lookup._hash("phone:+91") != other.workshop.lookup._hash("phone:+91")
    other.close()


def test_a_full_disk_does_not_turn_a_member_away(
    counter: Counter, lookup: MemberLookup, monkeypatch: pytest.MonkeyPatch
) -> None:
    full = failing(KnownError("The disk is full."))
    monkeypatch.setattr(counter.journal, "remember_member", full)
    monkeypatch.setattr(counter.journal, "remember", full)
    assert isinstance(lookup.find(CODE), MemberFound)
    assert lookup.program() == COINS
    assert counter.connection.online


def test_the_program_is_kept_for_an_outage(counter: Counter, lookup: MemberLookup) -> None:
    assert lookup.program() == COINS
    counter.backend.silent = True
    assert lookup.program() == COINS
    assert not counter.connection.online


@pytest.mark.parametrize("kept", [None, "{}", "not JSON", '{"name": 5}'])
def test_without_a_program_the_backends_reason_is_said(
    counter: Counter, lookup: MemberLookup, kept: str | None
) -> None:
    if kept is not None:
        counter.journal.remember("program", kept)
    counter.backend.silent = True
    with pytest.raises(KnownError, match="does not answer"):
        lookup.program()


def test_a_kept_program_that_makes_no_sense_is_not_used(counter: Counter, lookup: MemberLookup) -> None:
    lookup.program()
    kept = counter.journal.recall("program") or ""
    counter.journal.remember("program", kept.replace('"per":"100"', '"per":"0"'))
    counter.backend.silent = True
    with pytest.raises(KnownError):
        lookup.program()


@pytest.mark.parametrize(
    ("identifier", "text", "way"),
    [
        (CODE, f"wallet:{PRIYAS_CODE}", Way.WALLET_CODE),
        (PHONE, f"phone:+91{PRIYAS_PHONE}", Way.PHONE),
        (MemberNumber("MB4410"), "number:MB4410", Way.MEMBER_NUMBER),
    ],
)
def test_an_identifier_as_text(identifier: Identifier, text: str, way: Way) -> None:
    assert identified_by(identifier) == text
    assert way_of(identifier) is way
