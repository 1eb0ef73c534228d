"""The contract suite's part on finding members and reading what is shown."""

from __future__ import annotations

from contextlib import suppress
from decimal import Decimal

import pytest
from msgspec.structs import replace

from cashier_app.domain.identifier import Identifier, MemberNumber, PhoneNumber, WalletToken
from cashier_app.domain.member import Way
from cashier_app.domain.outcome import MemberFound, NoSuchMember, SeveralMembers, Unreachable
from cashier_app.errors import KnownError
from cashier_app.ports.loyalty import LoyaltyBackend
from cashier_app.testing.people import Person
from cashier_app.testing.stage import HASTE, ShopStage
from cashier_app.testing.stand_ins.faults import StagedFault, Trouble

ASHA = Person("Asha Menon", "+919845055501", "MC20001", "LC1:asha0001")
KEYS: dict[Way, tuple[Identifier, Identifier]] = {
    Way.PHONE: (PhoneNumber(ASHA.phone), PhoneNumber("+919845000000")),
    Way.MEMBER_NUMBER: (MemberNumber(ASHA.number), MemberNumber("MC29999")),
    Way.WALLET_CODE: (WalletToken(ASHA.wallet_code), WalletToken("LC1:nobody99")),
}
NO_ANSWERS = {
    "nothing": StagedFault(trouble=Trouble.LOST_ANSWER, writes_only=False, times=9),
    "too slow": StagedFault(trouble=Trouble.SLOW, writes_only=False, times=9),
    "drip by drip": StagedFault(trouble=Trouble.DRIP, writes_only=False, times=9),
    "500": StagedFault(trouble=Trouble.STATUS, status=500, writes_only=False, times=9),
    "503": StagedFault(trouble=Trouble.STATUS, status=503, writes_only=False, times=9),
    "429": StagedFault(trouble=Trouble.STATUS, status=429, writes_only=False, times=9),
    "401": StagedFault(trouble=Trouble.STATUS, status=401, writes_only=False, times=9),
    "403": StagedFault(trouble=Trouble.STATUS, status=403, writes_only=False, times=9),
    "half an answer": StagedFault(trouble=Trouble.MALFORMED, writes_only=False, times=9),
    "a web page": StagedFault(trouble=Trouble.WRONG_TYPE, writes_only=False, times=9),
    "a redirect": StagedFault(trouble=Trouble.REDIRECT, writes_only=False, times=9),
    "3 MiB": StagedFault(trouble=Trouble.HUGE, writes_only=False, times=9),
    "less than announced": StagedFault(trouble=Trouble.TRUNCATED, writes_only=False, times=9),
}


class FindingContract:
    """Who is found, by what, and what is said when nobody can be asked."""

    @pytest.mark.parametrize("way", KEYS)
    def test_a_member_is_found_by_what_the_backend_says_it_knows(
        self, stage: ShopStage, backend: LoyaltyBackend, way: Way
    ) -> None:
        # Some keep a card's number and a pass's text in one place: each is tried alone.
        others = {Way.MEMBER_NUMBER: "number", Way.WALLET_CODE: "wallet_code"}
        gone = {name: "" for other, name in others.items() if other is not way}
        member_id = stage.add_member(replace(replace_points(ASHA, 120), **gone))
        found = backend.find(KEYS[way][0])
        if way in backend.capabilities.finds_by:
            assert isinstance(found, MemberFound), found
            assert found.member.member_id == member_id
            assert found.account.balance == Decimal(120)
        else:
            assert found == NoSuchMember()

    @pytest.mark.parametrize("way", KEYS)
    def test_nobody_is_found(self, stage: ShopStage, backend: LoyaltyBackend, way: Way) -> None:
        stage.add_member(ASHA)
        assert backend.find(KEYS[way][1]) == NoSuchMember()

    def test_a_phone_number_that_two_members_have(self, stage: ShopStage, backend: LoyaltyBackend) -> None:
        ids = [stage.add_member(ASHA)]
        if stage.shares_phones:
            ids.append(stage.add_member(Person("Anil Menon", ASHA.phone)))
        found = backend.find(PhoneNumber(ASHA.phone))
        if Way.PHONE not in backend.capabilities.finds_by:
            assert found == NoSuchMember()
        elif stage.shares_phones:
            assert isinstance(found, SeveralMembers), found
            assert {one.member.member_id for one in found.found} == set(ids)
        else:
            assert isinstance(found, MemberFound), found

    def test_the_account_is_read_again(self, stage: ShopStage, backend: LoyaltyBackend) -> None:
        member_id = stage.add_member(replace_points(ASHA, 120))
        stage.use_points(member_id, "20")
        found = backend.refresh(member_id)
        assert isinstance(found, MemberFound), found
        assert (found.member.member_id, found.account.balance) == (member_id, Decimal(100))

    def test_an_account_of_nobody(self, stage: ShopStage, backend: LoyaltyBackend) -> None:
        assert backend.refresh(stage.unknown_member_id) == NoSuchMember()

    def test_no_full_phone_number_leaves_the_adapter(self, stage: ShopStage, backend: LoyaltyBackend) -> None:
        member_id = stage.add_member(ASHA)
        for found in (backend.find(known_by(backend)), backend.refresh(member_id)):
            assert isinstance(found, MemberFound), found
            assert ASHA.phone[-10:] not in repr(found)

    def test_names_are_plain_text(self, stage: ShopStage, backend: LoyaltyBackend) -> None:
        member_id = stage.add_member(Person("<b>Asha</b>\u202e\x07 Menon", ASHA.phone))
        found = backend.refresh(member_id)
        assert isinstance(found, MemberFound), found
        assert not any(mark in found.member.name for mark in "\u202e\x07")

    @pytest.mark.parametrize("fault", NO_ANSWERS.values(), ids=NO_ANSWERS)
    def test_no_answer_is_never_taken_for_nobody(self, stage: ShopStage, fault: StagedFault) -> None:
        stage.add_member(ASHA)
        backend = stage.open(deadlines=HASTE)
        try:
            backend.program()
            stage.stage(fault)
            found = backend.find(known_by(backend))
            assert isinstance(found, Unreachable), found
            assert ASHA.phone[-10:] not in found.reason
            assert stage.befallen() > 0
        finally:
            backend.close()

    def test_the_program_counts_in_the_shops_currency(
        self, stage: ShopStage, backend: LoyaltyBackend
    ) -> None:
        program = backend.program()
        assert program.currency == stage.bill.currency
        assert program.version

    def test_a_program_that_cannot_be_read_is_one_sentence(self, stage: ShopStage) -> None:
        backend = stage.open(wrong_secrets=True)
        try:
            if reads_program(stage):
                with pytest.raises(KnownError) as error:
                    backend.program()
                assert error.value.sentence.endswith(".") or ":" in error.value.sentence
        finally:
            backend.close()


def known_by(backend: LoyaltyBackend) -> Identifier:
    """Return what the backend finds Asha by."""
    return next(known for way, (known, _) in KEYS.items() if way in backend.capabilities.finds_by)


def replace_points(person: Person, points: int) -> Person:
    """Return the person with another balance."""
    return Person(person.name, person.phone, person.number, person.wallet_code, points=Decimal(points))


def reads_program(stage: ShopStage) -> bool:
    """Say whether the program comes from the vendor at all; it may be the shop's own document."""
    backend = stage.open()
    try:
        stage.stage(StagedFault(trouble=Trouble.STATUS, status=500, writes_only=False, times=99))
        before = stage.befallen()
        with suppress(KnownError):
            backend.program()
        return stage.befallen() > before
    finally:
        backend.close()
