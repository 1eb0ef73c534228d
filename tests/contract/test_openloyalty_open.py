"""What Open Loyalty leaves open, tried both ways."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest
from msgspec.structs import replace

from cashier_app.backends.openloyalty import writes
from cashier_app.domain.enrolment import AlreadyMember, Enrolled
from cashier_app.domain.outcome import (
    AlreadyApplied,
    Applied,
    NotApplied,
    Pending,
    Refused,
    RefusedBecause,
    RetryLater,
    Unknown,
)
from cashier_app.domain.sale import Effect, EffectKind
from cashier_app.testing.people import Person
from cashier_app.testing.pretend_till import PretendTill
from cashier_app.testing.running import RunningStandIn
from cashier_app.testing.stage import HASTE
from cashier_app.testing.stand_ins.faults import StagedFault, Trouble
from cashier_app.testing.suite_members import newcomer
from cashier_app.testing.suite_selling import served
from tests.contract.openloyalty_shop import BILL, NOBODY, Open, now, running, sale_of, shop

__all__ = ["running", "shop"]  # fixtures


class TestWhatIsLeftOpen:
    @pytest.mark.parametrize("behaviour", ["keeps", "is refused"])
    def test_points_are_never_taken_twice_where_a_block_stays(
        self, running: RunningStandIn, shop: Open, monkeypatch: pytest.MonkeyPatch, behaviour: str
    ) -> None:
        stage, backend = shop(holds_points=True)
        till, found = PretendTill(backend), served(stage, backend)
        ticket = till.held(till.quoted(found, BILL))
        running.switch("cancelling a block", behaviour)
        release, redeem, sale = till.planned(ticket)
        assert isinstance(till.send(release), Applied if behaviour == "keeps" else Refused)
        # What is shown may be late: it is believed only when it stays so.
        assert isinstance(till.send(redeem), RetryLater)
        monkeypatch.setattr(writes, "SETTLES_WITHIN", 0.0)
        assert till.send(redeem) == Refused(RefusedBecause.OTHER, writes.STILL_BLOCKED)
        till.post(sale)
        books = stage.books(found.member.member_id)
        assert books.held == ticket.points
        assert books.spendable + books.held - stage.points == Decimal("11.8")

    def test_blocks_of_other_tills_are_no_obstacle(self, shop: Open) -> None:
        stage, backend = shop(holds_points=True)
        till, found = PretendTill(backend), served(stage, backend)
        till.post(till.hold(till.quoted(found, BILL)))
        ticket = till.held(till.quoted(found, BILL))
        for effect in till.planned(ticket):
            till.post(effect)
        assert stage.books(found.member.member_id).held == ticket.points

    def test_a_movement_that_is_listed_late_is_looked_for_a_minute_long(
        self, running: RunningStandIn, shop: Open
    ) -> None:
        stage, backend = shop(holds_points=True)
        running.switch("movements are listed", "later")
        till, found = PretendTill(backend), served(stage, backend)
        hold = till.hold(till.quoted(found, BILL))
        till.post(hold)
        assert till.look_up(hold) == NotApplied()
        stage.settle()
        assert isinstance(till.look_up(hold), AlreadyApplied)
        assert backend.capabilities.search_lag == timedelta(seconds=60)

    def test_a_movement_behind_many_others_is_found(self, shop: Open) -> None:
        stage, backend = shop(holds_points=True)
        till, found = PretendTill(backend), served(stage, backend)
        hold = till.hold(till.quoted(found, BILL))
        till.post(hold)
        for _ in range(120):
            stage.use_points(found.member.member_id, "1")
        assert isinstance(till.look_up(hold), AlreadyApplied)
        assert till.look_up(replace(hold, key=f"{hold.key}0")) == NotApplied()

    def test_a_sale_that_is_assigned_later(self, running: RunningStandIn, shop: Open) -> None:
        stage, backend = shop()
        running.switch("matching", "later")
        till, found = PretendTill(stage.open(deadlines=HASTE)), served(stage, backend)
        sale = sale_of(till, stage, found)
        assert till.send(sale) == Pending()
        assert till.look_up(sale) == Pending()
        # One that stays without its member comes before a person at last.
        assert isinstance(backend.reconcile(replace(sale, at=now() - timedelta(minutes=5))), Unknown)
        stage.settle()
        assert isinstance(till.look_up(sale), AlreadyApplied)
        till.backend.close()

    @pytest.mark.parametrize("customers", ["refused", "unmatched"])
    def test_a_sale_of_nobody(self, running: RunningStandIn, shop: Open, customers: str) -> None:
        stage, backend = shop()
        running.switch("unknown customers", customers)
        till, found = PretendTill(stage.open(deadlines=HASTE)), served(stage, backend)
        outcome = till.send(replace(sale_of(till, stage, found), member_id=NOBODY))
        assert isinstance(outcome, Refused if customers == "refused" else Pending), outcome
        till.backend.close()

    def test_new_members_are_activated_only_where_they_are_ours(
        self, running: RunningStandIn, shop: Open
    ) -> None:
        for behaviour in ("inactive", "active"):
            _, backend = shop()
            running.switch("new members", behaviour)
            answer = backend.enrol(newcomer())
            assert isinstance(answer, Enrolled), answer
            assert answer.found.member.blocked_since is None
        stage, backend = shop()
        stage.add_member(Person("Nina Kurian", newcomer().phone, blocked=True))
        known = backend.enrol(replace(newcomer(), number=""))
        assert isinstance(known, AlreadyMember), known
        assert known.found.member.blocked_since is not None

    def test_activation_that_is_lost_is_done_by_the_next_attempt(self, shop: Open) -> None:
        stage, backend = shop()
        new = newcomer()
        stage.stage(StagedFault(trouble=Trouble.LOST_ANSWER, path="/activate"))
        assert isinstance(backend.enrol(new), Unknown)
        again = backend.enrol(new)
        assert isinstance(again, Enrolled), again
        assert again.found.member.blocked_since is None


def test_a_plan_never_asks_for_what_is_not_there(shop: Open) -> None:
    _, backend = shop()
    effect = Effect("k", EffectKind.CLAW_BACK, "s", NOBODY, Decimal(1), BILL, BILL, BILL, now(), "")
    with pytest.raises(ValueError, match="never told"):
        backend.apply(effect)
    with pytest.raises(ValueError, match="member id"):
        backend.refresh("../admin")
