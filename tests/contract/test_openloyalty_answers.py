"""Open Loyalty's errors, and answers that cannot be right."""

from __future__ import annotations

from decimal import Decimal

import pytest
from msgspec.structs import replace

from cashier_app.backends.openloyalty.adapter import HOLDS, PROVE_HOLDS
from cashier_app.domain.bill import bill_of
from cashier_app.domain.choice import TakeNothing
from cashier_app.domain.identifier import MemberNumber, PhoneNumber
from cashier_app.domain.offers import Offers
from cashier_app.domain.outcome import (
    AlreadyApplied,
    Applied,
    MemberFound,
    NoSuchMember,
    Refused,
    RefusedBecause,
    Unknown,
    Unreachable,
)
from cashier_app.domain.probe import Found, Right
from cashier_app.domain.sale import Effect, EffectKind
from cashier_app.testing.pretend_till import PretendTill
from cashier_app.testing.running import RunningStandIn
from cashier_app.testing.stand_ins.faults import StagedFault, Trouble
from cashier_app.testing.stand_ins.openloyalty_answers import CHANNEL, CONVERSION, TIER_SET
from cashier_app.testing.suite_finding import ASHA
from cashier_app.testing.suite_selling import served
from tests.contract.openloyalty_shop import BILL, NOBODY, Open, now, running, sale_of, shop, spoil

__all__ = ["running", "shop"]  # fixtures

HOSTILE = {
    "another currency": {"currency": "USD"},
    "another store": {"storeCode": "elsewhere"},
    "another member": {"customerId": NOBODY, "phone": "+919845000001", "loyaltyCardNumber": "X"},
    "an id that climbs": {"customerId": "../../points"},
    "no account": {"defaultAccount": None},
    "a balance as text": {"defaultAccount": {"activePoints": "a lot"}},
    "a balance beyond counting": {"defaultAccount": {"activePoints": 1e300}},
    "a trillion": {"defaultAccount": {"activePoints": 10**12}},
}


class TestHostileAnswers:
    @pytest.mark.parametrize("value", HOSTILE.values(), ids=HOSTILE)
    def test_a_member_that_cannot_be_right(self, running: RunningStandIn, shop: Open, value: object) -> None:
        stage, backend = shop()
        member_id = stage.add_member(ASHA)
        spoil(running, "GET", "/member/", value)
        for found in (
            backend.refresh(member_id),
            backend.find(PhoneNumber(ASHA.phone)),
            backend.find(MemberNumber(ASHA.number)),
        ):
            assert isinstance(found, Unreachable), found
            assert ASHA.phone[-6:] not in found.reason

    def test_anonymised_members_are_nobody(self, running: RunningStandIn, shop: Open) -> None:
        stage, backend = shop()
        member_id = stage.add_member(ASHA)
        spoil(running, "GET", "/member/", {"anonymized": True})
        assert backend.refresh(member_id) == NoSuchMember()

    def test_marks_that_turn_text_round_are_left_out(self, running: RunningStandIn, shop: Open) -> None:
        stage, backend = shop(tier_set=TIER_SET)
        member_id = stage.add_member(ASHA)
        spoil(running, "GET", "/tierSet/", {"currentTierName": "Sil\u202ever", "nextTierName": "\x07Gold"})
        found = backend.refresh(member_id)
        assert isinstance(found, MemberFound)
        assert found.account.tier is not None
        assert (found.account.tier.name, found.account.tier.next_name) == ("Silver", "Gold")

    @pytest.mark.parametrize("value", [{"transferId": None}, {"transferId": "../x"}, {"transferId": 7}])
    def test_a_movement_without_an_id_is_in_doubt(
        self, running: RunningStandIn, shop: Open, value: object
    ) -> None:
        stage, backend = shop(holds_points=True)
        till, found = PretendTill(backend), served(stage, backend)
        spoil(running, "POST", "/points/block", value)
        assert isinstance(till.send(till.hold(till.quoted(found, BILL))), Unknown)

    @pytest.mark.parametrize(
        "value",
        [
            {"items": [{"value": 1}]},
            {"items": [{"transferId": None}]},
            {"items": [{"value": 1e300}]},
            {"items": {}},
            {"items": None},
        ],
    )
    def test_a_list_of_movements_that_cannot_be_right(
        self, running: RunningStandIn, shop: Open, value: object
    ) -> None:
        stage, backend = shop(holds_points=True)
        till, found = PretendTill(backend), served(stage, backend)
        hold = till.hold(till.quoted(found, BILL))
        till.post(hold)
        spoil(running, "GET", "/points", value)
        assert isinstance(till.look_up(hold), Unknown)

    @pytest.mark.parametrize(
        "value",
        [
            {"items": [{"grossValue": 1}]},
            {"items": [{"currency": "USD"}]},
            {"items": [{"customerId": NOBODY}]},
            {"items": [{"header": {"documentNumber": "another"}}]},
            {"items": [{"header": None}]},
            {"items": [{"transactionId": None}]},
            {"items": None},
        ],
    )
    def test_a_sale_that_is_not_ours(self, running: RunningStandIn, shop: Open, value: object) -> None:
        stage, backend = shop()
        till, found = PretendTill(backend), served(stage, backend)
        sale = sale_of(till, stage, found)
        till.post(sale)
        spoil(running, "GET", "/transaction", value)
        assert isinstance(till.look_up(sale), Unknown)
        # A second post is refused for its number, and what it is refused for is not ours to be sure of.
        assert isinstance(till.send(sale), Unknown)

    @pytest.mark.parametrize("ratio", ["0", "-1", "1e-30", "1e30"])
    def test_a_worth_that_cannot_be_right_offers_nothing(
        self, running: RunningStandIn, shop: Open, ratio: str
    ) -> None:
        stage, backend = shop(conversion_reward=CONVERSION)
        member_id = stage.add_member(ASHA)
        running.switch("ratio", ratio)
        offers = backend.options(member_id, bill_of(BILL))
        assert isinstance(offers, Offers)
        assert offers.redemption == ()


