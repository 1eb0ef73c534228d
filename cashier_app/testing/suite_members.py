"""The contract suite's part on new members, corrections, and trying a backend out."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from msgspec.structs import replace
from uuid6 import uuid7

from cashier_app.domain.adjustment import Adjustment
from cashier_app.domain.enrolment import (
    AlreadyMember,
    Enrolled,
    NewMember,
    still_missing,
)
from cashier_app.domain.identifier import PhoneNumber
from cashier_app.domain.lapsed import LapsedRead, PlaceUnknown
from cashier_app.domain.member import Way
from cashier_app.domain.outcome import AlreadyApplied, Applied, MemberFound, NotApplied, Unknown
from cashier_app.domain.probe import Found
from cashier_app.ports.loyalty import Idempotency, LoyaltyBackend
from cashier_app.testing.stage import ShopStage
from cashier_app.testing.stand_ins.faults import StagedFault, Trouble
from cashier_app.testing.suite_finding import ASHA
from cashier_app.testing.suite_selling import served


class MembersContract:
    """What the manager does, and who sets the till up."""

    def test_a_customer_becomes_a_member(self, stage: ShopStage, backend: LoyaltyBackend) -> None:
        wanted, new = backend.capabilities.enrolling, newcomer()
        if wanted is None:
            with pytest.raises(NotImplementedError):
                backend.enrol(new)
            return
        assert still_missing(wanted, new) == ()
        answer = backend.enrol(new)
        assert isinstance(answer, Enrolled), answer
        stage.settle()
        found = backend.refresh(answer.found.member.member_id)
        assert isinstance(found, MemberFound), found
        assert found.account.balance == 0
        if Way.PHONE in backend.capabilities.finds_by:
            by_phone = backend.find(PhoneNumber(new.phone))
            assert isinstance(by_phone, MemberFound), by_phone
            assert by_phone.member.member_id == found.member.member_id

    def test_nobody_joins_twice(self, stage: ShopStage, backend: LoyaltyBackend) -> None:
        new = newcomer()
        if backend.capabilities.enrolling is None:
            with pytest.raises(NotImplementedError):
                backend.enrol(new)
            return
        first = backend.enrol(new)
        stage.settle()
        again = backend.enrol(new)
        assert isinstance(first, Enrolled), first
        assert isinstance(again, Enrolled | AlreadyMember), again
        assert again.found.member.member_id == first.found.member.member_id

    def test_a_lost_answer_makes_no_second_member(self, stage: ShopStage, backend: LoyaltyBackend) -> None:
        new = newcomer()
        if backend.capabilities.enrolling is None:
            with pytest.raises(NotImplementedError):
                backend.enrol(new)
            return
        stage.stage(StagedFault(trouble=Trouble.LOST_ANSWER, takes_hold=True))
        assert isinstance(backend.enrol(new), Unknown)
        stage.settle()
        again = backend.enrol(new)
        assert isinstance(again, Enrolled | AlreadyMember), again
        stage.settle()
        if Way.PHONE in backend.capabilities.finds_by:
            assert isinstance(backend.find(PhoneNumber(new.phone)), MemberFound)

    def test_a_balance_is_corrected_once(self, stage: ShopStage, backend: LoyaltyBackend) -> None:
        found = served(stage, backend, 100)
        if not backend.capabilities.adjusts:
            with pytest.raises(NotImplementedError):
                backend.adjust(adjustment(found.member.member_id, Decimal(50)))
            return
        for points in (Decimal(50), Decimal(-20)):
            correction = adjustment(found.member.member_id, points)
            before = stage.books(found.member.member_id).spendable
            assert backend.reconcile_adjustment(correction) == NotApplied()
            assert isinstance(backend.adjust(correction), Applied)
            stage.settle()
            assert isinstance(backend.reconcile_adjustment(correction), Applied | AlreadyApplied)
            if backend.capabilities.idempotency is not Idempotency.READ_BACK:
                assert isinstance(backend.adjust(correction), Applied | AlreadyApplied)
            stage.settle()
            assert stage.books(found.member.member_id).spendable == before + points

    def test_a_correction_whose_answer_is_lost(self, stage: ShopStage, backend: LoyaltyBackend) -> None:
        found = served(stage, backend, 100)
        correction = adjustment(found.member.member_id, Decimal(50))
        if not backend.capabilities.adjusts:
            with pytest.raises(NotImplementedError):
                backend.reconcile_adjustment(correction)
            return
        stage.stage(StagedFault(trouble=Trouble.LOST_ANSWER, takes_hold=True))
        assert isinstance(backend.adjust(correction), Unknown)
        stage.settle()
        assert isinstance(backend.reconcile_adjustment(correction), Applied | AlreadyApplied)
        assert stage.books(found.member.member_id).spendable == 150

    def test_points_that_expired_are_told_once(self, stage: ShopStage, backend: LoyaltyBackend) -> None:
        member_id, today = stage.add_member(replace(ASHA, points=Decimal(100))), datetime.now(UTC).date()
        if not backend.capabilities.tells_lapsed:
            with pytest.raises(NotImplementedError):
                backend.lapsed("", today)
            return
        before = backend.lapsed("", today)
        assert isinstance(before, LapsedRead), before
        stage.lapse_points(member_id, "12")
        stage.lapse_points(member_id, "30")
        stage.settle()
        read = backend.lapsed(before.after, today)
        assert isinstance(read, LapsedRead), read
        assert [one.points for one in read.lapsed] == [Decimal(12), Decimal(30)]
        assert len({one.reference for one in read.lapsed}) == 2
        assert all(abs(datetime.now(UTC) - one.at) < timedelta(hours=1) for one in read.lapsed)
        assert backend.lapsed(before.after, today) == read, "a page asked for again is the same"
        assert backend.lapsed(read.after, today) == LapsedRead((), read.after)
        stage.use_points(member_id, "5")
        stage.settle()
        assert backend.lapsed(read.after, today) == LapsedRead((), read.after), "used is not expired"

    def test_a_place_that_is_in_no_books_is_said_to_be_unknown(self, backend: LoyaltyBackend) -> None:
        if backend.capabilities.tells_lapsed:
            assert backend.lapsed("nowhere", datetime.now(UTC).date()) == PlaceUnknown()

    def test_trying_it_out_changes_nothing_and_says_what_works(
        self, stage: ShopStage, backend: LoyaltyBackend
    ) -> None:
        member_id = stage.add_member(ASHA)
        before = stage.books(member_id)
        probed = backend.probe()
        assert probed.works, probed
        assert stage.books(member_id) == before

    def test_the_time_over_there_is_told(self, stage: ShopStage, backend: LoyaltyBackend) -> None:
        """Codes that change are judged by the backend's clock: the till's may be wrong by hours."""
        assert backend.is_reachable()
        ahead = backend.clock_ahead
        if not stage.tells_time:
            assert ahead is None
            return
        assert ahead is not None
        assert abs(ahead) < timedelta(minutes=1)

    def test_trying_it_out_with_wrong_secrets_says_so(self, stage: ShopStage) -> None:
        backend = stage.open(wrong_secrets=True)
        try:
            probed = backend.probe()
        finally:
            backend.close()
        assert not probed.works
        assert any(one.found in {Found.REFUSED, Found.NOT_THERE} for one in probed.rights), probed
        assert "wrong-" not in repr(probed)


def newcomer() -> NewMember:
    """Return a customer who tells everything."""
    return NewMember(
        key=str(uuid7()),
        at=datetime.now(UTC),
        name="Nina Kurian",
        phone="+919845055599",
        email="nina@shop.example",
        number="MC20099",
        birthday=date(1990, 4, 17),
        agrees_to_terms=True,
    )


def adjustment(member_id: str, points: Decimal) -> Adjustment:
    """Return a correction."""
    return Adjustment(str(uuid7()), member_id, points, "Forgotten card", "Meera", datetime.now(UTC))
