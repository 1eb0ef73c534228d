"""What a scan means while the till is doing something else."""

from __future__ import annotations

import logging

import pytest

from cashier_app.domain.choice import TakeMaximum
from cashier_app.domain.identifier import NotRecognised, Unrecognised
from cashier_app.domain.member import Way
from cashier_app.domain.outcome import CodeTooOld
from cashier_app.errors import KnownError
from cashier_app.services import account_reading, identification
from cashier_app.services.till_view import Failed, LookingUp, Nobody, NoticeKind, Step, TillView
from tests.fakes.counter import PRIYAS_CODE, RAHULS_CODE, STRANGERS_CODE, Counter
from tests.fakes.failures import failing
from tests.fakes.keys import (
    CARD,
    PRODUCT,
    Key,
    at_bill,
    at_choosing,
    at_done,
    at_empty_bill,
    at_idle,
    at_partial,
    at_pay,
    at_problem,
    at_reward,
    choice,
    discount,
    name,
    notice,
    serve_slowly,
    step,
    summary,
    texts_in,
)
from tests.fakes.runner import SteppedRunner
from tests.fakes.shop import rupees


# Stray scans.
def test_while_looking_up_the_newest_scan_wins_in_whatever_order_answers_come(
    slow: Counter, runner: SteppedRunner
) -> None:
    slow.session.scan(PRIYAS_CODE)
    slow.session.scan(RAHULS_CODE)
    late = runner.answer_later(0)
    runner.run_all()
    assert name(slow) == "Rahul Deshpande"
    late()
    assert name(slow) == "Rahul Deshpande"


def test_an_answer_for_a_customer_who_left_is_thrown_away(slow: Counter, runner: SteppedRunner) -> None:
    slow.session.scan(PRIYAS_CODE)
    assert slow.view.person == LookingUp("", Way.WALLET_CODE)
    slow.session.back()
    runner.run_all()
    assert step(slow) is Step.IDLE
    assert isinstance(slow.view.person, Nobody)


def test_a_bill_typed_ahead_is_kept_and_quoted(slow: Counter, runner: SteppedRunner) -> None:
    slow.session.scan(PRIYAS_CODE)
    slow.type("2360")
    slow.press_enter()
    assert step(slow) is Step.LOOKING_UP
    runner.run_all()
    assert discount(slow) == rupees(200)


@pytest.mark.parametrize("place", [at_idle, at_done, at_problem])
def test_a_scan_starts_a_look_up(counter: Counter, place: Key) -> None:
    place(counter)
    counter.session.scan(RAHULS_CODE)
    assert name(counter) == "Rahul Deshpande"
    assert counter.view.bill.is_empty
    assert counter.view.finished is None


def test_a_member_without_a_bill_is_switched_at_once(counter: Counter) -> None:
    counter.session.scan(PRIYAS_CODE)
    counter.session.scan(RAHULS_CODE)
    assert name(counter) == "Rahul Deshpande"
    assert counter.view.notice is not None
    assert (counter.view.notice.kind, counter.view.notice.name) == (NoticeKind.SWITCHED, "Rahul")


@pytest.mark.parametrize("place", [at_empty_bill, at_bill, at_partial])
@pytest.mark.parametrize("code", [PRIYAS_CODE, "LR1:priya0001:aaaa"])
def test_the_same_member_again_is_already_here(counter: Counter, place: Key, code: str) -> None:
    place(counter)
    before = summary(counter.view)
    counter.clock.advance(identification.SAME_SCAN_SECONDS)
    counter.session.scan(code)
    assert notice(counter) is NoticeKind.ALREADY_HERE
    assert summary(counter.view) == before


@pytest.mark.parametrize("place", [at_bill, at_reward, at_partial])
def test_another_member_is_offered_and_f3_takes_them_with_the_bill(counter: Counter, place: Key) -> None:
    place(counter)
    before = summary(counter.view)
    counter.session.scan(RAHULS_CODE)
    assert counter.view.notice is not None
    assert (counter.view.notice.kind, counter.view.notice.name) == (NoticeKind.SWITCH_OFFERED, "Rahul")
    assert summary(counter.view) == before
    counter.session.another_member()
    assert name(counter) == "Rahul Deshpande"
    assert counter.view.bill.money == rupees(2360)
    assert choice(counter) == TakeMaximum(), "the choice was the other member's"
    assert counter.view.discount_entry is None
    assert counter.view.notice is None


