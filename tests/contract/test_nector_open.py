"""What Nector leaves open, tried both ways, and what its two channels disagree on."""

from __future__ import annotations

import httpx
import pytest
from msgspec.structs import replace

from cashier_app.domain.choice import TakeNothing
from cashier_app.domain.outcome import (
    AlreadyApplied,
    Applied,
    MemberFound,
    NoSuchMember,
    NotApplied,
    Refused,
    RefusedBecause,
    Unknown,
)
from cashier_app.domain.probe import Found
from cashier_app.ports.loyalty import LoyaltyBackend
from cashier_app.testing.pretend_till import PretendTill
from cashier_app.testing.running import RunningStandIn
from cashier_app.testing.stage import StandInStage
from cashier_app.testing.suite_finding import ASHA, replace_points
from cashier_app.testing.suite_selling import served
from tests.contract.nector_shop import (
    BILL,
    LOST,
    MERCHANT,
    backend,
    correction,
    failing,
    opened,
    running,
    shop,
    stage_with,
    with_known,
)

__all__ = ["backend", "running", "shop"]  # fixtures


class TestLeftOpen:
    """What the vendor does not publish, both ways."""

    @pytest.mark.parametrize("names", ["yes", "no"])
    @pytest.mark.parametrize("figures", ["text", "numbers"])
    def test_a_lost_perform_is_found_in_the_ledger(
        self, running: RunningStandIn, shop: StandInStage, names: str, figures: str
    ) -> None:
        running.switch("ledger names the order", names)
        running.switch("figures", figures)
        with opened(shop) as backend:
            till, found = PretendTill(backend), served(shop, backend)
            redeem = till.planned(till.quoted(found, BILL))[0]
            shop.stage(LOST)
            assert isinstance(till.send(redeem), Unknown)
        with opened(shop) as another:  # a till that was started again remembers nothing
            looked_up = PretendTill(another).look_up(redeem)
        assert isinstance(looked_up, AlreadyApplied), looked_up
        assert looked_up.booked.points == redeem.points

    def test_two_alike_that_name_nothing_need_a_person(
        self, running: RunningStandIn, shop: StandInStage, backend: LoyaltyBackend
    ) -> None:
        running.switch("ledger names the order", "no")
        till, found = PretendTill(backend), served(shop, backend)
        till.sell(found, BILL)
        again = backend.refresh(found.member.member_id)
        assert isinstance(again, MemberFound)
        second = till.planned(till.quoted(again, BILL))[0]
        shop.stage(LOST)
        assert isinstance(till.send(second), Unknown)
        assert isinstance(till.look_up(second), AlreadyApplied)  # the first is known to be the other sale's
        with opened(shop) as another:
            assert isinstance(another.reconcile(second), Unknown)

    @pytest.mark.parametrize("answers", ["item", "flat", "bare"])
    def test_forms_of_what_was_written(
        self, running: RunningStandIn, shop: StandInStage, backend: LoyaltyBackend, answers: str
    ) -> None:
        """An answer that does not say what was done is looked up, and found."""
        running.switch("write answers", answers)
        till, found = PretendTill(backend), served(shop, backend)
        for effect in till.planned(till.quoted(found, BILL)):
            outcome = till.send(effect)
            assert isinstance(outcome, Unknown if answers == "bare" else Applied), outcome
            assert isinstance(till.look_up(effect), AlreadyApplied)
        assert shop.books(found.member.member_id).moves == 2

    @pytest.mark.parametrize("again", ["performed", "refused"])
    def test_a_known_order_again(
        self, running: RunningStandIn, shop: StandInStage, backend: LoyaltyBackend, again: str
    ) -> None:
        """Looked up first, nothing depends on it; without, only the vendor could keep it to once."""
        running.switch("a known order again", again)
        till, found = PretendTill(backend), served(shop, backend)
        redeem = till.planned(till.quoted(found, BILL))[0]
        till.post(redeem)
        assert isinstance(till.look_up(redeem), AlreadyApplied)
        unsafe = till.send(redeem)
        assert isinstance(unsafe, Refused if again == "refused" else Applied)

    def test_a_known_hash_refused_again(
        self, running: RunningStandIn, shop: StandInStage, backend: LoyaltyBackend
    ) -> None:
        running.switch("a known hash again", "refused")
        till, found = PretendTill(backend), served(shop, backend)
        sale = till.planned(till.quoted(found, BILL, TakeNothing()))[0]
        till.post(sale)
        assert isinstance(till.send(sale), Unknown)
        assert isinstance(till.look_up(sale), AlreadyApplied)

    def test_a_ledger_that_filters_nothing(
        self, running: RunningStandIn, shop: StandInStage, backend: LoyaltyBackend
    ) -> None:
        running.switch("filter by hash", "no")
        till, found = PretendTill(backend), served(shop, backend)
        redeem, sale = till.planned(till.quoted(found, BILL))
        till.post(redeem)
        assert till.look_up(sale) == NotApplied()
        till.post(sale)
        assert isinstance(till.look_up(sale), AlreadyApplied)

    @pytest.mark.parametrize("overdrawing", ["refused", "allowed"])
    @pytest.mark.parametrize("below_zero", [False, True])
    def test_a_debt_only_where_the_shop_allows_it(
        self, running: RunningStandIn, *, overdrawing: str, below_zero: bool
    ) -> None:
        stage = stage_with(running, below_zero=below_zero)
        running.switch("overdrawing", overdrawing)
        with opened(stage) as backend:
            member_id = stage.add_member(replace_points(ASHA, 10))
            outcome = backend.adjust(correction(member_id, -20))
            if below_zero and overdrawing == "allowed":
                assert isinstance(outcome, Applied)
            else:
                assert isinstance(outcome, Refused)
                assert outcome.because is RefusedBecause.BALANCE_TOO_LOW
            assert stage.books(member_id).spendable == (-10 if isinstance(outcome, Applied) else 10)

    def test_a_refusal_that_tells_no_balance_leaves_the_ledgers(
        self, shop: StandInStage, backend: LoyaltyBackend
    ) -> None:
        member_id = shop.add_member(replace_points(ASHA, 30))
        found = backend.refresh(member_id)
        assert isinstance(found, MemberFound)
        assert found.account.balance == 30

    def test_the_webhook_alone_cannot_tell_nobody_from_nothing(self, running: RunningStandIn) -> None:
        stage = stage_with(running, merchant_key="none")
        member_id = stage.add_member(replace_points(ASHA, 30))
        with opened(stage) as backend:
            assert backend.refresh(member_id) == NoSuchMember()
            running.switch("refusals tell the balance", "yes")
            assert isinstance(backend.refresh(member_id), MemberFound)

    def test_perform_that_takes_something_else_is_booked_as_it_was(
        self, running: RunningStandIn, shop: StandInStage, backend: LoyaltyBackend
    ) -> None:
        running.switch("perform takes", "twice as much")
        till, found = PretendTill(backend), served(shop, backend)
        redeem = till.planned(till.quoted(found, BILL))[0]
        assert till.post(redeem).points == 2 * redeem.points

    def test_the_webhook_alone_after_a_restart_needs_a_person(self, running: RunningStandIn) -> None:
        stage = stage_with(running, merchant_key="none")
        with opened(stage) as backend:
            till, found = PretendTill(backend), served(stage, backend)
            redeem = till.planned(till.quoted(found, BILL))[0]
            stage.stage(LOST)
            assert isinstance(till.send(redeem), Unknown)
            assert isinstance(till.look_up(redeem), AlreadyApplied)
        with opened(stage) as another:
            another.refresh(found.member.member_id)
            assert isinstance(another.reconcile(redeem), Unknown)


