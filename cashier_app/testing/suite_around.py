"""The contract suite's part around a sale: who joins, sales linked, vouchers, referrals, pages to fill in."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from msgspec.structs import replace
from uuid6 import uuid7

from cashier_app.domain.bill import bill_of
from cashier_app.domain.choice import TakeNothing
from cashier_app.domain.enrolment import AlreadyMember, Consent, Enrolled, EnrolmentField
from cashier_app.domain.invitation import Invitation, InvitationOpen, InvitationOver
from cashier_app.domain.member import Way
from cashier_app.domain.money import Money
from cashier_app.domain.outcome import (
    AlreadyApplied,
    Applied,
    MemberFound,
    NotApplied,
    Refused,
    RefusedBecause,
    Unknown,
    Unreachable,
)
from cashier_app.domain.sale import Effect, EffectKind, ReturnReason, effect_key
from cashier_app.domain.vouchers import (
    ReferralKnown,
    ReferralUnknown,
    VoucherOffer,
    VoucherRefused,
    WhyNoVoucher,
)
from cashier_app.ports.loyalty import Idempotency, LoyaltyBackend
from cashier_app.testing.people import StagedVoucher
from cashier_app.testing.pretend_till import PretendTill
from cashier_app.testing.stage import ShopStage
from cashier_app.testing.stand_ins.faults import StagedFault, Trouble
from cashier_app.testing.suite_finding import ASHA
from cashier_app.testing.suite_members import newcomer
from cashier_app.testing.suite_selling import nth_person, served

DONE = (Applied, AlreadyApplied)
SILENT = StagedFault(trouble=Trouble.STATUS, status=500, writes_only=False, times=9)
LOST = StagedFault(trouble=Trouble.LOST_ANSWER, takes_hold=True)
CODE = "SPRING5"


class AroundContract:
    """What is done before and after a sale, each thing once; what a backend cannot do is not asked of it."""

    # Who joins.
    def test_a_phone_number_that_is_a_members_makes_nobody(
        self, stage: ShopStage, backend: LoyaltyBackend
    ) -> None:
        can = backend.capabilities
        if can.enrolling is None or Way.PHONE not in can.finds_by:
            pytest.skip("enrols nobody, or finds nobody by phone")
        member_id = stage.add_member(ASHA)
        # Not at the moment she joined: by that some know an earlier attempt of their own again.
        later = datetime.now(UTC) + timedelta(seconds=90)
        answer = backend.enrol(replace(newcomer(), phone=ASHA.phone, number="", email="", at=later))
        assert isinstance(answer, AlreadyMember), answer
        assert answer.found.member.member_id == member_id

    def test_what_a_customer_agreed_to_is_kept(self, stage: ShopStage, backend: LoyaltyBackend) -> None:
        can = backend.capabilities
        if can.enrolling is None:
            assert not can.keeps_consent
            return
        agreed = Consent("2026-10", "ta", datetime.now(UTC), "7")
        answer = backend.enrol(replace(newcomer(), consent=agreed, agrees_to_terms=True))
        assert isinstance(answer, Enrolled), answer
        kept = stage.noted(answer.found.member.member_id).consents
        assert kept == (("2026-10",) if can.keeps_consent else ())

    def test_who_sent_a_new_member_is_told_once(self, stage: ShopStage, backend: LoyaltyBackend) -> None:
        can = backend.capabilities
        if not can.referrals:
            with pytest.raises(NotImplementedError):
                backend.check_referral("FRIEND-1")
            assert can.enrolling is None or EnrolmentField.REFERRAL not in can.enrolling.optional
            return
        code = stage.add_referral(stage.add_member(ASHA))
        assert isinstance(backend.check_referral("NOBODYS-CODE"), ReferralUnknown)
        known = backend.check_referral(code)
        assert isinstance(known, ReferralKnown), known
        stage.stage(SILENT)
        assert isinstance(backend.check_referral(code), Unreachable)

    def test_a_new_member_comes_with_the_code_they_were_given(
        self, stage: ShopStage, backend: LoyaltyBackend
    ) -> None:
        wanted = backend.capabilities.enrolling
        if wanted is None or EnrolmentField.REFERRAL not in wanted.optional:
            pytest.skip("takes no referral code with a new member")
        code = stage.add_referral(stage.add_member(ASHA))
        for new in (newcomer(), replace(newcomer(), phone="+919845055577", number="", email="")):
            given = code if new.number else "NOBODYS-CODE"
            answer = backend.enrol(replace(new, referral=given))
            assert isinstance(answer, Enrolled), answer
            if new.number:
                assert stage.noted(answer.found.member.member_id).referred_with == code

    def test_two_records_are_said_to_be_of_one_person_once(
        self, stage: ShopStage, backend: LoyaltyBackend
    ) -> None:
        till = PretendTill(backend)
        one, other = (stage.add_member(nth_person(place)) for place in (0, 1))
        effect = till.merge(stage.bill, one, other)
        if not backend.capabilities.merges:
            with pytest.raises(NotImplementedError):
                backend.ask_to_merge(effect)
            return
        assert till.look_up(effect) == NotApplied()
        _done_once(stage, till, effect)
        assert stage.noted(one).merges == (other,)

    # Sales without a member.
    def test_a_sale_of_nobodys_earns_once_it_is_linked(
        self, stage: ShopStage, backend: LoyaltyBackend
    ) -> None:
        found, till, sale_id = served(stage, backend, 0), PretendTill(backend), str(uuid7())
        member_id = found.member.member_id
        if not _links(backend, till, stage.bill, member_id):
            return
        told = till.told_of_nobody(stage.bill, sale_id)
        expected = till.quoted(found, stage.bill, TakeNothing()).quote
        assert expected is not None
        assert till.look_up(told) == NotApplied()
        _done_once(stage, till, told)
        stage.settle()
        assert stage.books(member_id).spendable == 0
        link = till.link(stage.bill, sale_id, member_id)
        assert till.look_up(link) == NotApplied()
        assert isinstance(till.send(link), DONE)
        stage.settle()
        assert isinstance(till.look_up(link), DONE)
        assert stage.books(member_id).spendable == expected.earns
        if backend.capabilities.idempotency is not Idempotency.READ_BACK:
            assert isinstance(till.send(link), DONE)
        stage.settle()
        assert stage.books(member_id).spendable == expected.earns
        assert stage.books(member_id).sales == 1

    def test_a_link_whose_answer_is_lost(self, stage: ShopStage, backend: LoyaltyBackend) -> None:
        found, till, sale_id = served(stage, backend, 0), PretendTill(backend), str(uuid7())
        member_id = found.member.member_id
        if not _links(backend, till, stage.bill, member_id):
            return
        till.post(till.told_of_nobody(stage.bill, sale_id))
        stage.settle()
        link = till.link(stage.bill, sale_id, member_id)
        stage.stage(LOST)
        assert isinstance(till.send(link), Unknown)
        stage.settle()
        assert isinstance(till.look_up(link), DONE)
        assert stage.books(member_id).sales == 1

    def test_a_sale_is_linked_to_one_member_only(self, stage: ShopStage, backend: LoyaltyBackend) -> None:
        found, till, sale_id = served(stage, backend, 0), PretendTill(backend), str(uuid7())
        if not _links(backend, till, stage.bill, found.member.member_id):
            return
        other = stage.add_member(nth_person(1))
        till.post(till.told_of_nobody(stage.bill, sale_id))
        stage.settle()
        till.post(till.link(stage.bill, sale_id, found.member.member_id))
        stage.settle()
        late = replace(
            till.link(stage.bill, sale_id, other), key=effect_key(sale_id, EffectKind.LINK, count=2)
        )
        answer = till.send(late)
        assert isinstance(answer, Refused), answer
        assert answer.because is RefusedBecause.ALREADY_LINKED
        stage.settle()
        assert stage.books(other).spendable == 0

    def test_a_sale_nobody_told_is_not_linked(self, stage: ShopStage, backend: LoyaltyBackend) -> None:
        found, till = served(stage, backend, 0), PretendTill(backend)
        if not _links(backend, till, stage.bill, found.member.member_id):
            return
        answer = till.send(till.link(stage.bill, str(uuid7()), found.member.member_id))
        assert isinstance(answer, Refused), answer
        assert answer.because is RefusedBecause.UNKNOWN_SALE

    # Sales undone.
    def test_a_sale_that_should_not_have_been_is_undone_as_a_whole_return_is(
        self, stage: ShopStage, backend: LoyaltyBackend
    ) -> None:
        found, till = served(stage, backend), PretendTill(backend)
        ticket, effects = till.sell(found, stage.bill)
        stage.settle()
        earned = stage.books(found.member.member_id).spendable - (stage.points - ticket.points)
        void = replace(till.returned(ticket, effects, earned), reason=ReturnReason.VOID)
        for effect in backend.plan_refund(void):
            assert effect.reason is ReturnReason.VOID
            till.post(effect)
        stage.settle()
        points = stage.points if backend.capabilities.restores_points else stage.points - ticket.points
        assert stage.books(found.member.member_id).spendable == points

    def test_more_than_was_sold_never_comes_back(self, stage: ShopStage, backend: LoyaltyBackend) -> None:
        if not backend.capabilities.guards_returns:
            pytest.skip("does not say that it keeps returns within the sale: the till does, for its own")
        found, till = served(stage, backend), PretendTill(backend)
        ticket, effects = till.sell(found, stage.bill)
        stage.settle()
        earned = stage.books(found.member.member_id).spendable - (stage.points - ticket.points)
        whole = till.returned(ticket, effects, earned)
        for effect in backend.plan_refund(whole):
            till.post(effect)
        stage.settle()
        before = stage.books(found.member.member_id)
        outcomes = [till.send(effect) for effect in backend.plan_refund(replace(whole, count=2))]
        assert all(isinstance(one, Refused) for one in outcomes), outcomes
        stage.settle()
        assert stage.books(found.member.member_id) == before

    # Vouchers.
    def test_a_voucher_is_used_by_the_sale_that_names_it(
        self, stage: ShopStage, backend: LoyaltyBackend
    ) -> None:
        found, till, bill = served(stage, backend, 0), PretendTill(backend), bill_of(stage.bill)
        member_id = found.member.member_id
        if not _knows_vouchers(backend, member_id, stage.bill):
            return
        off = Money(stage.bill.minor // 10, stage.bill.currency)
        stage.add_voucher(StagedVoucher(CODE, off.minor))
        ticket = till.quoted(found, stage.bill, TakeNothing())
        effect = till.with_voucher(ticket, _offer(backend, member_id, stage.bill), off)
        assert till.look_up(effect) == NotApplied()
        _done_once(stage, till, effect)
        stage.settle()
        assert stage.books(member_id).sales == 1
        answer = backend.check_voucher(CODE, member_id, bill)
        assert isinstance(answer, VoucherRefused), answer
        assert answer.because is WhyNoVoucher.USED
        later = till.quoted(found, stage.bill, TakeNothing())
        again = till.send(
            replace(effect, key=effect_key(later.sale_id, EffectKind.SALE), sale_id=later.sale_id)
        )
        assert isinstance(again, Refused), again
        assert again.because is RefusedBecause.VOUCHER_GONE

    def test_a_sale_with_a_voucher_whose_answer_is_lost(
        self, stage: ShopStage, backend: LoyaltyBackend
    ) -> None:
        found, till = served(stage, backend, 0), PretendTill(backend)
        member_id = found.member.member_id
        if not _knows_vouchers(backend, member_id, stage.bill):
            return
        off = Money(stage.bill.minor // 10, stage.bill.currency)
        stage.add_voucher(StagedVoucher(CODE, off.minor))
        ticket = till.quoted(found, stage.bill, TakeNothing())
        effect = till.with_voucher(ticket, _offer(backend, member_id, stage.bill), off)
        stage.stage(LOST)
        assert isinstance(till.send(effect), Unknown)
        stage.settle()
        assert isinstance(till.look_up(effect), DONE)
        assert stage.books(member_id).sales == 1

    def test_what_a_voucher_gives_and_why_not(self, stage: ShopStage, backend: LoyaltyBackend) -> None:
        member_id, bill = stage.add_member(ASHA), bill_of(stage.bill)
        if not _knows_vouchers(backend, member_id, stage.bill):
            return
        stage.add_voucher(StagedVoucher(CODE, stage.bill.minor // 10))
        stage.add_voucher(StagedVoucher("LARGE5", 500, least=stage.bill.minor + 100))
        stage.add_voucher(StagedVoucher("GONE5", 500, expired=True))
        before = stage.books(member_id)
        offer = _offer(backend, member_id, stage.bill)
        assert offer.reward.cost == 0
        assert offer.reward.name
        for code, because in (
            ("NOSUCH5", WhyNoVoucher.UNKNOWN),
            ("GONE5", WhyNoVoucher.EXPIRED),
            ("LARGE5", WhyNoVoucher.BILL_TOO_SMALL),
        ):
            answer = backend.check_voucher(code, member_id, bill)
            assert isinstance(answer, VoucherRefused), answer
            # Not every system says that it is the bill.
            assert answer.because in {because, WhyNoVoucher.NOT_ALLOWED}
        assert stage.books(member_id) == before
        stage.stage(SILENT)
        assert isinstance(backend.check_voucher(CODE, member_id, bill), Unreachable)

    # What there is for one member, and pages to fill in.
    def test_an_account_carries_what_there_is_for_its_member(
        self, stage: ShopStage, backend: LoyaltyBackend
    ) -> None:
        member_id = stage.add_member(ASHA)
        carries = backend.capabilities.personal_offers
        if carries:
            stage.add_offer(member_id, "Tea for two")
        found = backend.refresh(member_id)
        assert isinstance(found, MemberFound), found
        assert [one.title for one in found.account.offers] == (["Tea for two"] if carries else [])

    def test_a_page_to_fill_in_is_open_until_it_is_sent(
        self, stage: ShopStage, backend: LoyaltyBackend
    ) -> None:
        if not backend.capabilities.invites:
            for ask in (backend.invite, lambda: backend.invitation("inv-1")):
                with pytest.raises(NotImplementedError):
                    ask()
            return
        made = backend.invite()
        assert isinstance(made, Invitation), made
        assert made.until > datetime.now(UTC)
        assert backend.invitation(made.invitation_id) == InvitationOpen()
        assert backend.invitation("inv-nobody-made") == InvitationOver()
        stage.stage(SILENT)
        assert isinstance(backend.invitation(made.invitation_id), Unreachable)


def _done_once(stage: ShopStage, till: PretendTill, effect: Effect) -> None:
    """Send an effect, and where that is safe a second time; it is found again, and nothing moved twice."""
    assert isinstance(till.send(effect), DONE), effect.kind
    stage.settle()
    assert isinstance(till.look_up(effect), DONE), effect.kind
    if effect.member_id and till.backend.capabilities.idempotency is not Idempotency.READ_BACK:
        moves = stage.books(effect.member_id).moves
        assert isinstance(till.send(effect), DONE), effect.kind
        stage.settle()
        assert stage.books(effect.member_id).moves == moves, effect.kind


def _links(backend: LoyaltyBackend, till: PretendTill, bill: Money, member_id: str) -> bool:
    """Say whether sales can be linked; where not, the backend refuses to be asked."""
    can = backend.capabilities
    if not can.links_sales:
        with pytest.raises(NotImplementedError):
            backend.link(till.link(bill, str(uuid7()), member_id))
        return False
    assert can.tells_anonymous, "a sale nobody told cannot be linked"
    return True


def _knows_vouchers(backend: LoyaltyBackend, member_id: str, bill: Money) -> bool:
    """Say whether vouchers can be checked; where not, the backend refuses to be asked."""
    if backend.capabilities.vouchers:
        return True
    with pytest.raises(NotImplementedError):
        backend.check_voucher(CODE, member_id, bill_of(bill))
    return False


def _offer(backend: LoyaltyBackend, member_id: str, bill: Money) -> VoucherOffer:
    offer = backend.check_voucher(CODE, member_id, bill_of(bill))
    assert isinstance(offer, VoucherOffer), offer
    assert offer.code.casefold() == CODE.casefold()
    return offer
