"""What Voucherify answers, and what the till makes of it: refusals and other currencies."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from msgspec.structs import replace

from cashier_app.backends.voucherify.kind import KIND, VoucherifyRules, VoucherifySettings
from cashier_app.domain.bill import bill_of
from cashier_app.domain.choice import TakeNothing
from cashier_app.domain.identifier import PhoneNumber, WalletToken
from cashier_app.domain.money import Currency, Money
from cashier_app.domain.offers import Offers
from cashier_app.domain.outcome import (
    AlreadyApplied,
    Applied,
    MemberFound,
    NoSuchMember,
    Outcome,
    Refused,
    RefusedBecause,
    RetryLater,
    SeveralMembers,
    SignInNeeded,
    Unknown,
)
from cashier_app.domain.sale import EffectKind
from cashier_app.errors import KnownError
from cashier_app.ports.loyalty import LoyaltyBackend
from cashier_app.testing.people import Person
from cashier_app.testing.pretend_till import PretendTill
from cashier_app.testing.running import RunningStandIn
from cashier_app.testing.stage import StandInStage
from cashier_app.testing.stand_ins.voucherify_books import CAMPAIGN, COIN, COUPON, TOTE
from tests.contract.voucherify_shop import (
    ASHA,
    backend,
    first,
    running,
    served,
    stage,
    stage_with,
)

__all__ = ["backend", "running", "stage"]  # fixtures

# Refusals.
BECAUSE = RefusedBecause
TABLE: list[tuple[int, str, Outcome | RefusedBecause]] = [
    (400, "invalid_payload", BECAUSE.INVALID),
    (400, "invalid_query_params", BECAUSE.INVALID),
    (400, "missing_customer", BECAUSE.INVALID),
    (400, "duplicate_found", BECAUSE.OTHER),
    (400, "quantity_exceeded", BECAUSE.NOT_ALLOWED),
    (400, "loyalty_card_points_exceeded", BECAUSE.BALANCE_TOO_LOW),
    (400, "voucher_disabled", BECAUSE.MEMBER_BLOCKED),
    (400, "voucher_expired", BECAUSE.MEMBER_BLOCKED),
    (400, "voucher_not_active", BECAUSE.MEMBER_BLOCKED),
    (400, "customer_rules_violated", BECAUSE.NOT_ALLOWED),
    (400, "order_rules_violated", BECAUSE.NOT_ALLOWED),
    (400, "multiple_requests", Unknown()),
    (401, "unauthorized", SignInNeeded()),
    (402, "payment_required", RetryLater()),
    (403, "forbidden", SignInNeeded()),
    (404, "not_found", BECAUSE.OTHER),
    (404, "resource_not_found", BECAUSE.OTHER),
    (405, "method_not_allowed", BECAUSE.OTHER),
    (406, "not_acceptable", BECAUSE.OTHER),
    (409, "conflict", Unknown()),
    (415, "unsupported_media_type", BECAUSE.OTHER),
    (423, "non_active_program", BECAUSE.NOT_ALLOWED),
    (423, "non_active_member", BECAUSE.MEMBER_BLOCKED),
    (423, "program_outside_validity_window", BECAUSE.NOT_ALLOWED),
    (423, "zero_card_balance", BECAUSE.BALANCE_TOO_LOW),
    (423, "insufficient_card_balance", BECAUSE.BALANCE_TOO_LOW),
    (423, "reward_out_of_stock", BECAUSE.NOT_ALLOWED),
    (423, "pay_with_points_not_enabled", BECAUSE.NOT_ALLOWED),
    (423, "something_new", BECAUSE.NOT_ALLOWED),
    (429, "too_many", RetryLater()),
    (500, "internal", Unknown()),
]


@pytest.mark.parametrize(("status", "key", "means"), TABLE, ids=[f"{row[0]} {row[1]}" for row in TABLE])
def test_every_row_of_the_vendors_errors(
    running: RunningStandIn,
    stage: StandInStage,
    backend: LoyaltyBackend,
    status: int,
    key: str,
    means: Outcome | RefusedBecause,
) -> None:
    till, effect = first(stage, backend)
    running.switch("next error", f"{status} {key}")
    outcome = till.send(effect)
    if isinstance(means, RefusedBecause):
        assert isinstance(outcome, Refused), outcome
        assert outcome.because is means
    else:
        assert type(outcome) is type(means), outcome
    assert stage.books(effect.member_id).held == 0


def test_a_plan_used_up_loses_no_sale(
    running: RunningStandIn,
    stage: StandInStage,
    backend: LoyaltyBackend,
) -> None:
    found, till = served(stage, backend), PretendTill(backend)
    [sale] = till.planned(till.quoted(found, stage.bill, TakeNothing()))
    running.switch("next error", "402 payment_required")
    outcome = till.send(sale)
    assert isinstance(outcome, RetryLater), outcome
    assert outcome.seconds == 900
    till.post(sale)


def test_a_blocked_card_is_shown_and_may_not_be_used(stage: StandInStage, backend: LoyaltyBackend) -> None:
    found = served(stage, backend, replace(ASHA, blocked=True))
    assert found.member.blocked_since is not None
    offers = backend.options(found.member.member_id, bill_of(stage.bill))
    assert isinstance(offers, Offers)
    assert offers.redemption == ()


# Who is found.
def test_customer_ids_and_codes_of_another_system(
    running: RunningStandIn,
    stage: StandInStage,
    backend: LoyaltyBackend,
) -> None:
    member_id = stage.add_member(ASHA)
    found = backend.find(WalletToken("cust_000000000001"))
    assert isinstance(found, MemberFound), found
    assert found.member.member_id == member_id
    for code in ("lmbr_2b3c4d5e6f", "lcrd_3c4d5e6f7a", "..", "."):
        assert backend.find(WalletToken(code)) == NoSuchMember()
    running.switch("other campaign", member_id)
    assert backend.find(WalletToken(ASHA.wallet_code)) == NoSuchMember()
    assert backend.find(PhoneNumber(ASHA.phone)) == NoSuchMember()


def test_a_customer_with_two_cards_is_two_members(
    running: RunningStandIn,
    stage: StandInStage,
    backend: LoyaltyBackend,
) -> None:
    member_id = stage.add_member(ASHA)
    running.switch("second card", member_id)
    found = backend.find(PhoneNumber(ASHA.phone))
    assert isinstance(found, SeveralMembers), found
    assert len(found.found) == 2


def test_a_tier_is_shown_without_progress(stage: StandInStage, backend: LoyaltyBackend) -> None:
    backend.program()
    tier = served(stage, backend).account.tier
    assert tier is not None
    assert (tier.name, tier.rank, tier.of) == ("Silver", 2, 2)
    assert (tier.missing, tier.missing_points, tier.next_name) == (None, None, "")
    lower = served(stage, backend, Person("Ben Thomas", "+919845055502")).account.tier
    assert lower is not None
    assert (lower.name, lower.next_name, lower.progress, lower.missing_points) == (
        "Bronze",
        "Silver",
        0,
        None,
    )


# Money and points.
ODD = {
    "JPY": (Currency("JPY", 0), 5000),
    "KWD": (Currency("KWD", 3), 12_345),
    "INR": (Currency("INR", 2), 236_000),
}


@pytest.mark.parametrize("as_hundredths", [False, True], ids=["own units", "always hundredths"])
@pytest.mark.parametrize("code", ODD)
def test_currencies_without_cents(running: RunningStandIn, code: str, *, as_hundredths: bool) -> None:
    """The vendor's sample turns 5 points into 500 smallest units; of yen it says nothing."""
    currency, minor = ODD[code]
    stage = stage_with(running, Money(minor, currency))
    running.switch("decimals", str(currency.decimals))
    if as_hundredths:
        running.switch("coin per unit", "100")
    backend = stage.open()
    try:
        found, till = served(stage, backend), PretendTill(backend)
        ticket, _ = till.sell(found, stage.bill)
        assert ticket.quote is not None
        block = 100 if as_hundredths else currency.minor_per_unit
        blocks = min(100, minor // block)
        assert (ticket.points, ticket.quote.discount) == (blocks * 10, Money(blocks * block, currency))
        stage.settle()
        earned = stage.books(found.member.member_id).spendable - (1000 - ticket.points)
        assert earned == minor // currency.minor_per_unit
        assert stage.failures() == []
    finally:
        backend.close()


OTHER_DECIMALS = {
    "INR without paise": (Currency("INR", 0), {}, 2, 2360, 100),
    "IQD as shops count it": (Currency("IQD", 0), {}, 3, 25_000, 100),
    "JPY in hundredths": (Currency("JPY", 0), {"decimals": 2}, 2, 5000, 100),
}


@pytest.mark.parametrize("case", OTHER_DECIMALS)
def test_a_till_that_uses_other_decimals_than_the_project(running: RunningStandIn, case: str) -> None:
    currency, settings, project, main, discount = OTHER_DECIMALS[case]
    stage = stage_with(running, Money(main, currency), **settings)
    running.switch("decimals", str(project))
    backend = stage.open()
    try:
        found, till = served(stage, backend), PretendTill(backend)
        ticket, effects = till.sell(found, stage.bill)
        assert ticket.quote is not None
        assert (ticket.points, ticket.quote.discount.minor) == (1000, discount)
        assert all(isinstance(till.look_up(effect), Applied | AlreadyApplied) for effect in effects)
        stage.settle()
        assert stage.books(found.member.member_id).spendable == main
        assert stage.failures() == []
    finally:
        backend.close()


def test_a_till_finer_than_the_project_is_refused(running: RunningStandIn) -> None:
    stage = stage_with(running, Money(5000, Currency("USD", 3)))
    with pytest.raises(KnownError, match="decimals"):
        stage.open()


@pytest.mark.parametrize(("ratio", "block", "worth"), [("0.5", 10, 50), ("0.125", 20, 25), ("2", 10, 200)])
def test_points_are_used_in_blocks_worth_whole_cents(
    running: RunningStandIn,
    stage: StandInStage,
    backend: LoyaltyBackend,
    ratio: str,
    block: int,
    worth: int,
) -> None:
    running.switch("exchange ratio", ratio)
    found = served(stage, backend)
    offers = backend.options(found.member.member_id, bill_of(stage.bill))
    assert isinstance(offers, Offers)
    [rule] = offers.redemption
    assert (rule.rule_id, rule.conversion.points) == (COIN, block)
    assert rule.conversion.value == Decimal(worth).scaleb(-2)
    ticket, _ = PretendTill(backend).sell(found, stage.bill)
    assert ticket.points % block == 0


def test_an_estimate_is_redeemed_as_the_reward_it_is_of(running: RunningStandIn) -> None:
    """Points used offline, by the settings' ratio, name the reward that Voucherify knows."""
    stage = stage_with(running, coin_reward=COIN, points_ratio=10, exchange_ratio="1")
    backend = stage.open()
    try:
        [rule] = backend.program().redemption
        assert (rule.rule_id, rule.conversion.points, rule.conversion.value) == (COIN, 10, 1)
        found, till = served(stage, backend), PretendTill(backend)
        hold = till.hold(till.quoted(found, stage.bill))
        offline = replace(hold, offline=True, member_id="", identified_by=f"phone:{ASHA.phone}")
        booked = till.post(replace(offline, rule_id=rule.rule_id))
        capture = replace(offline, kind=EffectKind.CAPTURE, key=hold.key.replace("reserve", "capture"))
        till.post(replace(capture, reservation=booked.reference))
        assert stage.books(found.member.member_id).spendable == 500
    finally:
        backend.close()


def test_rewards_of_a_fixed_price_are_handed_over(stage: StandInStage, backend: LoyaltyBackend) -> None:
    found, till = served(stage, backend), PretendTill(backend)
    offers = backend.options(found.member.member_id, bill_of(stage.bill))
    assert isinstance(offers, Offers)
    assert [reward.reward_id for reward in offers.rewards] == [TOTE]
    assert COUPON not in repr(offers)
    quoted = till.quoted(found, stage.bill, TakeNothing())
    hold = replace(till.hold(quoted), reward_id=TOTE, points=Decimal(150))
    booked = till.post(hold)
    assert stage.books(found.member.member_id).held == 150
    capture = replace(hold, kind=EffectKind.CAPTURE, key=hold.key.replace("reserve", "capture"))
    till.post(replace(capture, reservation=booked.reference))
    assert stage.books(found.member.member_id).spendable == 850
    assert isinstance(till.look_up(hold), Unknown)


def test_fractions_of_points_are_refused(stage: StandInStage, backend: LoyaltyBackend) -> None:
    till, effect = first(stage, backend)
    assert isinstance(till.send(replace(effect, points=Decimal("0.5"))), Refused)


# Settings.
@pytest.mark.parametrize(
    ("settings", "part"),
    [
        ({"campaign": "lprg_1a2b3c4d5e"}, "loyalty v2"),
        ({"campaign": CAMPAIGN, "loyalty_api": "v2"}, "loyalty v2"),
        ({"campaign": CAMPAIGN, "loyalty_api": "v3"}, "loyalty_api"),
        ({"campaign": ""}, "campaign"),
        ({"campaign": "../etc"}, "campaign"),
        ({"campaign": CAMPAIGN, "customer_id_is": "fax"}, "customer_id_is"),
        ({"campaign": CAMPAIGN, "hold_minutes": 0}, "hold_minutes"),
        ({"campaign": CAMPAIGN, "decimals": 9}, "decimals"),
        ({"campaign": CAMPAIGN, "coin_reward": "points"}, "coin_reward"),
        ({"campaign": CAMPAIGN, "coin_reward": COIN}, "points_ratio"),
        ({"campaign": CAMPAIGN, "coin_reward": COIN, "points_ratio": 10}, "exchange_ratio"),
        ({"campaign": CAMPAIGN, "coin_reward": COIN, "points_ratio": 1, "exchange_ratio": "0.0"}, "exchange"),
    ],
)
def test_settings_that_make_no_sense_are_one_sentence(settings: dict[str, Any], part: str) -> None:
    with pytest.raises(KnownError, match=part) as error:
        VoucherifyRules(VoucherifySettings(**settings))
    assert error.value.sentence.startswith("backend.settings.")
    assert error.value.sentence.endswith(".")


def test_an_id_of_another_system_is_no_member_id(backend: LoyaltyBackend) -> None:
    with pytest.raises(ValueError, match="legacy"):
        backend.refresh("lmbr_2b3c4d5e6f")


def test_the_kind_says_what_v2_is() -> None:
    assert any("loyalty v2" in sentence for sentence in KIND.know)


def test_the_probe_names_the_currency_it_cannot_see(backend: LoyaltyBackend) -> None:
    assert any("USD" in remark for remark in backend.probe().remarks)
