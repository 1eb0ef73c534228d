"""What may be redeemed offline: nothing by default, and never above any limit, whatever the sequence."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from cashier_app.domain.offline_policy import (
    DENIED_AFTER_LOSS,
    NO_OFFLINE,
    OfflineAllowed,
    OfflineCase,
    OfflineDenied,
    OfflineMode,
    OfflinePolicy,
    OfflineRecord,
    Proof,
    WhyNotOffline,
    offline_allowance,
)

NOW = datetime(2026, 11, 20, 9, 2, tzinfo=UTC)
FLOOR = OfflinePolicy(
    mode=OfflineMode.FLOOR, per_redemption=500, per_member=1, open_at_till=10_000, manager_over=200
)
CASE = OfflineCase(Proof.CODE, NOW - timedelta(hours=1), NOW, OfflineRecord())


def moments(days: int) -> st.SearchStrategy[datetime]:
    """Return times up to so many days before now, and some after it."""
    return st.timedeltas(timedelta(days=-days), timedelta(days=2)).map(lambda after: NOW + after)


policies = st.builds(
    OfflinePolicy,
    mode=st.sampled_from(OfflineMode),
    per_redemption=st.integers(-5, 1000),
    per_member=st.integers(0, 3),
    open_at_till=st.integers(0, 3000),
    balance_age=st.timedeltas(timedelta(0), timedelta(days=3)),
    manager_over=st.integers(0, 500),
    proof=st.sampled_from(Proof),
)
records = st.builds(
    OfflineRecord,
    open_at_till=st.integers(0, 4000),
    by_member=st.integers(0, 4),
    last_loss=st.none() | moments(80),
)
cases = st.builds(
    OfflineCase,
    proof=st.sampled_from(Proof),
    as_of=moments(5),
    now=st.just(NOW),
    record=st.none() | records,
)


def why_not(policy: OfflinePolicy, case: OfflineCase) -> WhyNotOffline:
    answer = offline_allowance(policy, case)
    assert isinstance(answer, OfflineDenied)
    return answer.because


@given(cases)
def test_nothing_is_allowed_unless_the_shop_says_so(case: OfflineCase) -> None:
    assert why_not(NO_OFFLINE, case) is WhyNotOffline.DENIED
    assert why_not(OfflinePolicy(mode=OfflineMode.FLOOR), case) is WhyNotOffline.DENIED


@given(policies, cases)
def test_what_is_allowed_is_within_every_limit(policy: OfflinePolicy, case: OfflineCase) -> None:
    answer = offline_allowance(policy, case)
    if isinstance(answer, OfflineAllowed):
        record = case.record
        assert record is not None
        assert policy.mode is OfflineMode.FLOOR
        assert 0 < answer.most <= policy.per_redemption
        assert record.open_at_till + answer.most <= policy.open_at_till
        assert record.by_member < policy.per_member
        assert case.proof >= policy.proof
        assert case.proof is not Proof.TYPED
        assert case.now - case.as_of <= policy.balance_age
        assert record.last_loss is None or case.now >= record.last_loss + DENIED_AFTER_LOSS


@given(
    policies, st.lists(st.tuples(st.sampled_from("abc"), st.integers(1, 1000), st.booleans()), max_size=40)
)
def test_what_is_open_never_exceeds_the_total(
    policy: OfflinePolicy, tries: list[tuple[str, int, bool]]
) -> None:
    """Over any sequence of members, wishes and confirmations."""
    open_uses: list[tuple[str, int]] = []
    for member, wish, confirmed in tries:
        if confirmed and open_uses:
            open_uses.pop(0)
        record = OfflineRecord(
            sum(minor for _, minor in open_uses), sum(who == member for who, _ in open_uses)
        )
        case = OfflineCase(Proof.ROTATING_CODE, NOW, NOW, record)
        answer = offline_allowance(policy, case)
        if isinstance(answer, OfflineAllowed):
            open_uses.append((member, min(wish, answer.most)))
        assert sum(minor for _, minor in open_uses) <= max(policy.open_at_till, 0)
        assert all(sum(who == one for who, _ in open_uses) <= policy.per_member for one in "abc")


def test_the_floor_allows_its_sum() -> None:
    assert offline_allowance(FLOOR, CASE) == OfflineAllowed(500)


def test_what_is_left_at_the_till_may_be_less() -> None:
    record = OfflineRecord(open_at_till=9_700)
    assert offline_allowance(FLOOR, replace(CASE, record=record)) == OfflineAllowed(300)


@pytest.mark.parametrize(
    ("case", "because"),
    [
        (replace(CASE, proof=Proof.TYPED), WhyNotOffline.NOT_PROVEN),
        (replace(CASE, as_of=NOW - timedelta(hours=24, seconds=1)), WhyNotOffline.BALANCE_TOO_OLD),
        (replace(CASE, as_of=NOW + timedelta(hours=1)), WhyNotOffline.BALANCE_TOO_OLD),
        (replace(CASE, record=None), WhyNotOffline.NOT_LOOKED_UP),
        (replace(CASE, record=OfflineRecord(by_member=1)), WhyNotOffline.USED_BEFORE),
        (replace(CASE, record=OfflineRecord(open_at_till=10_000)), WhyNotOffline.TILL_IS_FULL),
        (replace(CASE, record=OfflineRecord(last_loss=NOW)), WhyNotOffline.AFTER_A_LOSS),
    ],
)
def test_every_reason_is_said(case: OfflineCase, because: WhyNotOffline) -> None:
    assert why_not(FLOOR, case) is because


def test_a_loss_is_forgotten_after_thirty_days_and_not_before() -> None:
    loss = OfflineRecord(last_loss=NOW - DENIED_AFTER_LOSS)
    assert offline_allowance(FLOOR, replace(CASE, record=loss)) == OfflineAllowed(500)
    later = OfflineRecord(last_loss=NOW - DENIED_AFTER_LOSS + timedelta(seconds=1))
    answer = offline_allowance(FLOOR, replace(CASE, record=later))
    assert answer == OfflineDenied(WhyNotOffline.AFTER_A_LOSS, NOW + timedelta(seconds=1))


def test_a_shop_may_ask_for_a_code_that_changes() -> None:
    assert why_not(replace(FLOOR, proof=Proof.ROTATING_CODE), CASE) is WhyNotOffline.NOT_PROVEN


def test_what_is_typed_is_never_enough_even_where_a_policy_says_so() -> None:
    lenient = replace(FLOOR, proof=Proof.TYPED)
    assert why_not(lenient, replace(CASE, proof=Proof.TYPED)) is WhyNotOffline.NOT_PROVEN


def test_a_manager_is_asked_above_the_sum_only() -> None:
    assert not FLOOR.asks_manager(200)
    assert FLOOR.asks_manager(201)
