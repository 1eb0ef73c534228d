"""The contract suite's part on finding members and reading what is shown."""

from __future__ import annotations

from decimal import Decimal

import pytest
from msgspec.structs import replace

from cashier_app.domain.identifier import Identifier, MemberNumber, PhoneNumber, WalletToken
from cashier_app.domain.member import Way
from cashier_app.domain.outcome import MemberFound, NoSuchMember, SeveralMembers, Unreachable
from cashier_app.domain.program import Program
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


PLAIN_NO = (400, 404, 409, 410, 422)


class FindingContract:
    """Who is found, by what, and what is said when nobody can be asked."""

    def test_members_are_found_by_something(self, backend: LoyaltyBackend) -> None:
        assert backend.capabilities.finds_by
        assert set(backend.capabilities.finds_by) <= set(KEYS)

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

    def test_the_program_is_read_or_one_sentence_says_why_not(
        self, stage: ShopStage, backend: LoyaltyBackend
    ) -> None:
        """What the shop says in a file of its own is read whatever the backend does."""
        healthy = backend.program()
        refused = program_or_sentence(stage, wrong_secrets=True)
        stage.stage(StagedFault(trouble=Trouble.STATUS, status=500, writes_only=False, times=99))
        down = program_or_sentence(stage)
        if stage.befallen() == 0:
            assert refused == healthy
            assert down == healthy
            return
        for said in (refused, down):
            assert isinstance(said, str), said
            assert said.endswith(".") or "Run: " in said
            assert "\n" not in said
            assert "wrong-" not in said


def replace_points(person: Person, points: int) -> Person:
    """Return the person with another balance."""
    return Person(person.name, person.phone, person.number, person.wallet_code, points=Decimal(points))


def known_by(backend: LoyaltyBackend) -> Identifier:
    """Return what Asha can be found by at this backend; by her phone number where it can be."""
    ways = backend.capabilities.finds_by
    return KEYS[Way.PHONE if Way.PHONE in ways else ways[0]][0]


def program_or_sentence(stage: ShopStage, *, wrong_secrets: bool = False) -> Program | str:
    """Open the adapter anew and read the program; return the sentence that says why it cannot be read."""
    backend = stage.open(wrong_secrets=wrong_secrets)
    try:
        return backend.program()
    except KnownError as error:
        return error.sentence
    finally:
        backend.close()
