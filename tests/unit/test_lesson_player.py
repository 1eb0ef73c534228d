"""The player of lessons: what it shows, stages, counts and writes down."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from cashier_app.domain.lesson import Network, Stage
from cashier_app.domain.till_facts import Facts, Page, Remarked
from cashier_app.ports.practice import Ended
from cashier_app.services import lesson_player
from cashier_app.services.lesson_player import IDLE_SECONDS, LATE_SECONDS
from cashier_app.services.lesson_view import LessonStage, MistakeSeen, StepDone, WentBack
from tests.fakes.clock import FakeClock
from tests.fakes.lessons import BILLED, LESSON, PAYING, SERVED, SOLD, WRONG, Desk
from tests.fakes.runner import SteppedRunner


@pytest.fixture
def desk() -> Desk:
    made = Desk()
    made.player.begin(LESSON, "Asha")
    return made


def test_it_is_played_step_by_step_and_written_down(desk: Desk) -> None:
    desk.see(SERVED, 3.25)
    assert (desk.on, desk.view.remark) == ("bill", StepDone(LESSON.steps[0]))
    desk.see(PAYING, 2.0)
    desk.see(SOLD, 1.5)
    assert (desk.on, desk.view.remark) == ("finished", StepDone(LESSON.steps[2]))
    [run] = desk.world.runs
    assert run == desk.view.run
    assert [step.milliseconds for step in run.steps] == [3250, 2000, 1500]
    assert (run.milliseconds, run.mistakes, run.hints) == (6750, 0, 0)
    assert (run.trainee, run.ended, run.began_at) == ("Asha", Ended.FINISHED, FakeClock().now())
    assert desk.world.network == Network()


def test_a_lesson_begins_with_the_till_cleared_and_the_world_made_ready(desk: Desk) -> None:
    assert desk.world.asked == ["prepare"]
    assert desk.world.cleared == 1
    assert (desk.on, desk.view.trainee, desk.view.steps) == ("scan", "Asha", 3)


def test_a_fault_is_staged_before_its_step_is_judged() -> None:
    runner = SteppedRunner()
    desk = Desk(runner)
    desk.player.begin(LESSON)
    runner.run_all()
    desk.see(SERVED)
    assert (desk.view.stage, desk.on) == (LessonStage.PREPARING, "bill")
    desk.see(BILLED)
    assert desk.on == "bill"
    runner.step()
    assert (desk.on, desk.view.stage) == ("pay", LessonStage.PREPARING)
    runner.run_all()
    assert [stage.network for stage in desk.world.stages] == [Network(down=True), Network()]


def test_a_mistake_counts_each_time_it_comes_and_not_while_it_stays(desk: Desk) -> None:
    for facts in (WRONG, replace(WRONG, bill=1), Facts(), WRONG, WRONG):
        desk.see(facts)
    assert isinstance(desk.view.remark, MistakeSeen)
    desk.player.leave()
    assert desk.world.runs[0].steps[0].mistakes == ("other", "other")
    assert [view.remarks for view in desk.shown][-1] == 2


def test_what_holds_when_a_step_comes_on_is_no_mistake_of_it(desk: Desk) -> None:
    desk.see(replace(SERVED, bill=600, busy=True))
    assert isinstance(desk.view.remark, StepDone)
    desk.see(replace(SERVED, bill=600))
    desk.see(replace(SERVED, bill=600, busy=True))
    assert isinstance(desk.view.remark, MistakeSeen)


def test_a_remark_made_before_the_step_is_not_seen() -> None:
    desk = Desk()
    old = Facts(remark=Remarked.SCAN_NOT_USED, remarks=4)
    desk.see(old)
    desk.player.begin(LESSON)
    desk.see(replace(old, typed=1))
    assert desk.view.remark is None
    desk.see(replace(old, remarks=5))
    assert isinstance(desk.view.remark, MistakeSeen)


def test_a_hint_comes_by_itself_or_when_it_is_asked_for_and_counts_once(desk: Desk) -> None:
    desk.tick(14.9)
    assert not desk.view.hint
    desk.tick(0.1)
    assert desk.view.hint
    desk.player.ask_hint()
    desk.see(SERVED)
    assert not desk.view.hint
    desk.player.ask_hint()
    desk.tick(9)
    desk.player.leave()
    assert [step.hints for step in desk.world.runs[0].steps] == [1, 1]


def test_it_goes_back_when_what_a_step_needs_stays_away(desk: Desk) -> None:
    desk.see(SERVED)
    desk.see(Facts())
    desk.tick(1.9)
    assert desk.on == "bill"
    desk.tick(0.2)
    assert (desk.on, desk.view.remark) == ("scan", WentBack())
    assert desk.world.network == Network()
    desk.see(SERVED, 1)
    assert desk.on == "bill"
    assert desk.world.network == Network(down=True)
    desk.see(PAYING, 1)
    desk.see(SOLD, 1)
    assert [step.milliseconds for step in desk.world.runs[0].steps] == [1000, 3100, 1000]


def test_a_screen_that_only_passes_by_sends_nobody_back(desk: Desk) -> None:
    desk.see(SERVED)
    for _ in range(4):
        desk.see(Facts())
        desk.tick(1.5)
        desk.see(SERVED)
        desk.tick(1.5)
    assert desk.on == "bill"


def test_points_are_used_elsewhere_once_however_often_a_step_comes_on(desk: Desk) -> None:
    desk.see(SERVED)
    desk.see(PAYING)
    desk.see(Facts())
    desk.tick(0.1)
    desk.tick(2.1)
    assert desk.on == "scan"
    desk.see(SERVED)
    desk.see(PAYING)
    assert desk.on == "pay"
    assert sum(len(stage.spend) for stage in desk.world.stages) == 1
    assert desk.world.network == Network()


@pytest.mark.parametrize("how", ["finished", "left", "again"])
def test_the_till_asks_about_the_same_member_until_the_lesson_ends(desk: Desk, how: str) -> None:
    first, *others = LESSON.steps
    asks = replace(first, stage=Stage(same_member_minutes=10))
    desk.player.begin(replace(LESSON, steps=(asks, *others)))
    assert desk.world.asks_within == 10
    desk.see(SERVED)
    assert desk.on == "bill"
    assert desk.world.asks_within == 10, "also at the steps that follow"
    if how == "finished":
        desk.see(BILLED)
        desk.see(PAYING)
        desk.see(SOLD)
    elif how == "left":
        desk.player.leave()
    else:
        desk.world.asks_within = None
        desk.player.again()
        desk.see(Facts())
    assert desk.world.asks_within == (10 if how == "again" else None)


def test_it_says_when_the_world_cannot_be_made_ready() -> None:
    desk = Desk()
    desk.world.fails = "prepare"
    desk.player.begin(LESSON)
    assert (desk.on, desk.view.trouble) == ("cannot", "It cannot prepare.")
    assert desk.world.asked == ["prepare", "clear"]
    assert not desk.world.runs
    desk.world.fails = ""
    desk.player.again()
    assert desk.on == "scan"


def test_it_says_when_a_fault_cannot_be_staged(desk: Desk) -> None:
    desk.world.fails = "stage"
    desk.see(SERVED)
    assert (desk.on, desk.view.trouble) == ("cannot", "It cannot stage.")
    assert desk.world.asked[-1] == "clear"
    assert desk.world.runs[0].ended is Ended.LEFT


def test_leaving_gives_up_the_sale_begun_in_it_and_no_other(desk: Desk) -> None:
    desk.see(SERVED)
    desk.player.leave()
    assert desk.world.cleared == 2
    desk.see(PAYING)
    desk.player.leave()
    assert desk.world.cleared == 2, "that one was begun without a lesson"


def test_who_is_served_late_after_a_lesson_was_left_is_given_up_behind_the_page(desk: Desk) -> None:
    desk.player.leave()
    covered = replace(SERVED, page=Page.OTHER)
    desk.see(SERVED, 0.1)
    assert desk.world.cleared == 2, "somebody works at the till"
    desk.see(covered, 0.1)
    assert desk.world.cleared == 3
    desk.see(covered, LATE_SECONDS)
    assert desk.world.cleared == 3


def test_whom_the_lesson_before_let_join_does_not_come_into_the_next(desk: Desk) -> None:
    desk.see(replace(SERVED, enrolled=1), 0.5)
    assert desk.on == "scan", "begun once more, with the number nobody's"
    assert desk.world.asked == ["prepare", "clear", "prepare"]
    desk.see(Facts(enrolled=1))
    desk.see(replace(SERVED, enrolled=1), LATE_SECONDS + 0.1)
    assert desk.on == "bill", "later it is what somebody does in this one"


def test_whom_the_lesson_before_let_join_may_come_while_the_next_is_made_ready() -> None:
    runner = SteppedRunner()
    desk = Desk(runner)
    desk.player.begin(LESSON)
    desk.see(replace(SERVED, enrolled=1))
    desk.see(Facts(enrolled=1))
    desk.world.facts = Facts()
    runner.run_all()
    assert desk.on == "scan"
    assert desk.world.asked == ["prepare", "clear", "prepare"]


def test_it_waits_for_the_next_customer_and_says_when_there_is_none() -> None:
    desk = Desk()
    desk.see(PAYING)
    desk.player.begin(LESSON)
    assert desk.view.stage is LessonStage.PREPARING
    assert desk.world.cleared == 2
    desk.tick(IDLE_SECONDS)
    assert desk.view.stage is LessonStage.PREPARING
    assert desk.world.cleared == 3
    desk.tick(0.1)
    assert (desk.on, desk.view.trouble) == ("cannot", lesson_player.NOT_IDLE)


def test_it_begins_as_soon_as_the_till_is_idle() -> None:
    desk = Desk()
    desk.see(PAYING)
    desk.player.begin(LESSON)
    desk.see(Facts(busy=True))
    assert desk.view.stage is LessonStage.PREPARING, "somebody is being let join: they come in a moment"
    desk.see(Facts())
    assert desk.on == "scan"


def test_a_book_that_cannot_be_written_is_said_and_the_lesson_is_done(desk: Desk) -> None:
    desk.world.full = True
    for facts in (SERVED, PAYING, SOLD):
        desk.see(facts)
    assert desk.on == "finished"


def test_what_is_only_shown_is_not_written_down() -> None:
    desk = Desk()
    desk.player.begin(LESSON, recorded=False)
    for facts in (SERVED, PAYING, SOLD):
        desk.see(facts)
    assert desk.on == "finished"
    assert not desk.world.runs


@pytest.mark.expects_log("a lesson met a bug")
def test_a_bug_is_logged_and_said(desk: Desk) -> None:
    def broken(_: Stage) -> None:
        raise RuntimeError("broken")

    desk.world.stage = broken  # type: ignore[method-assign]
    desk.see(SERVED)
    assert (desk.on, desk.view.trouble) == ("cannot", lesson_player.BUG_SENTENCE)


def test_what_comes_late_of_a_lesson_left_is_thrown_away() -> None:
    runner = SteppedRunner()
    desk = Desk(runner)
    desk.player.begin(LESSON)
    desk.player.leave()
    runner.run_all()
    assert desk.on == "none"
    assert desk.world.asked == ["prepare", "clear"]


def test_a_lesson_begun_over_another_waits_for_its_faults_to_be_taken_back() -> None:
    runner = SteppedRunner()
    desk = Desk(runner)
    desk.player.begin(LESSON)
    runner.run_all()
    desk.see(SERVED)
    desk.player.again()
    desk.see(Facts())
    runner.run_all()
    assert desk.world.asked == ["prepare", "stage", "clear", "prepare"]
    assert desk.on == "scan"
