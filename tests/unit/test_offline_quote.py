"""A quote while offline: the program's own, cut to what the shop's policy allows."""

from __future__ import annotations

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from cashier_app.domain.bill import bill_of
from cashier_app.domain.choice import Choice, TakeAmount, TakeMaximum, TakeNothing, TakePoints, TakeReward
from cashier_app.domain.member import Account
from cashier_app.domain.money import Money
from cashier_app.domain.offline_quote import offline_quote
from cashier_app.domain.quote import Quote, quote
from cashier_app.domain.reasons import CappedAmount, NeedsBill, NotOffline
from tests.fakes.any_quote import Case, cases
from tests.fakes.shop import COINS, OCCASION, PRIYA, rupees

ACCOUNT = Account(Decimal(1240), OCCASION.at)


def offer(choice: Choice, most: int = 150, bill: int = 2360) -> Quote:
    return offline_quote(COINS, PRIYA, ACCOUNT, bill_of(rupees(bill)), choice, OCCASION, rupees(most))


@given(cases(), st.integers(1, 5000))
def test_never_more_than_is_allowed_nor_than_online(case: Case, most: int) -> None:
    limit = Money(most, case.program.currency)
    asked = (case.program, case.member, case.account, case.bill, case.choice)
    answer = offline_quote(*asked, case.occasion, limit)
    assert answer.discount <= limit
    assert answer.discount <= answer.maximum <= limit
    assert not answer.rewards_taken
    assert all(option.refusal is not None for option in answer.rewards)
    assert answer.points_used <= max(case.account.balance, Decimal(0)) or not answer.points_used
    if answer.points_used or answer.discount:
        again = quote(
            *asked[:4], TakeAmount(answer.discount, answer.rule_id), replace(case.occasion, online=True)
        )
        assert (again.discount, again.points_used) == (answer.discount, answer.points_used), (
            "the backend agrees"
        )


def test_the_policy_binds_before_the_program() -> None:
    answer = offer(TakeMaximum())
    assert (answer.discount, answer.maximum, answer.points_used) == (rupees(150), rupees(150), Decimal(150))
    assert answer.limit == CappedAmount(rupees(150))
    assert answer.next_step is None


def test_the_program_binds_before_the_policy() -> None:
    answer = offer(TakeMaximum(), most=900)
    assert answer.discount == answer.maximum == rupees(200)


def test_a_smaller_amount_is_taken_as_typed_and_a_larger_one_is_lowered() -> None:
    assert offer(TakeAmount(rupees(40))).discount == rupees(40)
    assert offer(TakeAmount(rupees(199))).discount == rupees(150)
    assert offer(TakePoints(Decimal(60))).discount == rupees(60)
    assert offer(TakePoints(Decimal(190))).discount == rupees(150)


def test_nothing_may_be_taken_and_the_most_is_still_said() -> None:
    answer = offer(TakeNothing())
    assert not answer.discount
    assert answer.maximum == rupees(150)


def test_rewards_wait_for_the_backend() -> None:
    answer = offer(TakeReward("coffee"))
    assert isinstance(answer.choice_refusal, NotOffline)
    assert not answer.points_used
    assert isinstance(answer.rewards[0].refusal, NotOffline)


def test_the_programs_own_reason_is_said_first() -> None:
    assert isinstance(offer(TakeMaximum(), bill=300).refusal, NeedsBill)
