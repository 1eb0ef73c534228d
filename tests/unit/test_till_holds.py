"""Points held for a payment: given back, refused, in doubt, run out."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest
from msgspec.structs import replace

from cashier_app.domain.choice import TakeMaximum
from cashier_app.domain.outcome import RefusedBecause
from cashier_app.domain.reasons import NotOffline
from cashier_app.domain.sale import EffectKind
from cashier_app.errors import KnownError
from cashier_app.services import payment
from cashier_app.services.till_view import Step, Target
from tests.fakes.backend import HOLD, Fault
from tests.fakes.counter import RAHULS_CODE, Counter
from tests.fakes.failures import failing
from tests.fakes.keys import (
    KEYS,
    at_partial,
    at_pay,
    at_reward,
    balance_was,
    choice,
    discount,
    name,
    serve_slowly,
    step,
)
from tests.fakes.runner import SteppedRunner
from tests.fakes.shop import rupees


# Points being held, and given back.
@pytest.mark.parametrize("key", [key for key in KEYS if key not in {"esc", "esc held"}])
def test_no_key_does_anything_while_points_are_being_held(
    slow: Counter, runner: SteppedRunner, key: str
) -> None:
    serve_slowly(slow, runner)
    slow.press_enter(2)
    before = slow.view
    assert before.busy
    KEYS[key](slow)
    assert slow.view == before


@pytest.mark.parametrize("key", ["esc", "esc held"])
def test_esc_while_points_are_being_held_gives_them_back(
    slow: Counter, runner: SteppedRunner, key: str
) -> None:
    serve_slowly(slow, runner)
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
    serve_slowly(slow, runner)
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
    serve_slowly(slow, runner)
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
    serve_slowly(slow, runner)
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


# A hold that is not as offered.
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
    serve_slowly(slow, runner)
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