def test_esc_declines_a_switch_and_does_nothing_else(counter: Counter) -> None:
    at_partial(counter)
    before = summary(counter.view)
    counter.session.scan(RAHULS_CODE)
    counter.session.back()
    assert summary(counter.view) == before
    assert counter.view.notice is None
    counter.session.back()
    assert step(counter) is Step.BILL


def test_a_switch_nobody_answers_lapses(counter: Counter) -> None:
    at_bill(counter)
    counter.session.scan(RAHULS_CODE)
    counter.clock.advance(identification.SWITCH_SECONDS - 1)
    counter.session.tick()
    assert notice(counter) is NoticeKind.SWITCH_OFFERED
    counter.clock.advance(1)
    counter.session.tick()
    assert counter.view.notice is None
    counter.session.another_member()
    assert isinstance(counter.view.person, Nobody), "F3 now asks for another scan"


def test_a_switch_is_forgotten_once_the_offer_is_accepted(counter: Counter) -> None:
    at_reward(counter)
    counter.session.scan(RAHULS_CODE)
    counter.press_enter()
    assert step(counter) is Step.PAY
    counter.session.back()
    assert (step(counter), name(counter)) == (Step.REWARD, "Priya Raghunathan")
    counter.session.another_member()
    assert isinstance(counter.view.person, Nobody)


def test_a_customer_added_to_a_sale_without_a_member_is_offered(counter: Counter) -> None:
    counter.session.without_member()
    counter.type("2360")
    counter.session.scan(PRIYAS_CODE)
    counter.session.another_member()
    assert name(counter) == "Priya Raghunathan"
    assert discount(counter) == rupees(200)


def test_a_strangers_code_beside_a_bill_changes_nothing(counter: Counter) -> None:
    at_bill(counter)
    before = summary(counter.view)
    counter.session.scan(STRANGERS_CODE)
    assert summary(counter.view) == before
    assert notice(counter) is NoticeKind.NOT_A_LOYALTY_CODE


@pytest.mark.parametrize("code", [RAHULS_CODE, PRODUCT, CARD])
def test_while_paying_no_scan_is_used(counter: Counter, code: str) -> None:
    at_pay(counter)
    before = summary(counter.view)
    counter.session.scan(code)
    assert summary(counter.view) == before
    assert notice(counter) is NoticeKind.SCAN_NOT_USED
    counter.press_enter()
    assert step(counter) is Step.DONE


@pytest.mark.parametrize("place", [at_idle, at_done, at_problem, at_choosing])
def test_a_product_code_is_nobody(counter: Counter, place: Key) -> None:
    place(counter)
    counter.session.scan(PRODUCT)
    assert counter.view.person == Unrecognised(NotRecognised.PRODUCT_CODE)
    assert counter.view.bill.is_empty


@pytest.mark.parametrize("place", [at_empty_bill, at_bill, at_partial])
def test_a_product_code_beside_a_member_changes_nothing(counter: Counter, place: Key) -> None:
    place(counter)
    before = summary(counter.view)
    counter.session.scan(PRODUCT)
    assert summary(counter.view) == before
    assert notice(counter) is NoticeKind.NOT_A_LOYALTY_CODE


def test_a_stray_code_does_not_end_a_look_up(slow: Counter, runner: SteppedRunner) -> None:
    slow.session.scan(PRIYAS_CODE)
    slow.session.scan(PRODUCT)
    assert step(slow) is Step.LOOKING_UP
    runner.run_all()
    assert name(slow) == "Priya Raghunathan"


@pytest.mark.parametrize("seconds", [0, 2.9])
def test_a_double_scan_is_one(counter: Counter, seconds: float) -> None:
    counter.session.scan(PRIYAS_CODE)
    before = counter.view
    counter.clock.advance(seconds)
    counter.session.scan(PRIYAS_CODE)
    assert counter.view == before


