"""The facts a lesson watches: word for word the choices of the services, and counted since it began."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from enum import StrEnum
from typing import get_args

import pytest
from msgspec.structs import replace

from cashier_app.domain import till_facts
from cashier_app.domain.choice import (
    All,
    Choice,
    TakeAmount,
    TakeMaximum,
    TakeNothing,
    TakeReward,
    TakeTogether,
)
from cashier_app.domain.identifier import NotRecognised, Unrecognised
from cashier_app.domain.lesson import since
from cashier_app.domain.member import Way
from cashier_app.domain.outcome import CodeAhead, CodeTooOld, CodeUsed
from cashier_app.domain.sale import EffectState
from cashier_app.domain.till_facts import Chosen, Facts, Page, Posted, Remarked, UndoAt
from cashier_app.ports.journal import SaleLine
from cashier_app.services import lesson_facts
from cashier_app.services.enrol_view import EnrolStep, EnrolView
from cashier_app.services.lesson_facts import LessonFacts
from cashier_app.services.return_view import ReturnStep, ReturnView
from cashier_app.services.till_status import NO_FIGURES
from cashier_app.services.till_view import (
    Failed,
    Finished,
    NoCode,
    NotFound,
    Notice,
    NoticeKind,
    Posting,
    Problem,
    ServingUnseen,
    SeveralCodes,
    Step,
    Target,
    TillView,
    Today,
)
from cashier_app.services.undo_view import Undone, UndoStep, UndoView
from tests.fakes.clock import START, FakeClock
from tests.fakes.effects import sale
from tests.fakes.shop import rupees
from tests.unit.test_till_steps import IDLE

PROBLEMS: list[Problem] = [
    NotFound("98450", Way.PHONE),
    CodeTooOld(START, 300),
    CodeAhead(START),
    CodeUsed(START),
    Unrecognised(NotRecognised.EMPTY),
    SeveralCodes(2),
    NoCode(),
    Failed("No."),
]


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        (till_facts.At, Step),
        (till_facts.Typing, Target),
        (till_facts.Posted, Posting),
        (till_facts.Remarked, NoticeKind),
        (till_facts.ReturnAt, ReturnStep),
        (till_facts.EnrolAt, EnrolStep),
        (till_facts.UndoAt, UndoStep),
    ],
)
def test_the_choices_are_those_of_the_services(ours: type[StrEnum], theirs: type[StrEnum]) -> None:
    assert [one.value for one in ours] == [one.value for one in theirs]


def test_every_problem_has_its_word() -> None:
    assert {type(problem) for problem in PROBLEMS} == set(get_args(Problem))
    words = [facts_of(replace(IDLE, step=Step.PROBLEM, person=problem)).problem for problem in PROBLEMS]
    assert words == list(till_facts.Problem)
    assert facts_of(IDLE).problem is None


def facts_of(view: TillView) -> Facts:
    """Return the facts of one snapshot."""
    facts = LessonFacts(FakeClock())
    facts.see_till(view)
    return facts.facts


@pytest.mark.parametrize(
    ("choice", "chosen"),
    [
        (TakeMaximum(), Chosen.MAXIMUM),
        (TakeAmount(rupees(5)), Chosen.OTHER),
        (TakeAmount(rupees(0)), Chosen.NOTHING),
        (TakeNothing(), Chosen.NOTHING),
        (TakeReward("coffee"), Chosen.REWARD),
        (TakeTogether(rewards=("coffee",)), Chosen.REWARD),
        (TakeTogether(TakeMaximum(), store_credit=All()), Chosen.OTHER),
    ],
)
def test_what_is_chosen(choice: Choice, chosen: Chosen) -> None:
    assert lesson_facts._chosen(choice) is chosen


def test_somebody_nobody_can_look_up() -> None:
    facts = facts_of(replace(IDLE, person=ServingUnseen("+91", Way.PHONE)))
    assert (facts.unseen, facts.fresh, facts.member, facts.way) == (True, False, "", Way.PHONE)


def done(count: int, *, posting: Posting = Posting.POSTING, at: float = 1.0) -> TillView:
    """Return the screen of a sale just finished, so many seconds after the start."""
    finished = Finished(sale(count, at=START + timedelta(seconds=at)), posting, Decimal(1))
    return replace(IDLE, step=Step.DONE, finished=finished)


def test_sales_count_from_the_beginning_of_the_lesson() -> None:
    clock, seen = FakeClock(), list[Facts]()
    facts = LessonFacts(clock)
    facts.subscribe(seen.append)
    facts.see_till(done(1))
    assert facts.facts.sales == 1
    clock.advance(5)
    assert facts.begin().sales == 0
    facts.see_till(done(1, posting=Posting.POSTED))
    assert (facts.facts.sales, facts.facts.sale_member) == (0, "")
    facts.see_till(done(2, at=6))
    facts.see_till(done(2, at=6, posting=Posting.POSTED))
    assert (facts.facts.sales, facts.facts.sale_posting) == (1, Posted.POSTED)
    assert seen[-1] == facts.facts


@pytest.mark.parametrize(
    ("state", "online", "posted"),
    [
        (EffectState.WAITING, True, Posted.POSTING),
        (EffectState.SENDING, False, Posted.WAITING),
        (EffectState.NEEDS_ATTENTION, True, Posted.NEEDS_ATTENTION),
        (EffectState.POSTED, True, Posted.POSTED),
        (EffectState.DROPPED, True, Posted.NOTHING_TO_POST),
    ],
)
def test_a_sale_that_left_the_screen_is_followed_in_the_list(
    state: EffectState,
    online: bool,  # noqa: FBT001
    posted: Posted,
) -> None:
    facts = LessonFacts(FakeClock())
    facts.see_till(done(1))
    connection = replace(IDLE.connection, online=online)
    line = SaleLine(sale(1, at=START + timedelta(seconds=1)), state)
    facts.see_till(replace(IDLE, connection=connection, today=Today(NO_FIGURES, (line,))))
    assert (facts.facts.sales, facts.facts.sale_posting) == (1, posted)
    facts.see_till(IDLE)
    assert (facts.facts.sales, facts.facts.sale_posting) == (1, None)


def test_remarks_are_counted_once_and_joining_and_claiming_with_them() -> None:
    facts = LessonFacts(FakeClock())
    facts.see_till(replace(IDLE, notice=Notice(1, NoticeKind.JOINED)))
    assert (facts.facts.enrolled, facts.facts.remarks) == (0, 1)  # it was there before anybody looked
    for notice in (
        Notice(2, NoticeKind.WILL_JOIN),
        Notice(3, NoticeKind.CLAIMED),
        None,
        Notice(3, NoticeKind.CLAIMED),
    ):
        facts.see_till(replace(IDLE, notice=notice))
    now = facts.facts
    assert (now.enrolled, now.claimed, now.remarks, now.remark) == (1, 1, 3, Remarked.CLAIMED)
    assert since(now, 3).remark is None
    assert since(now, 2).remark is Remarked.CLAIMED
    assert facts.begin().claimed == 0


def test_what_was_undone_or_moved_is_counted_once() -> None:
    facts = LessonFacts(FakeClock())
    facts.see_till(IDLE)
    first = UndoView(done=Undone(1, sale(1)))
    facts.see_undo(first)
    assert facts.facts.undone == 0  # it was there before anybody looked
    facts.see_undo(UndoView(step=UndoStep.SALE, done=first.done))
    facts.see_undo(UndoView(done=Undone(2, sale(2))))
    facts.see_undo(UndoView(done=Undone(2, sale(2))))
    facts.see_undo(UndoView(done=Undone(3, sale(3), moved=sale(4, member_id="m-9"))))
    now = facts.facts
    assert (now.undone, now.moved, now.moved_to, now.undo_at) == (1, 1, "m-9", UndoAt.CLOSED)


def test_a_closed_page_says_nothing() -> None:
    facts = LessonFacts(FakeClock())
    facts.see_return(ReturnView(closed=True))
    facts.see_enrol(EnrolView(closed=True))
    assert (facts.facts.return_at, facts.facts.enrol_at) == (None, None)
    facts.see_enrol(EnrolView(closed=True, busy=True))
    assert facts.facts.busy, "whoever was let join comes in a moment"
    facts.see_return(ReturnView())
    assert facts.facts.return_at is None
    facts.see_page(Page.RETURN)
    assert (facts.facts.return_at, facts.facts.page) == (till_facts.ReturnAt.FIND, Page.RETURN)


def test_scans_are_counted() -> None:
    facts = LessonFacts(FakeClock())
    facts.see_scan("LC1:X")
    facts.see_scan()
    assert facts.facts.scans == 2
    assert facts.begin().scans == 0


def test_the_reasons_a_lesson_may_name_are_those_of_the_program() -> None:
    assert {"capped_amount", "whole_balance", "chosen_reward"} <= till_facts.LIMITS
    assert {"needs_points", "needs_bill", "member_blocked", "not_offline"} <= till_facts.REFUSALS
