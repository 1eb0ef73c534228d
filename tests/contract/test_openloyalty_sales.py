"""What Open Loyalty is told of a sale, what it earns, and what odd currencies do to it."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from msgspec.structs import replace

from cashier_app.domain.bill import bill_of
from cashier_app.domain.choice import TakeNothing
from cashier_app.domain.money import Currency, Money
from cashier_app.domain.offers import Offers
from cashier_app.domain.outcome import AlreadyApplied, Applied, Refused, RefusedBecause, RetryLater
from cashier_app.domain.sale import EffectKind
from cashier_app.testing.people import Person
from cashier_app.testing.pretend_till import PretendTill
from cashier_app.testing.running import RunningStandIn
from cashier_app.testing.stage import HASTE
from cashier_app.testing.stand_ins.faults import StagedFault, Trouble
from cashier_app.testing.stand_ins.openloyalty_answers import CHANNEL, CONVERSION
from cashier_app.testing.suite_finding import ASHA
from cashier_app.testing.suite_selling import served
from tests.contract.openloyalty_shop import (
    BILL,
    INR,
    Open,
    ask,
    now,
    running,
    sale_of,
    shop,
    spoil,
    stage_with,
)

__all__ = ["running", "shop"]  # fixtures


class TestEarning:
    def test_points_come_a_second_later_and_are_waited_for(self, running: RunningStandIn, shop: Open) -> None:
        stage, backend = shop()
        running.switch("earning", "later")
        till, found = PretendTill(backend), served(stage, backend)
        booked = till.post(sale_of(till, stage, found))
        assert booked.points == Decimal("23.6")
        assert backend.capabilities.earns_later

    def test_points_that_do_not_come_are_not_waited_for_longer(
        self, running: RunningStandIn, shop: Open
    ) -> None:
        stage, backend = shop()
        running.switch("earning", "never")
        till, found = PretendTill(stage.open(deadlines=HASTE)), served(stage, backend)
        sale = sale_of(till, stage, found)
        assert till.post(sale).points is None
        stage.settle()
        looked_up = till.look_up(sale)
        assert isinstance(looked_up, AlreadyApplied)
        assert looked_up.booked.points == Decimal("23.6")
        till.backend.close()

    def test_an_old_sale_waits_for_nothing(self, running: RunningStandIn, shop: Open) -> None:
        stage, backend = shop()
        running.switch("earning", "never")
        till, found = PretendTill(backend), served(stage, backend)
        began = now()
        assert till.post(replace(sale_of(till, stage, found), at=now() - timedelta(hours=1))).points is None
        assert now() - began < timedelta(seconds=0.7)

    def test_what_a_bill_would_earn_is_asked_and_told(self, running: RunningStandIn, shop: Open) -> None:
        stage, backend = shop()
        member_id = stage.add_member(ASHA)
        offers = backend.options(member_id, bill_of(BILL))
        assert isinstance(offers, Offers)
        assert offers.earns == Decimal("23.6")
        assert offers.redemption == backend.program().redemption
        for value in ({"effects": [{"wallet": "stamps"}]}, {"effects": [{"type": "give_reward"}]}):
            spoil(running, "POST", "/simulate", value)
            offers = backend.options(member_id, bill_of(BILL))
            assert isinstance(offers, Offers)
            assert offers.earns == 0
        stage.stage(StagedFault(trouble=Trouble.STATUS, status=403, writes_only=False))
        offers = backend.options(member_id, bill_of(BILL))
        assert isinstance(offers, Offers)
        assert offers.earns is None

    def test_campaigns_tell_more_than_the_document(self, running: RunningStandIn, shop: Open) -> None:
        stage, backend = shop()
        running.switch("earn rate", "0.03")
        till, found = PretendTill(backend), served(stage, backend)
        ticket, _ = till.sell(found, BILL)
        assert ticket.quote is not None
        assert ticket.quote.earns == Decimal("35.4")
        earned = stage.books(found.member.member_id).spendable - stage.points + ticket.points
        assert earned == ticket.quote.earns

    def test_the_rate_of_a_conversion_coupon_keeps_the_documents_limits(
        self, running: RunningStandIn, shop: Open
    ) -> None:
        stage, backend = shop(conversion_reward=CONVERSION)
        running.switch("ratio", "0.25")
        ticket = PretendTill(backend).quoted(served(stage, backend), BILL)
        assert ticket.points == 4720
        assert ticket.quote is not None
        assert ticket.quote.discount == Money(118000, INR)
        running.switch("conversion coupon", "gone")
        offers = backend.options(stage.add_member(Person("Ben", "+919845055502")), bill_of(BILL))
        assert isinstance(offers, Offers)
        assert offers.redemption == ()


class TestSales:
    def test_what_a_sale_says(self, running: RunningStandIn, shop: Open) -> None:
        stage, backend = shop(channel=CHANNEL, category="food", item="TILL")
        till, found = PretendTill(backend), served(stage, backend)
        ticket, effects = till.sell(found, BILL)
        sale = effects[-1]
        kept = ask(running, "transaction", {"header:documentNumber": sale.key})
        told = kept["items"][0]["told"]["transaction"]  # type: ignore[index]
        assert told["header"]["documentNumber"] == sale.key
        assert told["header"]["purchasedAt"].endswith("+05:30")
        assert told["header"]["labels"] == [{"key": "till", "value": "2"}]
        assert told["customerData"] == {"customerId": found.member.member_id}
        assert [(one["sku"], one["category"], one["quantity"]) for one in told["items"]] == [
            ("TILL", "food", 1)
        ]
        # After the points: what they paid for earns nothing.
        assert Decimal(told["items"][0]["grossValue"]) == Decimal("1180.00")
        assert ticket.points == 2360

    def test_a_member_met_offline_is_found_before_the_sale_is_told(self, shop: Open) -> None:
        stage, backend = shop()
        till, found = PretendTill(backend), served(stage, backend)
        told = replace(sale_of(till, stage, found), member_id="", identified_by=f"phone:{ASHA.phone}")
        assert isinstance(till.send(told), Applied)
        assert isinstance(till.look_up(told), AlreadyApplied)
        nobody = replace(told, key="k2", identified_by="number:NOBODY")
        assert till.send(nobody) == Refused(RefusedBecause.INVALID, "nobody is known by this")
        stage.stage(StagedFault(trouble=Trouble.STATUS, status=500, writes_only=False))
        assert isinstance(till.send(replace(told, key="k3")), RetryLater)

    @pytest.mark.parametrize(
        ("bill", "per", "paid"),
        [
            (Money(5000, Currency("JPY", 0)), "100", "5000"),
            (Money(12345, Currency("KWD", 3)), "100.000", "12.345"),
            (Money(236050, Currency("INR", 2)), "100.00", "2360.50"),
        ],
        ids=["JPY", "KWD", "INR"],
    )
    def test_odd_currencies(
        self, running: RunningStandIn, tmp_path: Path, bill: Money, per: str, paid: str
    ) -> None:
        document = (
            f'version = "1"\ncurrency = "{bill.currency.code}"\npoint_scale = 4\n'
            f'[[earning.rules]]\nkind = "per_amount"\npoints = 1\nper = "{per}"\n'
            '[[redemption]]\nconversion = { points = 1, value = "1" }\nmaximum_percent = 50\n'
        )
        (tmp_path / "program.toml").write_text(document)
        stage = stage_with(running, bill=bill, folder=tmp_path, program="program.toml", holds_points=True)
        backend = stage.open()
        try:
            till, found = PretendTill(backend), served(stage, backend)
            _, effects = till.sell(found, bill, TakeNothing())
            kept = ask(running, "transaction", {"header:documentNumber": effects[-1].key})
            gross = kept["items"][0]["grossValue"]  # type: ignore[index]
            assert Decimal(str(gross)) == Decimal(paid)
            earned = stage.books(found.member.member_id).spendable - stage.points
            assert earned == Decimal(paid) / 100
            ticket, effects = till.sell(found, bill)
            assert ticket.points > 0
            before = stage.books(found.member.member_id)
            earns = ticket.quote.earns if ticket.quote else Decimal(0)
            for effect in backend.plan_refund(till.returned(ticket, effects, earns)):
                till.post(effect)
            after = stage.books(found.member.member_id)
            assert abs(after.spendable - before.spendable - ticket.points + earns) <= Decimal("0.0001")
        finally:
            backend.close()

    def test_nothing_is_told_of_a_return_that_points_had_paid(self, shop: Open) -> None:
        stage, backend = shop()
        till, found = PretendTill(backend), served(stage, backend)
        ticket, effects = till.sell(found, BILL)
        returned = till.returned(ticket, effects, Decimal(0))
        none = replace(returned, paid=Money(0, INR))
        assert [one.kind for one in backend.plan_refund(none)] == [EffectKind.RESTORE]
