"""The contract suite means something: adapters with a planted bug do not pass it."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from msgspec.structs import replace

from cashier_app.backends.contract import ContractBackend
from cashier_app.backends.contract_kind import KIND
from cashier_app.domain.bill import Bill
from cashier_app.domain.enrolment import AlreadyMember, Enrolled, EnrolmentAnswer, NewMember
from cashier_app.domain.identifier import Identifier
from cashier_app.domain.money import Currency, Money
from cashier_app.domain.outcome import (
    AlreadyApplied,
    Applied,
    Booked,
    Lookup,
    NoSuchMember,
    NotApplied,
    Outcome,
    Reconciled,
    Refused,
    RefusedBecause,
    RetryLater,
    Unknown,
    Unreachable,
)
from cashier_app.domain.sale import Effect, EffectKind
from cashier_app.domain.vouchers import VoucherAnswer, VoucherRefused, WhyNoVoucher
from cashier_app.ports.loyalty import LoyaltyBackend
from cashier_app.testing.backend_contract import BackendContract
from cashier_app.testing.running import RunningStandIn
from cashier_app.testing.stage import StandInStage
from cashier_app.testing.stand_ins.faults import StagedFault, Trouble

SUITE = BackendContract()


@pytest.fixture(scope="module")
def running() -> Iterator[RunningStandIn]:
    with RunningStandIn("contract") as stand_in:
        yield stand_in


@pytest.fixture
def stage(running: RunningStandIn) -> StandInStage:
    bill = Money(236000, Currency("INR", 2))
    return StandInStage(running, KIND, bill, points=1240, shares_phones=True)


@pytest.fixture
def backend(stage: StandInStage) -> Iterator[LoyaltyBackend]:
    opened = stage.open()
    yield opened
    opened.close()


def taken_for_nobody(backend: ContractBackend, patch: pytest.MonkeyPatch) -> None:
    find = backend.find

    def found(identifier: Identifier) -> Lookup:
        answer = find(identifier)
        return NoSuchMember() if isinstance(answer, Unreachable) else answer

    patch.setattr(backend, "find", found)


def doubt_taken_for_refusal(backend: ContractBackend, patch: pytest.MonkeyPatch) -> None:
    apply = backend.apply

    def applied(effect: Effect) -> Outcome:
        outcome = apply(effect)
        return RetryLater() if isinstance(outcome, Unknown) else outcome

    patch.setattr(backend, "apply", applied)


def doubt_taken_for_done(backend: ContractBackend, patch: pytest.MonkeyPatch) -> None:
    apply = backend.apply

    def applied(effect: Effect) -> Outcome:
        outcome = apply(effect)
        return Applied(Booked("surely")) if isinstance(outcome, Unknown) else outcome

    patch.setattr(backend, "apply", applied)


def a_new_name_for_each_attempt(backend: ContractBackend, patch: pytest.MonkeyPatch) -> None:
    apply, count = backend.apply, iter(range(2, 1000))

    def applied(effect: Effect) -> Outcome:
        return apply(replace(effect, key=f"{effect.key[:-1]}{next(count)}"))

    patch.setattr(backend, "apply", applied)


def never_found_again(backend: ContractBackend, patch: pytest.MonkeyPatch) -> None:
    def reconciled(_: Effect) -> Reconciled:
        return NotApplied()

    patch.setattr(backend, "reconcile", reconciled)


def points_taken_twice(backend: ContractBackend, patch: pytest.MonkeyPatch) -> None:
    apply = backend.apply

    def applied(effect: Effect) -> Outcome:
        if effect.kind is EffectKind.SALE:
            effect = replace(effect, points=effect.points * 2)
        return apply(effect)

    patch.setattr(backend, "apply", applied)


def link_in_doubt_taken_for_refusal(backend: ContractBackend, patch: pytest.MonkeyPatch) -> None:
    link = backend.link

    def linked(effect: Effect) -> Outcome:
        outcome = link(effect)
        return Refused(RefusedBecause.UNKNOWN_SALE) if isinstance(outcome, Unknown) else outcome

    patch.setattr(backend, "link", linked)


def linked_whoever_has_it(backend: ContractBackend, patch: pytest.MonkeyPatch) -> None:
    link = backend.link

    def linked(effect: Effect) -> Outcome:
        outcome = link(effect)
        return AlreadyApplied(Booked("surely")) if isinstance(outcome, Refused) else outcome

    patch.setattr(backend, "link", linked)


def voucher_never_named(backend: ContractBackend, patch: pytest.MonkeyPatch) -> None:
    apply = backend.apply
    patch.setattr(backend, "apply", lambda effect: apply(replace(effect, voucher="")))


def consent_forgotten(backend: ContractBackend, patch: pytest.MonkeyPatch) -> None:
    enrol = backend.enrol
    patch.setattr(backend, "enrol", lambda new: enrol(replace(new, consent=None)))


def referral_forgotten(backend: ContractBackend, patch: pytest.MonkeyPatch) -> None:
    enrol = backend.enrol
    patch.setattr(backend, "enrol", lambda new: enrol(replace(new, referral="")))


def always_somebody_new(backend: ContractBackend, patch: pytest.MonkeyPatch) -> None:
    enrol = backend.enrol

    def enrolled(new: NewMember) -> EnrolmentAnswer:
        answer = enrol(new)
        return Enrolled(answer.found) if isinstance(answer, AlreadyMember) else answer

    patch.setattr(backend, "enrol", enrolled)


def merged_the_wrong_way_round(backend: ContractBackend, patch: pytest.MonkeyPatch) -> None:
    ask = backend.ask_to_merge

    def asked(effect: Effect) -> Outcome:
        return ask(replace(effect, member_id=effect.other_member_id, other_member_id=effect.member_id))

    patch.setattr(backend, "ask_to_merge", asked)


def silence_taken_for_a_bad_voucher(backend: ContractBackend, patch: pytest.MonkeyPatch) -> None:
    check = backend.check_voucher

    def checked(code: str, member_id: str, bill: Bill) -> VoucherAnswer:
        answer = check(code, member_id, bill)
        return VoucherRefused(WhyNoVoucher.UNKNOWN) if isinstance(answer, Unreachable) else answer

    patch.setattr(backend, "check_voucher", checked)


def claimed_by_whoever_asks(backend: ContractBackend, patch: pytest.MonkeyPatch) -> None:
    apply = backend.apply

    def applied(effect: Effect) -> Outcome:
        outcome = apply(effect)
        refused = isinstance(outcome, Refused) and effect.claimed
        return Applied(Booked("again")) if refused else outcome

    patch.setattr(backend, "apply", applied)


def never_says_whose_it_is(backend: ContractBackend, patch: pytest.MonkeyPatch) -> None:
    reconcile = backend.reconcile

    def looked_up(effect: Effect) -> Reconciled:
        found = reconcile(effect)
        anonymous = isinstance(found, AlreadyApplied) and not effect.member_id
        return AlreadyApplied(replace(found.booked, member_id="")) if anonymous else found

    patch.setattr(backend, "reconcile", looked_up)


def returned_again_and_again(backend: ContractBackend, patch: pytest.MonkeyPatch) -> None:
    apply = backend.apply

    def applied(effect: Effect) -> Outcome:
        outcome = apply(effect)
        return Applied(Booked("back")) if isinstance(outcome, Refused) else outcome

    patch.setattr(backend, "apply", applied)


Bug = Callable[[ContractBackend, pytest.MonkeyPatch], None]
CAUGHT_BY: list[tuple[Bug, str]] = [
    (doubt_taken_for_refusal, "test_a_lost_answer_is_looked_up"),
    (doubt_taken_for_done, "test_a_lost_answer_is_looked_up"),
    (doubt_taken_for_refusal, "test_a_lost_answer_to_a_return_is_looked_up"),
    (never_found_again, "test_a_lost_answer_to_a_release_is_looked_up"),
    (a_new_name_for_each_attempt, "test_each_effect_is_found_again_and_never_doubled"),
    (never_found_again, "test_each_effect_is_found_again_and_never_doubled"),
    (points_taken_twice, "test_what_the_till_expects_to_be_earned_is_earned"),
    (link_in_doubt_taken_for_refusal, "test_a_link_whose_answer_is_lost"),
    (never_found_again, "test_a_link_whose_answer_is_lost"),
    (linked_whoever_has_it, "test_a_sale_is_linked_to_one_member_only"),
    (linked_whoever_has_it, "test_a_sale_nobody_told_is_not_linked"),
    (never_found_again, "test_a_sale_of_nobodys_earns_once_it_is_linked"),
    (voucher_never_named, "test_a_voucher_is_used_by_the_sale_that_names_it"),
    (doubt_taken_for_refusal, "test_a_sale_with_a_voucher_whose_answer_is_lost"),
    (silence_taken_for_a_bad_voucher, "test_what_a_voucher_gives_and_why_not"),
    (consent_forgotten, "test_what_a_customer_agreed_to_is_kept"),
    (referral_forgotten, "test_a_new_member_comes_with_the_code_they_were_given"),
    (always_somebody_new, "test_a_phone_number_that_is_a_members_makes_nobody"),
    (merged_the_wrong_way_round, "test_two_records_are_said_to_be_of_one_person_once"),
    (claimed_by_whoever_asks, "test_a_sale_claimed_late_is_one_members_only"),
    (never_says_whose_it_is, "test_a_sale_claimed_late_is_known_by_its_key_alone"),
    (returned_again_and_again, "test_more_than_was_sold_never_comes_back"),
]


@pytest.mark.parametrize(("bug", "test"), CAUGHT_BY)
def test_a_planted_bug_does_not_pass(
    stage: StandInStage, backend: ContractBackend, monkeypatch: pytest.MonkeyPatch, bug: Bug, test: str
) -> None:
    getattr(SUITE, test)(stage, backend)
    bug(backend, monkeypatch)
    stage._running.reset()
    with pytest.raises(AssertionError):
        getattr(SUITE, test)(stage, backend)


def test_silence_taken_for_nobody_does_not_pass(stage: StandInStage, monkeypatch: pytest.MonkeyPatch) -> None:
    opened = stage.open

    def sabotaged(**more: object) -> LoyaltyBackend:
        backend = opened(**more)  # type: ignore[arg-type]
        assert isinstance(backend, ContractBackend)
        taken_for_nobody(backend, monkeypatch)
        return backend

    fault = StagedFault(trouble=Trouble.STATUS, status=500, writes_only=False, times=9)
    SUITE.test_no_answer_is_never_taken_for_nobody(stage, fault)
    monkeypatch.setattr(stage, "open", sabotaged)
    stage._running.reset()
    with pytest.raises(AssertionError):
        SUITE.test_no_answer_is_never_taken_for_nobody(stage, fault)


def test_what_the_document_does_not_allow_is_remembered(stage: StandInStage, backend: LoyaltyBackend) -> None:
    assert stage.failures() == []
    assert isinstance(backend, ContractBackend)
    backend._http.post("/v1/members/find", {"phone": 98450}, seconds=5)
    (failure,) = stage.failures()
    assert "POST /v1/members/find: the request is not as documented" in failure
