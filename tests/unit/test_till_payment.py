"""From an accepted offer to a committed sale, with the world failing on the way."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from msgspec.structs import replace

from cashier_app.domain.money import Currency
from cashier_app.domain.outcome import RefusedBecause
from cashier_app.domain.quote import TakeMaximum
from cashier_app.domain.reasons import NotOffline
from cashier_app.domain.sale import EffectKind
from cashier_app.errors import KnownError
from cashier_app.services import payment
from cashier_app.services.till_session import OTHER_CURRENCY
from cashier_app.services.till_view import (
    NoticeKind,
    Step,
    Target,
)
from tests.fakes.backend import HOLD, Fault
from tests.fakes.counter import PRIYAS_CODE, RAHULS_CODE, SETTINGS, Counter, with_currency
from tests.fakes.keys import (
    KEYS,
    at_bill,
    at_partial,
    at_pay,
    at_reward,
    balance_was,
    choice,
    discount,
    failing,
    name,
    notice,
    rupees,
    serve,
    step,
)
from tests.fakes.runner import SteppedRunner
from tests.fakes.shop import COINS


# The balance read again.
def test_f5_reads_the_balance_again_and_says_what_it_was(counter: Counter) -> None:
    at_partial(counter)
    counter.backend.members["m-1"].balance = Decimal(120)
    counter.session.refresh_account()
    assert discount(counter) == rupees(120)
    assert balance_was(counter) == Decimal(1240)


def test_f5_without_news_changes_nothing(counter: Counter) -> None:
    at_partial(counter)
    before = counter.view
    counter.session.refresh_account()
    assert counter.view == before


def test_an_answer_that_comes_while_paying_changes_no_accepted_offer(
    slow: Counter, runner: SteppedRunner
) -> None:
    slow.session.scan(PRIYAS_CODE)
    runner.run_all()
    slow.type("2360")
    slow.session.refresh_account()
    slow.backend.members["m-1"].balance = Decimal(1239)
    refreshed = runner.answer_later(0)
    slow.backend.members["m-1"].balance = Decimal(1240)
    slow.press_enter(2)
    runner.run_all()
    offered = slow.view.quote
    refreshed()
    assert slow.view.quote == offered
    slow.press_enter()
    runner.run_all()
    assert slow.journal.recent(1)[0].sale.points_expected == Decimal(21)


def test_a_switch_answered_while_paying_does_not_change_who_pays(
    slow: Counter, runner: SteppedRunner
) -> None:
    slow.session.scan(PRIYAS_CODE)
    runner.run_all()
    slow.session.scan(RAHULS_CODE)
    found = runner.answer_later(0)
    slow.type("2360")
    slow.press_enter(2)
    found()
    assert name(slow) == "Priya Raghunathan", "not while the hold is asked for either"
    runner.run_all()
    assert (step(slow), name(slow)) == (Step.PAY, "Priya Raghunathan")
    assert notice(slow) is None or notice(slow) is NoticeKind.SCAN_NOT_USED
    slow.press_enter()
    runner.run_all()
    slow.drain()
    assert slow.journal.recent(1)[0].sale.member_id == "m-1"
    assert slow.backend.open_holds() == []


def test_a_switch_answered_after_the_bill_was_typed_is_only_offered(
    slow: Counter, runner: SteppedRunner
) -> None:
    slow.session.scan(PRIYAS_CODE)
    runner.run_all()
    slow.session.scan(RAHULS_CODE)
    slow.type("2360")
    runner.run_all()
    assert name(slow) == "Priya Raghunathan"
    assert notice(slow) is NoticeKind.SWITCH_OFFERED


def test_no_switch_while_points_are_being_held(slow: Counter, runner: SteppedRunner) -> None:
    slow.session.scan(PRIYAS_CODE)
    runner.run_all()
    slow.type("2360")
    slow.session.scan(RAHULS_CODE)
    runner.run_all()
    slow.press_enter(2)
    assert slow.view.busy
    slow.session.another_member()
    runner.run_all()
    assert (step(slow), name(slow)) == (Step.PAY, "Priya Raghunathan")


def test_a_new_program_never_changes_an_accepted_offer(slow: Counter, runner: SteppedRunner) -> None:
    slow.session.scan(PRIYAS_CODE)
    runner.run_all()
    slow.type("2360")
    slow.press_enter(2)
    runner.run_all()
    offered = slow.view.quote
    slow.backend.the_program = replace(COINS, version="8", earning=replace(COINS.earning, per=5000))
    slow.session.start()
    runner.run_all()
    assert slow.view.quote == offered
    slow.press_enter()
    runner.run_all()
    sale = slow.journal.recent(1)[0].sale
    assert (sale.program_version, sale.points_expected) == ("7", Decimal(21))


def test_a_new_program_makes_a_new_offer_before_payment(counter: Counter) -> None:
    at_bill(counter)
    counter.backend.the_program = replace(COINS, version="8", earning=replace(COINS.earning, per=5000))
    counter.session.start()
    assert counter.view.quote is not None
    assert (counter.view.quote.program_version, counter.view.quote.earns) == ("8", Decimal(43))


def test_a_program_in_another_currency_is_not_used(tmp_path: Path) -> None:
    settings = with_currency(SETTINGS, Currency("INR", 0))
    counter = Counter(tmp_path, settings=settings).open_for_business()
    assert counter.view.program is None
    assert counter.view.trouble == OTHER_CURRENCY
    counter.close()


# Paying.
def test_enter_held_down_makes_one_sale_a_round(counter: Counter) -> None:
    serve(counter)
    counter.press_enter(3)
    assert step(counter) is Step.DONE
    counter.press_enter(50)
    assert len(counter.journal.recent(10)) == 1


def test_enter_held_down_while_answers_are_slow_makes_one_sale(slow: Counter, runner: SteppedRunner) -> None:
    slow.session.scan(PRIYAS_CODE)
    runner.run_all()
    slow.type("2360")
    slow.press_enter(20)
    assert runner.waiting == 1
    runner.run_all()
    slow.press_enter(20)
    assert runner.waiting == 1
    runner.run_all()
    slow.press_enter(20)
    runner.run_all()
    slow.drain()
    assert len(slow.journal.recent(10)) == 1
    assert slow.backend.taken[slow.journal.recent(1)[0].sale.sale_id] == Decimal(200)


@pytest.mark.parametrize("key", [key for key in KEYS if key not in {"esc", "esc held"}])
def test_no_key_does_anything_while_points_are_being_held(
    slow: Counter, runner: SteppedRunner, key: str
) -> None:
    slow.session.scan(PRIYAS_CODE)
    runner.run_all()
    slow.type("2360")
    slow.press_enter(2)
    before = slow.view
    assert before.busy
    KEYS[key](slow)
    assert slow.view == before


@pytest.mark.parametrize("key", KEYS)
def test_no_key_does_anything_while_the_sale_is_written(
    slow: Counter, runner: SteppedRunner, key: str
) -> None:
    slow.session.scan(PRIYAS_CODE)
    runner.run_all()
    slow.type("2360")
    slow.press_enter(2)
    runner.run_all()
    slow.press_enter()
    before = slow.view
    KEYS[key](slow)
    assert slow.view == before
    runner.run_all()
    assert step(slow) is Step.DONE


@pytest.mark.parametrize("key", ["esc", "esc held"])
def test_esc_while_points_are_being_held_gives_them_back(
    slow: Counter, runner: SteppedRunner, key: str
) -> None:
    slow.session.scan(PRIYAS_CODE)
    runner.run_all()
    slow.type("2360")
    slow.press_enter(2)
    KEYS[key](slow)
    assert not slow.view.busy
    assert step(slow) is (Step.REWARD if key == "esc" else Step.IDLE)
    runner.run_all()
    assert step(slow) is not Step.PAY
    slow.drain()
    runner.run_all()
    assert slow.backend.open_holds() == []
    assert slow.backend.took_hold == {
        (slow.rows()[0].effect.sale_id, EffectKind.RESERVE): 1,
        (slow.rows()[0].effect.sale_id, EffectKind.RELEASE): 1,
    }


def test_a_hold_given_up_does_not_disturb_the_next(slow: Counter, runner: SteppedRunner) -> None:
    slow.session.scan(PRIYAS_CODE)
    runner.run_all()
    slow.type("2360")
    slow.press_enter(2)
    first = runner.answer_later(0)
    slow.session.back()
    slow.type("150")
    slow.press_enter()
    second = runner.answer_later(0)
    first()
    assert slow.view.busy, "the second hold is still awaited"
    second()
    assert step(slow) is Step.PAY
    slow.press_enter()
    runner.run_all()
    slow.drain()
    runner.run_all()
    assert slow.backend.open_holds() == []
    assert list(slow.backend.taken.values()) == [Decimal(150)]


def test_a_hold_given_up_that_fails_tells_nobody_else(
    slow: Counter, runner: SteppedRunner, monkeypatch: pytest.MonkeyPatch
) -> None:
    slow.session.scan(PRIYAS_CODE)
    runner.run_all()
    slow.type("2360")
    monkeypatch.setattr(slow.journal, "open_draft", failing(KnownError("The disk is full.")))
    slow.press_enter(2)
    late = runner.answer_later(0)
    slow.session.clear_all()
    slow.session.scan(RAHULS_CODE)
    runner.run_all()
    late()
    assert slow.view.trouble == ""
    assert name(slow) == "Rahul Deshpande"


@pytest.mark.parametrize("fault", [Fault.REFUSED, Fault.NOT_REACHED, Fault.BUSY])
def test_a_hold_given_up_that_was_refused_tells_nobody_else(
    slow: Counter, runner: SteppedRunner, fault: Fault
) -> None:
    slow.session.scan(PRIYAS_CODE)
    runner.run_all()
    slow.type("2360")
    slow.press_enter(2)
    slow.backend.faults.append(fault)
    late = runner.answer_later(0)
    slow.session.clear_all()
    late()
    assert step(slow) is Step.IDLE
    assert slow.view.trouble == ""


def test_esc_while_paying_gives_the_hold_back(counter: Counter) -> None:
    at_pay(counter)
    counter.session.back()
    assert (step(counter), counter.view.held_until) == (Step.REWARD, None)
    counter.drain()
    assert counter.backend.open_holds() == []
    assert len(counter.journal.recent(5)) == 0
    counter.press_enter(2)
    assert step(counter) is Step.DONE, "and the sale can still be made"


def test_esc_while_paying_without_points_goes_back_to_the_bill(counter: Counter) -> None:
    serve(counter, RAHULS_CODE, "1150")
    counter.press_enter()
    counter.session.back()
    assert step(counter) is Step.BILL
    assert counter.rows() == []


def test_the_balance_changed_between_quote_and_hold(counter: Counter) -> None:
    at_reward(counter)
    counter.backend.members["m-1"].balance = Decimal(120)
    counter.press_enter()
    assert step(counter) is Step.REWARD
    assert balance_was(counter) == Decimal(1240)
    assert discount(counter) == rupees(120)
    counter.press_enter()
    assert (step(counter), balance_was(counter)) == (Step.PAY, None)
    counter.press_enter()
    assert counter.journal.recent(1)[0].sale.discount == rupees(120)


def test_the_balance_is_gone_at_the_hold(counter: Counter) -> None:
    at_partial(counter)
    counter.backend.members["m-1"].balance = Decimal(20)
    counter.press_enter()
    assert (step(counter), counter.view.target) == (Step.BILL, Target.BILL)
    assert balance_was(counter) == Decimal(1240)
    assert choice(counter) == TakeMaximum()
    assert discount(counter) == rupees(0)


@pytest.mark.parametrize("because", [RefusedBecause.NOT_ALLOWED, RefusedBecause.MEMBER_BLOCKED])
def test_a_hold_refused_for_another_reason_says_it(counter: Counter, because: RefusedBecause) -> None:
    at_reward(counter)
    counter.backend.refuse_because = because
    counter.backend.faults.append(Fault.REFUSED)
    counter.press_enter()
    assert (step(counter), counter.view.trouble) == (Step.REWARD, "Not today.")
    counter.press_enter()
    assert (step(counter), counter.view.trouble) == (Step.PAY, "")


def test_a_member_blocked_meanwhile_is_not_said_to_have_another_balance(counter: Counter) -> None:
    at_reward(counter)
    row = counter.backend.members["m-1"]
    row.member = replace(row.member, blocked_since=counter.clock.now().date())
    counter.press_enter()
    assert balance_was(counter) is None
    assert counter.view.trouble == "Blocked."


def test_a_hold_whose_answer_is_lost_is_found(counter: Counter) -> None:
    at_reward(counter)
    counter.backend.faults.append(Fault.ANSWER_LOST)
    counter.press_enter()
    assert step(counter) is Step.PAY
    assert len(counter.backend.open_holds()) == 1


def test_a_hold_in_doubt_promises_no_discount(counter: Counter) -> None:
    at_reward(counter)
    counter.backend.faults.append(Fault.ANSWER_LOST)
    counter.backend.look_ups_lost = 1
    counter.press_enter()
    assert step(counter) is Step.BILL
    assert counter.view.quote is not None
    assert counter.view.quote.refusal == NotOffline()
    counter.press_enter(2)
    assert step(counter) is Step.DONE
    counter.drain()
    assert counter.backend.open_holds() == []
    assert counter.backend.taken == {}


def test_after_a_hold_in_doubt_the_account_is_read_again_once_the_backend_answers(counter: Counter) -> None:
    at_reward(counter)
    counter.backend.faults.append(Fault.ANSWER_LOST)
    counter.backend.look_ups_lost = 1
    counter.press_enter()
    counter.drain()
    assert discount(counter) == rupees(200)


@pytest.mark.parametrize("fault", [Fault.BUSY, Fault.SIGN_IN, Fault.PENDING])
def test_a_backend_that_cannot_hold_now_says_so(counter: Counter, fault: Fault) -> None:
    at_partial(counter)
    counter.backend.faults.append(fault)
    counter.press_enter()
    assert (step(counter), counter.view.trouble) == (Step.REWARD, payment.NOT_NOW)
    assert discount(counter) == rupees(150)
    counter.press_enter(2)
    assert step(counter) is Step.DONE


def test_a_backend_gone_at_the_hold_leaves_a_sale_that_earns(counter: Counter) -> None:
    at_reward(counter)
    counter.backend.silent = True
    counter.press_enter()
    assert counter.view.quote is not None
    assert counter.view.quote.refusal == NotOffline()
    counter.press_enter(2)
    assert step(counter) is Step.DONE


# A hold that ends.
def test_a_hold_that_ended_is_asked_for_again_with_enter(counter: Counter) -> None:
    at_pay(counter)
    counter.clock.advance(HOLD.total_seconds() - 1)
    counter.session.tick()
    assert not counter.view.hold_over
    counter.clock.advance(1)
    counter.session.tick()
    assert (step(counter), counter.view.hold_over) == (Step.PAY, True)
    counter.press_enter()
    assert (step(counter), counter.view.hold_over) == (Step.PAY, False)
    assert counter.view.held_until == counter.clock.now() + HOLD
    counter.press_enter()
    counter.drain()
    assert list(counter.backend.taken.values()) == [Decimal(200)]
    assert counter.backend.open_holds() == []


def test_a_hold_that_ended_is_noticed_by_enter_itself(counter: Counter) -> None:
    at_pay(counter)
    counter.clock.advance(HOLD.total_seconds())
    counter.press_enter()
    assert step(counter) is Step.PAY
    assert counter.view.held_until == counter.clock.now() + HOLD


@pytest.mark.parametrize("days", [-400, 400])
def test_a_hold_ends_by_time_passed_not_by_the_clock_on_the_wall(counter: Counter, days: int) -> None:
    at_pay(counter)
    counter.clock.jump(timedelta(days=days).total_seconds())
    counter.session.tick()
    assert not counter.view.hold_over
    counter.clock.advance(HOLD.total_seconds())
    counter.session.tick()
    assert counter.view.hold_over


def test_a_hold_that_ended_and_cannot_be_had_again(counter: Counter) -> None:
    at_pay(counter)
    counter.clock.advance(HOLD.total_seconds())
    counter.session.tick()
    counter.backend.members["m-1"].balance = Decimal(120)
    counter.press_enter()
    assert (step(counter), counter.view.hold_over, counter.view.held_until) == (Step.REWARD, False, None)
    assert balance_was(counter) == Decimal(1240)


@pytest.mark.parametrize("fault", [Fault.BUSY, Fault.NOT_REACHED, Fault.REFUSED])
def test_a_hold_that_ended_never_leaves_the_cashier_stuck(counter: Counter, fault: Fault) -> None:
    at_pay(counter)
    counter.clock.advance(HOLD.total_seconds())
    counter.backend.faults.append(fault)
    counter.press_enter()
    assert step(counter) in {Step.BILL, Step.REWARD}
    assert not counter.view.hold_over
    counter.backend.faults.clear()
    counter.press_enter(3)
    assert len(counter.journal.recent(5)) == 1


def test_a_full_disk_when_holding_again_can_be_tried_again(
    counter: Counter, monkeypatch: pytest.MonkeyPatch
) -> None:
    at_pay(counter)
    counter.clock.advance(HOLD.total_seconds())
    with monkeypatch.context() as full:
        full.setattr(counter.journal, "open_draft", failing(KnownError("The disk is full.")))
        counter.press_enter()
    assert (step(counter), counter.view.trouble) == (Step.REWARD, "The disk is full.")
    counter.press_enter(2)
    assert step(counter) is Step.DONE
    counter.drain()
    assert list(counter.backend.taken.values()) == [Decimal(200)]


def test_esc_while_holding_again_goes_back_to_the_offer(slow: Counter, runner: SteppedRunner) -> None:
    slow.session.scan(PRIYAS_CODE)
    runner.run_all()
    slow.type("2360")
    slow.press_enter(2)
    runner.run_all()
    slow.clock.advance(HOLD.total_seconds())
    slow.press_enter()
    slow.session.back()
    assert (step(slow), slow.view.hold_over, slow.view.busy) == (Step.REWARD, False, False)
    runner.run_all()
    slow.drain()
    runner.run_all()
    assert slow.backend.open_holds() == []


# A commit that fails.
def test_a_sale_that_cannot_be_written_stays_open_and_a_retry_makes_one(
    counter: Counter, monkeypatch: pytest.MonkeyPatch
) -> None:
    at_pay(counter)
    with monkeypatch.context() as full:
        full.setattr(counter.journal, "commit_sale", failing(KnownError("The disk is full.")))
        counter.press_enter(3)
    assert (step(counter), counter.view.trouble) == (Step.PAY, "The disk is full.")
    assert not counter.view.busy
    assert counter.journal.recent(5) == []
    counter.press_enter(3)
    assert len(counter.journal.recent(5)) == 1
    counter.drain()
    assert list(counter.backend.taken.values()) == [Decimal(200)]


@pytest.mark.expects_log("a step of the payment met a bug")
def test_a_bug_at_commit_is_said_and_may_be_tried_again(
    counter: Counter, monkeypatch: pytest.MonkeyPatch
) -> None:
    at_pay(counter)
    with monkeypatch.context() as broken:
        broken.setattr(counter.journal, "commit_sale", failing(ZeroDivisionError()))
        counter.press_enter()
    assert counter.view.trouble == payment.BUG_SENTENCE
    counter.press_enter()
    assert step(counter) is Step.DONE


def test_a_sale_written_whose_answer_failed_is_not_made_twice(
    counter: Counter, monkeypatch: pytest.MonkeyPatch
) -> None:
    at_pay(counter)
    real = counter.journal.commit_sale

    def written_then_broken(*args: object) -> None:
        real(*args)  # type: ignore[arg-type]
        raise KnownError("The disk reports an error.")

    with monkeypatch.context() as broken:
        broken.setattr(counter.journal, "commit_sale", written_then_broken)
        counter.press_enter()
    counter.press_enter()
    assert step(counter) is Step.DONE
    assert len(counter.journal.recent(5)) == 1


def test_a_hold_that_cannot_be_given_back_is_no_trouble_at_the_till(
    counter: Counter, monkeypatch: pytest.MonkeyPatch
) -> None:
    at_pay(counter)
    with monkeypatch.context() as full:
        full.setattr(counter.journal, "abandon_draft", failing(KnownError("The disk is full.")))
        counter.session.back()
    assert (step(counter), counter.view.trouble) == (Step.REWARD, "")
    counter.press_enter(2)
    counter.drain()
    assert counter.backend.open_holds() == []
    assert counter.journal.drafts() == []
