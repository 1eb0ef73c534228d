"""The contract suite's part on sales: quote, hold, take, earn, and goods that come back."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal

import pytest
from msgspec.structs import replace

from cashier_app.domain.bill import bill_of
from cashier_app.domain.choice import TakeNothing
from cashier_app.domain.ledger import LedgerRead
from cashier_app.domain.money import Money
from cashier_app.domain.offers import Offers
from cashier_app.domain.outcome import (
    AlreadyApplied,
    Applied,
    MemberFound,
    NotApplied,
    Refused,
    RefusedBecause,
    Unreachable,
)
from cashier_app.domain.sale import OF_RETURNS, TAKES_POINTS, EffectKind
from cashier_app.ports.loyalty import HoldsRead, Idempotency, LoyaltyBackend, Quoting
from cashier_app.testing.people import Person
from cashier_app.testing.pretend_till import PretendTill
from cashier_app.testing.stage import ShopStage
from cashier_app.testing.stand_ins.faults import StagedFault, Trouble
from cashier_app.testing.suite_finding import ASHA, replace_points


def served(
    stage: ShopStage, backend: LoyaltyBackend, points: int | None = None, person: Person = ASHA
) -> MemberFound:
    """Put a member with points into the books and find her."""
    member_id = stage.add_member(replace_points(person, stage.points if points is None else points))
    found = backend.refresh(member_id)
    assert isinstance(found, MemberFound), found
    return found


def nth_person(place: int) -> Person:
    """Return one of several members whom no system takes for one another, nor for Asha or Ben."""
    return Person(f"Customer {place}", f"+91984506660{place}", f"MC2010{place}", f"LC1:nth0000{place}")


class SellingContract:
    """Every sale exactly once, to the last point."""

    def test_something_may_be_redeemed_on_a_plain_bill(
        self, stage: ShopStage, backend: LoyaltyBackend
    ) -> None:
        ticket = PretendTill(backend).quoted(served(stage, backend), stage.bill)
        assert ticket.quote is not None
        assert Money(0, stage.bill.currency) < ticket.quote.discount <= stage.bill
        assert Decimal(0) < ticket.points <= stage.points

    def test_a_quote_moves_nothing(self, stage: ShopStage, backend: LoyaltyBackend) -> None:
        found = served(stage, backend)
        before = stage.books(found.member.member_id)
        PretendTill(backend).quoted(found, stage.bill)
        assert stage.books(found.member.member_id) == before

    def test_only_a_backend_that_quotes_is_asked_for_offers(
        self, stage: ShopStage, backend: LoyaltyBackend
    ) -> None:
        member_id = served(stage, backend).member.member_id
        if backend.capabilities.quoting is Quoting.LOCAL:
            with pytest.raises(NotImplementedError):
                backend.options(member_id, bill_of(stage.bill))
            return
        assert isinstance(backend.options(member_id, bill_of(stage.bill)), Offers)
        stage.stage(StagedFault(trouble=Trouble.STATUS, status=500, writes_only=False, times=9))
        assert isinstance(backend.options(member_id, bill_of(stage.bill)), Unreachable)

    def test_nothing_may_be_redeemed_without_points(self, stage: ShopStage, backend: LoyaltyBackend) -> None:
        ticket = PretendTill(backend).quoted(served(stage, backend, 0), stage.bill)
        assert ticket.points == 0

    def test_a_whole_sale_with_points(self, stage: ShopStage, backend: LoyaltyBackend) -> None:
        found, till = served(stage, backend), PretendTill(backend)
        ticket, effects = till.sell(found, stage.bill)
        stage.settle()
        books = stage.books(found.member.member_id)
        earned = books.spendable - (stage.points - ticket.points)
        assert ticket.points > 0
        assert books.held == 0
        assert ticket.quote is not None
        assert (earned > 0) == (backend.capabilities.earns and ticket.quote.earns > 0)
        assert len({effect.key for effect in effects}) == len(effects)
        again = backend.refresh(found.member.member_id)
        assert isinstance(again, MemberFound), again
        assert again.account.balance == books.spendable

    def test_a_sale_without_points(self, stage: ShopStage, backend: LoyaltyBackend) -> None:
        found, till = served(stage, backend), PretendTill(backend)
        ticket, effects = till.sell(found, stage.bill, TakeNothing())
        stage.settle()
        assert ticket.points == 0
        assert not {effect.kind for effect in effects} & TAKES_POINTS
        earned = stage.books(found.member.member_id).spendable - stage.points
        assert (earned > 0) == backend.capabilities.earns

    def test_what_the_till_expects_to_be_earned_is_earned(
        self, stage: ShopStage, backend: LoyaltyBackend
    ) -> None:
        found, till = served(stage, backend), PretendTill(backend)
        ticket, _ = till.sell(found, stage.bill, TakeNothing())
        stage.settle()
        assert ticket.quote is not None
        earned = stage.books(found.member.member_id).spendable - stage.points
        assert earned == (ticket.quote.earns if backend.capabilities.earns else 0)

    def test_a_hold_is_let_go(self, stage: ShopStage, backend: LoyaltyBackend) -> None:
        found, till = served(stage, backend), PretendTill(backend)
        ticket = till.quoted(found, stage.bill)
        if not backend.capabilities.holds_points:
            assert all(effect.kind is not EffectKind.RESERVE for effect in till.planned(ticket))
            return
        booked = till.post(till.hold(ticket))
        held = stage.books(found.member.member_id)
        assert (held.spendable, held.held) == (stage.points - ticket.points, ticket.points)
        assert booked.reference
        assert (booked.expires_at is None) == (backend.capabilities.hold is None)
        till.post(replace(till.release(ticket), reservation=booked.reference))
        free = stage.books(found.member.member_id)
        assert (free.spendable, free.held) == (Decimal(stage.points), Decimal(0))

    def test_open_holds_are_listed_under_the_tills_key(
        self, stage: ShopStage, backend: LoyaltyBackend
    ) -> None:
        found, till = served(stage, backend), PretendTill(backend)
        ticket = till.held(till.quoted(found, stage.bill))
        if not backend.capabilities.lists_holds:
            with pytest.raises(NotImplementedError):
                backend.list_holds()
            return
        stage.settle()
        read = backend.list_holds()
        assert isinstance(read, HoldsRead), read
        (hold,) = read.holds
        told = (hold.key, hold.member_id, hold.reference)
        assert told == (till.hold(ticket).key, found.member.member_id, ticket.reservation)
        assert abs((datetime.now(UTC) - hold.since).total_seconds()) < 3600
        till.post(replace(till.release(ticket), reservation=hold.reference))
        stage.settle()
        assert backend.list_holds() == HoldsRead(())

    def test_a_hold_that_is_gone_cannot_be_let_go_twice(
        self, stage: ShopStage, backend: LoyaltyBackend
    ) -> None:
        found, till = served(stage, backend), PretendTill(backend)
        ticket = till.held(till.quoted(found, stage.bill))
        if not backend.capabilities.holds_points:
            assert stage.books(found.member.member_id).held == 0
            return
        first = replace(till.release(ticket), reservation=ticket.reservation)
        till.post(first)
        again = till.send(replace(first, key=first.key[:-1] + "2"))
        gone = isinstance(again, Refused) and again.because is RefusedBecause.RESERVATION_GONE
        assert gone or isinstance(again, Applied | AlreadyApplied), again
        assert stage.books(found.member.member_id).spendable == stage.points

    def test_points_used_elsewhere_meanwhile_are_not_used_again(
        self, stage: ShopStage, backend: LoyaltyBackend
    ) -> None:
        found, till = served(stage, backend), PretendTill(backend)
        ticket = till.quoted(found, stage.bill)
        stage.use_points(found.member.member_id, str(stage.points))
        holds = backend.capabilities.holds_points
        effect = till.hold(ticket) if holds else till.planned(ticket)[0]
        outcome = till.send(effect)
        assert isinstance(outcome, Refused), outcome
        assert outcome.because in {RefusedBecause.BALANCE_TOO_LOW, RefusedBecause.NOT_ALLOWED}
        assert stage.books(found.member.member_id).spendable == 0

    def test_nothing_is_booked_for_nobody(self, stage: ShopStage, backend: LoyaltyBackend) -> None:
        found, till = served(stage, backend), PretendTill(backend)
        ticket = till.quoted(found, stage.bill)
        holds = backend.capabilities.holds_points
        taking = till.hold(ticket) if holds else till.planned(ticket)[0]
        telling = till.planned(till.quoted(found, stage.bill, TakeNothing()))
        assert bool(telling) == backend.capabilities.earns
        for effect in (taking, *telling):
            outcome = till.send(replace(effect, member_id=stage.unknown_member_id))
            assert isinstance(outcome, Refused), (effect.kind, outcome)

    def test_each_effect_is_found_again_and_never_doubled(
        self, stage: ShopStage, backend: LoyaltyBackend
    ) -> None:
        found, till = served(stage, backend), PretendTill(backend)
        ticket = till.quoted(found, stage.bill)
        steps = [till.hold(ticket)] if backend.capabilities.holds_points else []
        for effect in (*steps, *till.planned(ticket)):
            stage.settle()
            assert till.look_up(effect) == NotApplied(), effect.kind
            till.post(effect)
            stage.settle()
            moves = stage.books(found.member.member_id).moves
            looked_up = till.look_up(effect)
            assert isinstance(looked_up, Applied | AlreadyApplied), (effect.kind, looked_up)
            if backend.capabilities.idempotency is not Idempotency.READ_BACK:
                assert isinstance(till.send(effect), Applied | AlreadyApplied), effect.kind
            stage.settle()
            assert stage.books(found.member.member_id).moves == moves, effect.kind

    def test_a_whole_sale_comes_back(self, stage: ShopStage, backend: LoyaltyBackend) -> None:
        found, till = served(stage, backend), PretendTill(backend)
        ticket, effects = till.sell(found, stage.bill)
        stage.settle()
        sold = stage.books(found.member.member_id)
        earned = sold.spendable - (stage.points - ticket.points)
        back = backend.plan_refund(till.returned(ticket, effects, earned))
        assert back
        assert {effect.kind for effect in back} <= OF_RETURNS
        for effect in back:
            till.post(effect)
        stage.settle()
        points = stage.points if backend.capabilities.restores_points else stage.points - ticket.points
        assert stage.books(found.member.member_id).spendable == points

    def test_half_a_sale_comes_back(self, stage: ShopStage, backend: LoyaltyBackend) -> None:
        found, till = served(stage, backend), PretendTill(backend)
        ticket, effects = till.sell(found, stage.bill)
        stage.settle()
        sold = stage.books(found.member.member_id).spendable
        earned = sold - (stage.points - ticket.points)
        part = till.returned(ticket, effects, earned, halves=1)
        if not backend.capabilities.partial_refund:
            assert backend.plan_refund(part) == ()
            return
        for effect in backend.plan_refund(part):
            till.post(effect)
        stage.settle()
        restored = part.restored if backend.capabilities.restores_points else Decimal(0)
        change = stage.books(found.member.member_id).spendable - sold
        assert abs(change - (restored - part.taken_back)) <= 1

    def test_the_books_of_a_sale(self, stage: ShopStage, backend: LoyaltyBackend) -> None:
        found, till = served(stage, backend), PretendTill(backend)
        ticket, _ = till.sell(found, stage.bill)
        stage.settle()
        if not backend.capabilities.reads_ledger:
            with pytest.raises(NotImplementedError):
                backend.ledger(ticket.sale_id)
            return
        read = backend.ledger(ticket.sale_id)
        assert isinstance(read, LedgerRead), read
        moved = sum((line.points for line in read.lines), Decimal(0))
        assert moved == stage.books(found.member.member_id).spendable - stage.points
