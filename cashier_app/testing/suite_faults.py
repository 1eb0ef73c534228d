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
    RetryLater,
    SignInNeeded,
    Unknown,
)
from cashier_app.domain.sale import Effect
from cashier_app.ports.loyalty import LoyaltyBackend
from cashier_app.testing.people import Person
from cashier_app.testing.pretend_till import PretendTill
from cashier_app.testing.stage import HASTE, ShopStage
from cashier_app.testing.stand_ins.faults import StagedFault, Trouble
from cashier_app.testing.suite_selling import served

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
}


class FaultsContract:
    """What is in doubt is looked up; what is certain is said as it is."""

    @pytest.fixture
    def hasty(self, stage: ShopStage) -> Iterator[LoyaltyBackend]:
        """Open the adapter for tests in which nobody answers."""
        backend = stage.open(deadlines=HASTE)
        yield backend
        backend.close()

    @pytest.mark.parametrize("place", range(4))
    def test_a_lost_answer_is_looked_up(self, stage: ShopStage, backend: LoyaltyBackend, place: int) -> None:
        """The n-th effect of a sale takes hold and its answer is lost."""
        found, till = served(stage, backend), PretendTill(backend)
        ticket = till.quoted(found, stage.bill)
        holds = [till.hold(ticket)] if backend.capabilities.holds_points else []
        effects = (*holds, *till.planned(ticket))
        for count, effect in enumerate(effects):
            if count != place:
                till.post(effect)
                continue
            stage.stage(StagedFault(trouble=Trouble.LOST_ANSWER, takes_hold=True))
            outcome = till.send(effect)
            assert isinstance(outcome, Unknown), (effect.kind, outcome)
            stage.settle()
            settled = till.look_up(effect)
            assert isinstance(settled, Applied | AlreadyApplied), (effect.kind, settled)
        stage.settle()
        books = stage.books(found.member.member_id)
        earned = books.spendable - (stage.points - ticket.points)
        assert books.held == 0
        assert earned == _earned_by_such_a_sale(stage)

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


def _took_hold_once(stage: ShopStage, member_id: str, till: PretendTill, effect: Effect) -> None:
    books = stage.books(member_id)
    assert books.spendable == stage.points - effect.points
    assert books.held == (effect.points if till.backend.capabilities.holds_points else 0)
