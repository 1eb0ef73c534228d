"""Nector's errors and answers that cannot be right: each is one outcome, and nothing odd is believed."""

from __future__ import annotations

import httpx
import pytest

from cashier_app.domain.bill import bill_of
from cashier_app.domain.choice import TakeNothing
from cashier_app.domain.identifier import PhoneNumber
from cashier_app.domain.money import Money
from cashier_app.domain.offers import Offers
from cashier_app.domain.outcome import (
    Applied,
    MemberFound,
    NoSuchMember,
    Refused,
    RefusedBecause,
    RetryLater,
    SignInNeeded,
    Unreachable,
)
from cashier_app.ports.loyalty import LoyaltyBackend
from cashier_app.testing.pretend_till import PretendTill
from cashier_app.testing.running import RunningStandIn
from cashier_app.testing.stage import StandInStage
from cashier_app.testing.stand_ins.faults import StagedFault, Trouble
from cashier_app.testing.suite_finding import ASHA
from cashier_app.testing.suite_selling import served
from tests.contract.nector_shop import (
    BILL,
    MERCHANT,
    WEBHOOK,
    backend,
    failing,
    opened,
    running,
    shop,
    stage_with,
)

__all__ = ["backend", "running", "shop"]  # fixtures


class TestErrors:
    """Every row of the vendor's table of errors."""

    def test_a_read_only_key_cannot_write(
        self, running: RunningStandIn, shop: StandInStage, backend: LoyaltyBackend
    ) -> None:
        till, found = PretendTill(backend), served(shop, backend)
        effects = till.planned(till.quoted(found, BILL))
        running.switch("key", "read only")
        assert isinstance(till.send(effects[0]), Applied)
        assert till.send(effects[1]) == SignInNeeded()

    @pytest.mark.parametrize("status", [401, 403])
    def test_wrong_keys(self, shop: StandInStage, backend: LoyaltyBackend, status: int) -> None:
        found = served(shop, backend)
        shop.stage(failing(status, MERCHANT))
        assert isinstance(backend.refresh(found.member.member_id), Unreachable)

    @pytest.mark.parametrize("status", [400, 422])
    def test_a_refused_write_is_for_a_person(
        self, shop: StandInStage, backend: LoyaltyBackend, status: int
    ) -> None:
        till, found = PretendTill(backend), served(shop, backend)
        sale = till.planned(till.quoted(found, BILL, TakeNothing()))[0]
        shop.stage(failing(status, MERCHANT, writes_only=True))
        outcome = till.send(sale)
        assert isinstance(outcome, Refused)
        assert outcome.because is RefusedBecause.INVALID

    @pytest.mark.parametrize("code", ["404", "400"])
    def test_a_wrong_webhook_id_is_the_shops_to_mend(
        self, running: RunningStandIn, shop: StandInStage, backend: LoyaltyBackend, code: str
    ) -> None:
        till, found = PretendTill(backend), served(shop, backend)
        redeem = till.planned(till.quoted(found, BILL))[0]
        running.switch("wrong webhook id", code)
        with httpx.Client(trust_env=False) as client:
            path = f"{running.address}/api/open/integrations/customcheckoutwebhook/wrong"
            assert client.post(path, json={"action": "list"}).status_code == int(code)
        shop.stage(failing(int(code), f"{WEBHOOK}", times=2))
        assert till.send(redeem) == SignInNeeded()
        asked = backend.options(found.member.member_id, bill_of(BILL))
        assert isinstance(asked, Unreachable)

    def test_no_discount_is_an_answer(self, shop: StandInStage, backend: LoyaltyBackend) -> None:
        found = served(shop, backend)
        small = bill_of(Money(49900, BILL.currency))
        offers = backend.options(found.member.member_id, small)
        assert isinstance(offers, Offers)
        assert offers.redemption == ()

    def test_what_was_agreed_is_no_longer_offered(self, shop: StandInStage, backend: LoyaltyBackend) -> None:
        till, found = PretendTill(backend), served(shop, backend)
        redeem = till.planned(till.quoted(found, BILL))[0]
        shop.use_points(found.member.member_id, "800")
        outcome = till.send(redeem)
        assert isinstance(outcome, Refused)
        assert outcome.because is RefusedBecause.BALANCE_TOO_LOW
        shop.stage(failing(422, "/perform"))
        shop.use_points(found.member.member_id, "-800")
        outcome = till.send(redeem)
        assert isinstance(outcome, Refused)
        assert outcome.because is RefusedBecause.NOT_ALLOWED
        assert shop.books(found.member.member_id).moves == 0

    @pytest.mark.parametrize("trouble", [Trouble.LOST_ANSWER, Trouble.STATUS, Trouble.MALFORMED])
    def test_nothing_is_performed_where_list_fails(
        self, shop: StandInStage, backend: LoyaltyBackend, trouble: Trouble
    ) -> None:
        till, found = PretendTill(backend), served(shop, backend)
        redeem = till.planned(till.quoted(found, BILL))[0]
        shop.stage(StagedFault(trouble=trouble, path="/list", writes_only=False))
        assert isinstance(till.send(redeem), RetryLater)
        assert shop.books(found.member.member_id).moves == 0

    def test_over_sixty_calls_a_minute(self, running: RunningStandIn, shop: StandInStage) -> None:
        running.switch("limit", "on")
        shop.add_member(ASHA)
        with opened(shop) as backend:
            answers = [backend.find(PhoneNumber(ASHA.phone)) for _ in range(61)]
        assert all(isinstance(one, MemberFound) for one in answers[:60])
        assert answers[60] == Unreachable("an answer that was not expected (429)")

    def test_the_till_keeps_within_its_share(self, running: RunningStandIn) -> None:
        stage = stage_with(running, calls_a_minute=5)
        with opened(stage) as backend:
            till, found = PretendTill(backend), served(stage, backend)
            sale = till.planned(till.quoted(found, BILL, TakeNothing()))[0]
            for _ in range(3):
                backend.refresh(found.member.member_id)
            outcome = till.send(sale)
            assert isinstance(outcome, RetryLater)
            assert outcome.reached
            assert 0 < outcome.seconds <= 60
            assert isinstance(backend.refresh(found.member.member_id), MemberFound)
            assert isinstance(backend.refresh(found.member.member_id), Unreachable)