class TestChannels:
    def test_balances_that_differ_are_told_when_trying_out(self, running: RunningStandIn) -> None:
        stage = stage_with(running)
        stage.add_member(replace_points(ASHA, 1000))
        for known in (ASHA.phone, "9845055501", "custom_website-MC20001"):
            running.switch("webhook balance", "500 more")
            with with_known(stage, running, known) as backend:
                remarks = " ".join(backend.probe().remarks)
            assert "1000 coins, the webhook 1500" in remarks
            assert known not in remarks
            running.switch("webhook balance", "same")
            with with_known(stage, running, known) as backend:
                assert len(backend.probe().remarks) == 1

    def test_a_ledger_of_another_account_never_says_that_nothing_was_taken(
        self, running: RunningStandIn, shop: StandInStage, backend: LoyaltyBackend
    ) -> None:
        till, found = PretendTill(backend), served(shop, backend)
        redeem = till.planned(till.quoted(found, BILL))[0]
        assert backend.reconcile(redeem) == NotApplied()
        running.switch("webhook balance", "500 more")
        assert isinstance(backend.reconcile(redeem), Unknown)
        shop.stage(failing(422, MERCHANT))  # a plain 422: no lead, as far as the till can tell
        assert isinstance(backend.reconcile(redeem), Unknown)
        assert isinstance(backend.reconcile(replace(redeem, member_id=shop.unknown_member_id)), Unknown)

    def test_somebody_nobody_knows_cannot_be_compared(self, running: RunningStandIn) -> None:
        stage = stage_with(running)
        with with_known(stage, running, "+919845012345") as backend:
            probed = backend.probe()
        assert probed.works
        assert "not compared" in probed.remarks[1]

    def test_the_balance_is_the_one_of_who_takes_the_coins(
        self, running: RunningStandIn, shop: StandInStage, backend: LoyaltyBackend
    ) -> None:
        running.switch("webhook balance", "500 more")
        member_id = shop.add_member(replace_points(ASHA, 1000))
        found = backend.refresh(member_id)
        assert isinstance(found, MemberFound)
        assert found.account.balance == 1500

    def test_the_webhook_is_sent_no_key(self, running: RunningStandIn) -> None:
        """The control: the stand-in would remember it."""
        stage_with(running)
        path = f"/api/open/integrations/customcheckoutwebhook/{running.secrets['webhook id']}"
        with httpx.Client(base_url=running.address, trust_env=False) as client:
            client.post(path, json={"action": "list"}, headers={"x-apikey": "made-up", "x-source": "web"})
            client.post(path, json={"action": "list", "amount": "20"}, headers={"x-source": "web"})
        assert len(running.failures()) == 2

    def test_trying_out_a_webhook_that_is_wrong(self, shop: StandInStage, running: RunningStandIn) -> None:
        backend = shop.open(wrong_secrets=True)
        try:
            found = {one.right.value: one.found for one in backend.probe().rights}
        finally:
            backend.close()
        assert found["find members"] is Found.REFUSED
        assert found["read rewards"] is Found.NOT_THERE
        running.reset()
