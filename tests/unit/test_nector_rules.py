from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from msgspec.structs import replace

from cashier_app.backends.amounts import main_units
from cashier_app.backends.nector.calls import Pace
from cashier_app.backends.nector.identity import Identities, Named, may_be, new_customer_id, shown
from cashier_app.backends.nector.kind import NectorRules, NectorSettings
from cashier_app.backends.nector.messages import sensible
from cashier_app.backends.nector.noted import Noted
from cashier_app.backends.nector.values import (
    Listing,
    credit_of,
    found_by_hash,
    found_by_likeness,
    listing_of,
    tier_of,
)
from cashier_app.backends.replies import Answered
from cashier_app.domain.identifier import MemberNumber, PhoneNumber, WalletToken
from cashier_app.domain.member import Account, TierStanding, Way
from cashier_app.domain.money import Currency, Money, zero
from cashier_app.domain.outcome import AlreadyApplied, NotApplied, Unknown
from cashier_app.domain.program import Program
from cashier_app.domain.program.figures import Threshold
from cashier_app.domain.program.tiers import Tier, Tiers
from cashier_app.domain.sale import Effect, EffectKind, Sale, SaleReturn, effect_key
from cashier_app.errors import KnownError
from cashier_app.ports.capabilities import Idempotency, Quoting, Reserving
from cashier_app.ports.credentials import Secret

RUPEE = Currency("INR", 2)
BILL = Money(236000, RUPEE)
SALE_ID = "0197f0a2-1111-7222-8333-444455556666"
OTHER_SALE = "0197f0a2-1111-7222-8333-444455557777"
AT = datetime(2026, 11, 22, 10, 0, tzinfo=UTC)
WORKSPACE = "5d0a2c0e-7b1f-4c55-9d7e-2f6f3a1b9c04"


def settings(**more: object) -> NectorSettings:
    return NectorSettings(**({"program": "p.toml", "workspace": WORKSPACE} | more))  # type: ignore[arg-type]


