"""From the payment to the committed sale, with the disk failing on the way."""

from __future__ import annotations

from decimal import Decimal

import pytest

from cashier_app.errors import KnownError
from cashier_app.services import payment
from cashier_app.services.till_view import Step
from tests.fakes.counter import RAHULS_CODE, Counter
from tests.fakes.failures import failing
from tests.fakes.keys import KEYS, at_pay, serve, serve_slowly, step
from tests.fakes.runner import SteppedRunner


# Paying.
def test_enter_held_down_makes_one_sale_a_round(counter: Counter) -> None:
    serve(counter)
    counter.press_enter(3)
    assert step(counter) is Step.DONE
    counter.press_enter(50)
    assert len(counter.journal.recent(10)) == 1


def test_enter_held_down_while_answers_are_slow_makes_one_sale(slow: Counter, runner: SteppedRunner) -> None:
    serve_slowly(slow, runner)
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


@pytest.mark.parametrize("key", KEYS)
def test_no_key_does_anything_while_the_sale_is_written(
    slow: Counter, runner: SteppedRunner, key: str
) -> None:
    serve_slowly(slow, runner)
    slow.press_enter(2)
    runner.run_all()
    slow.press_enter()
    before = slow.view
    KEYS[key](slow)
    assert slow.view == before
    runner.run_all()
    assert step(slow) is Step.DONE


def test_esc_while_paying_without_points_goes_back_to_the_bill(counter: Counter) -> None:
    serve(counter, RAHULS_CODE, "1150")
    counter.press_enter()
    counter.session.back()
    assert step(counter) is Step.BILL
    assert counter.rows() == []


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
