"""Discount vouchers at Voucherify: what its words mean, and answers that make no sense."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from msgspec.structs import replace

from cashier_app.backends.voucherify.kind import KIND
from cashier_app.domain.bill import bill_of
from cashier_app.domain.choice import TakeNothing
from cashier_app.domain.money import Currency, Money
from cashier_app.domain.outcome import (
    AlreadyApplied,
    NotApplied,
    Refused,
    RefusedBecause,
    RetryLater,
    Unreachable,
)
from cashier_app.domain.program.rewards import AmountOff
from cashier_app.domain.sale import ReturnReason
from cashier_app.domain.vouchers import VoucherOffer, VoucherRefused, WhyNoVoucher
from cashier_app.ports.loyalty import LoyaltyBackend
from cashier_app.testing.people import StagedVoucher
from cashier_app.testing.pretend_till import PretendTill
from cashier_app.testing.running import RunningStandIn
from cashier_app.testing.stage import StandInStage
from cashier_app.testing.stand_ins.voucherify_books import CAMPAIGN
from cashier_app.testing.suite_selling import served

BILL = Money(236000, Currency("INR", 2))
OFF = Money(5000, Currency("INR", 2))


@pytest.fixture(scope="module")
def running() -> Iterator[RunningStandIn]:
    with RunningStandIn("voucherify") as stand_in:
        yield stand_in


@pytest.fixture
def stage(running: RunningStandIn) -> StandInStage:
    return StandInStage(running, KIND, BILL, points=2000, settings={"campaign": CAMPAIGN})


@pytest.fixture
def backend(stage: StandInStage) -> Iterator[LoyaltyBackend]:
    opened = stage.open()
    yield opened
    opened.close()


@pytest.mark.parametrize(
    ("error", "because"),
    [
        ("400 quantity_exceeded", WhyNoVoucher.USED),
        ("400 voucher_not_active", WhyNoVoucher.NOT_YET),
        ("400 customer_rules_violated", WhyNoVoucher.OTHER_MEMBER),
        ("400 order_rules_violated", WhyNoVoucher.NOT_ALLOWED),
        ("400 something_new", WhyNoVoucher.NOT_ALLOWED),
        ("404 not_found", WhyNoVoucher.UNKNOWN),
    ],
)
def test_what_a_refusal_means(
    running: RunningStandIn, stage: StandInStage, backend: LoyaltyBackend, error: str, because: WhyNoVoucher
) -> None:
    stage.add_voucher(StagedVoucher("MAY5", OFF.minor))
    running.switch("next error", error)
    answer = backend.check_voucher("MAY5", "", bill_of(BILL))
    assert isinstance(answer, VoucherRefused)
    assert answer.because is because


def test_an_offer_is_the_amount_on_this_bill(stage: StandInStage, backend: LoyaltyBackend) -> None:
    stage.add_voucher(StagedVoucher("MAY5", OFF.minor))
    offer = backend.check_voucher("MAY5", "", bill_of(BILL))
    assert isinstance(offer, VoucherOffer)
    assert isinstance(offer.reward, AmountOff)
    assert (offer.reward.value, offer.with_points) == (OFF.minor, False)
    small = backend.check_voucher("MAY5", "", bill_of(Money(3000, BILL.currency)))
    assert isinstance(small, VoucherOffer)
    assert isinstance(small.reward, AmountOff)
    assert small.reward.value == 3000
    for code in ("", "A" * 65, "MAY\n5"):
        assert backend.check_voucher(code, "", bill_of(BILL)) == VoucherRefused(WhyNoVoucher.UNKNOWN)


def test_a_card_is_no_voucher(stage: StandInStage, backend: LoyaltyBackend) -> None:
    found = served(stage, backend)
    code = "LC1:asha0001"
    assert isinstance(backend.check_voucher(code, found.member.member_id, bill_of(BILL)), VoucherRefused)


def test_silence_says_nothing_of_a_voucher(
    running: RunningStandIn, stage: StandInStage, backend: LoyaltyBackend
) -> None:
    stage.add_voucher(StagedVoucher("MAY5", OFF.minor))
    running.switch("next error", "401 unauthorized")
    assert isinstance(backend.check_voucher("MAY5", "", bill_of(BILL)), Unreachable)


@pytest.mark.parametrize(
    ("error", "kind"),
    [("400 voucher_disabled", Refused), ("402 payment_required", RetryLater)],
)
def test_a_voucher_that_went_meanwhile(
    running: RunningStandIn, stage: StandInStage, backend: LoyaltyBackend, error: str, kind: type
) -> None:
    stage.add_voucher(StagedVoucher("MAY5", OFF.minor))
    till, found = PretendTill(backend), served(stage, backend, 0)
    offer = backend.check_voucher("MAY5", found.member.member_id, bill_of(BILL))
    assert isinstance(offer, VoucherOffer)
    effect = till.with_voucher(till.quoted(found, BILL, TakeNothing()), offer, OFF)
    running.switch("next error", error)
    outcome = till.send(effect)
    assert isinstance(outcome, kind)
    assert not isinstance(outcome, Refused) or outcome.because is RefusedBecause.VOUCHER_GONE
    assert till.look_up(effect) == NotApplied()


@pytest.mark.parametrize(
    ("reason", "usable"),
    [(ReturnReason.RETURN, False), (ReturnReason.VOID, True), (ReturnReason.MOVED, True)],
)
def test_an_order_with_a_voucher_is_undone_whole(
    stage: StandInStage,
    backend: LoyaltyBackend,
    reason: ReturnReason,
    usable: bool,  # noqa: FBT001 - a parameter
) -> None:
    stage.add_voucher(StagedVoucher("MAY5", OFF.minor))
    till, found = PretendTill(backend), served(stage, backend, 0)
    member_id = found.member.member_id
    offer = backend.check_voucher("MAY5", member_id, bill_of(BILL))
    assert isinstance(offer, VoucherOffer)
    ticket = till.quoted(found, BILL, TakeNothing())
    effect = till.with_voucher(ticket, offer, OFF)
    till.post(effect)
    stage.settle()
    earned = stage.books(member_id).spendable
    assert earned > 0
    for back in backend.plan_refund(replace(till.returned(ticket, (effect,), earned), reason=reason)):
        assert till.look_up(back) == NotApplied()
        till.post(back)
        stage.settle()
        assert isinstance(till.look_up(back), AlreadyApplied)
    stage.settle()
    assert stage.books(member_id).spendable == 0
    assert isinstance(backend.check_voucher("MAY5", member_id, bill_of(BILL)), VoucherOffer) is usable