def effect(kind: EffectKind, points: int = 400, member_id: str = "mobile-x") -> Effect:
    key = effect_key(SALE_ID, kind)
    return Effect(
        key, kind, SALE_ID, member_id, Decimal(points), BILL, Money(20000, RUPEE), BILL, AT, "nector-1"
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


def row(**more: object) -> dict[str, object]:
    made = {
        "_id": "w-1",
        "operation": "dr",
        "amount": 400,
        "title": "Redeemed",
        "description": "Order",
        "hash": "",
    }
    return made | {"created_at": AT.isoformat()} | more


def ledger(*rows: dict[str, object], more: bool = False) -> Answered:
    return Answered(200, {"data": {"items": list(rows), "cursor": {"has_next": more}}})


class TestLikeness:
    def judge(self, reply: Answered, others: Sequence[str] = ()) -> object:
        found = found_by_likeness(reply, effect(EffectKind.REDEEM), AT - timedelta(seconds=5), others)
        return type(found)

    @pytest.mark.parametrize("place", ["hash", "title", "description"])
    def test_a_row_that_names_the_sale_decides(self, place: str) -> None:
        named = row(**{place: f"Order {SALE_ID}" if place != "hash" else SALE_ID}, _id="w-2")
        assert self.judge(ledger(row(), named)) is AlreadyApplied

    def test_one_alike_is_taken_for_it(self) -> None:
        assert self.judge(ledger(row())) is AlreadyApplied

    @pytest.mark.parametrize(
        "rows",
        [
            (row(), row(_id="w-2")),
            (row(amount=300),),
            (row(amount=None),),
            (row(), row(_id="w-2", amount=100)),
            (row(created_at="yesterday"), row(_id="w-2")),
        ],
    )
    def test_what_is_open_stays_open(self, rows: Sequence[dict[str, object]]) -> None:
        assert self.judge(ledger(*rows)) is Unknown

    @pytest.mark.parametrize(
        "other",
        [
            row(created_at=(AT - timedelta(seconds=6)).isoformat()),
            row(operation="cr"),
            row(description=f"Order {OTHER_SALE}"),
            row(hash=f"{SALE_ID}-clawback-1"),
            row(hash=None, description="Till 2, sale 444455556666"),
        ],
    )
    def test_what_is_something_else_is_not_it(self, other: dict[str, object]) -> None:
        assert self.judge(ledger(other)) is NotApplied

    def test_a_row_of_another_sale_of_this_till(self) -> None:
        assert self.judge(ledger(row()), ["w-1"]) is NotApplied

    def test_a_page_full_of_late_rows_leaves_it_open(self) -> None:
        others = [row(_id=f"w-{count}", description=f"Order {OTHER_SALE}") for count in range(3)]
        assert self.judge(ledger(*others, more=True)) is Unknown
        assert self.judge(Answered(200, {"data": {"items": [{"amount": "many"}]}})) is Unknown


class TestHash:
    KEY = f"{SALE_ID}-sale-1"

    def judge(self, reply: Answered) -> object:
        return type(found_by_hash(reply, self.KEY, "cr", Decimal(21)))

    def test_rows(self) -> None:
        mine = row(hash=self.KEY, operation="cr", amount="21")
        assert self.judge(ledger(mine)) is AlreadyApplied
        assert self.judge(ledger()) is NotApplied
        assert self.judge(ledger(row(hash="another"), mine)) is AlreadyApplied
        assert self.judge(ledger(row(hash="another", operation="cr", amount=21))) is NotApplied
        assert self.judge(ledger(row(hash=None, operation="cr", amount=21))) is Unknown
        assert self.judge(ledger(row(hash=None, operation="cr", amount=22))) is NotApplied
        assert self.judge(ledger(mine | {"amount": 22})) is Unknown
        assert self.judge(ledger(mine | {"operation": "dr"})) is Unknown
        assert self.judge(ledger(row(hash="another"), more=True)) is Unknown


@dataclass
class SetClock:
    at: datetime = AT
    seconds: float = 0.0

    def now(self) -> datetime:
        return self.at

    def monotonic(self) -> float:
        return self.seconds


class TestBalances:
    def noted(self) -> tuple[Noted, SetClock]:
        clock = SetClock()
        return Noted(clock), clock

    @pytest.mark.parametrize(
        ("now", "judged"), [(600, AlreadyApplied), (1000, NotApplied), (900, Unknown), (None, Unknown)]
    )
    def test_a_balance_from_just_before_tells(self, now: int | None, judged: type) -> None:
        noted, _ = self.noted()
        noted.before(effect(EffectKind.REDEEM), Decimal(1000))
        balance = None if now is None else Decimal(now)
        assert isinstance(noted.judged(effect(EffectKind.REDEEM), balance, Decimal(-400)), judged)

    def test_a_balance_told_after_the_cashier_acted_tells_nothing(self) -> None:
        """After a restart the member is met again: the balance may have the effect in it already."""
        noted, _ = self.noted()
        noted.account("mobile-x", Account(Decimal(600), AT + timedelta(seconds=1)))
        judged = noted.judged(effect(EffectKind.REDEEM), Decimal(600), Decimal(-400))
        assert isinstance(judged, Unknown)

    def test_what_another_run_asked_for_is_not_judged_by_a_balance(self) -> None:
        """Whatever the clock says: only a balance noted with the effect itself tells of one in doubt."""
        noted, _ = self.noted()
        noted.account("mobile-x", Account(Decimal(600), AT))
        redeem = effect(EffectKind.REDEEM)
        assert isinstance(noted.judged(redeem, Decimal(600), Decimal(-400)), NotApplied)
        in_doubt = replace(redeem, in_doubt_since=AT)
        assert isinstance(noted.judged(in_doubt, Decimal(600), Decimal(-400)), Unknown)

    def test_an_old_balance_tells_nothing(self) -> None:
        noted, clock = self.noted()
        noted.before(effect(EffectKind.REDEEM), Decimal(1000))
        clock.seconds = 601
        judged = noted.judged(effect(EffectKind.REDEEM), Decimal(1000), Decimal(-400))
        assert isinstance(judged, Unknown)

    def test_little_is_remembered(self) -> None:
        noted, _ = self.noted()
        for count in range(600):
            noted.account(f"mobile-{count}", Account(Decimal(1), AT))
        assert noted.last_account("mobile-0") is None
        assert noted.last_account("mobile-599") is not None


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