class TestErrors:
    """The vendor's table, row by row; 401, 403, 429, 5xx and time-outs are the suite's."""

    @pytest.mark.parametrize("says", ["a number", "a text"])
    def test_401_in_either_form(self, running: RunningStandIn, shop: Open, says: str) -> None:
        stage, _ = shop()
        running.switch("a 401 says", says)
        backend = stage.open(wrong_secrets=True)
        assert isinstance(backend.find(PhoneNumber(ASHA.phone)), Unreachable)
        assert {one.found for one in backend.probe().rights} == {Found.REFUSED}
        backend.close()

    def test_not_enough_points(self, shop: Open) -> None:
        stage, backend = shop()
        till, found = PretendTill(backend), served(stage, backend)
        redeem = till.planned(till.quoted(found, BILL))[0]
        stage.use_points(found.member.member_id, "5999.5")
        assert till.send(redeem) == Refused(RefusedBecause.BALANCE_TOO_LOW, "Not enough points")

    def test_a_number_used_before_is_the_same_sale(self, shop: Open) -> None:
        stage, backend = shop()
        till, found = PretendTill(backend), served(stage, backend)
        sale = sale_of(till, stage, found)
        assert isinstance(till.send(sale), Applied)
        assert isinstance(till.send(sale), AlreadyApplied)
        assert stage.books(found.member.member_id).sales == 1

    def test_a_return_of_a_sale_nobody_knows(self, shop: Open) -> None:
        stage, backend = shop()
        till, found = PretendTill(backend), served(stage, backend)
        ticket, effects = till.sell(found, BILL, TakeNothing())
        refund = backend.plan_refund(till.returned(ticket, effects, Decimal(0)))[0]
        outcome = till.send(replace(refund, original_key="another-sale"))
        assert isinstance(outcome, Refused)
        assert outcome.because is RefusedBecause.UNKNOWN_SALE

    @pytest.mark.parametrize("status", [404, 422])
    def test_a_refusal_is_a_refusal(self, shop: Open, status: int) -> None:
        stage, backend = shop()
        till, found = PretendTill(backend), served(stage, backend)
        stage.stage(StagedFault(trouble=Trouble.STATUS, status=status))
        outcome = till.send(sale_of(till, stage, found))
        assert isinstance(outcome, Refused), outcome

    @pytest.mark.parametrize("takes_hold", [True, False])
    @pytest.mark.parametrize("status", [400, 404, 409, 422])
    def test_a_refusal_of_what_took_hold_is_found_out(
        self, shop: Open, status: int, *, takes_hold: bool
    ) -> None:
        stage, backend = shop(holds_points=True)
        till, found = PretendTill(backend), served(stage, backend)
        hold = till.hold(till.quoted(found, BILL))
        stage.stage(StagedFault(trouble=Trouble.STATUS, status=status, takes_hold=takes_hold))
        outcome = till.send(hold)
        if takes_hold:
            assert isinstance(outcome, AlreadyApplied), outcome
        else:
            assert isinstance(outcome, Unknown if status == 409 else Refused), outcome

    def test_a_wrong_store_code_is_found_when_trying_out(self, shop: Open) -> None:
        stage, backend = shop(store_code="elsewhere")
        probed = backend.probe()
        rights = {one.right: one.found for one in probed.rights}
        assert rights[Right.PROGRAM] is Found.NOT_THERE
        assert rights[Right.FIND] is Found.NOT_THERE
        assert not probed.works
        till = PretendTill(backend)
        sale = Effect(
            "k", EffectKind.SALE, "s", NOBODY, Decimal(1), stage.bill, stage.bill, stage.bill, now(), ""
        )
        assert isinstance(till.send(sale), Unknown)

    def test_another_currency_or_channel_is_found_when_trying_out(
        self, running: RunningStandIn, shop: Open
    ) -> None:
        _, backend = shop(channel=CHANNEL)
        assert backend.probe().works
        running.switch("currency", "USD")
        assert {one.right for one in backend.probe().rights if one.found is Found.STRANGE} == {Right.PROGRAM}
        _, backend = shop(channel=NOBODY)
        lost = [one.right for one in backend.probe().rights if one.found is Found.NOT_THERE]
        assert lost == [Right.LOCATION]

    def test_trying_out_says_how_holds_are_proved(self, shop: Open) -> None:
        assert PROVE_HOLDS in shop()[1].probe().remarks
        assert HOLDS in shop(holds_points=True)[1].probe().remarks
