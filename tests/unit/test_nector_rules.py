"""What a shop on Nector plans, knows people by, and offers, without asking anybody."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

import pytest

from cashier_app.backends.amounts import main_units
from cashier_app.backends.nector.calls import Pace
from cashier_app.backends.nector.identity import Identities, Named, may_be, new_customer_id, shown
from cashier_app.backends.nector.kind import NectorRules
from cashier_app.backends.nector.messages import sensible
from cashier_app.backends.nector.values import (
    Listing,
    credit_of,
    listing_of,
    tier_of,
)
from cashier_app.backends.replies import Answered
from cashier_app.domain.identifier import MemberNumber, PhoneNumber, WalletToken
from cashier_app.domain.member import TierStanding, Way
from cashier_app.domain.money import Currency, Money, zero
from cashier_app.domain.program import Program
from cashier_app.domain.program.figures import Threshold
from cashier_app.domain.program.tiers import Tier, Tiers
from cashier_app.domain.sale import Effect, EffectKind, Sale, SaleReturn
from cashier_app.errors import KnownError
from cashier_app.ports.capabilities import Idempotency, Quoting, Reserving
from cashier_app.ports.credentials import Secret
from tests.unit.nector_samples import (
    AT,
    BILL,
    OTHER_SALE,
    RUPEE,
    SALE_ID,
    SetClock,
    effect,
    settings,
)


def kinds(effects: Sequence[Effect]) -> list[str]:
    return [one.kind.value for one in effects]


class TestPlan:
    WANTED = (effect(EffectKind.REDEEM), effect(EffectKind.SALE, 21))

    @pytest.mark.parametrize(
        ("more", "planned"),
        [
            ({}, ["redeem", "sale"]),
            ({"checkout": "none"}, ["redeem", "sale"]),
            ({"merchant_key": "none"}, ["redeem"]),
            ({"merchant_key": "read only"}, ["redeem"]),
            ({"merchant_key": "read only", "checkout": "none"}, []),
        ],
    )
    def test_only_what_the_keys_allow(self, more: dict[str, object], planned: list[str]) -> None:
        assert kinds(NectorRules(settings(**more)).plan(self.WANTED)) == planned

    def test_a_sale_that_earns_nothing_is_not_told_unless_nobody_knows_yet(self) -> None:
        rules = NectorRules(settings())
        assert rules.plan([effect(EffectKind.SALE, 0)]) == ()
        assert kinds(rules.plan([effect(EffectKind.SALE, 0, member_id="")])) == ["sale"]

    @pytest.mark.parametrize(
        ("more", "whole", "planned"),
        [
            ({}, True, ["refund", "clawback"]),
            ({}, False, ["restore", "clawback"]),
            ({"checkout": "none"}, True, ["restore", "clawback"]),
            ({"merchant_key": "none"}, True, ["refund"]),
            ({"merchant_key": "none"}, False, []),
            ({"merchant_key": "read only", "checkout": "none"}, True, []),
        ],
    )
    def test_returns(self, more: dict[str, object], whole: bool, planned: list[str]) -> None:  # noqa: FBT001
        back = returned(whole=whole, restored=400 if whole else 200)
        assert kinds(NectorRules(settings(**more)).plan_refund(back)) == planned

    def test_the_webhook_undoes_all_or_nothing(self) -> None:
        """A whole return of which the shop gives back only a part of the coins is booked in the ledger."""
        planned = NectorRules(settings()).plan_refund(returned(whole=True, restored=300))
        assert [(one.kind.value, int(one.points)) for one in planned] == [("restore", 300), ("clawback", 21)]

    def test_nothing_to_give_back_is_not_told(self) -> None:
        planned = NectorRules(settings()).plan_refund(returned(whole=True, restored=0, taken_back=0))
        assert planned == ()

    def test_what_there_is_without_any_way_in(self) -> None:
        with pytest.raises(KnownError, match=r"backend\.settings"):
            NectorRules(settings(merchant_key="none", checkout="none"))
        with pytest.raises(KnownError, match=r"backend\.settings\.workspace"):
            NectorRules(settings(workspace=""))

    def test_capabilities(self) -> None:
        both = NectorRules(settings()).capabilities
        assert (both.reserving, both.idempotency, both.quoting) == (
            Reserving.NONE,
            Idempotency.READ_BACK,
            Quoting.VENDOR,
        )
        assert not both.variable_amounts
        assert both.finds_by == (Way.PHONE,)
        webhook = NectorRules(settings(merchant_key="none", identify_by="customer id")).capabilities
        assert webhook.finds_by == (Way.WALLET_CODE, Way.MEMBER_NUMBER)
        assert not (webhook.earns)
        assert not (webhook.partial_refund)
        assert not (webhook.tiers)
        assert not (webhook.adjusts)
        assert NectorRules(settings(below_zero=True)).capabilities.negative_balance


def returned(*, whole: bool, restored: int, taken_back: int = 21) -> SaleReturn:
    sale = Sale(
        SALE_ID,
        "2-1",
        "mobile-x",
        "",
        None,
        BILL,
        zero(RUPEE),
        BILL,
        Decimal(400),
        Decimal(21),
        AT,
        "nector-1",
    )
    effects = (effect(EffectKind.REDEEM), effect(EffectKind.SALE, 21))
    return SaleReturn(
        sale, 1, whole, BILL, zero(RUPEE), BILL, Decimal(taken_back), Decimal(restored), AT, effects
    )


class TestIdentities:
    def ids(self, webhook_id: str = "made-up", region: str = "IN", **more: object) -> Identities:
        return Identities(settings(**more), region, Secret(webhook_id))

    @pytest.mark.parametrize(
        ("form", "phone", "mobile"),
        [
            ("national", "+919845055501", "9845055501"),
            ("national", "+19845055501", ""),  # the same ten digits in another country are somebody else's
            ("international", "+919845055501", "919845055501"),
            ("plus", "+919845055501", "+919845055501"),
            ("plus", "+123456789012345", ""),  # 16 characters: Nector takes 15
            ("national", "nonsense", ""),
        ],
    )
    def test_forms_of_phone_numbers(self, form: str, phone: str, mobile: str) -> None:
        assert self.ids(phone_form=form).mobile_of(phone) == mobile
        asked = self.ids(phone_form=form).asked_for(PhoneNumber(phone))
        assert (asked.mobile if asked else "") == mobile

    def test_a_member_id_hides_the_phone_number(self) -> None:
        member_id = self.ids().member_id(Named(mobile="9845055501"))
        assert "9845055501" not in member_id
        assert "5501" not in member_id
        assert self.ids().named(member_id) == Named(mobile="9845055501")
        assert self.ids().member_id(Named(mobile="9845055501")) == member_id
        assert self.ids("replaced").named(member_id) is None

    @pytest.mark.parametrize(
        "named",
        [Named(lead_id="0c1b6f0a-52a9-4c1e-9d86-3c1f3b5b7a10"), Named(customer_id="shopify-7012345678901")],
    )
    def test_member_ids_are_read_back(self, named: Named) -> None:
        assert self.ids().named(self.ids().member_id(named)) == named

    @pytest.mark.parametrize(
        "member_id", ["", "mobile-", "mobile-@@", "mobile-AAAA", "lead-../..", "customer-short", "other-1"]
    )
    def test_what_is_no_member_id(self, member_id: str) -> None:
        assert self.ids().named(member_id) is None

    @pytest.mark.parametrize(
        ("token", "name"),
        [
            ("shopify-7012345678901", "customer_id"),
            ("custom_website-10001", "customer_id"),
            ("till-3f1c2e9a8b7d4e55", "customer_id"),
            ("asha@shop.example", "email"),
            ("ASHA450", "referral_code"),
        ],
    )
    def test_codes(self, token: str, name: str) -> None:
        asked = self.ids().asked_for(WalletToken(token))
        assert asked is not None
        assert asked.query == {name: token}

    def test_member_numbers(self) -> None:
        asked = self.ids().asked_for(MemberNumber("MC20001"))
        assert asked == Named(customer_id="custom_website-MC20001")
        assert self.ids(number_prefix="").asked_for(MemberNumber("MC1")) == Named(referral_code="MC1")

    def test_masks(self) -> None:
        assert shown("98******10") == "98\u2022\u2022\u2022\u2022\u2022\u202210"
        for unmasked in ("9845055510", None, "<b>98**</b>", "98450*5510"):
            assert shown(unmasked) == ""
        assert may_be("98******10", "9845055510")
        assert not may_be("98******10", "9745055510")
        assert may_be("", "9845055510")

    def test_a_new_customer_id_cannot_be_guessed_and_stays(self) -> None:
        one = new_customer_id("till-", OTHER_SALE)
        assert one == new_customer_id("till-", OTHER_SALE)
        assert 8 <= len(one) <= 128
        assert OTHER_SALE not in one


class TestOffers:
    def read(
        self,
        promotions: list[dict[str, object]],
        balance: object = "500",
        scale: int = 0,
        bill: Money = BILL,
    ) -> Listing | str:
        body = {"meta": {"code": 200}, "data": {"points_balance": balance, "promotions": promotions}}
        return listing_of(Answered(200, body), bill, scale)

    def test_one_offer(self) -> None:
        read = self.read([{"coin_value": 500, "fiat_value": Decimal("33.339"), "title": "\u202eRedeem"}])
        assert isinstance(read, Listing)
        assert read.offer is not None
        assert (read.balance, read.offer.coins, read.offer.discount) == (
            Decimal(500),
            Decimal(500),
            Money(3333, RUPEE),
        )
        assert read.offer.rule.name == "Redeem"

    @pytest.mark.parametrize(
        ("bill", "told", "off"),
        [
            (Money(12345, Currency("KWD", 3)), "2.5009", 2500),
            (Money(5000, Currency("JPY", 0)), "250.9", 250),
            (Money(5000, Currency("IQD", 0)), "250.750", 250),
        ],
    )
    def test_an_offer_in_the_shops_own_coins(self, bill: Money, told: str, off: int) -> None:
        read = self.read([{"coin_value": 500, "fiat_value": Decimal(told)}], bill=bill)
        assert isinstance(read, Listing)
        assert read.offer is not None
        assert read.offer.discount == Money(off, bill.currency)
        assert read.offer.rule.conversion.value == main_units(read.offer.discount)

    def test_the_same_offer_twice_is_one(self) -> None:
        assert isinstance(self.read([{"coin_value": 100, "fiat_value": 50}] * 2), Listing)

    def test_no_offer(self) -> None:
        assert self.read([], None) == Listing(None)

    def test_fractions_of_coins_need_a_program_that_has_them(self) -> None:
        offer: list[dict[str, object]] = [{"coin_value": "12.5", "fiat_value": 5}]
        assert isinstance(self.read(offer, scale=1), Listing)
        assert isinstance(self.read(offer), str)

    @pytest.mark.parametrize(
        ("promotions", "balance"),
        [
            ([{"coin_value": 100, "fiat_value": 50}, {"coin_value": 50, "fiat_value": 25}], 500),
            ([{"coin_value": 600, "fiat_value": 50}], 500),
            ([{"coin_value": -100, "fiat_value": 50}], 500),
            ([{"coin_value": 0, "fiat_value": 50}], 500),
            ([{"coin_value": 100, "fiat_value": 2361}], 500),
            ([{"coin_value": 100, "fiat_value": -1}], 500),
            ([{"coin_value": 100, "fiat_value": "NaN"}], 500),
            ([{"coin_value": "Infinity", "fiat_value": 1}], 500),
            ([{"coin_value": "1E+99999", "fiat_value": 1}], 500),
            ([{"coin_value": 100, "fiat_value": "0.001"}], 500),
            ([{"coin_value": True, "fiat_value": 5}], 500),
            ([{"fiat_value": 5}], 500),
            ([], "NaN"),
            ([], "1e30"),
            ([], [500]),
        ],
    )
    def test_offers_that_cannot_be(self, promotions: list[dict[str, object]], balance: object) -> None:
        assert isinstance(self.read(promotions, balance), str)

    @pytest.mark.parametrize("text", ["NaN", "-Infinity", "1E+13", "0.00001"])
    def test_figures_nobody_has(self, text: str) -> None:
        assert sensible(Decimal(text)) is None

    @pytest.mark.parametrize(
        ("minor", "currency", "text"),
        [
            (236000, RUPEE, "2360.00"),
            (500, Currency("JPY", 0), "500"),
            (12345, Currency("KWD", 3), "12.345"),
        ],
    )
    def test_bills_in_the_main_unit(self, minor: int, currency: Currency, text: str) -> None:
        assert str(main_units(Money(minor, currency))) == text


@pytest.mark.parametrize(
    ("held", "currency", "minor"),
    [
        ("12.345", RUPEE, 1234),
        ("12.345", Currency("KWD", 3), 12345),
        ("1500", Currency("JPY", 0), 1500),
        ("250.750", Currency("IQD", 0), 250),
        ("1E+15", RUPEE, None),
        ("-1", RUPEE, None),
        (None, RUPEE, None),
    ],
)
def test_store_credit(held: str | None, currency: Currency, minor: int | None) -> None:
    credit = credit_of(None if held is None else Decimal(held), currency)
    assert credit == (None if minor is None else Money(minor, currency))


def test_a_tier_has_the_rank_the_shops_program_gives_it() -> None:
    levels = tuple(
        Tier(name=name, threshold=Threshold(count)) for count, name in enumerate(("Silver", "Gold"))
    )
    program = Program(currency=RUPEE, tiers=Tiers(levels=levels))
    assert tier_of("Gold", program) == TierStanding("Gold", 2, 2)
    assert tier_of("Platinum", program) == TierStanding("Platinum", 1, 1)
    assert tier_of(" \u202e", program) is None
    assert tier_of(None, program) is None


def test_calls_keep_within_a_minute_with_some_left_for_the_cashier() -> None:
    clock = SetClock()
    pace = Pace(10, clock.monotonic)
    assert [pace.take(waited_for=False) for _ in range(8)] == [0.0] * 8
    assert pace.take(waited_for=False) == 60
    assert [pace.take(waited_for=True) for _ in range(2)] == [0.0] * 2
    clock.seconds = 20
    assert pace.take(waited_for=True) == 40
    clock.seconds = 60
    assert pace.take(waited_for=False) == 0
