"""The contract suite's part on bad days: whatever comes back, nothing is doubled and nothing lost."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

import pytest
from msgspec.structs import replace

from cashier_app.domain.outcome import (
    AlreadyApplied,
    Applied,
    MemberFound,
    NotApplied,
    Refused,
    RetryLater,
    SignInNeeded,
    Unknown,
)
from cashier_app.domain.sale import Effect
from cashier_app.ports.loyalty import Idempotency, LoyaltyBackend
from cashier_app.testing.people import Person
from cashier_app.testing.pretend_till import PretendTill
from cashier_app.testing.stage import HASTE, ShopStage
from cashier_app.testing.stand_ins.faults import StagedFault, Trouble
from cashier_app.testing.suite_finding import PLAIN_NO
from cashier_app.testing.suite_selling import nth_person, served

IN_DOUBT = {
    "nothing": StagedFault(trouble=Trouble.LOST_ANSWER),
    "500": StagedFault(trouble=Trouble.STATUS, status=500),
    "502": StagedFault(trouble=Trouble.STATUS, status=502),
    "504": StagedFault(trouble=Trouble.STATUS, status=504),
    "half an answer": StagedFault(trouble=Trouble.MALFORMED),
    "a web page": StagedFault(trouble=Trouble.WRONG_TYPE),
    "a redirect": StagedFault(trouble=Trouble.REDIRECT),
    "3 MiB": StagedFault(trouble=Trouble.HUGE),
    "less than announced": StagedFault(trouble=Trouble.TRUNCATED),
    "too slow": StagedFault(trouble=Trouble.SLOW),
    "drip by drip": StagedFault(trouble=Trouble.DRIP),
}
LATER = {
    "429": StagedFault(trouble=Trouble.STATUS, status=429),
    "429 in 7 s": StagedFault(trouble=Trouble.STATUS, status=429, retry_after="7"),
    "503 in 7 s": StagedFault(trouble=Trouble.STATUS, status=503, retry_after="7"),
}


class FaultsContract:
    """What is in doubt is looked up; what is certain is said as it is."""

    @pytest.fixture
    def hasty(self, stage: ShopStage) -> Iterator[LoyaltyBackend]:
        """Open the adapter for tests in which nobody answers."""
        backend = stage.open(deadlines=HASTE)
        yield backend
        backend.close()

    def test_a_lost_answer_is_looked_up(self, stage: ShopStage, backend: LoyaltyBackend) -> None:
        """Each effect of a sale in turn takes hold and its answer is lost, for a member each."""
        expected, place, kinds = _earned_by_such_a_sale(stage), 0, 1
        while place < kinds:
            found, till = served(stage, backend, person=nth_person(place)), PretendTill(backend)
            ticket = till.quoted(found, stage.bill)
            holds = [till.hold(ticket)] if backend.capabilities.holds_points else []
            effects = (*holds, *till.planned(ticket))
            kinds = len(effects)
            for count, effect in enumerate(effects):
                if count == place:
                    _lose_answer(stage, till, effect)
                else:
                    till.post(effect)
            stage.settle()
            books = stage.books(found.member.member_id)
            assert books.held == 0
            assert books.spendable - (stage.points - ticket.points) == expected, effects[place].kind
            place += 1

    def test_a_lost_answer_to_a_return_is_looked_up(self, stage: ShopStage, backend: LoyaltyBackend) -> None:
        """Each effect of a whole return in turn takes hold and its answer is lost, and none is doubled."""
        place, kinds = 0, 1
        while place < kinds:
            found, till = served(stage, backend, person=nth_person(place)), PretendTill(backend)
            member_id = found.member.member_id
            ticket, effects = till.sell(found, stage.bill)
            stage.settle()
            earned = stage.books(member_id).spendable - (stage.points - ticket.points)
            back = backend.plan_refund(till.returned(ticket, effects, earned))
            kinds = len(back)
            assert kinds > 0
            for count, effect in enumerate(back):
                assert till.look_up(effect) == NotApplied(), effect.kind
                if count == place:
                    _lose_answer(stage, till, effect)
                else:
                    till.post(effect)
                stage.settle()
                if backend.capabilities.idempotency is not Idempotency.READ_BACK:
                    moves = stage.books(member_id).moves
                    assert isinstance(till.send(effect), Applied | AlreadyApplied), effect.kind
                    assert stage.books(member_id).moves == moves, effect.kind
            stage.settle()
            kept = 0 if backend.capabilities.restores_points else ticket.points
            assert stage.books(member_id).spendable == stage.points - kept, back[place].kind
            place += 1

    def test_a_lost_answer_to_a_release_is_looked_up(self, stage: ShopStage, backend: LoyaltyBackend) -> None:
        found, till = served(stage, backend), PretendTill(backend)
        ticket = till.held(till.quoted(found, stage.bill))
        if not backend.capabilities.holds_points:
            assert stage.books(found.member.member_id).held == 0
            return
        release = replace(till.release(ticket), reservation=ticket.reservation)
        assert till.look_up(release) == NotApplied()
        _lose_answer(stage, till, release)
        books = stage.books(found.member.member_id)
        assert (books.spendable, books.held) == (Decimal(stage.points), Decimal(0))

    @pytest.mark.parametrize("fault", IN_DOUBT.values(), ids=IN_DOUBT)
    @pytest.mark.parametrize("takes_hold", [False, True], ids=["not done", "done"])
    def test_whatever_comes_back_the_first_effect_takes_hold_once(
        self, stage: ShopStage, hasty: LoyaltyBackend, fault: StagedFault, takes_hold: bool
    ) -> None:
        found, till = served(stage, hasty), PretendTill(hasty)
        effect = _first(till, stage, found)
        stage.stage(replace(fault, takes_hold=takes_hold))
        outcome = till.send(effect)
        assert stage.befallen() == 1
        assert isinstance(outcome, Unknown), outcome
        stage.settle()
        looked_up = till.look_up(effect)
        if takes_hold:
            assert isinstance(looked_up, Applied | AlreadyApplied), looked_up
        else:
            assert looked_up == NotApplied()
            till.post(effect)
        stage.settle()
        _took_hold_once(stage, found.member.member_id, till, effect)

    @pytest.mark.parametrize("fault", LATER.values(), ids=LATER)
    def test_too_many_requests_are_sent_later(
        self, stage: ShopStage, backend: LoyaltyBackend, fault: StagedFault
    ) -> None:
        found, till = served(stage, backend), PretendTill(backend)
        effect = _first(till, stage, found)
        stage.stage(fault)
        outcome = till.send(effect)
        assert isinstance(outcome, RetryLater), outcome
        assert outcome.reached
        assert outcome.seconds == int(fault.retry_after or 0)
        till.post(effect)

    @pytest.mark.parametrize("status", PLAIN_NO)
    def test_a_plain_no_is_a_refusal_or_looked_up(
        self, stage: ShopStage, backend: LoyaltyBackend, status: int
    ) -> None:
        """Not every 4xx is this vendor's word on points; none is ever taken for done, or for try later.

        There are vendors who say so that a secret in the address is wrong.
        """
        found, till = served(stage, backend), PretendTill(backend)
        effect = _first(till, stage, found)
        before = stage.books(found.member.member_id)
        stage.stage(StagedFault(trouble=Trouble.STATUS, status=status))
        outcome = till.send(effect)
        assert stage.befallen() == 1
        assert isinstance(outcome, Refused | Unknown | SignInNeeded), outcome
        assert till.look_up(effect) == NotApplied()
        assert stage.books(found.member.member_id) == before

    @pytest.mark.parametrize("status", [401, 403])
    def test_refused_credentials_ask_for_a_sign_in(
        self, stage: ShopStage, backend: LoyaltyBackend, status: int
    ) -> None:
        found, till = served(stage, backend), PretendTill(backend)
        effect = _first(till, stage, found)
        stage.stage(StagedFault(trouble=Trouble.STATUS, status=status, times=2, writes_only=False))
        assert till.send(effect) == SignInNeeded()

    def test_a_look_up_that_fails_says_nothing(self, stage: ShopStage, hasty: LoyaltyBackend) -> None:
        found, till = served(stage, hasty), PretendTill(hasty)
        effect = _first(till, stage, found)
        till.post(effect)
        for trouble in (
            Trouble.LOST_ANSWER,
            Trouble.MALFORMED,
            Trouble.WRONG_TYPE,
            Trouble.REDIRECT,
            Trouble.STATUS,
        ):
            before = stage.befallen()
            stage.stage(StagedFault(trouble=trouble, writes_only=False, status=500))
            outcome = till.look_up(effect)
            assert isinstance(outcome, Unknown | RetryLater), (trouble, outcome)
            assert stage.befallen() == before + 1

    def test_nobody_listens(self, stage: ShopStage, hasty: LoyaltyBackend) -> None:
        assert hasty.is_reachable()
        stage.stage(StagedFault(trouble=Trouble.LOST_ANSWER, writes_only=False, times=20))
        assert not hasty.is_reachable()


def _first(till: PretendTill, stage: ShopStage, found: MemberFound) -> Effect:
    ticket = till.quoted(found, stage.bill)
    return till.hold(ticket) if till.backend.capabilities.holds_points else till.planned(ticket)[0]


def _earned_by_such_a_sale(stage: ShopStage) -> Decimal:
    """Return what another member earns by the same sale without any trouble."""
    backend = stage.open()
    try:
        member_id = stage.add_member(Person("Ben Thomas", "+919845055502", points=Decimal(stage.points)))
        found = backend.refresh(member_id)
        assert isinstance(found, MemberFound), found
        ticket, _ = PretendTill(backend).sell(found, stage.bill)
        stage.settle()
        return stage.books(member_id).spendable - (stage.points - ticket.points)
    finally:
        backend.close()


def _lose_answer(stage: ShopStage, till: PretendTill, effect: Effect) -> None:
    """Let an effect take hold and its answer get lost; it must be found again."""
    before = stage.befallen()
    stage.stage(StagedFault(trouble=Trouble.LOST_ANSWER, takes_hold=True))
    outcome = till.send(effect)
    assert stage.befallen() == before + 1, effect.kind
    assert isinstance(outcome, Unknown), (effect.kind, outcome)
    stage.settle()
    settled = till.look_up(effect)
    assert isinstance(settled, Applied | AlreadyApplied), (effect.kind, settled)


def _took_hold_once(stage: ShopStage, member_id: str, till: PretendTill, effect: Effect) -> None:
    books = stage.books(member_id)
    assert books.spendable == stage.points - effect.points
    assert books.held == (effect.points if till.backend.capabilities.holds_points else 0)