def test_a_code_held_before_the_camera_stays_one(counter: Counter) -> None:
    for _ in range(20):
        counter.session.scan(STRANGERS_CODE)
        counter.clock.advance(1)
    before = counter.view
    counter.session.scan(STRANGERS_CODE)
    assert counter.view == before


def test_after_esc_the_same_code_counts_at_once(counter: Counter) -> None:
    counter.session.scan(PRIYAS_CODE)
    counter.session.back()
    counter.session.scan(PRIYAS_CODE)
    assert name(counter) == "Priya Raghunathan"


def test_a_code_that_ran_out_asks_for_another_scan(counter: Counter) -> None:
    counter.backend.too_old.add("wallet:LR1:priya0001:aaaa")
    counter.session.scan("LR1:priya0001:aaaa")
    assert isinstance(counter.view.person, CodeTooOld)
    assert counter.view.clears_after == 30


# Payment cards.
def shows_card(text: str) -> bool:
    """Say whether half of the card's number stands there; four digits may stand in any sale id."""
    return CARD[:8] in text.replace(" ", "")


def test_a_card_would_be_seen() -> None:
    assert shows_card("read 4111 1111 1111")


@pytest.mark.parametrize("place", [at_idle, at_empty_bill, at_bill, at_pay, at_done, at_problem, at_choosing])
@pytest.mark.parametrize(
    "text", [CARD, f";{CARD}=25121010000?", f"%B{CARD}^A/B^2512?", "4111 1111 1111 1111"]
)
def test_a_payment_card_stays_nowhere(
    counter: Counter, place: Key, text: str, caplog: pytest.LogCaptureFixture
) -> None:
    place(counter)
    seen: list[TillView] = []
    counter.session.subscribe(seen.append)
    with caplog.at_level(logging.DEBUG):
        counter.session.scan(text)
    everything = [one for view in seen for one in texts_in(view)] + [caplog.text]
    everything.append(repr(vars(counter.session._identification)))
    everything.append(repr(counter.backend.sent))
    assert not [one for one in everything if shows_card(one)]


def test_a_typed_payment_card_is_gone_with_enter(counter: Counter) -> None:
    counter.type(CARD)
    counter.press_enter()
    assert counter.view.person == Unrecognised(NotRecognised.PAYMENT_CARD)
    assert not [text for text in texts_in(counter.view) if shows_card(text)]


# Failing look-ups.
def test_a_database_that_fails_is_said_where_the_member_would_be(
    counter: Counter, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(counter.journal, "recall", failing(KnownError("The sales database is damaged.")))
    counter.session.scan(PRIYAS_CODE)
    assert counter.view.person == Failed("The sales database is damaged.")


@pytest.mark.expects_log("a look-up met a bug")
def test_a_bug_in_a_look_up_is_said_and_logged(counter: Counter, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(counter.backend, "find", failing(ZeroDivisionError()))
    counter.session.scan(PRIYAS_CODE)
    assert counter.view.person == Failed(account_reading.BUG_SENTENCE)


@pytest.mark.parametrize("method", ["find", "refresh"])
def test_a_failure_beside_a_member_leaves_the_member(
    counter: Counter, monkeypatch: pytest.MonkeyPatch, method: str
) -> None:
    at_partial(counter)
    before = summary(counter.view)
    monkeypatch.setattr(counter.backend, method, failing(KnownError("It does not work.")))
    counter.session.scan(RAHULS_CODE)
    counter.session.refresh_account()
    assert summary(counter.view) == before
    assert counter.view.trouble == "It does not work."


@pytest.mark.parametrize("method", ["find", "refresh"])
def test_a_failure_that_comes_while_paying_is_not_shown(
    slow: Counter, runner: SteppedRunner, monkeypatch: pytest.MonkeyPatch, method: str
) -> None:
    serve_slowly(slow, runner)
    monkeypatch.setattr(slow.backend, method, failing(KnownError("It does not work.")))
    slow.session.scan(RAHULS_CODE) if method == "find" else slow.session.refresh_account()
    late = runner.answer_later(0)
    slow.press_enter(2)
    runner.run_all()
    late()
    assert (step(slow), slow.view.trouble) == (Step.PAY, "")
