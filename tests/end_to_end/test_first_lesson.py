"""The first lesson by keys alone, from the name to what it came to; shown by itself; left in the middle."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from cashier_app.domain.lesson import HoldUp, Network, Stage
from cashier_app.ports.practice import Ended
from cashier_app.services.lesson_view import LessonStage, MistakeSeen
from cashier_app.services.till_view import Serving, Step
from cashier_app.staff_opening import demo_pins
from cashier_app.wording.coach import CoachAct, Note
from cashier_app.wording.menu import Entry
from tests.end_to_end.practice_till import PracticeTill, shipped
from ui.training.lessons_page import LessonsShown

FIRST = shipped(1)


@pytest.fixture
def till(tmp_path: Path, qtbot: QtBot) -> Iterator[PracticeTill]:
    made = PracticeTill(tmp_path, qtbot)
    yield made
    made.close()


def test_the_first_lesson_by_keys_alone(till: PracticeTill) -> None:
    page = till.classroom.page
    till.classroom.open_lessons()
    till.until(lambda: bool(page.rows.rows))
    assert page.shown is LessonsShown.WHO
    page.deaf_ms = 0
    till.do(till.coach.hands.type("Asha"))
    till.press("Enter")
    assert (page.shown, page.trainee) == (LessonsShown.LIST, "Asha")
    assert page.rows.rows[page.rows.marked()].line.lesson_id == FIRST.lesson_id, "the next one is marked"
    till.press("Enter")
    till.until(lambda: till.view.stage is LessonStage.RUNNING)
    assert till.window.drawers.top() is None
    till.press("Ctrl+S")  # there is no scanner here
    till.until(lambda: till.view.place == 1)
    assert isinstance(till.session.view.person, Serving)
    till.do(till.coach.hands.type("2360"))
    till.until(lambda: till.view.place == 2)
    till.press("Enter", "Enter")
    till.until(lambda: till.view.place == 3)
    till.press("Enter")
    till.until(lambda: till.window.drawers.top() is page)
    assert page.shown is LessonsShown.SUMMARY
    (run,) = till.runs()
    assert (run.trainee, run.lesson_id, run.ended, run.mistakes) == ("Asha", "first-scan", Ended.FINISHED, 0)
    till.press("Esc")
    assert page.rows.rows[0 if FIRST.number == 0 else 1].line.done


def test_the_code_is_not_scanned_twice_by_an_impatient_trainee(till: PracticeTill) -> None:
    till.begin(FIRST)
    till.press("Ctrl+S")
    till.press("Ctrl+S")
    till.until(lambda: till.view.place == 1)
    assert till.session.view.notice is None, "the second one came when nothing was to be scanned"
    assert CoachAct.SCAN not in till.coach.strip.buttons


def test_a_mistake_is_remarked_and_counted_once(till: PracticeTill) -> None:
    till.begin(FIRST)
    till.do(till.acting.do(HoldUp("mem-ravi")))
    till.until(lambda: isinstance(till.view.remark, MistakeSeen))
    words = till.coach.strip.words()
    assert words.note_kind is Note.MISTAKE
    assert words.note.startswith("That is somebody else.")
    till.press("Ctrl+H")
    assert till.coach.strip.words().note_kind is Note.HINT, "asked for after the remark, it is what is read"
    till.press("Esc")
    till.until(lambda: till.session.view.step is Step.IDLE)
    till.press("Ctrl+S")
    till.until(lambda: till.view.place == 1)
    till.press("Ctrl+L")
    assert till.view.stage is LessonStage.NONE
    (run,) = till.runs()
    assert run.ended is Ended.LEFT
    assert run.steps[0].mistakes == ("not-her",)
    assert run.steps[0].hints == 1


def test_a_lesson_plays_by_itself_and_is_not_recorded(till: PracticeTill) -> None:
    ended: list[str] = []
    stages: list[LessonStage] = []
    till.room.player.subscribe(lambda view: stages.append(view.stage))
    shown = till.coach.show(FIRST)
    shown.ended.connect(ended.append)
    assert till.coach.act((CoachAct.HINT,)) is False, "whoever watches is asked nothing"
    till.until(lambda: bool(ended))
    assert ended == [""]
    assert LessonStage.FINISHED in stages
    till.until(lambda: till.window.drawers.top() is till.classroom.page)
    assert till.runs() == []


def test_watching_is_left_at_once(till: PracticeTill) -> None:
    till.coach.show(shipped(0))
    till.until(lambda: till.view.place >= 1)
    till.press("Ctrl+L")
    assert till.coach.showing is None
    assert till.view.stage is LessonStage.NONE
    assert till.window.drawers.top() is till.classroom.page
    assert till.runs() == []


def test_pages_and_sessions_are_told_to_the_facts(till: PracticeTill) -> None:
    facts = till.room.facts
    for key, page in (("F7", "queue"), ("F1", "help"), ("F10", "menu"), ("F4", "return"), ("F2", "enrol")):
        till.press(key)
        till.until(lambda page=page: facts.facts.page.value == page)  # type: ignore[misc]
        till.press("Esc")
        till.until(lambda: facts.facts.page.value == "till")


def test_the_menu_leads_back_to_the_lessons(till: PracticeTill) -> None:
    till.begin(FIRST)
    till.press("F10")
    menu = till.window.drawers.menu
    menu.rows[Entry.LESSONS].click()
    assert till.window.drawers.top() is till.classroom.page
    assert till.view.stage is LessonStage.NONE
    assert till.runs()[0].ended is Ended.LEFT


def test_a_lesson_that_is_left_leaves_no_fault_behind(till: PracticeTill) -> None:
    tour = shipped(0)
    till.begin(tour)
    till.room.practice.stage(Stage(Network(down=True)))
    till.press("Ctrl+L")
    till.until(lambda: not till.room.player._errands._busy)
    assert not till.shop.server.faults.plan.down


def test_a_code_is_scanned_and_a_lesson_left_by_touch(till: PracticeTill) -> None:
    till.begin(FIRST)
    hands, strip = till.coach.hands, till.coach.strip
    held = QApplication.focusWidget()
    till.do(hands.touch(strip.buttons[CoachAct.HINT]))
    assert strip.words().note_kind is Note.HINT
    till.do(hands.touch(strip.buttons[CoachAct.SCAN]))
    till.until(lambda: till.view.place == 1)
    assert QApplication.focusWidget() in {held, till.window.screen_of_till.framed()}
    till.do(hands.touch(strip.buttons[CoachAct.AGAIN]))
    till.until(lambda: till.view.stage is LessonStage.RUNNING and till.view.place == 0)
    till.do(hands.touch(strip.buttons[CoachAct.LEAVE]))
    assert till.window.drawers.top() is till.classroom.page


def test_somebody_the_work_till_knows_is_not_asked_for_a_name(tmp_path: Path, qtbot: QtBot) -> None:
    till = PracticeTill(tmp_path, qtbot, trainee="Meera")
    try:
        till.classroom.open_lessons()
        till.until(lambda: bool(till.classroom.page.rows.rows))
        assert till.classroom.page.shown is LessonsShown.LIST
        assert "Meera" in till.classroom.page.who.words()
    finally:
        till.close()


def test_a_till_that_locks_itself_says_how_to_go_on_and_the_lessons_come_back(till: PracticeTill) -> None:
    gate = till.window.gate
    assert gate is not None
    till.classroom.page.set_trainee("Asha")
    till.classroom.open_lessons()
    till.until(lambda: bool(till.classroom.page.rows.rows))
    gate.refunded(shown=True)
    gate.refunded(shown=False)
    till.until(gate.covers)
    till.until(lambda: "its PIN stands there" in till.coach.strip.words().say)
    assert till.coach.strip.words().acts == ()
    till.press("Enter")
    till.until(lambda: gate.desk.view.prompt is not None and gate.desk.view.prompt.chosen is not None)
    till.do(till.coach.hands.type(demo_pins()["asha"]))
    till.press("Enter")
    till.until(lambda: not gate.covers())
    assert till.window.drawers.top() is till.classroom.page


def test_a_till_that_locks_itself_in_a_lesson_says_so_and_the_lesson_goes_on(till: PracticeTill) -> None:
    gate = till.window.gate
    assert gate is not None
    till.begin(FIRST)
    gate.refunded(shown=True)
    gate.refunded(shown=False)
    till.until(lambda: "its PIN stands there" in till.coach.strip.words().say)
    till.press("Enter")
    till.until(lambda: gate.desk.view.prompt is not None and gate.desk.view.prompt.chosen is not None)
    till.do(till.coach.hands.type(demo_pins()["asha"]))
    till.press("Enter")
    till.until(lambda: "scan it" in till.coach.strip.words().say)
    till.press("Ctrl+S")
    till.until(lambda: till.view.place == 1)


def test_a_figure_too_many_leads_a_step_back(till: PracticeTill) -> None:
    till.begin(FIRST)
    till.press("Ctrl+S")
    till.until(lambda: till.view.place == 1)
    till.do(till.coach.hands.type("23600"))
    till.until(lambda: till.view.place == 2)
    till.until(lambda: till.view.place == 1)
    assert till.coach.strip.words().note_kind is Note.BACK
    till.press("Backspace")
    till.until(lambda: till.view.place == 2)


def test_a_hint_that_stood_there_before_a_mistake_is_shown_again_when_asked_for(till: PracticeTill) -> None:
    till.begin(FIRST)
    till.room.player.ask_hint()  # as it comes by itself after a while
    till.do(till.acting.do(HoldUp("mem-ravi")))
    till.until(lambda: till.coach.strip.words().note_kind is Note.MISTAKE)
    till.press("Ctrl+H")
    assert till.coach.strip.words().note_kind is Note.HINT
    till.press("Ctrl+L")
    assert till.runs()[0].steps[0].hints == 1, "it counts once"


def test_a_lesson_begun_again_under_a_page_begins_at_the_till(till: PracticeTill) -> None:
    till.begin(FIRST)
    till.press("F7")
    assert till.window.drawers.top() is till.window.queue
    till.press("Ctrl+R")
    till.until(lambda: till.view.stage is LessonStage.RUNNING)
    assert till.window.drawers.top() is None
    till.press("Ctrl+S")
    till.until(lambda: till.view.place == 1)