class TestHostile:
    @pytest.mark.parametrize("offers", ["two", "of another bill", "absurd"])
    def test_offers_nobody_can_take(
        self, running: RunningStandIn, shop: StandInStage, backend: LoyaltyBackend, offers: str
    ) -> None:
        found = served(shop, backend)
        running.switch("offers", offers)
        assert isinstance(backend.options(found.member.member_id, bill_of(BILL)), Unreachable)

    def test_a_key_that_is_told_no_ids(self, running: RunningStandIn, shop: StandInStage) -> None:
        member_id = shop.add_member(ASHA)
        running.switch("key", "reduced")
        with opened(shop) as backend:
            assert isinstance(backend.refresh(member_id), MemberFound)
        by_ledger = stage_with(running, checkout="none")
        by_ledger.add_member(ASHA)
        running.switch("key", "reduced")
        with opened(by_ledger) as backend:
            assert isinstance(backend.find(PhoneNumber(ASHA.phone)), Unreachable)

    def test_a_number_of_another_country_is_nobodys_here(
        self, shop: StandInStage, backend: LoyaltyBackend
    ) -> None:
        shop.add_member(ASHA)
        assert backend.find(PhoneNumber("+19845055501")) == NoSuchMember()

    def test_secrets_and_numbers_are_said_nowhere(
        self, running: RunningStandIn, shop: StandInStage, caplog: pytest.LogCaptureFixture
    ) -> None:
        caplog.set_level("DEBUG")
        with opened(shop) as backend:
            till, found = PretendTill(backend), served(shop, backend)
            effects = till.planned(till.quoted(found, BILL))
            said = [repr(found), repr(backend), repr(backend.probe()), repr(effects)]
            for status in (400, 404, 500):
                shop.stage(failing(status, "/", times=5))
                said.append(repr(backend.find(PhoneNumber(ASHA.phone))))
                said.append(repr(backend.options(found.member.member_id, bill_of(BILL))))
                said += [repr(till.send(one)) for one in effects]
                said.append(repr(backend.probe()))
            assert shop.befallen() == 15
        said.append(caplog.text)
        for secret in (*running.secrets.values(), ASHA.phone[-10:]):
            assert not any(secret in text for text in said)
