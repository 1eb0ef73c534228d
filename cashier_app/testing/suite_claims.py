"""The contract suite's part of sales told late: whose they are, and that they are undone as theirs."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from cashier_app.domain.choice import TakeNothing
from cashier_app.domain.outcome import AlreadyApplied, Applied, NotApplied, Refused, RefusedBecause
from cashier_app.domain.points import NO_POINTS
from cashier_app.domain.sale import EffectKind, ReturnReason, effect_key
from cashier_app.ports.loyalty import LoyaltyBackend
from cashier_app.testing.pretend_till import PretendTill
from cashier_app.testing.stage import ShopStage
from cashier_app.testing.suite_around import SILENT
from cashier_app.testing.suite_selling import nth_person, served


class ClaimsContract:
    """A sale of nobody's that one till gave to a member and another till did not hear of."""

    def test_a_sale_claimed_late_is_known_by_its_key_alone(
        self, stage: ShopStage, backend: LoyaltyBackend
    ) -> None:
        found, till = served(stage, backend, 0), PretendTill(backend)
        if not backend.capabilities.knows_claims:
            pytest.skip("says of no sale whose it is by its key alone")
        claim = till.claim(found, stage.bill)
        nobodys = replace(claim, member_id="", points=NO_POINTS, claimed=False)
        assert backend.reconcile(nobodys) == NotApplied()
        till.post(claim)
        stage.settle()
        answer = backend.reconcile(nobodys)
        assert isinstance(answer, Applied | AlreadyApplied), answer
        assert answer.booked.member_id == found.member.member_id
        stage.stage(SILENT)
        assert not isinstance(backend.reconcile(nobodys), NotApplied | Applied | AlreadyApplied)

    def test_a_sale_claimed_late_is_one_members_only(self, stage: ShopStage, backend: LoyaltyBackend) -> None:
        found, till = served(stage, backend, 0), PretendTill(backend)
        if not backend.capabilities.knows_claims:
            pytest.skip("does not keep two tills from telling one sale for two members")
        claim = till.claim(found, stage.bill)
        other = stage.add_member(nth_person(1))
        till.post(claim)
        stage.settle()
        books = stage.books(found.member.member_id)
        answer = PretendTill(backend).send(replace(claim, member_id=other))
        assert isinstance(answer, Refused), answer
        assert answer.because is RefusedBecause.ALREADY_LINKED
        stage.settle()
        assert stage.books(other).spendable == 0
        assert stage.books(found.member.member_id) == books

    def test_a_sale_another_till_gave_to_a_member_is_undone_with_its_points(
        self, stage: ShopStage, backend: LoyaltyBackend
    ) -> None:
        found, till = served(stage, backend, 0), PretendTill(backend)
        member_id, can = found.member.member_id, backend.capabilities
        if not (can.links_sales or can.knows_claims):
            pytest.skip("keeps no two tills apart: only the till that sold gives a sale to a member")
        ticket = till.quoted(found, stage.bill, TakeNothing())
        if can.links_sales:
            told = till.told_of_nobody(stage.bill, ticket.sale_id)
            till.post(told)
            stage.settle()
            PretendTill(backend).post(till.link(stage.bill, ticket.sale_id, member_id))
            whose, earned, reference = "", NO_POINTS, ""
        else:
            claim = replace(till.claim(found, stage.bill), key=effect_key(ticket.sale_id, EffectKind.SALE))
            claim = replace(claim, sale_id=ticket.sale_id)
            PretendTill(backend).post(claim)
            answer = backend.reconcile(replace(claim, member_id="", points=NO_POINTS, claimed=False))
            assert isinstance(answer, Applied | AlreadyApplied), answer
            whose, earned, reference = answer.booked.member_id, claim.points, answer.booked.reference
            told = replace(claim, member_id=whose)
        stage.settle()
        assert stage.books(member_id).spendable > 0
        whole = till.returned(ticket, [told], earned)
        void = replace(whole, sale=replace(whole.sale, member_id=whose), reason=ReturnReason.VOID)
        for effect in backend.plan_refund(void):
            till.post(replace(effect, original_reference=reference) if reference else effect)
        stage.settle()
        assert stage.books(member_id).spendable == 0
