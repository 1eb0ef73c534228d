"""What goes on around the sale: outages, the blocked, what comes after, the next customer."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from cashier_app.domain.choice import TakeMaximum
from cashier_app.domain.member import Way
from cashier_app.domain.reasons import MemberBlocked, NotOffline
from cashier_app.domain.sale import EffectKind, EffectState
from cashier_app.errors import KnownError
from cashier_app.ports.journal import QueueCounts
from cashier_app.services.till_view import NoticeKind, Posting, Serving, ServingUnseen, Step
from tests.fakes.backend import Fault
from tests.fakes.counter import DEVIKAS_CODE, PRIYAS_CODE, PRIYAS_PHONE, RAHULS_CODE, STRANGERS_CODE, Counter
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
    at_pay,
    at_problem,
    at_reward,
    choice,
    discount,
    name,
    no_picture,
    notice,
    sell,
    serve,
    serve_slowly,
    step,
    texts_in,
)
from tests.fakes.runner import SteppedRunner
from tests.fakes.shop import COINS, rupees


# Offline.
def test_offline_a_known_member_is_served_as_they_were(counter: Counter) -> None:
    counter.session.scan(PRIYAS_CODE)
    counter.session.back()
    counter.backend.silent = True
    serve(counter)
    person = counter.view.person
    assert isinstance(person, Serving)
    assert not person.fresh
    assert counter.view.quote is not None
    assert (counter.view.quote.refusal, counter.view.quote.earns) == (NotOffline(), Decimal(23))
    counter.press_enter(2)
    assert counter.view.finished is not None
    assert counter.view.finished.posting is Posting.WAITING
    assert counter.view.clears_after == 8
    counter.backend.silent = False
    counter.drain()
    assert counter.backend.members["m-1"].balance == Decimal(1263)


def test_offline_a_stranger_is_served_unseen_and_found_later(counter: Counter) -> None:
    counter.backend.silent = True
    counter.type(PRIYAS_PHONE)
    assert counter.view.person == ServingUnseen("+91 98450 ••210", Way.PHONE)
    counter.type("2360")
    counter.press_enter(2)
    assert counter.view.finished is not None
    assert counter.view.finished.earned == Decimal(23)
    assert counter.view.connection.counts == QueueCounts(1, 0)
    counter.backend.silent = False
    counter.drain()
    assert counter.backend.members["m-1"].balance == Decimal(1263)


def test_offline_the_choice_of_who_is_served_can_still_be_changed(counter: Counter) -> None:
    counter.session.scan(RAHULS_CODE)
    counter.session.back()
    counter.backend.silent = True
    serve(counter)
    counter.session.scan(RAHULS_CODE)
    assert notice(counter) is NoticeKind.SWITCH_OFFERED
    counter.session.another_member()
    assert name(counter) == "Rahul Deshpande"
    counter.session.scan(PRIYAS_CODE)
    assert notice(counter) is NoticeKind.SWITCH_OFFERED
    counter.session.another_member()
    assert isinstance(counter.view.person, ServingUnseen)
    counter.press_enter(2)
    (row,) = counter.rows()
    assert row.effect.identified_by == f"wallet:{PRIYAS_CODE}"


def test_offline_reading_again_leaves_what_was_known(counter: Counter) -> None:
    at_bill(counter)
    counter.backend.silent = True
    counter.session.refresh_account()
    first = counter.view.person
    assert isinstance(first, Serving)
    assert not first.fresh
    counter.session.refresh_account()
    assert counter.view.person is first


def test_back_online_the_account_is_read_again_and_it_is_said(counter: Counter) -> None:
    counter.session.scan(PRIYAS_CODE)
    counter.session.back()
    counter.backend.silent = True
    serve(counter)
    counter.session.update_status()
    assert not counter.view.connection.online
    assert counter.view.connection.offline_since == counter.clock.now()
    counter.backend.silent = False
    counter.deliver()
    assert discount(counter) == rupees(200)
    assert notice(counter) is NoticeKind.BACK_ONLINE


def test_back_online_while_paying_nothing_moves(counter: Counter) -> None:
    at_pay(counter)
    counter.connection.silent()
    counter.session.update_status()
    offered = counter.view.quote
    counter.deliver()
    assert counter.view.quote == offered
    assert step(counter) is Step.PAY


def test_a_till_started_offline_gets_its_program_when_the_backend_comes(tmp_path: Path) -> None:
    counter = Counter(tmp_path)
    counter.backend.silent = True
    counter.open_for_business()
    assert (counter.view.program, counter.view.trouble) == (None, "The loyalty system does not answer.")
    serve(counter)
    assert discount(counter) is None
    counter.backend.silent = False
    counter.deliver()
    assert (counter.view.program, counter.view.trouble) == (COINS, "")
    counter.close()


def test_without_a_program_a_sale_can_still_be_made(tmp_path: Path) -> None:
    counter = Counter(tmp_path)
    counter.backend.silent = True
    counter.open_for_business()
    serve(counter)
    counter.press_enter(2)
    assert step(counter) is Step.DONE
    assert counter.kinds() == [EffectKind.SALE]
    counter.close()


# The blocked.
def test_a_blocked_member_is_sold_to_without_points(counter: Counter) -> None:
    serve(counter, DEVIKAS_CODE)
    assert counter.view.quote is not None
    assert isinstance(counter.view.quote.refusal, MemberBlocked)
    counter.press_enter(2)
    assert step(counter) is Step.DONE
    assert counter.rows() == []
    assert counter.view.finished is not None
    assert counter.view.finished.posting is Posting.NOTHING_TO_POST


# After the sale.
def test_a_refused_sale_says_that_somebody_must_look(counter: Counter) -> None:
    sell(counter)
    counter.backend.faults.append(Fault.REFUSED)
    counter.drain()
    assert counter.view.finished is not None
    assert counter.view.finished.posting is Posting.NEEDS_ATTENTION
    assert counter.view.connection.counts == QueueCounts(0, 1)
    assert counter.kinds(EffectState.NEEDS_ATTENTION) == [EffectKind.CAPTURE]


def test_what_becomes_of_an_older_sale_is_not_shown_on_the_next(slow: Counter, runner: SteppedRunner) -> None:
    serve_slowly(slow, runner, RAHULS_CODE, "1150")
    for _ in range(2):
        slow.press_enter()
        runner.run_all()
    assert step(slow) is Step.DONE
    slow.session.update_status()
    reading = runner.answer_later(0)
    slow.press_enter()
    slow.session.scan(PRIYAS_CODE)
    reading()
    assert slow.view.finished is None
    runner.run_all()
    assert name(slow) == "Priya Raghunathan"


@pytest.mark.parametrize("event", [PRODUCT, CARD, STRANGERS_CODE, "picture", "bad picture"])
def test_the_next_customer_inherits_nothing(counter: Counter, event: str) -> None:
    sell(counter)
    match event:
        case "picture":
            counter.session.read_picture(list)
        case "bad picture":
            counter.session.read_picture(no_picture)
        case _:
            counter.session.scan(event)
    assert counter.view.bill.is_empty
    assert step(counter) is Step.PROBLEM
    counter.session.scan(RAHULS_CODE)
    assert counter.view.bill.is_empty
    assert choice(counter) == TakeMaximum()
    assert counter.view.finished is None


def test_no_name_of_the_last_customer_is_carried_on(counter: Counter) -> None:
    at_bill(counter)
    counter.session.scan(RAHULS_CODE)
    assert "Rahul" in texts_in(counter.view)
    counter.session.clear_all()
    assert not [text for text in texts_in(counter.view) if "Rahul" in text or "Priya" in text]


def test_a_bill_kept_for_another_member_clears_by_itself(counter: Counter) -> None:
    at_bill(counter)
    counter.session.another_member()
    clears = [counter.view.clears_after]
    counter.session.expire()
    clears.append(counter.view.clears_after)
    assert counter.view.bill.is_empty
    assert clears == [300, None]
    counter.session.expire()


@pytest.mark.parametrize(
    ("place", "seconds"),
    [
        (at_idle, None),
        (at_empty_bill, 120),
        (at_bill, 300),
        (at_reward, 300),
        (at_pay, None),
        (at_choosing, 60),
        (at_problem, 30),
        (at_done, 10),
    ],
)
def test_what_clears_by_itself(counter: Counter, place: Key, seconds: int | None) -> None:
    place(counter)
    assert counter.view.clears_after == seconds


def test_nothing_expires_while_an_answer_is_awaited(slow: Counter, runner: SteppedRunner) -> None:
    slow.session.scan(PRIYAS_CODE)
    assert slow.view.clears_after is None
    runner.run_all()
    slow.type("2360")
    slow.press_enter(2)
    slow.session.expire()
    assert slow.view.busy


# The status around the sale.
def test_many_calls_for_the_status_lead_to_one_more_read(slow: Counter, runner: SteppedRunner) -> None:
    for _ in range(10):
        slow.session.update_status()
    assert runner.waiting == 1
    runner.step()
    assert runner.waiting == 1
    runner.run_all()
    assert runner.waiting == 0


@pytest.mark.expects_log("reading the till's state failed")
def test_a_failed_read_is_no_end_of_reading(
    slow: Counter, runner: SteppedRunner, monkeypatch: pytest.MonkeyPatch
) -> None:
    slow.session.update_status()
    slow.session.update_status()
    with monkeypatch.context() as broken:
        broken.setattr(slow.journal, "counts", failing(ZeroDivisionError()))
        runner.step()
    assert runner.waiting == 1, "what came meanwhile is still read"
    runner.run_all()
    with monkeypatch.context() as damaged:
        damaged.setattr(slow.journal, "counts", failing(KnownError("The database is damaged.")))
        slow.session.update_status()
        runner.run_all()
    slow.session.update_status()
    assert runner.waiting == 1
    runner.run_all()


def test_a_workshop_that_cannot_be_opened_is_said(tmp_path: Path) -> None:
    counter = Counter(tmp_path)
    counter.session._reading._workshop = failing(KnownError("The data folder cannot be written."))  # type: ignore[assignment]
    counter.open_for_business()
    assert counter.view.trouble == "The data folder cannot be written."
    counter.close()
