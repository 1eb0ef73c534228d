"""What a picture of a code means while the till is doing something else."""

from __future__ import annotations

import pytest

from cashier_app.services.till_view import Failed, Nobody, NoCode, NoticeKind, SeveralCodes, Step
from tests.fakes.counter import PRIYAS_CODE, RAHULS_CODE, Counter
from tests.fakes.keys import (
    PRODUCT,
    Key,
    at_bill,
    at_partial,
    at_pay,
    name,
    no_picture,
    notice,
    serve_slowly,
    step,
    summary,
)
from tests.fakes.runner import SteppedRunner


def test_the_one_code_of_a_picture_is_a_scan(counter: Counter) -> None:
    counter.session.read_picture(lambda: [PRIYAS_CODE])
    assert name(counter) == "Priya Raghunathan"


@pytest.mark.parametrize(("codes", "person"), [([], NoCode()), (["LC1:aaaa", "LC1:bbbb"], SeveralCodes(2))])
def test_a_picture_without_one_code(counter: Counter, codes: list[str], person: object) -> None:
    counter.session.read_picture(lambda: codes)
    assert counter.view.person == person


@pytest.mark.parametrize("codes", [[], ["LC1:aaaa", "LC1:bbbb"], [PRODUCT]])
def test_a_picture_without_a_code_beside_a_member_changes_nothing(counter: Counter, codes: list[str]) -> None:
    at_partial(counter)
    before = summary(counter.view)
    counter.session.read_picture(lambda: codes)
    assert summary(counter.view) == before
    assert notice(counter) is NoticeKind.NOT_A_LOYALTY_CODE


def test_while_paying_no_picture_is_read(counter: Counter) -> None:
    at_pay(counter)
    counter.session.read_picture(lambda: [RAHULS_CODE])
    assert step(counter) is Step.PAY
    assert notice(counter) is NoticeKind.SCAN_NOT_USED


@pytest.mark.parametrize("codes", [[], [RAHULS_CODE]])
def test_a_picture_read_too_late_is_not_used(slow: Counter, runner: SteppedRunner, codes: list[str]) -> None:
    serve_slowly(slow, runner)
    slow.session.read_picture(lambda: codes)
    picture = runner.answer_later(0)
    slow.press_enter(2)
    runner.run_all()
    picture()
    assert (step(slow), name(slow)) == (Step.PAY, "Priya Raghunathan")
    assert notice(slow) is NoticeKind.SCAN_NOT_USED


def test_a_picture_of_a_customer_who_left_is_thrown_away(slow: Counter, runner: SteppedRunner) -> None:
    slow.session.read_picture(lambda: [PRIYAS_CODE])
    slow.session.back()
    runner.run_all()
    assert isinstance(slow.view.person, Nobody)


@pytest.mark.parametrize("codes", [[], [PRODUCT]])
def test_a_picture_without_a_code_does_not_end_a_look_up(
    slow: Counter, runner: SteppedRunner, codes: list[str]
) -> None:
    slow.session.scan(PRIYAS_CODE)
    slow.session.read_picture(lambda: codes)
    runner.step(1)
    assert step(slow) is Step.LOOKING_UP
    runner.run_all()
    assert name(slow) == "Priya Raghunathan"


def test_what_is_wrong_with_a_picture_is_said(counter: Counter) -> None:
    counter.session.read_picture(no_picture)
    assert counter.view.person == Failed("This is no picture.")


@pytest.mark.parametrize("place", [at_bill, at_partial])
def test_what_is_wrong_with_a_picture_is_said_beside_a_member(counter: Counter, place: Key) -> None:
    place(counter)
    before = summary(counter.view)
    counter.session.read_picture(no_picture)
    assert summary(counter.view) == before
    assert counter.view.trouble == "This is no picture."


def test_a_bad_picture_does_not_end_a_look_up(slow: Counter, runner: SteppedRunner) -> None:
    slow.session.scan(PRIYAS_CODE)
    slow.session.read_picture(no_picture)
    runner.step(1)
    assert (step(slow), slow.view.trouble) == (Step.LOOKING_UP, "This is no picture.")
